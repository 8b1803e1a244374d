"""Requests with the deployed role: what it allows, and what it refuses.

A request that is allowed may still be refused by Lightsail, for another reason than access. A
request that must be refused is about resources of the run, so that a role that allows it does
no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from conform.run import Client, Run
from conform.statements import DoesNotHold, Statement
from conform.transcript import Transcript

DENIED = "AccessDeniedException"
RESTORES, COPIES = "restores", "copies"
POLICY = "snapshotter:policy"


@dataclass(frozen=True)
class Deployed:
    """What the stack was deployed with.

    policy: its PolicyName. features: RESTORES with EnableRestore, COPIES with the second Region
        of the run in CopyToRegions. Its Regions are the first Region of the run, as by default.
    """

    policy: str = "snapshotter"
    features: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Names:
    """What the parameters of a probe are made of."""

    run: Run
    policy: str

    def __call__(self, what: str) -> str:
        return self.run.name(what)

    def tags(self, *keys: str, policy: str | None = "") -> list[dict[str, str]]:
        """The run's tag and the policy's (None for none), and keys of ours with some value."""
        return [self.run.tag, *self.only(*keys, policy=policy)]

    def only(self, *keys: str, policy: str | None = "") -> list[dict[str, str]]:
        """The same without the run's tag, for statements that allow no other keys."""
        given = {} if policy is None else {"policy": policy or self.policy}
        given |= dict.fromkeys(keys, "conformance")
        return [{"key": f"snapshotter:{key}", "value": value} for key, value in given.items()]


@dataclass(frozen=True)
class Probe:
    """One request.

    sid: the statement of the role that it is about.
    allowed: whether the role allows it, provided that the stack has what it `needs`.
    follows: it is about what an allowed probe made, so it is left out without what it needs.
    there: whether it is sent to the second Region.
    """

    sid: str
    text: str
    operation: str
    parameters: Callable[[Names], Mapping[str, Any]] = field(repr=False)
    allowed: bool = True
    needs: str = ""
    follows: bool = False
    there: bool = False

    @property
    def step(self) -> str:
        return f"role: {self.sid}: {self.operation} {self.text}".rstrip()

    def is_asked(self, deployed: Deployed) -> bool:
        return not self.follows or self.needs in deployed.features

    def expected(self, deployed: Deployed) -> bool:
        return self.allowed and (not self.needs or self.needs in deployed.features)


def ask(
    run: Run, role: Callable[[str, Mapping[str, Any] | None], Client], deployed: Deployed
) -> None:
    """Make every probe, and the one that asks whether a create with tags needs TagResource."""
    from conform.probes.table import PROBES, prepare

    names = Names(run, deployed.policy)
    prepare(names)
    here, there = run.account.region, run.account.copy_region
    for probe in filter(lambda probe: probe.is_asked(deployed), PROBES):
        region = there if probe.there else here
        parameters = dict(probe.parameters(names))
        run.probe(probe.step, probe.operation, role(region, None), region, parameters)
    create = {"Effect": "Allow", "Action": "lightsail:CreateDiskSnapshot", "Resource": "*"}
    alone = role(here, {"Version": "2012-10-17", "Statement": [create]})
    snapshot: dict[str, Any] = {"diskName": names("disk"), "tags": names.tags("source", "time")}
    snapshot["diskSnapshotName"] = names("role-without-tag-resource")
    run.probe("role-without-tag-resource", "CreateDiskSnapshot", alone, here, snapshot)


def statements(deployed: Deployed) -> list[Statement]:
    """One for each probe."""
    from conform.probes.table import PROBES

    return [
        Statement(
            f"docs/security.md, {probe.sid}:",
            f"{probe.operation} {probe.text} is "
            f"{'allowed' if probe.expected(deployed) else 'refused'}.".replace("  ", " "),
            partial(_check, probe, probe.expected(deployed)),
        )
        for probe in PROBES
        if probe.is_asked(deployed)
    ]


def _check(probe: Probe, expected: bool, seen: Transcript) -> None:
    error = seen(probe.step).error
    if (error.get("code") != DENIED) != expected:
        wanted = "allowed" if expected else "refused"
        raise DoesNotHold(f"expected it to be {wanted}, found {dict(error) or 'it accepted'}")
