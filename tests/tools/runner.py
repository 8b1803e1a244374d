"""Run a script in the environment of a tool, as the Makefile runs the tool."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest

from translate import TEMPLATE

ROOT = TEMPLATE.parent


def run_in(tool: str, script: str, given: object) -> Any:
    """Give a script of this folder a value as JSON, and return the value that it prints.

    tool: a variable of the Makefile, SAM_PYTHON or AWSCLI. The test is skipped if the tool is not
    in uv's cache: `make tools` downloads it.
    """
    if _run(tool, "-c ''", "").returncode:
        pytest.skip(f"{tool} is not in uv's cache: make tools")
    done = _run(tool, f"tests/tools/{script}", json.dumps(given))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def _run(tool: str, arguments: str, given: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name[:4] not in ("MAKE", "AWS_")}
    recipe = f"run-tool: ; @$(call {tool},--offline) {arguments}"
    return subprocess.run(  # noqa: S603
        ["make", "--eval", recipe, "run-tool"],  # noqa: S607
        input=given,
        cwd=ROOT,
        env=kept | {"SAM_CLI_TELEMETRY": "0", "AWS_EC2_METADATA_DISABLED": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
