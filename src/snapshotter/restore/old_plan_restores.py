"""Restores as actions: which recovery point, what is made of it, and the steps after that."""

from dataclasses import dataclass
from typing import Any

from snapshotter.model.inventory import AttachedDisk, Resource
from snapshotter.model.kinds import DISK, Kind, Status
from snapshotter.model.names import disk_names
from snapshotter.model.outcome import ActionName, ErrorInfo, Outcome
from snapshotter.model.series import OwnSnapshot
from snapshotter.model.tags import RESTORED, Tags, to_records
from snapshotter.plan.outcomes import outcome


@dataclass(frozen=True, slots=True)
class RestoreResource:
    """Create a resource from a recovery point, with all its tags in the same call.

    about: the resource that the outcome names. mark: the tag whose value is the recovery point's
    name; it identifies what this restore made, so that a repeated restore finds it.
    key_pair, address_type: of an instance; None for Lightsail's defaults. new_disks: names for the
    disks that come with an instance; empty for names after the instance. source: if it exists.
    price_usd: of its bundle, a month; None where it is not known.
    """

    point: OwnSnapshot
    target: str
    about: str
    zone: str | None
    bundle_id: str | None
    tags: Tags
    mark: str
    reason: str
    key_pair: str | None = None
    address_type: str | None = None
    new_disks: tuple[str, ...] = ()
    source: Resource | None = None
    price_usd: float | None = None

    action: ActionName = "restore"

    @property
    def kind(self) -> Kind:
        return self.point.kind

    @property
    def region(self) -> str:
        return self.point.region

    @property
    def source_name(self) -> str:
        return self.about

    @property
    def name(self) -> str:
        return self.point.name

    @property
    def disks(self) -> dict[str, AttachedDisk]:
        """The disks that come with an instance, by their new names."""
        attached = self.point.snapshot.attached
        names = self.new_disks or disk_names(self.target, len(attached))
        return dict(zip(names, attached, strict=True))

    def is_this(self, found: Resource) -> bool:
        """Return whether this restore made a resource."""
        return found.kind is self.kind and found.tags.get(self.mark) == self.name


def arguments(action: RestoreResource) -> dict[str, Any]:
    """The arguments of the API call."""
    kind, how = action.kind, action.kind.restoring
    spelled: dict[str, Any] = {
        kind.snapshot_argument: action.name,
        how.name_argument: [action.target] if how.many_names else action.target,
        "tags": to_records(action.tags),
    }
    if action.zone is not None:
        spelled["availabilityZone"] = action.zone
    if how.bundle_argument is not None:
        spelled[how.bundle_argument] = action.bundle_id
    if kind is DISK:
        spelled["sizeInGb"] = action.point.snapshot.size_gb
    named = {"keyPairName": action.key_pair, "ipAddressType": action.address_type}
    spelled |= {name: value for name, value in named.items() if value}
    if action.disks:
        spelled["attachedDiskMapping"] = {
            action.target: [
                {"originalDiskPath": disk.path, "newDiskName": name}
                for name, disk in action.disks.items()
            ]
        }
    return spelled


def resolve_existing(action: RestoreResource, found: Resource | None) -> Outcome:
    """Decide whether the resource that has the name is what this restore made earlier.

    found: None where another type of resource has the name.
    """
    if found is None or not action.is_this(found):
        remedy = (
            'give another name with "as"'
            if action.mark == RESTORED
            else "the next drill uses another name"
        )
        disks = f" (or that of one of its disks: {', '.join(action.disks)})" if action.disks else ""
        message = (
            f"{action.target}: the name{disks} is taken in {action.region} by something else: "
            f"{remedy}"
        )
        return outcome(action, "failed", error=ErrorInfo("NameTaken", message))
    if action.kind.restoring.status(found.state) is Status.FAILED:
        message = (
            f"{found.name} was restored before, and its state is {found.state}: delete it and "
            'restore again, or give another name with "as"'
        )
        return outcome(action, "failed", error=ErrorInfo("RestoreFailed", message))
    reason = f"{action.reason}; an earlier run restored it, and its state is {found.state}"
    return outcome(action, "exists", reason=reason)
