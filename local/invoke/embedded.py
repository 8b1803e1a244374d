"""An emulated Lightsail account inside this process, in virtual time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from types import SimpleNamespace
from unittest.mock import patch

import boto3
from moto import mock_aws

import snapshotter.handler
from invoke.isolation import isolated
from invoke.keep_clients import keep_clients
from lightsail_moto import Control, control, register
from snapshotter.lightsail.clients import new_session
from snapshotter.lightsail.pacing import Deadline


@contextmanager
def embedded(now: datetime) -> Iterator[Control]:
    """Open an empty account. Its clock stands at `now` until it is set or advanced.

    While it is open, this process cannot reach a real account.
    """
    register()
    with patch.dict(os.environ, isolated(), clear=True), mock_aws():
        account = control()
        account.clock.set(now)
        # One page for each list: paging is covered by tests.
        account.page_size = 1_000
        account.snapshot_seconds = 75
        with _one_session(), _virtual_time(account):
            yield account


@contextmanager
def _one_session() -> Iterator[None]:
    """Share a session between all runs and `boto3.client`: each new one reads much from disk."""
    session = keep_clients(new_session())
    with (
        patch.object(boto3, "DEFAULT_SESSION", session),
        patch.object(snapshotter.handler, "new_session", lambda: session),
    ):
        yield


@contextmanager
def _virtual_time(account: Control) -> Iterator[None]:
    """Use the account's clock for the two places where the function reads the time or waits."""

    def now(_: tzinfo) -> datetime:
        return account.clock.now()

    def sleep(_: Deadline, seconds: float) -> None:
        account.clock.advance(seconds=seconds)

    with (
        patch.object(snapshotter.handler, "datetime", SimpleNamespace(now=now)),
        patch.object(Deadline, "sleep", sleep),
    ):
        yield
