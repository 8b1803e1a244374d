"""What a snapshot inherits from its source, within Lightsail's limit of 50 tags."""

from hypothesis import given
from hypothesis import strategies as st

from snapshotter.model.tags import TAG_LIMIT, from_records, inherit, ownership, to_records
from tests.unit.builders import NOW, an_arn

OURS = ownership("nightly", an_arn("web"), NOW)
tags = st.dictionaries(st.text(min_size=1, max_size=5), st.none() | st.text(max_size=3))


def test_ours_say_whose_of_what_and_of_when() -> None:
    assert OURS == {
        "snapshotter:policy": "nightly",
        "snapshotter:source": "arn:aws:lightsail:us-east-1:123456789012:Instance/web",
        "snapshotter:time": "2026-11-23T04:50:00Z",
    }


def test_source_tags_are_inherited_and_key_only_ones_stay_so() -> None:
    assert inherit({"team": "shop", "snapshot": None}, OURS) == (
        {"team": "shop", "snapshot": None, **OURS},
        (),
    )


def test_reserved_tags_stay_behind() -> None:
    source = {"aws:cloudformation:stack-name": "x", "snapshotter:hold": None, "aws": "mine"}

    assert inherit(source, OURS) == ({"aws": "mine", **OURS}, ())


def test_ours_win_over_tags_of_the_same_name() -> None:
    assert inherit({"snapshotter:policy": "other"}, OURS) == (OURS, ())


def test_with_fifty_tags_those_at_the_end_of_the_sorted_keys_are_left_out() -> None:
    source: dict[str, str | None] = {f"k{n:02}": str(n) for n in reversed(range(50))}

    kept, left_out = inherit(source, OURS)

    assert kept == {**{f"k{n:02}": str(n) for n in range(47)}, **OURS}
    assert left_out == ("k47", "k48", "k49")


@given(tags)
def test_never_more_than_fifty_and_ours_always_among_them(source: dict[str, str | None]) -> None:
    kept, left_out = inherit(source, OURS)

    assert len(kept) <= TAG_LIMIT
    assert OURS.items() <= kept.items()
    assert not set(left_out) & set(kept)


@given(tags)
def test_tags_survive_the_way_to_lightsail_and_back(source: dict[str, str | None]) -> None:
    assert from_records(to_records(source)) == source


def test_key_only_tag_is_written_without_a_value() -> None:
    assert to_records({"snapshot": None, "empty": ""}) == [
        {"key": "snapshot"},
        {"key": "empty", "value": ""},
    ]
