"""The pages, opened in the Chromium of this machine at the sizes and in the schemes of readers."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from page.browser import MISSING, chromium, installed
from simulate.__main__ import main as simulate
from status.accounts import Account
from status.demo import demo_report
from status.page import page as status_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

Listeners: TypeAlias = dict[Any, Callable[[Any], None]]
UNREADABLE = "the security token included in the request is expired"


@dataclass
class Opened:
    """An open page, and what it logged and requested since."""

    page: "Page"
    address: str
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def log(self, message: "ConsoleMessage") -> None:
        self.messages.append(f"{message.type}: {message.text}")


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    if installed() is None:
        pytest.skip(MISSING)
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def report() -> Any:
    """The report of the demo's fleet, made by the real handler."""
    return demo_report()


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a policy that changes."""
    path = tmp_path_factory.mktemp("pages") / "simulate.html"
    change = ["--policy", "daily=30", "--then", "daily=3", "--at", "40", "--days", "60"]
    assert simulate(change, now=datetime(2026, 11, 26, 12, tzinfo=UTC), path=path) == 0
    return path


@pytest.fixture(scope="session")
def status(report: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The status page of one account."""
    path = tmp_path_factory.mktemp("pages") / "status.html"
    path.write_text(status_page([Account("", report=report)]), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def several(report: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The status page of three accounts, of which one cannot be read."""
    accounts = [
        Account("acme", report=report),
        Account("contoso", error=UNREADABLE),
        Account("northwind", report={**report, "attention": []}),
    ]
    path = tmp_path_factory.mktemp("pages") / "several.html"
    path.write_text(status_page(accounts), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def pages(browser: "Browser") -> Callable[[int], "Page"]:
    """The blank page of a width, a telephone's below 500 pixels. A new one is slow to start."""

    @cache
    def page(width: int) -> "Page":
        return browser.new_page(viewport={"width": width, "height": 850}, has_touch=width < 500)

    return page


@contextmanager
def opened(page: "Page", path: Path, scheme: Any = "light") -> Iterator[Opened]:
    """Show a file, and record what it logs and requests."""
    found = Opened(page, path.as_uri())
    listeners: Listeners = {
        "console": found.log,
        "pageerror": lambda error: found.messages.append(str(error)),
        "request": lambda request: found.requests.append(request.url),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    page.mouse.move(0, 0)
    page.emulate_media(color_scheme=scheme)
    page.goto(found.address)
    yield found
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    page.goto("about:blank")


@pytest.fixture
def desktop(pages: Callable[[int], "Page"]) -> Iterator[Callable[[Path], "Page"]]:
    """Show a file at a desktop's width."""
    with ExitStack() as files:
        yield lambda path: files.enter_context(opened(pages(1280), path)).page
