"""The network identity of a restored instance, and where it is known from."""

from collections.abc import Iterator
from dataclasses import dataclass

from snapshotter.inputs.request import RestoreRequest
from snapshotter.model.firewall import Firewall, from_tags, to_tags
from snapshotter.model.inventory import Resource
from snapshotter.model.kinds import INSTANCE
from snapshotter.model.network import DEFAULT_KEY_PAIR
from snapshotter.model.outcome import Outcome
from snapshotter.model.series import OwnSnapshot
from snapshotter.model.tags import (
    ADDRESS_TYPE,
    KEY_PAIR,
    POLICY,
    RESTORED,
    SOURCE,
    STATIC_IP,
    TO_DO,
    Tags,
)
from snapshotter.plan.steps import DONE, FIREWALL_STEP, STATIC_IP_STEP
from snapshotter.restore.checks import Offers
from snapshotter.restore.choose import refused

_DEFAULTS = "so Lightsail's defaults apply"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a new instance is to have; None for what is not known, or for Lightsail's default.

    reasons: where it is known from, and what is not as it was.
    """

    firewall: Firewall | None = None
    key_pair: str | None = None
    address_type: str | None = None
    static_ip: str | None = None
    reasons: tuple[str, ...] = ()


def wanted_key_pair(point: OwnSnapshot, source: Resource | None) -> str | None:
    """The name of the key pair, if it is not the default one of the region."""
    network = source.network if source else None
    name = network.key_pair if network else point.snapshot.tags.get(KEY_PAIR)
    return None if name == DEFAULT_KEY_PAIR else name


def identity_of(point: OwnSnapshot, source: Resource | None, offers: Offers) -> Identity:
    """The identity of the source if it exists, else the one in the tags of the recovery point."""
    if point.kind is not INSTANCE:
        return Identity()
    tags, network = point.snapshot.tags, source.network if source else None
    firewall = network.firewall if network else from_tags(tags)
    address_type = network.address_type if network else tags.get(ADDRESS_TYPE)
    key_pair = wanted_key_pair(point, source)
    if not network and firewall is None and KEY_PAIR not in tags and address_type is None:
        return Identity(
            static_ip=tags.get(STATIC_IP),
            reasons=(f"its firewall, key pair and address type are not known, {_DEFAULTS}",),
        )
    whose = f"of {source.name} now" if source and network else f"recorded in {point.name}"
    what = "key pair and address type"
    what = what if firewall is None else f"firewall, {what}"
    return Identity(
        firewall=firewall,
        key_pair=key_pair if key_pair in offers.key_pairs else None,
        address_type=address_type,
        static_ip=network.static_ip if network else tags.get(STATIC_IP),
        reasons=(f"with the {what} {whose}", *_not_as_it_was(point, firewall, key_pair, offers)),
    )


def _not_as_it_was(
    point: OwnSnapshot, firewall: Firewall | None, key_pair: str | None, offers: Offers
) -> Iterator[str]:
    if firewall is None:
        yield f"its firewall is not known, {_DEFAULTS}"
    if key_pair is None and point.is_copy:
        yield f"its key pair is the default one of {point.region}, not of {point.source_region}"
    elif key_pair is not None and key_pair not in offers.key_pairs:
        yield f"{point.region} has no key pair {key_pair}, so it has the default one"


def restore_tags(
    point: OwnSnapshot, identity: Identity, take_over: bool, policy: str
) -> dict[str, str | None]:
    """Our tags of what is restored. An instance carries the steps that are left."""
    if point.kind is not INSTANCE:
        return {RESTORED: point.name}
    steps: list[str] = []
    recorded: Tags = {}
    if identity.firewall is not None:
        steps.append(FIREWALL_STEP)
        # A firewall that needs more tags is read from the source.
        recorded = to_tags(identity.firewall) or {}
    if take_over and identity.static_ip:
        steps.append(f"{STATIC_IP_STEP}{identity.static_ip}")
        recorded = {**recorded, STATIC_IP: identity.static_ip}
    ours = {RESTORED: point.name, POLICY: policy, SOURCE: point.source_arn}
    return {**ours, **recorded, TO_DO: " ".join(steps) or DONE}


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
    name = identity.static_ip
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
