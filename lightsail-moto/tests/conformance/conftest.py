"""An empty account of the backend, in-process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conform.backend import emulated
from conform.run import Account
from lightsail_moto import Control, control, register, reset

register()


@pytest.fixture
def backend(_mocked: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Control]:
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL_LIGHTSAIL"):
        monkeypatch.delenv(name, raising=False)
    reset()
    lightsail = control()
    # One poll sees a snapshot pending, and the next one sees the end.
    lightsail.snapshot_seconds = lightsail.copy_seconds = lightsail.restore_seconds = 15
    yield lightsail
    reset()


@pytest.fixture
def account(backend: Control) -> Account:
    backend.page_size = 100
    return emulated()
