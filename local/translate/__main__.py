"""Write the plain CloudFormation of template.yaml: `python -m translate --help`."""

import argparse
import json
import sys
from pathlib import Path

from translate.sam import CODE_URI, TEMPLATE, translate


def main(arguments: list[str] | None = None) -> int:
    """Translate the template onto standard output, or into a file."""
    parser = argparse.ArgumentParser(prog="python -m translate", description=__doc__)
    parser.add_argument("--template", type=Path, default=TEMPLATE)
    parser.add_argument("--code-uri", default=CODE_URI, help="where the built function lies in S3")
    parser.add_argument("--output", type=Path, help="the file to write; standard output if absent")
    asked = parser.parse_args(arguments)
    text = json.dumps(translate(asked.template, code_uri=asked.code_uri), indent=2) + "\n"
    if asked.output:
        asked.output.parent.mkdir(parents=True, exist_ok=True)
        asked.output.write_text(text)
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
