"""The page: one HTML file with its style, script and data; it loads nothing."""

from pathlib import Path
from typing import Any

from page import render

_ASSETS = Path(__file__).parent / "assets"


def page(document: dict[str, Any]) -> str:
    """Return the page for a document."""
    change = document["change"]
    values = {
        "title": f"{document['policy']}, then {change['policy']}" if change else document["policy"],
        "document": document,
        "style": "simulate.css",
        "scripts": ["data.js", "view.js", "controls.js"],
    }
    return render(_ASSETS, "simulate.html", values)
