"""What must hold after every single request of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from snapshotter.model.names import from_iso, is_disk_of
from snapshotter.model.tags import DRILL, HOLD, POLICY, RESTORED, RETENTION, SOURCE, STATIC_IP, TIME
from snapshotter.policy.grammar import parse_retention
from snapshotter.policy.retention import evaluate
from tests.interleaving.backend import READY, Record, State
from tests.interleaving.requests import Request

COOLING_OFF = timedelta(days=7)


@dataclass(frozen=True)
class Step:
    """One request of a run, and the account before and after it.

    initial: before anything. now: the time for which the run was scheduled.
    """

    request: Request
    initial: State
    before: State
    after: State
    now: datetime

    @property
    def removed(self) -> Iterator[Record]:
        return (each for key, each in self.before.records.items() if key not in self.after.records)


def broken(step: Step) -> str | None:
    """Name the first promise that a step breaks, with what it touched."""
    for promise, breaks in _PROMISES.items():
        if (what := next(iter(breaks(step)), None)) is not None:
            return f"{promise}: {what}"
    return None


def _foreign(step: Step) -> Iterator[str]:
    """What is not ours is changed or deleted, or a run asks for that though it saw whose it is."""
    before, after, request = step.before.records, step.after.records, step.request
    theirs = {
        key
        for key, record in step.initial.records.items()
        if not (_ours(record) or _was_to_be_tagged(record, step) or record.type == "StaticIp")
    }
    yield from (key[1] for key in theirs | step.before.theirs if before.get(key) != after.get(key))
    if request.operation.startswith(("Delete", "Tag", "Put", "Close")):
        yield from (name for name in request.named if (request.region, name) in theirs)


def _was_to_be_tagged(record: Record, step: Step) -> bool:
    """Whether it is a copy, or a disk of a drill, that an earlier run made and did not tag."""
    ours = [each for each in step.initial.records.values() if _ours(each)]
    if record.is_snapshot:
        return any(record.name == f"{each.name}-{each.region}" for each in ours)
    drills = (each.name for each in ours if DRILL in each.tags)
    return record.type == "Disk" and any(is_disk_of(record.name, drill) for drill in drills)


def _held(step: Step) -> Iterator[str]:
    """A held snapshot is gone, or one held from the beginning is asked to be deleted."""
    yield from (each.name for each in step.removed if HOLD in each.tags)
    if step.request.operation.startswith("Delete"):
        asked = ((step.request.region, name) for name in step.request.named)
        initial = step.initial.records
        yield from (key[1] for key in asked if key in initial and HOLD in initial[key].tags)


def _newest(step: Step) -> Iterator[str]:
    for gone in step.removed:
        series = _ready_series(gone, step.before)
        if gone in series and gone is max(series, key=_time):
            yield gone.name


def _cooling_off(step: Step) -> Iterator[str]:
    """A ready point is gone that a policy written on a point of the last days keeps."""
    for gone in step.removed:
        series = _ready_series(gone, step.before)
        points = [_Point(each) for each in series]
        recent = (each for each in series if _time(each) + COOLING_OFF >= step.now)
        for text in {each.tags.get(RETENTION) for each in recent if gone in series} - {None}:
            kept = evaluate(points, parse_retention(str(text)), now=step.now, timezone=UTC)
            if gone.name in {each.point.name for each in kept if each.keep}:
                yield f"{gone.name} by {text}"


def _drills(step: Step) -> Iterator[str]:
    for gone in step.removed:
        is_drill = _ours(gone) and DRILL in gone.tags and gone.name.startswith("drill-")
        if not gone.is_snapshot and not is_drill:
            yield gone.name


def _addresses(step: Step) -> Iterator[str]:
    """An address is moved to or from an instance that is neither its first nor restored for it."""
    for key, address in step.after.records.items():
        if address.type == "StaticIp" and (before := step.before.records[key]) != address:
            others = {before.attached_to, address.attached_to} - {None}
            for owner in others - {step.initial.records[key].attached_to}:
                restored = step.before.records[address.region, str(owner)].tags
                if RESTORED not in restored or restored.get(STATIC_IP) != address.name:
                    yield f"{address.name} of {owner}"


def _two_for_one_time(step: Step) -> Iterator[str]:
    return _twice(
        (each.region, each.tags.get(SOURCE), each.tags.get(TIME))
        for each in step.after.records.values()
        if each.is_snapshot and _ours(each)
    )


def _restored(step: Step) -> Iterator[str]:
    """Two instances, other than drills, are restored from one point."""
    return _twice(
        each.tags[RESTORED]
        for each in step.after.records.values()
        if each.type == "Instance" and RESTORED in each.tags and DRILL not in each.tags
    )


def _twice(keys: Iterable[object]) -> Iterator[str]:
    return (str(key) for key, number in Counter(keys).items() if number > 1)


_PROMISES: dict[str, Callable[[Step], Iterator[str]]] = {
    "nothing foreign is written to": _foreign,
    "no held snapshot goes": _held,
    "no series loses its newest ready point": _newest,
    "no source has two snapshots for one time": _two_for_one_time,
    "nothing goes that a policy of the last days keeps": _cooling_off,
    "a drill deletes only what it made": _drills,
    "no address is moved to or from a third instance": _addresses,
    "one restore creates one instance": _restored,
}


class _Point:
    """A record as the retention rules look at it."""

    def __init__(self, record: Record) -> None:
        self.name, self.time = record.name, _time(record)
        self.held, self.verified = HOLD in record.tags, False


def _ours(record: Record) -> bool:
    return POLICY in record.tags


def _time(record: Record) -> datetime:
    written = record.tags.get(TIME)
    return from_iso(written) if written else datetime.fromtimestamp(record.created_at, UTC)


def _ready_series(point: Record, state: State) -> list[Record]:
    """The ready points of the same source in the same region."""
    whose = (point.region, point.tags.get(SOURCE))
    return [
        each
        for each in state.records.values()
        if each.is_snapshot and _ours(each) and each.state in READY
        if (each.region, each.tags.get(SOURCE)) == whose
    ]
