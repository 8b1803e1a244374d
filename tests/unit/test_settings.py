"""How the stack's parameters are read, and how wrong ones are refused."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from snapshotter.errors import InvalidSettings
from snapshotter.inputs.settings import from_env
from snapshotter.model.kinds import DATABASE, DISK, INSTANCE
from snapshotter.policy.grammar import parse_retention
from tests.unit.builders import REGIONS, some_settings


def faults(**environment: str) -> tuple[str, ...]:
    with pytest.raises(InvalidSettings) as raised:
        some_settings(**environment)
    return raised.value.faults


def test_every_variable_is_read() -> None:
    settings = some_settings(
        POLICY_NAME="shop nightly",
        SELECTION_TAG_KEY="backup",
        SELECTION_TAG_VALUE="gold",
        RESOURCE_TYPES="RelationalDatabase, Instance",
        REGIONS="us-east-1,us-west-2,us-east-1",
        SCHEDULE_TIMEZONE="Europe/Berlin",
        RETENTION="daily=7",
        COPY_TO_REGIONS="eu-central-1",
        COPY_RETENTION="last=2",
        RECOVERY_POINT_OBJECTIVE_HOURS="48",
        ENABLE_RESTORE="true",
    )

    assert dict(settings) == {
        "policy_name": "shop nightly",
        "selection_tag_key": "backup",
        "selection_tag_value": "gold",
        "resource_types": (INSTANCE, DATABASE),
        "regions": ("us-east-1", "us-west-2"),
        "timezone": ZoneInfo("Europe/Berlin"),
        "retention": parse_retention("daily=7"),
        "copy_to_regions": ("eu-central-1",),
        "copy_retention_own": parse_retention("last=2"),
        "objective": timedelta(hours=48),
        "enable_restore": True,
    }


def test_what_is_left_empty_has_the_default_of_the_template() -> None:
    settings = from_env(
        {
            "POLICY_NAME": "nightly",
            "RETENTION": "daily=7",
            "REGIONS": "",
            "AWS_REGION": "us-west-2",
        },
        REGIONS,
    )

    assert settings.selection_tag_key == "snapshot"
    assert settings.selection_tag_value == ""
    assert settings.resource_types == (INSTANCE, DISK, DATABASE)
    assert settings.regions == ("us-west-2",)
    assert settings.timezone == ZoneInfo("UTC")
    assert settings.copy_to_regions == ()
    assert settings.copy_retention == settings.retention
    assert settings.objective == timedelta(hours=26)


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("POLICY_NAME", "a;b", "PolicyName: 'a;b' is not accepted"),
        ("POLICY_NAME", "p" * 257, "PolicyName: 'ppp"),
        ("POLICY_NAME", "täglich", "PolicyName: 'täglich' is not accepted (it has characters"),
        ("SELECTION_TAG_KEY", "aws:x", "SelectionTagKey: 'aws:x' is not accepted (that prefix is"),
        ("SELECTION_TAG_KEY", "k" * 121, "SelectionTagKey: 'kkk"),
        ("SELECTION_TAG_VALUE", "Never", "SelectionTagValue: 'Never' is not accepted (that word"),
        ("RESOURCE_TYPES", "Instances", "ResourceTypes: 'Instances' is not accepted (unknown: "),
        ("REGIONS", "us-east-1,mars-1", "Regions: 'us-east-1,mars-1' is not accepted (not a Ligh"),
        ("COPY_TO_REGIONS", "moon-1", "CopyToRegions: 'moon-1' is not accepted (not a Lightsail"),
        ("SCHEDULE_TIMEZONE", "Berlin", "ScheduleTimezone: 'Berlin' is not accepted (there is no "),
        ("SCHEDULE_TIMEZONE", "../etc", "ScheduleTimezone: '../etc' is not accepted (there is no "),
        ("RETENTION", "", "Retention: nothing is given; accepted: one or more words"),
        ("RETENTION", "daily=0", "Retention: 'daily=0' is not accepted ('daily=0' needs a count"),
        ("COPY_RETENTION", "weekly", "CopyRetention: 'weekly' is not accepted ('weekly' needs a c"),
        ("RECOVERY_POINT_OBJECTIVE_HOURS", "0", "RecoveryPointObjectiveHours: '0' is not accepted"),
        ("RECOVERY_POINT_OBJECTIVE_HOURS", "1.5", "RecoveryPointObjectiveHours: '1.5' is not acc"),
    ],
)
def test_wrong_value_is_refused_by_the_name_of_its_parameter(
    variable: str, value: str, expected: str
) -> None:
    (fault,) = faults(**{variable: value})

    assert fault.startswith(expected)
    assert "; accepted: " in fault


def test_every_fault_is_named_at_once() -> None:
    found = faults(RETENTION="x=1", SCHEDULE_TIMEZONE="Mars", REGIONS="mars-1")

    assert [fault.split(":")[0] for fault in found] == ["Regions", "ScheduleTimezone", "Retention"]
