"""Lists that are read page by page, also while they change."""

from lightsail_moto import Control
from lightsail_moto.models.store import PagedList

from .support import Client, both, names, refused


def _seed(controls: Control, count: int = 5) -> None:
    source = controls.seed.add_instance("web")
    for number in range(count):
        controls.seed.add_snapshot(f"web-{number}", source)


@both
def test_lists_come_in_pages_of_two_by_default(client: Client, controls: Control) -> None:
    _seed(controls)

    pages = list(client.get_paginator("get_instance_snapshots").paginate())

    assert [names(page["instanceSnapshots"]) for page in pages] == [
        ["web-0", "web-1"],
        ["web-2", "web-3"],
        ["web-4"],
    ]
    assert "nextPageToken" not in pages[-1]


def test_a_full_last_page_has_no_token(client: Client, controls: Control) -> None:
    _seed(controls, 4)
    controls.page_size = 4

    assert "nextPageToken" not in client.get_instance_snapshots()


def test_tokens_survive_deletes_and_neither_skip_nor_repeat(
    client: Client, controls: Control
) -> None:
    _seed(controls)
    first = client.get_instance_snapshots()
    for name in ("web-0", "web-1", "web-2"):
        client.delete_instance_snapshot(instanceSnapshotName=name)
    client.create_instance_snapshot(instanceName="web", instanceSnapshotName="web-5")

    second = client.get_instance_snapshots(pageToken=first["nextPageToken"])
    third = client.get_instance_snapshots(pageToken=second["nextPageToken"])

    assert names(second["instanceSnapshots"]) == ["web-3", "web-4"]
    assert names(third["instanceSnapshots"]) == ["web-5"]


def test_shifting_pages_skip_after_a_delete_and_repeat_after_a_create(
    client: Client, controls: Control
) -> None:
    _seed(controls)
    controls.shift_pages = True
    first = client.get_instance_snapshots()

    client.create_instance_snapshot(instanceName="web", instanceSnapshotName="web-5")
    repeated = client.get_instance_snapshots(pageToken=first["nextPageToken"])
    client.delete_instance_snapshot(instanceSnapshotName="web-4")
    client.delete_instance_snapshot(instanceSnapshotName="web-3")
    skipped = client.get_instance_snapshots(pageToken=first["nextPageToken"])

    assert names(first["instanceSnapshots"]) == ["web-4", "web-3"]
    assert names(repeated["instanceSnapshots"]) == ["web-3", "web-2"]
    assert names(skipped["instanceSnapshots"]) == ["web-1", "web-0"]


def test_a_shifting_token_beyond_the_end_is_an_empty_page(
    client: Client, controls: Control
) -> None:
    _seed(controls, 3)
    controls.shift_pages = True
    token = client.get_instance_snapshots()["nextPageToken"]
    for number in range(3):
        client.delete_instance_snapshot(instanceSnapshotName=f"web-{number}")

    assert client.get_instance_snapshots(pageToken=token)["instanceSnapshots"] == []


@both
def test_new_snapshots_are_listed_late_but_found_by_name(client: Client, controls: Control) -> None:
    _seed(controls, 1)
    controls.clock.advance(hours=1)
    controls.list_delay_s = 60
    client.create_instance_snapshot(instanceName="web", instanceSnapshotName="late")

    at_once = names(client.get_instance_snapshots()["instanceSnapshots"])
    found = client.get_instance_snapshot(instanceSnapshotName="late")["instanceSnapshot"]
    controls.clock.advance(seconds=60)
    later = names(client.get_instance_snapshots()["instanceSnapshots"])

    assert (at_once, found["name"], later) == (["web-0"], "late", ["web-0", "late"])


def test_an_invalid_token_is_refused(client: Client) -> None:
    for token in ("garbage", "W10=", "MQ=="):
        code, _, message = refused(client.get_instances, pageToken=token)
        assert (code, message) == ("InvalidInputException", "The page token is not valid.")


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
