"""What becomes of every snapshot, and why: what is deleted, and what is not."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from snapshotter.inputs.event import ReportEvent
from snapshotter.inputs.settings import Settings
from snapshotter.model.kinds import INSTANCE, Status
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.resource import Resource
from snapshotter.model.snapshot import Snapshot
from snapshotter.model.tags import DRILL, POLICY, Tags
from snapshotter.plan.action import Action
from tests.unit.builders import (
    EAST,
    WEST,
    a_request,
    a_resource,
    a_snapshot,
    a_sweep,
    hours_ago,
    plan_for,
    some_settings,
)
from tests.unit.cases import cases

WEB, API = a_resource("web"), a_resource("api")
NO_COOLING = {"COOLING_OFF_DAYS": "0", "COPY_TO_REGIONS": WEST, "COPY_RETENTION": "last=2"}
LAST = some_settings(RETENTION="last=1", **NO_COOLING)
BOTH = (EAST, WEST)
GONE = "not kept by last=1"
KEPT = "newest, last"


def a_point(name: str, days_old: float, *, of: Resource = WEB, **given: Any) -> Snapshot:
    return a_snapshot(name, of=of, at=hours_ago(24 * days_old), **given)


def failed(name: str, days_old: float, **given: Any) -> Snapshot:
    return a_point(name, days_old, status=Status.FAILED, **given)


def pending(name: str, days_old: float, **given: Any) -> Snapshot:
    return a_point(name, days_old, status=Status.PENDING, **given)


def points(*names: str, of: Resource = WEB, **given: Any) -> list[Snapshot]:
    """Points of the last nights, the first being the newest."""
    return [a_point(name, age, of=of, **given) for age, name in enumerate(names, start=1)]


def verdicts(
    *given: Resource | Snapshot, settings: Settings = LAST, **others: Any
) -> dict[str, tuple[bool, str]]:
    """Whether each snapshot of ours stays, and why; the plan deletes all others, and no more."""
    plan = plan_for(*given, settings=settings, **others)
    found = [each for series in plan.verdicts for each in series.verdicts]
    by_name = {each.snapshot.name: (each.keep, each.reason) for each in found}
    assert len(by_name) == len(found)
    assert {each.snapshot: each.reason for each in plan.deletes} == {
        name: reason for name, (keep, reason) in by_name.items() if not keep
    }
    return by_name


def deleted(*given: Resource | Snapshot, **others: Any) -> set[str]:
    return {name for name, (keep, _) in verdicts(*given, **others).items() if not keep}


def test_point_that_the_policy_does_not_keep_is_deleted_where_it_is_with_its_reason() -> None:
    plan = plan_for(WEB, *points("a", "b"), failed("c", 3), settings=LAST)

    def delete(name: str, reason: str, **given: Any) -> Action:
        return Action("delete", EAST, INSTANCE, "web", name, reason, WEB.arn, **given)

    assert plan.deletes == (
        delete("b", GONE),
        delete("c", "it ended in error, and the newer b is ready", ended_in_error=True),
    )


HELD = {"snapshotter:hold": None}
OURS = {POLICY: "nightly"}
TIMELESS = (("b", a_point), ("c", failed))


@cases(
    "snapshots expected",
    {
        "others-are-neither-counted-nor-deleted": (
            [a_point("mine", 0.5, tags={}), a_point("weekly", 0.4, policy="weekly"), *points("a")],
            {"a": KEPT},
        ),
        "pending-and-unknown-stay-and-use-up-no-count": (
            [
                *(pending("p", 0.1), a_point("u", 0.2, status=Status.UNKNOWN), *points("a")),
                *(pending("q", 5), a_point("v", 6, status=Status.UNKNOWN, more=HELD)),
            ],
            {"p": "pending", "u": "unknown", "a": KEPT, "q": "pending", "v": "unknown, hold"},
        ),
        "failed-once-a-newer-one-is-ready-or-failed-too": (
            [failed("e", 0), failed("f", 1), a_point("g", 2), failed("h", 3)],
            {"e": "failed", "f": None, "g": KEPT, "h": None},
        ),
        "failed-stays-while-the-newer-one-is-not-known-to-be-good": (
            [pending("p", 0), a_point("u", 0.5, status=Status.UNKNOWN), failed("f", 1)],
            {"p": "pending", "u": "unknown", "f": "failed"},
        ),
        "failed-and-held": (
            [*points("a"), failed("f", 2, more=HELD), failed("g", 3)],
            {"a": KEPT, "f": "failed, hold", "g": None},
        ),
        "without-any-time": (
            [*points("a"), *(make(n, 9, tags=OURS, created_at=None) for n, make in TIMELESS)],
            {"a": KEPT, "b": "unknown", "c": "unknown"},
        ),
        "without-any-source": (
            [*points("a"), a_point("b", 9, tags=OURS, from_arn=None, from_name=None)],
            {"a": KEPT, "b": KEPT},
        ),
    },
)
def test_every_snapshot_of_ours_has_a_verdict(
    snapshots: list[Snapshot], expected: dict[str, str | None]
) -> None:
    """None: it is deleted."""
    found = verdicts(WEB, *snapshots)

    assert {name: reason if keep else None for name, (keep, reason) in found.items()} == expected
    assert deleted(WEB, *snapshots[::-1]) == {name for name, why in expected.items() if not why}


def resource(tags: Tags) -> Resource:
    return a_resource("web", tags)


OWN, UNKNOWN = "not kept by last=2", "a tag cannot be followed"


@cases(
    "tags settings gone reason",
    {
        "protected": ({"snapshot": None}, {}, "bcd", GONE),
        "its-own": ({"snapshot": None, "snapshot:keep": "last=2"}, {}, "cd", OWN),
        "gone": (None, {}, "cd", OWN),
        "off": ({"snapshot": "off", "snapshot:keep": "last=9"}, {}, "cd", OWN),
        "another-value": ({"snapshot": "silver"}, {"SELECTION_TAG_VALUE": "gold"}, "cd", OWN),
        "lost": ({}, {}, "", "the resource is no longer selected"),
        "refused": ({"snapshot": None, "snapshot:keep": "forever"}, {}, "", UNKNOWN),
        "a-slip-in-the-key": ({"snapshot": None, "Snapshot:kept": "last=9"}, {}, "", UNKNOWN),
        "drill": ({"snapshot": None, "snapshot:drill": "no-port"}, {}, "bcd", GONE),
        "everything-selected": ({"other": None}, {"SELECTION": "all"}, "bcd", GONE),
    },
)
def test_which_policy_is_in_force_and_of_what_is_gone_or_ended_the_one_last_written(
    tags: Tags | None, settings: dict[str, str], gone: str, reason: str
) -> None:
    """Of the points a to d, each a night older, b has the last policy that can be read."""
    texts = (None, "last=2", "last=9", None)
    found = verdicts(
        *([] if tags is None else [resource(tags)]),
        *(
            a_point(name, age, retention=text)
            for age, (name, text) in enumerate(zip("abcd", texts, strict=True), start=1)
        ),
        settings=some_settings(RETENTION="last=1", **NO_COOLING, **settings),
    )

    assert "".join(name for name, (keep, _) in found.items() if not keep) == gone
    assert found["d"][1].startswith(reason)


@pytest.mark.parametrize("given", [None, resource({"snapshot": "off"})], ids=["gone", "off"])
def test_what_is_gone_or_ended_and_carries_no_policy_is_kept_by_those_of_the_stack(
    given: Resource | None,
) -> None:
    copies = [replace(e, name=f"copy-{e.name}", region=WEST) for e in points("a", "b", "c")]

    found = verdicts(*([given] if given else []), *points("a", "b"), *copies, regions=BOTH)

    assert {name: reason for name, (keep, reason) in found.items() if not keep} == {
        "b": GONE,
        "copy-c": "not kept by last=2",
    }


@pytest.mark.parametrize("wanted", [(), (a_resource("bare", {}),)], ids=["gone", "lost"])
@pytest.mark.parametrize("request_", [a_request, a_sweep])
def test_run_for_named_resources_prunes_those_alone(
    wanted: tuple[Resource, ...], request_: Any
) -> None:
    bare = a_resource("bare", {})
    every = [p for s in (WEB, API, bare) for p in points(f"{s.name}-1", f"{s.name}-2", of=s)]

    found = verdicts(WEB, API, *wanted, *every, request=request_(resources=("api", "bare")))

    assert [name for name, (keep, _) in found.items() if not keep] == ["api-2"]
    assert found["web-2"] == (True, "this run is about other resources")


@pytest.mark.parametrize("region", [EAST, "eu-central-1"], ids=["unreadable", "not-in-the-event"])
def test_copies_are_kept_while_the_region_of_their_source_is_not_read(region: str) -> None:
    copies = [replace(each, region=WEST) for each in points("a", "b", "c")]
    settings = some_settings(RETENTION="last=1", REGIONS=f"{EAST},{WEST}", COOLING_OFF_DAYS="0")

    found = verdicts(
        *copies,
        settings=settings,
        regions=(WEST,) if region == EAST else BOTH,
        request=a_request(regions=BOTH if region == EAST else (WEST,)),
        unreadable={EAST: ErrorInfo("AccessDeniedException", "no")} if region == EAST else {},
    )

    assert found == dict.fromkeys("abc", (True, "us-east-1 was not read"))


def its_copy(original: Snapshot, status: Status = Status.READY) -> Snapshot:
    return replace(original, name=f"{original.name}-{EAST}", region=WEST, status=status)


a, b, c = points("a", "b", "c")
FAILED, STRANGE = Status.FAILED, Status.UNKNOWN


@cases(
    "copies gone in_use",
    {
        "all": ([its_copy(each) for each in (a, b, c)], {"b", "c", "c-us-east-1"}, set()),
        "this-run-copies-a-and-b": ([its_copy(c)], {"c"}, {"b"}),
        "of-b-is-pending": ([its_copy(a), its_copy(b, Status.PENDING)], {"c"}, {"b"}),
        "of-c-is-of-no-known-state": ([its_copy(a), its_copy(c, STRANGE)], {"b", "c"}, set()),
        "of-b-failed-and-a-is-copied": (
            [its_copy(c), its_copy(b, FAILED), its_copy(a)],
            *({"b", "c", "b-us-east-1"}, set()),
        ),
        "this-run-replaces-those-of-a-and-b": (
            [its_copy(c), its_copy(b, FAILED), its_copy(a, FAILED)],
            *({"c"}, {"b", "b-us-east-1"}),
        ),
        "this-run-tags-that-of-b": ([its_copy(a), replace(its_copy(b), tags={})], {"c"}, {"b"}),
    },
)
def test_copies_have_a_policy_of_their_own_and_an_original_stays_while_a_copy_needs_it(
    copies: list[Snapshot], gone: set[str], in_use: set[str]
) -> None:
    found = verdicts(WEB, a, b, c, *copies, regions=BOTH)

    assert {name for name, (keep, _) in found.items() if not keep} == gone
    assert {name for name, (_, reason) in found.items() if reason.startswith("in use")} == in_use


def test_point_that_a_drill_is_about_to_prove_stays() -> None:
    drill = a_resource("drill-web", {POLICY: "nightly", DRILL: "c"})

    assert verdicts(WEB, drill, a, b, c)["c"] == (True, "in use by a copy or a restore test")
    assert deleted(WEB, drill, a, b, c) == {"b"}


DAILY, FEWER = "last=30", "last=3"


def nights(*given: str | None, of: Resource = WEB, oldest: int = 26) -> list[Snapshot]:
    """A point a night with the policy that each carries, oldest first."""
    return [
        a_point(f"{of.name}-{age}", age, of=of, retention=text)
        for age, text in zip(range(oldest, oldest - len(given), -1), given, strict=True)
    ]


def held(plan_given: Iterable[Any], **others: Any) -> Outcome | None:
    plan = plan_for(*plan_given, **{"settings": some_settings(RETENTION=FEWER), **others})
    return next((each for each in plan.findings if each.status == "held"), None)


@cases(
    "written days held_points was",
    {
        "from-the-first-point-under-it": (
            [DAILY] * 25 + [FEWER],
            *("7", "23 recovery points stay until 2026-11-29T04:50:00Z", DAILY),
        ),
        "not-recorded-yet": (
            [DAILY] * 26,
            *("7", "23 recovery points stay until 7 days after the next recovery point", DAILY),
        ),
        "one-point-and-one-day": (
            ["last=4"] * 26,
            *("1", "1 recovery point stays until 1 day after the next recovery point", "last=4"),
        ),
        "cooled-off": ([DAILY] * 25 + [FEWER], "1", None, ""),
        "none": ([DAILY] * 26, "0", None, ""),
        "no-change": ([FEWER] * 26, "7", None, ""),
    },
)
def test_what_stays_for_its_cooling_off_is_one_outcome(
    written: list[str], days: str, held_points: str | None, was: str
) -> None:
    settings = some_settings(RETENTION=FEWER, COOLING_OFF_DAYS=days)
    reason = f"{held_points}: the policy was {was} and is last=3"
    expected = Outcome("delete", "held", EAST, "Instance", "web", reason=reason, source_arn=WEB.arn)

    assert held([WEB, *nights(*written)], settings=settings) == (expected if held_points else None)

    stay = verdicts(WEB, *nights(*written), settings=settings)
    cooling = [name for name, each in stay.items() if each == (True, "cooling off")]
    assert len(cooling) == (int(held_points.split()[0]) if held_points else 0)


OFF = a_resource("web", {"snapshot": "off"})


@pytest.mark.parametrize("given", [[WEB], [OFF], []], ids=["protected", "off", "gone"])
@pytest.mark.parametrize("names", [("web",), ("api", "web"), ("api",)], ids=" ".join)
def test_end_of_cooling_off_deletes_for_the_named_resources_what_the_stack_does_not_keep(
    given: list[Resource], names: tuple[str, ...]
) -> None:
    every = [*nights(*[DAILY] * 4, of=WEB), *nights(*[DAILY] * 4, of=API)]
    request = a_sweep(resources=names, end_cooling_off=True)
    settings = some_settings(RETENTION=FEWER)

    plan = plan_for(*given, API, *every, request=request, settings=settings)

    assert {each.snapshot for each in plan.deletes} == {f"{name}-26" for name in names}
    assert {each.reason for each in plan.deletes} == {"not kept by last=3"}
    assert [each for each in plan.findings if each.error] == []


@pytest.mark.parametrize(
    "given",
    [a_resource("web", {}), a_resource("web", {"snapshot": None, "snapshot:keep": "?"})],
    ids=["lost", "refused"],
)
def test_end_of_cooling_off_deletes_nothing_where_the_policy_is_not_known(given: Resource) -> None:
    request = a_sweep(resources=("web",), end_cooling_off=True)
    settings = some_settings(RETENTION=FEWER)

    assert plan_for(given, *nights(*[DAILY] * 9), request=request, settings=settings).deletes == ()


def test_gone_series_cools_off_from_its_own_last_change_and_a_report_says_the_same() -> None:
    series = nights(*[DAILY] * 23, FEWER, FEWER, FEWER)

    for request in (a_request(), a_sweep(), a_request(ReportEvent)):
        outcome = held(series, request=request, settings=some_settings(RETENTION="last=1"))
        assert outcome is not None
        assert str(outcome.reason).endswith(
            "2026-11-27T04:50:00Z: the policy was last=30 and is last=3"
        )
