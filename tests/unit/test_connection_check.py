"""A knock on a port is answered, or it is not."""

import socket

import pytest

from snapshotter.drill import connection_check


def test_port_that_accepts_a_connection_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        assert connection_check.accepts_connections("127.0.0.1", port)

    assert not connection_check.accepts_connections("127.0.0.1", port)


def test_port_that_says_nothing_is_given_up_after_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(address: tuple[str, int], timeout: float) -> socket.socket:
        assert 0 < timeout <= 10
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", hang)

    assert not connection_check.accepts_connections("198.51.100.1", 80)
