"""Whom the owner's tags protect, and how."""

import pytest

from snapshotter.policy.grammar import parse_retention
from snapshotter.policy.selection import Protection, Selector, TagFault
from tests.unit.builders import a_resource

DAILY = parse_retention("daily=7")


def a_selector(*, value: str = "", copy_to: tuple[str, ...] = ()) -> Selector:
    return Selector("snapshot", value, DAILY, copy_to)


@pytest.mark.parametrize(
    ("value", "selected"),
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
def test_any_value_protects_but_the_words_that_say_no(value: str | None, selected: bool) -> None:
    assert a_selector().selects(a_resource(tags={"snapshot": value})) is selected


def test_without_the_tag_nothing_is_protected() -> None:
    assert not a_selector().selects(a_resource(tags={"Snapshot": "yes", "snapshot:keep": "last=1"}))


@pytest.mark.parametrize(
    ("value", "selected"),
    [("gold", True), ("Gold", False), (None, False), ("", False), ("off", False)],
)
def test_with_a_selection_value_only_that_exact_value_protects(
    value: str | None, selected: bool
) -> None:
    assert a_selector(value="gold").selects(a_resource(tags={"snapshot": value})) is selected


def test_resource_that_says_nothing_follows_the_stack() -> None:
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


def test_its_own_region_is_passed_over() -> None:
    resource = a_resource(tags={"snapshot": None, "snapshot:copy-to": "us-east-1 us-west-2"})

    assert a_selector().protection(resource).copy_to == ("us-west-2",)
    assert a_selector(copy_to=("us-east-1",)).protection(a_resource()).copy_to == ()


def test_none_means_no_copies() -> None:
    resource = a_resource(tags={"snapshot": None, "snapshot:copy-to": "none"})

    assert a_selector(copy_to=("us-west-2",)).protection(resource).copy_to == ()


def test_misspelt_tags_are_all_named_with_their_value_and_what_is_accepted() -> None:
    resource = a_resource(
        tags={"snapshot": None, "snapshot:keep": "daily=0 wekly=4", "snapshot:copy-to": None}
    )

    protection = a_selector().protection(resource)

    assert protection.faults == (
        TagFault(
            "snapshot:keep",
            "the tag 'snapshot:keep' has the value 'daily=0 wekly=4': 'daily=0' needs a count of "
            "1 or more, or `all`; 'wekly=4' is not a word of the policy. Accepted: one or more "
            "words, each once, separated by blanks: last=N hourly=N daily=N weekly=N monthly=N "
            "yearly=N with N from 1 or `all`, and within= a duration like 30d or 1y6m2w3d12h",
        ),
        TagFault(
            "snapshot:copy-to",
            "the tag 'snapshot:copy-to' has the value '': it is empty. Accepted: region names "
            "like us-west-2, separated by blanks, or `none` for no copies",
        ),
    )
    assert protection.copy_to == ()
