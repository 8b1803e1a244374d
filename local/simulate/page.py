"""The page: one HTML file that carries its style, its script and its data, and asks for no more."""

import html
import json
import re
from pathlib import Path
from typing import Any

_ASSETS = Path(__file__).parent / "assets"
_SCRIPTS = ("story.js", "drawing.js", "playing.js")
_PLACE = re.compile(r"\{\{(title|style|script|data)\}\}")


def page(document: dict[str, Any]) -> str:
    """Write the page for a document."""
    parts = {
        "title": html.escape(document["policy"]),
        "style": _asset("page.css"),
        "script": "\n".join(map(_asset, _SCRIPTS)),
        "data": _embedded(document),
    }
    return _PLACE.sub(lambda place: parts[place[1]], _asset("page.html"))


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _embedded(document: dict[str, Any]) -> str:
    """Write JSON that cannot end the element it stands in."""
    text = json.dumps(document, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
