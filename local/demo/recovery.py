"""Chapter 6: a server is wanted as it was, and is restored beside itself."""

import json
from datetime import timedelta

from demo.facts import holds
from demo.fleet import FLEET, HOME, NIGHT, settings
from demo.fortnight import NIGHTS, SERVER, recovery_points
from demo.story import Run, Story
from demo.words import Outcome, clock, tagged
from lightsail_moto.controls.world import World
from snapshotter.model.tags import RESTORED
from snapshotter.model.times import to_iso

MORNING = NIGHT + timedelta(days=NIGHTS, hours=4, minutes=22)
LATER = MORNING + timedelta(minutes=5)
UPGRADE = (MORNING - timedelta(days=1)).replace(hour=12, minute=0)
EVENT = {"action": "restore", "resource": SERVER.name, "asOf": to_iso(UPGRADE)}
DISK = next(member for member in FLEET if member.attached_to == SERVER.name)


def restore(story: Story) -> None:
    """Chapter 6. What is made stands beside its source, which nobody touches."""
    paper = story.paper
    paper.title(f"6  {MORNING:%A, %Y-%m-%d %H:%M} UTC: {SERVER.name} as it was")
    name = _begin(story)
    _wait(story, name)


def _begin(story: Story) -> str:
    """Returns the new name."""
    paper = story.paper
    story.account.clock.set(MORNING)
    before = story.account.world()
    so_far = len(story.account.calls)
    run = story.run(EVENT, MORNING)
    begun = _only(run, "started")
    writes = _writes(story, so_far)
    holds("A restore writes once.", writes, ["CreateInstancesFromSnapshot"])
    name = begun["resource"]
    made, disks = _check_made(story, begun, before)
    paper.say(
        f"An upgrade on {UPGRADE:%A} at noon was a mistake, and the owner invokes the function with"
    )
    paper.say(json.dumps(EVENT), "quiet")
    paper.line()
    paper.item("restoring", f"{name} in {begun['region']}", "good")
    paper.item("from", f"{begun['snapshot']}: {begun['reason']}")
    for disk, record in disks.items():
        paper.item("with disk", f"{disk}: {record['sizeInGb']} GB like {DISK.name}")
    paper.item("with tags", ", ".join(tagged(made["tags"])))
    paper.item(
        "without",
        f"the tag {settings().selection_tag_key}, which stayed behind: what is restored is not "
        'protected, unless "protect": true asks for it',
        "quiet",
    )
    paper.item("untouched", f"{SERVER.name}, its disk and all else: there was one write", "good")
    return str(name)


def _wait(story: Story, name: str) -> None:
    paper = story.paper
    paper.title(f"   {clock(LATER)}: the same event a second time")
    story.account.clock.set(LATER)
    before = story.account.world()
    so_far = len(story.account.calls)
    holds("It runs soon.", before[HOME]["Instance"][name]["state"], "running")
    again = _only(story.run(EVENT, LATER), "exists")
    holds("It is the same restore.", again["resource"], name)
    holds("A restore asked for again writes nothing.", _writes(story, so_far), [])
    holds("It changes nothing at all.", story.account.world(), before)
    paper.item("running", name, "good")
    paper.item("created", f"nothing: {again['reason'].rpartition('; ')[2]}", "good")
    paper.line()
    paper.say(f"Once all is right with it, the owner moves the address over from {SERVER.name}.")


def _only(run: Run, status: str) -> Outcome:
    holds("A restore ends well.", run.error, None)
    told = [(each["action"], each["status"]) for each in run.outcomes]
    holds("It has one outcome.", told, [("restore", status)])
    return run.outcomes[0]


def _writes(story: Story, so_far: int) -> list[str]:
    operations = [call.operation for call in story.account.calls[so_far:]]
    return [operation for operation in operations if not operation.startswith("Get")]


def _check_made(story: Story, begun: Outcome, before: World) -> tuple[Outcome, dict[str, Outcome]]:
    """Returns the new instance, and its disks by name."""
    name, snapshot = begun["resource"], begun["snapshot"]
    newest = max(time for time in recovery_points(story, HOME) if time <= UPGRADE)
    promise = "It comes from the newest recovery point before the upgrade."
    holds(promise, (snapshot, begun["region"]), (f"{SERVER.name}-{newest:%Y%m%dT%H%M%SZ}", HOME))
    world = story.account.world()
    instances, shelf = world[HOME]["Instance"], world[HOME]["Disk"]
    made = instances.pop(name)
    disks: dict[str, Outcome] = {
        disk: shelf.pop(disk) for disk in list(shelf) if shelf[disk]["attachedTo"] == name
    }
    holds(f"{SERVER.name} and all else is untouched.", world, before)
    sizes = [disk["sizeInGb"] for disk in disks.values()]
    holds("Its disk comes with it.", sizes, [shelf[DISK.name]["sizeInGb"]])
    selection = settings().selection_tag_key
    tags = {key: value for key, value in SERVER.tags.items() if key != selection}
    holds("All tags but the selection's.", made["tags"], {**tags, RESTORED: snapshot})
    return made, disks
