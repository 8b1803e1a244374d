"""Values of parameters that the template accepts, refuses, or leaves to the function."""

RETENTION_WORDS = ["last=3", "hourly=24", "daily=7", "weekly=all", "monthly=12", "yearly=5"]
RETENTION = [
    *RETENTION_WORDS,
    " ".join([*RETENTION_WORDS, "within=30d"]),
    "  daily=7   weekly=4 ",
    *(f"within={span}" for span in ["1y", "6m", "2w", "30d", "12h", "1y6m2w3d12h", "1y12h", "05d"]),
]
NO_RETENTION = [
    *["daily", "daily=", "daily=0", "daily=-1", "daily=07", "daily=1.5", "daily=some", "Daily=7"],
    *["daily=7,weekly=4", "daily=7weekly=4", "daily = 7", "every=2", "daily=7 forever"],
    *["within=", "within=30", "within=d", "within=1D", "within=all"],
]
NO_RETENTION_FOR_THE_FUNCTION = [
    *["daily=7 daily=8", "within=1d daily=7 within=2d", "last=1 hourly=2 last=1"],
    *["within=1d1y", "within=0d"],
]
TEXT_FOR_TAGS = ["a", "prod", "Café", "環境", "x + - = . _ : / @ 9", "team:backup"]
NO_TEXT_FOR_TAGS = [" ", "aws:x", "tab\t", "a,b", "100%", "a*", "${aws:x}", "<b>"]
REGIONS = [
    "us-east-1",
    "us-east-1,eu-central-1",
    "us-east-1,ap-southeast-3,eu-south-2",
    "",
]
NO_REGIONS = ["us-east", "us-east-1a", "useast1", "us-east-1;us-west-2", "us-east-1 us-west-2"]
NO_REGIONS += ["us-east-1, us-west-2", "us-east-1,", ",us-east-1", "us-east-1,,us-west-2"]
NO_REGIONS += ["US-EAST-1", "Virginia", "*", "us-east-1,*", "us-gov-west-1", "us-east-0"]
NO_REGIONS += ["us-east-1 ,us-west-2", " us-east-1", "us-east-1 ", "us-east-1,\tus-west-2"]

KEY = "arn:aws:kms:eu-west-1:123456789012:key/0b1c2d3e-4f5a"

