"""Regions that refuse requests: throttled, denied, being set up."""

from __future__ import annotations

import time
from collections.abc import Collection
from threading import Lock

from lightsail_moto.exceptions import AccessDenied, RegionSetupInProgress, Throttled


class TokenBucket:
    """`rate` requests a second of real time, and `burst` at once."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at = time.monotonic()
        self._lock = Lock()

    def take(self) -> bool:
        with self._lock:
            now = time.monotonic()
            self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
            self._at = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True


class Limits:
    """What each Region of an account refuses."""

    def __init__(self) -> None:
        self._rate: tuple[float, float] | None = None
        self._buckets: dict[str, TokenBucket] = {}
        self._denied: dict[str, frozenset[str] | None] = {}
        self._in_setup: set[str] = set()

    def rate(self, requests_per_second: float | None, burst: float | None) -> None:
        self._buckets.clear()
        self._rate = None
        if requests_per_second is not None:
            self._rate = (requests_per_second, burst or max(1.0, requests_per_second))

    def deny(self, region: str, operations: Collection[str] | None) -> None:
        self._denied[region] = None if operations is None else frozenset(operations)

    def set_up(self, region: str) -> None:
        self._in_setup.add(region)

    def allow(self, region: str) -> None:
        self._denied.pop(region, None)
        self._in_setup.discard(region)

    def check(self, operation: str, region: str) -> None:
        """Raise the error of this Region for this operation, if it refuses it."""
        if self._rate and not self._bucket(region, self._rate).take():
            raise Throttled
        if region in self._in_setup:
            raise RegionSetupInProgress(region)
        if region in self._denied:
            denied = self._denied[region]
            if denied is None or operation in denied:
                raise AccessDenied(
                    f"The caller is not authorized to perform: lightsail:{operation}"
                )

    def _bucket(self, region: str, rate: tuple[float, float]) -> TokenBucket:
        return self._buckets.setdefault(region, TokenBucket(*rate))
