"""Which drills are due, which are found, and when one has passed or failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from snapshotter.drill.found import Drill, find_drills, find_orphans
from snapshotter.drill.plan import plan_drills
from snapshotter.drill.result import Result, evaluate
from snapshotter.inputs.event import RunAction
from snapshotter.model.inventory import Resource
from snapshotter.model.kinds import DATABASE, DISK, INSTANCE, Kind
from snapshotter.model.outcome import Outcome
from snapshotter.model.tags import Tags
from snapshotter.plan import Situation, make_plan
from snapshotter.plan.restores import RestoreResource
from snapshotter.report.measures import measure
from tests.unit.builders import (
    EAST,
    NOW,
    a_request,
    a_resource,
    a_situation,
    a_snapshot,
    hours_ago,
    some_settings,
)

ASKS: Tags = {"snapshot": None, "snapshot:drill": None}
WEB = a_resource("web", ASKS)
DRILLS = some_settings(ENABLE_RESTORE="true")
POINT = replace(a_snapshot("web-1", of=WEB, at=hours_ago(5)), from_bundle="nano")


def a_drill(
    *,
    kind: Kind = INSTANCE,
    state: str = "running",
    hours: float = 1,
    address: str | None = "198.51.100.1",
    name: str = "drill-web",
    tags: Mapping[str, str] = MappingProxyType({}),
) -> Resource:
    ours = {
        "snapshotter:policy": "nightly",
        "snapshotter:source": WEB.arn,
        "snapshotter:time": hours_ago(hours).isoformat(),
        "snapshotter:drill": "web-1",
    }
    resource = a_resource(name, {**ours, **tags}, kind=kind, state=state)
    return replace(resource, address=address)


def a_drills_situation(*resources: Resource, **given: object) -> Situation:
    return a_situation(
        (WEB, *resources),
        (POINT,),
        settings=DRILLS,
        **given,  # type: ignore[arg-type]
    )


def evaluated(resource: Resource, *, accepts: bool = True) -> tuple[Result, str]:
    result = evaluate(Drill(resource, "web"), now=NOW, accepts_connections=lambda *_: accepts)
    return result.result, result.reason


@pytest.mark.parametrize(
    ("kind", "state"), [(INSTANCE, "running"), (DISK, "available"), (DATABASE, "available")]
)
def test_drill_passes_once_the_restored_resource_is_ready(kind: Kind, state: str) -> None:
    reason = f"the restored {kind.noun} is {state}"

    assert evaluated(a_drill(kind=kind, state=state)) == (Result.PASSED, reason)


@pytest.mark.parametrize(
    ("hours", "result"), [(1, Result.IN_PROGRESS), (2.99, Result.IN_PROGRESS), (3, Result.FAILED)]
)
@pytest.mark.parametrize("state", ["pending", "stopped", "puzzled", ""])
def test_drill_that_is_not_ready_fails_after_three_hours(
    state: str, hours: float, result: Result
) -> None:
    assert evaluated(a_drill(state=state, hours=hours))[0] is result


def test_drill_in_error_fails_at_once() -> None:
    reason = "the state of the restored instance is error"

    assert evaluated(a_drill(state="error")) == (Result.FAILED, reason)


def test_drill_with_a_port_passes_only_if_the_port_accepts_a_connection() -> None:
    drill = a_drill(tags={"snapshotter:port": "80"})

    assert evaluated(drill) == (
        Result.PASSED,
        "the restored instance is running, and port 80 accepts a connection",
    )
    assert evaluated(drill, accepts=False) == (
        Result.IN_PROGRESS,
        "the restored instance is running, but port 80 does not accept a connection",
    )
    assert evaluated(replace(drill, address=None)) == (
        Result.IN_PROGRESS,
        "the restored instance is running, but has no public IPv4 address to test port 80",
    )


def test_port_is_not_tested_before_the_instance_is_ready() -> None:
    def refuse(address: str, port: int) -> bool:
        raise AssertionError

    pending = Drill(a_drill(state="pending", tags={"snapshotter:port": "80"}), "web")

    assert evaluate(pending, now=NOW, accepts_connections=refuse).result is Result.IN_PROGRESS


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (True, (Result.PASSED, "the restored instance is running, and http:80/ok answers")),
        (
            False,
            (
                Result.IN_PROGRESS,
                "the restored instance is running, but http:80/ok does not answer with a status "
                "below 400",
            ),
        ),
    ],
)
def test_drill_with_a_request_passes_only_if_it_is_answered(
    monkeypatch: pytest.MonkeyPatch, answers: bool, expected: tuple[Result, str]
) -> None:
    monkeypatch.setattr("snapshotter.drill.result.answers_request", lambda *_: answers)

    assert evaluated(a_drill(tags={"snapshotter:port": "http:80/ok"})) == expected


def test_drill_without_a_readable_start_time_fails_unless_it_is_ready() -> None:
    unreadable = {"snapshotter:time": "soon"}

    assert evaluated(a_drill(state="pending", tags=unreadable))[0] is Result.FAILED
    assert evaluated(a_drill(state="running", tags=unreadable))[0] is Result.PASSED


def test_disk_of_a_drill_is_an_orphan_only_without_its_instance() -> None:
    disk = a_drill(kind=DISK, state="available", name="drill-web-disk-1")
    together, alone = a_drills_situation(a_drill(), disk), a_drills_situation(disk)

    assert [drill.name for drill in find_drills(together)] == ["drill-web"]
    assert find_orphans(together) == ()
    assert find_drills(alone) == ()
    assert [drill.name for drill in find_orphans(alone)] == ["drill-web-disk-1"]


def test_run_for_named_resources_ignores_other_drills() -> None:
    request = a_request(RunAction.SWEEP, resources=("other",))

    assert find_drills(a_drills_situation(a_drill(), request=request)) == ()


def due(*resources: Resource, point: bool = True, **given: object) -> list[str]:
    """The names of the drills that would start, and the statuses of the other outcomes."""
    situation = a_situation(
        resources,
        (POINT,) if point else (),
        settings=DRILLS,
        **given,  # type: ignore[arg-type]
    )
    return [
        each.target if isinstance(each, RestoreResource) else each.status
        for each in plan_drills(situation)
    ]


@pytest.mark.parametrize(
    ("value", "check"),
    [
        (None, None),
        ("", None),
        ("80", "80"),
        (" 443 ", "443"),
        ("http:80", "http:80/"),
        ("https:443/health?full=1", "https:443/health?full=1"),
    ],
)
def test_drill_tag_asks_for_a_drill_with_the_check_in_its_value(
    value: str | None, check: str | None
) -> None:
    web = a_resource("web", {**ASKS, "snapshot:drill": value})
    situation = a_situation((web,), (POINT,), settings=DRILLS)

    (action,) = plan_drills(situation)

    assert isinstance(action, RestoreResource)
    assert action.target == "drill-web-20261123T045000Z"
    assert action.tags.get("snapshotter:port") == check
    assert {key for key in action.tags if not key.startswith("snapshotter:")} == set()


@pytest.mark.parametrize("value", ["off", "No", "never"])
def test_off_word_in_the_drill_tag_means_no_drill(value: str) -> None:
    assert due(a_resource("web", {**ASKS, "snapshot:drill": value})) == []


@pytest.mark.parametrize("value", ["65536", "http", "80 443"])
def test_invalid_value_of_the_drill_tag_stops_drills_but_no_backup_and_no_pruning(
    value: str,
) -> None:
    web = a_resource("web", {**ASKS, "snapshot:drill": value})
    old = a_snapshot("web-0", of=WEB, at=hours_ago(99))
    settings = some_settings(ENABLE_RESTORE="true", RETENTION="last=1")
    plan = make_plan(a_situation((web,), (POINT, old), settings=settings))

    assert due(web) == []
    assert [f.error.code for f in plan.findings if f.error] == ["InvalidTag"]
    assert [each.name for each in plan.deletes] == ["web-0"]
    assert len(plan.creates) == 1


def test_snapshot_of_a_resource_with_drills_keeps_tags_free_for_every_result() -> None:
    many = a_resource("web", {**ASKS, **{f"tag-{n:02}": None for n in range(48)}})
    (create,) = make_plan(a_situation((many,), settings=DRILLS)).creates

    results = {"verified", "drill-failed", "recovery-seconds"}
    assert len(create.tags) + len(results) == 50


def test_invalid_drill_tag_is_not_reported_by_a_stack_without_drills() -> None:
    web = a_resource("web", {**ASKS, "snapshot:drill": "http"})

    assert make_plan(a_situation((web,), (POINT,))).findings == ()


def test_no_drill_starts_while_another_is_in_progress_or_without_a_recovery_point() -> None:
    assert due(WEB, a_drill()) == ["exists"]
    assert due(WEB, point=False) == ["deferred"]


@pytest.mark.parametrize("result", ["verified", "drill-failed"])
def test_recovery_point_tested_after_the_run_s_time_is_not_tested_again(result: str) -> None:
    later = (NOW + timedelta(hours=1)).isoformat()
    tested = replace(POINT, tags={**POINT.tags, f"snapshotter:{result}": later})

    (outcome,) = plan_drills(a_situation((WEB,), (tested,), settings=DRILLS))

    assert isinstance(outcome, Outcome)
    assert outcome.reason == "a drill of it ended at 2026-11-23T05:50:00Z already"


def proof_age(*points: object, outcomes: tuple[Outcome, ...] = ()) -> float | None:
    situation = a_situation((WEB,), points, settings=DRILLS)  # type: ignore[arg-type]
    drills = measure(situation, outcomes)[EAST].drills
    assert drills is not None
    return drills.oldest_proof_age_hours


def test_proof_age_counts_from_the_last_passed_drill_or_else_the_oldest_point() -> None:
    older = a_snapshot("web-0", of=WEB, at=hours_ago(48))
    proof = {"snapshotter:verified": hours_ago(30).isoformat()}
    now = Outcome("restore", "tagged", region=EAST, resource="web", snapshot="web-1")

    assert proof_age() is None
    assert proof_age(older, POINT) == 48
    assert proof_age(replace(older, tags={**older.tags, **proof}), POINT) == 30
    assert proof_age(older, POINT, outcomes=(now,)) == 0


def test_stack_without_drills_has_no_drill_measures() -> None:
    assert measure(a_situation((WEB,), (POINT,)), ())[EAST].drills is None
