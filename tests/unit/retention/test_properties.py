"""What holds of every series and every policy."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from snapshotter.policy.grammar import parse_retention
from snapshotter.policy.retention import evaluate
from tests.unit.retention.oracle import expected
from tests.unit.retention.points import Point, told_of
from tests.unit.retention.strategies import (
    PERIODS,
    counts,
    policies,
    series,
    unhurried,
    written,
    zones,
)

Series = tuple[list[Point], datetime]
Words = dict[str, str]


def names_kept(points: list[Point], words: Words, now: datetime, zone: ZoneInfo) -> set[str]:
    told = told_of(points, written(words), now=now, zone=zone)
    return {name for name, (keep, _) in told.items() if keep}


@settings(max_examples=500, deadline=None)
@given(series(), policies(), zones)
def test_judge_agrees_with_the_contract_said_another_way(
    drawn: Series, words: Words, zone: ZoneInfo
) -> None:
    points, now = drawn
    policy = written(words)

    assert told_of(points, policy, now=now, zone=zone) == expected(
        points, policy, now=now, zone=zone
    )


@unhurried
@given(series(), policies(), zones)
def test_every_point_gets_one_verdict_newest_first(
    drawn: Series, words: Words, zone: ZoneInfo
) -> None:
    points, now = drawn
    decisions = evaluate(points, parse_retention(written(words)), now=now, timezone=zone)

    assert [decision.point for decision in decisions] == sorted(
        points, key=lambda point: (point.time, point.name), reverse=True
    )
    assert all(decision.reasons for decision in decisions)


@unhurried
@given(series(min_size=1), policies(), zones)
def test_newest_point_is_always_kept(drawn: Series, words: Words, zone: ZoneInfo) -> None:
    points, now = drawn
    kept = names_kept(points, words, now, zone)

    assert max(points, key=lambda point: (point.time, point.name)).name in kept


@unhurried
@given(series(min_size=1), policies(), zones)
def test_newest_point_not_in_the_future_is_always_kept(
    drawn: Series, words: Words, zone: ZoneInfo
) -> None:
    points, now = drawn
    past = [point for point in points if point.time <= now]
    told = told_of(points, written(words), now=now, zone=zone)

    newest = [name for name, (_, reasons) in told.items() if "newest" in reasons]
    assert newest == [p.name for p in sorted(past, key=lambda p: (p.time, p.name))[-1:]]


@unhurried
@given(series(min_size=1), policies(), zones)
def test_a_series_never_ends_empty(drawn: Series, words: Words, zone: ZoneInfo) -> None:
    points, now = drawn

    assert names_kept(points, words, now, zone)


@unhurried
@given(series(), policies(), zones)
def test_judging_again_what_was_kept_deletes_nothing(
    drawn: Series, words: Words, zone: ZoneInfo
) -> None:
    """It holds because a rule keeps the first points of its periods, and those stay first.

    The oldest point, if a rule kept it as such, stays the oldest too.
    """
    points, now = drawn
    kept = names_kept(points, words, now, zone)
    left = [point for point in points if point.name in kept]

    assert names_kept(left, words, now, zone) == kept


@unhurried
@given(series(), policies(), zones)
def test_judging_again_what_was_kept_gives_no_fewer_reasons(
    drawn: Series, words: Words, zone: ZoneInfo
) -> None:
    points, now = drawn
    before = told_of(points, written(words), now=now, zone=zone)
    left = [point for point in points if before[point.name][0]]
    after = told_of(left, written(words), now=now, zone=zone)

    assert all(_bare(before[point.name][1]) <= _bare(after[point.name][1]) for point in left)


def _bare(reasons: tuple[str, ...]) -> set[str]:
    """Take `oldest daily` for `daily`: among fewer points the oldest may be a first as well."""
    return {reason.removeprefix("oldest ") for reason in reasons}


@unhurried
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


@unhurried
@given(series(), policies(), zones, st.sampled_from(PERIODS), counts)
def test_adding_a_rule_loses_no_kept_point(
    drawn: Series, words: Words, zone: ZoneInfo, period: str, count: str
) -> None:
    points, now = drawn
    more = {period: count, **words}

    assert names_kept(points, words, now, zone) <= names_kept(points, more, now, zone)


@unhurried
@given(series(), policies(), zones)
def test_a_policy_keeps_what_its_rules_keep_one_by_one(
    drawn: Series, words: Words, zone: ZoneInfo
) -> None:
    points, now = drawn
    one_by_one = [names_kept(points, {key: words[key]}, now, zone) for key in words]

    assert names_kept(points, words, now, zone) == set().union(*one_by_one)


@unhurried
@given(series(), policies(), zones)
def test_counts_bound_what_is_kept(drawn: Series, words: Words, zone: ZoneInfo) -> None:
    points, now = drawn
    free = [Point(point.time, point.name) for point in points if point.time <= now]
    numbers = [int(value) if value.isdigit() else len(free) for value in words.values()]

    assert len(names_kept(free, words, now, zone)) <= sum(numbers)


@unhurried
@given(series(), policies(), zones, st.integers())
def test_the_order_of_the_points_is_irrelevant(
    drawn: Series, words: Words, zone: ZoneInfo, seed: int
) -> None:
    points, now = drawn
    shuffled = random.Random(seed).sample(points, len(points))

    policy = parse_retention(written(words))
    assert evaluate(shuffled, policy, now=now, timezone=zone) == evaluate(
        points, policy, now=now, timezone=zone
    )


@unhurried
@given(series(min_size=1), policies(), zones, st.data())
def test_a_hold_keeps_its_point_and_changes_no_other_verdict(
    drawn: Series, words: Words, zone: ZoneInfo, data: st.DataObject
) -> None:
    points, now = drawn
    chosen = data.draw(st.sampled_from([Point(point.time, point.name) for point in points]))
    others = [point for point in points if point.name != chosen.name]
    held = Point(chosen.time, chosen.name, held=True)
    policy = written(words)
    before = told_of([*others, chosen], policy, now=now, zone=zone)
    after = told_of([*others, held], policy, now=now, zone=zone)

    keep, reasons = before[chosen.name]
    assert after == before | {chosen.name: (True, (*(reasons if keep else ()), "hold"))}


@unhurried
@given(series(min_size=1), policies(), zones, st.data())
def test_a_proof_keeps_the_newest_proven_point_and_changes_no_other_verdict(
    drawn: Series, words: Words, zone: ZoneInfo, data: st.DataObject
) -> None:
    points, now = drawn
    unproven = [replace(point, verified=False) for point in points]
    proven = data.draw(st.sets(st.sampled_from(range(len(points))), min_size=1))
    some = [replace(each, verified=number in proven) for number, each in enumerate(unproven)]
    newest = max((each for each in some if each.verified), key=lambda each: (each.time, each.name))
    policy = written(words)
    before = told_of(unproven, policy, now=now, zone=zone)
    after = told_of(some, policy, now=now, zone=zone)

    keep, reasons = before[newest.name]
    told = (True, (*(reasons if keep else ()), "verified"))
    assert after == before | ({newest.name: told} if newest.time <= now else {})


@unhurried
@given(series(), policies(), zones, st.integers(1, 10**12))
def test_a_future_point_is_kept_and_changes_no_other_verdict(
    drawn: Series, words: Words, zone: ZoneInfo, microseconds: int
) -> None:
    points, now = drawn
    future = Point(now + timedelta(microseconds=microseconds), "future")
    policy = written(words)

    assert told_of([*points, future], policy, now=now, zone=zone) == {
        **told_of(points, policy, now=now, zone=zone),
        "future": (True, ("in the future",)),
    }


@unhurried
@given(series(), policies(), zones, st.integers(0, 500))
def test_the_time_of_the_run_matters_only_to_future_points(
    drawn: Series, words: Words, zone: ZoneInfo, days: int
) -> None:
    points, now = drawn
    past = [point for point in points if point.time <= now]
    policy = written(words)

    assert told_of(past, policy, now=now, zone=zone) == told_of(
        past, policy, now=now + timedelta(days=days), zone=zone
    )
