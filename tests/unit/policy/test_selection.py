"""Which resources the tags of their owner protect, and how."""

from __future__ import annotations

from typing import Any

import pytest

from snapshotter.model.kinds import DATABASE, DISK, INSTANCE, Kind
from snapshotter.model.resource import Resource
from snapshotter.model.tags import DRILL, POLICY, Tags
from snapshotter.policy.grammar import GRAMMAR, parse_retention
from snapshotter.policy.selection import (
    COPY_TO,
    DRILLS,
    KEEP,
    SUFFIXES,
    Drilling,
    Protection,
    Selector,
    TagFault,
    Wish,
    parse_drilling,
)

DAILY = parse_retention("daily=7")
OF_A_DRILL = {DRILL: "web-1", POLICY: "nightly"}


def selector(**given: Any) -> Selector:
    """A stack in us-east-1 and eu-central-1 that copies to us-west-2."""
    regions = {"copy_to": ("us-west-2",), "regions": ("us-east-1", "eu-central-1")}
    defaults = {"key": "snapshot", "value": "", "everything": False, "retention": DAILY, **regions}
    return Selector(**{**defaults, **given})


def resource(tags: Tags, kind: Kind = INSTANCE, *, name: str = "web", **given: Any) -> Resource:
    return Resource(kind, "us-east-1", name, "arn", tags, **given)


def protection(tags: Tags, kind: Kind = INSTANCE, **given: Any) -> Protection:
    address_type = given.pop("address_type", None)
    return selector(**given).protection(resource(tags, kind, address_type=address_type))


@pytest.mark.parametrize(
    ("asked", "value", "expected"),
    [
        *(("", value, Wish.PROTECTED) for value in (None, "", "yes", "nightly", "none")),
        *(("", value, Wish.OFF) for value in ("off", "false", "no", "never", "disabled")),
        *(("", value, Wish.OFF) for value in ("OFF", "False", " no ")),
        ("gold", "gold", Wish.PROTECTED),
        *(("gold", value, Wish.OFF) for value in ("Gold", "gold ", None, "", "silver", "off")),
    ],
)
@pytest.mark.parametrize("everything", [False, True], ids=["tagged", "all"])
def test_off_words_and_another_value_than_the_selection_value_end_protection_on_purpose(
    asked: str, value: str | None, expected: Wish, everything: bool
) -> None:
    stack = selector(value=asked, everything=everything)

    assert stack.wish(resource({"snapshot": value})) is expected


@pytest.mark.parametrize(
    ("name", "tags", "expected"),
    [
        ("drill-web-1", OF_A_DRILL, Wish.OFF),
        ("drill-web-1", {**OF_A_DRILL, "snapshot": "yes"}, Wish.OFF),
        ("web", {**OF_A_DRILL, "snapshot": "yes"}, Wish.PROTECTED),
        ("drill-web-1", {DRILL: "web-1", "snapshot": "yes"}, Wish.PROTECTED),
        ("drill-web-1", {POLICY: "nightly", "snapshot": "yes"}, Wish.PROTECTED),
    ],
)
@pytest.mark.parametrize("everything", [False, True], ids=["tagged", "all"])
def test_what_a_drill_made_is_not_protected_and_is_told_by_its_name_and_both_of_its_tags(
    name: str, tags: Tags, expected: Wish, everything: bool
) -> None:
    assert selector(everything=everything).wish(resource(tags, name=name)) is expected


@pytest.mark.parametrize(
    ("tags", "given", "wish", "key"),
    [
        ({"other": "yes", "snapshot:keep": "last=1"}, {}, Wish.UNTAGGED, None),
        ({"other": "yes"}, {"value": "gold"}, Wish.UNTAGGED, None),
        ({"Snapshot": "yes"}, {}, Wish.UNTAGGED, "Snapshot"),
        ({"SNAPSHOT": "off"}, {}, Wish.UNTAGGED, "SNAPSHOT"),
        ({"backup": None}, {"key": "Backup"}, Wish.UNTAGGED, "backup"),
        ({"Snapshot": "yes", "snapshot": "off"}, {}, Wish.OFF, None),
        ({"Snapshot": "yes", "snapshot": "yes"}, {}, Wish.PROTECTED, None),
        ({"Snapshot": "off"}, {"everything": True}, Wish.PROTECTED, None),
    ],
)
def test_resource_without_the_selection_key_is_untagged_and_a_key_in_other_case_is_seen(
    tags: Tags, given: dict[str, Any], wish: Wish, key: str | None
) -> None:
    assert selector(**given).wish(resource(tags)) is wish
    assert selector(**given).key_in_other_case(resource(tags)) == key


