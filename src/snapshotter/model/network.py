"""The network identity of an instance, in the tags of its recovery points."""

from snapshotter.model.firewall import from_tags, to_tags
from snapshotter.model.inventory import Network
from snapshotter.model.tags import ADDRESS_TYPE, KEY_PAIR, STATIC_IP, Tags


def network_tags(network: Network) -> dict[str, str]:
    """Write it; what the instance does not have has no tag, nor has a firewall of six tags."""
    named = {
        STATIC_IP: network.static_ip,
        KEY_PAIR: network.key_pair,
        ADDRESS_TYPE: network.address_type,
    }
    firewall = to_tags(network.firewall) or {}
    return {**firewall, **{key: value for key, value in named.items() if value}}


def network_of(tags: Tags) -> Network | None:
    """Read it; None where the tags do not tell the firewall."""
    firewall = from_tags(tags)
    if firewall is None:
        return None
    return Network(firewall, tags.get(KEY_PAIR), tags.get(ADDRESS_TYPE), tags.get(STATIC_IP))
