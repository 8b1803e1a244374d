"""The Lightsail backend in another process, so that its CPU time is not the function's.

`python -m bench.backend '{"instances": 200, …}'` prints its URL, then for every line of input the
requests since the last one and how many of them were throttled, and ends with its input.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from invoke.isolation import isolated
from lightsail_moto import Control, control, serve
from snapshotter.model.kinds import INSTANCE
from snapshotter.model.names import snapshot_name
from snapshotter.model.tags import ownership

HOME, POLICY = "us-east-1", "bench"
_TAGS: dict[str, str | None] = {"snapshot": None, "team": "web", "stage": "production"}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Protected instances, each with a snapshot of every past night, and how Lightsail responds.

    rate: requests a second, with a burst of one second; None is no limit.
    page_size: items a page; Lightsail's is not published.
    """

    instances: int
    nights: int = 0
    latency_ms: float = 0
    rate: float | None = None
    page_size: int = 100


class Backend:
    """A running backend."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._url = self._read_line()

    def count(self) -> tuple[int, int]:
        """The requests since the last call of this method, and how many were throttled."""
        assert self._process.stdin
        print("count", file=self._process.stdin, flush=True)
        requests, throttled = map(int, self._read_line().split())
        return requests, throttled

    def environment(self, **settings: str) -> dict[str, str]:
        """The function's environment variables, with this backend as Lightsail's endpoint."""
        return {
            **offline(),
            "AWS_ENDPOINT_URL_LIGHTSAIL": self._url,
            "AWS_REGION": HOME,
            "POLICY_NAME": POLICY,
            "RETENTION": "daily=7 weekly=4",
            **settings,
        }

    def _read_line(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline().strip()
        if not line:
            raise RuntimeError("the backend has ended; its error is above")
        return line


@contextmanager
def backend(world: World) -> Iterator[Backend]:
    """Start a backend with these resources; stop it at the end."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "bench.backend", json.dumps(asdict(world))],
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
    # The template sets the latter, too.
    ours = {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYDANTIC_DISABLE_PLUGINS": "__all__",
    }
    return kept | ours


def seed(account: Control, world: World, now: datetime) -> None:
    """Add the resources without requests; the newest snapshot is a day old."""
    for rank in range(world.instances):
        name = f"server-{rank:04d}"
        first = now - timedelta(days=world.nights + 1)
        source = account.seed.add_instance(name, HOME, tags=_TAGS, created_at=first)
        for night in range(1, world.nights + 1):
            at = now - timedelta(days=night)
            account.seed.add_snapshot(
                snapshot_name(INSTANCE, name, source.arn, at),
                source,
                created_at=at,
                tags={**_TAGS, **ownership(POLICY, source.arn, at)},
            )


def main() -> None:
    """Serve until standard input ends."""
    world = World(**json.loads(sys.argv[1]))
    with serve() as url:
        account = control()
        account.latency_s = world.latency_ms / 1000
        account.page_size = world.page_size
        seed(account, world, datetime.now(UTC).replace(microsecond=0))
        account.rate_limit(world.rate)
        print(url, flush=True)
        seen = 0
        for _ in sys.stdin:
            calls = account.calls[seen:]
            seen += len(calls)
            throttled = sum(call.outcome == "ThrottlingException" for call in calls)
            print(len(calls), throttled, flush=True)


if __name__ == "__main__":
    main()
