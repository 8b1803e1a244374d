"""The targets of the Makefile that need more than the environment."""

import os
import subprocess
from pathlib import Path

import pytest

from translate import TEMPLATE

ROOT = TEMPLATE.parent


def uv_of_make(path: Path) -> str:
    """Return the uv that make uses with this folder first on PATH."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "--eval", "print-uv: ; @echo $(UV)", "print-uv"]
    done = subprocess.run(  # noqa: S603
        command,
        cwd=ROOT,
        env={**environment, "PATH": f"{path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(("exit_code", "used"), [(0, True), (2, False), (127, False)])
def test_make_uses_a_uv_on_path_only_if_it_runs(tmp_path: Path, exit_code: int, used: bool) -> None:
    uv = tmp_path / "uv"
    uv.write_text(f"#!/bin/sh\necho 'pyenv: uv: command not found' >&2\nexit {exit_code}\n")
    uv.chmod(0o755)

    assert uv_of_make(tmp_path) == str(uv if used else ROOT / ".uv" / "bin" / "uv")
