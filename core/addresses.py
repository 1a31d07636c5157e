"""Which addresses a preview may dial: only those of the public internet."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# IANA's special-purpose registries (RFC 6890 and after), spelled out because what Python calls global differs between
# its versions and lets translation prefixes through; and the address at which Azure speaks to its own machines.
_REFUSED_V4 = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
# Everything outside of 2000::/3 is refused as a whole: loopback, mapped and translated IPv4, unique and link-local.
_PUBLIC_V6 = ip_network("2000::/3")
_REFUSED_V6 = tuple(
    ip_network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)


def is_public(address: str) -> bool:
    """Whether `address` (an IP address, not a name) is one of the public internet; anything unreadable is not."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return not any(found in network for network in _REFUSED_V4)
    return _is_public_v6(found)


def _is_public_v6(found: IPv6Address) -> bool:
    if found.scope_id is not None or found not in _PUBLIC_V6:
        return False
    return not any(found in network for network in _REFUSED_V6)
