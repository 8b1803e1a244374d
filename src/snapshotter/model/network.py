"""The network identity of an instance, in the tags of its recovery points."""

from snapshotter.model.firewall import to_tags
from snapshotter.model.inventory import Network
from snapshotter.model.tags import ADDRESS_TYPE, KEY_PAIR, STATIC_IP

DEFAULT_KEY_PAIR = "LightsailDefaultKeyPair"
"""The name that instances report for the default key pair of their region."""


def network_tags(network: Network) -> dict[str, str]:
    """Write it; what the instance does not have has no tag, nor has a firewall of six tags."""
    named = {
        STATIC_IP: network.static_ip,
        KEY_PAIR: network.key_pair,
        ADDRESS_TYPE: network.address_type,
    }
    firewall = to_tags(network.firewall) or {}
    return {**firewall, **{key: value for key, value in named.items() if value}}
