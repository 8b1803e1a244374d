"""The rate of requests, beyond which a Region throttles."""

from __future__ import annotations

import time
from threading import Lock

from lightsail_moto.exceptions import Throttled


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
    """The rate of requests that each Region of an account takes."""

    def __init__(self) -> None:
        self._rate: tuple[float, float] | None = None
        self._buckets: dict[str, TokenBucket] = {}

    def rate(self, requests_per_second: float | None, burst: float | None) -> None:
        self._buckets.clear()
        self._rate = None
        if requests_per_second is not None:
            self._rate = (requests_per_second, burst or max(1.0, requests_per_second))

    def check(self, region: str) -> None:
        """Throttled, if this request is beyond the rate."""
        if self._rate and not self._bucket(region, self._rate).take():
            raise Throttled

    def _bucket(self, region: str, rate: tuple[float, float]) -> TokenBucket:
        return self._buckets.setdefault(region, TokenBucket(*rate))
