"""What can go wrong, in the forms that Lightsail and the network give it.

    LightsailError              an error body; moto's ServiceException underneath
      InvalidInput              validation, taken names, wrong states, limits
        NameTaken               `code` NameExists
      NotFound                  `code` DoesNotExist
      AccessDenied
      RegionSetupInProgress     an opt-in Region that is being set up
      Throttled                 not in the service model; HTTP 400, as the API reference lists it
      ServiceFault              HTTP 500
    ConnectionDropped           the request or its answer is lost on the way
    TimedOut                    the request is never answered
    BareStatus                  an HTTP status without a Lightsail body
    NotCovered                  an operation that this backend does not have

Source of the forms: botocore's service model (eight shapes with code, docs, message and
tip), the API reference's pages on each action and on common errors.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from moto.core.exceptions import ServiceException

DOCS = "https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/"
TRY_AGAIN = "Please try again in a few minutes."
WAIT = "Please wait for it to complete before trying again."


class LightsailError(ServiceException):
    """An error that the caller sees as `error`, with `fine_code` as Lightsail's own code.

    boto3 shows `error` as e.response["Error"]["Code"] and `fine_code` as e.response["code"].
    Members without a value are absent from the body. The model gives no HTTP status and the
    two published sources disagree (all 400; or 401, 403, 404 and 428 by kind): it is 400
    here, except for ServiceException.
    """

    error: ClassVar[str] = ""
    status = 400
    outcome = property(lambda self: str(self.code))

    def __init__(
        self, message: str, *, error: str = "", fine_code: str = "", tip: str = ""
    ) -> None:
        super().__init__(error or self.error, message)
        self.fine_code = fine_code
        self.tip = tip
        if self.code == "ServiceException":
            self.status = 500

    @property
    def body(self) -> dict[str, str]:
        """The members of the error, without those that have no value."""
        members = {
            "__type": self.code,
            "code": self.fine_code,
            "docs": DOCS if self.fine_code else "",
            "message": self.message,
            "tip": self.tip,
        }
        return {name: value for name, value in members.items() if value}


class InvalidInput(LightsailError):
    error = "InvalidInputException"


class NameTaken(InvalidInput):
    """A name of the request is in use: names are unique in a Region over all types."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            f"Some names are already in use: {', '.join(names)}", fine_code="NameExists"
        )


class NotFound(LightsailError):
    """The form of the message is known for StaticIp and assumed for the other types."""

    error = "NotFoundException"

    def __init__(self, resource_type: str, name: str) -> None:
        super().__init__(f"The {resource_type} does not exist: {name}", fine_code="DoesNotExist")


class AccessDenied(LightsailError):
    error = "AccessDeniedException"


class RegionSetupInProgress(LightsailError):
    error = "RegionSetupInProgressException"

    def __init__(self, region: str) -> None:
        super().__init__(
            f"The setup of {region} is in progress.",
            fine_code="RegionSetupInProgress",
            tip="Opt-in Regions typically take a few minutes to finish setting up. "
            "Wait a few minutes, then try again.",
        )


class Throttled(LightsailError):
    error = "ThrottlingException"

    def __init__(self) -> None:
        super().__init__("Rate exceeded")


class ServiceFault(LightsailError):
    error = "ServiceException"


class ConnectionDropped(Exception):
    """The connection is lost: botocore sees ConnectionClosedError, over HTTP a closed socket."""

    outcome = "dropped"


class TimedOut(Exception):
    """No answer: after `seconds` botocore sees ReadTimeoutError, over HTTP when it gives up."""

    outcome = "timed out"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not answered within {seconds} s")
        self.seconds = seconds


class BareStatus(Exception):
    """An HTTP status with any body, as a load balancer in front of a service sends it."""

    def __init__(self, status: int, body: str = "") -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.body = body
        self.outcome = f"http {status}"


class NotCovered(NotImplementedError):
    """Raised in-process for an operation that this backend does not have, by its name."""

    outcome = "NotImplemented"

    def __init__(self, operation: str) -> None:
        super().__init__(f"lightsail_moto has no operation {operation}")
