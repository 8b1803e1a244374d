"""A Lightsail in a process of its own, so that its work is not counted as the function's."""

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

HOME = "us-east-1"


class Backend:
    """A backend that runs. `url` is where it answers."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.url = self._answer()

    def count(self) -> Count:
        """What it was asked since this was last asked."""
        print("count", file=_open(self._process.stdin), flush=True)
        return Count(**json.loads(self._answer()))

    def environment(self, **settings: str) -> dict[str, str]:
        """The function's environment, in which Lightsail is this backend and nothing else is."""
        return {
            **sealed(),
            "AWS_ENDPOINT_URL_LIGHTSAIL": self.url,
            "AWS_REGION": HOME,
            "POLICY_NAME": POLICY,
            "RETENTION": "daily=7 weekly=4",
            **settings,
        }

    def _answer(self) -> str:
        line = _open(self._process.stdout).readline().strip()
        if not line:
            raise RuntimeError("the backend did not answer; what it said is above")
        return line


@contextmanager
def backend(world: World) -> Iterator[Backend]:
    """Start a backend that holds a world, and end it."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "bench.server", json.dumps(asdict(world))],
        env=sealed(),
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
    """Run this interpreter and read the JSON that it prints last."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, *arguments], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def sealed() -> dict[str, str]:
    """This environment, without any account of its owner's, and with byte code."""
    foreign = ("AWS_", "POWERTOOLS_", "PYTHONDONTWRITEBYTECODE")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_DEFAULT_REGION": HOME,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _open(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
