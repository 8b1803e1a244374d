"""Log records and metrics, also of a run that raises."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest

from lightsail_moto import Control
from snapshotter.handler import logger
from snapshotter.model.tags import ownership
from tests.integration.conftest import NIGHT, Deploy

EAST, WEST = "us-east-1", "us-west-2"


def metrics(output: str) -> dict[str | None, dict[str, float]]:
    """The metrics that CloudWatch would extract from these lines.

    By region; those under the policy alone have None instead of a region.
    """
    found: dict[str | None, dict[str, float]] = {}
    for line in output.splitlines():
        record: dict[str, Any] = json.loads(line)
        if "_aws" not in record:
            continue
        (described,) = record["_aws"]["CloudWatchMetrics"]
        region = record.get("region")
        assert described["Namespace"] == "Snapshotter"
        assert described["Dimensions"] == [["policy", "region"] if region else ["policy"]]
        assert record["policy"] == "nightly"
        assert region not in found
        found[region] = {each["Name"]: record[each["Name"]][0] for each in described["Metrics"]}
    return found


def for_alarms(*, runs: int = 1, stale: int = 0, attention: int = 0) -> dict[str, float]:
    """The metrics under the policy alone."""
    return {"RunsCompleted": runs, "ResourcesStale": stale, "AttentionNeeded": attention}


def test_by_default_a_run_emits_three_metrics_under_the_policy_alone(
    lightsail: Control, deploy: Deploy, capsys: pytest.CaptureFixture[str]
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    odd = lightsail.seed.add_instance("odd", tags={"snapshot": None, "snapshot:keep": "weekly"})
    lightsail.seed.add_snapshot("odd-1", odd, tags=ownership("nightly", odd.arn, NIGHT))

    deploy().nightly(NIGHT)

    assert metrics(capsys.readouterr().out) == {None: for_alarms(stale=1, attention=1)}


def test_metrics_count_the_actions_of_a_run_and_measure_the_region(
    lightsail: Control, deploy: Deploy, capsys: pytest.CaptureFixture[str]
) -> None:
    web = lightsail.seed.add_instance("web", tags={"snapshot": None})
    lightsail.seed.add_instance("fresh", tags={"snapshot": None})
    for hours, name in ((30.5, "web-a"), (54.5, "web-b")):
        at = NIGHT - timedelta(hours=hours)
        tags = ownership("nightly", web.arn, at)
        lightsail.seed.add_snapshot(name, web, tags=tags, created_at=at, size_gb=20)

    deploy(Metrics="all", Retention="last=1").nightly(NIGHT)

    assert metrics(capsys.readouterr().out) == {
        None: for_alarms(stale=2),
        EAST: {
            "ResourcesSelected": 2,
            "ResourcesStale": 2,
            "SnapshotsCreated": 2,
            "SnapshotsFailed": 0,
            "SnapshotsDeleted": 1,
            "SnapshotsCopied": 0,
            "SnapshotsPending": 2,
            "CopiesPending": 0,
            "RecoveryPoints": 1,
            "SnapshotStorage": 20,
            "OldestRecoveryPointAge": 30.5,
        },
    }


def test_unreadable_region_counts_as_a_failure_and_needs_attention(
    lightsail: Control,
    deploy: Deploy,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What it has may well be selected."""
    lightsail.deny(WEST)

    deploy(Regions=f"{EAST},{WEST}", Metrics="all").failing({})

    emitted = metrics(capsys.readouterr().out)
    assert emitted[None] == for_alarms(attention=1)
    assert emitted[WEST] == {"SnapshotsFailed": 1}
    assert [each.message for each in caplog.records] == ["read failed: us-west-2", "run failed"]


@pytest.mark.parametrize("level", ["alarms", "all"])
def test_run_for_some_resources_emits_only_the_counts_of_its_actions(
    lightsail: Control, deploy: Deploy, capsys: pytest.CaptureFixture[str], level: str
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})

    deploy(Metrics=level)({"resources": ["web"]})

    names = [f"Snapshots{end}" for end in ("Created", "Failed", "Deleted", "Copied")]
    counts = {EAST: dict(zip(names, [1, 0, 0, 0], strict=True))}
    assert metrics(capsys.readouterr().out) == (counts if level == "all" else {})


@pytest.mark.parametrize("action", ["restore", "drill"])
def test_run_that_evaluates_no_protection_emits_no_metrics_for_alarms(
    lightsail: Control, deploy: Deploy, capsys: pytest.CaptureFixture[str], action: str
) -> None:
    """They would end the alarm about a stale resource, and keep quiet the one about no runs."""
    web = lightsail.seed.add_instance("web", tags={"snapshot": None, "snapshot:drill": None})
    at = NIGHT - timedelta(days=3)
    tags = ownership("nightly", web.arn, at)
    lightsail.seed.add_snapshot("web-1", web, tags=tags, created_at=at)
    restored = {"resource": "web"} if action == "restore" else {}

    answer = deploy(EnableRestore="true")({"action": action, **restored})

    assert ("restore", "started") in [(o["action"], o["status"]) for o in answer["outcomes"]]
    assert metrics(capsys.readouterr().out) == {}


def test_dry_run_emits_no_metrics_and_its_records_say_so(
    deploy: Deploy, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it refuses has not failed: no letter has it."""
    log = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", log)
    deploy()({"dryRun": True, "resources": ["unknown"]})

    records = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [(each["message"], each["dryRun"]) for each in records] == [
        ("read failed: unknown", True),
        ("run ended well", True),
    ]
    assert metrics(capsys.readouterr().out) == {}


def test_every_outcome_has_a_log_record_and_the_run_has_one(
    lightsail: Control, deploy: Deploy, caplog: pytest.LogCaptureFixture
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    lightsail.seed.add_instance("bad", tags={"snapshot": None})
    lightsail.inject("CreateInstanceSnapshot", error="AccessDeniedException", resource="bad")

    deploy().failing({"scheduledTime": "2026-03-02T04:50:00Z"})

    by_message = {record.message: record.__dict__ for record in caplog.records}
    assert list(by_message) == [
        "create started: web-20260302T045000Z",
        "create failed: bad-20260302T045000Z",
        "run failed",
    ]
    created = by_message["create started: web-20260302T045000Z"]
    assert [each["operationType"] for each in created["operations"]] == [
        "CreateInstanceSnapshot"
    ] * 2
    assert by_message["run failed"]["summary"]["failed"] == 1
