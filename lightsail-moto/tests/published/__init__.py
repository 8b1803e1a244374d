"""The answers that AWS publishes with its command line, against the backend.

The examples are read from the installed package awscli, and each command is run by that package
itself, in one process. A member that only the backend has is no difference: the examples are
from 2019, and the service has gained members since.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from botocore import xform_name

from conform.backend import isolated
from lightsail_moto import control, reset, serve
from lightsail_moto.models import implemented_operations
from tests.published.compare import differences
from tests.published.examples import REGION, Example, examples
from tests.published.fixtures import prepare

SCRIPT = Path(__file__).parent / "aws.py"
NOT_COMPARABLE = {"get-instances-1": "its Windows bundle has the sizes of 2019"}


class NoCommandLine(Exception):
    """The Python with awscli did not start; the message has why."""


class CommandLineEnded(Exception):
    """It started, and ended before the last answer; the message has why."""


def replay(python: Sequence[str]) -> Iterator[tuple[Example, list[str]]]:
    """Run every comparable example against the backend, and yield where the answers differ.

    python: the command of a Python that has awscli.

    Raises:
        NoCommandLine: it did not start.
    """
    commands = {xform_name(name).replace("_", "-") for name in implemented_operations()}
    with serve() as url, _running(python) as process:
        _answer(process, NoCommandLine)
        for example in examples(_answer(process)):
            if example.arguments[0] in commands and example.name not in NOT_COMPARABLE:
                reset()
                control().page_size = 100
                found = _run(process, url, prepare(example, control()))
                yield example, list(differences(example.answer, found))


def _run(process: subprocess.Popen[str], url: str, arguments: Sequence[str]) -> Any:
    region = () if "--region" in arguments else ("--region", REGION)
    command = ["lightsail", *arguments, *region, "--endpoint-url", url]
    assert process.stdin is not None
    process.stdin.write(json.dumps(command) + "\n")
    process.stdin.flush()
    return _answer(process)


def _answer(process: subprocess.Popen[str], otherwise: type[Exception] = CommandLineEnded) -> Any:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        _, errors = process.communicate()
        raise otherwise(errors.strip() or f"exit code {process.returncode}")
    return json.loads(line)


@contextmanager
def _running(python: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """The command line, with credentials that give no access to an account."""
    try:
        process = subprocess.Popen(  # noqa: S603
            [*python, str(SCRIPT)],
            env=isolated(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    except OSError as missing:
        raise NoCommandLine(str(missing)) from None
    try:
        yield process
    finally:
        process.communicate()
