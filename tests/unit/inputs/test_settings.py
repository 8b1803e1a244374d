"""How the parameters of the stack are read, and with what message wrong ones are refused."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from snapshotter.errors import InvalidSettings
from snapshotter.inputs.settings import Settings, from_env
from snapshotter.model.kinds import DATABASE, DISK, INSTANCE
from snapshotter.policy.grammar import parse_retention

KNOWN = frozenset({"us-east-1", "us-west-2", "eu-central-1"})


def some_settings(**environment: str) -> Settings:
    defaults = {"POLICY_NAME": "nightly", "REGIONS": "us-east-1", "RETENTION": "daily=7"}
    return from_env({**defaults, **environment}, KNOWN)


def faults(**environment: str) -> tuple[str, ...]:
    with pytest.raises(InvalidSettings) as raised:
        some_settings(**environment)
    return raised.value.faults


DEFAULTS = {
    "policy_name": "nightly",
    "selection_tag_key": "snapshot",
    "selection_tag_value": "",
    "selects_everything": False,
    "resource_types": (INSTANCE, DISK, DATABASE),
    "regions": ("us-west-2",),
    "timezone": ZoneInfo("UTC"),
    "retention": parse_retention("daily=7"),
    "copy_to_regions": (),
    "copy_retention_own": None,
    "cooling_off": timedelta(days=7),
    "objective": timedelta(hours=26),
    "enable_restore": False,
    "all_metrics": False,
    "topic_arn": "",
    "stack_name": "",
    "sweep_expression": "rate(1 hour)",
    "digest_expression": "",
    "schedule_enabled": True,
}


@pytest.mark.parametrize(
    ("variable", "value", "field", "expected"),
    [
        ("REGIONS", " ", "regions", ("us-west-2",)),
        ("REGIONS", "us-east-1,us-west-2,us-east-1", "regions", ("us-east-1", "us-west-2")),
        ("POLICY_NAME", "shop nightly", "policy_name", "shop nightly"),
        ("SELECTION_TAG_KEY", "backup", "selection_tag_key", "backup"),
        ("SELECTION_TAG_VALUE", "gold", "selection_tag_value", "gold"),
        ("SELECTION", "all", "selects_everything", True),
        ("RESOURCE_TYPES", "RelationalDatabase, Instance", "resource_types", (INSTANCE, DATABASE)),
        ("SCHEDULE_TIMEZONE", "Europe/Berlin", "timezone", ZoneInfo("Europe/Berlin")),
        ("RETENTION", "last=1", "retention", parse_retention("last=1")),
        ("COPY_TO_REGIONS", "eu-central-1", "copy_to_regions", ("eu-central-1",)),
        ("COPY_RETENTION", "last=2", "copy_retention_own", parse_retention("last=2")),
        *(("COOLING_OFF_DAYS", str(n), "cooling_off", timedelta(days=n)) for n in (0, 1, 90)),
        ("RECOVERY_POINT_OBJECTIVE_HOURS", "48", "objective", timedelta(hours=48)),
        ("ENABLE_RESTORE", "true", "enable_restore", True),
        ("METRICS", "all", "all_metrics", True),
        ("TOPIC_ARN", "arn:aws:sns:us-east-1:123456789012:letters", "topic_arn", ...),
        ("STACK_NAME", "shop", "stack_name", "shop"),
        ("SWEEP_EXPRESSION", "rate(6 hours)", "sweep_expression", "rate(6 hours)"),
        ("DIGEST_EXPRESSION", "cron(0 7 ? * MON *)", "digest_expression", "cron(0 7 ? * MON *)"),
        ("SCHEDULE_STATE", "DISABLED", "schedule_enabled", False),
    ],
)
def test_variable_is_read_and_every_other_has_the_default_of_the_template(
    variable: str, value: str, field: str, expected: object
) -> None:
    environment = {"POLICY_NAME": "nightly", "RETENTION": "daily=7", "AWS_REGION": "us-west-2"}

    settings = from_env({**environment, variable: value}, KNOWN)

    assert dict(settings) == {**DEFAULTS, field: value if expected is ... else expected}


def test_what_follows_from_several_parameters() -> None:
    plain = some_settings(RESOURCE_TYPES="Disk")
    more = some_settings(
        RESOURCE_TYPES="Disk",
        ENABLE_RESTORE="true",
        COPY_RETENTION="last=2",
        COPY_TO_REGIONS="us-west-2 us-east-1",
    )

    assert (plain.copy_retention, plain.kinds_read) == (parse_retention("daily=7"), (DISK,))
    assert plain.all_regions == ("us-east-1",)
    assert more.copy_retention == parse_retention("last=2")
    assert more.kinds_read == (INSTANCE, DISK, DATABASE)
    assert more.all_regions == ("us-east-1", "us-west-2")


def test_selection_of_everything_needs_an_empty_selection_value() -> None:
    assert faults(SELECTION="all", SELECTION_TAG_VALUE="gold") == (
        "Selection: 'all' is not accepted (SelectionTagValue must be empty with Selection=all); "
        "accepted: tagged, or all (with SelectionTagValue empty)",
    )


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("POLICY_NAME", "a;b", "PolicyName: 'a;b' is not accepted"),
        ("POLICY_NAME", "p" * 257, "PolicyName: 'ppp"),
        ("POLICY_NAME", "täglich", "PolicyName: 'täglich' is not accepted (it has characters"),
        *(
            ("SELECTION_TAG_KEY", key, f"SelectionTagKey: {key!r} is not accepted (it is reserved)")
            for key in ("aws:x", "AWS:x", "aws", "snapshotter", "Snapshotter", "SnapShotter:x")
        ),
        ("SELECTION_TAG_KEY", "k" * 121, "SelectionTagKey: 'kkk"),
        ("SELECTION_TAG_VALUE", "Never", "SelectionTagValue: 'Never' is not accepted (this valu"),
        ("RESOURCE_TYPES", "Instances", "ResourceTypes: 'Instances' is not accepted (unknown: "),
        ("REGIONS", "us-east-1,mars-1", "Regions: 'us-east-1,mars-1' is not accepted (not a Ligh"),
        ("COPY_TO_REGIONS", "moon-1", "CopyToRegions: 'moon-1' is not accepted (not a Lightsail"),
        ("SCHEDULE_TIMEZONE", "Berlin", "ScheduleTimezone: 'Berlin' is not accepted (there is no "),
        ("SCHEDULE_TIMEZONE", "../etc", "ScheduleTimezone: '../etc' is not accepted (there is no "),
        ("RETENTION", "", "Retention: it is missing; accepted: one or more words"),
        ("RETENTION", "daily=0", "Retention: 'daily=0' is not accepted (\"daily=0\" needs a count"),
        (
            "COPY_RETENTION",
            "weekly",
            "CopyRetention: 'weekly' is not accepted (\"weekly\" needs a c",
        ),
        ("SELECTION", "none", "Selection: 'none' is not accepted (it is neither tagged nor all); "),
        ("METRICS", "some", "Metrics: 'some' is not accepted (it is neither alarms nor all); acc"),
        ("ENABLE_RESTORE", "yes", "EnableRestore: 'yes' is not accepted (it is neither false nor "),
        (
            *("SCHEDULE_STATE", "OFF"),
            "ScheduleState: 'OFF' is not accepted (it is neither DISABLED nor ENABLED)",
        ),
        ("COOLING_OFF_DAYS", "91", "CoolingOffDays: '91' is not accepted (it is not a whole numbe"),
        ("COOLING_OFF_DAYS", "-1", "CoolingOffDays: '-1' is not accepted (it is not a whole numbe"),
        ("COOLING_OFF_DAYS", "7d", "CoolingOffDays: '7d' is not accepted (it is not a whole numbe"),
        ("RETENTION", f"daily={'1' * 300}", "Retention: 'daily=111"),
        ("RECOVERY_POINT_OBJECTIVE_HOURS", "0", "RecoveryPointObjectiveHours: '0' is not accepted"),
        ("RECOVERY_POINT_OBJECTIVE_HOURS", "1.5", "RecoveryPointObjectiveHours: '1.5' is not acc"),
    ],
)
def test_wrong_value_is_refused_with_the_name_of_its_parameter(
    variable: str, value: str, expected: str
) -> None:
    (fault,) = faults(**{variable: value})

    assert fault.startswith(expected)
    assert "; accepted: " in fault


def test_every_fault_is_named_at_once() -> None:
    found = faults(RETENTION="x=1", SCHEDULE_TIMEZONE="Mars", REGIONS="mars-1")

    assert [fault.split(":")[0] for fault in found] == ["Regions", "ScheduleTimezone", "Retention"]
