"""The answer of a run, and the message of its error."""

from __future__ import annotations

import json
from typing import Any

import pytest

from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.report.answer import MOST_OUTCOMES, Measures, Report

ZEROS: dict[str, Any] = dict.fromkeys(Measures._fields, 0)


def a_report(*outcomes: Outcome, dry_run: bool = False, **measured: int) -> Report:
    measures = Measures(**{**ZEROS, **measured})
    return Report(
        policy="nightly",
        action="snapshot",
        scheduled_time="2026-11-23T04:50:00Z",
        dry_run=dry_run,
        outcomes=outcomes,
        measures={"us-east-1": measures},
    )


def an_outcome(name: str = "web", status: str = "started", **given: Any) -> Outcome:
    return Outcome("create", status, "us-east-1", "Instance", name, f"{name}-1", **given)  # type: ignore[arg-type]


def a_failure(name: str = "web", message: str = "It broke.") -> Outcome:
    return an_outcome(name, "failed", error=ErrorInfo("Broken", message))


def test_answer_has_the_members_of_the_contract_and_none_without_a_value() -> None:
    report = a_report(a_failure(), selected=1, stale=1)

    assert report.answer() == {
        "policy": "nightly",
        "action": "snapshot",
        "scheduledTime": "2026-11-23T04:50:00Z",
        "dryRun": False,
        "summary": {
            **dict.fromkeys(("selected", "failed", "stale"), 1),
            **dict.fromkeys(("created", "copied", "deleted", "deferred"), 0),
            **dict.fromkeys(("pending", "refused", "lost", "held"), 0),
        },
        "outcomes": [
            {
                "region": "us-east-1",
                "resourceType": "Instance",
                "resource": "web",
                "action": "create",
                "snapshot": "web-1",
                "status": "failed",
                "error": {"code": "Broken", "message": "It broke."},
            }
        ],
    }


def test_beyond_two_thousand_outcomes_succeeded_ones_are_left_out_first() -> None:
    good = [an_outcome(f"good-{n}") for n in range(MOST_OUTCOMES)]
    assert "truncated" not in a_report(*good).answer()
    report = a_report(*good, a_failure("bad"), an_outcome("late", "deferred"))

    answer = report.answer()

    assert answer["truncated"] == 2
    assert [each["resource"] for each in answer["outcomes"]] == [
        *(f"good-{n}" for n in range(MOST_OUTCOMES - 2)),
        "bad",
        "late",
    ]


def test_answer_stays_below_lambda_s_six_megabytes() -> None:
    operations = tuple({"id": str(n), "details": "x" * 1_500} for n in range(2))
    report = a_report(*(an_outcome(f"web-{n}", operations=operations) for n in range(3_000)))

    answer = report.answer()

    assert len(json.dumps(answer).encode()) < 6_000_000
    assert answer["truncated"] == 3_000 - len(answer["outcomes"])


@pytest.mark.parametrize(
    ("outcome", "well"),
    [
        pytest.param(an_outcome(), True, id="started"),
        pytest.param(an_outcome(status="exists"), True, id="exists"),
        pytest.param(an_outcome(status="deferred"), True, id="a-busy-resource-alone"),
        pytest.param(an_outcome(status="deferred", out_of_time=True), False, id="out-of-time"),
        pytest.param(a_failure(), False, id="failed"),
    ],
)
def test_run_ends_well_unless_something_failed_or_time_ran_out(
    outcome: Outcome, well: bool
) -> None:
    assert a_report(an_outcome(), outcome).ended_well is well
    assert a_report(an_outcome(), outcome, dry_run=True).ended_well


def test_error_has_everything_that_is_known_in_one_sentence() -> None:
    error = ErrorInfo("InvalidTag", "web: no such key.", "Write snapshot:keep", "three keys")

    (record,) = a_report(an_outcome(status="refused", error=error)).answer()["outcomes"]

    assert record["error"] == {
        "code": "InvalidTag",
        "message": "web: no such key. Write snapshot:keep. Accepted: three keys",
    }


def test_failure_message_is_short_however_much_failed() -> None:
    report = a_report(*(a_failure(f"web-{n}", "y" * 5_000) for n in range(3_000)))

    message = str(report.failure())

    assert "3000 failed: create web-0-1 in us-east-1: yyy" in message
    assert "and 2995 more" in message
    assert len(message) < 2_000


def test_failure_message_reports_that_time_ran_out() -> None:
    late = an_outcome(status="deferred", out_of_time=True)

    assert str(a_report(late, late).failure()) == (
        "snapshot of 2026-11-23T04:50:00Z by nightly: time ran out with 2 left to do. "
        "In all: 2 deferred. The log has a record of each outcome."
    )
