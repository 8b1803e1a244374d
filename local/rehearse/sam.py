"""SAM's own commands, against a rehearsal's servers."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

from rehearse.told import Broken
from translate import TEMPLATE

STACK = "rehearsal"
FUNCTION = "SnapshotFunction"


def machine() -> str:
    """Name this machine as uv does, for packages that can run in the emulator's own process."""
    kind = {"arm64": "aarch64", "AMD64": "x86_64"}.get(platform.machine(), platform.machine())
    return f"{kind}-apple-darwin" if sys.platform == "darwin" else f"{kind}-manylinux_2_28"


@dataclass(frozen=True)
class Sam:
    """The command line of SAM, the variables that it runs with, and a folder for what it builds."""

    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path

    def build(self) -> None:
        """Build for this machine and this Python, since the function runs in neither Lambda."""
        here = {
            "PLATFORM": machine(),
            "PYTHON_VERSION": f"{sys.version_info.major}.{sys.version_info.minor}",
        }
        self._run("build", "--no-cached", "--build-dir", str(self._built.parent), **here)

    def leave_out(self, kinds: Collection[str]) -> list[str]:
        """Take resources of these types out of what was built; returns their logical ids."""
        template = yaml_parse(self._built.read_text())
        resources = template["Resources"]
        gone = [name for name, each in resources.items() if each["Type"] in kinds]
        for name in gone:
            del resources[name]
        self._built.write_text(json.dumps(template))
        return gone

    def deploy(self, parameters: Mapping[str, str]) -> str:
        """Deploy what was built; returns what SAM says."""
        given = [f"{name}={value}" for name, value in parameters.items()]
        return self._run(
            *["deploy", "--template-file", str(self._built)],
            *["--config-file", str(TEMPLATE.parent / "samconfig.toml")],
            *["--stack-name", STACK, "--no-confirm-changeset", "--parameter-overrides", *given],
        )

    def invoke(self, event: str) -> dict[str, Any]:
        """Invoke the function with an event; returns its answer.

        Raises:
            Broken: the function raised.
        """
        answer = self._run("remote", "invoke", FUNCTION, "--stack-name", STACK, "--event", event)
        read: dict[str, Any] = json.loads(answer)
        return read

    def delete(self) -> str:
        return self._run("delete", "--stack-name", STACK, "--no-prompts")

    @property
    def _built(self) -> Path:
        return self.folder / "build" / "template.yaml"

    def _run(self, *arguments: str, **variables: str) -> str:
        done = subprocess.run(  # noqa: S603
            [*self.command, *arguments],
            cwd=TEMPLATE.parent,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        (self.folder / f"sam-{arguments[0]}.log").write_text(done.stdout + done.stderr)
        if done.returncode:
            said = (done.stdout + done.stderr).strip()[-600:]
            raise Broken(f"sam {' '.join(arguments[:3])} ended with {done.returncode}: {said}")
        return done.stdout
