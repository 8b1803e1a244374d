"""A policy that keeps less takes effect after a cooling-off period, and every run reports it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from lightsail_moto import Control
from snapshotter.errors import InvalidEvent
from tests.integration.conftest import NIGHT, Client, Deploy
from tests.integration.deployment import Deployment
from tests.integration.history import (
    DAY,
    EAST,
    HOUR,
    TAGGED,
    WEST,
    Tags,
    add_history,
    having,
    name_of,
    nightly_at,
    nights,
    points,
    run_night,
    set_tags,
    sweep_at,
)


@dataclass(frozen=True)
class Change:
    """A policy daily=30 that becomes another one, by a parameter or by a tag."""

    stack_before: str
    tags_before: Tags
    stack_after: str
    tags_after: Tags
    becomes: str
    count: int
    """How many points the other policy keeps."""

    def before(self, deploy: Deploy, client: Client) -> Deployment:
        set_tags(client, self.tags_before)
        return deploy(Retention=self.stack_before)

    def after(self, deploy: Deploy, client: Client) -> Deployment:
        set_tags(client, self.tags_after)
        return deploy(Retention=self.stack_after)


KEEP_30: Tags = {"snapshot": None, "snapshot:keep": "daily=30"}
KEEP_3: Tags = {"snapshot": None, "snapshot:keep": "daily=3"}
LAST_1: Tags = {"snapshot": None, "snapshot:keep": "last=1"}
CHANGES = [
    pytest.param(
        Change("daily=30", TAGGED, "daily=3", TAGGED, "daily=3", 3), id="parameter-is-reduced"
    ),
    pytest.param(
        Change("daily=30", KEEP_30, "daily=30", KEEP_3, "daily=3", 3), id="tag-is-reduced"
    ),
    pytest.param(Change("daily=3", KEEP_30, "daily=3", TAGGED, "daily=3", 3), id="tag-is-removed"),
    pytest.param(Change("daily=30", TAGGED, "daily=30", LAST_1, "last=1", 1), id="attack"),
]


def held(change: Change, until: str) -> dict[str, str]:
    """The outcome that reports the cooling-off of web."""
    return {
        "region": EAST,
        "resourceType": "Instance",
        "resource": "web",
        "action": "delete",
        "status": "held",
        "reason": f"{30 - change.count} recovery points stay until {until}: the policy was "
        f"daily=30 and is {change.becomes}",
    }


NOT_RECORDED = "7 days after the next recovery point"
RECORDED = "2026-03-10T04:50:00Z"
"""Seven days after the first night of the other policy."""


@pytest.mark.parametrize("change", CHANGES)
def test_policy_that_keeps_less_deletes_nothing_for_seven_days_after_the_first_point_under_it(
    lightsail: Control, deploy: Deploy, client: Client, change: Change
) -> None:
    web = lightsail.seed.add_instance("web")
    add_history(lightsail, web, retention="daily=30")
    stack = change.after(deploy, client)

    assert having(nightly_at(stack, NIGHT + DAY), "held") == [held(change, NOT_RECORDED)]
    for night in range(1, 8):
        for answer in run_night(stack, night):
            (only,) = having(answer, "held")
            assert only["reason"].endswith(f"the policy was daily=30 and is {change.becomes}")
            assert (answer["summary"]["held"], answer["summary"]["failed"]) == (1, 0)
        assert having(answer, "held") == [held(change, RECORDED)]
        assert points(lightsail) == nights("web", night - 29, night)
    nightly_at(stack, NIGHT + 8 * DAY)

    answer = sweep_at(stack, NIGHT + 8 * DAY + HOUR)

    assert having(answer, "held") == []
    assert points(lightsail) == nights("web", 9 - change.count, 8)


@pytest.mark.parametrize(
    ("ages", "pause"),
    [
        pytest.param(range(0, 26 * 7, 7), 7, id="weekly"),
        pytest.param(range(0, 26 * 30, 30), 30, id="every-30-days"),
        pytest.param(range(26), 8, id="nightly-paused-for-eight-days"),
    ],
)
def test_policy_reduced_by_mistake_just_before_a_run_that_is_long_after_the_last_loses_nothing(
    lightsail: Control, deploy: Deploy, ages: range, pause: int
) -> None:
    web = lightsail.seed.add_instance("web", tags=TAGGED)
    add_history(lightsail, web, retention="last=30", ages=ages)
    before = points(lightsail)
    hours = str(24 * pause + 2)
    stack = deploy(Retention="last=1", RecoveryPointObjectiveHours=hours)

    for since_the_run in (-6 * HOUR, timedelta(0), HOUR, 2 * DAY, 6 * DAY + 23 * HOUR):
        at = NIGHT + pause * DAY + since_the_run
        answer = sweep_at(stack, at) if since_the_run else nightly_at(stack, at)
        assert answer["summary"]["deleted"] == 0
        assert points(lightsail) >= before

    sweep_at(stack, NIGHT + (pause + 7) * DAY + HOUR)
    assert points(lightsail) == nights("web", pause, pause)


def test_tag_that_could_not_be_read_for_eight_nights_has_lost_nothing(
    lightsail: Control, deploy: Deploy, client: Client
) -> None:
    web = lightsail.seed.add_instance("web", tags={"snapshot": None, "snapshot:keep": "daily=3O"})
    add_history(lightsail, web, retention="daily=30")
    stack = deploy(Retention="daily=3")
    for night in range(1, 9):
        run_night(stack, night)
    set_tags(client, TAGGED)

    answers = run_night(stack, 9)

    assert points(lightsail) == nights("web", -20, 9)
    assert "the policy was daily=30 and is daily=3" in having(answers[-1], "held")[0]["reason"]


@pytest.mark.parametrize("change", CHANGES)
def test_policy_restored_within_seven_days_has_lost_nothing(
    lightsail: Control, deploy: Deploy, client: Client, change: Change
) -> None:
    web = lightsail.seed.add_instance("web")
    add_history(lightsail, web, retention="daily=30")
    changed = change.after(deploy, client)
    for night in range(1, 7):
        nightly_at(changed, NIGHT + night * DAY)

    answers = run_night(change.before(deploy, client), 7)

    assert points(lightsail) == nights("web", -22, 7)
    assert [having(answer, "held") for answer in answers] == [[], []]


def test_policy_that_replaces_its_newest_point_every_night_is_known_for_seven_days(
    lightsail: Control, deploy: Deploy, client: Client
) -> None:
    """Under monthly=12 alone no point of the last days would be left that carries the policy."""
    web = lightsail.seed.add_instance("web", tags=TAGGED)
    add_history(lightsail, web, retention="monthly=12", ages=(0, 2, 30, 61, 92))
    months = {name_of("web", NIGHT - age * DAY) for age in (2, 30, 61, 92)}
    set_tags(client, {"snapshot": None, "snapshot:keep": "last=1"})
    stack = deploy(Retention="monthly=12")

    for night in range(1, 8):
        answers = run_night(stack, night)
        assert [len(having(answer, "held")) for answer in answers] == [1, 1]
        assert points(lightsail) == months | nights("web", 0, 1) | nights("web", night, night)

    run_night(stack, 8)
    assert points(lightsail) == nights("web", 8, 8)


def test_copies_have_a_cooling_off_of_their_own(lightsail: Control, deploy: Deploy) -> None:
    web = lightsail.seed.add_instance("web", tags=TAGGED)
    add_history(lightsail, web, retention="daily=30", copies_to=WEST)
    stack = deploy(Retention="daily=30", CopyToRegions=WEST, CopyRetention="daily=3")
    run_night(stack, 1)
    # The sweep of the night started the copy.
    copied = NIGHT + DAY + HOUR

    answer = sweep_at(stack, copied + 7 * DAY - HOUR, dryRun=True)

    assert [(each["region"], each["reason"]) for each in having(answer, "held")] == [
        (
            WEST,
            "27 recovery points stay until 2026-03-10T05:50:00Z: the policy was daily=30 and is "
            "daily=3",
        )
    ]
    answer = sweep_at(stack, copied + 7 * DAY, dryRun=True)
    deletes = [each for each in having(answer, "planned") if each["action"] == "delete"]
    assert {(each["region"], each["reason"]) for each in deletes} == {(WEST, "not kept by daily=3")}
    assert len(deletes) == 28


def test_points_of_an_earlier_version_are_pruned_at_once(
    lightsail: Control, deploy: Deploy
) -> None:
    web = lightsail.seed.add_instance("web", tags=TAGGED)
    add_history(lightsail, web, retention=None)

    answer = sweep_at(deploy(Retention="daily=3"), NIGHT + HOUR)

    assert (answer["summary"]["deleted"], answer["summary"]["held"]) == (27, 0)
    assert points(lightsail) == nights("web", -2, 0)


def test_without_cooling_off_days_a_policy_takes_effect_at_once(
    lightsail: Control, deploy: Deploy
) -> None:
    web = lightsail.seed.add_instance("web", tags=TAGGED)
    add_history(lightsail, web, retention="daily=30")
    stack = deploy(Retention="daily=3", CoolingOffDays="0")

    answer = sweep_at(stack, NIGHT + HOUR)

    assert (answer["summary"]["deleted"], answer["summary"]["held"]) == (27, 0)


def test_cooling_off_of_named_resources_can_be_ended(lightsail: Control, deploy: Deploy) -> None:
    for name in ("web", "api"):
        resource = lightsail.seed.add_instance(name, tags=TAGGED)
        add_history(lightsail, resource, retention="daily=30")
    stack = deploy(Retention="daily=3")

    answer = sweep_at(stack, NIGHT + HOUR, resources=["web"], endCoolingOff=True)

    assert (answer["summary"]["deleted"], answer["summary"]["held"]) == (27, 0)
    assert points(lightsail) == nights("web", -2, 0) | nights("api", -29, 0)
    later = sweep_at(stack, NIGHT + 2 * HOUR)
    assert [each["resource"] for each in having(later, "held")] == ["api"]
    assert later["summary"]["deleted"] == 0


@pytest.mark.parametrize("event", [{}, {"resources": []}], ids=["none-named", "empty-list"])
def test_cooling_off_cannot_be_ended_without_naming_resources(
    lightsail: Control, deploy: Deploy, event: dict[str, Any]
) -> None:
    web = lightsail.seed.add_instance("web", tags=TAGGED)
    add_history(lightsail, web, retention="daily=30")

    with pytest.raises(InvalidEvent, match="endCoolingOff: True is not accepted"):
        sweep_at(deploy(Retention="daily=3"), NIGHT + HOUR, endCoolingOff=True, **event)

    assert lightsail.calls == []


def test_tag_that_cannot_be_understood_is_no_policy_in_force_and_is_not_written(
    lightsail: Control, deploy: Deploy, client: Client
) -> None:
    web = lightsail.seed.add_instance("web", tags={"snapshot": None, "snapshot:keep": "daily"})
    add_history(lightsail, web, retention="daily=30")
    stack = deploy(Retention="daily=3")

    answers = run_night(stack, 1)

    assert [(each["summary"]["refused"], each["summary"]["held"]) for each in answers] == [
        (1, 0),
        (1, 0),
    ]
    assert points(lightsail) == nights("web", -29, 1)
    taken = lightsail.world()[EAST]["InstanceSnapshot"][name_of("web", NIGHT + DAY)]
    assert "snapshotter:retention" not in taken["tags"]

    set_tags(client, {"snapshot": None, "snapshot:keep": "daily=3"})
    answer = sweep_at(stack, NIGHT + DAY + 2 * HOUR)
    assert [each["reason"] for each in having(answer, "held")] == [
        f"27 recovery points stay until {NOT_RECORDED}: the policy was daily=30 and is daily=3"
    ]
