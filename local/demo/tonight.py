"""Chapters 1 to 3: the fleet, the scheduled run, and its second delivery."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from demo.facts import holds
from demo.fleet import FLEET, MENDED, NIGHT, Member, mend
from demo.paper import Cell, Shade
from demo.story import Run, Story
from demo.words import clock, counted, filled, names, remark, short, tagged, told, why
from invoke.events import EXAMPLES, read_event
from snapshotter.model.tags import TAG_LIMIT

SCHEDULED = EXAMPLES / "scheduled.json"
BUSY = {"cache-1", "orders-db"}
SELECTED = {member.name for member in FLEET if member.selected}
_COLUMNS = (22, 24)


def show_fleet(story: Story) -> None:
    """Chapter 1. What will happen is what a dry run of tonight's event says."""
    paper = story.paper
    paper.title("1  The fleet, and what tonight's run means to do")
    dry = story.run({**read_event(SCHEDULED), "dryRun": True}, NIGHT)
    creates = {each["resource"]: each for each in dry.of("create")}
    holds("The fleet is selected by its tags.", set(creates), SELECTED)
    writes = [call.operation for call in story.account.calls if call.operation[:3] != "Get"]
    holds("A dry run writes nothing.", writes, [])
    head = [Cell(text, "title") for text in ("Name", "Tags", "Tonight, and why")]
    paper.table([head, *_rows(creates)], _COLUMNS)
    paper.line()
    paper.say(
        f"The last column is a dry run of {SCHEDULED.parent.name}/{SCHEDULED.name}: "
        f"{counted(len(story.account.calls), 'request')}, none of which writes."
    )


def run_tonight(story: Story) -> None:
    """Chapter 2. Everything that can be taken is; what fails stops nothing else."""
    paper = story.paper
    paper.title(f"2  {NIGHT:%A, %Y-%m-%d %H:%M} UTC: the scheduled run")
    run = story.run(read_event(SCHEDULED), NIGHT)
    _check_tonight(story, run)
    begun = run.of("create", "started")
    paper.item("taken", f"{len(begun)}, each named like {begun[0]['snapshot']}:", "good")
    paper.item("", names(begun))
    for each in filter(remark, begun):
        paper.item("", f"{short(each['resource'])}: {remark(each)}")
    for each in run.of("create", "deferred"):
        paper.item("for later", f"{each['resource']}: {why(each)}", "waiting")
    for each in run.of("delete", "failed"):
        paper.item("failed", f"{each['resource']}: {why(each)}", "bad")
        paper.item("", f"It was snapshotted all the same; {each['reason']}.")
    left = ", ".join(member.name for member in FLEET if not member.selected)
    paper.item("left alone", f"{left}: nobody asked for them", "quiet")
    paper.line()
    paper.say(told(run.summary))
    _show_log(story, run)


def deliver_again(story: Story) -> None:
    """Chapter 3. Names come from the scheduled time, so it is the same run."""
    paper = story.paper
    at = NIGHT + timedelta(minutes=1)
    paper.title(f"3  {clock(at)}: the same event a second time")
    before = story.account.world()
    run = story.run(read_event(SCHEDULED), at)
    there = run.of("create", "exists")
    holds("A second delivery creates nothing.", run.summary["created"], 0)
    holds("A second delivery changes nothing at all.", story.account.world(), before)
    holds("It finds what is there.", {o["resource"] for o in there}, SELECTED - BUSY)
    paper.say(
        "One tag could not be understood, so the function raised SnapshotRunFailed after its "
        "work, and Lambda delivers the event again."
    )
    paper.line()
    paper.item("created", f"nothing; of {len(there)} it says: {there[0]['reason']}", "good")
    paper.item("for later", f"{names(run.of('create', 'deferred'))}, still", "waiting")
    mend(story.account)
    paper.line()
    paper.say(
        f"The owner of crm has read the message meanwhile, and writes snapshot:keep={MENDED}."
    )


def _rows(creates: Mapping[str, Mapping[str, Any]]) -> Iterator[list[Cell]]:
    region = ""
    for member in FLEET:
        what = creates.get(member.name)
        fate = _fate(member, what)
        text = "; ".join(filter(None, (fate, member.remark)))
        shade: Shade = "quiet" if what is None else "plain"
        kind = {"Disk": " (disk)", "RelationalDatabase": " (database)"}.get(member.kind, "")
        if member.region != region:
            region = member.region
            yield [Cell(region, "title"), Cell(""), Cell("")]
        yield [
            Cell(f"  {short(member.name + kind)}", shade),
            Cell(_tags(member), shade),
            Cell(text, "waiting" if what and what["status"] == "deferred" else shade),
        ]


def _fate(member: Member, what: Mapping[str, Any] | None) -> str:
    if what is not None:
        return "a snapshot" if what["status"] == "planned" else f"waits: {why(what)}"
    if "snapshot" in member.tags:
        return f"nothing: its tag says {member.tags['snapshot']}"
    return "nothing: no such tag"


def _tags(member: Member) -> str:
    written = tagged(member.tags)
    if len(written) > 3:
        return f"{written[0]} and {len(written) - 1} more"
    return ", ".join(written) or "-"


def _check_tonight(story: Story, run: Run) -> None:
    begun = run.of("create", "started")
    holds("All are taken but the busy ones.", {o["resource"] for o in begun}, SELECTED - BUSY)
    holds("The busy ones wait.", {o["resource"] for o in run.of("create", "deferred")}, BUSY)
    failed = [each["resource"] for each in run.outcomes if each["status"] == "failed"]
    holds("Only the tag that cannot be understood fails.", failed, ["crm"])
    holds("The run says so at its end.", run.error is not None, True)
    tags = {member.name: member.tags for member in FLEET}
    for each in begun:
        found = story.snapshots(each["region"])[each["snapshot"]]["tags"]
        ours = {key for key in found if key.startswith("snapshotter:")}
        source = sorted(tags[each["resource"]].items())[: TAG_LIMIT - len(ours)]
        kept = {key: value for key, value in found.items() if key not in ours}
        holds(f"The snapshot of {each['resource']} has its tags.", kept, dict(source))


def _show_log(story: Story, run: Run) -> None:
    paper = story.paper
    paper.line()
    paper.say(
        f"CloudWatch would hold {counted(len(run.records), 'log record')}, one for each outcome "
        f"and one for the run, and {counted(len(run.metrics), 'metric record')}, one for each "
        "region. One of them, with the operations as Lightsail returned them:"
    )
    paper.line()
    for text in filled(run.of("create", "started")[0]):
        indent = " " * (len(text) - len(text.lstrip()))
        paper.say(f"{indent}{text.lstrip()}", "quiet", hang=indent + "  ")
