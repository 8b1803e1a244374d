"""The backend does what the statements say; where a server does not, the suite names which."""

from __future__ import annotations

from typing import Any

import pytest

from conform.__main__ import main
from conform.run import Account, Run, Stopped
from conform.scenario import cheapest, scenario
from conform.statements import HOLDS
from lightsail_moto import Control, LightsailBackend
from tests.conformance.support import STARTED, STATEMENTS, failing, results, run_of

ONLY_WHEN_THROTTLED = {"throttling_has_status_400"}


def test_every_statement_holds_for_the_backend(account: Account, backend: Control) -> None:
    backend.page_size = 2
    found = results(run_of(account))

    assert {each.statement.id for each in found if each.result != HOLDS} == ONLY_WHEN_THROTTLED


DEVIATIONS = {
    ("CreateInstanceSnapshot", "operations", "operationType"): {"create-instance-snapshot"},
    ("DeleteDiskSnapshot", "operations", "status"): {"delete-disk-snapshot"},
    ("GetInstance", "instance", "arn"): {
        "arns_have_a_uuid",
        "instance_snapshot_names_its_source",
        "lists_have_what_was_created",
    },
    ("CloseInstancePublicPorts", "operation", "operationDetails"): {"close-port"},
}


@pytest.mark.parametrize(("where", "breaks"), DEVIATIONS.items())
def test_a_wrong_answer_is_named(
    where: tuple[str, str, str],
    breaks: set[str],
    account: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong, key, member = where
    correct = LightsailBackend.perform

    def perform(self: LightsailBackend, operation: str, *given: Any, **options: Any) -> Any:
        answer = correct(self, operation, *given, **options)
        if operation == wrong:
            found = answer[key]
            (found[0] if isinstance(found, list) else found)[member] = "wrong"
        return answer

    monkeypatch.setattr(LightsailBackend, "perform", perform)

    assert failing(run_of(account)) == breaks


def test_the_command_checks_the_backend_over_http(capsys: pytest.CaptureFixture[str]) -> None:
    assert main({"AWS_PROFILE": "no-such-profile"}) == 0
    lines = capsys.readouterr().out.splitlines()

    assert lines[-1] == f"{len(STATEMENTS) - 1} of {len(STATEMENTS)} statements hold."


DISK_SNAPSHOT = f"lightsail-conformance-{STARTED}-disk-1"


def test_a_request_that_is_refused_for_a_while_is_made_again(
    account: Account, backend: Control
) -> None:
    backend.snapshot_seconds = 120
    backend.inject(
        "CreateDiskSnapshot",
        error="InvalidInputException",
        message="busy",
        resource=DISK_SNAPSHOT,
        times=3,
    )
    run = run_of(account)

    assert (len(run.seen.all_of("busy")), failing(run)) == (3, set())


def test_a_request_that_stays_refused_ends_the_run(account: Account, backend: Control) -> None:
    backend.inject(
        "CreateDiskSnapshot",
        error="InvalidInputException",
        message="broken",
        resource=DISK_SNAPSHOT,
        times=None,
    )
    run = Run(account, STARTED)

    with pytest.raises(Stopped, match=r"^create-disk-snapshot: CreateDiskSnapshot was refused: "):
        scenario(run, cheapest(run, database=False))
    assert len(run.seen.all_of("busy")) == 30


def test_a_throttled_request_is_made_again_and_its_form_is_checked(
    account: Account, backend: Control
) -> None:
    backend.inject("GetDisks", error="ThrottlingException", times=2)
    found = results(run_of(account))

    assert [each for each in found if each.result != HOLDS] == []
