"""One run of the suite, and what came of it."""

from __future__ import annotations

from contextlib import suppress

from conform.run import Account, Run, Stopped
from conform.scenario import cheapest, scenario
from conform.statements import FAILS, Verdict, table, verdicts

STARTED = "20261126T063600Z"
STATEMENTS = table()


def run_of(account: Account, started: str = STARTED, *, database: bool = True) -> Run:
    """A run to its end, or to the step that stopped it."""
    run = Run(account, started)
    with suppress(Stopped):
        scenario(run, cheapest(run, database=database))
    return run


def results(run: Run) -> list[Verdict]:
    return list(verdicts(STATEMENTS, run.seen))


def failing(run: Run) -> set[str]:
    """The statements that do not hold."""
    return {each.statement.id for each in results(run) if each.result == FAILS}
