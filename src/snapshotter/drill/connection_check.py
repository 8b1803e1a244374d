"""A check whether a port accepts connections."""

import socket

TIMEOUT_S = 5.0


def accepts_connections(address: str, port: int) -> bool:
    """Tell whether a TCP connection to the port is accepted within TIMEOUT_S seconds."""
    try:
        with socket.create_connection((address, port), timeout=TIMEOUT_S):
            return True
    except OSError:
        return False
