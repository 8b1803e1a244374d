"""The actions of a plan: one frozen value for each write, with its reason."""

from dataclasses import dataclass
from typing import Protocol

from snapshotter.model.inventory import Resource
from snapshotter.model.kinds import Kind
from snapshotter.model.outcome import ActionName, Outcome
from snapshotter.model.series import OwnSnapshot
from snapshotter.model.tags import Tags


class Intent(Protocol):
    """What every action has in common; its outcome repeats it.

    source_name: the resource; name: the snapshot, where the action is about one.
    """

    @property
    def action(self) -> ActionName: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def region(self) -> str: ...
    @property
    def source_name(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True, slots=True)
class CreateSnapshot:
    """Take a snapshot of a resource, with all its tags in the same call."""

    resource: Resource
    name: str
    tags: Tags
    reason: str

    action: ActionName = "create"

    @property
    def kind(self) -> Kind:
        return self.resource.kind

    @property
    def region(self) -> str:
        return self.resource.region

    @property
    def source_name(self) -> str:
        return self.resource.name


@dataclass(frozen=True, slots=True)
class _OfCopy:
    """What a copy and its tags have in common. region, name: of the copy."""

    original: OwnSnapshot
    region: str
    name: str
    tags: Tags
    reason: str

    @property
    def kind(self) -> Kind:
        return self.original.kind

    @property
    def source_name(self) -> str:
        return self.original.source_name


@dataclass(frozen=True, slots=True)
class CopySnapshot(_OfCopy):
    """Copy an original to another region, where the call is made, then tag the copy.

    replaces: a copy of the same name that ended in error and is deleted first.
    """

    replaces: OwnSnapshot | None = None

    action: ActionName = "copy"

    @property
    def then(self) -> "TagSnapshot":
        """The second step of a copy, since CopySnapshot takes no tags."""
        reason = f"a copy carries the tags of {self.original.name}"
        return TagSnapshot(self.original, self.region, self.name, self.tags, reason)


@dataclass(frozen=True, slots=True)
class TagSnapshot(_OfCopy):
    """Tag a copy of ours: after it was started, or where an earlier run was killed before that.

    needs_proof: the snapshot's record does not name its source, so its operation must confirm it
    before it is tagged.
    """

    needs_proof: bool = False

    action: ActionName = "tag"


@dataclass(frozen=True, slots=True)
class DeleteSnapshot:
    """Delete a snapshot of ours that is no longer wanted."""

    own: OwnSnapshot
    reason: str

    action: ActionName = "delete"

    @property
    def kind(self) -> Kind:
        return self.own.kind

    @property
    def region(self) -> str:
        return self.own.region

    @property
    def name(self) -> str:
        return self.own.name

    @property
    def source_name(self) -> str:
        return self.own.source_name


Action = CreateSnapshot | CopySnapshot | TagSnapshot | DeleteSnapshot


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a run does, in this order: deletes come last.

    findings: outcomes that need no write: what exists already, must wait, or cannot be understood.
    failures: snapshots in error, to be reported with the error of their operation.
    """

    creates: tuple[CreateSnapshot, ...] = ()
    copies: tuple[CopySnapshot, ...] = ()
    tags: tuple[TagSnapshot, ...] = ()
    deletes: tuple[DeleteSnapshot, ...] = ()
    findings: tuple[Outcome, ...] = ()
    failures: tuple[OwnSnapshot, ...] = ()

    @property
    def actions(self) -> tuple[Action, ...]:
        return (*self.creates, *self.copies, *self.tags, *self.deletes)
