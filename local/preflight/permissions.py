"""What the function's role allows and refuses: one row for each promise.

The tests evaluate each row with the translated template; `make preflight LIVE=1` has IAM's own
simulator evaluate it. Resource types are those of the Service Authorization Reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import product
from types import MappingProxyType
from typing import NamedTuple

Tags = Mapping[str, str | None]
NONE: Tags = MappingProxyType({})

ACCOUNT, OTHER_ACCOUNT = "123456789012", "999999999999"
HERE, ALSO, COPIES, ELSEWHERE = "us-east-1", "eu-central-1", "us-west-2", "eu-west-2"
KEY = f"arn:aws:kms:{HERE}:{ACCOUNT}:key/0b1c"
TOPIC = f"arn:aws:sns:{HERE}:{ACCOUNT}:snapshotter-AlarmTopic"
LOG = f"arn:aws:logs:{HERE}:{ACCOUNT}:log-group:snapshotter-RunLogs:*"
OTHER_LOG = LOG.replace("RunLogs", "OtherLogs")
QUEUE = f"arn:aws:sqs:{HERE}:{ACCOUNT}:snapshotter-FailedRuns"

STACKS: Mapping[str, Mapping[str, str]] = {
    "plain": {"Regions": f"{HERE},{ALSO}"},
    "copies": {"CopyToRegions": COPIES},
    "restores": {"EnableRestore": "true"},
    "letters": {"NotificationEmail": "backups@example.com", "NotificationKeyArn": KEY},
}
"""What each stack adds to the parameters of those before it; all have the name `snapshotter`."""

KINDS = ("Instance", "Disk", "RelationalDatabase")
SNAPSHOTS = tuple(f"{kind}Snapshot" for kind in KINDS)

READS = (
    *("GetInstances", "GetInstanceSnapshot", "GetInstanceSnapshots", "GetDisks"),
    *("GetDiskSnapshot", "GetDiskSnapshots", "GetRelationalDatabases"),
    *("GetRelationalDatabaseSnapshot", "GetRelationalDatabaseSnapshots"),
    *("GetOperationsForResource", "GetStaticIps"),
)
RESTORE_READS = (
    *("GetInstance", "GetDisk", "GetRelationalDatabase", "GetBundles", "GetRegions"),
    *("GetRelationalDatabaseBundles", "GetKeyPairs", "GetStaticIp"),
    *("GetDomains", "GetLoadBalancers", "GetDistributions"),
)
CREATES = tuple(f"Create{snapshot}" for snapshot in SNAPSHOTS)
DELETES = tuple(f"Delete{snapshot}" for snapshot in SNAPSHOTS)
RESTORES = (
    *("CreateInstancesFromSnapshot", "CreateDiskFromSnapshot"),
    "CreateRelationalDatabaseFromSnapshot",
)
REMOVALS = tuple(f"Delete{kind}" for kind in KINDS)
FIREWALL = ("PutInstancePublicPorts", "CloseInstancePublicPorts")
NEVER = (
    *("UntagResource", "DeleteAutoSnapshot", "ReleaseStaticIp", "OpenInstancePublicPorts"),
    *("DisableAddOn", "DeleteKeyPair", "StopInstance", "UpdateRelationalDatabase"),
)

TYPES: Mapping[str, str] = {
    **dict(zip(CREATES, KINDS, strict=True)),
    **dict(zip(DELETES, SNAPSHOTS, strict=True)),
    **dict(zip(RESTORES, SNAPSHOTS, strict=True)),
    **dict(zip(REMOVALS, KINDS, strict=True)),
    **dict.fromkeys((*FIREWALL, "AttachStaticIp"), "Instance"),
    "DetachStaticIp": "StaticIp",
}
"""The resource type on which an action is authorised; `*` if it is not here."""

OURS: Tags = {
    "snapshotter:policy": "snapshotter",
    "snapshotter:source": f"arn:aws:lightsail:{HERE}:{ACCOUNT}:Instance/1",
    "snapshotter:time": "2026-11-23T04:50:00Z",
}
POLICY: Tags = {"snapshotter:policy": "snapshotter"}
ANOTHER: Tags = {"snapshotter:policy": "another"}
THEIRS: Tags = {**OURS, **ANOTHER}
HELD = tuple({**OURS, "snapshotter:hold": value} for value in ("legal case 7", "", None))
INCOMPLETE = tuple({key: OURS[key] for key in OURS if key != left_out} for left_out in OURS)
DRILL: Tags = {**OURS, "snapshotter:drill": "web-20261123T045000Z", "snapshotter:port": "443"}
RESTORED: Tags = {"snapshotter:restored": "web-20261123T045000Z", "team": "shop", "snapshot": "off"}
RESTORED_BY_US: Tags = {**RESTORED, **OURS, "snapshotter:to-do": "firewall static-ip:web"}
TO_DO: Tags = {**POLICY, "snapshotter:to-do": "done"}
PASSED: Tags = {**POLICY, "snapshotter:verified": "x", "snapshotter:recovery-seconds": "1800"}
FAILED: Tags = {**POLICY, "snapshotter:drill-failed": "2026-11-23T07:50:00Z"}
NO_DRILL = (NONE, OURS, RESTORED, {"snapshotter:drill": "x"}, {**DRILL, **ANOTHER})
NOT_RESTORED = (NONE, OURS, RESTORED, {**RESTORED_BY_US, **ANOTHER})
MORE_THAN_STEPS: tuple[Tags, ...] = (
    NONE,
    {"snapshotter:to-do": "done"},
    {**TO_DO, **ANOTHER},
    {**TO_DO, "snapshotter:drill": "x"},
    {**TO_DO, "team": "shop"},
)
MORE_THAN_RESULTS: tuple[Tags, ...] = (
    NONE,
    {"snapshotter:verified": "x"},
    {**PASSED, **ANOTHER},
    {**PASSED, "snapshotter:retention": "x"},
)
VIA_SNS = {"kms:ViaService": f"sns.{HERE}.amazonaws.com"}

ANY_READING = "any reading"
"""AWS does not document what IAM sees for a create and its tags: an ARN, all of them, or `*`."""


class Row(NamedTuple):
    """One promise, for each combination of its members.

    stack: where it is allowed, the first that allows it; where it is not, the last that does not.
    on: resource types, whole ARNs or ANY_READING; by default the type of each action. other:
    condition keys that are about neither tags nor regions.
    """

    allowed: bool
    says: str
    actions: tuple[str, ...]
    request: tuple[Tags, ...] = (NONE,)
    resource: tuple[Tags, ...] = (NONE,)
    regions: tuple[str, ...] = (HERE,)
    on: tuple[str, ...] = ()
    stack: str = ""
    other: Mapping[str, str] = MappingProxyType({})
    account: str = ACCOUNT


class Case(NamedTuple):
    """One call. action: with its service. resource: the ARN that it is authorised on, or `*`."""

    says: str
    allowed: bool
    stack: str
    action: str
    resource: str
    region: str
    request_tags: Tags
    resource_tags: Tags
    other: Mapping[str, str]


yes, no = partial(Row, True), partial(Row, False)
TAG, COPY = ("TagResource",), ("CopySnapshot",)
ATTACH, DETACH = ("AttachStaticIp",), ("DetachStaticIp",)
LETTER, ENCRYPT = (
    ("sns:Publish", "sns:ListSubscriptionsByTopic"),
    ("kms:Decrypt", "kms:GenerateDataKey"),
)
ANY, INSTANCE, BOTH = (ANY_READING,), ("Instance",), (*KINDS, *SNAPSHOTS)
NOWHERE = (ELSEWHERE,)
RUN = (
    yes("everything is read", READS, regions=(HERE, ELSEWHERE)),
    yes("a snapshot is created with our tags", CREATES, (OURS,), regions=(HERE, ALSO), on=ANY),
    no("or not at all", CREATES, (NONE, THEIRS, {"policy": "snapshotter"}), on=ANY),
    no("or where nothing is protected", CREATES, (OURS,), regions=(COPIES, ELSEWHERE), on=ANY),
    yes("it gets its tags", TAG, (OURS, {**OURS, "a": None}), (NONE,), (HERE, ALSO), ANY),
    yes("and again", TAG, (OURS,), (OURS, NONE), on=SNAPSHOTS),
    yes("copies too", TAG, (OURS,), (NONE,), (COPIES,), ANY, "copies"),
    no("with policy, source and time", TAG, (NONE, THEIRS, *INCOMPLETE), (NONE, OURS), on=ANY),
    no("of no other policy", TAG, (OURS, DRILL, RESTORED), (THEIRS, ANOTHER), on=BOTH),
    no("in no other region", TAG, (OURS, DRILL, RESTORED), (NONE,), NOWHERE, ANY),
    no("without a drill's mark", TAG, (DRILL,), on=ANY, stack="copies"),
    yes("ours is deleted", DELETES, resource=(OURS,), regions=(HERE, ALSO)),
    yes("and our copies", DELETES, resource=(OURS,), regions=(COPIES,), stack="copies"),
    no("unless it is held", DELETES, resource=HELD),
    no("nothing else is", DELETES, resource=(NONE, THEIRS, {"snapshotter:drill": "x"})),
    no("whatever the request says", DELETES, (OURS,)),
    no("elsewhere nothing is", DELETES, resource=(OURS,), regions=NOWHERE),
    no("a name alone is nothing", DELETES, resource=(OURS,), on=(*KINDS, "*")),
    no("nor another account's", DELETES, resource=(OURS,), account=OTHER_ACCOUNT),
    no("a source is never deleted", REMOVALS, resource=(NONE, OURS, DRILL), stack="copies"),
    yes("copies are made", COPY, regions=(HERE, ALSO, COPIES), stack="copies"),
    no("only if asked for", COPY, regions=(HERE, COPIES), stack="plain"),
    no("in our regions", COPY, regions=NOWHERE),
    no("no code does this", NEVER, (NONE, OURS), (NONE, OURS, DRILL)),
    yes("the log is written", ("logs:CreateLogStream", "logs:PutLogEvents"), on=(LOG,)),
    no("no other log", ("logs:CreateLogStream", "logs:PutLogEvents"), on=(OTHER_LOG, "*")),
    yes("failed runs are kept", ("sqs:SendMessage",), on=(QUEUE,)),
    no("in no other queue", ("sqs:SendMessage",), on=(f"{QUEUE}2", "*")),
)
MARKED = (RESTORED, RESTORED_BY_US)
RESTORE = (
    yes("what a restore needs is read", RESTORE_READS, stack="restores"),
    no("without restores it is not", RESTORE_READS, stack="copies"),
    yes("any is restored", RESTORES, MARKED, (NONE, THEIRS), (HERE, COPIES), ANY, "restores"),
    no("not without restores", RESTORES, (RESTORED, DRILL), (NONE, OURS), on=ANY, stack="copies"),
    no("with the mark", RESTORES, (NONE, OURS, {**DRILL, **RESTORED}), on=ANY),
    no("also of our own", RESTORES, (NONE, OURS), (OURS,)),
    no("in our regions", RESTORES, (RESTORED,), regions=NOWHERE, on=ANY),
    yes("it is tagged", TAG, MARKED, (NONE,), (HERE, COPIES), ANY, "restores"),
    no("for this policy", TAG, ({**RESTORED, **ANOTHER}, {**DRILL, **RESTORED}), MARKED, on=ANY),
    yes("steps", TAG, (TO_DO,), (RESTORED_BY_US,), (HERE, COPIES), INSTANCE, "restores"),
    no("of what we restored", TAG, (TO_DO,), (*NOT_RESTORED, DRILL), on=INSTANCE),
    no("in our regions, too", TAG, (TO_DO,), (RESTORED_BY_US,), NOWHERE, INSTANCE),
    no("of an instance", TAG, (TO_DO,), (RESTORED_BY_US,), on=("Disk", *SNAPSHOTS)),
    no("and no other tag", TAG, MORE_THAN_STEPS, (RESTORED_BY_US,), on=INSTANCE),
    yes("firewalls", FIREWALL, (NONE,), (RESTORED_BY_US,), (HERE, COPIES), stack="restores"),
    no("of nothing else", FIREWALL, (NONE,), (*NOT_RESTORED, {**DRILL, **ANOTHER})),
    no("nor elsewhere", FIREWALL, (NONE,), (RESTORED_BY_US, DRILL), NOWHERE),
    no("nor of a type without", FIREWALL, (NONE,), (RESTORED_BY_US, DRILL), on=("Disk",)),
    yes("an address comes", ATTACH, (NONE,), (RESTORED_BY_US,), (HERE, COPIES), stack="restores"),
    yes("any address", ATTACH, regions=(HERE, COPIES), on=("StaticIp",), stack="restores"),
    no("to nothing else", ATTACH, (NONE,), (*NOT_RESTORED, DRILL)),
    no("or elsewhere", ATTACH, (NONE,), (RESTORED_BY_US,), NOWHERE),
    yes("an address goes", DETACH, regions=(HERE, ALSO), stack="restores"),
    no("only in protected regions", DETACH, regions=(COPIES, ELSEWHERE)),
    no("an address only", DETACH, on=INSTANCE),
)
DRILLS = (
    yes("ours are drilled", RESTORES, (DRILL,), (OURS,), (HERE, ALSO), stack="restores"),
    no("no others", RESTORES, (DRILL,), (NONE, THEIRS)),
    no("with this policy", RESTORES, ({**DRILL, **ANOTHER},), (OURS,)),
    no("no copies", RESTORES, (DRILL,), (OURS,), (COPIES,)),
    no("snapshots only", RESTORES, (DRILL,), (OURS,), on=("*", "Instance")),
    yes("a drill is tagged", TAG, (DRILL,), (NONE,), (HERE, ALSO), ANY, "restores"),
    yes("its disks too", TAG, (DRILL,), ({"team": "shop"}, OURS), on=KINDS, stack="restores"),
    no("no mark on what is restored", TAG, (DRILL,), MARKED, on=KINDS),
    no("nor without the policy", TAG, ({"snapshotter:drill": "x"}, {**DRILL, **ANOTHER}), on=ANY),
    no("nor on copies", TAG, (DRILL,), (NONE,), (COPIES,), ANY),
    yes("results", TAG, (PASSED, FAILED), (OURS,), (HERE, ALSO), SNAPSHOTS, "restores"),
    no("on our points", TAG, (PASSED, FAILED), (NONE, THEIRS), on=SNAPSHOTS),
    no("on no copies", TAG, (PASSED,), (OURS,), (COPIES,), SNAPSHOTS),
    no("on nothing else", TAG, (PASSED, FAILED), (OURS, DRILL), on=KINDS),
    no("and no other key", TAG, MORE_THAN_RESULTS, (OURS,), on=SNAPSHOTS),
    yes("its firewall", FIREWALL, (NONE,), (DRILL,), (HERE, ALSO), stack="restores"),
    no("no copy's", FIREWALL, (NONE,), (DRILL,), (COPIES,)),
    yes("drills are deleted", REMOVALS, (NONE,), (DRILL,), (HERE, ALSO), stack="restores"),
    no("nothing else is deleted", REMOVALS, (NONE,), (*NO_DRILL, RESTORED_BY_US)),
    no("nor in a copy's region", REMOVALS, (NONE,), (DRILL,), (COPIES,)),
    no("nor another type", REMOVALS, (NONE,), (DRILL,), on=("LoadBalancer", *SNAPSHOTS)),
)
LETTERS = (
    yes("letters are sent", LETTER, on=(TOPIC,), stack="letters"),
    no("to no other topic", LETTER, on=(f"{TOPIC}2", "*")),
    no("not without an address", (*LETTER, *ENCRYPT), on=(TOPIC, KEY, "*"), stack="restores"),
    yes("the own log is read", ("logs:FilterLogEvents",), on=(LOG,), stack="letters"),
    no("no other log", ("logs:FilterLogEvents",), on=(OTHER_LOG, "*")),
    no("not without letters", ("logs:FilterLogEvents",), on=(LOG,), stack="restores"),
    yes("the key encrypts", ENCRYPT, on=(KEY,), stack="letters", other=VIA_SNS),
    no("through SNS only", ENCRYPT, on=(KEY,), other={"kms:ViaService": "s3.amazonaws.com"}),
    no("without another service", ENCRYPT, on=(KEY,)),
    no("no other key", ENCRYPT, on=(f"{KEY}2", "*"), other=VIA_SNS),
)
ROWS = (*RUN, *RESTORE, *DRILLS, *LETTERS)


def parameters(stack: str) -> dict[str, str]:
    """Return the parameters of a stack of STACKS."""
    names = list(STACKS)
    added = [STACKS[each] for each in names[: names.index(stack) + 1]]
    return {name: value for each in added for name, value in each.items()}


def cases() -> Iterator[Case]:
    """Give every call of every row."""
    for row in ROWS:
        stack = row.stack or ("plain" if row.allowed else "letters")
        for action, request, resource, region in product(
            row.actions, row.request, row.resource, row.regions
        ):
            name = action if ":" in action else f"lightsail:{action}"
            for arn in _arns(row, action, region):
                call = (name, arn, region, request, resource, row.other)
                yield Case(row.says, row.allowed, stack, *call)


def _arns(row: Row, action: str, region: str) -> Iterator[str]:
    account = f"arn:aws:lightsail:{region}:{row.account}:"
    for on in row.on or (TYPES.get(action, "*"),):
        if on == ANY_READING:
            types = [TYPES[action]] if action in TYPES else BOTH
            yield from ("*", f"{account}*", *(f"{account}{each}/1" for each in types))
        else:
            yield on if on == "*" or ":" in on else f"{account}{on}/1"


def allowed_actions(stack: str) -> set[str]:
    """Return the actions that a stack's role allows on some condition."""
    names = list(STACKS)
    until = names[: names.index(stack) + 1]
    return {case.action for case in cases() if case.allowed and case.stack in until}
