"""The parameters are those of the contract, and refuse everyday mistakes."""

import re
from functools import cache
from typing import Any
from zoneinfo import available_timezones

import boto3
import pytest

from snapshotter.errors import InvalidSettings
from snapshotter.inputs.settings import from_env
from snapshotter.lightsail.clients import SERVICE
from translate.stack import Stack, translated

DEFAULTS = {
    "PolicyName": "",
    "SelectionTagKey": "snapshot",
    "SelectionTagValue": "",
    "ResourceTypes": "Instance,Disk,RelationalDatabase",
    "Regions": "",
    "ScheduleExpression": "cron(50 4 * * ? *)",
    "ScheduleTimezone": "UTC",
    "ScheduleState": "ENABLED",
    "SweepExpression": "rate(1 hour)",
    "Retention": "daily=7 weekly=4 monthly=6",
    "CopyToRegions": "",
    "CopyRetention": "",
    "RecoveryPointObjectiveHours": "26",
    "EnableRestore": "false",
    "DrillExpression": "",
    "NotificationEmail": "",
    "LogLevel": "INFO",
    "LogRetentionDays": 90,
    "PermissionsBoundaryArn": "",
}

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

ACCEPTED = {
    "PolicyName": [*filter(str.isascii, TEXT_FOR_TAGS), "x" * 256, "off"],
    "SelectionTagKey": [*TEXT_FOR_TAGS, "x" * 120],
    "SelectionTagValue": ["", *TEXT_FOR_TAGS, "x" * 256, "offline", "nothing", "yes"],
    "ResourceTypes": ["Instance", "Disk,Instance", "RelationalDatabase", "Disk, Instance"],
    "Regions": REGIONS,
    "ScheduleTimezone": ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"],
    "ScheduleState": ["ENABLED", "DISABLED"],
    "Retention": RETENTION,
    "CopyToRegions": REGIONS,
    "CopyRetention": ["", *RETENTION],
    "RecoveryPointObjectiveHours": ["1", "26", "8760"],
    "EnableRestore": ["true", "false"],
    "DrillExpression": ["", "cron(20 5 ? * SUN *)", "rate(7 days)"],
    "NotificationEmail": ["", "backups@example.com", "a+b.c@mail.example.co.uk"],
    "LogLevel": ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"],
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
    "SelectionTagKey": [*NO_TEXT_FOR_TAGS, "", "x" * 121, "snapshotter:policy"],
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
    "CopyToRegions": NO_REGIONS,
    "CopyRetention": NO_RETENTION,
    "RecoveryPointObjectiveHours": ["", "0", "-1", "26.5", "1 day", "00", "026", "1e3"],
    "EnableRestore": ["", "True", "yes", "1"],
    "DrillExpression": ["weekly", "cron(20 5 * * *)", "rate(1 week)"],
    "NotificationEmail": ["backups", "@example.com", "a@b", "a@example.com,b@example.com", " "],
    "LogLevel": ["", "info", "WARNING", "CRITICAL", "NOTSET"],
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


def declared() -> dict[str, dict[str, Any]]:
    parameters: dict[str, dict[str, Any]] = translated()["Parameters"]
    return parameters


def accepts(name: str, value: str) -> bool:
    """Decide as CloudFormation does."""
    parameter = declared()[name]
    if "AllowedValues" in parameter:
        return value in map(str, parameter["AllowedValues"])
    return re.search(parameter["AllowedPattern"], value) is not None


def pairs(examples: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in examples.items() for value in values]


def test_parameters_and_defaults_are_those_of_the_contract() -> None:
    assert {name: each["Default"] for name, each in declared().items()} == DEFAULTS


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_parameter_is_described_and_bounded(name: str) -> None:
    parameter = declared()[name]

    assert parameter["Description"].endswith(".")
    assert "AllowedValues" in parameter or parameter["ConstraintDescription"].startswith("must be")
    assert "AllowedValues" in parameter or parameter["AllowedPattern"].startswith("^")


def test_the_console_shows_every_parameter_once_in_a_group_with_a_label() -> None:
    groups = translated()["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = [name for group in groups for name in group["Parameters"]]

    assert sorted(grouped) == sorted(DEFAULTS)
    assert all(group["Label"]["default"] for group in groups)


@pytest.mark.parametrize(("name", "default"), DEFAULTS.items())
def test_a_default_is_accepted(name: str, default: object) -> None:
    assert accepts(name, str(default))


@pytest.mark.parametrize(("name", "value"), pairs(ACCEPTED))
def test_a_legal_value_is_accepted(name: str, value: str) -> None:
    assert accepts(name, value)


@pytest.mark.parametrize(("name", "value"), pairs(REFUSED))
def test_a_wrong_value_is_refused(name: str, value: str) -> None:
    assert not accepts(name, value)


@pytest.mark.parametrize(("name", "value"), pairs(ACCEPTED))
def test_the_function_accepts_a_legal_value_too(name: str, value: str) -> None:
    stack = Stack({name: value})
    regions = {*stack.environment()["REGIONS"].split(",")}
    regions |= {*stack.environment()["COPY_TO_REGIONS"].split(",")}

    from_env(stack.environment(), frozenset(regions))


@pytest.mark.parametrize(("name", "value"), pairs(REFUSED_BY_THE_FUNCTION))
def test_a_wrong_value_that_the_template_accepts_is_refused_by_the_function(
    name: str, value: str
) -> None:
    assert accepts(name, value)
    with pytest.raises(InvalidSettings, match=name):
        from_env(Stack({name: value}).environment(), frozenset(lightsail_regions()))


@pytest.mark.parametrize("name", ["Regions", "CopyToRegions"])
def test_every_region_of_lightsail_is_accepted(name: str) -> None:
    assert accepts(name, ",".join(lightsail_regions()))


@cache
def lightsail_regions() -> list[str]:
    return boto3.Session().get_available_regions(SERVICE)


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_pattern_is_short_enough_to_be_reviewed(name: str) -> None:
    assert len(declared()[name].get("AllowedPattern", "")) <= 200


def test_a_stack_in_a_region_without_lightsail_must_name_regions() -> None:
    (rule,) = translated()["Rules"].values()
    (assertion,) = rule["Assertions"]
    here, region = assertion["Assert"]["Fn::Contains"]

    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "Regions"}, ""]}
    assert region == {"Ref": "AWS::Region"}
    assert here == sorted(lightsail_regions())
    assert "name the regions" in assertion["AssertDescription"]


def test_every_time_zone_is_accepted() -> None:
    assert [zone for zone in available_timezones() if not accepts("ScheduleTimezone", zone)] == []
