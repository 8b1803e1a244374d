"""Lists that are read page by page, also while they change."""

from typing import Any

import pytest

from lightsail_moto import Control
from lightsail_moto.models.store import PagedList

from .support import Client, both, names


@pytest.fixture(autouse=True)
def _five(controls: Control) -> None:
    source = controls.seed.add_instance("web")
    for number in range(5):
        controls.seed.add_snapshot(f"web-{number}", source)


def page(client: Client, after: Any = None) -> Any:
    return client.get_instance_snapshots(**{"pageToken": after["nextPageToken"]} if after else {})


def listed(answer: Any) -> list[str]:
    return names(answer["instanceSnapshots"])


def create(client: Client, name: str) -> None:
    client.create_instance_snapshot(instanceName="web", instanceSnapshotName=name)


def delete(client: Client, *snapshots: str) -> None:
    for name in snapshots:
        client.delete_instance_snapshot(instanceSnapshotName=name)


@both
@pytest.mark.parametrize("size", [2, 5])
def test_lists_come_in_pages_and_the_last_has_no_token(
    client: Client, controls: Control, size: int
) -> None:
    assert controls.page_size == 2
    controls.page_size = size

    pages = list(client.get_paginator("get_instance_snapshots").paginate())

    expected = [[f"web-{n}" for n in range(at, min(at + size, 5))] for at in range(0, 5, size)]
    assert [listed(each) for each in pages] == expected
    assert "nextPageToken" not in pages[-1]


def test_tokens_survive_deletes_and_neither_skip_nor_repeat(
    client: Client, controls: Control
) -> None:
    first = page(client)
    delete(client, "web-0", "web-1", "web-2")
    create(client, "web-5")

    second = page(client, first)

    assert (listed(second), listed(page(client, second))) == (["web-3", "web-4"], ["web-5"])


def test_shifting_pages_repeat_after_a_create_and_skip_after_a_delete_and_can_be_empty(
    client: Client, controls: Control
) -> None:
    controls.shift_pages = True
    first = page(client)
    create(client, "web-5")
    repeated = page(client, first)
    delete(client, "web-4", "web-3")
    skipped = page(client, first)
    delete(client, "web-2", "web-1", "web-0")

    seen = [listed(each) for each in (first, repeated, skipped, page(client, first))]
    assert seen == [["web-4", "web-3"], ["web-3", "web-2"], ["web-1", "web-0"], []]


@both
def test_new_snapshots_are_listed_late_but_found_by_name(client: Client, controls: Control) -> None:
    controls.page_size = 10
    controls.clock.advance(hours=1)
    controls.list_delay_s = 60
    create(client, "late")

    at_once = listed(page(client))
    client.get_instance_snapshot(instanceSnapshotName="late")
    controls.clock.advance(seconds=60)

    assert listed(page(client)) == [*at_once, "late"] != at_once


def test_a_page_costs_what_is_on_it() -> None:
    """Reading 100,000 items in pages of one reads each item about twice."""
    shelf = PagedList(range(100_000))
    reads = 0

    def visible(_: int) -> bool:
        nonlocal reads
        reads += 1
        return True

    token = None
    for _ in range(1000):
        _, token = shelf.page(token, 1, visible=visible)

    assert reads == 2000
