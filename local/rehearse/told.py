"""What a rehearsal says, and whether it held."""

import sys
from dataclasses import dataclass, field


class Broken(Exception):
    """Something did not hold that all the rest stands on."""


@dataclass
class Told:
    """Lines on standard output; keeps what did not hold."""

    broken: list[str] = field(default_factory=list)

    def act(self, title: str) -> None:
        print(f"\n{title}", flush=True)

    def say(self, text: str) -> None:
        print(f"      {text}", flush=True)

    def holds(self, claim: str, truth: object, seen: object = None) -> None:
        """Tell a claim that must be true.

        seen: what was found instead, told only if it is not.
        """
        if truth:
            print(f"  ok  {claim}", flush=True)
            return
        self.broken.append(claim)
        print(f"  NO  {claim}", flush=True)
        if seen is not None:
            print(f"      instead: {seen}", flush=True)

    def must(self, claim: str, truth: object, seen: object = None) -> None:
        """Tell a claim without which there is no point in going on.

        Raises:
            Broken: it is not true.
        """
        self.holds(claim, truth, seen)
        if not truth:
            raise Broken(claim)

    def ending(self) -> int:
        """Say how it went; returns the exit code."""
        if self.broken:
            print(f"\n{len(self.broken)} did not hold:", *self.broken, sep="\n  ", file=sys.stderr)
            return 1
        print("\nAll of it held.")
        return 0
