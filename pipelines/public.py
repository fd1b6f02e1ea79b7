"""Which numbers of the internet are open to all: what a stranger names must lead to one of these and nowhere else."""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_OF_CLOUDS = frozenset({ipaddress.ip_address("168.63.129.16")})
"""Azure's door to a machine's own settings has a public number."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open internet, in each of the forms in which one address hides in another."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.teredo:
            return False
        hidden = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            hidden = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if hidden is not None:
            return is_public(hidden)
        if address.is_site_local:
            return False
    return (
        address.is_global
        and not (address.is_multicast or address.is_reserved or address.is_loopback or address.is_link_local)
        and address not in _OF_CLOUDS
    )


def parsed(host: str) -> Address:
    """The number that a socket or a name server tells, without the network card's name that may stand behind it."""
    return ipaddress.ip_address(host.partition("%")[0])
