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
    COPY_TO,
    HOLD,
    OWNER,
    POLICY,
    REGIONS,
    SOURCE,
    TIME,
    WEST,
    Tags,
    add_copy,
    add_managed,
)
from tests.failure.owner_tags import ABSENT, Source

Snapshot: TypeAlias = Any
"""The backend's record of a snapshot."""
Series: TypeAlias = tuple[str | None, str]
"""The ARN of a source, and a region."""
Change: TypeAlias = Callable[[Call], None]

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
WRITTEN = (None, "daily=30", "last=1", "last=1 monthly=2", "last=2 daily=3", "forever")
"""The policy that the snapshot of one night can carry."""


@dataclass
class SharedAccount:
    """What people have and do in Lightsail.

    manual: the snapshots that people made, with their tags.
    unselected: a source that has no tags.
    deleted_by_people: managed snapshots that a person deleted, since the run started.
    on_calls: changes to make once, at the next call of an operation in a phase.
    """

    lightsail: Control
    sources: list[Source] = field(default_factory=list)
    manual: list[tuple[Snapshot, Tags]] = field(default_factory=list)
    on_calls: list[tuple[str, str, Change]] = field(default_factory=list)
    deleted_by_people: list[Snapshot] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.unselected: Source = self.lightsail.seed.add_instance("unselected", WEST)
        self.lightsail.on_request(self._on_request)

    def add_source(self, kind: str, name: str, region: str, tags: Tags) -> None:
        add = getattr(self.lightsail.seed, f"add_{kind}")
        if (source := unless_refused(lambda: add(name, region, tags=tags))) is not None:
            self.sources.append(source)

    def add_history(self, source: Source, nights: Sequence[tuple[str, str | None]]) -> None:
        """Add the snapshots of earlier nights, the last night first.

        nights: of each night one of NIGHTS, and one of WRITTEN.
        """
        for days, (night, written) in enumerate(nights, 1):
            if night == "none":
                continue
            snapshot = add_managed(
                self.lightsail,
                source,
                self.lightsail.clock.now() - timedelta(days=days),
                state="error" if night.endswith("failed") else None,
                held="held" in night,
                retention=written,
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

    def set_tag(self, source: Source | None, key: str, value: str | None) -> None:
        if source is not None:
            kept = {each: source.tags[each] for each in source.tags if each != key}
            source.tags = kept if value == ABSENT else {**kept, key: value}

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
                self.deleted_by_people.append(snapshot)
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
