"""The backend over HTTP, for many threads and for other processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config

from lightsail_moto import Control, control, serve
from lightsail_moto.__main__ import _parser

from .support import REGION, MakeClient, both, refused


@both
def test_one_of_many_threads_that_create_the_same_name_succeeds(
    make_client: MakeClient, controls: Control
) -> None:
    client = make_client()
    controls.seed.add_disk("data")

    def create(_: int) -> str:
        try:
            client.create_disk_snapshot(diskName="data", diskSnapshotName="data-1")
        except client.exceptions.InvalidInputException:
            return "taken"
        return "made"

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(create, range(24)))

    assert sorted(outcomes) == ["made"] + ["taken"] * 23
    assert sorted(call.number for call in controls.calls) == list(range(1, 25))


def test_a_server_forgets_everything_on_motos_reset_and_at_its_end() -> None:
    with serve() as url:
        for again in (True, False):
            control().seed.add_disk("data")
            client = boto3.client("lightsail", REGION, endpoint_url=url)
            assert len(client.get_disks()["disks"]) == 1
            if again:
                answer = requests.post(f"{url}/moto-api/reset", timeout=5)
                assert (answer.json(), control().world()) == ({"status": "ok"}, {})

    assert control().world() == {}


def test_the_command_line_has_the_documented_defaults() -> None:
    assert vars(_parser().parse_args([])) == {
        "port": 5000,
        "page_size": 2,
        "latency_ms": 0,
        "rate": None,
        "snapshot_seconds": 300,
    }


def test_another_process_serves_with_the_settings_of_its_command_line() -> None:
    port = _free_port()
    options = ["--port", str(port), "--page-size", "3", "--rate", "1000", "--latency-ms", "1"]
    server = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "lightsail_moto", *options, "--snapshot-seconds", "0"],
        env=os.environ | {"PYTHONPATH": ":".join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(port)
        client: Any = boto3.client(
            "lightsail",
            REGION,
            endpoint_url=f"http://127.0.0.1:{port}",
            config=Config(retries={"total_max_attempts": 1}),
        )
        for number in range(4):
            client.create_disk(diskName=f"data-{number}", availabilityZone="us-east-1a", sizeInGb=8)
        client.create_disk_snapshot(diskName="data-0", diskSnapshotName="s0")

        assert len(client.get_disks()["disks"]) == 3
        snapshot = client.get_disk_snapshot(diskSnapshotName="s0")["diskSnapshot"]
        assert snapshot["state"] == "completed"
        assert refused(client.get_buckets)[0] == "NotImplemented"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the server did not start")
