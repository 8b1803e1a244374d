"""Commands, paths and links on the pages lead somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from tests.docs.pages import ROOT, Page, pages
from tests.docs.shell import aws_commands, faults_of, make_calls
from translate.stack import translated

ALL = pytest.mark.parametrize("page", pages(), ids=str)
_PATH = re.compile(r"[\w.-]+(/[\w.-]+)*/?")
_ENDINGS = {".py", ".md", ".json", ".yaml", ".toml", ".lock", ".html", ".txt", ".js", ".css"}


def a_page(text: str) -> Page:
    return Page("a page", text)


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))


def unknown_targets(page: Page) -> list[str]:
    return sorted({call.target for call in make_calls(page)} - targets())


@ALL
def test_every_target_of_make_exists(page: Page) -> None:
    assert unknown_targets(page) == []


def test_a_target_that_does_not_exist_is_found() -> None:
    assert unknown_targets(a_page("`make tea`\n\n```sh\nmake test tea\nmake coffee\n```\n")) == [
        "coffee",
        "tea",
    ]


def event_files(page: Page) -> list[str]:
    return [value for call in make_calls(page) for name, value in call.variables if name == "EVENT"]


@ALL
def test_every_event_file_given_to_make_exists(page: Page) -> None:
    assert [name for name in event_files(page) if not (ROOT / name).is_file()] == []


def cli_faults(page: Page) -> list[str]:
    return [
        f"aws {' '.join(command)}: {fault}"
        for command in aws_commands(page)
        for fault in faults_of(command)
    ]


@ALL
def test_every_command_of_the_aws_cli_is_one(page: Page) -> None:
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
def test_a_command_that_is_none_is_found(command: str, fault: str) -> None:
    assert fault in " ".join(cli_faults(a_page(f"```sh\n{command}\n```\n")))


def outputs(page: Page) -> set[str]:
    return {
        name for block in page.blocks for name in re.findall(r"\$\(output (\w+)\)", block.text)
    } | {name for span in page.spans for name in re.findall(r"\$\(output (\w+)\)", span)}


@ALL
def test_every_output_of_the_stack_that_is_asked_for_exists(page: Page) -> None:
    assert outputs(page) <= set(translated()["Outputs"])


def missing_paths(page: Page) -> list[str]:
    return [path for path in named_paths(page) if not is_there(path, page.folder)]


def named_paths(page: Page) -> Iterator[str]:
    """Find what reads like the path of a file or folder of this repository."""
    zones = available_timezones()
    yield from re.findall(r"\bdocs/[\w-]+\.md\b", page.text)
    for span in page.spans:
        looks_like_one = "/" in span or Path(span).suffix in _ENDINGS
        if _PATH.fullmatch(span) and looks_like_one and span not in zones:
            yield span


def is_there(path: str, folder: Path) -> bool:
    """Tell whether a path can be found from where its page speaks, or is made on demand."""
    made = [line for line in (ROOT / ".gitignore").read_text().splitlines() if line.endswith("/")]
    if path.startswith(tuple(made)):
        return True
    rooms = (
        ROOT,
        folder,
        ROOT / "src/snapshotter",
        ROOT / "local",
        ROOT / "tests",
        ROOT / "events",
    )
    return any((room / path).exists() for room in rooms)


@ALL
def test_every_path_exists(page: Page) -> None:
    assert missing_paths(page) == []


def test_a_path_that_does_not_exist_is_found() -> None:
    page = a_page("`src/gone.py`, `nothing.md`, `template.yaml`, `build/x.html`, `Europe/Berlin`")

    assert missing_paths(page) == ["src/gone.py", "nothing.md"]


def broken_links(page: Page) -> list[str]:
    return [link for link in page.links if not leads_somewhere(link, page)]


def leads_somewhere(link: str, page: Page) -> bool:
    """Tell whether a link within the repository resolves; others are not looked at."""
    if "://" in link:
        return True
    path, _, anchor = link.partition("#")
    target = (page.folder / path).resolve() if path else None
    if target is not None and not target.exists():
        return False
    if not anchor:
        return True
    there = Page(path, target.read_text(), target.parent) if target else page
    return anchor in there.anchors


@ALL
def test_every_link_resolves(page: Page) -> None:
    assert broken_links(page) == []


def test_a_link_that_leads_nowhere_is_found() -> None:
    page = a_page(
        "# A head\n\n[a](#a-head) [b](#b) [c](README.md) [d](gone.md) [e](README.md#gone)"
    )

    assert broken_links(page) == ["#b", "gone.md", "README.md#gone"]
