"""Options as read from a command line, at a fixed time."""

from datetime import UTC, datetime

from simulate.arguments import Options, read

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def parsed(*arguments: str) -> Options:
    return read(arguments, NOW)
