"""What a snapshot inherits from its source, and a copy from it, within the limit of 50 tags."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from snapshotter.model.tags import TAG_LIMIT, from_records, inherit, tags_of_copy, to_records

ARN = "arn:aws:lightsail:us-east-1:123456789012:Instance/web"
OURS = {
    "snapshotter:policy": "nightly",
    "snapshotter:source": ARN,
    "snapshotter:time": "2026-11-23T04:50:00Z",
}
tags = st.dictionaries(st.text(min_size=1, max_size=5), st.none() | st.text(max_size=3))


def test_source_tags_are_inherited_and_key_only_tags_stay_key_only() -> None:
    assert inherit({"team": "shop", "snapshot": None}, OURS) == (
        {"team": "shop", "snapshot": None, **OURS},
        (),
    )


def test_reserved_tags_are_not_inherited() -> None:
    source = {"aws:cloudformation:stack-name": "x", "snapshotter:hold": None, "aws": "mine"}

    assert inherit(source, OURS) == ({"aws": "mine", **OURS}, ())


def test_our_tags_replace_source_tags_with_the_same_key() -> None:
    assert inherit({"snapshotter:policy": "other"}, OURS) == (OURS, ())


def test_beyond_fifty_tags_the_last_of_the_sorted_source_keys_are_left_out() -> None:
    source: dict[str, str | None] = {f"k{n:02}": str(n) for n in reversed(range(50))}

    kept, left_out = inherit(source, OURS)

    assert kept == {**{f"k{n:02}": str(n) for n in range(47)}, **OURS}
    assert left_out == ("k47", "k48", "k49")


@given(tags)
def test_at_most_fifty_tags_and_ours_are_always_included(source: dict[str, str | None]) -> None:
    kept, left_out = inherit(source, OURS)

    assert len(kept) <= TAG_LIMIT
    assert OURS.items() <= kept.items()
    assert not set(left_out) & set(kept)


@given(tags)
def test_tags_are_unchanged_after_a_round_trip_through_lightsail_s_format(
    source: dict[str, str | None],
) -> None:
    assert from_records(to_records(source)) == source


def test_key_only_tag_is_written_without_a_value() -> None:
    assert to_records({"snapshot": None, "empty": ""}) == [
        {"key": "snapshot"},
        {"key": "empty", "value": ""},
    ]


def test_a_copy_has_the_tags_of_its_original_without_those_about_one_snapshot() -> None:
    about_one = {
        "snapshotter:hold": None,
        "snapshotter:verified": "2026-11-24T04:50:00Z",
        "snapshotter:recovery-seconds": "90",
        "snapshotter:drill-failed": "2026-11-24T04:50:00Z",
    }
    inherited = {"team": "shop", "snapshotter:policy": "nightly", "snapshotter:zone": "us-east-1a"}
    written = {"snapshotter:retention": "daily=30"}

    copied = tags_of_copy(
        {**inherited, **written, **about_one},
        source_arn=ARN,
        time=datetime(2026, 11, 23, 4, 50, tzinfo=UTC),
        retention="daily=7",
    )

    assert copied == {**inherited, **OURS, "snapshotter:retention": "daily=7"}
