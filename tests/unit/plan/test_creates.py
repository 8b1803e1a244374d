"""What is due in a snapshot run and in a sweep."""

from collections.abc import Mapping

import pytest

from snapshotter.model.kinds import DATABASE, DISK, Status
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.tags import RETENTION, ownership
from snapshotter.plan import CreateSnapshot, Situation, make_plan
from tests.unit.builders import (
    NOW,
    a_request,
    a_resource,
    a_situation,
    a_snapshot,
    a_sweep,
    hours_ago,
    some_settings,
)

WEB = a_resource("web")


def reasons(situation: Situation) -> dict[str, str]:
    return {create.resource.name: create.reason for create in make_plan(situation).creates}


def test_every_selected_resource_is_due_in_a_snapshot_run_and_no_other() -> None:
    tagged = {"snapshot": None, "team": "shop"}
    resources = (a_resource("web", tagged), a_resource("off", {"snapshot": "off"}))

    assert make_plan(a_situation(resources)).creates == (
        CreateSnapshot(
            resource=a_resource("web", tagged),
            name="web-20261123T045000Z",
            tags={
                **tagged,
                **ownership("nightly", WEB.arn, NOW),
                "snapshotter:retention": "daily=7 weekly=4",
            },
            reason="scheduled",
        ),
    )


def test_snapshot_that_exists_for_the_scheduled_time_is_not_taken_again() -> None:
    taken = a_snapshot("web-20261123T045000Z", of=WEB, at=NOW, status=Status.PENDING)

    plan = make_plan(a_situation((WEB,), (taken,)))

    assert plan.actions == ()
    assert plan.findings == (
        Outcome(
            action="create",
            status="exists",
            region="us-east-1",
            resource_type="Instance",
            resource="web",
            snapshot="web-20261123T045000Z",
            reason="taken already for this scheduled time; its state is pending",
        ),
    )


@pytest.mark.parametrize("request_", [a_request(), a_sweep()], ids=["snapshot", "sweep"])
def test_snapshot_in_error_for_the_scheduled_time_is_a_failure(request_: object) -> None:
    failed = a_snapshot("web-20261123T045000Z", of=WEB, at=NOW, status=Status.FAILED)

    plan = make_plan(a_situation((WEB,), (failed,), request=request_))  # type: ignore[arg-type]

    assert plan.creates == ()
    assert [(each.action, each.status, each.error) for each in plan.findings] == [
        (
            "create",
            "failed",
            ErrorInfo(
                "SnapshotFailed",
                "web-20261123T045000Z ended in error, and its name cannot be used again; "
                "the next sweep takes another snapshot under its own time",
            ),
        )
    ]


def test_sweep_takes_what_has_no_recovery_point() -> None:
    assert reasons(a_situation((WEB,), request=a_sweep())) == {
        "web": "it has no recovery point yet"
    }


@pytest.mark.parametrize("status", [Status.READY, Status.PENDING])
@pytest.mark.parametrize(("age", "due"), [(25.99, False), (26, False), (26.01, True)])
def test_sweep_takes_what_is_older_than_the_objective(
    status: Status, age: float, due: bool
) -> None:
    newest = a_snapshot("web-1", of=WEB, at=hours_ago(age), status=status)

    assert reasons(a_situation((WEB,), (newest,), request=a_sweep())) == (
        {"web": "its newest recovery point is older than 26 hours"} if due else {}
    )


def test_sweep_takes_again_what_ended_in_error() -> None:
    good = a_snapshot("web-1", of=WEB, at=hours_ago(25))
    failed = a_snapshot("web-2", of=WEB, at=hours_ago(1), status=Status.FAILED)

    assert reasons(a_situation((WEB,), (good, failed), request=a_sweep())) == {
        "web": "the newest attempt, web-2, ended in error"
    }


def test_sweep_does_not_count_a_snapshot_in_an_undocumented_state() -> None:
    odd = a_snapshot("web-1", of=WEB, at=hours_ago(1), status=Status.UNKNOWN)

    assert list(reasons(a_situation((WEB,), (odd,), request=a_sweep()))) == ["web"]


