"""The page: one HTML file with its style, script and data; it loads nothing."""

import html
import json
import re
from pathlib import Path
from typing import Any

_ASSETS = Path(__file__).parent / "assets"
_SCRIPTS = ("data.js", "view.js", "controls.js")
_PLACEHOLDER = re.compile(r"\{\{(title|style|script|data)\}\}")


def page(document: dict[str, Any]) -> str:
    """Return the page for a document."""
    parts = {
        "title": html.escape(document["policy"]),
        "style": _asset("page.css"),
        "script": "\n".join(map(_asset, _SCRIPTS)),
        "data": _embedded(document),
    }
    return _PLACEHOLDER.sub(lambda match: parts[match[1]], _asset("page.html"))


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _embedded(document: dict[str, Any]) -> str:
    """Return JSON that cannot end the script element that contains it."""
    text = json.dumps(document, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
