"""`python -m demo`: one night of a fleet, told and checked. Nothing leaves this machine."""

import gc
import sys

from demo import fleet
from demo.ending import show_next
from demo.facts import StoryBroken
from demo.fortnight import fast_forward
from demo.paper import Paper, standard_output
from demo.recovery import restore
from demo.story import Story
from demo.sweeps import DOOMED, sweep_again, sweep_once
from demo.tonight import deliver_again, run_tonight, show_fleet
from invoke.embedded import embedded
from invoke.environment import environment

CHAPTERS = (
    show_fleet,
    run_tonight,
    deliver_again,
    sweep_once,
    sweep_again,
    fast_forward,
    restore,
    show_next,
)


def main() -> int:
    """Tell the story; returns 0 only if all of it held."""
    paper = standard_output()
    _introduce(paper)
    with embedded(fleet.NIGHT) as account:
        fleet.settle(account)
        account.end_in_error(DOOMED, error_details="The disk could not be read.")
        story = Story(paper, account, environment(fleet.PARAMETERS, region=fleet.HOME))
        try:
            for chapter in CHAPTERS:
                chapter(story)
        except StoryBroken as broken:
            print(f"\nThe demo does not hold. {broken}", file=sys.stderr)
            return 1
    return 0


def _introduce(paper: Paper) -> None:
    paper.line(paper.shaded("Snapshotter, a night on this machine", "title"))
    paper.line()
    chosen = " ".join(f"{name}={value}" for name, value in fleet.PARAMETERS.items())
    paper.say(
        "The function that is deployed runs against a Lightsail inside this process. Time is "
        "virtual, and no AWS account is touched."
    )
    paper.say(f"Stack: template.yaml's defaults and {chosen}")


if __name__ == "__main__":
    # A quarter of the time would go to looking for garbage, in a process that is soon over.
    gc.disable()
    sys.exit(main())
