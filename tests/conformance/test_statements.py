"""The backend does what the statements say; where a server does not, the suite names which."""

from __future__ import annotations

import pytest

from conform.__main__ import main
from conform.report import HOLDS
from conform.run import Account
from lightsail_moto import Control
from tests.conformance.deviation_table import DEVIATIONS
from tests.conformance.deviations import Deviation, deviating
from tests.conformance.support import STATEMENTS, failing, results, run_of

ONLY_WHEN_THROTTLED = {"throttling_has_status_400"}


def test_every_statement_holds_for_the_backend(account: Account, backend: Control) -> None:
    backend.page_size = 2
    found = results(run_of(account))

    assert {each.statement.id for each in found if each.result != HOLDS} == ONLY_WHEN_THROTTLED


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda deviation: deviation.what)
def test_a_wrong_answer_is_named(deviation: Deviation, account: Account) -> None:
    with deviating(deviation):
        run = run_of(account)

    assert failing(run) == deviation.breaks


def test_the_command_checks_the_backend_over_http(capsys: pytest.CaptureFixture[str]) -> None:
    assert main({"AWS_PROFILE": "no-such-profile"}) == 0
    lines = capsys.readouterr().out.splitlines()

    assert lines[-1] == f"{len(STATEMENTS) - 1} of {len(STATEMENTS)} statements hold."
    assert "  How many items does a page have?" in lines
