"""Read the options of `sam deploy` with SAM's own parsers. Run by SAM's Python and by nothing else.

Standard input is a list of objects: `arguments`, the words after `sam deploy`; `config`, the text
of a samconfig.toml; `guided`, parameters that SAM is to save in it first, as after `--guided`, or
null. Standard output is the list of what SAM reads: its options, or an error.
"""

import json
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from samcli.commands.deploy.command import cli  # type: ignore[import-not-found]
from samcli.commands.deploy.guided_config import GuidedConfig  # type: ignore[import-not-found]

STACK = ["--stack-name", "any"]


def options(case: dict[str, Any], folder: Path) -> dict[str, Any]:
    config = folder / "samconfig.toml"
    config.write_text(case["config"])
    arguments = ["--config-file", str(config), *case["arguments"]]
    if case["guided"]:
        with cli.make_context("deploy", [*arguments, *STACK]), redirect_stdout(sys.stderr):
            guided = GuidedConfig(template_file="template.yaml", section="parameters")
            guided.save_config(case["guided"], config_file=str(config))
    read: dict[str, Any] = cli.make_context("deploy", arguments).params
    return read


def main() -> None:
    found = []
    for case in json.load(sys.stdin):
        with tempfile.TemporaryDirectory() as folder:
            try:
                found.append(options(case, Path(folder)))
            except Exception as error:
                found.append({"error": f"{type(error).__name__}: {error}"})
    sys.stdout.write(json.dumps(found, default=str))


if __name__ == "__main__":
    main()
