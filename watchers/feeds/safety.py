"""What may be fetched and linked to: pure rules against addresses that mean harm.

The address rules follow the IANA special-purpose registries (RFC 6890 and its updates). They are written out
here because `ipaddress.is_global` has changed its answers between Python releases.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlsplit

from watchers.feed_model import Reason

MAX_LINK = 2_000
"""Longest link kept, in characters; no browser or Discord button takes more."""

_NOT_IN_HOSTS = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}\ud800-\udfff]")
_WEB_PORTS = frozenset({80, 443})

_CLOSED_V4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT, often a cloud's inner network
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, Teredo, benchmarking
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_LAST_32_BITS = 0xFFFFFFFF


def bares(address: str, place: str) -> bool:
    """Return whether who is sent on from `address` to `place` leaves the shelter of TLS."""
    return address.lower().startswith("https:") and not place.lower().startswith("https:")


def is_public_address(address: str) -> bool:
    """Return whether `address` (IPv4 or IPv6, as text) lies on the public internet.

    IPv6 forms that carry an IPv4 address (mapped, 6to4, NAT64) are judged by the address they carry. What is
    no address at all is not public.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        carried = _carried_v4(ip)
        if carried is None:
            return ip in _GLOBAL_V6 and not any(ip in block for block in _CLOSED_V6)
        ip = carried
    return not any(ip in block for block in _CLOSED_V4)


def _carried_v4(ip: IPv6Address) -> IPv4Address | None:
    if ip in _NAT64:
        return IPv4Address(int(ip) & _LAST_32_BITS)
    return ip.ipv4_mapped or ip.sixtofour


def refusal(url: str, allowed_hosts: frozenset[str] = frozenset()) -> Reason | None:
    """Return in plain words why `url` must not be fetched, or None where it may be tried.

    Only http and https on ports 80 and 443 pass; a host in `allowed_hosts` may have any port. Names are not
    looked up here: the address they lead to is checked when the connection is made.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return Reason("{address} is not a web address", address=url[:200])
    if parts.scheme not in {"http", "https"} or not host or _NOT_IN_HOSTS.search(host):
        return Reason("{address} is not a web address (it must begin with http:// or https://)", address=url[:200])
    if host in allowed_hosts:
        return None
    if port is not None and port not in _WEB_PORTS:
        return Reason("port {port} of {host} is not a web port (80 or 443)", port=port, host=host)
    if _is_literal(host) and not is_public_address(host):
        return not_public(host)
    return None


def host_of(url: str) -> str:
    """Return the host of an address, without a dot at its end; of what has none, the beginning of it."""
    try:
        return (urlsplit(url).hostname or url[:200]).removesuffix(".")
    except ValueError:
        return url[:200]


def not_public(host: str) -> Reason:
    """Return the plain words for a host that leads to a private address."""
    return Reason("{host} is not an address on the public internet", host=host)


def _is_literal(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_KEPT_IN_LINKS = "!#$%&'()*+,/:;=?@[]~-._"


def clean_link(url: str | None) -> str | None:
    """Return `url` as a link that may be shown, or None.

    Only http and https pass, with a host, without a user name (which poses as a host), and at most `MAX_LINK`
    characters long. Spaces, quotes and other characters that could break out of a link are percent-encoded.
    """
    if not url:
        return None
    bare = _CONTROL.sub("", url).strip()
    try:
        parts = urlsplit(bare)
        usable = parts.scheme.lower() in {"http", "https"} and parts.hostname and parts.username is None
    except ValueError:
        return None
    if not usable:
        return None
    link = quote(bare, safe=_KEPT_IN_LINKS)
    return link if len(link) <= MAX_LINK else None
