"""What the rules of the plan look at: the inventory, seen by this stack."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from snapshotter.inputs.request import Request
from snapshotter.inputs.settings import Settings
from snapshotter.model.inventory import Inventory, Resource
from snapshotter.model.kinds import DISK, INSTANCE, Status
from snapshotter.model.names import is_disk_of
from snapshotter.model.series import Series, SeriesKey, group
from snapshotter.model.tags import DRILL
from snapshotter.policy.selection import Protection, Selector, Wish


@dataclass(frozen=True, slots=True)
class Situation:
    """One run's view of the inventory.

    wishes: by ARN, what the owner wants of each resource that was read. selected: by ARN, all
    selected resources, also those that the event leaves out. protections: by ARN, the selected
    resources that this run is about.
    selected_instances: those of the selected that are instances, by region and name.
    lost: by ARN, resources that are not selected, carry no selection tag, and have recovery
    points of ours.
    series: our snapshots. regions: those of the request that were read.
    """

    inventory: Inventory
    settings: Settings
    request: Request
    regions: tuple[str, ...]
    wishes: Mapping[str, Wish]
    selected: Mapping[str, Resource]
    selected_instances: frozenset[tuple[str, str | None]]
    protections: Mapping[str, Protection]
    lost: Mapping[str, Resource]
    series: Mapping[SeriesKey, Series]

    @property
    def now(self) -> datetime:
        """The run's scheduled time, the present of every rule."""
        return self.request.scheduled_time

    def originals_of(self, resource: Resource) -> Series:
        """The snapshots of a resource in its own region; an empty series where there are none."""
        return self.copies_of(resource, resource.region)

    def copies_of(self, resource: Resource, region: str) -> Series:
        """The copies of a resource's snapshots in another region."""
        key = (resource.kind.name, resource.arn, region)
        return self.series.get(key) or Series(resource.kind, resource.arn, region)

    def protects_instance(self, disk: Resource) -> bool:
        """Return whether a disk is attached to an instance that is selected too."""
        return (disk.region, disk.attached_to) in self.selected_instances

    def in_scope(self, series: Series) -> bool:
        """Return whether this run may change a series.

        The region of its source must have been read, or the owner's wish is not known. When the
        event names resources, only series of those sources are in scope.
        """
        if series.source_region not in self.regions:
            return False
        if self.request.resources is not None:
            return series.source_arn in self.protections
        return True


def selector_of(settings: Settings) -> Selector:
    return Selector(
        key=settings.selection_tag_key,
        value=settings.selection_tag_value,
        everything=settings.selects_everything,
        retention=settings.retention,
        copy_to=settings.copy_to_regions,
    )


def assess(inventory: Inventory, settings: Settings, request: Request) -> Situation:
    """Find the selected resources, what their owners want, and our snapshots."""
    regions = tuple(region for region in request.regions if region in inventory.regions)
    selector = selector_of(settings)
    resources = {each.arn: each for each in _resources(inventory, settings, regions)}
    wishes = dict(_wishes(tuple(resources.values()), selector))
    selected = {arn: each for arn, each in resources.items() if wishes[arn] is Wish.PROTECTED}
    series = group(
        (
            snapshot
            for read in inventory.regions.values()
            for snapshot in read.snapshots
            if snapshot.kind in settings.resource_types
        ),
        settings.policy_name,
    )
    untagged = {arn for arn, wish in wishes.items() if wish is Wish.UNTAGGED}
    with_points = {
        each.source_arn
        for each in series.values()
        if each.source_arn in untagged and each.of(Status.READY)
    }
    return Situation(
        inventory=inventory,
        settings=settings,
        request=request,
        regions=regions,
        wishes=wishes,
        selected=selected,
        selected_instances=_instances(selected.values()),
        protections={
            arn: selector.protection(resource)
            for arn, resource in selected.items()
            if request.resources is None or resource.name in request.resources
        },
        lost={arn: each for arn, each in resources.items() if arn in with_points},
        series=series,
    )


def _resources(
    inventory: Inventory, settings: Settings, regions: tuple[str, ...]
) -> Iterator[Resource]:
    for region in regions:
        for resource in inventory.regions[region].resources:
            if resource.kind in settings.resource_types:
                yield resource


def _wishes(resources: tuple[Resource, ...], selector: Selector) -> Iterator[tuple[str, Wish]]:
    """What the owner wants of each resource.

    Where everything is selected, a disk without a tag of its own is left to the snapshots of
    the instance that it is attached to, and so is a disk that came with a drill's instance.
    """
    wishes = {each.arn: selector.wish(each) for each in resources}
    protected = _instances(each for each in resources if wishes[each.arn] is Wish.PROTECTED)
    drills = tuple(each for each in resources if each.kind is INSTANCE and DRILL in each.tags)
    for each in resources:
        left_to_instance = (
            selector.everything
            and each.kind is DISK
            and (
                selector.key not in each.tags
                and (
                    (each.region, each.attached_to) in protected
                    or any(is_disk_of(each.name, drill.name) for drill in drills)
                )
            )
        )
        yield each.arn, Wish.UNTAGGED if left_to_instance else wishes[each.arn]


def _instances(resources: Iterable[Resource]) -> frozenset[tuple[str, str | None]]:
    return frozenset((each.region, each.name) for each in resources if each.kind is INSTANCE)
