"""One run that starts drills. The sweeps after it finish them."""

from collections.abc import Callable, Iterator

from snapshotter.apply.actions import attempt, in_regions, planned
from snapshotter.apply.restores import start
from snapshotter.apply.steps import set_firewall
from snapshotter.drill.found import drills_by_source, firewall_is_set
from snapshotter.drill.plan import plan_drills
from snapshotter.drill.settle import settle
from snapshotter.lightsail.clients import Clients
from snapshotter.model.firewall import only_tcp
from snapshotter.model.outcome import Outcome
from snapshotter.model.tags import CHECK
from snapshotter.plan import Situation
from snapshotter.plan.findings import misunderstood_drills, unknown_names, unreadable_regions
from snapshotter.plan.restores import RestoreResource
from snapshotter.plan.steps import Step
from snapshotter.policy.drilling import parse_drilling


def run_drill(
    look: Callable[[], Situation], clients: Clients
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
    settled = settle(situation, clients)
    if situation.request.dry_run:
        return situation, (*findings, *settled, *map(planned, starts))
    began = clients.deadline.seconds_left()
    started = in_regions(starts, clients, lambda action: (_start(clients, action),))
    finished = _wait(look, clients, situation.request.wait_s if starts else 0, began)
    return situation, (*findings, *settled, *started, *finished)


def _wait(
    look: Callable[[], Situation], clients: Clients, wait_s: float, began: float
) -> Iterator[Outcome]:
    """Continue the drills until all are finished, for at most wait_s seconds.

    Yields the outcomes of finished drills; those in progress are for the sweeps to report.
    """
    for _ in clients.deadline.pauses(wait_s):
        situation = look()
        elapsed_s = round(began - clients.deadline.seconds_left())
        settled = settle(situation, clients, elapsed_s=elapsed_s)
        yield from (each for each in settled if each.status != "exists")
        if not drills_by_source(situation):
            return


def _start(clients: Clients, action: RestoreResource) -> Outcome:
    """Create the resource, and close the ports that Lightsail opens on every new instance.

    Lightsail may refuse that until the instance runs. The next sweep then does it and reports it.
    """
    started, instance = start(clients, action)
    check = parse_drilling(action.tags.get(CHECK) or "")
    port = check.port if check else None
    if instance is not None and not firewall_is_set(instance, port):
        step = Step(action.region, action.kind, action.about, action.reason)
        attempt(clients, step, set_firewall, instance, only_tcp(port))
    return started
