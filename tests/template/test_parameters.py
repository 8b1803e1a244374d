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
from tests.template.examples import ACCEPTED, REFUSED, REFUSED_BY_THE_FUNCTION
from translate.stack import Stack, translated

DEFAULTS = {
    "PolicyName": "",
    "Selection": "tagged",
    "SelectionTagKey": "snapshot",
    "SelectionTagValue": "",
    "ResourceTypes": "Instance,Disk,RelationalDatabase",
    "Regions": "",
    "ScheduleExpression": "cron(50 4 * * ? *)",
    "ScheduleTimezone": "UTC",
    "ScheduleState": "ENABLED",
    "SweepExpression": "rate(1 hour)",
    "Retention": "daily=7 weekly=4 monthly=6",
    "CoolingOffDays": "7",
    "CopyToRegions": "",
    "CopyRetention": "",
    "RecoveryPointObjectiveHours": "26",
    "EnableRestore": "false",
    "DrillExpression": "",
    "NotificationEmail": "",
    "DigestExpression": "cron(0 7 * * ? *)",
    "NotificationKeyArn": "",
    "Metrics": "alarms",
    "Dashboard": "true",
    "LogLevel": "INFO",
    "LogRetentionDays": 90,
    "PermissionsBoundaryArn": "",
}


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
    rule = translated()["Rules"]["StackIsInALightsailRegionOrNamesRegions"]
    (assertion,) = rule["Assertions"]
    here, region = assertion["Assert"]["Fn::Contains"]

    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "Regions"}, ""]}
    assert region == {"Ref": "AWS::Region"}
    assert here == sorted(lightsail_regions())
    assert "name the regions" in assertion["AssertDescription"]


def test_selection_of_everything_needs_no_tag_value() -> None:
    rule = translated()["Rules"]["AllNeedsNoTagValue"]
    (assertion,) = rule["Assertions"]

    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "Selection"}, "all"]}
    assert assertion["Assert"] == {"Fn::Equals": [{"Ref": "SelectionTagValue"}, ""]}
    with pytest.raises(InvalidSettings, match="SelectionTagValue"):
        from_env(
            Stack({"Selection": "all", "SelectionTagValue": "yes"}).environment(),
            frozenset(lightsail_regions()),
        )


def test_every_time_zone_is_accepted() -> None:
    assert [zone for zone in available_timezones() if not accepts("ScheduleTimezone", zone)] == []
