"""Which resources are protected, off or lost, and what becomes of the points of lost ones."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from snapshotter.inputs.settings import Settings
from snapshotter.model.inventory import Resource
from snapshotter.model.kinds import DATABASE, DISK, Status
from snapshotter.model.outcome import Outcome
from snapshotter.model.tags import DRILL
from snapshotter.plan import Situation, make_plan
from tests.unit.builders import (
    EAST,
    WEST,
    a_request,
    a_resource,
    a_situation,
    a_snapshot,
    hours_ago,
    some_settings,
)

LAST = some_settings(RETENTION="last=1")
EVERYTHING = some_settings(SELECTION="all")


def with_points(*resources: Resource, settings: Settings = LAST, **given: object) -> Situation:
    """A situation in which each resource has three points."""
    points = tuple(
        a_snapshot(f"{each.name}-{age}", of=each, at=hours_ago(24 * age))
        for each in resources
        for age in (1, 2, 3)
    )
    return a_situation(resources, points, settings=settings, **given)  # type: ignore[arg-type]


def lost(situation: Situation) -> list[Outcome]:
    return [each for each in make_plan(situation).findings if each.status == "lost"]


def test_resource_whose_tag_is_gone_is_reported_and_not_pruned() -> None:
    situation = with_points(a_resource("web", {"snapshot:keep": "last=1"}))

    assert make_plan(situation).actions == ()
    assert lost(situation) == [
        Outcome(
            action="select",
            status="lost",
            region=EAST,
            resource_type="Instance",
            resource="web",
            reason="web is no longer protected: its tag 'snapshot' is gone. Its 3 recovery points "
            "are kept, and no new ones are made. Put the tag 'snapshot' back, or set it to 'off' "
            "to end the protection on purpose",
        )
    ]


def test_report_of_a_lost_resource_names_the_key_and_value_of_the_stack() -> None:
    settings = some_settings(SELECTION_TAG_KEY="backup", SELECTION_TAG_VALUE="gold")
    web = a_resource("web", {"snapshot": "gold"})
    point = a_snapshot("web-1", of=web, at=hours_ago(24))

    (outcome,) = lost(a_situation((web,), (point,), settings=settings))

    assert outcome.reason == (
        "web is no longer protected: its tag 'backup' is gone. Its recovery point is kept, and no "
        "new ones are made. Put the tag 'backup' back with the value 'gold', or set it to 'off' to "
        "end the protection on purpose"
    )


@pytest.mark.parametrize(
    ("tags", "settings"),
    [
        pytest.param({"snapshot": "off"}, LAST, id="off-word"),
        pytest.param(
            {"snapshot": "silver"},
            some_settings(RETENTION="last=1", SELECTION_TAG_VALUE="gold"),
            id="another-value",
        ),
    ],
)
def test_resource_whose_protection_was_ended_on_purpose_is_pruned_and_not_reported(
    tags: Mapping[str, str | None], settings: Settings
) -> None:
    situation = with_points(a_resource("web", tags), settings=settings)

    assert [each.name for each in make_plan(situation).deletes] == ["web-2", "web-3"]
    assert make_plan(situation).findings == ()


def test_resource_that_has_no_ready_point_of_ours_is_not_lost() -> None:
    web = a_resource("web", {})
    snapshots = (
        a_snapshot("web-1", of=web, at=hours_ago(1), tags={"team": "shop"}),
        a_snapshot("web-2", of=web, at=hours_ago(2), policy="weekly"),
        a_snapshot("web-3", of=web, at=hours_ago(3), status=Status.FAILED),
    )

    assert lost(a_situation((web,), snapshots)) == []


def test_resource_of_which_only_copies_are_left_is_lost() -> None:
    web = a_resource("web", {})
    copies = tuple(
        replace(a_snapshot(f"web-{age}", of=web, at=hours_ago(age)), region=WEST, arn=f"copy-{age}")
        for age in (1, 2)
    )
    situation = a_situation((web,), copies, settings=LAST, regions=(EAST, WEST))

    assert [each.resource for each in lost(situation)] == ["web"]
    assert make_plan(situation).deletes == ()


def test_run_for_named_resources_reports_no_lost_ones() -> None:
    web, api = a_resource("web", {}), a_resource("api")
    situation = with_points(web, api, request=a_request(resources=("api",)))

    assert lost(situation) == []
    assert [each.name for each in make_plan(situation).deletes] == ["api-2", "api-3"]


@pytest.mark.parametrize(
    ("disk", "protected"),
    [
        pytest.param(a_resource("data", {}, kind=DISK), True, id="free"),
        pytest.param(a_resource("data", {}, kind=DISK, attached_to="web"), False, id="attached"),
        pytest.param(
            a_resource("data", {"snapshot": None}, kind=DISK, attached_to="web"),
            True,
            id="attached-and-tagged",
        ),
        pytest.param(
            a_resource("data", {}, kind=DISK, attached_to="off"), True, id="attached-to-one-off"
        ),
        pytest.param(
            a_resource("data", {}, kind=DISK, attached_to="web", region=WEST),
            True,
            id="attached-to-a-namesake-elsewhere",
        ),
        pytest.param(a_resource("data", {"snapshot": "off"}, kind=DISK), False, id="off"),
        pytest.param(
            a_resource("drill-1-disk-1", {}, kind=DISK, attached_to=""), False, id="of-a-drill"
        ),
        pytest.param(a_resource("db", {}, kind=DATABASE), True, id="database"),
    ],
)
def test_with_selection_all_everything_is_selected_except_disks_of_instances_and_drills(
    disk: Resource, protected: bool
) -> None:
    others = (
        a_resource("web", {}),
        a_resource("off", {"snapshot": "off"}),
        a_resource("drill-1", {DRILL: "web-1"}),
    )
    regions = (EAST, WEST)

    situation = a_situation(
        (*others, disk), settings=EVERYTHING, request=a_request(regions=regions), regions=regions
    )

    created = [each.resource.name for each in make_plan(situation).creates]
    assert created == ["web", *([disk.name] if protected else [])]


def test_with_selection_all_a_disk_that_is_attached_later_keeps_its_points_and_is_reported() -> (
    None
):
    web, disk = a_resource("web", {}), a_resource("data", {}, kind=DISK, attached_to="web")
    settings = some_settings(SELECTION="all", RETENTION="last=1")
    situation = with_points(disk, web, settings=settings)

    assert [each.name for each in make_plan(situation).deletes] == ["web-2", "web-3"]
    assert [each.reason for each in lost(situation)] == [
        "data is no longer protected: it is attached to web and has no tag 'snapshot' of its own. "
        "Its 3 recovery points are kept, and no new ones are made. Give it the tag 'snapshot', or "
        "set it to 'off' to end the protection on purpose"
    ]
