"""docs/reference.md is current, and complete."""

import re
from pathlib import Path
from typing import get_args

import pytest

import snapshotter
from reference.__main__ import PAGE, main
from reference.results import report
from snapshotter.inputs.event import MEANINGS, RunAction
from snapshotter.inputs.settings import Settings
from snapshotter.model import tags
from snapshotter.model.outcome import ACTIONS, CODES, STATUSES, ActionName, OutcomeStatus
from snapshotter.report.answer import COUNTS
from tests.docs.pages import page
from translate.stack import translated

_CODE = re.compile(r'(?:ErrorInfo\(|refused\(request, )\s*(?:[^"=]* or )?"([A-Za-z]+)"')


def test_it_is_current() -> None:
    assert main(["--check"]) == 0


def test_a_stale_page_fails_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "reference.md"
    stale.write_text(PAGE.read_text().replace("Regions", "Places", 1))

    assert main(["--check", "--output", str(stale)]) == 1
    assert capsys.readouterr().err == (f"{stale} is stale. Run `make docs` and commit the page.\n")


def test_a_written_page_is_current(tmp_path: Path) -> None:
    assert main(["--output", str(tmp_path / "reference.md")]) == 0
    assert main(["--check", "--output", str(tmp_path / "reference.md")]) == 0


def test_it_has_every_parameter_and_every_setting() -> None:
    parameters = {row[0].strip("`") for row in page("docs/reference.md").table("parameter")}
    variables = {row[0].strip("`") for row in page("docs/reference.md").table("variable")}

    assert parameters == set(translated()["Parameters"])
    assert {field.alias for field in Settings.model_fields.values()} - variables == set()


def test_every_empty_cell_is_that_of_a_value_without_a_bound() -> None:
    tables = re.findall(r"^\| (.+) \|  \|$", PAGE.read_text(), re.M)

    parameters = {f"`{name}`" for name in translated()["Parameters"]}
    assert {row.split(" | ")[0] for row in tables} - parameters == set()


def test_every_member_of_an_answer_is_described() -> None:
    assert set(ACTIONS) == set(get_args(ActionName))
    assert set(STATUSES) == set(get_args(OutcomeStatus))
    assert set(MEANINGS) == set(RunAction)
    assert set(COUNTS) == set(report().summary)
    assert set(tags.MEANINGS) == {
        value for value in vars(tags).values() if str(value).startswith(tags.OURS)
    } - {tags.OURS}


def test_every_error_code_is_described() -> None:
    sources = [path.read_text() for path in Path(snapshotter.__file__).parent.rglob("*.py")]
    used = {code for text in sources for code in _CODE.findall(text)}

    assert used - set(CODES) == set()
    assert [code for code in CODES if sum(text.count(f'"{code}"') for text in sources) < 2] == []
