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
    parser.add_argument("--code-uri", default=CODE_URI, help="S3 URI of the built function")
    parser.add_argument("--output", type=Path, help="the file to write; standard output if absent")
    options = parser.parse_args(arguments)
    text = json.dumps(translate(options.template, code_uri=options.code_uri), indent=2) + "\n"
    if options.output:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(text)
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
