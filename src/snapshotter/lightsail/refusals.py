"""What an error means: refused for now, already done, or failed.

Sources of the codes and messages: the error shapes of Lightsail's API reference, and messages of
the live service that its users report. Lightsail returns InvalidInputException for a name that is
taken, a wrong state and an invalid value alike, so its detailed code and its message must be read.
"""

from enum import Enum
from typing import Any

from botocore.exceptions import ClientError, HTTPClientError

from snapshotter.errors import OutOfTime
from snapshotter.model.outcome import ErrorInfo

ServiceError = ClientError
"""An error that the service returned."""

_MAY_BE_BUSY = {"InvalidInputException", "OperationFailureException", "InvalidDBInstanceState"}
_BUSY_PHRASES = (
    "try again",
    "before trying again",
    "automatic snapshot is being created",
    "not currently in the available state",
)
_PENDING_VERIFICATION = "account is pending verification"
"""AWS is still checking a new account. The code is not always the same."""

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

    THROTTLED, OUTAGE = "throttled", "outage"


def explain(error: BaseException) -> ErrorInfo:
    """Turn an error into a code and a message for people."""
    if not isinstance(error, ClientError):
        return ErrorInfo(type(error).__name__, str(error) or type(error).__name__)
    message = error.response["Error"].get("Message", "") or str(error)
    tip = str(error.response.get("tip", ""))
    return ErrorInfo(_code(error), f"{message} {tip}".strip())


def name_is_taken(error: ClientError) -> bool:
    return _detailed_code(error) == "NameExists" or "already in use" in str(error)


def not_found(error: BaseException) -> bool:
    return isinstance(error, ClientError) and (
        _code(error) == "NotFoundException" or _detailed_code(error) == "DoesNotExist"
    )


def is_busy(error: BaseException) -> bool:
    """Return whether the service refused only for now, so that a later run can succeed."""
    if not isinstance(error, ClientError):
        return False
    text = str(error).lower()
    by_phrase = _code(error) in _MAY_BE_BUSY and any(phrase in text for phrase in _BUSY_PHRASES)
    return by_phrase or _PENDING_VERIFICATION in text


def is_denied(error: BaseException) -> bool:
    return isinstance(error, ClientError) and _code(error).startswith("AccessDenied")


def is_late(error: BaseException) -> bool:
    return isinstance(error, OutOfTime)


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


def _code(error: ClientError) -> str:
    return error.response["Error"].get("Code", "Unknown")


def _detailed_code(error: ClientError) -> str:
    return str(error.response.get("code", ""))
