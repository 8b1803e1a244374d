"""The page: one HTML file with its style, script and data; it loads nothing."""

from collections.abc import Sequence
from pathlib import Path

from page import render
from status.accounts import Account
from status.timeline import LANE, WIDTH, mark
from status.view import view_of

_ASSETS = Path(__file__).parent / "assets"


def page(accounts: Sequence[Account]) -> str:
    """Return the page of these accounts."""
    values = {
        "view": view_of(accounts),
        "several": len(accounts) > 1,
        "width": WIDTH,
        "lane": LANE,
        "mark": mark,
        "style": "status.css",
        "scripts": ["status.js"],
    }
    return render(_ASSETS, "status.html", values)
