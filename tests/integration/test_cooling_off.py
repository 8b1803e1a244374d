"""A policy that keeps less takes effect after a cooling-off period, and every run reports it."""

from __future__ import annotations

from dataclasses import dataclass
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


def held(change: Change) -> dict[str, str]:
    """The outcome that reports the cooling-off of web, whose last point of daily=30 is NIGHT's."""
    return {
        "region": EAST,
        "resourceType": "Instance",
        "resource": "web",
        "action": "delete",
        "status": "held",
        "reason": f"{30 - change.count} recovery points stay until 2026-03-09T04:50:00Z: the "
        f"policy was daily=30 and is {change.becomes}",
    }


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_policy_shrinks_seven_nights_pass_before_anything_more_is_deleted(
    lightsail: Control, deploy: Deploy, client: Client, change: Change
) -> None:
    web = lightsail.seed.add_instance("web")
    add_history(lightsail, web, retention="daily=30")
    stack = change.after(deploy, client)

    for night in range(1, 7):
        for answer in run_night(stack, night):
            assert having(answer, "held") == [held(change)]
            assert (answer["summary"]["held"], answer["summary"]["failed"]) == (1, 0)
        assert points(lightsail) == nights("web", night - 29, night)
    assert having(nightly_at(stack, NIGHT + 7 * DAY), "held") == [held(change)]
    assert points(lightsail) == nights("web", -23, 7)

    answer = sweep_at(stack, NIGHT + 7 * DAY + HOUR)

    assert having(answer, "held") == []
    assert points(lightsail) == nights("web", 8 - change.count, 7)


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

    for night in range(1, 7):
        answers = run_night(stack, night)
        assert [len(having(answer, "held")) for answer in answers] == [1, 1]
        assert points(lightsail) == months | nights("web", 0, 0) | nights("web", night, night)

    run_night(stack, 7)
    assert points(lightsail) == nights("web", 7, 7)


def test_copies_have_a_cooling_off_of_their_own(lightsail: Control, deploy: Deploy) -> None:
    web = lightsail.seed.add_instance("web", tags=TAGGED)
    add_history(lightsail, web, retention="daily=30", copies_to=WEST)
    stack = deploy(Retention="daily=30", CopyToRegions=WEST, CopyRetention="daily=3")

    answer = sweep_at(stack, NIGHT + 7 * DAY - HOUR, dryRun=True)

    assert [(each["region"], each["reason"]) for each in having(answer, "held")] == [
        (
            WEST,
            "27 recovery points stay until 2026-03-09T04:50:00Z: the policy was daily=30 and is "
            "daily=3",
        )
    ]
    answer = sweep_at(stack, NIGHT + 7 * DAY + HOUR, dryRun=True)
    deletes = [each for each in having(answer, "planned") if each["action"] == "delete"]
    assert {(each["region"], each["reason"]) for each in deletes} == {(WEST, "not kept by daily=3")}
    assert len(deletes) == 27


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
        "27 recovery points stay until 2026-03-09T04:50:00Z: the policy was daily=30 and is daily=3"
    ]
