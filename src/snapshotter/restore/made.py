"""What restores and drills made: its tags, what they say is left to do, and how it is found again.

The steps are words in one tag, in the order in which they are done.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from snapshotter.inputs.settings import Settings
from snapshotter.lightsail.clients import Clients
from snapshotter.model import tags as keys
from snapshotter.model.firewall import to_tags
from snapshotter.model.kinds import DISK, INSTANCE, Kind, Status
from snapshotter.model.names import DRILL_PREFIX, disk_names, resource_part
from snapshotter.model.outcome import ActionName, Outcome
from snapshotter.model.resource import COMPLETE_WITHIN, DONE, Inventory, RegionInventory, Resource
from snapshotter.model.snapshot import Snapshot
from snapshotter.model.tags import Tags
from snapshotter.plan.action import Action
from snapshotter.policy.selection import Drilling, is_of_drill
from snapshotter.restore.source import Identity, source_of

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
    """What a restore or a drill made. there: its region."""

    resource: Resource
    there: RegionInventory

    @property
    def region(self) -> str:
        return self.resource.region

    @property
    def is_drill(self) -> bool:
        return keys.DRILL in self.resource.tags

    @property
    def runs(self) -> bool:
        return self.resource.kind.resource_status(self.resource.state) is Status.READY

    @property
    def source_arn(self) -> str:
        return self.resource.tags.get(keys.SOURCE) or ""

    @property
    def source(self) -> Resource | None:
        return source_of(self.source_arn, self.there)

    @property
    def point_name(self) -> str:
        return self.resource.tags.get(keys.DRILL) or self.resource.tags.get(keys.RESTORED) or ""

    @property
    def point(self) -> Snapshot | None:
        """What it was made of, if that is still there."""
        wanted = (self.resource.kind, self.point_name)
        found = (each for each in self.there.snapshots if (each.kind, each.name) == wanted)
        return next(found, None)

    def about(self, reason: str, action: ActionName = "restore") -> Action:
        """An action about what was made."""
        resource, point = self.resource, "" if self.is_drill else self.point_name
        kind, name = resource.kind, resource.name
        return Action(action, self.region, kind, name, point, reason, self.source_arn)

    def about_point(self, reason: str) -> Action:
        """An action about the source of a drill and its recovery point."""
        part = resource_part(self.resource.name.removeprefix(DRILL_PREFIX))
        name = self.source.name if self.source else part
        return replace(self.about(reason), resource=name, snapshot=self.point_name)


def find_made(inventory: Inventory, policy: str, now: datetime) -> Iterator[Made]:
    """What restores and drills of a stack made and have not finished, in all regions read.

    A drill is recognised by its tags and its name: a tag alone could be a copy of the owner's. One
    that took over an address stays among them until the time limit: if another run had detached
    the address at the same time and was killed, the address would be free.
    """
    for there in inventory.regions.values():
        for each in there.resources:
            if each.tags.get(keys.POLICY) == policy and (
                (is_of_drill(each) and each.tags[keys.DRILL])
                or (
                    keys.RESTORED in each.tags
                    and keys.DRILL not in each.tags
                    and _is_unfinished(each, now)
                )
            ):
                yield Made(each, there)


def names_in(there: RegionInventory) -> set[str]:
    """The names that resources and snapshots of a region have."""
    return {each.name for each in there.resources} | {each.name for each in there.snapshots}


def _is_unfinished(resource: Resource, now: datetime) -> bool:
    started = resource.created_at
    lately = started is not None and now - started < COMPLETE_WITHIN
    return bool(resource.left_to_do) or (keys.STATIC_IP in resource.tags and lately)


def words_of(resource: Resource) -> tuple[str, ...]:
    """The steps that are left. A drill that an earlier version started has no word for them.

    The disks of a drill are looked at until it is checked: one can vanish again.
    """
    left = resource.left_to_do
    if keys.DRILL not in resource.tags:
        return left
    if keys.TO_DO not in resource.tags:
        came_with_instance = f":{INSTANCE.name}/" in (resource.tags.get(keys.SOURCE) or "")
        of_instance = resource.kind is DISK and came_with_instance
        return (REMOVE_STEP,) if of_instance else _drill_steps(resource.kind)
    tests_disks = CHECK_STEP in left and resource.kind is INSTANCE and DISKS_STEP not in left
    return (DISKS_STEP, *left) if tests_disks else left


def _drill_steps(kind: Kind) -> tuple[str, ...]:
    network = (DISKS_STEP, FIREWALL_STEP) if kind is INSTANCE else ()
    return (*network, CHECK_STEP, REMOVE_STEP)


def tags_of_drill(point: Snapshot, drill: Drilling, started: str, policy: str) -> Tags:
    ours = {
        keys.POLICY: policy,
        keys.SOURCE: point.source_arn,
        keys.TIME: started,
        keys.DRILL: point.name,
        keys.TO_DO: " ".join(_drill_steps(point.kind)),
    }
    checked = point.kind is INSTANCE and drill.port is not None
    return {**ours, keys.CHECK: str(drill)} if checked else ours


def tags_of_restored(
    point: Snapshot, identity: Identity, policy: str, *, take_over: bool, disks: str | None
) -> Tags:
    """Our tags of what is restored. An instance carries the steps that are left.

    disks: the word for its disks, if they need tags.
    """
    ours = {keys.RESTORED: point.name, keys.POLICY: policy, keys.SOURCE: point.source_arn}
    if point.kind is not INSTANCE:
        return ours
    steps: list[str] = []
    if identity.firewall is not None:
        steps.append(FIREWALL_STEP)
        # A firewall that needs more tags is read from the source.
        ours |= to_tags(identity.firewall) or {}
    if take_over and identity.static_ip:
        steps.append(f"{STATIC_IP_STEP}:{identity.static_ip}")
        ours[keys.STATIC_IP] = identity.static_ip
    steps += [disks] if disks else []
    return {**ours, keys.TO_DO: " ".join(steps) or DONE}


def inherited(tags: Tags, settings: Settings, *, protect: bool) -> Tags:
    """The tags of a source; the selection tag says whether what is made is protected."""
    key = settings.selection_tag_key
    others = {name: value for name, value in tags.items() if name != key}
    if protect:
        return {**others, key: settings.selection_tag_value or tags.get(key)}
    return {**others, key: "off"} if settings.selects_everything else others


def disks_word(
    point: Snapshot, numbers: list[int], there: RegionInventory, settings: Settings
) -> str | None:
    """The step that tags the disks of an instance; None if nothing is known to write on them.

    numbers: of those that keep the tags that protect them.
    """
    known = (
        tags_of_disk(disk.name, there, settings, protect=number in numbers)
        for number, disk in enumerate(point.attached, 1)
    )
    listed = ",".join(map(str, numbers))
    return f"{DISKS_STEP}:{listed}".rstrip(":") if any(known) else None


def number_of(disk: Resource, made: Made) -> int:
    """Which of the disks in the snapshot came with an instance as this disk, from 1; 0 if none."""
    instance, attached = made.resource.name, made.point.attached if made.point else ()
    if disk.attached_to != instance:
        return 0
    named = enumerate(zip(attached, disk_names(instance, len(attached)), strict=True), 1)
    return next((n for n, (was, name) in named if disk.name in (was.name, name)), 0)


def tags_of_disk(
    name: str, there: RegionInventory, settings: Settings, *, protect: bool, instance: str = ""
) -> Tags:
    """The tags of a disk that came with an instance: the source's, else those of its newest point.

    instance: the new one, whose own disk is not the source.
    """
    sources = (
        each.tags
        for each in there.resources
        if each.kind is DISK and each.name == name and each.attached_to != instance
    )
    points = (
        each
        for each in there.snapshots
        if each.kind is DISK
        and each.source_name == name
        and each.status is Status.READY
        and each.is_owned_by(settings.policy_name)
    )
    newest = max(points, key=lambda each: (each.time, each.name), default=None)
    tags = next(sources, newest.tags if newest else {})
    own = {key: value for key, value in tags.items() if not key.startswith(keys.OURS)}
    # Without a tag of its own a protected one is in the snapshots of its instance.
    return own if protect else inherited(own, settings, protect=False)
