"""What a run intends: one frozen value for each write, with its reason."""

from dataclasses import dataclass
from typing import Protocol

from snapshotter.model.inventory import Resource
from snapshotter.model.kinds import Kind
from snapshotter.model.outcome import ActionName, Outcome
from snapshotter.model.series import OwnSnapshot
from snapshotter.model.tags import Tags


class Intent(Protocol):
    """What every intended write can tell; its outcome repeats it.

    source_name: the resource that it is about; name: the snapshot, where it is about one.
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
class CopySnapshot:
    """Copy an original to another region, then tag the copy as the original is.

    region: where the copy will lie, and where the call is made.
    replaces: a copy of the same name that ended in error and gives way first.
    """

    original: OwnSnapshot
    region: str
    name: str
    tags: Tags
    reason: str
    replaces: OwnSnapshot | None = None

    action: ActionName = "copy"

    @property
    def kind(self) -> Kind:
        return self.original.kind

    @property
    def source_name(self) -> str:
        return self.original.source_name

    @property
    def then(self) -> "TagSnapshot":
        """What completes a copy: CopySnapshot takes no tags."""
        reason = f"a copy carries the tags of {self.original.name}"
        return TagSnapshot(self.original, self.region, self.name, self.tags, reason)


@dataclass(frozen=True, slots=True)
class TagSnapshot:
    """Give a copy of ours its tags: after it was made, or where a run did not live to.

    region, name: of the copy.
    needs_proof: Lightsail does not say what the snapshot was copied from, so its operation
    must before it is tagged.
    """

    original: OwnSnapshot
    region: str
    name: str
    tags: Tags
    reason: str
    needs_proof: bool = False

    action: ActionName = "tag"

    @property
    def kind(self) -> Kind:
        return self.original.kind

    @property
    def source_name(self) -> str:
        return self.original.source_name


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
    """All that a run intends, in the order in which it is done: deletes come last.

    findings: what is decided without a write: what is there already, what must wait, what
    cannot be understood.
    failures: snapshots in error that this run has to tell of, with the error of their operation.
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
