"""What is true of every series and every policy."""

import random
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.soak import SOAK
from tests.unit.policy.oracle import expected
from tests.unit.policy.points import DAY, by_name, decided, names_kept
from tests.unit.policy.strategies import Drawn, Words, policies, series, text_of, zones


@settings(max_examples=1000 if SOAK else 150)
@given(series(), policies(), zones, st.randoms())
def test_decisions_equal_those_of_a_second_implementation_and_the_newest_is_kept(
    drawn: Drawn, words: Words, zone: ZoneInfo, any_order: random.Random
) -> None:
    points, now = drawn
    shuffled = any_order.sample(points, len(points))
    found = decided(shuffled, text_of(words), now=now, zone=zone)

    newest_first = sorted(points, key=lambda point: (point.time, point.name), reverse=True)
    past = [point for point in newest_first if point.time <= now]
    assert by_name(found) == expected(points, text_of(words), now=now, zone=zone)
    assert [each.point for each in found] == newest_first
    assert {each.name for each in (*newest_first[:1], *past[:1])} <= names_kept(found)


@given(series(), policies(), zones, st.integers(0, 500))
def test_applying_a_policy_again_later_to_what_it_kept_deletes_nothing_and_loses_no_reason(
    drawn: Drawn, words: Words, zone: ZoneInfo, days: int
) -> None:
    """A rule keeps the first points of its periods, and those stay first.

    The oldest point, if a rule kept it as the oldest, stays the oldest too.
    """
    points, now = drawn
    past = [point for point in points if point.time <= now]
    before = [each for each in decided(past, text_of(words), now=now, zone=zone) if each.keep]
    left = [each.point for each in before]
    after = decided(left, text_of(words), now=now + days * DAY, zone=zone)

    assert [each.point for each in after if each.keep] == left
    assert all(
        _bare(was.reasons) <= _bare(now_is.reasons)
        for was, now_is in zip(before, after, strict=True)
    )


def _bare(reasons: tuple[str, ...]) -> set[str]:
    """Read `oldest daily` as `daily`: among fewer points the oldest may be a first as well."""
    return {reason.removeprefix("oldest ") for reason in reasons}
