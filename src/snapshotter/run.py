"""One run, step by step: inventory, plan, apply, report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snapshotter.apply.writing import apply, report_failures
from snapshotter.inputs.event import (
    DrillEvent,
    RegionalEvent,
    ReportEvent,
    RunAction,
    SnapshotEvent,
    SweepEvent,
)
from snapshotter.inputs.settings import Settings
from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.inventory import take_inventory
from snapshotter.model.kinds import INSTANCE
from snapshotter.model.outcome import Outcome
from snapshotter.plan.planning import make_plan
from snapshotter.plan.situation import Situation, assess
from snapshotter.report.answer import Report, make_report

if TYPE_CHECKING:
    from snapshotter.inputs.restore_event import RestoreEvent
    from snapshotter.report.status import StatusReport


def run(
    settings: Settings,
    request: SnapshotEvent | SweepEvent | DrillEvent | RestoreEvent,
    clients: Clients,
) -> Report:
    """Do what the request asks for, as far as time allows.

    What a nightly run does not need is imported where it is used: it would be a tenth of the cold
    start.
    """
    if request.action is RunAction.RESTORE:
        from snapshotter.restore.restoring import restore

        return make_report(settings, request, restore(settings, request, clients))
    situation = read_situation(settings, request, clients)
    if request.action is RunAction.DRILL:
        from snapshotter.restore.restoring import start_drills

        outcomes = start_drills(situation, clients)
    else:
        outcomes = _keep_points(situation, clients, wait_s=request.wait_s)
    if request.action is RunAction.SWEEP and settings.enable_restore:
        from snapshotter.restore.steps import continue_all

        outcomes += continue_all(situation, clients)
    return make_report(settings, request, outcomes, situation)


def _keep_points(situation: Situation, clients: Clients, *, wait_s: int) -> tuple[Outcome, ...]:
    """Create what is due, copy, repair tags and prune."""
    plan = make_plan(situation)
    if situation.request.dry_run:
        planned = tuple(action.outcome("planned") for action in plan.actions)
        return plan.findings + planned + report_failures(plan, clients)
    return plan.findings + apply(plan, clients, wait_s=wait_s)


def report_status(
    settings: Settings, request: ReportEvent, clients: Clients, subscriptions: int | None = None
) -> StatusReport:
    """Read everything, and report how it is and what needs attention. Nothing is written.

    subscriptions: confirmed ones of the topic for letters; None where that is not known.
    """
    from snapshotter.report.status import make_status_report

    # All resources are read and evaluated; the report leaves out what was not asked for.
    situation = read_situation(settings, request.model_copy(update={"resources": None}), clients)
    plan = make_plan(situation)
    failures = report_failures(plan, clients)
    return make_status_report(situation, plan, failures, request, subscriptions)


def read_situation(settings: Settings, request: RegionalEvent, clients: Clients) -> Situation:
    """Read the regions of the request and those that anything is copied to."""
    sees_restores = request.action in (RunAction.SWEEP, RunAction.REPORT)
    inventory = take_inventory(
        clients,
        settings.kinds_read,
        home=request.regions,
        # A tag may name any of the stack's regions for copies, where it copies at all.
        elsewhere=settings.all_regions if settings.copy_to_regions else (),
        # A restore in a region of copies may have steps left.
        kinds_elsewhere=(INSTANCE,) if settings.enable_restore and sees_restores else (),
        policy=settings.policy_name,
    )
    return assess(inventory, settings, request)
