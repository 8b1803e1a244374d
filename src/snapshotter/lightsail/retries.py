"""Every attempt of every call: paced, tried again in an outage, and stopped at the deadline.

botocore's own retries are off. Their quota, one for each client, is used up by about 35 retries,
so an outage of a few seconds would cost most calls of a run. Source of the event names and their
arguments: botocore's adaptive retry mode, which uses the same events.

Lightsail has no idempotency token, so a retry after a lost response is refused because the name is
taken; `apply` resolves that.
"""

from enum import Enum
from threading import local
from typing import Any, Final

from botocore.exceptions import HTTPClientError

from snapshotter.lightsail.deadline import Deadline
from snapshotter.lightsail.pacing import Pacer

READ_PATIENCE_S = 120.0
WRITE_PATIENCE_S = 300.0
"""How long a call that fails is tried again, from the start of its first attempt."""

LONGEST_PAUSE_S = 20.0
FIRST_PAUSE_S = 0.5
"""After a throttled attempt it is always this: the pacer delays the next one as needed."""

_EVENTS: Final = ("before-send.{}", "needs-retry.{}", "after-call-error.{}")

_THROTTLED = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
}
_DOWN = {
    "ServiceException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "InternalFailure",
    "InternalServerError",
    "RequestTimeout",
    "RequestTimeoutException",
}
"""These come with a status of 500 or more; the codes count whatever the status."""


class Failure(Enum):
    """Why an attempt is repeated."""

    THROTTLED = "throttled"
    OUTAGE = "outage"


def attempt_events(service: str) -> tuple[str, ...]:
    """The events at which an attempt begins and ends; also the ids of our handlers for them."""
    return tuple(each.format(service) for each in _EVENTS)


class Attempts:
    """Applies the pace, the deadline and the retries to every attempt of one client's calls.

    A throttled write is repeated as long as the function has time. Everything else ends after the
    call's patience: a list that only adds details must not use up the time of the writes.
    """

    def __init__(self, deadline: Deadline, pacer: Pacer) -> None:
        self._deadline = deadline
        self._pacer = pacer
        self._thread = local()

    def hook_into(self, events: Any, service: str) -> None:
        # Before botocore's own handlers, and moto's: the first answer counts.
        handlers = (self._begin, self._end, self._abandon)
        for event, handler in zip(attempt_events(service), handlers, strict=True):
            events.register_first(event, handler, unique_id=event)

    def _begin(self, event_name: str, **_: Any) -> None:
        reading = _is_read(event_name)
        self._deadline.check(reading=reading)
        self._thread.began_s = self._pacer.monotonic()
        self._pacer.begin()
        self._thread.in_flight = True
        self._deadline.check(reading=reading)

    def _end(
        self,
        event_name: str,
        attempts: int = 1,
        response: Any = None,
        caught_exception: BaseException | None = None,
        **_: Any,
    ) -> float | None:
        """Return the pause before the next attempt; None for no other.

        Called after each attempt, also after one that `_begin` stopped. Raises OutOfTime if the
        next attempt could not start in time.
        """
        failure = classify(response, caught_exception)
        if not self._release(failure) or failure is None:
            return None
        reading = _is_read(event_name)
        patience = READ_PATIENCE_S if reading else WRITE_PATIENCE_S
        # The pauses are added up, so that this ends also where a clock stands still.
        failing_s: float = 0.0 if attempts == 1 else self._thread.failing_s
        if reading or failure is Failure.OUTAGE:
            failing_s += self._pacer.monotonic() - self._thread.began_s
        if failing_s >= patience:
            return None
        pause = FIRST_PAUSE_S
        if failure is Failure.OUTAGE:
            # Each pause is as long as the call has failed so far.
            pause = min(max(failing_s, pause), LONGEST_PAUSE_S, patience - failing_s)
        self._thread.failing_s = failing_s + pause
        self._deadline.check(reading=reading, after=pause)
        return pause

    def _abandon(self, **_: Any) -> None:
        """An error has left botocore before the attempt ended: an answer that it cannot parse."""
        self._release(None)

    def _release(self, failure: Failure | None) -> bool:
        """Tell the pacer that the attempt is over; return whether there was one."""
        in_flight: bool = getattr(self._thread, "in_flight", False)
        if in_flight:
            self._thread.in_flight = False
            self._pacer.end(throttled=failure is Failure.THROTTLED)
        return in_flight


def classify(response: Any, error: BaseException | None) -> Failure | None:
    """Why an attempt failed in a way that another one may not; None for every other result.

    response: the HTTP response and its parsed body; None if there is none. error: the exception of
    an attempt without a response.
    """
    if response is None:
        return Failure.OUTAGE if isinstance(error, HTTPClientError) else None
    status = response[0].status_code
    code = response[1].get("Error", {}).get("Code", "")
    if code in _THROTTLED or status == 429:
        return Failure.THROTTLED
    return Failure.OUTAGE if code in _DOWN or status >= 500 else None


def _is_read(event_name: str) -> bool:
    """Return whether the operation is a read. It is the last part of an event's name."""
    return event_name.rpartition(".")[2].startswith("Get")
