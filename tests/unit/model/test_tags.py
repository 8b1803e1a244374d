"""What a snapshot inherits from its source, within Lightsail's limit of 50 tags."""

from hypothesis import given
from hypothesis import strategies as st

from snapshotter.model.tags import TAG_LIMIT, Tags, from_records, inherit, to_records
from tests.unit.builders import NOW, a_resource, our_tags
from tests.unit.cases import cases

OURS = our_tags(a_resource("web"), NOW)
FIFTY: Tags = {f"k{n:02}": str(n) for n in reversed(range(50))}
keys = st.text(min_size=1, max_size=5).filter(lambda key: not key.startswith("aws:"))
tags = st.dictionaries(keys, st.none() | st.text(max_size=3), max_size=60)


@cases(
    "source spare inherited left_out",
    {
        "all": ({"team": "shop", "snapshot": None}, 0, {"team": "shop", "snapshot": None}, ""),
        "aws": ({"aws:cloudformation:stack-name": "x", "aws": "mine"}, 0, {"aws": "mine"}, ""),
        "ours-are-ours": ({"snapshotter:policy": "other", "snapshotter:hold": None}, 0, {}, ""),
        "the-last-go": (FIFTY, 0, {f"k{n:02}": str(n) for n in range(47)}, "k47 k48 k49"),
        "spare": (FIFTY, 2, {f"k{n:02}": str(n) for n in range(45)}, "k45 k46 k47 k48 k49"),
    },
)
def test_source_tags_are_inherited_and_key_only_tags_stay_key_only(
    source: Tags, spare: int, inherited: Tags, left_out: str
) -> None:
    assert inherit(source, OURS, spare=spare) == ({**inherited, **OURS}, tuple(left_out.split()))


@given(tags, st.integers(0, 60))
def test_at_most_fifty_tags_and_ours_are_always_included(source: Tags, spare: int) -> None:
    kept, left_out = inherit(source, OURS, spare=spare)

    assert len(kept) <= TAG_LIMIT
    assert OURS.items() <= kept.items()
    assert {*left_out, *kept} == {*source, *OURS}


@given(tags)
def test_tags_are_unchanged_after_a_round_trip_through_lightsail_s_format(source: Tags) -> None:
    assert from_records(to_records(source)) == source


def test_key_only_tag_has_no_value_and_a_record_without_a_key_is_passed_over() -> None:
    records = [{"key": "snapshot"}, {"key": "empty", "value": ""}]

    assert to_records({"snapshot": None, "empty": ""}) == records
    assert from_records([*records, {"value": "x"}, {}]) == {"snapshot": None, "empty": ""}
    assert from_records(None) == {}
