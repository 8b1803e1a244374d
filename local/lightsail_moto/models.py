"""The backend: all rooms in one, a Region of an account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from typing import Any

from botocore import xform_name
from moto.core.base_backend import BackendDict
from moto.core.utils import get_service_model

from lightsail_moto.catalogue import HOME_REGION
from lightsail_moto.controls import Control, Fault
from lightsail_moto.exceptions import InvalidInput
from lightsail_moto.operations import Failure
from lightsail_moto.resources import Record
from lightsail_moto.rooms.copies import CopyRoom
from lightsail_moto.rooms.disks import DiskSnapshotRoom
from lightsail_moto.rooms.history import HistoryRoom
from lightsail_moto.rooms.instance_snapshots import InstanceSnapshotRoom
from lightsail_moto.rooms.instances import InstanceRoom
from lightsail_moto.rooms.ports import PortRoom
from lightsail_moto.rooms.regions import RegionRoom
from lightsail_moto.rooms.restores import RestoreRoom
from lightsail_moto.rooms.tags import TagRoom


class LightsailBackend(
    InstanceRoom,
    InstanceSnapshotRoom,
    DiskSnapshotRoom,
    RestoreRoom,
    CopyRoom,
    PortRoom,
    TagRoom,
    HistoryRoom,
    RegionRoom,
):
    """Lightsail in one Region of one account.

    moto's BaseModel is not used: it keeps every instance for its dashboard, and takes the
    service's name from the second part of the module's.
    """

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        # The account's controls live with one Region's backend, so that moto's reset renews them.
        home = region_name == HOME_REGION
        self._controls = Control(account_id, Rooms(account_id)) if home else None

    @property
    def control(self) -> Control:
        home = lightsail_backends[self.account_id][HOME_REGION]
        assert home._controls is not None
        return home._controls

    def neighbour(self, region: str) -> LightsailBackend:
        try:
            return lightsail_backends[self.account_id][region]
        except KeyError:
            raise InvalidInput(f"The Region is not valid: {region}") from None

    def perform(self, operation: str, parameters: Record, fault: Fault | None) -> Record:
        """Do an operation by the model's name for it; the caller holds the lock.

        fault: the operations in the answer become Failed with its failure; one that strikes
        before has them done on a copy of the world. KeyError for one that is not written.
        """
        method = self._method(operation)
        arguments = {xform_name(name): value for name, value in parameters.items()}
        if fault is None or fault.failure is None:
            return method(**arguments)
        present = self.store
        if fault.when == "before":
            self.store = deepcopy(present)
        try:
            answer = method(**arguments)
        finally:
            self.store = present
        self._fail(answer, fault.failure)
        return answer

    def _method(self, operation: str) -> Callable[..., Record]:
        method: Callable[..., Record] = getattr(self, written_operations()[operation])
        return method

    def _fail(self, answer: Record, failure: Failure) -> None:
        """Make every operation of the answer Failed, here and in the ledger."""
        key = "operations" if "operations" in answer else "operation"
        told = answer[key] if key == "operations" else [answer[key]]
        failed: list[dict[str, Any]] = []
        for each in told:
            operation = self.ledger.get(each["id"])
            assert operation is not None
            operation.end(self.now, failure)
            failed.append(operation.describe())
        answer[key] = failed if key == "operations" else failed[0]


class Rooms:
    """The Regions of an account, for its controls."""

    def __init__(self, account_id: str) -> None:
        self._account_id = account_id

    def __getitem__(self, region: str) -> LightsailBackend:
        """The Region's backend; KeyError where Lightsail is not."""
        return lightsail_backends[self._account_id][region]

    def __iter__(self) -> Iterator[LightsailBackend]:
        """The Regions that were used so far."""
        return iter(list(lightsail_backends[self._account_id].values()))


@cache
def written_operations() -> dict[str, str]:
    """The operations of botocore's service model that are written here, with their methods."""
    names = get_service_model("lightsail").operation_names
    methods = {name: xform_name(name) for name in names}
    return {name: method for name, method in methods.items() if hasattr(LightsailBackend, method)}


lightsail_backends: BackendDict[LightsailBackend] = BackendDict(LightsailBackend, "lightsail")