@pytest.mark.parametrize(
    ("tags", "given", "retention", "copy_to", "drill"),
    [
        ({}, {}, "daily=7", "us-west-2", None),
        ({":keep": "last=2 yearly=all"}, {}, "last=2 yearly=all", "us-west-2", None),
        ({":copy-to": "us-west-2 eu-central-1"}, {}, "daily=7", "us-west-2 eu-central-1", None),
        ({":copy-to": "us-east-1 us-west-2 us-west-2"}, {}, "daily=7", "us-west-2", None),
        ({}, {"copy_to": ("us-east-1", "eu-west-1")}, "daily=7", "eu-west-1", None),
        ({":copy-to": "none"}, {}, "daily=7", "", None),
        ({":copy-to": "none"}, {"copy_to": ()}, "daily=7", "", None),
        ({":copy-to": "none"}, {"kind": DATABASE}, "daily=7", "", None),
        ({}, {"kind": DATABASE}, "daily=7", "", None),
        ({":drill": None}, {}, "daily=7", "us-west-2", Drilling()),
        ({":drill": " 80 "}, {}, "daily=7", "us-west-2", Drilling(80)),
        ({":drill": "Off"}, {}, "daily=7", "us-west-2", None),
        ({":drill": ""}, {"kind": DISK}, "daily=7", "us-west-2", Drilling()),
        ({":drill": ""}, {"address_type": "ipv6"}, "daily=7", "us-west-2", Drilling()),
        ({":drill": "80"}, {"address_type": "dualstack"}, "daily=7", "us-west-2", Drilling(80)),
        ({"per:x": "", "-keep": "last=1"}, {}, "daily=7", "us-west-2", None),
    ],
)
def test_tags_of_a_resource_say_how_it_is_protected(
    tags: Tags, given: dict[str, Any], retention: str, copy_to: str, drill: Drilling | None
) -> None:
    found = protection({f"snapshot{suffix}": value for suffix, value in tags.items()}, **given)

    copies = tuple(copy_to.split())
    assert found == Protection(found.resource, parse_retention(retention), copies, (), drill)
    assert found.prunes


REGIONS, PORT = SUFFIXES[COPY_TO], SUFFIXES[DRILLS]
COUNT = "needs a count of 1 or more, or `all`"
NOT_OURS = "{} is not among the regions of this stack (us-east-1, eu-central-1, us-west-2)"
NO_PORT = "nothing on a {} can answer on a port"
NO_DATABASE = "Lightsail cannot copy snapshots of a database to another region"
NO_COPIES = "this stack makes no copies, since its parameter CopyToRegions is empty"
IPV6 = "the instance has IPv6 only, and the function reaches IPv4 alone"


