"""A Lightsail inside this process. Nothing in it can reach an account."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from types import SimpleNamespace
from unittest.mock import patch

from moto import mock_aws

import snapshotter.handler
from lightsail_moto import Control, control, register
from snapshotter.lightsail.deadline import Deadline

_FOREIGN = ("AWS_", "POWERTOOLS_")
_SEALED = {
    "AWS_ACCESS_KEY_ID": "embedded",
    "AWS_SECRET_ACCESS_KEY": "embedded",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextmanager
def embedded(now: datetime) -> Iterator[Control]:
    """Open an empty account at a moment. Its clock stands still until somebody moves it.

    The caller's profile, credentials and endpoints are out of sight for as long as it is open.
    """
    register()
    outside = [name for name in os.environ if name.startswith(_FOREIGN)]
    with patch.dict(os.environ, _SEALED), mock_aws():
        for name in set(outside) - set(_SEALED):
            del os.environ[name]
        account = control()
        account.clock.set(now)
        # Each list is one page: what paging can do wrong is for the tests to show.
        account.page_size = 1_000
        account.snapshot_seconds = 75
        with _virtual_time(account):
            yield account


@contextmanager
def _virtual_time(account: Control) -> Iterator[None]:
    """Let the account's clock be the function's too.

    The function asks the time once, to refuse an event from the future, and waits in one place.
    """

    def now(_: tzinfo) -> datetime:
        return account.clock.now()

    def sleep(_: Deadline, seconds: float) -> None:
        account.clock.advance(seconds=seconds)

    with (
        patch.object(snapshotter.handler, "datetime", SimpleNamespace(now=now)),
        patch.object(Deadline, "sleep", sleep),
    ):
        yield
