"""Which texts are policies, and with what faults every other text is refused."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapshotter.policy.grammar import (
    PERIODS,
    CountRule,
    Duration,
    Retention,
    RetentionError,
    parse_retention,
)
from tests.unit.policy.strategies import policies, text_of

COUNT = "needs a count of 1 or more, or `all`"
DURATION = "needs a duration like 30d or 1y6m2w3d12h, in that order and above zero"
RULE = "is not a rule"


@pytest.mark.parametrize(
    ("text", "counts", "within"),
    [
        ("last=1", [1], None),
        ("last=all hourly=1000000", [None, 1_000_000], None),
        ("yearly=6 monthly=5 weekly=4 daily=3 hourly=2 last=1", [1, 2, 3, 4, 5, 6], None),
        ("last=2 within=1y6m2w3d12h", [2], Duration(months=18, days=17, hours=12)),
        ("within=1y12h", [], Duration(months=12, hours=12)),
        ("within=0d30h", [], Duration(hours=30)),
    ],
)
def test_counts_and_durations_are_read(
    text: str, counts: list[int | None], within: Duration | None
) -> None:
    rules = tuple(CountRule(*rule) for rule in zip(PERIODS, counts, strict=False))

    assert parse_retention(text) == Retention(text, rules, within)


@pytest.mark.parametrize(
    ("word", "why"),
    [
        *(
            (f"daily={count}", COUNT)
            for count in ("", "0", "-1", "07", "\u0667", "ALL", "7=8", "7,")
        ),
        ("daily", COUNT),
        *((word, RULE) for word in ("7", "=", "=7", "Daily=7", "keep-daily=7", "fortnightly=2")),
        *((f"within={text}", DURATION) for text in ("", "30", "d", "0d", "0y0m0w0d0h", "-1d")),
        *((f"within={text}", DURATION) for text in ("1.5d", "1d1y", "1d2d", "30D", "10s", "all")),
    ],
)
def test_malformed_word_is_refused(word: str, why: str) -> None:
    assert _read(word) == (None, (f'"{word}" {why}',))


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ("it is empty",)),
        (" \t\n", ("it is empty",)),
        ("daily = 7", (f'"daily" {COUNT}', f'"=" {RULE}', f'"7" {RULE}')),
        (f"within={'1' * 255}d", ("it has 263 characters, and a tag takes 256",)),
        ("within=1d last=1 within=2d", ("within is given 2 times",)),
        (
            "daily=0 within=9 weekly=4 weekly=x",
            (
                f'"daily=0" {COUNT}',
                f'"within=9" {DURATION}',
                f'"weekly=x" {COUNT}',
                "weekly is given 2 times",
            ),
        ),
    ],
)
def test_every_fault_of_a_policy_is_named_at_once(text: str, faults: tuple[str, ...]) -> None:
    with pytest.raises(RetentionError) as refused:
        parse_retention(text)

    assert refused.value.faults == faults
    assert str(refused.value) == "; ".join(faults)


@given(policies(), st.randoms())
def test_text_reads_back_and_the_order_of_the_words_changes_nothing_but_the_text(
    words: dict[str, str], order: Random
) -> None:
    shuffled = dict(order.sample([*words.items()], len(words)))
    one, other = parse_retention(text_of(words)), parse_retention(text_of(shuffled))

    assert (one, hash(one)) == (other, hash(other))
    assert str(one) == text_of(words)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("within=7d", "within=1w", True),
        ("within=12m", "within=1y", True),
        ("within=0y1w1d", "within=8d", True),
        ("within=24h", "within=1d", False),  # a day can have 23 or 25 hours
        ("within=30d", "within=1m", False),
        ("daily=7", "daily=all", False),
        ("last=7", "daily=7", False),
    ],
)
def test_policies_are_equal_if_they_mean_the_same(one: str, other: str, equal: bool) -> None:
    assert (parse_retention(one) == parse_retention(other)) is equal
    assert len({parse_retention(one), parse_retention(other)}) == (1 if equal else 2)


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
