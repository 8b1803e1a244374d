"""Values with defaults, so that a test names only what matters to it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from snapshotter.inputs.event import Request, RunAction
from snapshotter.inputs.settings import Settings, from_env
from snapshotter.model.inventory import Inventory, RegionInventory, Resource, Snapshot
from snapshotter.model.kinds import INSTANCE, Kind, Status
from snapshotter.model.tags import RETENTION, ownership
from snapshotter.plan import Plan, Situation, assess, make_plan

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
    action: RunAction = RunAction.SNAPSHOT,
    *,
    at: datetime = NOW,
    regions: tuple[str, ...] = (EAST,),
    resources: tuple[str, ...] | None = None,
    end_cooling_off: bool = False,
) -> Request:
    return Request(action, at, False, regions, resources, 0, end_cooling_off)


def a_sweep(**given: object) -> Request:
    return a_request(RunAction.SWEEP, **given)  # type: ignore[arg-type]


def an_arn(name: str, *, kind: Kind = INSTANCE, region: str = EAST) -> str:
    return f"arn:aws:lightsail:{region}:123456789012:{kind.name}/{name}"


def a_resource(
    name: str = "web",
    tags: Mapping[str, str | None] | None = None,
    *,
    kind: Kind = INSTANCE,
    region: str = EAST,
    state: str = "available",
    attached_to: str | None = None,
) -> Resource:
    tags = {"snapshot": None} if tags is None else tags
    arn = an_arn(name, kind=kind, region=region)
    return Resource(kind, region, name, arn, tags, state, attached_to)


def a_snapshot(
    name: str,
    *,
    of: Resource,
    at: datetime,
    status: Status = Status.READY,
    region: str | None = None,
    policy: str = "nightly",
    retention: str | None = None,
    tags: Mapping[str, str | None] | None = None,
    from_arn: str | None = None,
) -> Snapshot:
    """A snapshot of ours, unless `tags` are given: it has no others then.

    retention: the policy that is written on it; None for a snapshot of an earlier version.
    """
    ours = ownership(policy, of.arn, at)
    if retention is not None:
        ours[RETENTION] = retention
    return Snapshot(
        kind=of.kind,
        region=region or of.region,
        name=name,
        arn=f"arn:aws:lightsail:{region or of.region}:123456789012:{of.kind.name}Snapshot/{name}",
        status=status,
        state=STATES.get(status, of.kind.ready_state),
        created_at=at,
        size_gb=20,
        tags=ours if tags is None else tags,
        from_name=of.name,
        from_arn=from_arn or of.arn,
    )


def a_situation(
    resources: tuple[Resource, ...] = (),
    snapshots: tuple[Snapshot, ...] = (),
    *,
    settings: Settings | None = None,
    request: Request | None = None,
    regions: tuple[str, ...] = (EAST,),
    unreadable: Inventory | None = None,
) -> Situation:
    """A situation with each resource and snapshot in its own region."""
    inventory = Inventory(
        {
            region: RegionInventory(
                tuple(each for each in resources if each.region == region),
                tuple(each for each in snapshots if each.region == region),
            )
            for region in regions
        },
        unreadable.unreadable if unreadable else {},
    )
    return assess(inventory, settings or some_settings(), request or a_request())


def a_plan(situation: Situation) -> Plan:
    return make_plan(situation)
