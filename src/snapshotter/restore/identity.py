"""The network identity of a restored instance, and where it is known from."""

from dataclasses import dataclass, replace

from snapshotter.inputs.request import RestoreRequest
from snapshotter.model.firewall import to_tags
from snapshotter.model.inventory import Network, Resource
from snapshotter.model.kinds import INSTANCE
from snapshotter.model.network import network_of
from snapshotter.model.outcome import Outcome
from snapshotter.model.series import OwnSnapshot
from snapshotter.model.tags import POLICY, RESTORED, SOURCE, STATIC_IP, TO_DO
from snapshotter.plan.restores import DONE
from snapshotter.restore.checks import Offers
from snapshotter.restore.choose import refused


@dataclass(frozen=True, slots=True)
class Identity:
    """What the new instance gets. network: None where nothing is known; reason: from where."""

    network: Network | None
    reason: str


def identity_of(point: OwnSnapshot, source: Resource | None, offers: Offers) -> Identity:
    """The identity of the source if it exists, else the one in the tags of the recovery point."""
    if point.kind is not INSTANCE:
        return Identity(None, "")
    network = source.network if source else network_of(point.snapshot.tags)
    if network is None:
        return Identity(
            None,
            "its firewall, key pair and address type are not known, so it has Lightsail's defaults",
        )
    whose = f"of {source.name} now" if source else f"recorded in {point.name}"
    reason = f"with the firewall, key pair and address type {whose}"
    if network.key_pair and network.key_pair not in offers.key_pairs:
        reason += f"; {point.region} has no key pair {network.key_pair}, so it has the default one"
        network = replace(network, key_pair=None)
    return Identity(network, reason)


def restore_tags(
    point: OwnSnapshot, identity: Identity, take_over: bool, policy: str
) -> dict[str, str | None]:
    """Our tags of what is restored. An instance carries the steps that are left."""
    ours: dict[str, str | None] = {RESTORED: point.name}
    if point.kind is not INSTANCE:
        return ours
    network = identity.network
    words = ["firewall"] if network else []
    ours |= {POLICY: policy, SOURCE: point.source_arn}
    if network is not None:
        ours |= to_tags(network.firewall) or {}
        if take_over and network.static_ip:
            words.append(f"{STATIC_IP_STEP}{network.static_ip}")
            ours[STATIC_IP] = network.static_ip
    return {**ours, TO_DO: " ".join(words) or DONE}


STATIC_IP_STEP = "static-ip:"


def wrong_address(
    point: OwnSnapshot,
    request: RestoreRequest,
    identity: Identity,
    source: Resource | None,
    offers: Offers,
    target: str,
) -> Outcome | None:
    """Why the static address cannot move to the new instance; None where it can."""
    if not request.take_over:
        return None
    name = identity.network.static_ip if identity.network else None
    found = next((each for each in offers.addresses if each.name == name), None)
    owners = {None, target, source.name if source else None}
    if point.kind is not INSTANCE:
        why = f"a {point.kind.noun} has no static address"
    elif name is None:
        why = f"no static address of {point.source_name} is known"
    elif found is None:
        why = f"{point.region} has no static address {name}, and none can move between regions"
    elif found.attached_to not in owners:
        why = f"{name} is attached to {found.attached_to}, which is not the source of {point.name}"
    else:
        return None
    message = f"{point.name}: takeOver is not possible: {why}: leave takeOver out"
    return refused(request, "InvalidTakeOver", message, point)
