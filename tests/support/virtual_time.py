"""Virtual time: a sleep or a wait advances it, and costs next to no real time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Condition, Lock
from time import sleep as real_sleep

import pytest

from snapshotter.lightsail.pacing import Pacer

_REAL_SLEEP_S = 0.0002


class VirtualTime:
    """A clock in seconds. Sleeps of several threads add up, so never too little time passes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._now_s = 0.0

    def now_s(self) -> float:
        with self._lock:
            return self._now_s

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._now_s += max(0.0, seconds)

    def sleep(self, seconds: float) -> None:
        self.advance(seconds)
        real_sleep(_REAL_SLEEP_S)


@contextmanager
def virtual_time(*, wait_s: float = 0.05) -> Iterator[VirtualTime]:
    """Make the waits of the function virtual, and those of botocore between two attempts.

    wait_s: real seconds to wait for another thread, before its timeout passes in virtual time.
    """
    time = VirtualTime()

    class VirtualCondition(Condition):
        def wait(self, timeout: float | None = None) -> bool:
            if super().wait(wait_s):
                return True
            time.advance(timeout or 0)
            return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.sleep", time.sleep)
        patch.setattr("snapshotter.lightsail.pacing.Condition", VirtualCondition)
        patch.setattr("snapshotter.lightsail.clients.Pacer", partial(Pacer, monotonic=time.now_s))
        yield time