@pytest.mark.parametrize(
    ("suffix", "value", "given", "why", "accepted", "stops"),
    [
        (KEEP, "x daily", {}, f'"x" is not a rule; "daily" {COUNT}', GRAMMAR, "pruning"),
        (KEEP, None, {}, "it is empty", GRAMMAR, "pruning"),
        (COPY_TO, None, {}, "it names no region", REGIONS, "pruning"),
        (COPY_TO, "us-west-2;x", {}, NOT_OURS.format('"us-west-2;x"'), REGIONS, "pruning"),
        (COPY_TO, "us-west-2 x y", {}, NOT_OURS.format('"x", "y"'), REGIONS, "pruning"),
        (COPY_TO, "US-WEST-2", {}, NOT_OURS.format('"US-WEST-2"'), REGIONS, "pruning"),
        (COPY_TO, "none us-west-2", {}, NOT_OURS.format('"none"'), REGIONS, "pruning"),
        (COPY_TO, "us-west-2", {"copy_to": ()}, NO_COPIES, "`none`", "pruning"),
        (COPY_TO, "us-east-1", {"copy_to": ()}, NO_COPIES, "`none`", "pruning"),
        (COPY_TO, "us-west-2", {"kind": DATABASE}, NO_DATABASE, "`none`", "copies"),
        (COPY_TO, "?", {"kind": DATABASE, "copy_to": ()}, NO_DATABASE, "`none`", "copies"),
        (DRILLS, "http", {}, "it names no port", PORT, "drills"),
        (DRILLS, "80", {"kind": DISK}, NO_PORT.format("disk"), PORT, "drills"),
        (DRILLS, "80", {"kind": DATABASE}, NO_PORT.format("database"), PORT, "drills"),
        (DRILLS, "https:443", {"address_type": "ipv6"}, IPV6, PORT, "drills"),
    ],
)
def test_tag_that_cannot_be_followed_is_a_fault_with_what_is_accepted_and_what_it_stops(
    suffix: str, value: str | None, given: dict[str, Any], why: str, accepted: str, stops: Any
) -> None:
    found = protection({"snapshot": None, f"snapshot{suffix}": value}, **given)

    copies = stops == "drills" and given.get("kind") is not DATABASE
    assert found.prunes is (stops != "pruning")
    assert found == Protection(
        found.resource,
        None if suffix == KEEP else DAILY,
        ("us-west-2",) if copies else (),
        (TagFault(f"snapshot{suffix}", value or "", why, accepted, stops),),
    )


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        *((key, "snapshot:keep") for key in ("snapshot:kept", "Snapshot:keep", "snapshot:KEEP")),
        *((key, "snapshot:copy-to") for key in ("SNAPSHOT:copy_to", "snapshot:copyto")),
        *(("snapshot:keep ", "snapshot:keep"), ("snapshot:drills", "snapshot:drill")),
        *(("snapshot:owner", None), ("snapshot:", None)),
    ],
)
def test_slip_in_a_key_is_refused_beside_the_right_key_too(key: str, meant: str | None) -> None:
    found = protection({"snapshot": None, "snapshot:keep": "last=1", key: "daily=7"})

    probably = f"; {meant} was probably meant" if meant else ""
    accepted = "the keys snapshot:keep, snapshot:drill, snapshot:copy-to, to the letter"
    fault = TagFault(key, "daily=7", f"there is no such key{probably}", accepted, "pruning")
    assert not found.prunes
    assert found == Protection(found.resource, None, (), (fault,))


def test_every_fault_is_named_at_once_as_a_sentence() -> None:
    words = {"copy-to": "x", "keep": "y", "drill": "z", "?": None}
    tags = {f"snapshot:{word}": value for word, value in words.items()}

    assert [fault.message for fault in protection(tags).faults] == [
        'the tag "snapshot:?" has no value: there is no such key',
        'the tag "snapshot:keep" has the value "y": "y" is not a rule',
        'the tag "snapshot:copy-to" has the value "x": ' + NOT_OURS.format('"x"'),
        'the tag "snapshot:drill" has the value "z": it names no port',
    ]


@pytest.mark.parametrize(
    ("value", "drilling", "written"),
    [
        ("", Drilling(), ""),
        ("1", Drilling(1), "1"),
        ("65535", Drilling(65535), "65535"),
        ("0080", Drilling(80), "80"),
        ("http:80", Drilling(80, "http", "/"), "http:80/"),
        ("http:8080/shop/health?full=1", Drilling(8080, "http", "/shop/health?full=1"), None),
        ("https:443/büro", Drilling(443, "https", "/büro"), None),
    ],
)
def test_value_of_a_drill_is_read_and_written_again(
    value: str, drilling: Drilling, written: str | None
) -> None:
    assert parse_drilling(value) == drilling
    assert str(drilling) == (value if written is None else written)
    assert parse_drilling(str(drilling)) == drilling


def test_other_values_of_a_drill_are_not_understood() -> None:
    for value in (
        *("0", "65536", "-1", "80 443", "80/path", "http", "http:", "http:/path", "http:0/path"),
        *("http:65536", "http:80/a b", "HTTP:80", "ftp:21", "http://web", "tcp:80"),
    ):
        assert parse_drilling(value) is None, value
