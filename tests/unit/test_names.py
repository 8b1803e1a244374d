"""Names are legal, contain the resource and the time, and are unique."""

import hashlib
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapshotter.model.kinds import DATABASE, DISK, INSTANCE, KINDS, Kind
from snapshotter.model.names import (
    NAME_LIMIT,
    copy_name,
    disk_names,
    drill_name,
    is_disk_of,
    is_legal,
    resource_part,
    restored_name,
    snapshot_name,
)
from tests.unit.cases import cases

AT = datetime(2026, 11, 23, 4, 50, tzinfo=UTC)
ARN = "arn:aws:lightsail:us-east-1:123456789012:Instance/0b1e"
DIGEST = hashlib.sha256(ARN.encode()).hexdigest()[:8]

LEGAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,253}[A-Za-z0-9]")
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,253}[A-Za-z0-9]")
names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,253}[A-Za-z0-9]", fullmatch=True)
kinds = st.sampled_from([*KINDS.values()])
times = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=UTC)
)


@cases(
    "kind resource expected",
    {
        "plain": (INSTANCE, "web-1", "web-1-20261123T045000Z"),
        "dots": (INSTANCE, "www.example.com", "www.example.com-20261123T045000Z"),
        "just-fits": (DISK, "a" * 238, "a" * 238 + "-20261123T045000Z"),
        "one-too-long": (DISK, "a" * 239, "a" * 229 + f"-{DIGEST}-20261123T045000Z"),
        "database": (DATABASE, "shop-db", "shop-db-20261123T045000Z"),
        "altered": (DATABASE, "shop_db.v2", f"shop-db-v2-{DIGEST}-20261123T045000Z"),
    },
)
def test_snapshot_name_has_the_resource_and_the_scheduled_time(
    kind: Kind, resource: str, expected: str
) -> None:
    assert snapshot_name(kind, resource, ARN, AT) == expected


def test_time_in_a_name_is_in_utc() -> None:
    berlin = AT.astimezone(timezone(timedelta(hours=1)))

    assert snapshot_name(INSTANCE, "web", ARN, berlin) == snapshot_name(INSTANCE, "web", ARN, AT)


def test_two_sources_with_names_that_are_cut_never_share_a_name() -> None:
    one, other = (snapshot_name(DISK, "a" * 250, ARN + end, AT) for end in "12")

    assert one != other


@given(names, times, kinds, st.integers(1, 15))
def test_every_name_is_legal_whatever_the_source_is_called(
    resource: str, time: datetime, kind: Kind, disks: int
) -> None:
    name = snapshot_name(kind, resource, ARN, time)
    made = (restored_name(kind, resource, ARN, time), drill_name(kind, resource, ARN, time))
    copy = copy_name(name, ARN, "ap-northeast-1")

    assert all((PLAIN if kind.plain_names else LEGAL).fullmatch(each) for each in (name, *made))
    assert LEGAL.fullmatch(copy)
    assert copy.endswith(f"{time:%Y%m%dT%H%M%SZ}-ap-northeast-1")
    assert len(resource) > 238 or kind.plain_names or resource_part(name) == resource
    for each in made:
        assert len(set(disk_names(each, disks))) == disks
        assert all(
            is_legal(DISK, disk) and is_disk_of(disk, each) for disk in disk_names(each, disks)
        )


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        ("web-20261123T045000Z", "web-20261123T045000Z-us-east-1"),
        (
            snapshot_name(INSTANCE, "a" * 255, ARN, AT),
            "a" * (255 - 27 - 9) + f"-{DIGEST}-20261123T045000Z-us-east-1",
        ),
    ],
)
def test_copy_name_has_the_snapshot_and_its_region_and_is_cut_in_the_resource_part(
    original: str, expected: str
) -> None:
    assert copy_name(original, ARN, "us-east-1") == expected
    assert len(expected) <= NAME_LIMIT


@cases(
    "kind resource restored drill",
    {
        "plain": (
            INSTANCE,
            "web.1",
            "web.1-restored-20261123T045000Z",
            "drill-web.1-20261123T045000Z",
        ),
        "altered": (
            DATABASE,
            "shop_db",
            f"shop-db-{DIGEST}-restored-20261123T045000Z",
            f"drill-shop-db-{DIGEST}-20261123T045000Z",
        ),
    },
)
def test_restore_and_drill_names_have_the_source_and_a_time(
    kind: Kind, resource: str, restored: str, drill: str
) -> None:
    assert restored_name(kind, resource, ARN, AT) == restored
    assert drill_name(kind, resource, ARN, AT) == drill


@pytest.mark.parametrize("disk", ["drill-web-disk-", "drill-web-disk-x", "web-disk-1", "drill-web"])
def test_disk_with_another_name_is_not_a_disk_of_the_drill(disk: str) -> None:
    assert not is_disk_of(disk, "drill-web")


def test_disk_belongs_to_one_drill_only() -> None:
    disk = "drill-web-disk-1-disk-1"

    assert [is_disk_of(disk, drill) for drill in ("drill-web", "drill-web-disk-1")] == [False, True]


@pytest.mark.parametrize("name", ["a", "-a", "a-", "a b", "a/b", "a" * 256, ""])
def test_name_that_lightsail_refuses_is_not_legal(name: str) -> None:
    assert not is_legal(INSTANCE, name)
