"""What is deleted and what is kept, beyond the decisions of the retention policy alone."""

from dataclasses import replace

from snapshotter.model.inventory import Inventory, Resource, Snapshot
from snapshotter.model.kinds import Status
from snapshotter.model.outcome import ErrorInfo
from snapshotter.model.series import own
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

WEB = a_resource("web")
LAST = some_settings(RETENTION="last=1", COPY_TO_REGIONS=WEST, COPY_RETENTION="last=2")


def a_point(name: str, days_old: float, *, of: Resource = WEB, **given: object) -> Snapshot:
    return a_snapshot(name, of=of, at=hours_ago(24 * days_old), **given)  # type: ignore[arg-type]


def a_copy(name: str, days_old: float, status: Status = Status.READY) -> Snapshot:
    return replace(a_point(name, days_old, status=status), region=WEST, arn=f"copy-{name}")


def deleted(situation: Situation) -> dict[str, str]:
    return {deletion.name: deletion.reason for deletion in make_plan(situation).deletes}


def pruned(*snapshots: Snapshot, resource: Resource | None = WEB) -> dict[str, str]:
    resources = (resource,) if resource else ()
    return deleted(a_situation(resources, snapshots, settings=some_settings(RETENTION="last=1")))


def test_point_that_retention_does_not_keep_is_deleted_with_the_reason() -> None:
    assert pruned(a_point("a", 1), a_point("b", 2)) == {"b": "not kept by last=1"}


def test_held_snapshot_is_never_deleted() -> None:
    ours = dict(a_point("b", 2).tags)

    assert pruned(a_point("a", 1), a_point("b", 2, tags={**ours, "snapshotter:hold": None})) == {}


def test_newest_proven_snapshot_stays_until_a_newer_one_is_proven() -> None:
    proof = {"snapshotter:verified": "2026-11-22T05:50:00Z"}
    old, older = (
        a_point(name, days, tags={**a_point(name, days).tags, **proof})
        for name, days in (("b", 2), ("c", 3))
    )

    assert pruned(a_point("a", 1), old, older) == {"c": "not kept by last=1"}


def test_copy_of_a_proven_snapshot_does_not_carry_its_proof() -> None:
    point = a_point("a", 1)
    proven = replace(point, tags={**point.tags, "snapshotter:verified": "2026-11-23T00:00:00Z"})
    settings = some_settings(COPY_TO_REGIONS=WEST)

    (copy,) = make_plan(
        a_situation((WEB,), (proven,), settings=settings, regions=(EAST, WEST))
    ).copies

    assert "snapshotter:verified" in proven.tags
    assert "snapshotter:verified" not in copy.tags


def test_snapshot_of_someone_else_is_neither_counted_nor_deleted() -> None:
    by_hand = a_point("mine", 0.5, tags={})

    assert pruned(by_hand, a_point("a", 1), a_point("b", 2)) == {"b": "not kept by last=1"}


def test_pending_and_unknown_snapshots_are_kept_and_use_up_no_count() -> None:
    pending = a_point("p", 0.1, status=Status.PENDING)
    unknown = a_point("u", 5, status=Status.UNKNOWN)

    assert pruned(pending, a_point("a", 1), unknown) == {}


def test_failed_snapshot_is_deleted_once_a_newer_one_is_ready_or_failed_too() -> None:
    snapshots = (
        a_point("failed-last", 0, status=Status.FAILED),
        a_point("failed-before", 1, status=Status.FAILED),
        a_point("good", 2),
        a_point("failed-long-ago", 3, status=Status.FAILED),
    )

    assert pruned(*snapshots) == {
        "failed-before": "it ended in error, and the newer failed-last failed too",
        "failed-long-ago": "it ended in error, and the newer good is ready",
    }


def test_failed_snapshot_is_kept_while_the_newer_one_is_pending() -> None:
    pending = a_point("p", 0, status=Status.PENDING)

    assert pruned(pending, a_point("f", 1, status=Status.FAILED), a_point("a", 2)) == {}


