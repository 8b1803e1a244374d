"""Which resources the tags of their owner protect, and how."""

from collections.abc import Mapping

import pytest

from snapshotter.model.tags import DRILL
from snapshotter.policy.grammar import parse_retention
from snapshotter.policy.selection import Protection, Selector, TagFault, Wish
from tests.unit.builders import a_resource

DAILY = parse_retention("daily=7")


def a_selector(
    *, value: str = "", everything: bool = False, copy_to: tuple[str, ...] = ()
) -> Selector:
    return Selector("snapshot", value, everything, DAILY, copy_to)


def wish(selector: Selector, tags: Mapping[str, str | None]) -> Wish:
    return selector.wish(a_resource(tags=tags))


@pytest.mark.parametrize(
    ("value", "protected"),
    [
        pytest.param(None, True, id="key-only"),
        pytest.param("", True, id="empty"),
        pytest.param("yes", True, id="any-word"),
        pytest.param("nightly", True, id="another-word"),
        *[pytest.param(word, False, id=word) for word in ("off", "false", "no", "never")],
        pytest.param("disabled", False, id="disabled"),
        pytest.param("OFF", False, id="any-case"),
        pytest.param("False", False, id="capital"),
        pytest.param(" no ", False, id="blanks-around"),
        pytest.param("none", True, id="not-an-off-word"),
    ],
)
@pytest.mark.parametrize("everything", [False, True], ids=["tagged", "all"])
def test_every_value_protects_except_the_off_words(
    value: str | None, protected: bool, everything: bool
) -> None:
    expected = Wish.PROTECTED if protected else Wish.OFF

    assert wish(a_selector(everything=everything), {"snapshot": value}) is expected


def test_resource_without_the_tag_is_untagged_whatever_other_tags_it_has() -> None:
    tags = {"Snapshot": "yes", "snapshot:keep": "last=1"}

    assert wish(a_selector(), tags) is Wish.UNTAGGED
    assert wish(a_selector(value="gold"), tags) is Wish.UNTAGGED


def test_resource_without_the_tag_is_protected_where_everything_is_selected() -> None:
    assert wish(a_selector(everything=True), {}) is Wish.PROTECTED


@pytest.mark.parametrize("value", ["Gold", "gold ", None, "", "silver", "off"])
def test_another_value_than_the_selection_value_ends_protection_on_purpose(
    value: str | None,
) -> None:
    assert wish(a_selector(value="gold"), {"snapshot": value}) is Wish.OFF
    assert wish(a_selector(value="gold"), {"snapshot": "gold"}) is Wish.PROTECTED


@pytest.mark.parametrize("everything", [False, True], ids=["tagged", "all"])
def test_resource_of_a_drill_is_never_protected(everything: bool) -> None:
    selector = a_selector(everything=everything)

    assert wish(selector, {"snapshot": "yes", DRILL: "web-1"}) is Wish.OFF
    assert wish(selector, {DRILL: "web-1"}) is Wish.OFF


def test_resource_without_tags_of_its_own_follows_the_stack() -> None:
    resource = a_resource()

    assert a_selector(copy_to=("us-west-2",)).protection(resource) == Protection(
        resource, DAILY, ("us-west-2",)
    )


def test_resource_can_have_its_own_retention_and_copies() -> None:
    resource = a_resource(
        tags={
            "snapshot": None,
            "snapshot:keep": "last=2 yearly=all",
            "snapshot:copy-to": "us-west-2 eu-west-1",
        }
    )

    assert a_selector().protection(resource) == Protection(
        resource, parse_retention("last=2 yearly=all"), ("us-west-2", "eu-west-1")
    )


def test_region_of_the_resource_is_left_out_of_its_copies() -> None:
    resource = a_resource(tags={"snapshot": None, "snapshot:copy-to": "us-east-1 us-west-2"})

    assert a_selector().protection(resource).copy_to == ("us-west-2",)
    assert a_selector(copy_to=("us-east-1",)).protection(a_resource()).copy_to == ()


def test_none_means_no_copies() -> None:
    resource = a_resource(tags={"snapshot": None, "snapshot:copy-to": "none"})

    assert a_selector(copy_to=("us-west-2",)).protection(resource).copy_to == ()


def test_tags_that_cannot_be_understood_are_all_named_with_what_is_accepted() -> None:
    resource = a_resource(
        tags={"snapshot": None, "snapshot:keep": "daily=0 wekly=4", "snapshot:copy-to": None}
    )

    protection = a_selector().protection(resource)

    assert protection.faults == (
        TagFault(
            "snapshot:keep",
            "the tag 'snapshot:keep' has the value 'daily=0 wekly=4': 'daily=0' needs a count of "
            "1 or more, or `all`; 'wekly=4' is not a rule. Accepted: one or more words, "
            "each once, separated by blanks: last=N hourly=N daily=N weekly=N monthly=N "
            "yearly=N with N from 1 or `all`, and within= a duration like 30d or 1y6m2w3d12h",
        ),
        TagFault(
            "snapshot:copy-to",
            "the tag 'snapshot:copy-to' has the value '': it is empty. Accepted: region names "
            "like us-west-2, separated by blanks, or `none` for no copies",
        ),
    )
    assert protection.copy_to == ()
    assert protection.retention is None


def test_copy_tag_that_cannot_be_understood_leaves_the_retention_in_force() -> None:
    resource = a_resource(tags={"snapshot": None, "snapshot:copy-to": "us-west-2;eu-west-1"})

    protection = a_selector(copy_to=("us-west-2",)).protection(resource)

    assert [fault.key for fault in protection.faults] == ["snapshot:copy-to"]
    assert (protection.retention, protection.copy_to) == (DAILY, ())
