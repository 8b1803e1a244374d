"""Which copies other regions lack, and which copies there were left untagged."""

from dataclasses import replace
from typing import Any

import pytest

from snapshotter.model.kinds import DATABASE, DISK, INSTANCE, Kind, Status
from snapshotter.model.outcome import ErrorInfo
from snapshotter.model.resource import Resource
from snapshotter.model.snapshot import Snapshot
from snapshotter.model.tags import Tags
from snapshotter.plan.action import Action
from snapshotter.plan.planning import Plan
from tests.unit.builders import (
    EAST,
    WEST,
    a_request,
    a_resource,
    a_snapshot,
    hours_ago,
    our_tags,
    plan_for,
    some_settings,
)
from tests.unit.cases import cases

WEB = a_resource("web")
CENTRAL = "eu-central-1"
SETTINGS = some_settings(COPY_TO_REGIONS=WEST, COPY_RETENTION="daily=9")
ALL_TAGS: dict[str, str | None] = {"team": "shop", "snapshotter:firewall": "tcp:22"}


def a_point(days_old: int, *, of: Resource = WEB, **given: Any) -> Snapshot:
    return a_snapshot(f"{of.name}-{days_old}", of=of, at=hours_ago(24 * days_old), **given)


def its_copy(original: Snapshot, status: Status = Status.READY, **changes: Any) -> Snapshot:
    name = f"{original.name}-{original.region}"
    there = {"region": WEST, "arn": f"arn-of-{name}", "status": status}
    return replace(original, **{"name": name, **there, **changes})


def elsewhere(*given: Resource | Snapshot, gone: bool = False, **others: Any) -> Plan:
    """The plan where copies are asked for; of `web`, unless another resource is given."""
    resources = () if gone or any(isinstance(each, Resource) for each in given) else (WEB,)
    known = {"settings": SETTINGS, "regions": (EAST, WEST), **others}
    return plan_for(*resources, *given, **known)


def copied(plan: Plan) -> list[str]:
    return [copy.snapshot for copy in plan.copies]


def the_copy(action: Any = "copy", reason: str = "the newest recovery point") -> Action:
    return Action(
        action,
        WEST,
        WEB.kind,
        "web",
        "web-0-us-east-1",
        reason,
        WEB.arn,
        {**ALL_TAGS, **our_tags(WEB, hours_ago(0), retention="daily=9")},
        copy_of="web-0",
        copied_from=EAST,
    )


UNTAGGED = "a copy of web-0 that was left untagged"


OF_ONE_SNAPSHOT = ("hold", "verified", "recovery-seconds", "drill-failed")


@pytest.mark.parametrize("written", [None, "daily=7 weekly=4"])
def test_newest_point_is_copied_with_all_its_tags_but_those_about_one_snapshot(
    written: str | None,
) -> None:
    """And with the policy of copies; a copy that was left untagged gets the same."""
    more = {**ALL_TAGS, **{f"snapshotter:{word}": "99" for word in OF_ONE_SNAPSHOT}}
    own_policy = a_resource("web", {"snapshot": None, "snapshot:keep": "last=2"})
    points = (own_policy, a_point(0, retention=written, more=more), a_point(1), a_point(2))

    assert elsewhere(*points).copies == (the_copy(),)

    plan = elsewhere(*points, its_copy(points[1], tags={}))
    assert (plan.copies, plan.tags) == ((), (the_copy("tag", UNTAGGED),))


def test_copy_of_a_point_without_time_and_source_is_tagged_with_both() -> None:
    point = a_point(0, tags={"snapshotter:policy": "nightly", **ALL_TAGS})

    assert elsewhere(point).copies == (the_copy(),)


@pytest.mark.parametrize("status", [Status.READY, Status.PENDING, Status.UNKNOWN])
def test_point_is_copied_once_only(status: Status) -> None:
    assert elsewhere(a_point(0), its_copy(a_point(0), status)).actions[1:] == ()


