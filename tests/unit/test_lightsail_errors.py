"""Which errors mean that the service is busy, and a later run can succeed; and what they say."""

from __future__ import annotations

from itertools import product

import pytest
from botocore.exceptions import ClientError

from snapshotter.lightsail.refusals import explain, is_busy
from snapshotter.model.outcome import ErrorInfo


def an_error(code: str, message: str, **members: str) -> ClientError:
    response = {"Error": {"Code": code, "Message": message}, **members}
    return ClientError(response, "CreateInstanceSnapshot")  # type: ignore[arg-type]


BUSY_CODES = ("InvalidInputException", "OperationFailureException", "InvalidDBInstanceState")
BUSY_MESSAGES = (
    "Please try again in a few minutes.",
    "Wait for it to finish before trying again.",
    "An automatic snapshot is being created.",
    "The database is not currently in the available state.",
)
VERIFICATION = "Your account is pending verification. Please try again later."


@pytest.mark.parametrize(
    ("code", "message"),
    [
        *product(BUSY_CODES, BUSY_MESSAGES),
        *product(("InvalidInputException", "PendingVerification"), [VERIFICATION]),
    ],
)
def test_refusal_that_asks_to_try_again_means_busy(code: str, message: str) -> None:
    assert is_busy(an_error(code, message))


@pytest.mark.parametrize(
    "error",
    [
        an_error("InvalidInputException", "The name is invalid."),
        an_error("AccessDeniedException", "Please try again."),
        an_error("ServiceException", "Please try again."),
        ConnectionError("Please try again."),
    ],
    ids=str,
)
def test_every_other_error_is_a_failure(error: Exception) -> None:
    assert not is_busy(error)


@pytest.mark.parametrize(
    ("error", "explained"),
    [
        (an_error("X", "It failed.", tip="Wait."), ErrorInfo("X", "It failed. Wait.")),
        (an_error("X", "It failed."), ErrorInfo("X", "It failed.")),
        (ValueError("bad"), ErrorInfo("ValueError", "bad")),
        (ValueError(), ErrorInfo("ValueError", "ValueError")),
    ],
)
def test_error_is_explained_by_its_code_its_message_and_its_tip(
    error: Exception, explained: ErrorInfo
) -> None:
    assert explain(error) == explained
