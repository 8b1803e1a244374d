"""Cooling-off: a policy that keeps less than an earlier one takes effect only after some days.

Every snapshot carries the policy that was in force when it was taken. A recovery point is
deleted only if neither the policy in force nor any policy written on snapshots of the last
days keeps it. The latest point of each such policy stays as well, although no policy may keep
it: without it nobody would know the policy any more. A policy like `monthly=12` replaces the
point that carries it every night.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Generic, NamedTuple

from snapshotter.policy.grammar import Retention, RetentionError, parse_retention
from snapshotter.policy.retention import Decision, P, evaluate

COOLING_OFF = "cooling off"


class Evaluation(NamedTuple, Generic[P]):
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
    lately = _written_lately(written, now, period) if unwanted else {}
    # Where only the policy in force was written there is nothing to cool off from.
    if not lately.keys() - {retention}:
        return Evaluation(decisions)
    kept_by = {
        policy: kept
        for policy, times in lately.items()
        if (kept := unwanted & _kept(candidates, policy, times, now, timezone))
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
        # A point that carries the policy in force is held only after another policy was.
        earlier=tuple(each for each in kept_by if each != retention)
        or tuple(each for each in lately if each != retention),
        until=_end(max(lately[policy][0] for policy in kept_by), period),
    )


def _written_lately(
    written: Iterable[tuple[datetime, str | None]], now: datetime, period: timedelta
) -> Mapping[Retention, list[datetime]]:
    """The policies written within the period, each with its times, the latest first."""
    if not period:
        return {}
    since = now - period
    lately = sorted(
        ((time, text) for time, text in written if text and time >= since), reverse=True
    )
    found: dict[Retention, list[datetime]] = {}
    for time, text in lately:
        policy = _parsed(text)
        if policy is not None:
            found.setdefault(policy, []).append(time)
    return found


def _end(time: datetime, period: timedelta) -> datetime:
    """A tag can have any time, up to the last one that a calendar has."""
    try:
        return time + period
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _kept(
    points: tuple[P, ...], policy: Retention, times: list[datetime], now: datetime, timezone: tzinfo
) -> frozenset[str]:
    """What a policy keeps, and the latest point that it was written on.

    times: of the snapshots that it was written on. One that failed is no point: it is deleted
    whatever the policies are, so it does not keep the policy known.
    """
    decisions = evaluate(points, policy, now=now, timezone=timezone)
    latest = max((each.time for each in points if each.time in times), default=None)
    return frozenset(
        each.point.name for each in decisions if each.keep or each.point.time == latest
    )


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Retention | None:
    try:
        return parse_retention(text)
    except RetentionError:
        return None
