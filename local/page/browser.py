"""A Chromium that is installed on this machine, without a window and without a network of its own.

Playwright is imported where it is used: the pages themselves need no browser to be written.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = (
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = f"No browser is installed: install Debian's package chromium, or one of {_NAMES}."


def installed() -> str | None:
    """The path of a Chromium; None if there is none."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator["Browser"]:
    """Start the installed Chromium with an empty profile.

    Raises:
        RuntimeError: there is none.
    """
    from playwright.sync_api import sync_playwright

    path = installed()
    if path is None:
        raise RuntimeError(MISSING)
    with sync_playwright() as playwright:
        # A container gives Chromium no sandbox, and these pages are our own.
        browser = playwright.chromium.launch(
            executable_path=path, args=[*_ARGUMENTS], chromium_sandbox=False
        )
        yield browser
        browser.close()
