"""An account that people and another stack use while the function works in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from lightsail_moto import Call, Control
from lightsail_moto.exceptions import LightsailError
from snapshotter.model.tags import HOLD, POLICY, RETENTION, SOURCE, TIME
from tests.support.accounts import (
    DAY,
    EAST,
    EUROPE,
    SELECTED,
    WEST,
    Source,
    Tags,
    add_copy,
    add_point,
)
from tests.support.invariants import Key, Record, read_records

HOME, COPY_TO = (EAST, EUROPE), (WEST, EAST)
REGIONS = (*HOME, WEST)
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

INVALID: dict[str, tuple[str | None, ...]] = {
    "snapshot:keep": ("forever", None),
    "snapshot:copy-to": ("everywhere", f"{WEST} mars-north-1"),
    "snapshot:kept": ("daily=30",),
}
SOURCE_TAGS: tuple[Tags, ...] = (
    SELECTED,
    {"snapshot": "daily"},
    {"snapshot": "", "snapshot:keep": "last=1"},
    {"snapshot": None, "snapshot:keep": "within=2d hourly=2"},
    {"snapshot": None, "snapshot:copy-to": "none"},
    *({"snapshot": None, key: value} for key, values in INVALID.items() for value in values),
    {
        "snapshot": None,
        **dict.fromkeys((POLICY, HOLD, SOURCE, TIME), "on the source"),
        RETENTION: "all",
    },
    {"snapshot": None, **{f"aws:{n}": str(n) for n in range(3)}},
    {"snapshot": None, **{f"k{n:02}": None for n in range(49)}},
    {"snapshot": " OFF "},
    {"team": "shop"},
)
ABSENT = "absent"
"""A tag that is set to this is removed."""
TAG_CHANGES = (
    ("snapshot", ABSENT),
    ("snapshot", ABSENT),
    ("snapshot", None),
    ("snapshot", "off"),
    ("snapshot:keep", ABSENT),
    ("snapshot:keep", "daily=30"),
    ("snapshot:keep", "last=1"),
    ("snapshot:keep", "forever"),
)


def is_selected(source: Source) -> bool:
    tags = source.tags
    return "snapshot" in tags and (tags["snapshot"] or "").strip().lower() != "off"


def is_lost(source: Source) -> bool:
    """Whether it has no selection tag, so that it is lost if it has a recovery point."""
    return "snapshot" not in source.tags


def is_valid(source: Source, keys: Sequence[str] = tuple(INVALID)) -> bool:
    """Whether these tags of its owner's can be followed, as far as pruning needs them."""
    if source.type == "RelationalDatabase":
        keys = [key for key in keys if key != "snapshot:copy-to"]
    return not any(key in source.tags and source.tags[key] in INVALID[key] for key in keys)


def policy_of(source: Source, default: str) -> str | None:
    """The policy in force; None where the owner's tags do not tell it."""
    known = is_valid(source, ("snapshot:keep", "snapshot:kept"))
    return source.tags.get("snapshot:keep", default) if known else None


def copy_regions(source: Source) -> list[str]:
    words = (source.tags.get("snapshot:copy-to") or " ".join(COPY_TO)).split()
    copied = source.type != "RelationalDatabase" and is_valid(source)
    return [each for each in words if copied and each in REGIONS and each != source.region]


@dataclass
class SharedAccount:
    """What people have and do in Lightsail.

    manual: the snapshots that people made. unselected: a source that has no tags.
    deleted_by_people: the series of the snapshots that a person deleted, since the run started.
    on_calls: changes to make once, at the next call of an operation in a phase.
    """

    lightsail: Control
    sources: list[Source] = field(default_factory=list)
    manual: set[Key] = field(default_factory=set)
    on_calls: list[tuple[str, str, Change]] = field(default_factory=list)
    deleted_by_people: set[Key] = field(default_factory=set)

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
            snapshot = add_point(
                self.lightsail,
                source,
                self.lightsail.clock.now() - days * DAY,
                state="error" if night.endswith("failed") else None,
                held="held" in night,
                retention=written,
            )
            for region in copy_regions(source) if night.startswith("copied") else ():
                state = "error" if night == "copied in error" else None
                tagged = night != "copied without tags"
                add_copy(self.lightsail, snapshot, region, tagged=tagged, state=state)

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
        if unless_refused(lambda: add(name, source, region, tags=tags)) is not None:
            self.manual.add((region, name))

    def add_snapshots_of_another_stack(self, source: Source) -> None:
        """Another stack protects the source too, with a longer retention."""
        for days in (30, 40):
            at, name = self.lightsail.clock.now() - days * DAY, f"{source.name}-{days}-days-ago"
            add = lambda at=at, name=name: add_point(  # noqa: E731
                self.lightsail, source, at, stack="another", name=name
            )
            if unless_refused(add) is not None:
                self.manual.add((source.region, name))

    def hold(self, snapshot: Record | None) -> None:
        if snapshot and (found := self.find(*snapshot.key)):
            found.tags[HOLD] = "audit"

    def release(self, snapshot: Record | None) -> None:
        if snapshot and (found := self.find(*snapshot.key)):
            found.tags.pop(HOLD, None)

    def delete(self, snapshot: Record | None) -> None:
        """A person deletes a managed snapshot, ready or not."""
        if snapshot and (found := self.find(*snapshot.key)):
            self.deleted_by_people.add(snapshot.series)
            self.lightsail.seed.remove(found)

    def find(self, region: str, name: str) -> Any:
        """The backend's record of this name, or None."""
        return self.lightsail.backends[region].store.names.get(name)

    def snapshots(self) -> list[Record]:
        return [each for each in read_records(self.lightsail).values() if each.is_snapshot]

    def managed(self) -> list[Record]:
        """The snapshots that the function owns."""
        return [each for each in self.snapshots() if each.is_ours and each.key not in self.manual]

    def _on_request(self, call: Call, phase: str) -> None:
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
