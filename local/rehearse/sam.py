"""SAM's commands, run against the servers of a rehearsal."""

import json
import platform
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

from translate import TEMPLATE

STACK = "rehearsal"
FUNCTION = "SnapshotFunction"


class SamError(Exception):
    """A command of SAM failed; the message contains the end of its output."""


def machine() -> str:
    """Name this machine's platform as uv does: the emulator runs the function here."""
    kind = {"arm64": "aarch64", "AMD64": "x86_64"}.get(platform.machine(), platform.machine())
    return f"{kind}-apple-darwin" if sys.platform == "darwin" else f"{kind}-manylinux_2_28"


@dataclass(frozen=True)
class Sam:
    """The command line of SAM, its environment, and a folder for what it builds.

    Every method raises SamError where the command fails.
    """

    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path

    def build(self) -> None:
        """Build for this machine and this Python."""
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        arguments = ("build", "--no-cached", "--build-dir", str(self._built.parent))
        self._run(*arguments, PLATFORM=machine(), LAMBDA_PYTHON=version)

    def leave_out(self, types: Collection[str]) -> list[str]:
        """Remove the resources of these types from the built template; returns their ids."""
        template = yaml_parse(self._built.read_text())
        resources = template["Resources"]
        removed = [name for name, each in resources.items() if each["Type"] in types]
        for name in removed:
            del resources[name]
        self._built.write_text(json.dumps(template))
        return removed

    def deploy(self, parameters: Mapping[str, str]) -> None:
        """Deploy what was built."""
        overrides = [f"{name}={value}" for name, value in parameters.items()]
        self._run(
            *["deploy", "--template-file", str(self._built)],
            *["--config-file", str(TEMPLATE.parent / "samconfig.toml")],
            *["--stack-name", STACK, "--no-confirm-changeset", "--parameter-overrides", *overrides],
        )

    def invoke(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Invoke the function; returns its answer."""
        given = ["--event", json.dumps(event)]
        output = self._run("remote", "invoke", FUNCTION, "--stack-name", STACK, *given)
        answer: dict[str, Any] = json.loads(output)
        return answer

    def delete(self) -> None:
        self._run("delete", "--stack-name", STACK, "--no-prompts")

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
        if done.returncode:
            output = (done.stdout + done.stderr).strip()[-600:]
            command = f"sam {' '.join(arguments[:3])}"
            raise SamError(f"{command} ended with status {done.returncode}: {output}")
        return done.stdout