@cases(
    "points copies retention expected",
    {
        "only-the-newest-at-first": ("210", "", "daily=9", ["0 newest"]),
        "the-nights-missed-oldest-first": ("43210", "3", "daily=9", ["2", "1", "0 newest"]),
        "no-more-than-copies-are-kept": ("310", "3", "last=1", ["0 newest"]),
        "nothing-older-than-the-newest-copy": ("3210", "30", "daily=9", []),
    },
)
def test_region_gets_the_points_since_its_last_copy(
    points: str, copies: str, retention: str, expected: list[str]
) -> None:
    settings = some_settings(COPY_TO_REGIONS=WEST, COPY_RETENTION=retention)
    snapshots = (
        *(a_point(int(age)) for age in points),
        *(its_copy(a_point(int(age))) for age in copies),
    )
    why = {True: "the newest recovery point", False: "the region does not have it yet"}

    plan = elsewhere(*snapshots, settings=settings)

    assert [(copy.snapshot, copy.reason) for copy in plan.copies] == [
        (f"web-{each[0]}-us-east-1", why["newest" in each]) for each in expected
    ]


@pytest.mark.parametrize("status", [Status.PENDING, Status.FAILED, Status.UNKNOWN])
def test_point_that_is_not_ready_is_not_copied(status: Status) -> None:
    assert copied(elsewhere(a_point(0, status=status), a_point(1))) == ["web-1-us-east-1"]


def test_copy_that_ended_in_error_is_replaced_and_not_deleted_apart() -> None:
    older = its_copy(a_point(1))
    plan = elsewhere(a_point(0, more=ALL_TAGS), its_copy(a_point(0), Status.FAILED), older)

    again = "the newest recovery point; an earlier copy ended in error"
    assert plan.copies == (replace(the_copy(reason=again), replaces=True),)
    assert plan.deletes == ()


def test_copy_is_never_copied_again_and_namesakes_do_not_clash() -> None:
    there = a_resource("web", region=WEST)
    in_the_west, in_the_east = a_point(0, of=there), a_point(0)
    copies = (its_copy(in_the_east), its_copy(in_the_west, region=EAST))

    plan = elsewhere(
        *(WEB, there, in_the_east, in_the_west, *copies),
        settings=some_settings(REGIONS=f"{EAST},{WEST}", COPY_TO_REGIONS=f"{EAST},{WEST}"),
        request=a_request(regions=(EAST, WEST)),
    )

    assert copied(plan) == []


def of(*regions: str) -> dict[str, Any]:
    return {"request": a_request(regions=regions)}


REFUSED, TO_CENTRAL = {"snapshot:keep": "?"}, {"snapshot:copy-to": CENTRAL}
ONLY_WEB, ONLY_API = ({"request": a_request(resources=(name,))} for name in ("web", "api"))


@cases(
    "tags region run tagged",
    {
        "gone": (None, WEST, {}, True),
        "off": ({"snapshot": "off"}, WEST, {}, True),
        "gone-and-in-a-region-without-copies": (None, CENTRAL, {}, False),
        "to-another-region": ({"snapshot": None, **TO_CENTRAL}, WEST, {}, False),
        "refused": ({"snapshot": None, **REFUSED}, WEST, {}, False),
        "the-run-is-for-its-region": ({"snapshot": None}, WEST, of(EAST), True),
        "the-run-is-for-the-region-of-the-copy": ({"snapshot": None}, WEST, of(WEST), False),
        "gone-and-the-run-is-for-another-region": (None, WEST, of(CENTRAL), False),
        "the-run-names-it": ({"snapshot": None}, WEST, ONLY_WEB, True),
        "the-run-names-another": ({"snapshot": None}, WEST, ONLY_API, False),
        "gone-and-the-run-names-another": (None, WEST, ONLY_API, False),
    },
)
def test_untagged_copy_is_tagged_where_the_run_may_change_it_though_its_source_is_gone(
    tags: Tags | None, region: str, run: dict[str, Any], tagged: bool
) -> None:
    untagged = its_copy(a_point(0), tags={}, region=region)
    web = [] if tags is None else [a_resource("web", tags)]

    plan = elsewhere(
        *web, a_point(0), untagged, gone=tags is None, regions=(EAST, WEST, CENTRAL), **run
    )

    assert [each.snapshot for each in plan.tags] == (["web-0-us-east-1"] if tagged else [])


