"""Requests as moto hands them over, and answers as botocore reads them."""

from __future__ import annotations

import socket
from typing import Any, NoReturn

from botocore.exceptions import ConnectionClosedError, EndpointConnectionError
from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import BaseResponse
from werkzeug.exceptions import HTTPException

from lightsail_moto.answers import read_parameters, write
from lightsail_moto.exceptions import BareStatus, ConnectionDropped, LightsailError, NotWritten
from lightsail_moto.models import lightsail_backends, written_operations
from lightsail_moto.resources import Record
from lightsail_moto.service import serve

CONTENT_TYPE = "application/x-amz-json-1.1"


class LightsailResponse(BaseResponse):
    """JSON 1.1 in and out; errors in Lightsail's own form.

    moto's parsing and serialising of errors are left aside: its exceptions use the attribute
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
            return bare.status, self.response_headers, ""
        except ConnectionDropped:
            self._drop_connection()
        except NotWritten as missing:
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
        known = operation in written_operations()
        parameters = read_parameters(operation, self.body) if known else {}
        return serve(backend, operation, parameters, self.access_key)

    def _respond(self, status: int, body: Record) -> TYPE_RESPONSE:
        headers: dict[str, Any] = dict(self.response_headers)
        headers["Content-Type"] = CONTENT_TYPE
        self._enrich_response(headers, "")
        return status, headers, write(body)

    def _drop_connection(self) -> NoReturn:
        """Lose the connection in a way that reaches botocore's retries.

        In-process botocore's own error does; over HTTP the socket is shut, and the
        ConnectionResetError tells werkzeug that nobody listens any more.
        """
        if not self.is_werkzeug_request:
            raise ConnectionClosedError(endpoint_url=self.uri)
        connection = self.normalized_request.environ["werkzeug.socket"]
        connection.shutdown(socket.SHUT_RDWR)
        raise ConnectionResetError("dropped on request")

    def _no_such_endpoint(self) -> NoReturn:
        """A Region without Lightsail has no such host to connect to."""
        if self.is_werkzeug_request:
            self._drop_connection()
        raise EndpointConnectionError(endpoint_url=self.uri)
