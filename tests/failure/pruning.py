"""Which recovery points the function may delete, and which policy it must write on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from snapshotter.model.series import region_of
from snapshotter.model.times import from_iso
from snapshotter.policy.grammar import RetentionError, parse_retention
from snapshotter.policy.retention import evaluate
from tests.failure.managed import OWNER, RETENTION, SOURCE
from tests.failure.owner_tags import is_lost, is_selected, is_valid, policy_of
from tests.failure.shared_account import (
    Series,
    SharedAccount,
    Snapshot,
    is_available,
    series_of,
    time_of,
)
from translate.stack import Stack

Event = dict[str, Any]


@dataclass(frozen=True)
class Point:
    """A recovery point, as the rules of retention see it; nothing but them keeps it."""

    arn: str
    name: str
    series: Series
    time: datetime
    written: str | None
    created_at: datetime
    held: bool = False
    verified: bool = False


class PruningChecks:
    """Compares the recovery points and the owners' tags before a run with those after it."""

    def __init__(self, account: SharedAccount) -> None:
        self._account = account

    def start_run(self, events: Sequence[Event], stack: Stack) -> None:
        self._events, self._stack = events, stack
        self._points = self._recovery_points()
        self._carriers = set(filter(self._holds, self._points))
        self._unpruned = self._not_to_be_pruned()
        self._policies = self._policies_in_force()
        self._first_call = len(self._account.lightsail.calls)

    def violations(self) -> Iterator[str]:
        after = self._recovery_points()
        by_people = self._account.deleted_by_people
        gone = self._points - after - {self._point(each) for each in by_people}
        unpruned = self._unpruned & self._not_to_be_pruned()
        for point in gone:
            source, region = point.series
            if source in unpruned:
                yield f"{point.name} in {region} was deleted, and its source is not to be pruned"
            if point.series not in {series_of(each) for each in by_people}:
                yield from self._kept_by_earlier_policies(point, self._points | after)
                yield from self._only_record_of_a_policy(point, after)
        yield from self._wrong_policies_written()

    def _kept_by_earlier_policies(self, gone: Point, points: set[Point]) -> Iterator[str]:
        """Where two runs overlap, this is the later time, which keeps less."""
        series = [each for each in points if each.series == gone.series]
        for text in {each.written for each in self._carriers if each.series == gone.series}:
            kept = evaluate(series, parse_retention(text or ""), now=self._now, timezone=UTC)
            if any(each.keep and each.point == gone for each in kept):
                yield f"{gone.name} in {gone.series[1]} was deleted, and {text} keeps it"

    def _only_record_of_a_policy(self, gone: Point, after: set[Point]) -> Iterator[str]:
        """Without the latest point that carries it, a policy that was replaced is unknown."""
        source, region = gone.series
        in_force = {self._policies.get(source), self._stack.parameter("Retention")}
        if region != region_of(source or ""):
            in_force = {self._stack.parameter("CopyRetention")}
        later = [
            each
            for each in after
            if (each.series, each.written) == (gone.series, gone.written) and each.time > gone.time
        ]
        if gone in self._carriers and gone.written not in in_force and not later:
            yield f"{gone.name} in {region} was deleted, the last that carries {gone.written}"

    def _wrong_policies_written(self) -> Iterator[str]:
        """A create carries the policy of its source; a copy, that of copies."""
        later = self._policies_in_force()
        for call in self._account.lightsail.calls[self._first_call :]:
            tags = call.request_tags
            if OWNER not in tags:
                continue
            source = tags[SOURCE]
            allowed = {self._policies.get(source), later.get(source)}
            if call.operation == "TagResource":
                allowed = {self._stack.parameter("CopyRetention")}
            if tags.get(RETENTION) not in allowed:
                yield f"{call.operation} {call.parameters} writes no policy of {allowed}"

    def _policies_in_force(self) -> dict[str | None, str | None]:
        default = self._stack.parameter("Retention")
        return {each.arn: policy_of(each, default) for each in self._account.sources}

    def _not_to_be_pruned(self) -> set[str | None]:
        """The sources that are lost, and those with a tag that cannot be read."""
        return {
            each.arn
            for each in self._account.sources
            if is_lost(each) or (is_selected(each) and not is_valid(each))
        }

    @property
    def _now(self) -> datetime:
        return max(from_iso(event["scheduledTime"]) for event in self._events)

    def _holds(self, point: Point) -> bool:
        """Whether the policy that a point carries still keeps points of its series.

        The function cannot know it from a point that lists do not show, or may not show.
        """
        named = {name for event in self._events for name in event.get("resources", ())}
        if point.series[0] in {each.arn for each in self._account.sources if each.name in named}:
            return False  # such an event ends cooling-off
        days = int(self._stack.parameter("CoolingOffDays"))
        lightsail = self._account.lightsail
        listed = lightsail.clock.now() - timedelta(seconds=lightsail.list_delay_s)
        is_listed = point.created_at <= listed and not lightsail.shift_pages
        is_recent = days > 0 and point.time >= self._now - timedelta(days=days)
        return point.written is not None and is_listed and is_recent

    def _recovery_points(self) -> set[Point]:
        return {self._point(each) for each in self._account.managed() if is_available(each)}

    @staticmethod
    def _point(snapshot: Snapshot) -> Point:
        written = snapshot.tags.get(RETENTION)
        try:
            parse_retention(written or "")
        except RetentionError:
            written = None
        return Point(
            arn=snapshot.arn,
            name=snapshot.name,
            series=series_of(snapshot),
            time=time_of(snapshot),
            written=written,
            created_at=snapshot.created_at,
        )
