"""Worlds, schedules and what is reported of them, as one line each."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from snapshotter.model.tags import POLICY, RESTORED, SOURCE, TIME, TO_DO
from tests.interleaving.backend import Seed, State
from tests.interleaving.requests import Request

Schedule = tuple[str, ...]
_OWN = {POLICY, SOURCE, TIME}
_OURS, _READY = "snapshotter:", ("available", "completed", "running", "in-use")


@dataclass(frozen=True)
class World:
    """An account, and who does what in it.

    runs, people: by letter, the event of a run, or the requests of a person (time is one).
    ends: what is there after the sweeps, as `summary` writes it; several where it depends on what
    came first. quick: small enough to be explored in every test run.
    """

    name: str
    seed: Seed
    runs: dict[str, dict[str, Any]]
    ends: tuple[str, ...]
    people: dict[str, tuple[Request, ...]] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    quick: bool = False
    now: datetime = datetime(2026, 3, 2, 4, 50, tzinfo=UTC)

    @property
    def regions(self) -> tuple[str, ...]:
        copies = self.parameters.get("CopyToRegions")
        return ("us-east-1", copies) if copies else ("us-east-1",)


class Violation(Exception):
    """A promise that a schedule breaks."""

    def __init__(self, world: World, schedule: Schedule, what: str) -> None:
        super().__init__(world, schedule, what)
        self.world, self.schedule, self.what = world, schedule, what

    def __str__(self) -> str:
        return f"{self.world.name}: {self.what}\n  schedule: {written(self.schedule)}"


def written(schedule: Schedule) -> str:
    """Write a schedule in one line."""
    groups = [(choice, len(list(each))) for choice, each in itertools.groupby(schedule)]
    return " ".join(f"{choice}{f'x{number}' if number > 1 else ''}" for choice, number in groups)


def parsed(text: str) -> Schedule:
    """Read a schedule from its line."""
    found = re.findall(r"(!?[A-Z](?:@\d+)?)(?:x(\d+))?", text)
    return tuple(choice for choice, number in found for _ in range(int(number or 1)))


def summary(state: State) -> str:
    """What is there, region by region, in short: `20260302T045000Z` becomes `0302T0450`.

    Marked are snapshots without all tags of ours (`~`), tags that matter here, and states other
    than ready. An instance that was restored has its steps that are left, its firewall and its
    static address in parentheses.
    """
    regions: dict[str, list[str]] = {}
    addresses = {each.attached_to: each.name for each in state.records.values()}
    for (region, name), record in sorted(state.records.items()):
        if record.type == "StaticIp":
            continue
        mark = "~" if record.is_snapshot and not record.tags.keys() >= _OWN else ""
        tags = "".join(f"+{each}" for each in ("hold", "verified") if _OURS + each in record.tags)
        unready = "" if record.state in _READY else f"?{record.state}"
        has = (record.tags.get(TO_DO), record.firewall, addresses.get(name))
        network = f"({' '.join(filter(None, has))})" if RESTORED in record.tags else ""
        text = f"{mark}{_short(name)}{tags}{network}{unready}"
        regions.setdefault(region, []).append(text)
    return " | ".join(" ".join(names) for names in regions.values())


def _short(name: str) -> str:
    return re.sub(r"20\d\d(\d{4}T\d{4})\d\dZ", r"\1", name)
