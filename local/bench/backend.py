"""The Lightsail backend in another process, so that its CPU time is not the function's."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import IO, Any

from bench.fleet import POLICY
from bench.server import Count, World
from invoke.isolation import isolated

HOME = "us-east-1"


class Backend:
    """A running backend; `url` is its endpoint."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.url = self._read_line()

    def count(self) -> Count:
        """The requests since the last call of this method."""
        print("count", file=_open(self._process.stdin), flush=True)
        return Count(**json.loads(self._read_line()))

    def environment(self, **settings: str) -> dict[str, str]:
        """The function's environment variables, with this backend as Lightsail's endpoint."""
        return {
            **offline(),
            "AWS_ENDPOINT_URL_LIGHTSAIL": self.url,
            "AWS_REGION": HOME,
            "POLICY_NAME": POLICY,
            "RETENTION": "daily=7 weekly=4",
            **settings,
        }

    def _read_line(self) -> str:
        line = _open(self._process.stdout).readline().strip()
        if not line:
            raise RuntimeError("the backend has ended; its error is above")
        return line


@contextmanager
def backend(world: World) -> Iterator[Backend]:
    """Start a backend with these resources; stop it at the end."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "bench.server", json.dumps(asdict(world))],
        env=offline(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Backend(process)
        finally:
            process.stdin.close() if process.stdin else None
            process.wait(30)


def child(*arguments: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """Run this interpreter and return the JSON of the last line that it prints."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, *arguments], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def offline() -> dict[str, str]:
    """This environment without an AWS account, and with byte code written."""
    kept = {k: v for k, v in isolated().items() if k != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _open(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
