"""What holds for every test."""

from __future__ import annotations

import gc

from hypothesis import settings

from tests.support.soak import SOAK

settings.register_profile("short", max_examples=25, deadline=None)
settings.register_profile("long", max_examples=1000, deadline=None)
settings.load_profile("long" if SOAK else "short")


def pytest_collection_finish() -> None:
    """Leave what was imported out of garbage collection, which takes a quarter of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
