"""When a drill has passed: its state, its health, its disks, and an answer within ten seconds."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import pytest

from snapshotter.model.kinds import DATABASE, DISK, INSTANCE, Kind
from snapshotter.model.resource import Resource
from snapshotter.policy.selection import Drilling
from snapshotter.restore import proof
from snapshotter.restore.made import words_of
from snapshotter.restore.proof import Result, evaluate, probe
from tests.support.web_server import WebServer, web_server
from tests.unit.builders import NOW, a_resource, an_arn, hours_ago

HERE = "127.0.0.1"
PASSED, FAILED, IN_PROGRESS = Result.PASSED, Result.FAILED, Result.IN_PROGRESS
RUNS = "the restored instance is running"
TOO_LATE = ", and the limit of 3 hours has passed"


def a_drill(
    state: str = "running",
    *,
    kind: Kind = INSTANCE,
    hours: float = 1,
    health: str | None = None,
    address: str | None = "198.51.100.1",
    tags: Mapping[str, str] = MappingProxyType({}),
) -> Resource:
    ours = {
        "snapshotter:policy": "nightly",
        "snapshotter:source": an_arn("web"),
        "snapshotter:time": hours_ago(hours).isoformat(),
        "snapshotter:drill": "web-1",
    }
    return a_resource(
        "drill-web",
        {**ours, **tags},
        kind=kind,
        state=state,
        health=health,
        address=address,
    )


def evaluated(drill: Resource, *, waits_for: str = "", seconds: float = 10) -> tuple[Result, str]:
    return evaluate(drill, now=NOW, waits_for=waits_for, seconds=seconds)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "probe", lambda *_: "")


@pytest.fixture
def refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "probe", lambda *_: "port 80 does not accept a connection")


@pytest.mark.parametrize(
    ("kind", "state"), [(INSTANCE, "running"), (DISK, "available"), (DATABASE, "available")]
)
def test_drill_passes_once_the_restored_resource_is_ready(kind: Kind, state: str) -> None:
    reason = f"the restored {kind.noun} is {state}"

    assert evaluated(a_drill(state, kind=kind)) == (PASSED, reason)


@pytest.mark.parametrize(("hours", "result"), [(2.99, IN_PROGRESS), (3, FAILED)])
@pytest.mark.parametrize("state", ["pending", "stopped", "puzzled", ""])
def test_drill_that_is_not_ready_fails_after_three_hours(
    state: str, hours: float, result: Result
) -> None:
    assert evaluated(a_drill(state, hours=hours))[0] is result


def test_drill_in_error_fails_at_once() -> None:
    assert evaluated(a_drill("error")) == (FAILED, "the state of the restored instance is error")


@pytest.mark.parametrize(
    ("health", "early", "late"),
    [
        ("ok", PASSED, PASSED),
        (None, PASSED, PASSED),
        ("not-applicable", PASSED, PASSED),
        ("initializing", IN_PROGRESS, PASSED),
        ("insufficient-data", IN_PROGRESS, PASSED),
        ("impaired", IN_PROGRESS, FAILED),
    ],
)
def test_status_check_of_lightsail_must_be_ok_or_leave_it_to_the_state_in_the_end(
    health: str | None, early: Result, late: Result
) -> None:
    assert evaluated(a_drill(health=health, hours=1))[0] is early
    assert evaluated(a_drill(health=health, hours=3))[0] is late


@pytest.mark.parametrize(("hours", "result", "end"), [(1, IN_PROGRESS, ""), (3, FAILED, TOO_LATE)])
def test_drill_whose_disks_or_firewall_are_not_there_has_not_passed(
    hours: float, result: Result, end: str
) -> None:
    why = "not all disks of the restored instance exist"

    assert evaluated(a_drill(hours=hours), waits_for=why) == (result, f"{RUNS}, but {why}{end}")


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize(
    ("check", "said"),
    [("80", "port 80 accepts a connection"), ("http:80/ok", "http:80/ok answers")],
)
def test_drill_with_a_check_passes_once_that_is_answered(check: str, said: str) -> None:
    drill = a_drill(tags={"snapshotter:port": check})

    assert evaluated(drill) == (PASSED, f"{RUNS}, and {said}")


@pytest.mark.usefixtures("refuses")
def test_drill_whose_check_is_not_answered_is_in_progress_until_the_limit() -> None:
    tags = {"snapshotter:port": "80"}
    why = f"{RUNS}, but port 80 does not accept a connection"
    no_address = f"{RUNS}, but has no public IPv4 address to test port 80"

    assert evaluated(a_drill(tags=tags)) == (IN_PROGRESS, why)
    assert evaluated(a_drill(tags=tags, hours=3)) == (FAILED, f"{why}{TOO_LATE}")
    assert evaluated(a_drill(tags=tags, address=None)) == (IN_PROGRESS, no_address)


def test_check_that_has_used_its_time_of_this_run_is_left_to_the_next() -> None:
    drill = a_drill(tags={"snapshotter:port": "80"})

    assert evaluated(drill, seconds=0) == (
        IN_PROGRESS,
        f"{RUNS}, and the next run checks 80 again",
    )


def test_drill_without_a_readable_start_fails_unless_it_is_ready() -> None:
    unreadable = {"snapshotter:time": "soon"}

    assert evaluated(a_drill("pending", tags=unreadable))[0] is FAILED
    assert evaluated(a_drill("running", tags=unreadable))[0] is PASSED


@pytest.mark.parametrize(
    ("kind", "tags", "words"),
    [
        (INSTANCE, {}, "disks firewall check remove"),
        (DATABASE, {}, "check remove"),
        (DISK, {"snapshotter:source": an_arn("data", kind=DISK)}, "check remove"),
        (DISK, {"snapshotter:source": an_arn("web")}, "remove"),
        (INSTANCE, {"snapshotter:to-do": "check remove"}, "disks check remove"),
        (INSTANCE, {"snapshotter:to-do": "remove"}, "remove"),
    ],
)
def test_drill_of_an_earlier_version_has_all_its_steps_and_disks_are_looked_at_till_the_end(
    kind: Kind, tags: dict[str, str], words: str
) -> None:
    assert " ".join(words_of(a_drill(kind=kind, tags=tags))) == words


@pytest.fixture(params=["http", "https"])
def server(request: pytest.FixtureRequest) -> Iterator[WebServer]:
    with web_server(tls=request.param == "https") as running:
        yield running


def asked(server: WebServer, path: str, seconds: float = 10) -> str:
    scheme = "https" if server.tls else "http"
    return probe(HERE, Drilling(server.port, scheme, path), seconds)


def test_port_accepts_connections_only_while_a_server_listens() -> None:
    with socket.create_server((HERE, 0)) as listening:
        port = listening.getsockname()[1]

        assert probe(HERE, Drilling(port), 10) == ""

    assert probe(HERE, Drilling(port), 10) == f"port {port} does not accept a connection"


@pytest.mark.parametrize(
    ("status", "passes"), [(200, True), (204, True), (302, True), (404, False), (503, False)]
)
def test_request_passes_with_a_status_below_400(
    server: WebServer, status: int, passes: bool
) -> None:
    assert (asked(server, f"/{status}?full=1") == "") is passes
    assert server.requested == [f"/{status}?full=1"]


def test_path_in_any_language_is_quoted(server: WebServer) -> None:
    assert asked(server, "/200/büro%20a") == ""
    assert server.requested == ["/200/b%C3%BCro%20a"]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_request_fails_with_a_server_that_closes_or_speaks_no_http(scheme: str) -> None:
    for spoken in (b"", b"220 mail\r\n"):
        with web_server(raw=spoken) as other:
            check = Drilling(other.port, scheme)
            assert probe(HERE, check, 10) == f"{check} does not answer with a status below 400"


def test_server_that_sends_one_byte_after_another_holds_no_check_beyond_its_time() -> None:
    """Each byte restarts the timeout of a socket; the check ends all the same."""
    stop = threading.Event()

    def trickle(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            while not stop.wait(0.02):
                try:
                    connection.sendall(b"H")
                except OSError:
                    return

    with socket.create_server((HERE, 0)) as listening:
        sender = threading.Thread(target=trickle, args=(listening,))
        sender.start()
        check = Drilling(listening.getsockname()[1], "http")

        assert probe(HERE, check, 0.2) == f"{check} does not answer with a status below 400"

        stop.set()
        sender.join()
