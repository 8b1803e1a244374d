"""The command `aws` for scripts: its calls are made in this process, where moto answers them."""

import json
import os
import shlex
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import jmespath  # type: ignore[import-untyped]
from botocore import xform_name
from botocore.model import ListShape, Shape, StructureShape
from botocore.validate import validate_parameters

from tests.docs.shell import service_model

Handlers = Mapping[tuple[str, str], Callable[[dict[str, Any]], Any]]
"""What answers instead of moto, by service and command, from the parameters of the call."""

# A shell's, since the path of an interpreter in the first line must not have a blank.
_EXECUTABLE = f"""\
#!/bin/sh
exec {shlex.quote(sys.executable)} -IS "$0.py" "$@"
"""
_PROGRAM = """\
import json, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect(sys.argv[0].removesuffix(".py") + ".socket")
    server.sendall(json.dumps(sys.argv[1:]).encode() + b"\\n")
    code, text = json.load(server.makefile())
print(text, file=sys.stderr if code else sys.stdout)
sys.exit(code)
"""


@contextmanager
def shell(
    folder: Path, handlers: Handlers, before: Callable[[], object]
) -> Iterator[Callable[[str], str]]:
    """Give a function that runs a script with this `aws`, and returns what it printed.

    before: is called before each call. The first call that fails ends the script and raises
    AssertionError.
    """

    class Call(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            command = json.loads(self.rfile.readline())
            try:
                before()
                answer = 0, _execute(command, handlers)
            except BaseException as error:
                answer = 1, f"aws {shlex.join(command)}: {type(error).__name__}: {error}"
            self.wfile.write(json.dumps(answer).encode())

    executable = folder / "aws"
    executable.write_text(_EXECUTABLE)
    executable.with_suffix(".py").write_text(_PROGRAM)
    executable.chmod(0o755)
    with socketserver.UnixStreamServer(f"{executable}.socket", Call) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield lambda script: _run(script, folder)
        finally:
            server.shutdown()
            thread.join()


def _run(script: str, folder: Path) -> str:
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(  # noqa: S603
        ["/bin/sh", "-eu", "-c", script],
        env={"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _execute(command: list[str], handlers: Handlers) -> str:
    """Make the call that the words after `aws` ask for; returns what the command prints."""
    service, verb, *words = command
    names = {xform_name(each, "-"): each for each in service_model(service).operation_names}
    if verb not in names:
        return str(handlers[service, verb]({}))
    shape = service_model(service).operation_model(names[verb]).input_shape
    options = _options(words)
    arguments = _arguments(shape, options)
    if handler := handlers.get((service, verb)):
        validate_parameters(arguments, shape or Shape("Nothing", {"type": "structure"}))
        answer = handler(arguments)
    else:
        client: Any = boto3.client(service, region_name=_only(options, "region"))  # type: ignore[call-overload]
        answer = getattr(client, xform_name(names[verb]))(**arguments)
        answer.pop("ResponseMetadata")
    if query := _only(options, "query"):
        answer = jmespath.search(query, answer)
    return _text(answer) if _only(options, "output") == "text" else json.dumps(answer, default=str)


def _options(words: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("--"):
            found[word[2:]] = []
        elif found:
            found[list(found)[-1]].append(word)
    return found


def _only(options: Mapping[str, list[str]], name: str) -> str | None:
    return options[name][0] if name in options else None


def _arguments(shape: Any, options: Mapping[str, list[str]]) -> dict[str, Any]:
    found = {}
    for name, member in shape.members.items() if shape else ():
        option = xform_name(name, "-")
        if option in options:
            found[name] = _value(member, options[option])
        elif f"no-{option}" in options:
            found[name] = False
    return found


def _value(shape: Shape, words: list[str]) -> Any:
    """Convert the words of an option as the AWS CLI does, its shorthand syntax included."""
    if isinstance(shape, ListShape):
        return [_value(shape.member, [word]) for word in words]
    if isinstance(shape, StructureShape):
        members = (each.partition("=") for each in words[0].split(","))
        return {name: _value(shape.members[name], [text]) for name, _, text in members}
    if shape.type_name == "boolean":
        return True
    return int(words[0]) if shape.type_name in ("integer", "long") else words[0]


def _text(value: Any) -> str:
    if isinstance(value, list):
        rows = any(isinstance(each, list) for each in value)
        return ("\n" if rows else "\t").join(map(_text, value))
    return str(value)
