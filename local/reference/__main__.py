"""Write docs/reference.md; with --check only compare it: `python -m reference --help`."""

import argparse
import sys
from pathlib import Path

from reference import inputs, results, status
from translate import TEMPLATE

PAGE = TEMPLATE.parent / "docs" / "reference.md"
_HEAD = """\
# Reference

Generated from the code and `template.yaml` by `python -m reference`. Do not edit this page.
[README.md](../README.md) explains how to use Snapshotter, [operations.md](operations.md) what to do
when something is wrong.
"""
_SECTIONS = (
    ("Parameters", "Given when the stack is deployed.", inputs.parameters),
    ("Environment variables", "Of the function, and of `make invoke`.", inputs.environment),
    ("Tags on resources", "You write them. `KEY` is `SelectionTagKey`.", inputs.tags_of_owners),
    ("Tags of Snapshotter", "On snapshots and restored resources.", inputs.tags_of_ours),
    ("Resource types", "Lightsail's names and states.", inputs.resource_types),
    (
        "Event",
        "All keys are optional. The event of a CloudWatch alarm is a `report` that is sent, the "
        "scheduled event of an EventBridge rule is a `snapshot`.",
        inputs.events,
    ),
    ("Answer", "Members without a value are absent.", results.answer),
    (
        "Answer of a report",
        "`protection` is `protected`, `lost` (its tag is gone), `off`, `untagged`, `gone` (it is "
        "deleted) or `unknown` (its region cannot be read). `wouldKeep` is there if the event has "
        "a `retention` to try, `truncated` if points had to be left out.",
        status.report,
    ),
    (
        "Error codes",
        "Codes that are not here are those of Lightsail or botocore. The second table is what the "
        "function raises.",
        results.codes,
    ),
    ("Log fields", "Powertools adds its own, such as `level` and `message`.", results.log),
    ("Alarms", "Their names begin with the stack's.", results.alarms),
    (
        "Saved queries",
        "In CloudWatch under *Logs Insights*, *Saved queries*, in the folder `Snapshotter`.",
        results.queries,
    ),
    ("Metrics", "In CloudWatch's embedded metric format.", results.metrics),
)


def page() -> str:
    """Return the whole page."""
    return _HEAD + "".join(f"\n## {title}\n\n{text}\n\n{body()}" for title, text, body in _SECTIONS)


def main(arguments: list[str] | None = None) -> int:
    """Write the page; with --check, write nothing and return 1 if the file differs."""
    parser = argparse.ArgumentParser(prog="python -m reference", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare the file, write nothing")
    parser.add_argument("--output", type=Path, default=PAGE, help="the file to write or compare")
    given = parser.parse_args(arguments)
    text = page()
    if not given.check:
        given.output.write_text(text)
    elif not given.output.is_file() or given.output.read_text() != text:
        print(f"{given.output} is stale. Run `make docs` and commit the page.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
