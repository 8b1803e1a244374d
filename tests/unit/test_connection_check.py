"""A port accepts a connection, or it does not within the timeout."""

import socket

import pytest

from snapshotter.drill import connection_check


def test_port_accepts_connections_only_while_a_server_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        assert connection_check.accepts_connections("127.0.0.1", port)

    assert not connection_check.accepts_connections("127.0.0.1", port)


def test_port_without_a_response_fails_after_a_timeout_of_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hang(address: tuple[str, int], timeout: float) -> socket.socket:
        assert 0 < timeout <= 10
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", hang)

    assert not connection_check.accepts_connections("198.51.100.1", 80)
