"""A port accepts connections and requests, or it does not within the timeout."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from snapshotter.drill import connection_check
from snapshotter.policy.drilling import Drilling
from tests.support.web_server import WebServer, web_server

HERE = "127.0.0.1"


@pytest.fixture(params=["http", "https"])
def server(request: pytest.FixtureRequest) -> Iterator[WebServer]:
    with web_server(tls=request.param == "https") as running:
        yield running


def answers(server: WebServer, path: str) -> bool:
    check = Drilling(server.port, "https" if server.tls else "http", path)
    return connection_check.answers_request(HERE, check)


def test_port_accepts_connections_only_while_a_server_listens() -> None:
    with socket.create_server((HERE, 0)) as server:
        port = server.getsockname()[1]

        assert connection_check.accepts_connections(HERE, port)

    assert not connection_check.accepts_connections(HERE, port)


def test_port_without_a_response_fails_after_a_timeout_of_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hang(address: tuple[str, int], timeout: float) -> socket.socket:
        assert 0 < timeout <= 10
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", hang)

    assert not connection_check.accepts_connections("198.51.100.1", 80)


@pytest.mark.parametrize(
    ("status", "passes"), [(200, True), (204, True), (302, True), (404, False), (503, False)]
)
def test_request_passes_with_a_status_below_400(
    server: WebServer, status: int, passes: bool
) -> None:
    assert answers(server, f"/{status}?full=1") is passes
    assert server.requested == [f"/{status}?full=1"]


def test_path_in_any_language_is_quoted(server: WebServer) -> None:
    assert answers(server, "/200/büro%20a")
    assert server.requested == ["/200/b%C3%BCro%20a"]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_request_fails_without_a_server_and_with_one_that_closes_or_speaks_no_http(
    scheme: str,
) -> None:
    with socket.create_server((HERE, 0)) as silent:
        port = silent.getsockname()[1]
    assert not connection_check.answers_request(HERE, Drilling(port, scheme))

    for spoken in (b"", b"220 mail\r\n"):
        with web_server(raw=spoken) as other:
            assert not connection_check.answers_request(HERE, Drilling(other.port, scheme))


def test_request_without_an_answer_fails_after_the_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_check, "TIMEOUT_S", 0.05)
    with socket.create_server((HERE, 0)) as silent:
        port = silent.getsockname()[1]

        assert not connection_check.answers_request(HERE, Drilling(port, "http"))
