"""Accounts as values, and what the function says of them and does with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from snapshotter.inputs.event import (
    AlarmChange,
    RegionalEvent,
    ReportEvent,
    SnapshotEvent,
    SweepEvent,
    parse_event,
)
from snapshotter.inputs.settings import Settings, from_env
from snapshotter.model.kinds import INSTANCE, Kind, Status
from snapshotter.model.names import to_iso
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.resource import Inventory, RegionInventory, Resource
from snapshotter.model.snapshot import Snapshot
from snapshotter.model.tags import POLICY, RETENTION, SOURCE, TIME, Tags
from snapshotter.plan.planning import Plan, make_plan
from snapshotter.plan.situation import Situation, assess
from snapshotter.report.letter import Letter, Sender, write_letter
from snapshotter.report.status import StatusReport, make_status_report

NOW = datetime(2026, 11, 23, 4, 50, tzinfo=UTC)
"""A Monday."""

EAST, WEST, EUROPE = "us-east-1", "us-west-2", "eu-central-1"
STATES = {Status.PENDING: "pending", Status.FAILED: "error", Status.UNKNOWN: "puzzled"}
SENDER = Sender("backups", "123456789012", EAST, "backups-SnapshotFunction-1A2B3C")
SIGNATURE = """\
Stack backups in account 123456789012, us-east-1
https://us-east-1.console.aws.amazon.com/lambda/home?region=us-east-1#/functions/backups-SnapshotFunction-1A2B3C
"""


def ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def stack(**environment: str) -> Settings:
    """A stack named `nightly` in us-east-1, but for what is given."""
    defaults = {"POLICY_NAME": "nightly", "REGIONS": EAST, "RETENTION": "daily=7 weekly=4"}
    return from_env({**defaults, **environment}, frozenset({EAST, WEST, EUROPE}))


def server(
    name: str = "web-1", tags: Tags | None = None, *, region: str = EAST, kind: Kind = INSTANCE
) -> Resource:
    """A resource with the tag that protects it, unless other tags are given."""
    arn = f"arn:aws:lightsail:{region}:123456789012:{kind.name}/{name}"
    tags = {"snapshot": None} if tags is None else tags
    return Resource(kind, region, name, arn, tags, kind.running_state)


def wanting(name: str = "web-1", **tags: str | None) -> Resource:
    """A protected resource with tags of its own under the selection tag."""
    own = {f"snapshot:{key.replace('_', '-')}": value for key, value in tags.items()}
    return server(name, {"snapshot": None, **own})


def point(
    of: Resource,
    hours: float,
    *,
    status: Status = Status.READY,
    region: str = "",
    policy: str = "nightly",
    retention: str = "daily=7 weekly=4",
    **tags: str | None,
) -> Snapshot:
    """A snapshot of ours, so many hours old; in another region than its source it is a copy."""
    at = ago(hours)
    name = f"{of.name}-{at:%Y%m%dT%H%M%SZ}" + (f"-{of.region}" if region else "")
    ours = {POLICY: policy, SOURCE: of.arn, TIME: to_iso(at), RETENTION: retention}
    others = {f"snapshotter:{key.replace('_', '-')}": value for key, value in tags.items()}
    where = region or of.region
    arn = f"arn:aws:lightsail:{where}:123456789012:{of.kind.name}Snapshot/{name}"
    state = STATES.get(status, of.kind.ready_state)
    given = (of.kind, where, name, arn, status, state, at, {**ours, **others}, 20)
    return Snapshot(*given, from_name=of.name, from_arn=of.arn)


@dataclass(frozen=True)
class World:
    """An account at a time, and the stack that looks at it.

    unreadable: by region, the error of its read. nameless: the region of a record without a name.
    names: that the report is asked about. subscriptions: confirmed ones of the topic.
    """

    found: Sequence[Resource | Snapshot]
    settings: Settings = field(default_factory=stack)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    nameless: str = ""
    names: tuple[str, ...] | None = None
    subscriptions: int | None = None

    def situation(self, event: Mapping[str, Any], at: datetime = NOW) -> Situation:
        request = parse_event(
            {"scheduledTime": to_iso(at), **event}, now=at, settings=self.settings
        )
        assert isinstance(request, RegionalEvent)
        copies = self.settings.all_regions
        inventory = Inventory(
            {each: self._region(each) for each in copies if each not in self.unreadable},
            {each: ErrorInfo("Denied", error) for each, error in self.unreadable.items()},
        )
        assert isinstance(request, SnapshotEvent | SweepEvent | ReportEvent)
        return assess(inventory, self.settings, request)

    def _region(self, region: str) -> RegionInventory:
        here = [each for each in self.found if each.region == region]
        return RegionInventory(
            tuple(each for each in here if isinstance(each, Resource)),
            tuple(each for each in here if isinstance(each, Snapshot)),
            (INSTANCE.noun,) if region == self.nameless else (),
        )

    def plan(self, action: str = "sweep", at: datetime = NOW) -> Plan:
        return make_plan(self.situation({"action": action}, at))

    def report(self, **event: Any) -> StatusReport:
        situation = self.situation({"action": "report", **event})
        plan = make_plan(situation)
        failures = [ended_in_error(each.snapshot, each.region) for each in plan.failures]
        request = situation.request
        assert isinstance(request, ReportEvent)
        asked = request.model_copy(update={"resources": self.names})
        return make_status_report(situation, plan, failures, asked, self.subscriptions)

    def letter(
        self, failures: Sequence[str] | None = (), alarm: AlarmChange | None = None
    ) -> Letter:
        return write_letter(self.report(), SENDER, self.settings, failures=failures, alarm=alarm)

    @property
    def text(self) -> str:
        """The letter as a mail program shows it, without its signature."""
        letter = self.letter()
        text, signature = letter.text.rsplit("\n\n", 1)
        assert signature == SIGNATURE
        return f"Subject: {letter.subject}\n\n{text}\n"


def world(*found: Resource | Snapshot, **given: Any) -> World:
    """An account with these resources and snapshots. Upper-case names: parameters."""
    parameters = {key: value for key, value in given.items() if key.isupper()}
    others = {key: value for key, value in given.items() if not key.isupper()}
    return World(found, stack(**parameters), **others)


def ended_in_error(snapshot: str, region: str) -> Outcome:
    """What a lookup finds about any failed snapshot: the disk could not be read."""
    error = ErrorInfo("InternalError", f"{snapshot} ended in error: The disk could not be read.")
    return Outcome("confirm", "failed", region, snapshot=snapshot, error=error)


def created(resource: Resource, hours: float) -> Resource:
    return replace(resource, created_at=ago(hours))
