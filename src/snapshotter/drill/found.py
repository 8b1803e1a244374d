"""Finds what drills made, by its tags."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from snapshotter.model.inventory import PortRange, Resource
from snapshotter.model.kinds import DISK, INSTANCE, Kind
from snapshotter.model.names import DRILL_PREFIX, is_disk_of, resource_part
from snapshotter.model.series import OwnSnapshot, moment
from snapshotter.model.tags import DRILL, POLICY, PORT, SOURCE, TIME
from snapshotter.plan import Situation

LIMIT = timedelta(hours=3)
"""A drill that has not passed within this time has failed."""


@dataclass(frozen=True, slots=True)
class Drill:
    """A resource that a drill made.

    disks: of an instance, the disks that came with it. point: what it was restored from; None
    where that is deleted, or not ours any more. source_name: of the resource that it tests.
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
    def noun(self) -> str:
        return self.kind.noun

    @property
    def point_name(self) -> str:
        return self.resource.tags[DRILL] or ""

    @property
    def port(self) -> int | None:
        """The port that must accept connections; None where none is tested."""
        written = self.resource.tags.get(PORT) or ""
        return int(written) if self.kind is INSTANCE and written.isdecimal() else None

    @property
    def untagged(self) -> tuple[Resource, ...]:
        """Disks that may not be deleted yet, since no tag marks them as a drill's."""
        return tuple(disk for disk in self.disks if DRILL not in disk.tags)

    @property
    def lacks_disks(self) -> bool:
        """Whether disks that the snapshot holds do not exist yet."""
        return self.point is not None and len(self.disks) < len(self.point.snapshot.attached)

    def is_over(self, now: datetime) -> bool:
        """Tell whether its time is up; one without a readable time has none."""
        began = moment(self.resource.tags.get(TIME))
        return began is None or now - began >= LIMIT


def firewall_is_set(resource: Resource, port: int | None) -> bool:
    """Tell whether an instance accepts connections on the tested port, and on no other."""
    wanted = () if port is None else (PortRange(port, port, "tcp"),)
    return resource.open_ports == wanted


def find_drills(situation: Situation) -> tuple[Drill, ...]:
    """Find the drills in the scope of this run, apart from disks that came with an instance."""
    return tuple(
        _drill(resource, situation)
        for resource in _in_scope(situation)
        if not _came_with_an_instance(resource)
    )


def find_orphans(situation: Situation) -> tuple[Drill, ...]:
    """Find disks that came with a drill's instance which does not exist any more."""
    instances = [(each.region, each.name) for each in _all(situation) if each.kind is INSTANCE]
    return tuple(
        _drill(resource, situation)
        for resource in _in_scope(situation)
        if _came_with_an_instance(resource)
        and not any(r == resource.region and is_disk_of(resource.name, n) for r, n in instances)
    )


def sources_under_drill(situation: Situation) -> dict[str, str]:
    """Give, by the ARN of the source, the name of the drill that tests one of its points."""
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


def _came_with_an_instance(resource: Resource) -> bool:
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
            # One that somebody attached elsewhere is not touched.
            and disk.attached_to in (None, "", resource.name)
        ),
    )


def _point(resource: Resource, situation: Situation) -> OwnSnapshot | None:
    key = (resource.kind.name, resource.tags.get(SOURCE) or "", resource.region)
    series = situation.series.get(key)
    snapshots = series.snapshots if series else ()
    return next((own for own in snapshots if own.name == resource.tags[DRILL]), None)
