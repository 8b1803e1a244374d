"""Checks whether a restored instance answers on a port."""

import http.client
import socket
import ssl
from urllib.parse import quote

from snapshotter.policy.drilling import Drilling

TIMEOUT_S = 5.0
_IN_PATHS = "/%:?#[]@!$&'()*+,;=~"
"""What is not quoted: a tag may have other characters of any language."""


def accepts_connections(address: str, port: int) -> bool:
    """Return whether a TCP connection to the port is accepted within TIMEOUT_S seconds."""
    try:
        with socket.create_connection((address, port), timeout=TIMEOUT_S):
            return True
    except OSError:
        return False


def answers_request(address: str, check: Drilling) -> bool:
    """Return whether a request is answered with a status below 400 within TIMEOUT_S seconds.

    Certificates are not verified: the restored instance has another name.
    """
    connection = _connection(address, check)
    try:
        connection.request("GET", quote(check.path, safe=_IN_PATHS))
        return connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _connection(address: str, check: Drilling) -> http.client.HTTPConnection:
    if check.scheme == "https":
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection(address, check.port, timeout=TIMEOUT_S, context=context)
    return http.client.HTTPConnection(address, check.port, timeout=TIMEOUT_S)
