"""The AWS command line in one process, for many commands.

Run by the Python of an environment that has awscli, and by nothing else: the examples that AWS
publishes are in that package. Everything that it writes to standard output is a line of JSON: that
it has started; the examples; then, for each line of standard input, which is the arguments of a
command as a list, what the command printed, or an object with the member `error`.
"""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path


def main() -> None:
    write("started")
    import awscli  # type: ignore[import-not-found]
    from awscli.clidriver import create_clidriver  # type: ignore[import-not-found]

    pages = sorted((Path(awscli.__file__).parent / "examples" / "lightsail").glob("*.rst"))
    write({path.stem: path.read_text() for path in pages})
    driver = create_clidriver()
    for line in sys.stdin:
        write(run(driver, json.loads(line)))


def write(value: object) -> None:
    print(json.dumps(value), flush=True)


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
