"""Which errors mean that the service is busy, and a later run can succeed."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from snapshotter.lightsail.errors import is_busy


def an_error(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "CreateInstanceSnapshot")


@pytest.mark.parametrize(
    "code", ["InvalidInputException", "OperationFailureException", "InvalidDBInstanceState"]
)
@pytest.mark.parametrize(
    "message",
    [
        "Please try again in a few minutes.",
        "Wait for it to finish before trying again.",
        "An automatic snapshot is being created.",
        "The database is not currently in the available state.",
    ],
)
def test_refusal_that_asks_to_try_again_means_busy(code: str, message: str) -> None:
    assert is_busy(an_error(code, message))


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(an_error("InvalidInputException", "The name is invalid."), id="message"),
        pytest.param(an_error("AccessDeniedException", "Please try again."), id="code"),
        pytest.param(an_error("ServiceException", "Please try again."), id="service-error"),
        pytest.param(ConnectionError("Please try again."), id="not-from-the-service"),
    ],
)
def test_every_other_error_is_a_failure(error: Exception) -> None:
    assert not is_busy(error)
