"""The dashboard: when there is one, and what it shows beside graphs and queries."""

import json

import pytest

from tests.support.monitoring import alarms, widgets
from translate.stack import Stack


def test_there_is_a_dashboard_only_if_it_is_wanted() -> None:
    kind = "AWS::CloudWatch::Dashboard"

    assert Stack().resources(kind) == ["StackDashboard"]
    assert Stack({"Dashboard": "false"}).resources(kind) == []


@pytest.mark.parametrize("state", ["ENABLED", "DISABLED"])
def test_the_dashboard_shows_every_alarm_of_the_stack(state: str) -> None:
    stack = Stack({"ScheduleState": state})
    (widget,) = widgets(stack, "alarm")

    assert sorted(widget["alarms"]) == sorted(
        stack.attribute(name, "Arn") for name in alarms(stack)
    )


def test_the_widgets_of_the_dashboard_do_not_overlap() -> None:
    body = json.loads(Stack().properties("StackDashboard")["DashboardBody"])
    taken: list[tuple[int, int]] = [
        (column, row)
        for each in body["widgets"]
        for column in range(each["x"], each["x"] + each["width"])
        for row in range(each["y"], each["y"] + each["height"])
    ]

    assert len(taken) == len(set(taken))
    assert max(column for column, _ in taken) < 24
