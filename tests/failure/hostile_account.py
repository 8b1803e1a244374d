"""An account that people use while the function works in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from lightsail_moto import Call, Control
from lightsail_moto.exceptions import LightsailError
from lightsail_moto.snapshots import Snapshot
from snapshotter.model.times import from_iso, to_iso

EAST, EUROPE, WEST = "us-east-1", "eu-west-1", "us-west-2"
HOME = (EAST, EUROPE)
REGIONS = (*HOME, WEST)
COPY_TO = (WEST, EAST)
POLICY = "nightly"
OWNER, SOURCE, TIME = "snapshotter:policy", "snapshotter:source", "snapshotter:time"
HOLD = "snapshotter:hold"

Tags: TypeAlias = Mapping[str, str | None]
Source: TypeAlias = Any
"""Lightsail's record of an instance, a disk or a database."""
Series: TypeAlias = tuple[str | None, str]
"""The ARN of a source, and a region."""
Deed: TypeAlias = Callable[[Call], None]

SELECTED: Tags = {"snapshot": None, "team": "shop"}
WISHES: tuple[Tags, ...] = (
    SELECTED,
    {"snapshot": "daily"},
    {"snapshot": "", "snapshot:keep": "last=1"},
    {"snapshot": None, "snapshot:keep": "within=2d hourly=2"},
    {"snapshot": None, "snapshot:keep": "forever"},
    {"snapshot": None, "snapshot:keep": None},
    {"snapshot": None, "snapshot:copy-to": "none"},
    {"snapshot": None, "snapshot:copy-to": f"{WEST} mars-north-1"},
    {"snapshot": None, "snapshot:copy-to": "everywhere"},
    {"snapshot": None, OWNER: POLICY, HOLD: "on the source", SOURCE: "arn", TIME: "never"},
    {"snapshot": None, **{f"aws:{n}": str(n) for n in range(3)}},
    {"snapshot": None, **{f"k{n:02}": None for n in range(49)}},
    {"snapshot": " OFF "},
    {"team": "shop"},
)
PASTS = (
    "nothing",
    "taken",
    "failed",
    "held",
    "held, and failed",
    "copied",
    "copied",
    "copied untagged",
    "copied in vain",
)
MISUNDERSTOOD = ("forever", None, "everywhere")


@dataclass
class Ambush:
    """What a person does at the moment when the function makes a certain request."""

    operation: str
    phase: str
    deed: Deed


