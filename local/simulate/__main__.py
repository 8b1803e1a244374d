"""Simulate a retention policy: `python -m simulate --help`."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TextIO

from simulate.arguments import Options, read
from simulate.document import document
from simulate.errors import InvalidInput
from simulate.page import page
from simulate.terminal import colourful, draw, plain
from simulate.timeline import Timeline, simulate


def main(
    arguments: Sequence[str] | None = None,
    *,
    now: datetime | None = None,
    out: TextIO | None = None,
    env: Mapping[str, str] = os.environ,
) -> int:
    """Simulate and show. Returns 0, or 2 for invalid input or a page that cannot be written."""
    try:
        options = read(sys.argv[1:] if arguments is None else arguments, now or datetime.now(UTC))
        timeline = simulate(options)
        _write_page(options, timeline)
    except InvalidInput as error:
        print(*error.faults, sep="\n", file=sys.stderr)
        return 2
    _show(options, timeline, out or sys.stdout, env)
    return 0


def _write_page(options: Options, timeline: Timeline) -> None:
    if options.page is None:
        return
    try:
        options.page.parent.mkdir(parents=True, exist_ok=True)
        options.page.write_text(page(document(options, timeline)), encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"html: {options.page} cannot be written: {error.strerror}") from None


def _show(options: Options, timeline: Timeline, out: TextIO, env: Mapping[str, str]) -> None:
    if options.as_json:
        print(json.dumps(document(options, timeline), indent=2), file=out)
        return
    paint = colourful if out.isatty() and not env.get("NO_COLOR") else plain
    print(draw(options, timeline, paint), file=out)
    if options.page is not None:
        print(f"Page with every day: {options.page.as_posix()}", file=out)


if __name__ == "__main__":
    sys.exit(main())
