"""One restore, decided: what is made of which recovery point, and how the API is told."""

from dataclasses import dataclass
from typing import Any

from snapshotter.kinds import DISK, Kind, Status
from snapshotter.model import ActionName, AttachedDisk, ErrorInfo, Outcome, Resource, Tags
from snapshotter.names import disk_names
from snapshotter.plan.outcomes import outcome
from snapshotter.series import OwnSnapshot
from snapshotter.tags import RESTORED, to_records


@dataclass(frozen=True, slots=True)
class RestoreResource:
    """Make a new resource of a recovery point, with all its tags in the same call.

    about: the resource that the outcome speaks of. mark: the tag whose value is the recovery
    point's name, and by which this very restore is known again.
    """

    point: OwnSnapshot
    target: str
    about: str
    zone: str | None
    bundle_id: str | None
    tags: Tags
    mark: str
    reason: str

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
        """The disks that come with an instance, by the names that they are given."""
        attached = self.point.snapshot.attached
        return dict(zip(disk_names(self.target, len(attached)), attached, strict=True))

    def is_this(self, found: Resource) -> bool:
        """Tell whether a resource is what this restore makes."""
        return found.kind is self.kind and found.tags.get(self.mark) == self.name


def arguments(action: RestoreResource) -> dict[str, Any]:
    """Spell a restore as the API wants it."""
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
    if action.disks:
        spelled["attachedDiskMapping"] = {
            action.target: [
                {"originalDiskPath": disk.path, "newDiskName": name}
                for name, disk in action.disks.items()
            ]
        }
    return spelled


def met(action: RestoreResource, found: Resource | None) -> Outcome:
    """Judge whatever has the name: what this very restore made before, or something else.

    found: None where it is neither an instance, disk or database of that kind.
    """
    if found is None or not action.is_this(found):
        remedy = (
            'give another one by "as"' if action.mark == RESTORED else "the next drill has another"
        )
        disks = f", or that of a disk of it ({', '.join(action.disks)})," if action.disks else ""
        message = (
            f"the name {action.target!r}{disks} is taken in {action.region} by something else: "
            f"{remedy}"
        )
        return outcome(action, "failed", error=ErrorInfo("NameTaken", message))
    if action.kind.restoring.status(found.state) is Status.FAILED:
        message = (
            f"{found.name} was restored before, and ended in {found.state}: delete it and restore "
            'again, or give another name by "as"'
        )
        return outcome(action, "failed", error=ErrorInfo("RestoreFailed", message))
    reason = f"{action.reason}; it had been restored already and is {found.state}"
    return outcome(action, "exists", reason=reason)
