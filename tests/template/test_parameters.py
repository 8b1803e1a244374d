"""The parameters are those of the contract, and refuse everyday mistakes."""

import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import available_timezones

import boto3
import pytest

from snapshotter.errors import InvalidSettings
from snapshotter.inputs.settings import from_env
from snapshotter.lightsail.clients import SERVICE
from tests.template.examples import ACCEPTED, COMBINATIONS, REFUSED, REFUSED_BY_THE_FUNCTION
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


REGIONS = boto3.Session().get_available_regions(SERVICE)
DECLARED: dict[str, dict[str, Any]] = translated()["Parameters"]


def faults(name: str, value: str) -> list[str]:
    """What CloudFormation says of a value, apart from combinations."""
    return [each for each in Stack({name: value}).faults() if each.startswith(f"{name} must")]


def each_of(examples: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, values in examples.items() for value in values)


def read(parameters: dict[str, str]) -> None:
    """Let the function read its settings, as a stack with these parameters gives them."""
    from_env(Stack(parameters).environment(), frozenset(REGIONS))


def test_parameters_and_defaults_are_those_of_the_contract() -> None:
    assert {name: each["Default"] for name, each in DECLARED.items()} == DEFAULTS
    assert Stack().faults() == []


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_parameter_is_described_and_bounded_by_what_can_be_reviewed(name: str) -> None:
    parameter = DECLARED[name]
    pattern = parameter.get("AllowedPattern", "^")

    assert parameter["Description"].endswith(".")
    assert "AllowedValues" in parameter or parameter["ConstraintDescription"].startswith("must be")
    assert pattern.startswith("^")
    assert len(pattern) <= 200


def test_the_console_shows_every_parameter_once_in_a_group_with_a_label() -> None:
    groups = translated()["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = [name for group in groups for name in group["Parameters"]]

    assert sorted(grouped) == sorted(DEFAULTS)
    assert all(group["Label"]["default"] for group in groups)


def test_a_legal_value_is_accepted_by_the_template_and_by_the_function() -> None:
    assert [each for each in each_of(ACCEPTED) if faults(*each)] == []
    for name, value in each_of(ACCEPTED):
        read({name: value})


def test_an_everyday_mistake_is_refused_when_the_stack_is_deployed() -> None:
    assert [each for each in each_of(REFUSED) if not faults(*each)] == []


@pytest.mark.parametrize(("name", "value"), [*each_of(REFUSED_BY_THE_FUNCTION)])
def test_a_wrong_value_that_the_template_accepts_is_refused_by_the_function(
    name: str, value: str
) -> None:
    assert not faults(name, value)
    with pytest.raises(InvalidSettings, match=name):
        read({name: value})


@pytest.mark.parametrize(("parameters", "accepted"), COMBINATIONS)
def test_a_combination_that_contradicts_itself_or_does_nothing_is_refused_with_a_reason(
    parameters: dict[str, str], accepted: bool
) -> None:
    found = Stack(parameters).faults()

    assert (found == []) is accepted
    assert accepted or any(name in found[0] for name in parameters)


def test_the_function_refuses_a_tag_value_with_selection_of_everything() -> None:
    with pytest.raises(InvalidSettings, match="SelectionTagValue"):
        read({"Selection": "all", "SelectionTagValue": "yes"})


@pytest.mark.parametrize("name", ["Regions", "CopyToRegions"])
def test_every_region_of_lightsail_is_accepted(name: str) -> None:
    assert not faults(name, ",".join(REGIONS))


def test_a_stack_in_a_region_without_lightsail_must_name_regions() -> None:
    (fault,) = Stack(region="eu-south-1").faults()

    assert "name the regions" in fault
    assert Stack({"Regions": "eu-west-1"}, region="eu-south-1").faults() == []
    assert [region for region in REGIONS if Stack(region=region).faults()] == []


def test_every_time_zone_is_accepted() -> None:
    pattern = re.compile(DECLARED["ScheduleTimezone"]["AllowedPattern"])

    assert [zone for zone in available_timezones() if not pattern.search(zone)] == []
