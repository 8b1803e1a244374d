"""The AWS command line in one process, for many commands.

Run by the Python of an environment that has awscli, and by nothing else: the examples that AWS
publishes are in that package. Writes them to standard output as one line of JSON; then, for each
line of standard input, which is the arguments of a command as a JSON list, writes what the
command printed, or an object with the member `error`.
"""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import awscli  # type: ignore[import-not-found]
from awscli.clidriver import create_clidriver  # type: ignore[import-not-found]

EXAMPLES = Path(awscli.__file__).parent / "examples" / "lightsail"


def main() -> None:
    print(json.dumps({path.stem: path.read_text() for path in sorted(EXAMPLES.glob("*.rst"))}))
    sys.stdout.flush()
    driver = create_clidriver()
    for line in sys.stdin:
        print(json.dumps(run(driver, json.loads(line))))
        sys.stdout.flush()


def run(driver: object, arguments: list[str]) -> object:
    """What a command printed on standard output, read as JSON."""
    output, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(output), redirect_stderr(errors):
        code = driver.main(arguments)  # type: ignore[attr-defined]
    if code:
        return {"error": f"exit code {code}: {errors.getvalue().strip()}"}
    return json.loads(output.getvalue() or "{}")


if __name__ == "__main__":
    main()
