"""The rules, put together."""

from snapshotter.model.outcome import Outcome
from snapshotter.plan.actions import CopySnapshot, CreateSnapshot, Plan
from snapshotter.plan.confirms import plan_confirms
from snapshotter.plan.copies import plan_copies
from snapshotter.plan.creates import plan_creates
from snapshotter.plan.findings import (
    misunderstood_drills,
    misunderstood_tags,
    unknown_names,
    unreadable_regions,
)
from snapshotter.plan.prunes import plan_prunes
from snapshotter.plan.repairs import plan_repairs
from snapshotter.plan.situation import Situation


def make_plan(situation: Situation) -> Plan:
    """Decide everything that the run will do. Planned again on the world as applied: nothing."""
    due = tuple(plan_creates(situation))
    repairs = tuple(plan_repairs(situation))
    elsewhere = tuple(plan_copies(situation, repairs))
    copies = tuple(each for each in elsewhere if isinstance(each, CopySnapshot))
    return Plan(
        creates=tuple(each for each in due if isinstance(each, CreateSnapshot)),
        copies=copies,
        tags=repairs,
        deletes=tuple(plan_prunes(situation, copies, repairs)),
        findings=(
            *unreadable_regions(situation),
            *unknown_names(situation),
            *misunderstood_tags(situation),
            *misunderstood_drills(situation),
            *(each for each in (*due, *elsewhere) if isinstance(each, Outcome)),
        ),
        failures=tuple(plan_confirms(situation)),
    )
