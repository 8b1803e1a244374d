"""Commands, paths and links on the pages are valid."""

import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from tests.docs.pages import PAGES, ROOT, Page, on_every_page, page
from tests.docs.shell import aws_commands, faults_of, make_calls
from translate.stack import translated

_PATH = re.compile(r"[\w.-]+(/[\w.-]+)*/?")
_ENDINGS = {".py", ".md", ".json", ".yaml", ".toml", ".lock", ".html", ".txt", ".js", ".css"}
_FOLDERS = ("", "src/snapshotter", "local", "tests", "events")
"""Folders in which a page may name a file without its full path."""


def written(text: str) -> Page:
    return Page("a page", text)


def unknown_targets(page: Page) -> list[str]:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M)
    return sorted({call.target for call in make_calls(page)} - set(targets))


@on_every_page
def test_every_make_target_exists(page: Page) -> None:
    assert unknown_targets(page) == []


def test_a_missing_make_target_is_found() -> None:
    page = written("`make tea`\n\n```sh\nmake test tea\nmake coffee\n```\n")

    assert unknown_targets(page) == ["coffee", "tea"]


def test_every_event_file_given_to_make_exists() -> None:
    given = [v for page in PAGES for call in make_calls(page) for v in call.variables]
    files = {value for name, value in given if name == "EVENT"}

    assert files
    assert {name for name in files if not (ROOT / name).is_file()} == set()


def cli_faults(page: Page) -> list[str]:
    return [
        f"aws {' '.join(command)}: {fault}"
        for command in aws_commands(page)
        for fault in faults_of(command)
    ]


@on_every_page
def test_every_command_of_the_aws_cli_is_valid(page: Page) -> None:
    assert cli_faults(page) == []


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("aws lightsail restore-everything", "no command"),
        ("aws lightsale get-disks", "no service"),
        ("aws lightsail get-disk --disc-name web", "no option --disc-name"),
        ("aws lightsail attach-disk --disk-name d --instance-name web", "needs --disk-path"),
        ("aws lightsail get-disks --query 'disks[].[nme]'", "no member 'nme'"),
        ('X="$(aws sqs purge-queue --queue q)"', "no option --queue"),
        ("true | while read x; do aws sqs purge --queue-url x; done", "no command"),
    ],
)
def test_an_invalid_command_of_the_aws_cli_is_found(command: str, fault: str) -> None:
    assert fault in " ".join(cli_faults(written(f"```sh\n{command}\n```\n")))


def test_the_outputs_of_the_stack_that_commands_use_exist() -> None:
    used = set(re.findall(r"\$\(output (\w+)\)", page("docs/operations.md").text))

    assert used
    assert used - set(translated()["Outputs"]) == set()


def missing_paths(page: Page) -> list[str]:
    return [path for path in named_paths(page) if not exists(path, page.folder)]


def named_paths(page: Page) -> Iterator[str]:
    """Find code spans that look like a path in this repository."""
    zones = available_timezones()
    yield from re.findall(r"\bdocs/[\w-]+\.md\b", page.text)
    for span in page.spans:
        looks_like_one = "/" in span or Path(span).suffix in _ENDINGS
        if _PATH.fullmatch(span) and looks_like_one and span not in zones:
            yield span


def exists(path: str, folder: Path) -> bool:
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    if path.startswith(tuple(line for line in ignored if line.endswith("/"))):
        return True
    return any((base / path).exists() for base in (folder, *(ROOT / each for each in _FOLDERS)))


@on_every_page
def test_every_path_exists(page: Page) -> None:
    assert missing_paths(page) == []


def test_a_missing_path_is_found() -> None:
    page = written("`src/gone.py`, `nothing.md`, `template.yaml`, `build/x.html`, `Europe/Berlin`")

    assert missing_paths(page) == ["src/gone.py", "nothing.md"]


def broken_links(page: Page) -> list[str]:
    return [link for link in page.links if "://" not in link and not resolves(link, page)]


def resolves(link: str, page: Page) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.folder / path).resolve() if path else None
    if target is not None and not target.exists():
        return False
    if not anchor:
        return True
    there = Page(path, target.read_text(), target.parent) if target else page
    return anchor in there.anchors


@on_every_page
def test_every_link_within_the_repository_resolves(page: Page) -> None:
    assert broken_links(page) == []


def test_a_broken_link_is_found() -> None:
    page = written(
        "# A head\n\n[a](#a-head) [b](#b) [c](README.md) [d](gone.md) [e](README.md#gone)"
    )

    assert broken_links(page) == ["#b", "gone.md", "README.md#gone"]
