"""Cooling-off: a policy that keeps less than an earlier one takes effect only after some days.

Every snapshot carries the policy that was in force when it was taken. A recovery point is
deleted only if neither the policy in force nor any policy written on snapshots of the last
days keeps it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Generic

from snapshotter.policy.grammar import Retention, RetentionError, parse_retention
from snapshotter.policy.retention import Decision, P, evaluate

COOLING_OFF = "cooling off"


@dataclass(frozen=True, slots=True)
class Evaluation(Generic[P]):
    """What is kept of one series, and what of it for its cooling-off alone.

    decisions: one for each point, newest first. held: points kept for cooling-off alone.
    earlier: the policies that keep those, the latest first. until: when the last of these
    policies expires; None where nothing is held.
    """

    decisions: tuple[Decision[P], ...]
    held: tuple[P, ...] = ()
    earlier: tuple[Retention, ...] = ()
    until: datetime | None = None


def evaluate_cooling_off(
    points: Iterable[P],
    retention: Retention,
    *,
    written: Iterable[tuple[datetime, str | None]],
    now: datetime,
    timezone: tzinfo,
    period: timedelta,
) -> Evaluation[P]:
    """Apply the policy in force and, where it deletes something, the earlier ones too.

    points: ready ones of one series. written: for every snapshot of the series its time and the
    policy written on it; a text that cannot be read counts as none.
    period: how long a written policy still keeps points; zero for no cooling-off.
    """
    candidates = tuple(points)
    decisions = evaluate(candidates, retention, now=now, timezone=timezone)
    unwanted = {each.point.name for each in decisions if not each.keep}
    earlier = _written_lately(written, now, period) if unwanted else {}
    kept_by = {
        policy: kept
        for policy in earlier
        if (kept := unwanted & _kept(candidates, policy, now, timezone))
    }
    if not kept_by:
        return Evaluation(decisions)
    held = frozenset[str]().union(*kept_by.values())
    return Evaluation(
        decisions=tuple(
            Decision(each.point, True, (COOLING_OFF,)) if each.point.name in held else each
            for each in decisions
        ),
        held=tuple(each.point for each in decisions if each.point.name in held),
        earlier=tuple(kept_by),
        until=max(earlier[policy] for policy in kept_by) + period,
    )


def _written_lately(
    written: Iterable[tuple[datetime, str | None]], now: datetime, period: timedelta
) -> Mapping[Retention, datetime]:
    """The policies written within the period, each with its latest time, the latest first."""
    if not period:
        return {}
    found: dict[Retention, datetime] = {}
    for time, text in sorted(written, key=lambda each: each[0], reverse=True):
        policy = _parsed(text) if text and time + period >= now else None
        if policy is not None:
            found.setdefault(policy, time)
    return found


def _kept(
    points: tuple[P, ...], policy: Retention, now: datetime, timezone: tzinfo
) -> frozenset[str]:
    decisions = evaluate(points, policy, now=now, timezone=timezone)
    return frozenset(each.point.name for each in decisions if each.keep)


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Retention | None:
    try:
        return parse_retention(text)
    except RetentionError:
        return None
