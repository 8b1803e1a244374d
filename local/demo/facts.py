"""What the story says must be so."""

from typing import TypeVar

T = TypeVar("T")


class StoryBroken(Exception):
    """Something that the demo tells did not happen."""


def holds(promise: str, found: T, expected: T) -> None:
    """Hold a promise against what was found.

    Raises:
        StoryBroken: with the promise as a sentence, and both values.
    """
    if found != expected:
        raise StoryBroken(f"{promise}\n  expected: {expected}\n  found:    {found}")
