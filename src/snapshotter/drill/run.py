"""One run that starts drills. The sweeps after it finish them."""

from collections.abc import Callable

from snapshotter.apply.actions import attempt, in_regions, planned
from snapshotter.apply.restores import read_restored, restore
from snapshotter.apply.steps import set_firewall
from snapshotter.drill.found import drills_by_source, firewall_is_set
from snapshotter.drill.plan import plan_drills
from snapshotter.drill.settle import settle
from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.deadline import Deadline
from snapshotter.model.firewall import only_tcp
from snapshotter.model.kinds import INSTANCE
from snapshotter.model.outcome import Outcome
from snapshotter.model.tags import CHECK
from snapshotter.plan import Situation
from snapshotter.plan.findings import misunderstood_drills, unknown_names, unreadable_regions
from snapshotter.plan.restores import RestoreResource, Step
from snapshotter.policy.drilling import parse_drilling


def run_drill(
    look: Callable[[], Situation], clients: Clients, deadline: Deadline
) -> tuple[Situation, tuple[Outcome, ...]]:
    """Start the drills that are due, and continue those that exist already.

    look: reads the situation; again and again while the event asks to wait.
    Returns the first situation, and the outcomes.
    """
    situation = look()
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
        return situation, (*findings, *settled, *map(planned, starts))
    began = deadline.seconds_left()
    started = in_regions(starts, clients, lambda action: (_start(action, clients, deadline),))
    finished = _wait(look, situation.request.wait_s if starts else 0, began, clients, deadline)
    return situation, (*findings, *settled, *started, *finished)


def _wait(
    look: Callable[[], Situation],
    wait_s: float,
    began: float,
    clients: Clients,
    deadline: Deadline,
) -> tuple[Outcome, ...]:
    """Continue the drills until all are finished, for at most wait_s seconds.

    Returns the outcomes of finished drills; those in progress are for the sweeps to report.
    """
    finished: list[Outcome] = []
    for _ in deadline.pauses(wait_s):
        situation = look()
        elapsed_s = round(began - deadline.seconds_left())
        finished += [
            each
            for each in settle(situation, clients, deadline, elapsed_s=elapsed_s)
            if each.status != "exists"
        ]
        if not drills_by_source(situation):
            break
    return tuple(finished)


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
    check = parse_drilling(action.tags.get(CHECK) or "")
    port = check.port if check else None
    try:
        made = read_restored(action, client)
        if made is not None and not firewall_is_set(made, port):
            step = Step(action.region, action.kind, action.about, action.reason)
            set_firewall(step, made, only_tcp(port), client)
    except Exception:
        return
