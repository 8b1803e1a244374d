"""An account that people and another stack use while the function works in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from lightsail_moto import Call, Control
from lightsail_moto.exceptions import LightsailError
from lightsail_moto.models import lightsail_backends
from snapshotter.model.times import from_iso, to_iso
from tests.failure.managed import (
    EAST,
    EUROPE,
    HOLD,
    OWNER,
    POLICY,
    SELECTED,
    SOURCE,
    TIME,
    WEST,
    Tags,
    add_copy,
    add_managed,
)

HOME = (EAST, EUROPE)
REGIONS = (*HOME, WEST)
COPY_TO = (WEST, EAST)

Source: TypeAlias = Any
"""The backend's record of an instance, a disk or a database."""
Snapshot: TypeAlias = Any
"""The backend's record of a snapshot."""
Series: TypeAlias = tuple[str | None, str]
"""The ARN of a source, and a region."""
Change: TypeAlias = Callable[[Call], None]

INVALID_VALUES = ("forever", None, "everywhere")
SOURCE_TAGS: tuple[Tags, ...] = (
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
NIGHTS = (
    "none",
    "taken",
    "failed",
    "held",
    "held and failed",
    "copied",
    "copied",
    "copied without tags",
    "copied in error",
)
"""What a source can have from one night."""


@dataclass
class SharedAccount:
    """What people have and do in Lightsail.

    manual: the snapshots that people made, with their tags.
    unselected: a source that has no tags.
    deleted_by_people: series of managed snapshots from which a person deleted one.
    on_calls: changes to make once, at the next call of an operation in a phase.
    """

    lightsail: Control
    sources: list[Source] = field(default_factory=list)
    manual: list[tuple[Snapshot, Tags]] = field(default_factory=list)
    on_calls: list[tuple[str, str, Change]] = field(default_factory=list)
    deleted_by_people: set[Series] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.unselected: Source = self.lightsail.seed.add_instance("unselected", WEST)
        self.lightsail.on_request(self._on_request)

    def add_source(self, kind: str, name: str, region: str, tags: Tags) -> None:
        add = getattr(self.lightsail.seed, f"add_{kind}")
        if (source := unless_refused(lambda: add(name, region, tags=tags))) is not None:
            self.sources.append(source)

    def add_history(self, source: Source, nights: Sequence[str]) -> None:
        """Add the snapshots of earlier nights, each one of NIGHTS, the last night first."""
        for days, night in enumerate(nights, 1):
            if night == "none":
                continue
            snapshot = add_managed(
                self.lightsail,
                source,
                self.lightsail.clock.now() - timedelta(days=days),
                state="error" if night.endswith("failed") else None,
                held="held" in night,
            )
            if night.startswith("copied") and source.type != "RelationalDatabase":
                for region in [each for each in COPY_TO if each != source.region]:
                    add_copy(
                        self.lightsail,
                        snapshot,
                        region,
                        tagged=night != "copied without tags",
                        state="error" if night == "copied in error" else None,
                    )

    def remove_source(self, source: Source | None) -> None:
        if source is not None:
            self.sources.remove(source)
            self.lightsail.seed.remove(source)

    def add_manual(self, name: str, source: Source, region: str, tags: Tags) -> None:
        """A person takes a snapshot, or copies one."""
        add = self.lightsail.seed.add_snapshot
        snapshot = unless_refused(lambda: add(name, source, region, tags=tags))
        if snapshot is not None:
            self.manual.append((snapshot, dict(tags)))

    def add_snapshots_of_another_policy(self, source: Source) -> None:
        """Another stack protects the source too, with a longer retention."""
        for days in (30, 40):
            at = to_iso(self.lightsail.clock.now() - timedelta(days=days))
            tags = {OWNER: "another", SOURCE: source.arn, TIME: at}
            self.add_manual(f"{source.name}-{days}-days-ago", source, source.region, tags)

    def hold(self, snapshot: Snapshot | None) -> None:
        if snapshot is not None:
            snapshot.tags[HOLD] = "audit"

    def release(self, snapshot: Snapshot | None) -> None:
        if snapshot is not None:
            snapshot.tags.pop(HOLD, None)

    def delete(self, snapshot: Snapshot | None) -> None:
        """A person deletes a managed snapshot, available or not."""
        with self.lightsail.lock:
            if snapshot and self.find(snapshot.region, snapshot.name) is snapshot:
                self.deleted_by_people.add(series_of(snapshot))
                self.lightsail.seed.remove(snapshot)

    def find(self, region: str, name: str) -> Any:
        """The resource of this name, or None."""
        return self._backend(region).store.names.get(name)

    def snapshots(self) -> Iterator[Snapshot]:
        """All snapshots, in their present states."""
        with self.lightsail.lock:
            for each in (each for region in REGIONS for each in self._backend(region).store):
                if each.type.endswith("Snapshot"):
                    each.settle(self.lightsail.clock.now())
                    yield each

    def managed(self) -> list[Snapshot]:
        """The snapshots that the function owns."""
        manual = {id(snapshot) for snapshot, _ in self.manual}
        return [
            each
            for each in self.snapshots()
            if each.tags.get(OWNER) == POLICY and id(each) not in manual
        ]

    def _backend(self, region: str) -> Any:
        return lightsail_backends[self.lightsail.account_id][region]

    def _on_request(self, call: Call, phase: str) -> None:
        with self.lightsail.lock:
            for each in self.on_calls:
                if each[:2] == (call.operation, phase):
                    self.on_calls.remove(each)
                    each[2](call)
                    return


def unless_refused(add: Callable[[], Any]) -> Any:
    """The new resource; None if its name is taken, or not legal for its type."""
    try:
        return add()
    except LightsailError:
        return None


def series_of(snapshot: Snapshot) -> Series:
    return (snapshot.tags.get(SOURCE), snapshot.region)


def time_of(snapshot: Snapshot) -> datetime:
    return from_iso(snapshot.tags[TIME] or "")


def is_available(snapshot: Snapshot) -> bool:
    return bool(snapshot.state == snapshot.ready)
