"""Play a retention policy: `python -m simulate --help`."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from simulate.arguments import Question, read
from simulate.document import document
from simulate.page import page
from simulate.refusal import Refused
from simulate.terminal import colourful, draw, plain
from simulate.timeline import Timeline, play


def main(
    arguments: Sequence[str] | None = None,
    *,
    now: datetime | None = None,
    out: TextIO | None = None,
    env: Mapping[str, str] = os.environ,
) -> int:
    """Play what is asked and show it. Gives 0, or 2 where it cannot be played or written."""
    out = out or sys.stdout
    try:
        question = read(sys.argv[1:] if arguments is None else arguments, now=now or _now())
    except Refused as refused:
        return _refuse(refused.faults)
    timeline = play(
        question.runs,
        question.retention,
        first=question.first,
        last=question.last,
        zone=question.zone,
    )
    try:
        _write(question, timeline)
    except OSError as error:
        return _refuse((f"html: {question.page} cannot be written: {error.strerror}",))
    _show(question, timeline, out, env)
    return 0


def _now() -> datetime:
    return datetime.now(UTC)


def _refuse(faults: Sequence[str]) -> int:
    for fault in faults:
        print(fault, file=sys.stderr)
    return 2


def _write(question: Question, timeline: Timeline) -> None:
    if question.page is not None:
        question.page.parent.mkdir(parents=True, exist_ok=True)
        question.page.write_text(page(document(question, timeline)), encoding="utf-8")


def _show(question: Question, timeline: Timeline, out: TextIO, env: Mapping[str, str]) -> None:
    if question.as_json:
        print(json.dumps(document(question, timeline), indent=2), file=out)
        return
    paint = colourful if out.isatty() and not env.get("NO_COLOR") else plain
    print(draw(question, timeline, paint), file=out)
    if question.page is not None:
        print(f"Every day, to play through: {_shown(question.page)}", file=out)


def _shown(path: Path) -> str:
    return path.as_posix()


if __name__ == "__main__":
    sys.exit(main())
