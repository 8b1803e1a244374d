"""Tags on any resource."""

from __future__ import annotations

from lightsail_moto.exceptions import InvalidInput, NotFound
from lightsail_moto.models.base import RegionBackend
from lightsail_moto.models.resource import Record, Resource
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
