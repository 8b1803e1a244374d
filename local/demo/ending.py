"""Chapter 7: where to go from here."""

from demo.story import Story

NEXT = (
    ("make invoke EVENT=events/dry_run.json", "this fleet: the answer, whole"),
    ("make invoke EVENT=events/dry_run.json LIVE=1 AWS_PROFILE=you", "your account, only read"),
    ("make deploy ARGS=--guided", "the stack, in your account"),
)


def show_next(story: Story) -> None:
    """Chapter 7: three commands."""
    paper = story.paper
    paper.title("7  What to do next")
    longest = max(len(command) for command, _ in NEXT)
    for command, meaning in NEXT:
        paper.line(f"   {paper.shaded(command.ljust(longest), 'good')}  {meaning}")
    paper.line()
