"""What the HTML pages of `make status` and `make simulate` have in common.

A page is one file: its style, script and data are in it, and it loads nothing.
"""

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_SHARED = Path(__file__).parent / "assets"


def render(assets: Path, template: str, values: dict[str, Any]) -> str:
    """Fill a template, in which every value is escaped.

    assets: the directory of the template and of what it includes with `asset(name)`.
    """

    def asset(name: str) -> Markup:
        """A style or script, as it is."""
        return Markup(environment.loader.get_source(environment, name)[0])  # type: ignore[union-attr]  # noqa: S704

    environment = Environment(
        loader=FileSystemLoader([assets, _SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = asset
    environment.filters["data"] = _data
    return environment.get_template(template).render(values)


def _data(value: Any) -> Markup:
    """JSON that cannot end the script element that contains it."""
    text = json.dumps(value, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704
