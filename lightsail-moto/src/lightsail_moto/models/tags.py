"""Tags on any resource, and operations looked up."""

from __future__ import annotations

from lightsail_moto.exceptions import InvalidInput, NotFound
from lightsail_moto.models.base import RegionBackend
from lightsail_moto.models.operation_log import Operation
from lightsail_moto.models.resource import Record, Resource
from lightsail_moto.models.store import PagedList
from lightsail_moto.models.validation import WireTags, check_count, read_tags


class TagBackend(RegionBackend):
    """TagResource, UntagResource.

    What they answer on the wire is not published: here one operation that has succeeded,
    of type TagResource or UntagResource. That TagResource adds to the tags that are there,
    and replaces the values of those it names, is assumed.
    """

    def tag_resource(
        self, resource_name: str, tags: WireTags, resource_arn: str | None = None
    ) -> Record:
        resource = self._find(resource_name, resource_arn)
        merged = resource.tags | read_tags(tags)
        check_count(merged)
        resource.tags = merged
        return self.operations([self.done(resource, "TagResource")])

    def untag_resource(
        self, resource_name: str, tag_keys: list[str], resource_arn: str | None = None
    ) -> Record:
        """Keys that the resource does not have are ignored."""
        resource = self._find(resource_name, resource_arn)
        resource.tags = {key: value for key, value in resource.tags.items() if key not in tag_keys}
        return self.operations([self.done(resource, "UntagResource")])

    def _find(self, name: str, arn: str | None) -> Resource:
        resource = self.store.names.get(name)
        if resource is None:
            raise NotFound("Resource", name)
        if arn is not None and arn != resource.arn:
            raise InvalidInput(f"The ARN is not that of {name}: {arn}")
        return resource


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
