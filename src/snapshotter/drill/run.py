"""One run that starts drills. The sweeps after it finish them."""

from snapshotter.apply.actions import attempt, in_regions, planned
from snapshotter.apply.restores import read_restored, restore
from snapshotter.apply.steps import set_firewall
from snapshotter.drill.found import firewall_is_set
from snapshotter.drill.plan import plan_drills
from snapshotter.drill.settle import settle
from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.deadline import Deadline
from snapshotter.model.kinds import INSTANCE
from snapshotter.model.outcome import Outcome
from snapshotter.model.tags import PORT
from snapshotter.plan import Situation
from snapshotter.plan.findings import misunderstood_drills, unknown_names, unreadable_regions
from snapshotter.plan.restores import RestoreResource, Step


def run_drill(situation: Situation, clients: Clients, deadline: Deadline) -> tuple[Outcome, ...]:
    """Start the drills that are due, and continue those that exist already."""
    plan = tuple(plan_drills(situation))
    starts = [each for each in plan if isinstance(each, RestoreResource)]
    findings = (
        *unreadable_regions(situation),
        *unknown_names(situation),
        *misunderstood_drills(situation),
        *(each for each in plan if isinstance(each, Outcome)),
    )
    settled = settle(situation, clients, deadline)
    if situation.request.dry_run:
        return (*findings, *settled, *map(planned, starts))
    started = in_regions(starts, clients, lambda action: (_start(action, clients, deadline),))
    return (*findings, *settled, *started)


def _start(action: RestoreResource, clients: Clients, deadline: Deadline) -> Outcome:
    started = attempt(action, deadline, lambda: restore(action, clients[action.region]))
    if started.status == "started" and action.kind is INSTANCE and not deadline.passed():
        _close_ports(action, clients)
    return started


def _close_ports(action: RestoreResource, clients: Clients) -> None:
    """Close the ports that Lightsail opens on every new instance.

    Lightsail may refuse that until the instance runs. The next sweep then does it and reports it.
    """
    client = clients[action.region]
    port = int(action.tags[PORT] or 0) if PORT in action.tags else None
    try:
        made = read_restored(action, client)
        if made is not None and not firewall_is_set(made, port):
            step = Step(action.region, action.kind, action.about, action.reason)
            set_firewall(step, made, port, client)
    except Exception:
        return
