"""Operations, looked up."""

from __future__ import annotations

from lightsail_moto.exceptions import NotFound
from lightsail_moto.operations import Operation
from lightsail_moto.paging import Shelf
from lightsail_moto.resources import Record
from lightsail_moto.rooms.room import Room


class HistoryRoom(Room):
    """GetOperation, GetOperations, GetOperationsForResource.

    GetOperationsForResource is found by name: operations of an earlier namesake are there too.
    Its deprecated nextPageCount is left out.
    """

    def get_operation(self, operation_id: str) -> Record:
        operation = self.ledger.get(operation_id)
        if operation is None:
            raise NotFound("Operation", operation_id)
        operation.settle(self.now)
        return {"operation": operation.describe()}

    def get_operations(self, page_token: str | None = None) -> Record:
        return self._page_of(self.ledger.all, page_token)

    def get_operations_for_resource(
        self, resource_name: str, page_token: str | None = None
    ) -> Record:
        return self._page_of(self.ledger.of(resource_name), page_token)

    def _page_of(self, shelf: Shelf[Operation], token: str | None) -> Record:
        operations, next_token = self.page(shelf, token)
        for operation in operations:
            operation.settle(self.now)
        described = [operation.describe() for operation in operations]
        return self.with_token({"operations": described}, next_token)
