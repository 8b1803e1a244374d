"""What restores and drills made: its tags, what they say is left to do, and how it is found again.

The steps are words in one tag, in the order in which they are done.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from snapshotter.inputs.settings import Settings
from snapshotter.lightsail.clients import Clients
from snapshotter.model.firewall import to_tags
from snapshotter.model.kinds import DISK, INSTANCE, Status
from snapshotter.model.names import DRILL_PREFIX, disk_names, is_disk_of, resource_part
from snapshotter.model.outcome import ActionName, Outcome
from snapshotter.model.resource import COMPLETE_WITHIN, DONE, Inventory, RegionInventory, Resource
from snapshotter.model.snapshot import AttachedDisk, Snapshot
from snapshotter.model.tags import (
    CHECK,
    DRILL,
    OURS,
    POLICY,
    RESTORED,
    SOURCE,
    STATIC_IP,
    TIME,
    TO_DO,
    Tags,
)
from snapshotter.plan.action import Action
from snapshotter.policy.selection import Drilling, is_of_drill
from snapshotter.restore.identity import Identity, source_of

FIREWALL_STEP = "firewall"
STATIC_IP_STEP = "static-ip"
"""With the name of a static address: `static-ip:web-1-address`."""
DISKS_STEP = "disks"
"""Tag the disks that came with an instance. Those that stay protected are numbered: `disks:1,2`."""
CHECK_STEP = "check"
"""Find out whether a drill has passed, and write it on its recovery point."""
REMOVE_STEP = "remove"

GOOD = ("exists", "started", "tagged", "deleted")
"""Statuses of an outcome with which a step is done."""

Outcomes = tuple[Outcome, ...]
Step = Callable[["Run", "Made", str, Outcomes], tuple[Outcomes, bool]]
"""Do a step: what it reports, and whether it is done.