ACCEPTED = {
    "PolicyName": [*filter(str.isascii, TEXT_FOR_TAGS), "x" * 256, "off"],
    "Selection": ["tagged", "all"],
    "SelectionTagKey": [*TEXT_FOR_TAGS, "x" * 120, "snapshotters", "my:snapshotter", "awsome"],
    "SelectionTagValue": ["", *TEXT_FOR_TAGS, "x" * 256, "offline", "nothing", "yes"],
    "ResourceTypes": ["Instance", "Disk,Instance", "RelationalDatabase", "Disk, Instance"],
    "Regions": REGIONS,
    "ScheduleTimezone": ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"],
    "ScheduleState": ["ENABLED", "DISABLED"],
    "Retention": RETENTION,
    "CoolingOffDays": ["0", "1", "7", "30", "89", "90"],
    "CopyToRegions": REGIONS,
    "CopyRetention": ["", *RETENTION],
    "RecoveryPointObjectiveHours": ["1", "26", "8760"],
    "EnableRestore": ["true", "false"],
    "DrillExpression": ["", "cron(20 5 ? * SUN *)", "rate(7 days)"],
    "NotificationEmail": ["", "backups@example.com", "a+b.c@mail.example.co.uk"],
    "DigestExpression": ["", "cron(0 7 * * ? *)", "rate(12 hours)"],
    "NotificationKeyArn": ["", KEY],
    "Metrics": ["alarms", "all"],
    "Dashboard": ["true", "false"],
    "LogLevel": ["TRACE", "DEBUG", "INFO"],
    "LogRetentionDays": ["1", "90", "3653"],
    "PermissionsBoundaryArn": [
        "",
        "arn:aws:iam::123456789012:policy/boundary",
        "arn:aws:iam::123456789012:policy/team/a+b=c,d.e@f-g_h",
        "arn:aws:iam::aws:policy/PowerUserAccess",
    ],
}
REFUSED = {
    "PolicyName": [*NO_TEXT_FOR_TAGS, "x" * 257, "Café"],
    "Selection": ["", "untagged", "ALL"],
    "SelectionTagKey": [
        *[*NO_TEXT_FOR_TAGS, "", "x" * 121, "AWS:x", "snapshotter", "Snapshotter"],
        *["snapshotter:", "snapshotter:policy", "SNAPSHOTTER:x"],
    ],
    "SelectionTagValue": [
        *NO_TEXT_FOR_TAGS,
        "x" * 257,
        "off",
        "FALSE",
        " no ",
        "Never",
        "disabled",
    ],
    "ResourceTypes": ["", "Instance,", "Bucket", "instance", "Instance,Bucket", "Instance Disk"],
    "Regions": NO_REGIONS,
    "ScheduleTimezone": ["", "+01:00", "Europe/", "/Berlin", "Europe Berlin", "a/b/c/d"],
    "ScheduleState": ["", "enabled", "ON"],
    "Retention": ["", " ", *NO_RETENTION],
    "CoolingOffDays": ["", "-1", "91", "100", "7.5", "07", "a week"],
    "CopyToRegions": NO_REGIONS,
    "CopyRetention": NO_RETENTION,
    "RecoveryPointObjectiveHours": ["", "0", "-1", "26.5", "1 day", "00", "026", "1e3"],
    "EnableRestore": ["", "True", "yes", "1"],
    "DrillExpression": ["weekly", "cron(20 5 * * *)", "rate(1 week)"],
    "NotificationEmail": ["backups", "@example.com", "a@b", "a@example.com,b@example.com", " "],
    "DigestExpression": ["daily", "cron(0 7 * * *)", "Monday"],
    "NotificationKeyArn": [
        "alias/aws/sns",
        "arn:aws:kms:eu-west-1:123456789012:alias/backups",
        "arn:aws:kms:eu-west-1:1234:key/0b1c",
        "0b1c2d3e-4f5a",
    ],
    "Metrics": ["", "none", "ALL"],
    "Dashboard": ["", "yes", "False"],
    "LogLevel": ["", "info", "WARN", "ERROR", "FATAL"],
    "LogRetentionDays": ["0", "2", "91", "forever"],
    "PermissionsBoundaryArn": [
        "boundary",
        "arn:aws:iam::123456789012:role/boundary",
        "arn:aws:iam::1234:policy/boundary",
        "arn:aws:iam::123456789012:policy/",
        "arn:aws:iam::123456789012:policy/*",
    ],
}

REFUSED_BY_THE_FUNCTION = {
    "Regions": ["us-east-9", "us-east-1,eu-central-9"],
    "Retention": NO_RETENTION_FOR_THE_FUNCTION,
    "CopyToRegions": ["us-east-9"],
    "CopyRetention": NO_RETENTION_FOR_THE_FUNCTION,
    "ScheduleTimezone": ["Europe/Atlantis"],
}
"""Rare mistakes, which the patterns let through."""

TAGGED, EMAIL = {"SelectionTagValue": "yes"}, {"NotificationEmail": "backups@example.com"}
COMBINATIONS: list[tuple[dict[str, str], bool]] = [
    (TAGGED, True),
    ({**TAGGED, "Selection": "all"}, False),
    ({"DrillExpression": "rate(7 days)"}, False),
    ({"DrillExpression": "rate(7 days)", "EnableRestore": "true"}, True),
    ({"CopyToRegions": "us-east-1"}, False),
    ({"CopyToRegions": "us-west-2"}, True),
    ({"CopyToRegions": "us-east-1,us-west-2"}, True),
    ({"CopyToRegions": "us-east-1", "Regions": "us-east-1,us-west-2"}, True),
    ({"NotificationKeyArn": KEY}, False),
    ({"NotificationKeyArn": KEY, **EMAIL}, True),
]
"""Of values that are accepted alone, in a stack in us-east-1, and whether they are together."""
