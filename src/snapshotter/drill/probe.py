"""A knock on a port."""

import socket

TIMEOUT_S = 5.0


def answers(address: str, port: int) -> bool:
    """Tell whether something accepts a TCP connection there within a few seconds."""
    try:
        with socket.create_connection((address, port), timeout=TIMEOUT_S):
            return True
    except OSError:
        return False
