"""What the rules look at: the inventory, read with this stack's eyes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from snapshotter.inputs.event import Request
from snapshotter.inputs.settings import Settings
from snapshotter.model.inventory import Inventory, Resource
from snapshotter.model.kinds import INSTANCE
from snapshotter.model.series import Series, SeriesKey, group
from snapshotter.policy.selection import Protection, Selector


@dataclass(frozen=True, slots=True)
class Situation:
    """One run's view of the world.

    protections: by ARN, the selected resources that this run is about.
    selected: by ARN, all selected resources that were read, also those the event leaves out.
    selected_instances: those of them that are instances, by region and name.
    series: our snapshots; `regions`: those of the request that could be read.
    """

    inventory: Inventory
    settings: Settings
    request: Request
    regions: tuple[str, ...]
    selected: Mapping[str, Resource]
    selected_instances: frozenset[tuple[str, str | None]]
    protections: Mapping[str, Protection]
    series: Mapping[SeriesKey, Series]

    @property
    def now(self) -> datetime:
        """The run's scheduled time, by which everything is judged."""
        return self.request.scheduled_time

    def originals_of(self, resource: Resource) -> Series | None:
        """The snapshots of a resource in its own region."""
        return self.series.get((resource.kind.name, resource.arn, resource.region))

    def copies_of(self, resource: Resource, region: str) -> Series | None:
        """The copies of a resource's snapshots in another region."""
        return self.series.get((resource.kind.name, resource.arn, region))

    def protects_instance(self, disk: Resource) -> bool:
        """Tell whether a disk is attached to an instance that is selected too."""
        return (disk.region, disk.attached_to) in self.selected_instances

    def in_scope(self, series: Series) -> bool:
        """Tell whether this run may touch a series.

        Its source's region must have been read, or nobody knows what its owner wants; and
        when the event names resources, a series belongs to the run only by its source.
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
        retention=settings.retention,
        copy_to=settings.copy_to_regions,
    )


def assess(inventory: Inventory, settings: Settings, request: Request) -> Situation:
    """Find the selected resources, what their owners want, and our snapshots."""
    regions = tuple(region for region in request.regions if region in inventory.regions)
    selected = {resource.arn: resource for resource in _selected(inventory, settings, regions)}
    wanted = request.resources
    selector = selector_of(settings)
    return Situation(
        inventory=inventory,
        settings=settings,
        request=request,
        regions=regions,
        selected=selected,
        selected_instances=frozenset(
            (each.region, each.name) for each in selected.values() if each.kind is INSTANCE
        ),
        protections={
            arn: selector.protection(resource)
            for arn, resource in selected.items()
            if wanted is None or resource.name in wanted
        },
        series=group(
            (
                snapshot
                for read in inventory.regions.values()
                for snapshot in read.snapshots
                if snapshot.kind in settings.resource_types
            ),
            settings.policy_name,
        ),
    )


def _selected(
    inventory: Inventory, settings: Settings, regions: tuple[str, ...]
) -> Iterator[Resource]:
    selector = selector_of(settings)
    for region in regions:
        for resource in inventory.regions[region].resources:
            if resource.kind in settings.resource_types and selector.selects(resource):
                yield resource
