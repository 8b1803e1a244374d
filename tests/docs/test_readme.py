"""What the README shows is what the code does."""

import re

from reference.status import example, example_settings
from snapshotter.report.letter import Sender, write_letter
from tests.docs.pages import page
from translate.stack import translated

README = page("README.md")
COSTS = page("docs/many-accounts.md").section("What it costs")


def test_its_parameters_exist() -> None:
    rows = README.table("parameter", "what to decide")
    names = {name for row in rows for name in re.findall(r"`(\w+)`", row[0])}

    assert names - set(translated()["Parameters"]) == set()


def test_its_letter_is_the_one_that_the_function_writes() -> None:
    sender = Sender("snapshotter", "123456789012", "us-east-1", "f")
    letter = write_letter(example(), sender, example_settings())
    (shown,) = (each.text for each in README.blocks if each.language == "text")

    assert f"Subject: {letter.subject}\n\n{letter.text}".startswith(shown)


def test_its_prices_are_those_that_are_computed() -> None:
    prices = re.findall(r"\d+\.\d\d", README.section("Cost").text)

    assert prices
    assert set(prices) - set(re.findall(r"\d+\.\d\d", COSTS.text)) == set()


def test_it_is_short() -> None:
    assert len(README.text.splitlines()) <= 215