@cases(
    "found needs_proof",
    {
        "of-this-source": ({"tags": {}}, [False]),
        "with-tags-of-others": ({"tags": {"team": "shop"}}, [False]),
        "of-an-unknown-source": ({"tags": {}, "from_arn": None}, [True]),
        "of-another-source": ({"tags": {}, "from_arn": "arn:of:another"}, []),
        "of-another-kind": ({"tags": {}, "kind": DISK}, []),
        "of-another-stack": ({"tags": {"snapshotter:policy": "weekly"}}, []),
    },
)
def test_only_what_can_be_the_copy_is_tagged_and_everything_else_is_left_alone(
    found: dict[str, Any], needs_proof: list[bool]
) -> None:
    plan = elsewhere(a_point(0), its_copy(a_point(0), **found))

    assert [each.needs_proof for each in plan.tags] == needs_proof
    assert (plan.copies, plan.deletes) == ((), ())
    assert [each.status for each in plan.findings if each.action == "copy"] == (
        [] if needs_proof else ["refused"]
    )


def not_copied(whose: str) -> str:
    return (
        f"a snapshot {whose} has this name in us-west-2, so the recovery point is not copied there"
    )


FREE = "a copy is made once the name is free"
NOT_THIS = not_copied("that is not this copy"), f"Delete that snapshot if nobody needs it; {FREE}"
THEIRS = not_copied('of the stack "weekly"'), f"Wait; {FREE}"
ON_HOLD = (
    "the copy in us-west-2 ended in error and is on hold, so it is not made again",
    "Remove the tag snapshotter:hold of web-0-us-east-1, if it is not needed any more",
)


@cases(
    "found error",
    {
        "foreign": ({"tags": {}, "from_arn": "arn:of:another"}, NOT_THIS),
        "another-stack-s": ({"tags": our_tags(WEB, hours_ago(0), policy="weekly")}, THEIRS),
        "of-another-source": ({"tags": our_tags(a_resource("api"), hours_ago(0))}, NOT_THIS),
        "of-another-kind": ({"kind": DISK}, NOT_THIS),
        "held": ({"tags": {**our_tags(WEB, hours_ago(0)), "snapshotter:hold": None}}, ON_HOLD),
    },
)
def test_name_of_a_copy_that_is_taken_is_refused_and_nothing_is_replaced(
    found: dict[str, Any], error: tuple[str, str]
) -> None:
    taken = its_copy(a_point(0, more=ALL_TAGS), Status.FAILED, **found)

    plan = elsewhere(a_point(0, more=ALL_TAGS), taken)

    message, remedy = error
    why = ErrorInfo("NameTaken", f"web-0-us-east-1: {message}", remedy)
    assert (plan.copies, plan.tags, plan.deletes) == ((), (), ())
    assert [each for each in plan.findings if each.action == "copy"] == [
        the_copy().outcome("refused", error=why)
    ]


@cases(
    "kind tags",
    {
        "database": (DATABASE, {"snapshot": None}),
        "none": (INSTANCE, {"snapshot": None, "snapshot:copy-to": "none"}),
        "refused": (INSTANCE, {"snapshot": None, **REFUSED}),
        "off": (INSTANCE, {"snapshot": "off"}),
        "lost": (INSTANCE, {}),
    },
)
def test_resource_that_asks_for_no_copies_or_whose_tags_are_wrong_gets_none(
    kind: Kind, tags: Tags
) -> None:
    resource = a_resource("web", tags, kind=kind)

    assert elsewhere(resource, a_point(0, of=resource)).copies == ()
