"""All rules of the plan, applied in order."""

from typing import NamedTuple

from snapshotter.model.outcome import Outcome
from snapshotter.plan.action import Action
from snapshotter.plan.copies import plan_copies, plan_repairs
from snapshotter.plan.creates import plan_creates
from snapshotter.plan.deletions import SeriesVerdict, deletion, plan_deletions
from snapshotter.plan.findings import find, plan_confirms
from snapshotter.plan.situation import Situation


class Plan(NamedTuple):
    """All that a run does; in each region in this order.

    findings: outcomes that need no write: what exists already, must wait, or cannot be understood.
    failures: snapshots in error, to be reported with the error of their operation. verdicts: on
    every snapshot of ours, what becomes of it and why.
    """

    creates: tuple[Action, ...] = ()
    copies: tuple[Action, ...] = ()
    tags: tuple[Action, ...] = ()
    deletes: tuple[Action, ...] = ()
    failures: tuple[Action, ...] = ()
    findings: tuple[Outcome, ...] = ()
    verdicts: tuple[SeriesVerdict, ...] = ()

    @property
    def actions(self) -> tuple[Action, ...]:
        return (*self.creates, *self.copies, *self.tags, *self.deletes)


def make_plan(situation: Situation) -> Plan:
    """Plan everything that a run does. Once it is applied, planning again yields nothing."""
    due = tuple(plan_creates(situation))
    repairs = tuple(plan_repairs(situation))
    elsewhere = tuple(plan_copies(situation, repairs))
    copies = tuple(each for each in elsewhere if isinstance(each, Action))
    verdicts = tuple(plan_deletions(situation, copies, repairs))
    held = (each.held for each in verdicts if each.held)
    return Plan(
        creates=tuple(each for each in due if isinstance(each, Action)),
        copies=copies,
        tags=repairs,
        deletes=tuple(
            deletion(each) for series in verdicts for each in series.verdicts if not each.keep
        ),
        failures=tuple(plan_confirms(situation)),
        findings=(
            *find(situation),
            *(each for each in (*due, *elsewhere) if isinstance(each, Outcome)),
            *held,
        ),
        verdicts=verdicts,
    )
