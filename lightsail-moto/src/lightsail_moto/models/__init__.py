"""The backend: one Region of one account, composed of a class for each resource.

As in moto's larger services (`moto.ec2.models`), each module has the records of one resource
and the operations on it. Nothing here imports the controls: what they change, the models read
from their `Environment`, and a failed operation that was asked for is passed to `perform`.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache

from botocore import xform_name
from moto.core.base_backend import BackendDict
from moto.core.utils import get_service_model

from lightsail_moto.exceptions import InvalidInput
from lightsail_moto.models.attachments import AttachmentBackend, FirewallBackend
from lightsail_moto.models.environment import Environment
from lightsail_moto.models.networking import StaticIpBackend
from lightsail_moto.models.regions import HOME_REGION, RegionsBackend
from lightsail_moto.models.resource import Failure, Record
from lightsail_moto.models.restores import CopyBackend, RestoreBackend
from lightsail_moto.models.routing import RoutingBackend
from lightsail_moto.models.snapshots import (
    DatabaseSnapshotBackend,
    DiskSnapshotBackend,
    InstanceSnapshotBackend,
)
from lightsail_moto.models.tags import OperationBackend, TagBackend


class LightsailBackend(
    InstanceSnapshotBackend,
    DiskSnapshotBackend,
    DatabaseSnapshotBackend,
    RestoreBackend,
    CopyBackend,
    AttachmentBackend,
    FirewallBackend,
    StaticIpBackend,
    TagBackend,
    OperationBackend,
    RoutingBackend,
    RegionsBackend,
):
    """Lightsail in one Region of one account.

    moto's BaseModel is not used: it keeps every instance for its dashboard, and takes the
    service's name from the second part of the module's.
    """

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        # One Region's backend keeps it for the account, so that moto's reset renews it.
        self._environment = Environment()

    @property
    def environment(self) -> Environment:
        return lightsail_backends[self.account_id][HOME_REGION]._environment

    @environment.setter
    def environment(self, environment: Environment) -> None:
        lightsail_backends[self.account_id][HOME_REGION]._environment = environment

    def other_region(self, region: str) -> LightsailBackend:
        try:
            return lightsail_backends[self.account_id][region]
        except KeyError:
            raise InvalidInput(f"The Region is not valid: {region}") from None

    def perform(
        self,
        operation: str,
        parameters: Record,
        failure: Failure | None = None,
        *,
        without_effect: bool = False,
    ) -> Record:
        """Do an operation by the model's name for it; the caller holds the lock.

        failure: the operations in the answer become Failed with it; `without_effect` does
        them on a copy of the resources. KeyError for an operation that is not implemented.
        """
        method = getattr(self, implemented_operations()[operation])
        before = self.store
        if without_effect:
            self.store = deepcopy(before)
        try:
            answer: Record = method(**{xform_name(key): value for key, value in parameters.items()})
        finally:
            self.store = before
        if failure:
            self._fail(answer, failure)
        return answer

    def _fail(self, answer: Record, failure: Failure) -> None:
        """Make every operation of the answer Failed, here and in the log."""
        operations = answer["operations"] if "operations" in answer else [answer["operation"]]
        for described in operations:
            operation = self.operation_log.get(described["id"])
            assert operation is not None
            operation.end(self.now, failure)
            described.clear()
            described.update(operation.describe())


@cache
def implemented_operations() -> dict[str, str]:
    """The operations of botocore's service model that have a method here, with its name."""
    methods = {name: xform_name(name) for name in get_service_model("lightsail").operation_names}
    return {name: method for name, method in methods.items() if hasattr(LightsailBackend, method)}


lightsail_backends: BackendDict[LightsailBackend] = BackendDict(LightsailBackend, "lightsail")
