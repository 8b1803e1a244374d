"""Values with defaults, so that a test names only what matters to it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from snapshotter.inputs.event import RegionalEvent, SnapshotEvent, SweepEvent
from snapshotter.inputs.settings import Settings, from_env
from snapshotter.model.kinds import INSTANCE, Kind, Status
from snapshotter.model.names import to_iso
from snapshotter.model.outcome import ErrorInfo
from snapshotter.model.resource import Inventory, RegionInventory, Resource
from snapshotter.model.snapshot import Snapshot
from snapshotter.model.tags import POLICY, RETENTION, SOURCE, TIME, Tags
from snapshotter.plan.planning import Plan, make_plan
from snapshotter.plan.situation import Situation, assess

NOW = datetime(2026, 11, 23, 4, 50, tzinfo=UTC)
EAST = "us-east-1"
WEST = "us-west-2"
REGIONS = frozenset({EAST, WEST, "eu-central-1"})
STATES = {Status.PENDING: "pending", Status.FAILED: "error", Status.UNKNOWN: "puzzled"}


def hours_ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def some_settings(**environment: str) -> Settings:
    """The settings of a stack named `nightly` in us-east-1, but for what is given."""
    defaults = {"POLICY_NAME": "nightly", "REGIONS": EAST, "RETENTION": "daily=7 weekly=4"}
    return from_env({**defaults, **environment}, REGIONS)


def a_request(
    model: type[RegionalEvent] = SnapshotEvent,
    *,
    at: datetime = NOW,
    regions: tuple[str, ...] = (EAST,),
    resources: tuple[str, ...] | None = None,
    **others: Any,
) -> RegionalEvent:
    return model.model_construct(scheduled_time=at, regions=regions, resources=resources, **others)


def a_sweep(**given: Any) -> RegionalEvent:
    return a_request(SweepEvent, **given)


def an_arn(name: str, *, kind: Kind = INSTANCE, region: str = EAST) -> str:
    return f"arn:aws:lightsail:{region}:123456789012:{kind.name}/{name}"


def a_resource(
    name: str = "web",
    tags: Tags | None = None,
    *,
    kind: Kind = INSTANCE,
    region: str = EAST,
    **others: Any,
) -> Resource:
    """A resource that carries the selection tag, unless `tags` are given."""
    tags = {"snapshot": None} if tags is None else tags
    arn = an_arn(name, kind=kind, region=region)
    return Resource(
        **{"kind": kind, "region": region, "name": name, "arn": arn, "tags": tags, **others}
    )


def our_tags(
    of: Resource, at: datetime, *, policy: str = "nightly", retention: str | None = None
) -> dict[str, str | None]:
    """The tags that every snapshot of ours has; without retention in those of version 1.0."""
    ours: dict[str, str | None] = {POLICY: policy, SOURCE: of.arn, TIME: to_iso(at)}
    return ours if retention is None else {**ours, RETENTION: retention}


def a_snapshot(
    name: str,
    *,
    of: Resource,
    at: datetime,
    status: Status = Status.READY,
    region: str | None = None,
    policy: str = "nightly",
    retention: str | None = None,
    tags: Tags | None = None,
    more: Tags | None = None,
    **others: Any,
) -> Snapshot:
    """A snapshot of ours, with `more` tags; if `tags` are given, it has those alone."""
    region = region or of.region
    ours = our_tags(of, at, policy=policy, retention=retention)
    given = {
        "kind": of.kind,
        "region": region,
        "name": name,
        "arn": f"arn:aws:lightsail:{region}:123456789012:{of.kind.name}Snapshot/{name}",
        "status": status,
        "state": STATES.get(status, of.kind.ready_state),
        "created_at": at,
        "size_gb": 20,
        "tags": {**ours, **(more or {})} if tags is None else tags,
        "from_name": of.name,
        "from_arn": of.arn,
    }
    return Snapshot(**{**given, **others})


def a_situation(
    resources: tuple[Resource, ...] = (),
    snapshots: tuple[Snapshot, ...] = (),
    *,
    settings: Settings | None = None,
    request: RegionalEvent | None = None,
    regions: tuple[str, ...] = (EAST,),
    unreadable: Mapping[str, ErrorInfo] | None = None,
    passed_over: tuple[str, ...] = (),
) -> Situation:
    """A situation with each resource and snapshot in its own region.

    regions: those that could be read. passed_over: in each of them.
    """
    inventory = Inventory(
        {
            region: RegionInventory(
                tuple(each for each in resources if each.region == region),
                tuple(each for each in snapshots if each.region == region),
                passed_over,
            )
            for region in regions
        },
        unreadable or {},
    )
    return assess(inventory, settings or some_settings(), request or a_request())


def a_plan(situation: Situation) -> Plan:
    return make_plan(situation)


def plan_for(*resources_and_snapshots: Resource | Snapshot, **given: Any) -> Plan:
    """The plan for these resources and snapshots; what else is given is of the situation."""
    resources = tuple(each for each in resources_and_snapshots if isinstance(each, Resource))
    snapshots = tuple(each for each in resources_and_snapshots if isinstance(each, Snapshot))
    return make_plan(a_situation(resources, snapshots, **given))
