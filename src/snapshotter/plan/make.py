"""All rules of the plan, applied in order."""

from snapshotter.model.outcome import Outcome
from snapshotter.plan.actions import CopySnapshot, CreateSnapshot, DeleteSnapshot, Plan
from snapshotter.plan.confirms import plan_confirms
from snapshotter.plan.copies import plan_copies
from snapshotter.plan.creates import plan_creates
from snapshotter.plan.findings import (
    lost_resources,
    misunderstood_drills,
    misunderstood_tags,
    unknown_names,
    unreadable_regions,
)
from snapshotter.plan.prunes import plan_prunes
from snapshotter.plan.repairs import plan_repairs
from snapshotter.plan.situation import Situation


def make_plan(situation: Situation) -> Plan:
    """Plan everything that a run does. Once it is applied, planning again yields nothing."""
    due = tuple(plan_creates(situation))
    repairs = tuple(plan_repairs(situation))
    elsewhere = tuple(plan_copies(situation, repairs))
    copies = tuple(each for each in elsewhere if isinstance(each, CopySnapshot))
    prunes = tuple(plan_prunes(situation, copies, repairs))
    return Plan(
        creates=tuple(each for each in due if isinstance(each, CreateSnapshot)),
        copies=copies,
        tags=repairs,
        deletes=tuple(each for each in prunes if isinstance(each, DeleteSnapshot)),
        findings=(
            *unreadable_regions(situation),
            *unknown_names(situation),
            *lost_resources(situation),
            *misunderstood_tags(situation),
            *misunderstood_drills(situation),
            *(each for each in (*due, *elsewhere, *prunes) if isinstance(each, Outcome)),
        ),
        failures=tuple(plan_confirms(situation)),
    )
