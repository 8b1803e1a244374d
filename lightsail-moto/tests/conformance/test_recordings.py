"""Recordings of live runs: what is removed from them, and the backend beside each of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conform.backend import emulated
from conform.cleanup import clean
from conform.compare import compare
from conform.recordings import ROOT, STARTED, NotScrubbed, read, record
from conform.report import FAILS, verdicts
from conform.run import Account, Run
from conform.transcript import Exchange, Transcript
from lightsail_moto import Control
from tests.conformance.support import STATEMENTS, run_of

NONE_YET = pytest.param(
    None,
    marks=pytest.mark.skip(reason="no live run is recorded yet: docs/conformance.md has how"),
    id="none",
)
recordings = pytest.mark.parametrize(
    "path", sorted(ROOT.glob("*.json")) or [NONE_YET], ids=lambda path: path.stem
)


@recordings
def test_the_statements_hold_for_a_recording(path: Path) -> None:
    _, seen = read(path)

    assert [each for each in verdicts(STATEMENTS, seen) if each.result == FAILS] == []


@recordings
def test_the_backend_answers_what_was_recorded(
    path: Path, backend: Control, tmp_path: Path
) -> None:
    recording, seen = read(path)
    account = emulated(region=recording["region"])
    found = run_of(account, database="create-database" in {each.step for each in seen})

    assert list(compare(seen, recorded(found, tmp_path))) == []


def recorded(run: Run, folder: Path) -> Transcript:
    return read(record(run, "no account", folder))[1]


def test_two_runs_of_the_same_account_have_the_same_recording(
    account: Account, tmp_path: Path
) -> None:
    first = recorded(run_of(account), tmp_path)
    clean(account)
    second = recorded(run_of(account, "20261127T000000Z"), tmp_path)

    assert list(compare(first, second)) == []


def test_every_kind_of_difference_is_found(account: Account, tmp_path: Path) -> None:
    run = run_of(account)
    before = recorded(run, tmp_path)
    run.seen("get-instance").answer["instance"]["bundleId"] = "large_3_0"
    del run.seen("get-instance").answer["instance"]["username"]
    run.seen("create-disk").answer["operations"][0]["extra"] = True
    run.seen("delete-disk").answer["operations"].clear()
    run.seen.remove(run.seen("release-static-ip"))

    assert list(compare(before, recorded(run, tmp_path))) == [
        "create-disk: answer.operations[0].extra was not recorded: True",
        "get-instance: answer.instance.bundleId was 'nano_3_0', is 'large_3_0'",
        "get-instance: answer.instance.username is missing: 'ec2-user'",
        f"delete-disk: answer.operations was {before('delete-disk').operations!r}, is []",
        "the step release-static-ip was not reached",
    ]


def test_what_the_scenario_does_not_have_is_not_compared(account: Account, tmp_path: Path) -> None:
    run = run_of(account)
    before = recorded(run, tmp_path)
    before.append(Exchange(**vars(before[0]) | {"step": "throttled"}))

    assert list(compare(before, recorded(run, tmp_path))) == []


def exchange(**answer: Any) -> Exchange:
    return Exchange(
        step="x", operation="GetInstance", region="us-east-1", request={}, answer=answer
    )


def test_account_address_and_key_data_are_removed(account: Account, tmp_path: Path) -> None:
    uuid = "d874c8e9-bec5-4bec-9f01-ed5538dc79a3"
    run = Run(account, "20261126T063600Z")
    run.seen.append(
        exchange(
            arn=f"arn:aws:lightsail:us-east-1:111122223333:Instance/{uuid}",
            name=run.name("instance"),
            supportCode="987654/i-1",
            message="User: arn:aws:sts::111122223333:assumed-role/admin/alice is not authorized",
            publicIpAddress="52.1.2.3",
            ipv6Addresses=["2600::1"],
            privateKeyBase64="secret",
            masterEndpoint={"address": "ls-1.abc.rds.amazonaws.com", "port": 3306},
        )
    )
    path = record(run, "111122223333", tmp_path)

    assert json.loads(path.read_text())["exchanges"][0]["answer"] == {
        "arn": "arn:aws:lightsail:us-east-1:123456789012:"
        "Instance/00000000-0000-0000-0000-000000000001",
        "name": f"snapshotter-conformance-{STARTED}-instance",
        "supportCode": "removed",
        "message": "User: arn:aws:sts::123456789012:assumed-role/removed is not authorized",
        "publicIpAddress": "192.0.2.1",
        "ipv6Addresses": ["2001:db8::1"],
        "privateKeyBase64": "removed",
        "masterEndpoint": {"address": "removed", "port": 3306},
    }


def test_an_address_in_another_member_stops_the_recording(account: Account, tmp_path: Path) -> None:
    run = Run(account, "20261126T063600Z")
    run.seen.append(exchange(note="reached 52.1.2.3"))

    with pytest.raises(NotScrubbed, match=r"52\.1\.2\.3"):
        record(run, "111122223333", tmp_path)
    assert list(tmp_path.iterdir()) == []