def test_snapshots_of_others_are_not_counted() -> None:
    by_hand = a_snapshot("web-1", of=WEB, at=hours_ago(1), tags={"team": "shop"})
    of_another_stack = a_snapshot("web-2", of=WEB, at=hours_ago(1), policy="weekly")
    situation = a_situation((WEB,), (by_hand, of_another_stack), request=a_sweep())

    assert list(reasons(situation)) == ["web"]


def test_namesake_made_later_is_another_series() -> None:
    old = a_resource("web")
    new = type(old)(old.kind, old.region, "web", old.arn + "-made-later", old.tags)
    taken = a_snapshot("web-1", of=old, at=hours_ago(1))

    assert list(reasons(a_situation((new,), (taken,), request=a_sweep()))) == ["web"]


def test_database_that_is_not_available_is_deferred() -> None:
    busy = a_resource("shop-db", kind=DATABASE, state="backing-up")

    plan = make_plan(a_situation((busy,)))

    assert plan.creates == ()
    assert [(each.status, each.reason) for each in plan.findings] == [
        ("deferred", "the state of the database is backing-up, not available")
    ]


def test_disk_of_a_selected_instance_is_reported_to_be_in_both_snapshots() -> None:
    disk = a_resource("data", kind=DISK, attached_to="web")

    assert reasons(a_situation((WEB, disk))) == {
        "web": "scheduled",
        "data": "scheduled; snapshots of the instance web contain this disk too",
    }


def test_disk_of_an_instance_that_is_not_selected_needs_no_remark() -> None:
    disk = a_resource("data", kind=DISK, attached_to="web")

    assert reasons(a_situation((a_resource("web", {}), disk))) == {"data": "scheduled"}


def test_tags_beyond_the_limit_are_named() -> None:
    crowded = a_resource("web", {"snapshot": None, **{f"k{n:02}": None for n in range(49)}})

    assert reasons(a_situation((crowded,))) == {
        "web": "scheduled; left out, since a snapshot takes 50 tags: k46, k47, k48, snapshot"
    }


def test_only_the_named_resources_are_taken_and_unknown_names_are_reported() -> None:
    resources = (WEB, a_resource("api"), a_resource("bare", {}))
    request = a_request(resources=("web", "bare", "nobody"))

    plan = make_plan(a_situation(resources, request=request))

    assert [create.resource.name for create in plan.creates] == ["web"]
    assert [(each.resource, each.status) for each in plan.findings] == [
        ("bare", "failed"),
        ("nobody", "failed"),
    ]
    assert plan.findings[0].error == ErrorInfo(
        "ResourceNotSelected",
        "bare: no resource of this name that carries the tag snapshot was found in us-east-1",
    )


def test_resource_whose_tag_cannot_be_understood_is_still_snapshotted_without_a_policy() -> None:
    odd = a_resource("web", {"snapshot": None, "snapshot:keep": "forever"})

    plan = make_plan(a_situation((odd,), settings=some_settings()))

    assert [create.resource.name for create in plan.creates] == ["web"]
    assert "snapshotter:retention" not in plan.creates[0].tags
    assert [(each.action, each.status) for each in plan.findings] == [("delete", "refused")]


@pytest.mark.parametrize(
    ("tags", "retention"),
    [
        pytest.param({}, "daily=7 weekly=4", id="of-the-stack"),
        pytest.param({"snapshot:keep": " last=2  daily=3"}, "last=2 daily=3", id="of-the-resource"),
        pytest.param({"snapshot:copy-to": "?"}, "daily=7 weekly=4", id="with-another-tag-refused"),
        pytest.param({"snapshotter:retention": "last=1"}, "daily=7 weekly=4", id="not-inherited"),
    ],
)
def test_policy_in_force_is_written_on_every_snapshot(
    tags: Mapping[str, str | None], retention: str
) -> None:
    (create,) = make_plan(a_situation((a_resource("web", {"snapshot": None, **tags}),))).creates

    assert create.tags[RETENTION] == retention
