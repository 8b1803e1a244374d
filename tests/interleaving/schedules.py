"""Worlds, schedules and what is reported of them, as one line each."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from snapshotter.model.tags import HOLD, POLICY, RESTORED, SOURCE, TIME, TO_DO, VERIFIED
from tests.interleaving.backend import READY, Seed, State
from tests.interleaving.requests import Request

Schedule = tuple[str, ...]


class Setup(NamedTuple):
    """An account, and who does what in it.

    runs, people: by letter, the event of a run, or the requests of a person (time is one).
    """

    seed: Seed
    parameters: dict[str, str]
    runs: Mapping[str, dict[str, Any]]
    people: Mapping[str, tuple[Request, ...]] = MappingProxyType({})


class World:
    """What is explored.

    ends: what is there after the sweeps, as `summary` writes it; several where it depends on what
    came first. quick: small enough to be explored in every test run.
    """

    now = datetime(2026, 3, 2, 4, 50, tzinfo=UTC)

    def __init__(self, name: str, setup: Setup, *ends: str, quick: bool = False) -> None:
        self.name, self.ends, self.quick = name, ends, quick
        self.seed, self.parameters, self.runs, self.people = setup
        self.regions = ("us-east-1", *filter(None, [self.parameters.get("CopyToRegions")]))


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
        text = re.sub(r"20\d\d(\d{4}T\d{4})\d\dZ", r"\1", name)
        if record.is_snapshot and not record.tags.keys() >= {POLICY, SOURCE, TIME}:
            text = f"~{text}"
        text += "+hold" * (HOLD in record.tags) + "+verified" * (VERIFIED in record.tags)
        if RESTORED in record.tags:
            has = (record.tags.get(TO_DO), record.firewall, addresses.get(name))
            text += f"({' '.join(filter(None, has))})"
        if record.type != "StaticIp":
            unready = "" if record.state in READY else f"?{record.state}"
            regions.setdefault(region, []).append(text + unready)
    return " | ".join(" ".join(names) for names in regions.values())
