"""Series and policies for hypothesis: some points share a period, some lie at its boundary."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from snapshotter.model.snapshot import Snapshot
from tests.unit.policy.points import a_point, moment

Drawn = tuple[list[Snapshot], datetime]
"""A series and the time of a run."""
Words = dict[str, str]
"""The words of a policy."""

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
PERIODS = ("last", "hourly", "daily", "weekly", "monthly", "yearly")

CHANGES_OF_CLOCKS = (
    (ZoneInfo("Europe/Berlin"), "2026-03-29 01:00"),
    (ZoneInfo("Europe/Berlin"), "2026-10-25 01:00"),
    (ZoneInfo("America/New_York"), "2026-03-08 07:00"),
    (ZoneInfo("America/New_York"), "2026-11-01 06:00"),
    (ZoneInfo("Australia/Lord_Howe"), "2026-10-03 15:30"),  # by half an hour
    (ZoneInfo("Australia/Lord_Howe"), "2026-04-04 15:00"),
)
ORIGINS = (
    *(moment(time) for _, time in CHANGES_OF_CLOCKS),
    datetime(2021, 1, 3, 12, tzinfo=UTC),  # the end of ISO week 53
    datetime(2028, 2, 29, 12, tzinfo=UTC),
    datetime(2026, 3, 31, 12, tzinfo=UTC),
)

_steps = st.one_of(
    st.integers(-12, 12).map(lambda quarters: timedelta(minutes=15 * quarters)),
    st.integers(-100, 4).map(lambda hours: timedelta(hours=hours)),
    st.integers(-60, 2).map(lambda days: timedelta(days=days)),
    st.integers(-40, 2).map(lambda months: timedelta(days=30 * months)),
    st.integers(-5, 1).map(lambda years: timedelta(days=365 * years)),
)
_remainders = st.sampled_from((timedelta(0), timedelta(microseconds=1), timedelta(seconds=61)))

zones = st.sampled_from(ZONES).map(ZoneInfo)


@st.composite
def series(draw: st.DrawFn, *, min_size: int = 0) -> Drawn:
    """Draw points, some at equal times, held or proven, and a run's time among or after them."""
    origin = draw(st.sampled_from(ORIGINS))
    steps = draw(st.lists(st.tuples(_steps, _remainders), min_size=min_size, max_size=20))
    held = draw(st.sets(st.integers(0, 19), max_size=3))
    verified = draw(st.sets(st.integers(0, 19), max_size=3))
    points = [
        a_point(
            origin + step + remainder,
            f"point-{number:02}",
            held=number in held,
            verified=number in verified,
        )
        for number, (step, remainder) in enumerate(steps)
    ]
    return points, origin + draw(st.sampled_from((timedelta(days=800), timedelta(0))))


counts = st.one_of(st.integers(1, 6).map(str), st.just("all"))
durations = st.builds(
    lambda parts: "".join(f"{number}{unit}" for unit, number in zip("ymwdh", parts, strict=True)),
    st.tuples(*[st.integers(0, top) for top in (2, 14, 5, 40, 50)]).filter(any),
)


@st.composite
def policies(draw: st.DrawFn) -> Words:
    """Draw a policy as its words, in any order."""
    words = draw(st.dictionaries(st.sampled_from(PERIODS), counts, max_size=4))
    if not words or draw(st.booleans()):
        words = {"within": draw(durations), **words}
    return words


def text_of(words: Words) -> str:
    return " ".join(f"{key}={value}" for key, value in words.items())
