"""A policy that keeps less deletes nothing that an earlier policy keeps, for some days."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapshotter.policy.cooling_off import COOLING_OFF, Evaluation, evaluate_cooling_off
from snapshotter.policy.grammar import RetentionError, parse_retention
from snapshotter.policy.retention import evaluate
from tests.unit.policy.points import Point
from tests.unit.policy.strategies import no_deadline, policies, series, text_of, zones

Series = tuple[list[Point], datetime]
Words = dict[str, str]
Written = tuple[datetime, str | None]

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)
UTC_ZONE = ZoneInfo("UTC")
NIGHT = datetime(2026, 11, 23, 4, 50, tzinfo=UTC)


def evaluated(
    points: Iterable[Point],
    policy: str,
    written: Iterable[Written],
    now: datetime,
    zone: ZoneInfo = UTC_ZONE,
    *,
    period: timedelta = WEEK,
) -> Evaluation[Point]:
    return evaluate_cooling_off(
        points, parse_retention(policy), written=written, now=now, timezone=zone, period=period
    )


def kept(evaluation: Evaluation[Point]) -> set[str]:
    return {decision.point.name for decision in evaluation.decisions if decision.keep}


def kept_by(points: Iterable[Point], policy: str, now: datetime, zone: ZoneInfo) -> set[str]:
    """The points that a policy keeps without any cooling-off."""
    decisions = evaluate(points, parse_retention(policy), now=now, timezone=zone)
    return {decision.point.name for decision in decisions if decision.keep}


texts = st.one_of(policies().map(text_of), st.none(), st.sampled_from(("", "daily=0", "for ever")))


@st.composite
def written_before(draw: st.DrawFn, now: datetime) -> list[Written]:
    """Draw the policies on a series: some readable, some not, some older than a week."""
    hours = draw(st.lists(st.integers(-5, 400), max_size=6))
    return [(now - timedelta(hours=each), draw(texts)) for each in hours]


@no_deadline
@given(series(), policies(), policies(), zones, st.integers(0, 90), st.data())
def test_change_of_policy_deletes_nothing_that_the_earlier_policy_keeps(
    drawn: Series,
    earlier: Words,
    now_in_force: Words,
    zone: ZoneInfo,
    days: int,
    data: st.DataObject,
) -> None:
    points, now = drawn
    age = timedelta(seconds=data.draw(st.integers(0, days * 86_400)))
    written = [(now - age, text_of(earlier)), *data.draw(written_before(now))]
    period = timedelta(days=max(days, 1))

    evaluation = evaluated(points, text_of(now_in_force), written, now, zone, period=period)

    assert kept(evaluation) >= kept_by(points, text_of(earlier), now, zone)


@dataclass
class Nights:
    """A series with one point a night, pruned after each."""

    points: list[Point] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    held: bool = False

    def run(self, now: datetime, policy: str, *, takes: bool = True) -> None:
        """Take a point under a policy, then delete what is not kept."""
        if takes:
            self.points.append(Point(now, now.isoformat()))
            self.written[now.isoformat()] = policy
        written = [(point.time, self.written[point.name]) for point in self.points]
        evaluation = evaluated(self.points, policy, written, now)
        self.held = self.held or bool(evaluation.held)
        self.points = [each.point for each in evaluation.decisions if each.keep]

    @property
    def names(self) -> set[str]:
        return {point.name for point in self.points}


@no_deadline
@given(policies(), policies(), st.integers(1, 40), st.lists(st.booleans(), min_size=7, max_size=7))
def test_for_a_week_after_a_change_every_point_exists_that_would_without_the_change(
    earlier: Words, later: Words, nights: int, takes: list[bool]
) -> None:
    """Two series side by side, of which one changes its policy."""
    steady, changed = Nights(), Nights()
    for night in range(nights):
        for each in (steady, changed):
            each.run(NIGHT + night * DAY, text_of(earlier))

    for night, taken in enumerate(takes, start=nights):
        now = NIGHT + night * DAY
        steady.run(now, text_of(earlier), takes=taken)
        changed.run(now, text_of(later), takes=taken)
        assert changed.names >= steady.names

    changed.run(NIGHT + (nights + 6) * DAY, text_of(earlier), takes=False)
    assert changed.names >= steady.names


@no_deadline
@given(policies(), st.integers(1, 60))
def test_while_the_policy_stays_the_same_nothing_is_ever_held(words: Words, nights: int) -> None:
    steady = Nights()
    for night in range(nights):
        steady.run(NIGHT + night * DAY, text_of(words))

    assert not steady.held


@no_deadline
@given(series(), policies(), zones, st.integers(0, 90))
def test_policy_in_force_that_is_written_on_the_points_changes_no_decision(
    drawn: Series, words: Words, zone: ZoneInfo, days: int
) -> None:
    points, now = drawn
    policy = text_of(words)
    written = [(point.time, policy) for point in points]

    evaluation = evaluated(points, policy, written, now, zone, period=timedelta(days=days))

    assert evaluation == Evaluation(
        evaluate(points, parse_retention(policy), now=now, timezone=zone)
    )


@no_deadline
@given(series(), policies(), zones, st.data())
def test_more_written_policies_never_delete_more(
    drawn: Series, words: Words, zone: ZoneInfo, data: st.DataObject
) -> None:
    points, now = drawn
    some = data.draw(written_before(now))
    more = some + data.draw(written_before(now))

    fewer_kept = kept(evaluated(points, text_of(words), some, now, zone))

    assert kept(evaluated(points, text_of(words), more, now, zone)) >= fewer_kept


@no_deadline
@given(series(), policies(), zones, st.integers(0, 89), st.data())
def test_longer_cooling_off_never_deletes_more(
    drawn: Series, words: Words, zone: ZoneInfo, days: int, data: st.DataObject
) -> None:
    points, now = drawn
    written = data.draw(written_before(now))
    shorter, longer = (
        kept(evaluated(points, text_of(words), written, now, zone, period=timedelta(days=each)))
        for each in (days, days + 1)
    )

    assert longer >= shorter


@no_deadline
@given(series(), policies(), zones, st.data())
def test_without_cooling_off_the_retention_alone_decides(
    drawn: Series, words: Words, zone: ZoneInfo, data: st.DataObject
) -> None:
    points, now = drawn
    written = data.draw(written_before(now))

    evaluation = evaluated(points, text_of(words), written, now, zone, period=timedelta(0))

    assert evaluation == Evaluation(
        evaluate(points, parse_retention(text_of(words)), now=now, timezone=zone)
    )


def _is_readable(text: str) -> bool:
    try:
        parse_retention(text)
    except RetentionError:
        return False
    return True


unreadable = st.one_of(st.none(), st.text(max_size=30).filter(lambda text: not _is_readable(text)))


@no_deadline
@given(series(), policies(), zones, st.lists(unreadable, max_size=4), st.data())
def test_points_without_a_readable_policy_hold_nothing(
    drawn: Series, words: Words, zone: ZoneInfo, texts: list[str | None], data: st.DataObject
) -> None:
    points, now = drawn
    written = data.draw(written_before(now))
    more = [*written, *((now, text) for text in texts)]

    assert evaluated(points, text_of(words), more, now, zone) == evaluated(
        points, text_of(words), written, now, zone
    )


@no_deadline
@given(series(), policies(), zones, st.data())
def test_held_points_are_those_that_only_an_earlier_policy_keeps(
    drawn: Series, words: Words, zone: ZoneInfo, data: st.DataObject
) -> None:
    """Decisions about all other points, and their reasons, are those of the policy in force."""
    points, now = drawn
    written = data.draw(written_before(now))
    in_force = evaluate(points, parse_retention(text_of(words)), now=now, timezone=zone)
    speaking = [text for time, text in written if now - time <= WEEK and _is_readable(text or "")]

    evaluation = evaluated(points, text_of(words), written, now, zone)

    wanted = set[str]().union(*(kept_by(points, text or "", now, zone) for text in speaking))
    unwanted = [each.point for each in in_force if not each.keep]
    assert evaluation.held == tuple(point for point in unwanted if point.name in wanted)
    assert {
        each.point.name: each.reason
        for each in evaluation.decisions
        if each.point in evaluation.held
    } == {point.name: COOLING_OFF for point in evaluation.held}
    assert [each for each in evaluation.decisions if each.point not in evaluation.held] == [
        each for each in in_force if each.point not in evaluation.held
    ]


def nights(*days_ago: int) -> list[Point]:
    """Points of these nights, each named by its age in days."""
    return [Point(NIGHT - days * DAY, str(days)) for days in days_ago]


@pytest.mark.parametrize(
    ("age", "held"),
    [
        pytest.param(timedelta(0), ("2",), id="just-written"),
        pytest.param(WEEK - SECOND, ("2",), id="a-second-before-the-end"),
        pytest.param(WEEK, ("2",), id="at-the-end"),
        pytest.param(WEEK + SECOND, (), id="a-second-after-the-end"),
        pytest.param(-DAY, ("2",), id="on-a-point-in-the-future"),
    ],
)
def test_policy_written_at_a_time_holds_until_the_period_is_over_and_no_longer(
    age: timedelta, held: tuple[str, ...]
) -> None:
    evaluation = evaluated(nights(1, 2), "last=1", [(NIGHT - age, "last=2")], NIGHT)

    assert tuple(point.name for point in evaluation.held) == held
    assert evaluation.until == (NIGHT - age + WEEK if held else None)


def test_cooling_off_ends_with_the_latest_point_of_an_earlier_policy() -> None:
    written = [(NIGHT - 5 * DAY, "last=2"), (NIGHT - 3 * DAY, "last=2"), (NIGHT, "last=1")]

    evaluation = evaluated(nights(1, 2), "last=1", written, NIGHT)

    assert evaluation.until == NIGHT + 4 * DAY
    assert evaluation.earlier == (parse_retention("last=2"),)


def test_cooling_off_names_only_the_policies_that_keep_what_the_one_in_force_does_not() -> None:
    written = [
        (NIGHT - 6 * DAY, "last=4"),
        (NIGHT - 4 * DAY, "last=3"),
        (NIGHT - 2 * DAY, "last=1"),
        (NIGHT - 1 * DAY, "last=2"),
    ]

    evaluation = evaluated(nights(1, 2, 3, 4, 5), "last=2", written, NIGHT)

    assert [point.name for point in evaluation.held] == ["3", "4"]
    assert [str(policy) for policy in evaluation.earlier] == ["last=3", "last=4"]
    assert evaluation.until == NIGHT + 3 * DAY


def test_point_that_no_policy_keeps_is_deleted_for_the_policy_in_force() -> None:
    evaluation = evaluated(nights(1, 2, 3), "last=1", [(NIGHT, "last=2")], NIGHT)

    assert [(each.point.name, each.keep, each.reason) for each in evaluation.decisions] == [
        ("1", True, "newest, last"),
        ("2", True, "cooling off"),
        ("3", False, "not kept by last=1"),
    ]


def test_policy_that_keeps_more_takes_effect_at_once() -> None:
    evaluation = evaluated(nights(1, 2, 3), "last=3", [(NIGHT, "last=1")], NIGHT)

    assert (kept(evaluation), evaluation.held) == ({"1", "2", "3"}, ())
