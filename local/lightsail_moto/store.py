"""The resources of one Region: one name space over all types, and a shelf for each type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from lightsail_moto.exceptions import NotFound
from lightsail_moto.paging import Shelf
from lightsail_moto.resources import Resource

R = TypeVar("R", bound=Resource)


class Store:
    """Names are unique over all types, as "Resource names" in the user guide has it."""

    def __init__(self) -> None:
        self.names: dict[str, Resource] = {}
        self._shelves: dict[type[Resource], Shelf[Resource]] = {}

    def __iter__(self) -> Iterator[Resource]:
        return iter(list(self.names.values()))

    def add(self, resource: Resource) -> None:
        """The caller has checked that the name is free."""
        self.names[resource.name] = resource
        resource.number = self.shelf(type(resource)).put(resource)

    def remove(self, resource: Resource) -> None:
        del self.names[resource.name]
        self.shelf(type(resource)).drop(resource.number)

    def find(self, kind: type[R], name: str) -> R | None:
        resource = self.names.get(name)
        return resource if isinstance(resource, kind) else None

    def get(self, kind: type[R], name: str) -> R:
        """NotFound if the name is free, or is another type's."""
        resource = self.find(kind, name)
        if resource is None:
            raise NotFound(kind.type, name)
        return resource

    def shelf(self, kind: type[Resource]) -> Shelf[Resource]:
        return self._shelves.setdefault(kind, Shelf())
