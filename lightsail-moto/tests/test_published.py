"""The backend answers what AWS publishes with its command line, run by that command line."""

from __future__ import annotations

import os
import shlex
import sys

import pytest

from tests.published import CommandLineEnded, NoCommandLine, replay
from tests.published.compare import differences
from tests.published.examples import Example, examples

COMPARABLE = 54
PAGE = """**To get a disk**

The following ``get-disk`` example displays a disk. ::

    aws lightsail get-disk \\
        --disk-name Disk-1 {"a","b"} \\
        --flag

Output::

    {
        "disk": {"name": "Disk-1"}
    }

For more information, see the guide.

**Example 2: To get another disk** ::

    aws lightsail get-disk --disk-name Disk-2

Output::

    {
        "disks": [
            ...
        ]
    }
"""


def test_every_published_answer_is_the_backends() -> None:
    """AWSCLI is the command of a Python that has awscli; the Makefile sets it."""
    if not os.environ.get("AWSCLI"):
        pytest.skip("AWSCLI is not set: run make backend")
    try:
        found = [
            (example.name, diff) for example, diff in replay(shlex.split(os.environ["AWSCLI"]))
        ]
    except NoCommandLine as why:
        reason = str(why).splitlines()[0].strip()
        pytest.skip(f"awscli is not installed here; CI=1 make backend installs it, once: {reason}")

    assert [(name, diff) for name, diff in found if diff] == []
    assert len(found) == COMPARABLE


def test_a_command_and_its_answer_are_read_from_a_page() -> None:
    """An answer that is cut short is left out."""
    assert list(examples({"get-disk": PAGE})) == [
        Example(
            "get-disk-1",
            ("get-disk", "--disk-name", "Disk-1", "a", "b", "--flag"),
            {"disk": {"name": "Disk-1"}},
        )
    ]


def test_members_that_are_missing_or_other_are_differences_and_new_ones_are_none() -> None:
    recorded = {"id": "1", "state": "available", "tags": [], "size": {"gb": 8}}
    found = {"id": "2", "state": "error", "size": {"gb": 9}, "addOns": []}

    assert list(differences(recorded, found)) == [
        "size.gb was 8, is 9",
        "state was 'available', is 'error'",
        "tags is missing: []",
    ]


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (["/no/such/python"], NoCommandLine),
        ([sys.executable, "-c", "import no_such"], NoCommandLine),
        ([sys.executable], CommandLineEnded),
    ],
)
def test_only_a_command_line_that_does_not_start_is_skipped(
    command: list[str], error: type[Exception]
) -> None:
    with pytest.raises(error, match=r"no.such|No module named 'awscli'"):
        list(replay(command))
