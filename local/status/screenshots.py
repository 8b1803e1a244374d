"""Renew the picture of the status page in the documentation: `python -m status.screenshots`."""

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from page.browser import MISSING, chromium, installed
from status.accounts import Account
from status.demo import demo_report
from status.page import page

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect, Page

PICTURE = Path("docs/images/status.png")
_WIDTH, _HIGHEST = 1280, 2000


def main() -> int:
    """Write the picture from the demo's fleet. Returns 0, or 2 where no browser is installed."""
    if installed() is None:
        print(MISSING, file=sys.stderr)
        return 2
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory, chromium() as browser:
        path = Path(directory) / "status.html"
        path.write_text(page([Account("", report=demo_report())]), encoding="utf-8")
        shown = browser.new_page(
            viewport={"width": _WIDTH, "height": _HIGHEST}, color_scheme="light"
        )
        shown.goto(path.as_uri())
        shown.screenshot(path=PICTURE, clip=_top(shown))
    print(f"Picture: {PICTURE.as_posix()}")
    return 0


def _top(shown: "Page") -> "FloatRect":
    """From the top of the page to the end of what needs attention."""
    section = shown.locator("section", has=shown.locator("#troubled")).bounding_box()
    assert section
    return {"x": 0, "y": 0, "width": _WIDTH, "height": section["y"] + section["height"] + 20}


if __name__ == "__main__":
    sys.exit(main())
