"""Checks whether a port accepts connections."""

import socket

TIMEOUT_S = 5.0


def accepts_connections(address: str, port: int) -> bool:
    """Return whether the port accepts a TCP connection within TIMEOUT_S seconds."""
    try:
        with socket.create_connection((address, port), timeout=TIMEOUT_S):
            return True
    except OSError:
        return False
