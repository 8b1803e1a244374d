"""One run, step by step: inventory, plan, apply, report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from snapshotter.apply.actions import apply, planned
from snapshotter.apply.confirm import confirm_snapshot, report_failures, wait_for
from snapshotter.inputs.event import Request, RunAction
from snapshotter.inputs.settings import Settings
from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.inventory import merged, take_inventory
from snapshotter.model.kinds import INSTANCE
from snapshotter.model.outcome import Outcome
from snapshotter.model.times import to_iso
from snapshotter.plan import Plan, Situation, assess, make_plan
from snapshotter.report.answer import Report
from snapshotter.report.attention import find_attention
from snapshotter.report.freshness import newest_points
from snapshotter.report.item import Attention
from snapshotter.report.measures import Measures, measure

if TYPE_CHECKING:
    from snapshotter.report.status import StatusReport


def run(
    settings: Settings, request: Request, clients: Clients, known_regions: frozenset[str]
) -> Report:
    """Do what the request asks for, as far as time allows.

    What a nightly run does not need is imported where it is used: it would be a tenth of the cold
    start.
    """
    measures: Mapping[str, Measures] = {}
    attention: tuple[Attention, ...] = ()
    look = partial(read_situation, settings, request, clients, known_regions)
    if request.action is RunAction.RESTORE:
        from snapshotter.restore.run import run_restore

        outcomes = run_restore(settings, request, clients)
    elif request.action is RunAction.DRILL:
        from snapshotter.drill.run import run_drill

        situation, outcomes = run_drill(look, clients)
        measures = measure(situation, outcomes)
    else:
        situation = look()
        outcomes = _run(situation, clients)
        measures = measure(situation, outcomes)
        if request.action is RunAction.SWEEP and settings.enable_restore:
            from snapshotter.restore.steps import continue_restores

            outcomes += continue_restores(situation, clients)
        attention = find_attention(situation, outcomes, newest_points(situation, outcomes))
    return Report(
        policy=settings.policy_name,
        action=request.action.value,
        scheduled_time=to_iso(request.scheduled_time),
        dry_run=request.dry_run,
        outcomes=outcomes,
        measures=measures,
        attention=sum(not each.stale for each in attention),
    )


def _run(situation: Situation, clients: Clients) -> tuple[Outcome, ...]:
    """Plan, apply, and continue drills, where the run is a sweep."""
    plan, request = make_plan(situation), situation.request
    outcomes = plan.findings + report_failures(plan.failures, clients)
    if request.dry_run:
        outcomes += tuple(map(planned, plan.actions))
    else:
        outcomes += carry_out(plan, request, clients)
    if request.action is RunAction.SWEEP:
        from snapshotter.drill.settle import settle

        outcomes += settle(situation, clients)
    return outcomes


def report_status(
    settings: Settings, request: Request, clients: Clients, known_regions: frozenset[str]
) -> StatusReport:
    """Read everything, and report how it is and what needs attention. Nothing is written."""
    from snapshotter.report.status import make_status_report

    # All resources are read and evaluated; the report leaves out what was not asked for.
    situation = read_situation(settings, replace(request, resources=None), clients, known_regions)
    plan = make_plan(situation)
    failures = report_failures(plan.failures, clients)
    return make_status_report(situation, plan, failures, request)


def read_situation(
    settings: Settings, request: Request, clients: Clients, known_regions: frozenset[str]
) -> Situation:
    """Read the regions of the request and those that anything is to be copied to.

    Regions that only the tag of a resource names are known once the resources are read, so they
    are read in a second step.
    """
    sees_restores = request.action in (RunAction.SWEEP, RunAction.REPORT)
    inventory = take_inventory(
        clients,
        settings.kinds_read,
        home=request.regions,
        elsewhere=settings.copy_to_regions,
        # A restore in a region of copies may have steps left.
        kinds_elsewhere=(INSTANCE,) if settings.enable_restore and sees_restores else (),
        policy=settings.policy_name,
    )
    situation = assess(inventory, settings, request)
    named = {region for each in situation.protections.values() for region in each.copy_to}
    seen = {*inventory.regions, *inventory.unreadable}
    if not (unseen := sorted((named & known_regions) - seen)):
        return situation
    more = take_inventory(
        clients, settings.resource_types, home=(), elsewhere=unseen, policy=settings.policy_name
    )
    return assess(merged(inventory, more), settings, request)


def carry_out(plan: Plan, request: Request, clients: Clients) -> tuple[Outcome, ...]:
    """Apply a plan step by step: deletes come after everything else."""
    created = apply(plan.creates, clients)
    results = zip(plan.creates, created, strict=True)
    started = [action for action, outcome in results if outcome.status == "started"]
    waited = wait_for(started, confirm_snapshot, clients, request.wait_s)
    confirmed = [outcome for _, outcome in waited]
    copied = apply(plan.copies, clients)
    tagged = apply(plan.tags, clients)
    deleted = apply(plan.deletes, clients)
    return (*created, *confirmed, *copied, *tagged, *deleted)
