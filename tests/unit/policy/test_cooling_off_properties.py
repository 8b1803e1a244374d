"""A policy that keeps less deletes nothing that an earlier one keeps, for some days.

The first tests compare with a second implementation of the rule, over any points that carry any
policies; the others follow a series under a schedule.
"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from snapshotter.model.snapshot import Snapshot
from snapshotter.policy.grammar import Retention, RetentionError, parse_retention
from snapshotter.policy.retention import COOLING_OFF, POLICY_CHANGE, Evaluation
from tests.unit.policy.points import DAY, WEEK, ZERO, Nights, a_point, cooled, decided, names_kept
from tests.unit.policy.strategies import Drawn, policies, series, text_of, zones

HOUR = timedelta(hours=1)
START = datetime(2026, 1, 3, 4, 50, tzinfo=UTC)
UNREADABLE = (None, "", "daily=0", "for ever")

texts = st.one_of(
    policies().map(text_of), st.sampled_from(("last=1", "last=2", "last=99", *UNREADABLE))
)


@st.composite
def histories(draw: st.DrawFn) -> Drawn:
    """Draw points that carry policies, and that were created some time after their own time."""
    points, now = draw(series(min_size=1))
    few = draw(st.lists(texts, min_size=1, max_size=3))
    now = draw(st.sampled_from([now, *(point.time + DAY for point in points)]))
    written = [
        a_point(
            each.time,
            each.name,
            held=each.held,
            verified=each.verified,
            policy=draw(st.sampled_from(few)),
            created=each.time + timedelta(hours=draw(st.sampled_from((0, 0, 1, 200)))),
        )
        for each in points
    ]
    return written, now


def speaking(
    points: list[Snapshot], in_force: Retention, now: datetime, period: timedelta
) -> tuple[set[str], set[str]]:
    """The texts of the policies that speak, and the names of the points that show the changes."""
    by_time = sorted(points, key=lambda point: (point.time, point.name))
    carrying = [(each, read) for each in by_time if (read := readable(each.retention_text))]
    found, record = set(), set()
    for (older, was), (newer, became) in pairwise(carrying):
        if was != became and newer.created + period > now:
            found.add(str(was))
            record |= {older.name, newer.name}
    past = [policy for point, policy in carrying if point.time <= now]
    future = [policy for point, policy in carrying[-1:] if point.created + period > now]
    return found | {str(policy) for policy in (*past[-1:], *future)} - {str(in_force)}, record


def readable(text: str | None) -> Retention | None:
    try:
        return parse_retention(text or "")
    except RetentionError:
        return None


@given(histories(), policies().map(text_of) | st.just("last=1"), zones, st.integers(1, 90))
def test_what_is_held_is_what_a_policy_that_speaks_keeps_and_what_shows_the_change(
    drawn: Drawn, in_force: str, zone: ZoneInfo, days: int
) -> None:
    """Decisions about all other points, and their reasons, are those of the policy in force."""
    points, now = drawn
    period = days * DAY
    plain = decided(points, in_force, now=now, zone=zone)
    earlier, record = speaking(points, parse_retention(in_force), now, period)
    wanted = record.union(*(names_kept(decided(points, e, now=now, zone=zone)) for e in earlier))

    found = cooled(points, in_force, now, zone=zone, period=period)

    unwanted = {each.point.name for each in plain if not each.keep}
    held = {each.name for each in found.held}
    shown = {e.point.name for e in found.decisions if e.reason == POLICY_CHANGE}
    assert held == unwanted & wanted
    assert shown <= unwanted - held
    assert {str(each) for each in found.earlier} <= earlier | {in_force}
    assert bool(found.earlier) == bool(held)
    assert found.until is None or found.until > now
    for was, decision in zip(plain, found.decisions, strict=True):
        name = was.point.name
        if name in held | shown:
            reason = COOLING_OFF if name in held else POLICY_CHANGE
            assert (decision.keep, decision.reasons) == (True, (reason,))
        else:
            assert decision == was


@given(histories(), policies().map(text_of), zones, st.integers(0, 90))
def test_without_a_period_and_without_another_policy_the_policy_in_force_alone_decides(
    drawn: Drawn, in_force: str, zone: ZoneInfo, days: int
) -> None:
    points, now = drawn
    backwards = " ".join(reversed(in_force.split()))
    same = [
        a_point(each.time, each.name, policy=text)
        for each, text in zip(points, [in_force, backwards, None] * 7, strict=False)
    ]

    assert cooled(points, in_force, now, zone=zone, period=ZERO) == Evaluation(
        decided(points, in_force, now=now, zone=zone)
    )
    assert cooled(same, in_force, now, zone=zone, period=days * DAY) == Evaluation(
        decided(same, in_force, now=now, zone=zone)
    )


gaps = st.sampled_from((HOUR, 12 * HOUR, DAY, 5 * DAY, WEEK, 30 * DAY))
lags = st.sampled_from((ZERO, timedelta(minutes=3), 2 * HOUR))
phases = st.lists(
    st.tuples(
        st.one_of(policies().map(text_of), st.sampled_from((None, "last=1", "monthly=12"))),
        st.integers(1, 12),
        st.sampled_from((ZERO, ZERO, 8 * DAY)),
    ),
    min_size=2,
    max_size=5,
)
"""A policy, for how many runs it is in force, and how long the stack is paused before them."""


@given(phases, gaps, lags)
def test_nothing_that_an_earlier_policy_keeps_goes_before_the_period_after_its_change(
    drawn: list[tuple[str | None, int, timedelta]], gap: timedelta, lag: timedelta
) -> None:
    nights, now = Nights(), START
    ends: dict[str, datetime | None] = {}
    for policy, runs, pause in drawn:
        now += pause
        for _ in range(runs):
            for time in (now, now + gap / 3, now + 2 * gap / 3):
                points = nights.points
                deleted = nights.prune(time, policy)
                for earlier, end in ends.items():
                    if end is None or time < end:
                        assert not deleted & names_kept(decided(points, earlier, now=time))
                if time == now:
                    nights.take(now, policy, lag)
                    first = now + lag + WEEK if policy else None
                    ends = {
                        earlier: first if end is None and earlier != policy else end
                        for earlier, end in ends.items()
                    } | ({policy: None} if policy else {})
            now += gap


def of_forty_nights(words: tuple[str, str]) -> tuple[list[str], str]:
    return [words[0]] * 40, words[1]


drawn_policies = st.tuples(
    st.lists(policies().map(text_of), min_size=1, max_size=30).map(sorted), policies().map(text_of)
)
first_point_is_not_kept = st.sampled_from(
    (
        ("last=1", "monthly=12"),
        ("last=1", "yearly=3"),
        ("last=26", "last=1 monthly=2"),
        ("monthly=12", "daily=3"),
        ("daily=30", "daily=7 weekly=4 monthly=6"),
        ("yearly=all", "weekly=2"),
    )
).map(of_forty_nights)


@given(drawn_policies | first_point_is_not_kept, gaps, lags)
def test_every_hold_ends_though_the_first_point_under_the_policy_may_not_be_kept_by_it(
    drawn: tuple[list[str], str], gap: timedelta, lag: timedelta
) -> None:
    """Under one policy, what stays for its cooling-off goes, and nothing is held ever after."""
    (history, last), nights, now = drawn, Nights(), START
    for policy in history:
        nights.run(now, policy, lag)
        now += gap
    end = now + lag + WEEK
    for _ in range(45):
        for time in (now, now + gap / 3, now + 2 * gap / 3):
            nights.prune(time, last)
            assert time < end or not nights.held
            if time == now:
                nights.take(now, last, lag)
        now += gap
    if {each.retention_text for each in nights.points} == {last}:
        assert nights.names == names_kept(decided(nights.points, last, now=now))
