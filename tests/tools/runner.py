"""Run a script in the environment of a tool, as the Makefile runs the tool."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from translate import TEMPLATE

ROOT = TEMPLATE.parent


def run_in(tool: str, script: str, given: object) -> Any:
    """Give a script of this folder a value as JSON, and return the value that it prints.

    tool: a variable of the Makefile, SAM_PYTHON or AWSCLI. The test is skipped if the tool is not
    in uv's cache: `make tools` downloads it.
    """
    command = [*_python_of(tool), str(Path(__file__).with_name(script))]
    environment = {"SAM_CLI_TELEMETRY": "0", "AWS_EC2_METADATA_DISABLED": "true"}
    done = subprocess.run(  # noqa: S603
        command,
        input=json.dumps(given),
        cwd=ROOT,
        env={name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@cache
def _python_of(tool: str) -> list[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    show = ["make", "--eval", f"print-tool: ; @echo '$(call {tool},--offline)'", "print-tool"]
    shown = subprocess.run(  # noqa: S603
        show, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    command = shown.stdout.split()
    try:
        subprocess.run([*command, "-c", ""], cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(f"{tool} is not in uv's cache: make tools")
    return command
