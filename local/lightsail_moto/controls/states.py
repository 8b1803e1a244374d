"""The controls that put resources into a state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import RLock
from typing import TYPE_CHECKING, Protocol, TypeVar

from lightsail_moto.catalogue import HOME_REGION
from lightsail_moto.controls.clock import Clock
from lightsail_moto.controls.settings import Settings
from lightsail_moto.operations import Failure
from lightsail_moto.resources import Disk, Instance, RelationalDatabase, Resource
from lightsail_moto.snapshots import Snapshot

if TYPE_CHECKING:
    from lightsail_moto.rooms.room import Room

R = TypeVar("R", bound=Resource)


class Rooms(Protocol):
    """The Regions of the account; KeyError for one that has no Lightsail."""

    def __getitem__(self, region: str) -> Room: ...

    def __iter__(self) -> Iterator[Room]: ...


class StateControls(Settings):
    """NotFound for names that are not there. A state that is set stays: no clock moves it on."""

    lock: RLock
    clock: Clock
    rooms: Rooms

    def auto_snapshot_in_progress(
        self, name: str, region: str = HOME_REGION, *, seconds: float | None = None
    ) -> None:
        """Begin an automatic snapshot of an instance or disk now, with or without the add-on."""
        length = self.auto_snapshot_seconds if seconds is None else seconds
        with self.lock:
            room = self.rooms[region]
            disk = room.store.find(Disk, name)
            source: Disk | Instance = disk or room.get(Instance, name)
            source.auto.begin(room.now, timedelta(seconds=length), room.attached_to(source))

    def set_instance_state(
        self, name: str, region: str, state: str, *, code: int | None = None
    ) -> None:
        """Any word; the code is EC2's unless it is given."""
        with self.lock:
            self._set(Instance, name, region, state).state_code = code

    def set_disk_state(self, name: str, region: str, state: str) -> None:
        """Any word; an attached disk that is `available` shows `in-use`."""
        with self.lock:
            self._set(Disk, name, region, state)

    def set_database_state(self, name: str, region: str, state: str) -> None:
        """Any word."""
        with self.lock:
            self._set(RelationalDatabase, name, region, state)

    def set_snapshot_state(
        self,
        name: str,
        region: str,
        state: str,
        *,
        error_code: str = "InternalError",
        error_details: str = "The snapshot could not be created.",
    ) -> None:
        """Any word. Its operations succeed with the ready one, fail with `error`, else stay."""
        with self.lock:
            snapshot = self._set(Snapshot, name, region, state)
            if state not in (snapshot.ready, "error"):
                return
            failure = Failure(error_code, error_details) if state == "error" else None
            for operation in self.rooms[region].ledger.about(snapshot):
                operation.end(self.clock.now(), failure)

    def _set(self, kind: type[R], name: str, region: str, state: str) -> R:
        resource = self.rooms[region].store.get(kind, name)
        resource.state = state
        resource.transition = None
        return resource
