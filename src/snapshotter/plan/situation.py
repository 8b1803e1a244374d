"""What the rules of the plan look at: the inventory, as this stack sees it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from snapshotter.inputs.event import RegionalEvent, SweepEvent
from snapshotter.inputs.settings import Settings
from snapshotter.model.kinds import DISK, INSTANCE
from snapshotter.model.names import is_disk_of
from snapshotter.model.resource import Inventory, Resource
from snapshotter.model.snapshot import Series, SeriesKey, group
from snapshotter.policy.selection import Protection, Selector, Wish, is_of_drill


@dataclass(frozen=True, slots=True)
class View:
    """One resource: what its owner wants, and what this run has to do with it.

    protection: how it is protected, if it is. in_run: whether this run is about it; the event may
    leave it out. lost: it is not selected, carries no selection tag, and has recovery points.
    """

    resource: Resource
    wish: Wish
    protection: Protection | None
    in_run: bool
    lost: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """One run's view of the inventory.

    regions: those of the event that were read. views: by ARN, every resource of our types in these
    regions. protected_instances: the region and name of each that is selected. series: our
    snapshots, in all regions that were read.
    """

    inventory: Inventory
    settings: Settings
    request: RegionalEvent
    regions: tuple[str, ...]
    views: Mapping[str, View]
    protected_instances: frozenset[tuple[str, str | None]]
    series: Mapping[SeriesKey, Series]

    @property
    def now(self) -> datetime:
        """The run's scheduled time, the present of every rule."""
        return self.request.scheduled_time

    @property
    def protections(self) -> tuple[Protection, ...]:
        """Of the selected resources that this run is about."""
        views = (view for view in self.views.values() if view.in_run)
        return tuple(view.protection for view in views if view.protection)

    @property
    def lost(self) -> tuple[Resource, ...]:
        return tuple(view.resource for view in self.views.values() if view.lost)

    def protection_of(self, series: Series) -> Protection | None:
        """How the source of a series is protected; None if it is not, or not of this run."""
        view = self.views.get(series.source_arn)
        return view.protection if view and view.in_run else None

    def series_in(self, resource: Resource, region: str) -> Series:
        """The snapshots of a resource in a region; an empty series where there are none."""
        key = SeriesKey(resource.kind.name, resource.arn, region)
        return self.series.get(key) or Series(resource.kind, resource.arn, region)

    def originals_of(self, resource: Resource) -> Series:
        """The snapshots of a resource in its own region."""
        return self.series_in(resource, resource.region)

    def protects_instance_of(self, disk: Resource) -> bool:
        """Return whether a disk is attached to an instance that is protected too."""
        return (disk.region, disk.attached_to) in self.protected_instances

    def may_change(self, series: Series) -> bool:
        """Return whether this run may change a series.

        The region of its source must have been read, or the owner's wish is not known. When the
        event names resources, only series of those are changed; the end of a cooling-off may name
        a source that is gone or not protected any more.
        """
        if series.source_region not in self.regions:
            return False
        if self.request.resources is None or self.protection_of(series):
            return True
        view = self.views.get(series.source_arn)
        return (
            self.ends_cooling_off
            and not (view and (view.protection or view.lost))
            and series.source_name in self.request.resources
        )

    @property
    def ends_cooling_off(self) -> bool:
        return isinstance(self.request, SweepEvent) and self.request.end_cooling_off


def selector_of(settings: Settings) -> Selector:
    """The stack's rule for selecting resources."""
    return Selector(
        key=settings.selection_tag_key,
        value=settings.selection_tag_value,
        everything=settings.selects_everything,
        retention=settings.retention,
        copy_to=settings.copy_to_regions,
        regions=settings.regions,
    )


def assess(inventory: Inventory, settings: Settings, request: RegionalEvent) -> Situation:
    """Find what the owners want of each resource, and our snapshots."""
    regions = tuple(region for region in request.regions if region in inventory.regions)
    found = (each for read in inventory.regions.values() for each in read.snapshots)
    ours = (each for each in found if each.kind in settings.resource_types)
    series = group(ours, settings.policy_name)
    resources = tuple(_resources(inventory, settings, regions, series.values()))
    selector = selector_of(settings)
    wishes = {each.arn: selector.wish(each) for each in resources}
    protected = frozenset(
        (each.region, each.name)
        for each in resources
        if each.kind is INSTANCE and wishes[each.arn] is Wish.PROTECTED
    )
    if selector.everything:
        left = _left_to_instances(resources, selector.key, protected)
        wishes |= dict.fromkeys(left, Wish.UNTAGGED)
    with_points = {each.source_arn for each in series.values() if each.ready}
    return Situation(
        inventory=inventory,
        settings=settings,
        request=request,
        regions=regions,
        views={
            each.arn: View(
                resource=each,
                wish=(wish := wishes[each.arn]),
                protection=selector.protection(each) if wish is Wish.PROTECTED else None,
                in_run=request.resources is None or each.name in request.resources,
                lost=wish is Wish.UNTAGGED and each.arn in with_points,
            )
            for each in resources
        },
        protected_instances=protected,
        series=series,
    )


def _resources(
    inventory: Inventory,
    settings: Settings,
    regions: tuple[str, ...],
    series: Iterable[Series],
) -> Iterator[Resource]:
    """The resources of our types, each with an ARN.

    Where Lightsail does not say it, it is that of the newest series of the resource's name: the
    series would look like one of a source that is gone otherwise. Failing that, the name stands
    for it, which is unique in a region.
    """
    known = {
        (each.kind, each.region, each.source_name): each.source_arn
        for each in sorted(series, key=lambda each: each.snapshots[0].time)
        if not each.is_copies
    }
    for region in regions:
        for each in inventory.regions[region].resources:
            if each.kind in settings.resource_types:
                name = f"{each.kind.name}/{region}/{each.name}"
                arn = each.arn or known.get((each.kind, region, each.name), name)
                yield each if each.arn else replace(each, arn=arn)


def _left_to_instances(
    resources: Iterable[Resource], key: str, protected: frozenset[tuple[str, str | None]]
) -> Iterator[str]:
    """Where everything is selected: the ARNs of disks that are left to the snapshots of instances.

    A disk without a tag of its own is, if the instance that it is attached to is protected; and so
    is a disk that came with a drill's instance.
    """
    drills = tuple(each.name for each in resources if each.kind is INSTANCE and is_of_drill(each))
    for each in resources:
        if each.kind is DISK and key not in each.tags:
            attached = (each.region, each.attached_to) in protected
            if attached or any(is_disk_of(each.name, drill) for drill in drills):
                yield each.arn
