"""Make the calls of AWS CLI commands, and send none. Run by the AWS CLI's Python, by nothing else.

Standard input is a list of objects: `words`, the command without `aws`; `answers`, what services
would answer, by operation (an operation without one answers with nothing). Standard output is the
list of the calls of each command, as operation and parameters, or an error.
"""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from types import SimpleNamespace
from typing import Any

from awscli.clidriver import create_clidriver  # type: ignore[import-not-found]

Calls = list[dict[str, Any]]


def calls_of(words: list[str], answers: dict[str, Any]) -> Calls:
    """Raises AssertionError where the AWS CLI refuses the command."""
    calls: Calls = []
    driver = create_clidriver()

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        calls.append({"operation": model.name, "parameters": dict(params)})

    def answer(model: Any, **_: Any) -> tuple[Any, Any]:
        answered = answers.get(model.name, {})
        return SimpleNamespace(status_code=400 if "Error" in answered else 200), answered

    driver.session.set_credentials("testing", "testing")
    driver.session.set_config_variable("region", "us-east-1")
    driver.session.register("before-parameter-build", note)
    driver.session.register("before-call", answer)
    output = io.StringIO()
    with redirect_stdout(output), redirect_stderr(output):
        code = driver.main(words)
    assert code in (0, None), output.getvalue().strip()
    return calls


def main() -> None:
    found: list[Any] = []
    for case in json.load(sys.stdin):
        try:
            found.append(calls_of(case["words"], case["answers"]))
        except BaseException as error:
            found.append({"error": f"{type(error).__name__}: {error}"})
    sys.stdout.write(json.dumps(found, default=str))


if __name__ == "__main__":
    main()
