"""docs/reference.md is current, and complete."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from reference.__main__ import PAGE, main
from reference.source import descriptions, error_codes, suffixes
from snapshotter.inputs.settings import Settings
from tests.docs.pages import page
from translate.stack import translated

SOURCE = '''\
"""A module."""

HOLD = "snapshotter:hold"  # never deleted
# The time,
# in UTC.
TIME = "snapshotter:time"
PLAIN = "plain"
CONSTANT = "Constant"


def work(key: str, name: str) -> str:
    message = "first"
    message = f"{name} is wrong"
    if name == "a":
        return ErrorInfo("Known", message)
    if name == "c":
        return ErrorInfo(CONSTANT, "third")
    if name == "b":
        return refused(key, "PassedOn", "not possible: " f"{name!r}")
    return ErrorInfo(name or "Default", why(name) or "no reason") + f"{key}:keep"


def refused(key: str, code: str, message: str) -> str:
    return ErrorInfo(code, message)
'''


@pytest.fixture
def module(tmp_path: Path) -> Iterator[ModuleType]:
    path = tmp_path / "example.py"
    path.write_text(SOURCE)
    spec = importlib.util.spec_from_file_location("example", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["example"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["example"]


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


def test_descriptions_are_the_comments_beside_and_above_a_string(module: ModuleType) -> None:
    assert descriptions(module.work) == {
        "snapshotter:hold": "never deleted",
        "snapshotter:time": "The time, in UTC.",
    }


def test_suffixes_of_a_key_are_found(module: ModuleType) -> None:
    assert suffixes(module.work) == [":keep"]


def test_error_codes_have_their_messages(module: ModuleType) -> None:
    assert error_codes(Path(str(module.__file__)).parent) == {
        "Known": ["… is wrong"],
        "Constant": ["third"],
        "PassedOn": ["not possible: …"],
        "Default": ["no reason"],
    }
