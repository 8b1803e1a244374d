"""Requests as moto passes them on, and answers as botocore reads them: JSON 1.1."""

from __future__ import annotations

import json
import socket
import time
from datetime import datetime
from typing import Any, NoReturn

from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import BaseResponse
from werkzeug.exceptions import HTTPException

from lightsail_moto.checking import read_parameters
from lightsail_moto.controls.account import control
from lightsail_moto.controls.requests import handle
from lightsail_moto.exceptions import (
    BareStatus,
    ConnectionDropped,
    LightsailError,
    NotCovered,
    TimedOut,
)
from lightsail_moto.models import implemented_operations, lightsail_backends
from lightsail_moto.models.resource import Record

CONTENT_TYPE = "application/x-amz-json-1.1"


class LightsailResponse(BaseResponse):
    """JSON 1.1 in and out; errors in Lightsail's own form.

    moto's own parser and error serialiser are not used: its exceptions use the attribute
    `code` for the shape, and Lightsail's errors have a member of that name for something else.
    """

    def __init__(self) -> None:
        super().__init__(service_name="lightsail")

    def _get_action(self) -> str:
        """The operation by its header alone: moto would also take one from the body's text."""
        return str(self.headers.get("X-Amz-Target", "")).rpartition(".")[2]

    def call_action(self) -> TYPE_RESPONSE:
        try:
            self._authenticate_and_authorize_normal_action()
            return self._respond(200, self._answer())
        except HTTPException as refused:
            # moto's own IAM, where a test has switched it on.
            message = getattr(refused, "message", refused.description)
            return self._respond(
                refused.code or 403, {"__type": "AccessDeniedException", "message": message}
            )
        except LightsailError as error:
            return self._respond(error.status, error.body)
        except BareStatus as bare:
            return bare.status, self.response_headers, bare.body
        except ConnectionDropped:
            self._drop_connection()
        except TimedOut as timeout:
            self._time_out(timeout.seconds)
        except NotCovered as missing:
            if not self.is_werkzeug_request:
                raise
            return self._respond(501, {"__type": "NotImplemented", "message": str(missing)})

    def _answer(self) -> Record:
        account = lightsail_backends[self.current_account]
        try:
            backend = account[self.region]
        except KeyError:
            self._no_such_endpoint()
        operation = self._get_action()
        covered = operation in implemented_operations()
        parameters = read_parameters(operation, self.body) if covered else {}
        controls = control(self.current_account)
        return handle(controls, backend, operation, parameters, self.access_key)

    def _respond(self, status: int, body: Record) -> TYPE_RESPONSE:
        headers: dict[str, Any] = dict(self.response_headers)
        headers["Content-Type"] = CONTENT_TYPE
        self._enrich_response(headers, "")
        return status, headers, json.dumps(body, default=_seconds)

    def _drop_connection(self) -> NoReturn:
        """Lose the connection in a way that reaches botocore's retries.

        In-process botocore's own error does; over HTTP the socket is shut down, and
        ConnectionResetError makes werkzeug close it without an answer.
        """
        if not self.is_werkzeug_request:
            raise ConnectionClosedError(endpoint_url=self.uri)
        connection = self.normalized_request.environ["werkzeug.socket"]
        connection.shutdown(socket.SHUT_RDWR)
        raise ConnectionResetError("dropped on request")

    def _time_out(self, seconds: float) -> NoReturn:
        """Over HTTP the connection stays open until the client closes it."""
        if not self.is_werkzeug_request:
            time.sleep(seconds)
            raise ReadTimeoutError(endpoint_url=self.uri)
        connection = self.normalized_request.environ["werkzeug.socket"]
        connection.recv(1)
        raise ConnectionResetError("not answered on request")

    def _no_such_endpoint(self) -> NoReturn:
        """A Region without Lightsail has no such host to connect to."""
        if self.is_werkzeug_request:
            self._drop_connection()
        raise EndpointConnectionError(endpoint_url=self.uri)


def _seconds(value: Any) -> float:
    """Times on the wire are seconds since the epoch, to the millisecond."""
    if isinstance(value, datetime):
        return round(value.timestamp(), 3)
    raise TypeError(f"not JSON: {value!r}")
