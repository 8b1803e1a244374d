"""The resources of one Region: one name space over all types, and a list for each type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from lightsail_moto.exceptions import NotFound
from lightsail_moto.models.paging import PagedList
from lightsail_moto.models.resource import Resource

R = TypeVar("R", bound=Resource)


class Store:
    """Names are unique over all types, as "Resource names" in the user guide has it."""

    def __init__(self) -> None:
        self.names: dict[str, Resource] = {}
        self._lists: dict[type[Resource], PagedList[Resource]] = {}

    def __iter__(self) -> Iterator[Resource]:
        return iter(list(self.names.values()))

    def add(self, resource: Resource) -> None:
        """The caller has checked that the name is free."""
        self.names[resource.name] = resource
        resource.number = self.of_type(type(resource)).append(resource)

    def remove(self, resource: Resource) -> None:
        del self.names[resource.name]
        self.of_type(type(resource)).remove(resource.number)

    def find(self, kind: type[R], name: str) -> R | None:
        resource = self.names.get(name)
        return resource if isinstance(resource, kind) else None

    def get(self, kind: type[R], name: str) -> R:
        """NotFound if the name is free, or is another type's."""
        resource = self.find(kind, name)
        if resource is None:
            raise NotFound(kind.type, name)
        return resource

    def of_type(self, kind: type[Resource]) -> PagedList[Resource]:
        return self._lists.setdefault(kind, PagedList())
