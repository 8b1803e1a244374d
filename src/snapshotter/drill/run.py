"""The journey of a run that starts drills; the sweeps after it end them."""

from snapshotter.apply import attempt, in_regions, planned
from snapshotter.clients import Clients
from snapshotter.deadline import Deadline
from snapshotter.drill.plan import plan_drills
from snapshotter.drill.settle import settle
from snapshotter.drill.writes import Step, firewall_is_set, set_firewall
from snapshotter.kinds import INSTANCE
from snapshotter.model import Outcome
from snapshotter.plan import Situation
from snapshotter.plan.findings import misunderstood_drills, unknown_names, unreadable_regions
from snapshotter.restore.action import RestoreResource
from snapshotter.restore.apply import read_made, restore
from snapshotter.tags import PORT


def run_drill(situation: Situation, clients: Clients, deadline: Deadline) -> tuple[Outcome, ...]:
    """Start the drills that are due, and carry on those that are there already."""
    plan = tuple(plan_drills(situation))
    starts = [each for each in plan if isinstance(each, RestoreResource)]
    told = (
        *unreadable_regions(situation),
        *unknown_names(situation),
        *misunderstood_drills(situation),
        *(each for each in plan if isinstance(each, Outcome)),
    )
    settled = settle(situation, clients, deadline)
    if situation.request.dry_run:
        return (*told, *settled, *map(planned, starts))
    begun = in_regions(starts, clients, lambda action: (_start(action, clients, deadline),))
    return (*told, *settled, *begun)


def _start(action: RestoreResource, clients: Clients, deadline: Deadline) -> Outcome:
    begun = attempt(action, deadline, lambda: restore(action, clients[action.region]))
    if begun.status == "started" and action.kind is INSTANCE and not deadline.passed():
        _close_up(action, clients)
    return begun


def _close_up(action: RestoreResource, clients: Clients) -> None:
    """Close at once what Lightsail opens on every new instance, if it lets us so early.

    If it does not, the next sweep does it, and says so.
    """
    client = clients[action.region]
    port = int(action.tags[PORT] or 0) if PORT in action.tags else None
    try:
        made = read_made(action, client)
        if made is not None and not firewall_is_set(made, port):
            step = Step(action.region, action.kind, action.about, action.reason)
            set_firewall(step, made, port, client)
    except Exception:
        return
