"""Time that nobody has to sit through: whoever sleeps or waits moves it on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Condition, Lock
from time import sleep as really_sleep

import pytest

from snapshotter.lightsail.pacing import Pacer

_BREATH_S = 0.0002


class VirtualTime:
    """Seconds that pass when a thread sleeps, or when a call is said to have cost some.

    Sleeps of several threads add up instead of running side by side: never less time passes
    than would in reality.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._now_s = 0.0

    def now_s(self) -> float:
        with self._lock:
            return self._now_s

    def pass_s(self, seconds: float) -> float:
        """Let time pass; returns the new reading."""
        with self._lock:
            self._now_s += max(0.0, seconds)
            return self._now_s

    def sleep(self, seconds: float) -> None:
        self.pass_s(seconds)
        really_sleep(_BREATH_S)


@contextmanager
def virtual_time(*, patience_s: float = 0.05) -> Iterator[VirtualTime]:
    """Let the function's own waits, and botocore's between two attempts, be virtual.

    patience_s: real seconds after which a wait for another thread counts as a wait for time.
    """
    time = VirtualTime()

    class Patient(Condition):
        def wait(self, timeout: float | None = None) -> bool:
            if super().wait(patience_s):
                return True
            time.pass_s(timeout or 0)
            return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.sleep", time.sleep)
        patch.setattr("snapshotter.lightsail.pacing.Condition", Patient)
        patch.setattr("snapshotter.lightsail.clients.Pacer", partial(Pacer, monotonic=time.now_s))
        yield time
