"""The two servers of a rehearsal. They are stopped when it ends."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from invoke.isolation import isolated
from lightsail_moto import control, serve

ACCOUNT = "123456789012"
REGION = "us-east-1"
TIMEOUT_S = 60


@dataclass(frozen=True)
class Servers:
    """The URLs of ministack and of the Lightsail backend."""

    aws: str
    lightsail: str

    def environment(self) -> dict[str, str]:
        """Return the variables with which AWS tools use these servers and no real account.

        ministack reads the account's number from the access key.
        """
        here = "127.0.0.1,localhost"
        return isolated(ACCOUNT) | {
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.aws,
            "AWS_ENDPOINT_URL_LIGHTSAIL": self.lightsail,
            "NO_PROXY": here,
            "no_proxy": here,
        }


@contextmanager
def serving(emulator: Sequence[str], folder: Path) -> Iterator[Servers]:
    """Run both servers: Lightsail in this process, ministack in another, its files in a folder."""
    with serve() as lightsail, socket.socket() as listener:
        control().snapshot_seconds = 3
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        listener.close()
        servers = Servers(f"http://127.0.0.1:{port}", lightsail)
        # The emulator runs the function in a child process, which inherits these.
        environment = servers.environment() | {
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LAMBDA_EXECUTOR": "local",
            "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.2",
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "MINISTACK_REGION": REGION,
            "TMPDIR": str(folder),
        }
        log = folder / "ministack.log"
        with running(emulator, environment, log) as process:
            health = f"{servers.aws}/_ministack/health"
            wait_for(lambda: process.poll() is not None or _responds(health))
            if not _responds(health):
                raise RuntimeError(f"ministack does not respond: {log.read_text()[-2000:]}")
            yield servers


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command; at the end stop it and every process that it started."""
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a process group, which is stopped as a whole
        )
        try:
            yield process
        finally:
            for number in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(process.pid, number)
                    process.wait(timeout=10)
                except (ProcessLookupError, subprocess.TimeoutExpired):
                    continue


def wait_for(condition: Callable[[], Any], *, timeout_s: float = TIMEOUT_S) -> Any:
    """Poll until the condition is true or the time is over; returns its last value."""
    end = time.monotonic() + timeout_s
    while not (value := condition()) and time.monotonic() < end:
        time.sleep(0.5)
    return value


def _responds(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - http, our own server
    except OSError:
        return False
    return True
