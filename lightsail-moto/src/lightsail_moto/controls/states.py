"""The controls that set the state of a resource."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from threading import RLock
from typing import TypeVar

from lightsail_moto.models import LightsailBackend
from lightsail_moto.models.auto_snapshots import AddOnResource
from lightsail_moto.models.databases import RelationalDatabase
from lightsail_moto.models.disks import Disk
from lightsail_moto.models.environment import Environment
from lightsail_moto.models.instances import Instance
from lightsail_moto.models.regions import HOME_REGION
from lightsail_moto.models.resource import Failure, Resource
from lightsail_moto.models.snapshots import Snapshot

R = TypeVar("R", bound=Resource)


class StateControls(Environment):
    """NotFound for names that do not exist. A state that is set stays: the clock ends nothing.

    backends: the Regions of the account; KeyError for one that has no Lightsail.
    """

    lock: RLock
    backends: Mapping[str, LightsailBackend]

    def auto_snapshot_in_progress(
        self, name: str, region: str = HOME_REGION, *, seconds: float | None = None
    ) -> None:
        """Begin an automatic snapshot of an instance or disk now, with or without the add-on."""
        length = self.auto_snapshot_seconds if seconds is None else seconds
        with self.lock:
            store = self.backends[region].store
            source = store.find(AddOnResource, name) or store.get(Instance, name)
            source.auto.begin(self.now(), timedelta(seconds=length), source.attached_disks())

    def set_instance_state(
        self, name: str, region: str, state: str, *, code: int | None = None
    ) -> None:
        """Any word; the code is EC2's unless it is given."""
        with self.lock:
            self._set(Instance, name, region, state).state_code = code

    def set_instance_health(
        self, name: str, region: str, status: str | None, system_status: str = "ok"
    ) -> None:
        """Any words, which stay; with None the state decides again."""
        with self.lock:
            instance = self.backends[region].store.get(Instance, name)
            instance.health = None if status is None else (status, system_status)

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
            for operation in self.backends[region].operation_log.in_progress(snapshot):
                operation.end(self.now(), failure)

    def _set(self, kind: type[R], name: str, region: str, state: str) -> R:
        resource = self.backends[region].store.get(kind, name)
        resource.state = state
        resource.transition = None
        return resource