It is called with what follows the colon of its word, and the outcomes of the steps before it.
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What the steps of one run share.

    now: its scheduled time. elapsed_s: seconds since it started drills, if it waits for them.
    spent_s: by the name of a drill, the seconds that its checks took in this run.
    """

    clients: Clients
    settings: Settings
    now: datetime
    elapsed_s: int | None = None
    spent_s: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """What a restore or a drill made. there: its region. point: what it was made of, if there."""

    resource: Resource
    there: RegionInventory
    point: Snapshot | None = None

    @property
    def region(self) -> str:
        return self.resource.region

    @property
    def is_drill(self) -> bool:
        return DRILL in self.resource.tags

    @property
    def runs(self) -> bool:
        return self.resource.kind.resource_status(self.resource.state) is Status.READY

    @property
    def source(self) -> Resource | None:
        return source_of(self.resource.tags.get(SOURCE) or "", self.there)

    @property
    def point_name(self) -> str:
        return self.resource.tags.get(DRILL) or self.resource.tags.get(RESTORED) or ""

    def about(self, reason: str, action: ActionName = "restore") -> Action:
        """An action about what was made."""
        point = "" if self.is_drill else self.point_name
        return self._action(self.resource.name, point, reason, action)

    def about_point(self, reason: str) -> Action:
        """An action about the source of a drill and its recovery point."""
        part = resource_part(self.resource.name.removeprefix(DRILL_PREFIX))
        name = self.source.name if self.source else part
        return self._action(name, self.point_name, reason, "restore")

    def _action(self, name: str, point: str, reason: str, action: ActionName) -> Action:
        source = self.resource.tags.get(SOURCE) or ""
        return Action(action, self.region, self.resource.kind, name, point, reason, source)


def find_made(inventory: Inventory, policy: str, now: datetime) -> Iterator[Made]:
    """What restores and drills of a stack made and have not finished, in all regions read.

    A drill is recognised by its tags and its name: a tag alone could be a copy of the owner's. One
    that took over an address stays among them until the time limit: if another run had detached
    the address at the same time and was killed, the address would be free.
    """
    for there in inventory.regions.values():
        for each in there.resources:
            if each.tags.get(POLICY) == policy and (
                (is_of_drill(each) and each.tags[DRILL])
                or (RESTORED in each.tags and DRILL not in each.tags and _is_unfinished(each, now))
            ):
                yield made_of(each, there)


def made_of(resource: Resource, there: RegionInventory) -> Made:
    name = resource.tags.get(DRILL) or resource.tags.get(RESTORED)
    points = (each for each in there.snapshots if (each.kind, each.name) == (resource.kind, name))
    return Made(resource, there, next(points, None))


def names_in(there: RegionInventory) -> set[str]:
    """The names that resources and snapshots of a region have."""
    return {each.name for each in there.resources} | {each.name for each in there.snapshots}


def _is_unfinished(resource: Resource, now: datetime) -> bool:
    started = resource.created_at
    lately = started is not None and now - started < COMPLETE_WITHIN
    return bool(resource.left_to_do) or (STATIC_IP in resource.tags and lately)


def words_of(resource: Resource) -> tuple[str, ...]:
    """The steps that are left. A drill that an earlier version started has no word for them.

    The disks of a drill are looked at until it is checked: one can vanish again.
    """
    left = resource.left_to_do
    if DRILL not in resource.tags or TO_DO in resource.tags:
        tests_disks = DRILL in resource.tags and CHECK_STEP in left and resource.kind is INSTANCE
        return (DISKS_STEP, *left) if tests_disks and DISKS_STEP not in left else left
    if resource.kind is DISK and f":{INSTANCE.name}/" in (resource.tags.get(SOURCE) or ""):
        return (REMOVE_STEP,)
    network = (DISKS_STEP, FIREWALL_STEP) if resource.kind is INSTANCE else ()
    return (*network, CHECK_STEP, REMOVE_STEP)


def tags_of_drill(point: Snapshot, drill: Drilling, started: str, policy: str) -> Tags:
    instance = point.kind is INSTANCE
    words = (DISKS_STEP, FIREWALL_STEP) if instance else ()
    ours = {
        POLICY: policy,
        SOURCE: point.source_arn,
        TIME: started,
        DRILL: point.name,
        TO_DO: " ".join((*words, CHECK_STEP, REMOVE_STEP)),
    }
    return {**ours, CHECK: str(drill)} if instance and drill.port is not None else ours


def tags_of_restored(
    point: Snapshot, identity: Identity, policy: str, *, take_over: bool, disks: str | None
) -> Tags:
    """Our tags of what is restored. An instance carries the steps that are left.

    disks: the word for its disks, if they need tags.
    """
    ours = {RESTORED: point.name, POLICY: policy, SOURCE: point.source_arn}
    if point.kind is not INSTANCE:
        return ours
    steps: list[str] = []
    recorded: dict[str, str] = {}
    if identity.firewall is not None:
        steps.append(FIREWALL_STEP)
        # A firewall that needs more tags is read from the source.
        recorded |= to_tags(identity.firewall) or {}
    if take_over and identity.static_ip:
        steps.append(f"{STATIC_IP_STEP}:{identity.static_ip}")
        recorded[STATIC_IP] = identity.static_ip
    steps += [disks] if disks else []
    return {**ours, **recorded, TO_DO: " ".join(steps) or DONE}


def inherited(tags: Tags, settings: Settings, *, protect: bool) -> Tags:
    """The tags of a source; the selection tag says whether what is made is protected."""
    key = settings.selection_tag_key
    others = {name: value for name, value in tags.items() if name != key}
    if protect:
        return {**others, key: settings.selection_tag_value or tags.get(key)}
    return {**others, key: "off"} if settings.selects_everything else others


def disks_word(
    point: Snapshot, numbers: tuple[int, ...], there: RegionInventory, settings: Settings
) -> str | None:
    """The step that tags the disks of an instance; None if nothing is known to write on them.

    numbers: of those that keep the tags that protect them.
    """
    known = (
        tags_of_disk(disk, there, settings, protect=number in numbers)
        for number, disk in enumerate(point.attached, 1)
    )
    listed = ",".join(map(str, numbers))
    return f"{DISKS_STEP}:{listed}".rstrip(":") if any(known) else None


def came_with(disk: Resource, made: Made, attached: tuple[AttachedDisk, ...]) -> bool:
    """Return whether a disk came with an instance: by its name, and by what it is attached to."""
    instance = made.resource.name
    if made.is_drill:
        # A disk that somebody attached to another instance is not touched.
        return is_disk_of(disk.name, instance) and disk.attached_to in (None, "", instance)
    return disk.attached_to == instance and number_of(disk, instance, attached) is not None


def number_of(disk: Resource, instance: str, attached: tuple[AttachedDisk, ...]) -> int | None:
    """Which of the disks in the snapshot it is, counted from 1."""
    names = disk_names(instance, len(attached))
    for number, (of_snapshot, name) in enumerate(zip(attached, names, strict=True), 1):
        if disk.name in (of_snapshot.name, name):
            return number
    return None


def tags_of_disk(
    disk: AttachedDisk,
    there: RegionInventory,
    settings: Settings,
    *,
    protect: bool,
    instance: str = "",
) -> Tags:
    """The tags of a disk that came with an instance: the source's, else those of its newest point.

    instance: the new one, whose own disk is not the source.
    """
    sources = [
        each.tags
        for each in there.resources
        if each.kind is DISK and each.name == disk.name and each.attached_to != instance
    ]
    points = [
        (each.time, each.name, each.tags)
        for each in there.snapshots
        if each.kind is DISK
        and each.source_name == disk.name
        and each.status is Status.READY
        and each.is_owned_by(settings.policy_name)
    ]
    newest = max(points, key=lambda each: each[:2], default=None)
    tags = sources[0] if sources else (newest[2] if newest else {})
    own = {key: value for key, value in tags.items() if not key.startswith(OURS)}
    key = settings.selection_tag_key
    if protect:
        # Without a tag of its own it is in the snapshots of its instance.
        return own
    without = {name: value for name, value in own.items() if name != key}
    return {**without, key: "off"} if settings.selects_everything else without