@dataclass
class Account:
    """What people have and do in Lightsail, beside the function.

    theirs: snapshots that people made, with the tags that they gave them.
    stranger: what nobody asks to protect.
    deleted_by_people: series of ours in which somebody deleted something.
    """

    lightsail: Control
    sources: list[Source] = field(default_factory=list)
    theirs: list[tuple[Snapshot, Tags]] = field(default_factory=list)
    ambushes: list[Ambush] = field(default_factory=list)
    deleted_by_people: set[Series] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.stranger: Source = self.lightsail.seed.add_instance("stranger", WEST)
        self.lightsail.on_request(self._spring)

    def add_source(self, kind: str, name: str, region: str, tags: Tags) -> None:
        add = getattr(self.lightsail.seed, f"add_{kind}")
        if (made := self._try(lambda: add(name, region, tags=tags))) is not None:
            self.sources.append(made)

    def remember(self, source: Source, nights: Sequence[str]) -> None:
        """Give a source a past: what became of each night, the last one first.

        A night is words of PASTS: its snapshot ended in error, is held, was copied, and so on.
        """
        for ago, night in enumerate(nights, 1):
            if night == "nothing":
                continue
            at = self.lightsail.clock.now() - timedelta(days=ago)
            tags = {
                **dict(list(source.tags.items())[:40]),
                OWNER: POLICY,
                SOURCE: source.arn,
                TIME: to_iso(at),
                **({HOLD: "audit"} if "held" in night else {}),
            }
            tags = {key: value for key, value in tags.items() if not key.startswith("aws:")}
            name = f"{source.name}-{at:%Y%m%dT%H%M%SZ}"
            state = "error" if night.endswith("failed") else None
            made = self.lightsail.seed.add_snapshot(
                name, source, tags=tags, created_at=at, state=state
            )
            if night.startswith("copied") and source.type != "RelationalDatabase":
                self._copy(made, night)

    def _copy(self, original: Snapshot, night: str) -> None:
        for region in COPY_TO:
            if region != original.region:
                self.lightsail.seed.add_snapshot(
                    f"{original.name}-{original.region}",
                    original,
                    region,
                    tags={} if night == "copied untagged" else original.tags,
                    created_at=original.created_at,
                    state="error" if night == "copied in vain" else None,
                )

    def remove_source(self, source: Source | None) -> None:
        if source is not None:
            self.sources.remove(source)
            self.lightsail.seed.remove(source)

    def take(self, name: str, source: Source, region: str, tags: Tags) -> None:
        """A person takes a snapshot, or copies one."""
        add = self.lightsail.seed.add_snapshot
        made = self._try(lambda: add(name, source, region, tags=tags))
        if made is not None:
            self.theirs.append((made, dict(tags)))

    def hold(self, snapshot: Snapshot | None) -> None:
        """A person holds one of ours."""
        if snapshot is not None:
            snapshot.tags[HOLD] = "audit"

    def let_go(self, snapshot: Snapshot | None) -> None:
        if snapshot is not None:
            snapshot.tags.pop(HOLD, None)

    def take_for_another_policy(self, source: Source) -> None:
        """Another stack protects this source too, and keeps points that this one would not."""
        for days in (30, 40):
            at = to_iso(self.lightsail.clock.now() - timedelta(days=days))
            tags = {OWNER: "another", SOURCE: source.arn, TIME: at}
            self.take(f"{source.name}-{days}-days-ago", source, source.region, tags)

    def delete(self, snapshot: Snapshot | None) -> None:
        """A person deletes one of ours, ready or not."""
        with self.lightsail.lock:
            if snapshot and self.find(snapshot.region, snapshot.name) is snapshot:
                self.deleted_by_people.add(series_of(snapshot))
                self.lightsail.seed.remove(snapshot)

    def lie_in_wait(self, operation: str, phase: str, deed: Deed) -> None:
        self.ambushes.append(Ambush(operation, phase, deed))

    def find(self, region: str, name: str) -> Any:
        return self.lightsail.rooms[region].store.names.get(name)

    def snapshots(self) -> Iterator[Snapshot]:
        """All snapshots, in their present states."""
        with self.lightsail.lock:
            for region in REGIONS:
                room = self.lightsail.rooms[region]
                yield from (room.settled(each) for each in room.store if isinstance(each, Snapshot))

    def ours(self) -> list[Snapshot]:
        """What carries the function's ownership, but for what a person made."""
        people_s = {id(snapshot) for snapshot, _ in self.theirs}
        return [
            each
            for each in self.snapshots()
            if each.tags.get(OWNER) == POLICY and id(each) not in people_s
        ]

    def _spring(self, call: Call, phase: str) -> None:
        with self.lightsail.lock:
            due = [a for a in self.ambushes if (a.operation, a.phase) == (call.operation, phase)]
            for ambush in due[:1]:
                self.ambushes.remove(ambush)
                ambush.deed(call)

    @staticmethod
    def _try(add: Callable[[], Any]) -> Any:
        """Names may be taken, and long ones may be illegal for a kind: then nobody has it."""
        try:
            return add()
        except LightsailError:
            return None


def series_of(snapshot: Snapshot) -> Series:
    return (snapshot.tags.get(SOURCE), snapshot.region)


def time_of(snapshot: Snapshot) -> datetime:
    return from_iso(snapshot.tags[TIME] or "")


def is_ready(snapshot: Snapshot) -> bool:
    return snapshot.state == snapshot.ready
