"""Which texts are policies, and with what faults every other text is refused."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapshotter.policy.grammar import (
    CountRule,
    Duration,
    Retention,
    RetentionError,
    parse_retention,
)
from tests.unit.policy.strategies import policies, text_of


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        pytest.param("last=1", (CountRule("last", 1),), id="smallest-count"),
        pytest.param("daily=all", (CountRule("daily", None),), id="all"),
        pytest.param("hourly=1000000", (CountRule("hourly", 1_000_000),), id="a-large-count"),
        pytest.param(
            "yearly=6 monthly=5 weekly=4 daily=3 hourly=2 last=1",
            tuple(
                CountRule(period, number)
                for number, period in enumerate(
                    ("last", "hourly", "daily", "weekly", "monthly", "yearly"), start=1
                )
            ),
            id="every-period-in-any-order",
        ),
    ],
)
def test_counts_are_read(text: str, counts: tuple[CountRule, ...]) -> None:
    assert parse_retention(text) == Retention(text=text, counts=counts)


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        pytest.param("1y", Duration(years=1), id="years"),
        pytest.param("6m", Duration(months=6), id="m-is-months"),
        pytest.param("2w", Duration(days=14), id="weeks-are-seven-days"),
        pytest.param("30d", Duration(days=30), id="days"),
        pytest.param("36h", Duration(hours=36), id="hours"),
        pytest.param("1y6m2w3d12h", Duration(1, 6, 17, 12), id="all-of-them"),
        pytest.param("1y12h", Duration(years=1, hours=12), id="some-of-them"),
        pytest.param("0d30h", Duration(hours=30), id="a-zero-among-others"),
    ],
)
def test_within_is_read(duration: str, expected: Duration) -> None:
    text = f"within={duration}"

    assert parse_retention(text) == Retention(text=text, within=expected, within_text=duration)


@pytest.mark.parametrize("text", ["daily=7  weekly=4", "\tdaily=7\nweekly=4 ", " daily=7 weekly=4"])
def test_blanks_of_any_kind_and_number_separate_words(text: str) -> None:
    assert parse_retention(text) == parse_retention("daily=7 weekly=4")


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        pytest.param("", ("it is empty",), id="empty"),
        pytest.param(" \t\n", ("it is empty",), id="only-blanks"),
        pytest.param(
            "daily=0", ("'daily=0' needs a count of 1 or more, or `all`",), id="a-count-of-zero"
        ),
        pytest.param(
            "daily=-1", ("'daily=-1' needs a count of 1 or more, or `all`",), id="a-negative-count"
        ),
        pytest.param(
            "daily=07", ("'daily=07' needs a count of 1 or more, or `all`",), id="a-leading-zero"
        ),
        pytest.param(
            "daily=\u0667",
            ("'daily=\u0667' needs a count of 1 or more, or `all`",),
            id="an-arabic-seven",
        ),
        pytest.param(
            "daily=ALL", ("'daily=ALL' needs a count of 1 or more, or `all`",), id="all-in-capitals"
        ),
        pytest.param("daily", ("'daily' needs a count of 1 or more, or `all`",), id="no-count"),
        pytest.param("daily=", ("'daily=' needs a count of 1 or more, or `all`",), id="no-number"),
        pytest.param(
            "daily=7=8", ("'daily=7=8' needs a count of 1 or more, or `all`",), id="two-numbers"
        ),
        pytest.param("7", ("'7' is not a rule",), id="a-bare-number"),
        pytest.param("=7", ("'=7' is not a rule",), id="no-key"),
        pytest.param("Daily=7", ("'Daily=7' is not a rule",), id="capitals"),
        pytest.param("keep-daily=7", ("'keep-daily=7' is not a rule",), id="option-of-restic"),
        pytest.param(
            "daily = 7",
            (
                "'daily' needs a count of 1 or more, or `all`",
                "'=' is not a rule",
                "'7' is not a rule",
            ),
            id="blanks-around-the-sign",
        ),
        pytest.param(
            "daily=7,weekly=4",
            ("'daily=7,weekly=4' needs a count of 1 or more, or `all`",),
            id="commas",
        ),
        pytest.param(
            f"within={'1' * 255}d",
            ("it has 263 characters, and a tag takes 256",),
            id="too-long-for-a-tag",
        ),
        pytest.param("daily=7 daily=7", ("daily is given 2 times",), id="twice-the-same"),
        pytest.param("within=1d last=1 within=2d", ("within is given 2 times",), id="twice-within"),
    ],
)
def test_malformed_policy_is_refused_with_every_fault(text: str, faults: tuple[str, ...]) -> None:
    with pytest.raises(RetentionError) as refused:
        parse_retention(text)

    assert refused.value.faults == faults


@pytest.mark.parametrize(
    "duration",
    [
        pytest.param("", id="none"),
        pytest.param("30", id="no-unit"),
        pytest.param("d", id="no-number"),
        pytest.param("0d", id="zero"),
        pytest.param("0y0m0w0d0h", id="zero-of-everything"),
        pytest.param("-1d", id="negative"),
        pytest.param("1.5d", id="a-fraction"),
        pytest.param("1d1y", id="out-of-order"),
        pytest.param("1d2d", id="a-unit-twice"),
        pytest.param("30D", id="a-capital"),
        pytest.param("10s", id="seconds"),
        pytest.param("all", id="all"),
    ],
)
def test_malformed_duration_is_refused(duration: str) -> None:
    with pytest.raises(RetentionError) as refused:
        parse_retention(f"within={duration}")

    assert refused.value.faults == (
        f"'within={duration}' needs a duration like 30d or 1y6m2w3d12h, "
        "in that order and above zero",
    )


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(RetentionError) as refused:
        parse_retention("daily=0 fortnightly=2 within=9 weekly=4 weekly=x")

    assert refused.value.faults == (
        "'daily=0' needs a count of 1 or more, or `all`",
        "'fortnightly=2' is not a rule",
        "'within=9' needs a duration like 30d or 1y6m2w3d12h, in that order and above zero",
        "'weekly=x' needs a count of 1 or more, or `all`",
        "weekly is given 2 times",
    )
    assert str(refused.value) == "; ".join(refused.value.faults)


@given(policies())
def test_text_of_a_policy_reads_back_as_the_same_policy(words: dict[str, str]) -> None:
    policy = parse_retention(text_of(words))

    assert parse_retention(str(policy)) == policy


@given(policies(), st.randoms())
def test_the_order_of_the_words_changes_nothing_but_the_text(
    words: dict[str, str], order: Random
) -> None:
    shuffled = list(words.items())
    order.shuffle(shuffled)
    one, other = parse_retention(text_of(words)), parse_retention(text_of(dict(shuffled)))

    assert (one.counts, one.within) == (other.counts, other.within)


pieces = st.sampled_from(("daily", "within", "=", "7", "all", "d", "0", "y", " ", "\t"))


@given(st.one_of(st.text(max_size=60), st.lists(pieces, max_size=12).map("".join)))
def test_any_text_is_either_a_policy_or_refused_with_reasons(text: str) -> None:
    policy, faults = _read(text)

    assert bool(policy) != bool(faults)
    assert policy is None or str(policy) == " ".join(text.split())


def _read(text: str) -> tuple[Retention | None, tuple[str, ...]]:
    try:
        return parse_retention(text), ()
    except RetentionError as error:
        return None, error.faults
