"""The backend does what the statements say; where a server does not, the suite names which."""

from __future__ import annotations

import pytest

from conform.report import HOLDS
from conform.run import Account
from tests.conformance.deviations import DEVIATIONS, Deviation, deviating
from tests.conformance.support import failing, results, run_of

ONLY_WHEN_THROTTLED = {"throttling_has_status_400"}


def test_every_statement_holds_for_the_backend(account: Account) -> None:
    found = results(run_of(account))

    assert {each.statement.id for each in found if each.result != HOLDS} == ONLY_WHEN_THROTTLED


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda deviation: deviation.what)
def test_a_wrong_answer_is_named(deviation: Deviation, account: Account) -> None:
    with deviating(deviation):
        run = run_of(account)

    assert failing(run) == deviation.breaks
