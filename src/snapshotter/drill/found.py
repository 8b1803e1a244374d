"""Finds the resources of drills by their tags."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from snapshotter.model.firewall import only_tcp
from snapshotter.model.inventory import Resource
from snapshotter.model.kinds import DISK, INSTANCE, Kind
from snapshotter.model.names import DRILL_PREFIX, is_disk_of, resource_part
from snapshotter.model.series import OwnSnapshot
from snapshotter.model.tags import CHECK, DRILL, POLICY, SOURCE, TIME
from snapshotter.model.times import from_tag
from snapshotter.plan import Situation
from snapshotter.policy.drilling import Drilling, parse_drilling

LIMIT = timedelta(hours=3)
"""A drill that has not passed within this time has failed."""


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill, as the resource that it created.

    source_name: the resource whose recovery point it tests. point: that recovery point; None if it
    is deleted or no longer ours. disks: those that were created with an instance.
    """

    resource: Resource
    source_name: str
    point: OwnSnapshot | None = None
    disks: tuple[Resource, ...] = ()

    @property
    def region(self) -> str:
        return self.resource.region

    @property
    def kind(self) -> Kind:
        return self.resource.kind

    @property
    def name(self) -> str:
        return self.resource.name

    @property
    def point_name(self) -> str:
        return self.resource.tags[DRILL] or ""

    @property
    def check(self) -> Drilling:
        """What must answer; nothing of a disk or a database."""
        written = self.resource.tags.get(CHECK) or ""
        return (self.kind is INSTANCE and parse_drilling(written)) or Drilling()

    @property
    def started_at(self) -> datetime | None:
        return from_tag(self.resource.tags.get(TIME))

    @property
    def untagged(self) -> tuple[Resource, ...]:
        """The disks that do not have the drill's tags yet."""
        return tuple(disk for disk in self.disks if DRILL not in disk.tags)

    @property
    def lacks_disks(self) -> bool:
        """Whether some disks of the snapshot do not exist yet."""
        return self.point is not None and len(self.disks) < len(self.point.snapshot.attached)

    def is_over(self, now: datetime) -> bool:
        """Return whether the time limit has passed, or the start time cannot be read."""
        return self.started_at is None or now - self.started_at >= LIMIT


def firewall_is_set(resource: Resource, port: int | None) -> bool:
    """Return whether the firewall of an instance has the tested port open, and no other."""
    network = resource.network
    return network is not None and network.firewall.ports == only_tcp(port).ports


def find_drills(situation: Situation) -> tuple[Drill, ...]:
    """The drills in the scope of this run, without the disks created with an instance."""
    return tuple(
        _drill(resource, situation)
        for resource in _in_scope(situation)
        if not _created_with_instance(resource)
    )


def find_orphans(situation: Situation) -> tuple[Drill, ...]:
    """The disks that were created with a drill's instance which no longer exists."""
    instances = [(each.region, each.name) for each in _all(situation) if each.kind is INSTANCE]
    return tuple(
        _drill(resource, situation)
        for resource in _in_scope(situation)
        if _created_with_instance(resource)
        and not any(r == resource.region and is_disk_of(resource.name, n) for r, n in instances)
    )


def drills_by_source(situation: Situation) -> dict[str, str]:
    """The name of the existing drill of each source, by the source's ARN."""
    return {each.tags.get(SOURCE) or "": each.name for each in _all(situation)}


def _all(situation: Situation) -> Iterator[Resource]:
    policy = situation.settings.policy_name
    for region in situation.regions:
        for resource in situation.inventory.regions[region].resources:
            tags = resource.tags
            if (
                tags.get(POLICY) == policy
                and tags.get(DRILL)
                and resource.name.startswith(DRILL_PREFIX)
            ):
                yield resource


def _in_scope(situation: Situation) -> Iterator[Resource]:
    for resource in _all(situation):
        if situation.request.resources is None or (
            resource.tags.get(SOURCE) in situation.protections
        ):
            yield resource


def _created_with_instance(resource: Resource) -> bool:
    source = resource.tags.get(SOURCE) or ""
    return resource.kind is DISK and f":{INSTANCE.name}/" in source


def _drill(resource: Resource, situation: Situation) -> Drill:
    there = situation.inventory.regions[resource.region].resources
    source = situation.selected.get(resource.tags.get(SOURCE) or "")
    from_name = resource_part(resource.name.removeprefix(DRILL_PREFIX))
    return Drill(
        resource=resource,
        source_name=source.name if source else from_name,
        point=_point(resource, situation),
        disks=tuple(
            disk
            for disk in there
            if disk.kind is DISK
            and resource.kind is INSTANCE
            and is_disk_of(disk.name, resource.name)
            # A disk that somebody attached to another instance is not touched.
            and disk.attached_to in (None, "", resource.name)
        ),
    )


def _point(resource: Resource, situation: Situation) -> OwnSnapshot | None:
    key = (resource.kind.name, resource.tags.get(SOURCE) or "", resource.region)
    series = situation.series.get(key)
    snapshots = series.snapshots if series else ()
    return next((own for own in snapshots if own.name == resource.tags[DRILL]), None)