def test_series_whose_source_is_deleted_keeps_its_newest_point() -> None:
    assert pruned(a_point("a", 400), a_point("b", 500), resource=None) == {
        "b": "not kept by last=1"
    }


def test_resource_keeps_what_its_own_policy_keeps() -> None:
    with_tag = a_resource("web", {"snapshot": None, "snapshot:keep": "last=2"})

    assert pruned(a_point("a", 1), a_point("b", 2), a_point("c", 3), resource=with_tag) == {
        "c": "not kept by last=2"
    }


def test_resource_with_an_off_word_is_pruned_by_the_retention_of_the_stack() -> None:
    former = a_resource("web", {"snapshot": "off", "snapshot:keep": "last=9"})

    assert pruned(a_point("a", 1), a_point("b", 2), resource=former) == {"b": "not kept by last=1"}


def test_resource_whose_tag_cannot_be_understood_is_never_pruned() -> None:
    odd = a_resource("web", {"snapshot": None, "snapshot:keep": "forever"})

    assert pruned(a_point("a", 1), a_point("b", 2), resource=odd) == {}


def test_run_for_named_resources_prunes_those_alone() -> None:
    api = a_resource("api")
    snapshots = (
        *(a_point(f"web-{n}", n) for n in (1, 2)),
        *(a_point(f"api-{n}", n, of=api) for n in (1, 2)),
        *(a_point(f"gone-{n}", n, of=a_resource("gone")) for n in (1, 2)),
    )
    request = a_request(resources=("api",))
    settings = some_settings(RETENTION="last=1")

    assert deleted(a_situation((WEB, api), snapshots, settings=settings, request=request)) == {
        "api-2": "not kept by last=1"
    }


def test_copies_are_pruned_by_copy_retention_at_the_times_of_their_points() -> None:
    originals = (a_point("a", 1), a_point("b", 2), a_point("c", 3))
    copies = tuple(replace(a_copy(each.name, 0), tags=each.tags) for each in originals)

    assert deleted(
        a_situation((WEB,), (*originals, *copies), settings=LAST, regions=(EAST, WEST))
    ) == {"b": "not kept by last=1", "c": "not kept by last=2"}


def test_original_is_kept_while_its_copy_is_pending() -> None:
    snapshots = (a_point("a", 1), a_point("b", 2), a_copy("b-copy", 2, Status.PENDING))

    assert deleted(a_situation((WEB,), snapshots, settings=LAST, regions=(EAST, WEST))) == {}


def test_original_is_kept_while_this_run_copies_it() -> None:
    snapshots = (
        a_point("a", 1),
        a_point("b", 2),
        a_point("c", 3),
        a_copy("c-copy", 3),
    )

    plan = make_plan(a_situation((WEB,), snapshots, settings=LAST, regions=(EAST, WEST)))

    assert [copy.original.name for copy in plan.copies] == ["b", "a"]
    assert [deletion.name for deletion in plan.deletes] == ["c"]


def test_copies_are_kept_while_the_region_of_their_source_cannot_be_read() -> None:
    copies = (a_copy("a", 1), a_copy("b", 2), a_copy("c", 3))
    refused = Inventory({}, {EAST: ErrorInfo("AccessDeniedException", "no")})
    request = a_request(regions=(EAST, WEST))

    assert (
        deleted(
            a_situation(
                (), copies, settings=LAST, regions=(WEST,), request=request, unreadable=refused
            )
        )
        == {}
    )


def test_snapshot_without_a_readable_time_counts_by_its_creation_time() -> None:
    odd = a_point("b", 2)
    odd = replace(odd, tags={**odd.tags, "snapshotter:time": "yesterday"})

    assert pruned(a_point("a", 1), odd) == {"b": "not kept by last=1"}


def test_snapshot_without_any_source_is_a_series_of_its_own() -> None:
    lost = replace(
        a_point("lost", 9), tags={"snapshotter:policy": "nightly"}, from_arn=None, from_name=None
    )
    mine = own(lost, "nightly")

    assert pruned(a_point("a", 1), lost) == {}
    assert mine is not None
    assert (mine.source_arn, mine.source_name, mine.is_copy) == (lost.arn, "lost", False)
