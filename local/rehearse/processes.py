"""The servers of a rehearsal, which end with it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

ACCOUNT = "123456789012"
REGION = "us-east-1"
SNAPSHOT_SECONDS = 3
PATIENCE_S = 60


@dataclass(frozen=True)
class Servers:
    """Where the emulator and Lightsail's stand-in answer."""

    aws: str
    lightsail: str

    def environment(self) -> dict[str, str]:
        """Return variables for tools of AWS that are to see these and no real account."""
        return sealed() | {
            "AWS_ENDPOINT_URL": self.aws,
            "AWS_ENDPOINT_URL_LIGHTSAIL": self.lightsail,
        }


def sealed() -> dict[str, str]:
    """Return this process's variables without any way to a real account.

    ministack takes an access key of 12 digits for the account's number.
    """
    outside = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return outside | {
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "rehearsal",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


@contextmanager
def serving(emulator: Sequence[str], folder: Path) -> Iterator[Servers]:
    """Run both servers, their output and scratch files in a folder, until the caller is done."""
    servers = Servers(_free_url(), _free_url())
    lightsail_command = [
        *[sys.executable, "-m", "lightsail_moto", "--port", _port(servers.lightsail)],
        *["--snapshot-seconds", str(SNAPSHOT_SECONDS)],
    ]
    # The function runs in a process of the emulator's, with the emulator's variables.
    aws_environment = sealed() | {
        "AWS_ENDPOINT_URL_LIGHTSAIL": servers.lightsail,
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": _port(servers.aws),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LAMBDA_EXECUTOR": "local",
        "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.2",
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "TMPDIR": str(folder),
    }
    with (
        running(lightsail_command, sealed(), folder / "lightsail.log") as lightsail,
        running(emulator, aws_environment, folder / "ministack.log") as aws,
    ):
        _await(servers.lightsail, lightsail, folder / "lightsail.log")
        _await(f"{servers.aws}/_ministack/health", aws, folder / "ministack.log")
        yield servers


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command until the caller is done; then it ends, and all that it started."""
    with log.open("wb") as output:
        # A session of its own, so that what uv starts ends with it.
        process = subprocess.Popen(  # noqa: S603
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started."""
    for signal in (15, 9):
        try:
            os.killpg(process.pid, signal)
            process.wait(timeout=10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server answers anything at all.

    Raises:
        RuntimeError: it ended, or did not answer in time.
    """
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - http, and our own
            return
        except URLError as error:
            if hasattr(error, "code"):
                return
            time.sleep(0.2)
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{url} does not answer: {log.read_text(errors='replace')[-2000:]}")


def _free_url() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def _port(url: str) -> str:
    return url.rpartition(":")[2]
