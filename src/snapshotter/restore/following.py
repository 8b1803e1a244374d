"""Creates what is planned, and follows it through its steps for as long as the run may take."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, count

from snapshotter.lightsail.pacing import POLL_S
from snapshotter.lightsail.reads import read_resource
from snapshotter.lightsail.refusals import is_late
from snapshotter.model.kinds import DISK, INSTANCE, Status
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.resource import Inventory, Resource
from snapshotter.model.tags import TO_DO
from snapshotter.restore.made import FIREWALL_STEP, GOOD, REMOVE_STEP, Made, Run, words_of
from snapshotter.restore.making import Restore, create
from snapshotter.restore.steps import at_once, proceed

FIREWALL_S = 300
"""For so long a run keeps trying to set a firewall: no sweep may follow."""


@dataclass(slots=True, eq=False)
class _Followed:
    """Something that was made, while the run follows it.

    words: the steps that are left. awaits_result: whether the run has to say what becomes of it; a
    drill reports that itself. disks: those of a drill's instance, which are removed after it.
    ended: a drill is removed, or a restore failed. waiting: what cannot be done yet, as of the last
    time.
    """

    made: Made
    words: tuple[str, ...]
    awaits_result: bool = False
    disks: tuple[str, ...] = ()
    ended: bool = False
    waiting: tuple[Outcome, ...] = ()

    def is_finished(self, waited_s: float, wait_s: float) -> bool:
        if self.ended:
            return True
        if waited_s < FIREWALL_S and FIREWALL_STEP in self.words:
            return False
        return waited_s >= wait_s or not (self.awaits_result or self.words)


def carry_out(
    actions: Sequence[Restore],
    left: Sequence[Made],
    inventory: Inventory,
    run: Run,
    wait_s: float,
) -> Iterator[Outcome]:
    """Create; then follow what was made, and what earlier runs left to do.

    The firewall is tried for minutes in any case: Lightsail opens its own ports on every instance.
    """
    now, began = replace(run, elapsed_s=0), run.clients.deadline.seconds_left()

    def start(action: Restore) -> tuple[list[Outcome], list[_Followed]]:
        created = create(run.clients, action)
        if created.status not in GOOD or not (wait_s or action.kind is INSTANCE):
            return [created], []
        new = Resource(action.kind, action.region, action.target, "", action.action.tags)
        made = Made(new, inventory.regions[action.region])
        each = _Followed(made, words_of(new), awaits_result=wait_s > 0 and not made.is_drill)
        each.disks = action.disks if made.is_drill else ()
        return [created, *_look(now, each)], [each]

    started = at_once(actions, start)
    yield from chain.from_iterable(outcomes for outcomes, _ in started)
    earlier = [_Followed(each, words_of(each.resource)) for each in left]
    yield from chain.from_iterable(at_once(earlier, partial(_look, now)))
    new = chain.from_iterable(followed for _, followed in started)
    yield from _follow([*new, *earlier], run, wait_s, began)


def _follow(followed: list[_Followed], run: Run, wait_s: float, began: float) -> Iterator[Outcome]:
    """Look again and again, until all is done that is possible in the time.

    began: the seconds that were left before anything was made.
    """
    deadline, waited_s = run.clients.deadline, 0.0
    pauses = deadline.pauses(max(wait_s, FIREWALL_S))
    for number in count(1):
        followed = [*followed, *chain.from_iterable(map(_disks, followed))]
        finished = [each for each in followed if each.is_finished(waited_s, wait_s)]
        yield from chain.from_iterable(each.waiting for each in finished)
        followed = [each for each in followed if each not in finished]
        if not followed or next(pauses, False) is False:
            break
        waited_s = max(number * POLL_S, began - deadline.seconds_left())
        look = partial(_look, replace(run, elapsed_s=round(waited_s)))
        yield from chain.from_iterable(at_once(followed, look))
    yield from chain.from_iterable(each.waiting for each in followed)


def _disks(drill: _Followed) -> Iterator[_Followed]:
    """The disks of a drill that is removed."""
    for name in drill.disks if drill.ended else ():
        tags = {**drill.made.resource.tags, TO_DO: REMOVE_STEP}
        disk = replace(drill.made.resource, kind=DISK, name=name, tags=tags)
        yield _Followed(Made(disk, drill.made.there), (REMOVE_STEP,))


def _look(run: Run, each: _Followed) -> list[Outcome]:
    """Read it once, confirm it, and do the steps that are possible now."""
    wanted = each.made.resource
    try:
        client = run.clients[wanted.region]
        found = read_resource(client, wanted.kind, wanted.region, wanted.name)
    except Exception as error:
        # What is left to do is written on it.
        if is_late(error) and each.words:
            reason = "the function ran out of time; the next sweep does the steps that are left"
            action = each.made.about(reason)
            each.waiting = (action.outcome("deferred", out_of_time=True),)
        return []
    if found is None:
        return []
    made = Made(found, each.made.there)
    confirmed = [*_confirm(each, made)]
    progress = proceed(run, made)
    each.words, each.ended = progress.left, each.ended or progress.removed
    # Drills in progress are for the sweeps to report.
    reported = [e for e in progress.outcomes if not (made.is_drill and e.status == "exists")]
    each.waiting = tuple(outcome for outcome in reported if outcome.status not in GOOD)
    return [*confirmed, *(outcome for outcome in reported if outcome.status in GOOD)]


def _confirm(each: _Followed, made: Made) -> Iterator[Outcome]:
    """The result of a restore, once there is one."""
    found = made.resource
    status = found.kind.resource_status(found.state)
    if not each.awaits_result or status not in (Status.READY, Status.FAILED):
        return
    each.awaits_result = False
    if status is Status.READY:
        endpoint = f"; its endpoint is {found.endpoint}" if found.endpoint else ""
        yield made.about(f"ready: {found.state}{endpoint}", "confirm").outcome("exists")
        return
    each.ended = True
    message = f"{found.name}: the restore failed; its state is {found.state}"
    error = ErrorInfo("RestoreFailed", message, "Delete it and restore again")
    yield made.about("", "confirm").outcome("failed", error=error)
