"""The resources of one Region: one name space over all types, and lists read page by page.

Page tokens are opaque to the client. The ordinary ones name the last item that was read, so
deletes and creates between two pages neither skip nor repeat another item, and a page costs
only its own length. The shifting ones count from the newest item, so whatever comes or goes
in between moves items over the page boundary: one is skipped or seen twice.
The live service's page size, order and kind of token are not published.
"""

from __future__ import annotations

import base64
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from lightsail_moto.exceptions import InvalidInput, NotFound
from lightsail_moto.models.resource import Resource

T = TypeVar("T")


class PagedList(Generic[T]):
    """Items in order of arrival, each under a number that is never used again."""

    def __init__(self, items: Iterable[T] = ()) -> None:
        self._numbers: list[int] = []
        self._items: dict[int, T] = {}
        self._next = 1
        for item in items:
            self.append(item)

    def __iter__(self) -> Iterator[T]:
        return iter(list(self._items.values()))

    def append(self, item: T) -> int:
        """Add at the end; returns the item's number."""
        number = self._next
        self._next += 1
        self._numbers.append(number)
        self._items[number] = item
        return number

    def remove(self, number: int) -> None:
        del self._numbers[bisect_left(self._numbers, number)]
        del self._items[number]

    def page(
        self,
        token: str | None,
        size: int,
        *,
        visible: Callable[[T], bool] = lambda _: True,
        shifting: bool = False,
    ) -> tuple[list[T], str | None]:
        """At most `size` visible items after `token`, and the token of the next page if any."""
        place = _read_token(token)
        if "offset" in place or (shifting and not place):
            return self._shifting_page(place.get("offset", 0), size, visible)
        return self._steady_page(place.get("after", 0), size, visible)

    def _steady_page(
        self, after: int, size: int, visible: Callable[[T], bool]
    ) -> tuple[list[T], str | None]:
        page: list[T] = []
        last = after
        for index in range(bisect_right(self._numbers, after), len(self._numbers)):
            item = self._items[self._numbers[index]]
            if not visible(item):
                continue
            if len(page) == size:
                return page, _write_token({"after": last})
            page.append(item)
            last = self._numbers[index]
        return page, None

    def _shifting_page(
        self, offset: int, size: int, visible: Callable[[T], bool]
    ) -> tuple[list[T], str | None]:
        shown = [item for item in reversed(self._items.values()) if visible(item)]
        end = offset + size
        return shown[offset:end], _write_token({"offset": end}) if end < len(shown) else None


def _write_token(place: dict[str, int]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _read_token(token: str | None) -> dict[str, int]:
    if not token:
        return {}
    try:
        place = json.loads(base64.urlsafe_b64decode(token))
        return {str(key): int(value) for key, value in place.items()}
    except (ValueError, AttributeError, TypeError) as unreadable:
        raise InvalidInput("The page token is not valid.") from unreadable


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
