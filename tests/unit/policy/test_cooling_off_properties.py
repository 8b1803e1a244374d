"""A policy that keeps less deletes nothing that an earlier policy keeps, for some days."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from snapshotter.policy.cooling_off import COOLING_OFF, Evaluation
from snapshotter.policy.grammar import RetentionError, parse_retention
from snapshotter.policy.retention import evaluate
from tests.unit.policy.points import WEEK, Point, Written, evaluated, kept_by, kept_of
from tests.unit.policy.strategies import policies, series, text_of, zones

Series = tuple[list[Point], datetime]
Words = dict[str, str]

DAY = timedelta(days=1)
NIGHT = datetime(2026, 11, 23, 4, 50, tzinfo=UTC)


texts = st.one_of(policies().map(text_of), st.none(), st.sampled_from(("", "daily=0", "for ever")))


@st.composite
def written_on(draw: st.DrawFn, points: list[Point], now: datetime) -> list[Written]:
    """Draw the policies on a series: some readable, some not, some older than a week."""
    ages = st.integers(-5, 400).map(lambda hours: now - timedelta(hours=hours))
    times = st.one_of(ages, st.sampled_from([point.time for point in points] or [now]))
    return [(time, draw(texts)) for time in draw(st.lists(times, max_size=6))]


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
    written = [(now - age, text_of(earlier)), *data.draw(written_on(points, now))]
    period = timedelta(days=max(days, 1))

    evaluation = evaluated(points, text_of(now_in_force), written, now, zone, period=period)

    assert kept_of(evaluation) >= kept_by(points, text_of(earlier), now, zone)


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


@given(policies(), st.integers(1, 60))
def test_while_the_policy_stays_the_same_nothing_is_ever_held(words: Words, nights: int) -> None:
    steady = Nights()
    for night in range(nights):
        steady.run(NIGHT + night * DAY, text_of(words))

    assert not steady.held


@given(policies(), policies(), st.integers(1, 40))
def test_eight_nights_after_a_change_nothing_is_held_any_more(
    earlier: Words, later: Words, nights: int
) -> None:
    changed = Nights()
    for night in range(nights + 8):
        changed.run(NIGHT + night * DAY, text_of(earlier if night < nights else later))
    changed.held = False

    changed.run(NIGHT + (nights + 8) * DAY, text_of(later))

    assert not changed.held


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


@given(series(), policies(), zones, st.data())
def test_more_written_policies_never_delete_more(
    drawn: Series, words: Words, zone: ZoneInfo, data: st.DataObject
) -> None:
    points, now = drawn
    some, others = data.draw(written_on(points, now)), data.draw(written_on(points, now))
    known = {text for _, text in some}
    more = some + [(time, text) for time, text in others if text not in known]

    fewer_kept = kept_of(evaluated(points, text_of(words), some, now, zone))

    assert kept_of(evaluated(points, text_of(words), more, now, zone)) >= fewer_kept


@given(series(), policies(), zones, st.integers(0, 89), st.data())
def test_longer_cooling_off_never_deletes_more(
    drawn: Series, words: Words, zone: ZoneInfo, days: int, data: st.DataObject
) -> None:
    points, now = drawn
    written = data.draw(written_on(points, now))
    shorter, longer = (
        kept_of(evaluated(points, text_of(words), written, now, zone, period=timedelta(days=each)))
        for each in (days, days + 1)
    )

    assert longer >= shorter


@given(series(), policies(), zones, st.data())
def test_without_cooling_off_the_retention_alone_decides(
    drawn: Series, words: Words, zone: ZoneInfo, data: st.DataObject
) -> None:
    points, now = drawn
    written = data.draw(written_on(points, now))

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


@given(series(), policies(), zones, st.lists(unreadable, max_size=4), st.data())
def test_points_without_a_readable_policy_hold_nothing(
    drawn: Series, words: Words, zone: ZoneInfo, texts: list[str | None], data: st.DataObject
) -> None:
    points, now = drawn
    written = data.draw(written_on(points, now))
    more = [*written, *((now, text) for text in texts)]

    assert evaluated(points, text_of(words), more, now, zone) == evaluated(
        points, text_of(words), written, now, zone
    )


@given(series(), policies(), zones, st.data())
def test_held_points_are_those_that_an_earlier_policy_keeps_or_was_written_on_last(
    drawn: Series, words: Words, zone: ZoneInfo, data: st.DataObject
) -> None:
    """Decisions about all other points, and their reasons, are those of the policy in force."""
    points, now = drawn
    written = data.draw(written_on(points, now))
    in_force = evaluate(points, parse_retention(text_of(words)), now=now, timezone=zone)
    latest = {
        text: time
        for time, text in sorted(written, key=lambda each: each[0])
        if text and _is_readable(text) and text != text_of(words) and now - time <= WEEK
    }

    evaluation = evaluated(points, text_of(words), written, now, zone)

    wanted = set[str]().union(*(kept_by(points, text, now, zone) for text in latest))
    wanted |= {point.name for point in points if point.time in latest.values()}
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
