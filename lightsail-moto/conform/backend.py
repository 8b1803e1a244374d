"""The backend of this repository as an account to check."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any
from unittest.mock import patch

import boto3
from botocore.config import Config

from conform.run import Account, Client
from lightsail_moto import control, serve

REGION, COPY_REGION = "us-east-1", "us-west-2"


def isolated() -> dict[str, str]:
    """This process's environment, with the profile, keys and endpoints of AWS replaced."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@cache
def _session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing")  # noqa: S106


@cache
def _client(url: str | None, region: str, attempts: int) -> Client:
    config = Config(retries={"total_max_attempts": attempts, "mode": "standard"})
    made: Any = _session().client("lightsail", region_name=region, endpoint_url=url, config=config)
    return made


def emulated(url: str | None = None, *, region: str = REGION) -> Account:
    """An account of the backend: at a URL, or in-process inside moto's mock.

    Its clock is moved on where a live account would make us wait.
    """

    def wait(seconds: float) -> None:
        control().clock.advance(seconds=seconds)

    return Account(
        client=partial(_client, url),
        wait=wait,
        region=region,
        copy_region=COPY_REGION if region != COPY_REGION else REGION,
    )


@contextmanager
def served() -> Iterator[Account]:
    """An empty account, over HTTP, whatever account the environment is for."""
    with patch.dict(os.environ, isolated(), clear=True), serve() as url:
        yield emulated(url)
