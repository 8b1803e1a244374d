"""Operations, looked up."""

from __future__ import annotations

from lightsail_moto.exceptions import NotFound
from lightsail_moto.models.base import RegionBackend
from lightsail_moto.models.operation_log import Operation
from lightsail_moto.models.paging import PagedList
from lightsail_moto.models.resource import Record


class OperationBackend(RegionBackend):
    """GetOperation, GetOperations, GetOperationsForResource.

    GetOperationsForResource is found by name: operations of an earlier namesake are there too.
    Its deprecated nextPageCount is left out.
    """

    def get_operation(self, operation_id: str) -> Record:
        operation = self.operation_log.get(operation_id)
        if operation is None:
            raise NotFound("Operation", operation_id)
        operation.settle(self.now)
        return {"operation": operation.describe()}

    def get_operations(self, page_token: str | None = None) -> Record:
        return self._page_of(self.operation_log.all, page_token)

    def get_operations_for_resource(
        self, resource_name: str, page_token: str | None = None
    ) -> Record:
        return self._page_of(self.operation_log.of(resource_name), page_token)

    def _page_of(self, listed: PagedList[Operation], token: str | None) -> Record:
        operations, next_token = self.page(listed, token)
        for operation in operations:
            operation.settle(self.now)
        described = [operation.describe() for operation in operations]
        return self.with_token({"operations": described}, next_token)
