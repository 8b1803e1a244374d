"""What every make target does with its standard output."""

import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import NoReturn


def run(main: Callable[[], int]) -> NoReturn:
    """Run a program and exit with its status.

    A reader that stops reading, such as `head`, ends it without an error. What the terminal's
    encoding lacks is written as `?`.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python writes what is left when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status)
