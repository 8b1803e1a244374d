"""What holds for every test."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.soak import SOAK

settings.register_profile("short", max_examples=20, deadline=None, derandomize=True)
settings.register_profile("long", max_examples=1000, deadline=None)
settings.load_profile("long" if SOAK else "short")


@pytest.fixture(scope="session", autouse=True)
def _clients_are_kept() -> Iterator[None]:
    """Runs of the function in this process share their clients, one after the other."""
    # The process that distributes the tests does not need it.
    from tests.support.session import session

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("snapshotter.handler.new_session", session)
        yield


def pytest_collection_finish() -> None:
    """Leave what was imported out of garbage collection, which would take a quarter of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
