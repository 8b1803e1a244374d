"""What must hold, whatever happens: after every request, and after every run.

The account before and after is compared as values. Nothing here uses what the function decides
with, but the rules of retention alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple, cast

from lightsail_moto import Control
from snapshotter.model.firewall import from_ports, to_tags
from snapshotter.model.names import from_iso, is_disk_of
from snapshotter.model.tags import (
    DRILL,
    HOLD,
    POLICY,
    RESTORED,
    RETENTION,
    SOURCE,
    STATIC_IP,
    TIME,
    Tags,
)
from snapshotter.policy.grammar import Retention, RetentionError, parse_retention
from snapshotter.policy.retention import evaluate
from tests.support.accounts import OURS

Key = tuple[str, str]
"""A region and a name."""
READY = ("available", "completed", "running", "in-use")


@dataclass(frozen=True)
class Record:
    """One resource or snapshot, at one moment. text: all that lists show of it."""

    region: str
    type: str
    name: str
    arn: str
    state: str
    tags: Tags
    created_at: datetime
    firewall: str
    attached_to: str | None
    text: str

    @property
    def key(self) -> Key:
        return self.region, self.name

    @property
    def is_snapshot(self) -> bool:
        return self.type.endswith("Snapshot")

    @property
    def is_pending(self) -> bool:
        return self.state in ("pending", "creating")

    @property
    def is_ours(self) -> bool:
        return self.tags.get(POLICY) == OURS

    @property
    def is_point(self) -> bool:
        """Whether it is a recovery point of ours."""
        return self.is_snapshot and self.is_ours and self.state in READY

    @property
    def series(self) -> Key:
        return self.region, self.tags.get(SOURCE) or ""

    @property
    def retention(self) -> Retention | None:
        try:
            return parse_retention(self.tags.get(RETENTION) or "")
        except RetentionError:
            return None

    # As the rules of retention look at it, apart from what a hold or a drill keeps.
    held, verified = False, False

    @property
    def time(self) -> datetime:
        return from_iso(self.tags[TIME] or "") if TIME in self.tags else self.created_at


Records = Mapping[Key, Record]


def read_records(account: Control) -> dict[Key, Record]:
    """All that is in an account."""
    with account.lock:
        found = [
            _record(each, backend.describe(backend.settled(each)))
            for backend in list(account.backends.values())
            for each in backend.store
        ]
    return {each.key: each for each in sorted(found, key=lambda each: each.key)}


def _record(resource: Any, shown: Mapping[str, Any]) -> Record:
    ports = shown.get("networking", {}).get("ports", ())
    return Record(
        region=resource.region,
        type=resource.type,
        name=resource.name,
        arn=resource.arn,
        state=resource.state,
        tags=dict(resource.tags),
        created_at=resource.created_at,
        firewall=" ".join((to_tags(from_ports(ports)) or {}).values()) if ports else "",
        attached_to=shown.get("attachedTo"),
        text=json.dumps(shown, sort_keys=True, default=str),
    )


class Write(NamedTuple):
    """A request that deletes or changes something, with the tags that this had then.

    done: whether it had an effect.
    """

    operation: str
    key: Key
    tags: Tags
    done: bool


@dataclass(frozen=True)
class Step:
    """What a run did: one request of it, or all of them.

    seen: what the run may have read: the account before its first request, or before anything.
    now: the time for which the run was scheduled. theirs: what people made. untouched: the ARNs of
    sources of which nothing may be pruned. excepted: series that somebody else changed meanwhile.
    """

    seen: Records
    before: Records
    after: Records
    now: datetime
    writes: Iterable[Write] = ()
    theirs: frozenset[Key] = frozenset()
    untouched: frozenset[str] = frozenset()
    excepted: frozenset[Key] = frozenset()
    cooling_off: timedelta = timedelta(days=7)

    @property
    def removed(self) -> Iterator[Record]:
        return (each for key, each in self.before.items() if key not in self.after)

    @property
    def removed_points(self) -> Iterator[Record]:
        return (each for each in self.removed if each.is_point and each.series not in self.excepted)

    def points(self, series: Key) -> list[Record]:
        """The points of a series before or after, newest first."""
        found = {each.arn: each for there in (self.before, self.after) for each in there.values()}
        points = [each for each in found.values() if each.is_point and each.series == series]
        return sorted(points, key=lambda each: (each.time, each.name), reverse=True)


def broken(step: Step) -> str | None:
    """Name the first promise that a step breaks, with what it touched."""
    for promise, breaks in _PROMISES.items():
        if (what := next(iter(breaks(step)), None)) is not None:
            return f"{promise}: {what}"
    return None


def _foreign(step: Step) -> Iterator[str]:
    """What is not ours is changed or deleted, or a run asks for that though it saw whose it is."""
    for key in step.theirs:
        before, after = step.before.get(key), step.after.get(key)
        if before and (after is None or _identity(before) != _identity(after)):
            yield key[1]
    for write in step.writes:
        seen, before = step.seen.get(write.key), step.before.get(write.key)
        if write.key in step.theirs and seen and before and seen.arn == before.arn:
            yield write.key[1]
        if write.done and write.operation.endswith("Snapshot") and write.tags.get(POLICY) != OURS:
            yield write.key[1]


def _identity(record: Record) -> tuple[Any, ...]:
    return record.arn, record.tags, record.firewall


def foreign(records: Records) -> frozenset[Key]:
    """What people and other stacks have: not what earlier runs made and have not tagged yet."""
    ours = [each for each in records.values() if each.is_ours]
    copies = {f"{each.name}-{each.region}": each.type for each in ours if each.is_snapshot}
    drills = [each.name for each in ours if DRILL in each.tags]
    return frozenset(
        each.key
        for each in records.values()
        if not each.is_ours and each.type != "StaticIp"
        if POLICY in each.tags or copies.get(each.name) != each.type
        if not (each.type == "Disk" and any(is_disk_of(each.name, drill) for drill in drills))
    )


def _held(step: Step) -> Iterator[str]:
    """A held snapshot is deleted, or one that was held when the run read it is asked for."""
    for each in step.writes:
        if each.operation.startswith("Delete") and each.operation.endswith("Snapshot"):
            seen = step.seen.get(each.key)
            if (each.done and HOLD in each.tags) or (seen and HOLD in seen.tags):
                yield each.key[1]


def _newest(step: Step) -> Iterator[str]:
    return (each.name for each in step.removed_points if each is step.points(each.series)[0])


def _untouched(step: Step) -> Iterator[str]:
    points = (each for each in step.removed_points if each.series[1] in step.untouched)
    return (each.name for each in points)


def _copied(step: Step) -> Iterator[str]:
    for gone in step.removed_points:
        copies = (each for each in step.before.values() if each.is_snapshot and not each.is_point)
        if f"{gone.name}-{gone.region}" in {each.name for each in copies if each.is_pending}:
            yield gone.name


def _cooling_off(step: Step) -> Iterator[str]:
    """A point is gone that a policy keeps which still speaks, or that records its change.

    A policy speaks while it is the newest point's, and for some days after the first point under
    another one was created. Both points stay until then, since they are the record of the change.
    """
    for gone in step.removed_points if step.cooling_off else ():
        points = step.points(gone.series)
        carriers = [
            each
            for each in points[::-1]
            if each.retention and each.key in step.seen and each.time <= step.now
        ]
        changes = [
            (earlier, later)
            for earlier, later in pairwise(carriers)
            if earlier.retention != later.retention
            and later.created_at + step.cooling_off > step.now
        ]
        if any(gone in change for change in changes):
            yield f"{gone.name}, the record of a change"
        for carrier in (*(earlier for earlier, _ in changes), *carriers[-1:]):
            assert carrier.retention
            kept: Any = evaluate(cast(Any, points), carrier.retention, now=step.now, timezone=UTC)
            if any(each.keep and each.point is gone for each in kept):
                yield f"{gone.name}, by {carrier.retention}"


def _drills(step: Step) -> Iterator[str]:
    for each in step.writes:
        is_drill = each.tags.get(POLICY) == OURS and DRILL in each.tags
        of_drill = is_drill and each.key[1].startswith("drill-")
        if each.operation in ("DeleteInstance", "DeleteDisk", "DeleteRelationalDatabase"):
            yield from () if of_drill or not each.done else (each.key[1],)


def _addresses(step: Step) -> Iterator[str]:
    """An address is moved to or from an instance that is neither its first nor restored for it."""
    for key, address in step.after.items():
        if address.type == "StaticIp" and (before := step.before[key]) != address:
            others = {before.attached_to, address.attached_to} - {None}
            for owner in others - {step.seen[key].attached_to}:
                restored = step.before[address.region, str(owner)].tags
                if RESTORED not in restored or restored.get(STATIC_IP) != address.name:
                    yield f"{address.name} of {owner}"


def _two_for_one_time(step: Step) -> Iterator[str]:
    return _twice(
        (*each.series, each.tags.get(TIME))
        for each in step.after.values()
        if each.is_snapshot and each.is_ours and each.key not in step.theirs
    )


def _restored(step: Step) -> Iterator[str]:
    """Two instances, other than drills, are restored from one point."""
    return _twice(
        each.tags[RESTORED]
        for each in step.after.values()
        if each.type == "Instance" and RESTORED in each.tags and DRILL not in each.tags
    )


def _twice(keys: Iterable[object]) -> Iterator[str]:
    return (str(key) for key, number in Counter(keys).items() if number > 1)


_PROMISES: dict[str, Callable[[Step], Iterator[str]]] = {
    "nothing foreign is written to": _foreign,
    "no held snapshot goes": _held,
    "no series loses its newest point": _newest,
    "nothing is pruned where the owner's wish is not known": _untouched,
    "no original goes before its copy is ready": _copied,
    "nothing goes that a policy of the last days keeps": _cooling_off,
    "no source has two snapshots for one time": _two_for_one_time,
    "only what a drill made is deleted": _drills,
    "no address is moved to or from a third instance": _addresses,
    "one restore creates one instance": _restored,
}
