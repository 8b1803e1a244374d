"""What is true of every series and every policy."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from snapshotter.policy.grammar import parse_retention
from snapshotter.policy.retention import evaluate
from tests.support.soak import SOAK
from tests.unit.policy.oracle import expected
from tests.unit.policy.points import Point, decisions_of
from tests.unit.policy.strategies import (
    PERIODS,
    counts,
    policies,
    series,
    text_of,
    zones,
)

Series = tuple[list[Point], datetime]
Words = dict[str, str]


def names_kept(points: list[Point], words: Words, now: datetime, zone: ZoneInfo) -> set[str]:
    found = decisions_of(points, text_of(words), now=now, zone=zone)
    return {name for name, (keep, _) in found.items() if keep}


@settings(max_examples=1000 if SOAK else 150)
@given(series(), policies(), zones)
def test_decisions_equal_those_of_a_second_implementation(
    drawn: Series, words: Words, zone: ZoneInfo
) -> None:
    points, now = drawn
    policy = text_of(words)

    assert decisions_of(points, policy, now=now, zone=zone) == expected(
        points, policy, now=now, zone=zone
    )


@given(series(), policies(), zones)
def test_every_point_gets_one_decision_newest_first(
    drawn: Series, words: Words, zone: ZoneInfo
) -> None:
    points, now = drawn
    decisions = evaluate(points, parse_retention(text_of(words)), now=now, timezone=zone)

    assert [decision.point for decision in decisions] == sorted(
        points, key=lambda point: (point.time, point.name), reverse=True
    )
    assert all(decision.reasons for decision in decisions)


@given(series(min_size=1), policies(), zones)
def test_newest_point_is_always_kept(drawn: Series, words: Words, zone: ZoneInfo) -> None:
    points, now = drawn
    kept = names_kept(points, words, now, zone)

    assert max(points, key=lambda point: (point.time, point.name)).name in kept


@given(series(min_size=1), policies(), zones)
def test_newest_point_not_in_the_future_is_always_kept(
    drawn: Series, words: Words, zone: ZoneInfo
) -> None:
    points, now = drawn
    past = [point for point in points if point.time <= now]
    found = decisions_of(points, text_of(words), now=now, zone=zone)

    newest = [name for name, (_, reasons) in found.items() if "newest" in reasons]
    assert newest == [p.name for p in sorted(past, key=lambda p: (p.time, p.name))[-1:]]


@given(series(min_size=1), policies(), zones)
def test_a_series_never_ends_empty(drawn: Series, words: Words, zone: ZoneInfo) -> None:
    points, now = drawn

    assert names_kept(points, words, now, zone)


@given(series(), policies(), zones)
def test_applying_a_policy_again_to_what_it_kept_deletes_nothing(
    drawn: Series, words: Words, zone: ZoneInfo
) -> None:
    """A rule keeps the first points of its periods, and those stay first.

    The oldest point, if a rule kept it as the oldest, stays the oldest too.
    """
    points, now = drawn
    kept = names_kept(points, words, now, zone)
    left = [point for point in points if point.name in kept]

    assert names_kept(left, words, now, zone) == kept


@given(series(), policies(), zones)
def test_applying_a_policy_again_to_what_it_kept_gives_no_fewer_reasons(
    drawn: Series, words: Words, zone: ZoneInfo
) -> None:
    points, now = drawn
    before = decisions_of(points, text_of(words), now=now, zone=zone)
    left = [point for point in points if before[point.name][0]]
    after = decisions_of(left, text_of(words), now=now, zone=zone)

    assert all(_bare(before[point.name][1]) <= _bare(after[point.name][1]) for point in left)


def _bare(reasons: tuple[str, ...]) -> set[str]:
    """Read `oldest daily` as `daily`: among fewer points the oldest may be a first as well."""
    return {reason.removeprefix("oldest ") for reason in reasons}


@given(series(), policies(), zones, st.data())
def test_raising_a_count_loses_no_kept_point(
    drawn: Series, words: Words, zone: ZoneInfo, data: st.DataObject
) -> None:
    points, now = drawn
    counted = [key for key, value in words.items() if value.isdigit()]
    raised = {key: data.draw(_more_than(words[key])) for key in counted}

    assert names_kept(points, words, now, zone) <= names_kept(points, words | raised, now, zone)


def _more_than(count: str) -> st.SearchStrategy[str]:
    return st.one_of(st.integers(int(count), int(count) + 3).map(str), st.just("all"))


@given(series(), policies(), zones, st.sampled_from(PERIODS), counts)
def test_adding_a_rule_loses_no_kept_point(
    drawn: Series, words: Words, zone: ZoneInfo, period: str, count: str
) -> None:
    points, now = drawn
    more = {period: count, **words}

    assert names_kept(points, words, now, zone) <= names_kept(points, more, now, zone)


@given(series(), policies(), zones)
def test_a_policy_keeps_what_its_rules_keep_one_by_one(
    drawn: Series, words: Words, zone: ZoneInfo
) -> None:
    points, now = drawn
    one_by_one = [names_kept(points, {key: words[key]}, now, zone) for key in words]

    assert names_kept(points, words, now, zone) == set().union(*one_by_one)


@given(series(), policies(), zones)
def test_counts_bound_what_is_kept(drawn: Series, words: Words, zone: ZoneInfo) -> None:
    points, now = drawn
    free = [Point(point.time, point.name) for point in points if point.time <= now]
    numbers = [int(value) if value.isdigit() else len(free) for value in words.values()]

    assert len(names_kept(free, words, now, zone)) <= sum(numbers)


@given(series(), policies(), zones, st.integers())
def test_the_order_of_the_points_is_irrelevant(
    drawn: Series, words: Words, zone: ZoneInfo, seed: int
) -> None:
    points, now = drawn
    shuffled = random.Random(seed).sample(points, len(points))

    policy = parse_retention(text_of(words))
    assert evaluate(shuffled, policy, now=now, timezone=zone) == evaluate(
        points, policy, now=now, timezone=zone
    )


@given(series(min_size=1), policies(), zones, st.data())
def test_a_hold_keeps_its_point_and_changes_no_other_decision(
    drawn: Series, words: Words, zone: ZoneInfo, data: st.DataObject
) -> None:
    points, now = drawn
    chosen = data.draw(st.sampled_from([Point(point.time, point.name) for point in points]))
    others = [point for point in points if point.name != chosen.name]
    held = Point(chosen.time, chosen.name, held=True)
    policy = text_of(words)
    before = decisions_of([*others, chosen], policy, now=now, zone=zone)
    after = decisions_of([*others, held], policy, now=now, zone=zone)

    keep, reasons = before[chosen.name]
    assert after == before | {chosen.name: (True, (*(reasons if keep else ()), "hold"))}


@given(series(min_size=1), policies(), zones, st.data())
def test_a_proof_keeps_the_newest_proven_point_and_changes_no_other_decision(
    drawn: Series, words: Words, zone: ZoneInfo, data: st.DataObject
) -> None:
    points, now = drawn
    unproven = [replace(point, verified=False) for point in points]
    proven = data.draw(st.sets(st.sampled_from(range(len(points))), min_size=1))
    some = [replace(each, verified=number in proven) for number, each in enumerate(unproven)]
    newest = max((each for each in some if each.verified), key=lambda each: (each.time, each.name))
    policy = text_of(words)
    before = decisions_of(unproven, policy, now=now, zone=zone)
    after = decisions_of(some, policy, now=now, zone=zone)

    keep, reasons = before[newest.name]
    decision = (True, (*(reasons if keep else ()), "verified"))
    assert after == before | ({newest.name: decision} if newest.time <= now else {})


@given(series(), policies(), zones, st.integers(1, 10**12))
def test_a_future_point_is_kept_and_changes_no_other_decision(
    drawn: Series, words: Words, zone: ZoneInfo, microseconds: int
) -> None:
    points, now = drawn
    future = Point(now + timedelta(microseconds=microseconds), "future")
    policy = text_of(words)

    assert decisions_of([*points, future], policy, now=now, zone=zone) == {
        **decisions_of(points, policy, now=now, zone=zone),
        "future": (True, ("in the future",)),
    }


@given(series(), policies(), zones, st.integers(0, 500))
def test_the_time_of_the_run_matters_only_to_future_points(
    drawn: Series, words: Words, zone: ZoneInfo, days: int
) -> None:
    points, now = drawn
    past = [point for point in points if point.time <= now]
    policy = text_of(words)

    assert decisions_of(past, policy, now=now, zone=zone) == decisions_of(
        past, policy, now=now + timedelta(days=days), zone=zone
    )
