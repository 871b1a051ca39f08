"""Connections to the public internet and to no other: whatever a name resolves to, at every redirect.

The address of every connection is checked when its socket is made, so that literals, names that resolve otherwise the
second time (DNS rebinding) and redirects are all judged by where they really lead. Also: what went wrong on the way,
in plain words.
"""

from __future__ import annotations

import socket
import ssl

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from watchers.feed_model import Reason
from watchers.feeds.names import LookUp, Names, SlowNamesError
from watchers.feeds.safety import is_public_address, not_public

_DNS_CACHE_SECONDS = 300
_MOST_HEADERS = 128
_LONGEST_HEADER = 8_190
_RECEIVED_AT_ONCE = 65_536
"""Bytes that wait to be read. They are parsed in one go, in which nothing else has its turn: made of chunks of one
byte, or of ten thousand preliminary answers, what the system would take in by itself keeps the loop for long."""


def within(total: float, silence: float) -> aiohttp.ClientTimeout:
    """Return the bounds of one request in seconds: the whole of it, and the longest silence."""
    return aiohttp.ClientTimeout(total=total, connect=silence, sock_read=silence)


def open_session(
    headers: dict[str, str], timeout: aiohttp.ClientTimeout, look_up: LookUp, *, guarded: bool
) -> aiohttp.ClientSession:
    """Return a pool of connections whose requests have these headers and bounds.

    A `guarded` one refuses private addresses. How many connections there are at once is for the caller to bound.
    """
    connector = aiohttp.TCPConnector(
        resolver=_ThreadedNames(look_up),
        socket_factory=_public_socket if guarded else _socket,
        ttl_dns_cache=_DNS_CACHE_SECONDS,
        limit=0,
    )
    return aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        headers=headers,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        max_headers=_MOST_HEADERS,
        max_line_size=_LONGEST_HEADER,
        max_field_size=_LONGEST_HEADER,
    )


class _ThreadedNames(AbstractResolver):
    """Fits `Names` to aiohttp, which keeps the answers for a while."""

    def __init__(self, look_up: LookUp) -> None:
        self._names = Names(look_up)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._names.addresses(host, port, family)
        return [
            ResolveResult(
                hostname=host,
                host=one.address,
                port=one.port,
                family=one.family,
                proto=one.protocol,
                flags=socket.AI_NUMERICHOST,
            )
            for one in found
        ]

    async def close(self) -> None:
        """There is nothing to close: no thread outlives its look-up."""


class _PrivateAddressError(OSError):
    """A connection to an address that is not on the public internet was about to be made."""


def _public_socket(address: aiohttp.AddrInfoType) -> socket.socket:
    """Make the socket of a connection, unless it would lead to a private address."""
    host = str(address[4][0])
    if not is_public_address(host):
        raise _PrivateAddressError(str(not_public(host)))
    return _socket(address)


def _socket(address: aiohttp.AddrInfoType) -> socket.socket:
    family, kind, protocol, _, _ = address
    made = socket.socket(family, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVED_AT_ONCE)
    return made


def why_not(error: Exception, host: str) -> Reason:
    """Return what went wrong on the way to `host`, in words a moderator understands."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return _why_no_connection(error, host)
    if isinstance(error, aiohttp.ServerTimeoutError):
        return _why_late(error, host)
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return Reason("{address} is not a web address", address=host)
    if isinstance(error, aiohttp.ClientPayloadError):
        return Reason("the answer breaks off before its end")
    if isinstance(error, aiohttp.ServerDisconnectedError | OSError):
        return Reason("{host} broke off the connection", host=host)
    return Reason("the answer of {host} is not proper HTTP", host=host)


def _why_late(error: aiohttp.ServerTimeoutError, host: str) -> Reason:
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return Reason("{host} did not answer in time (it takes no connection)", host=host)
    return Reason("{host} did not answer in time (it fell silent)", host=host)


def _why_no_connection(error: aiohttp.ClientConnectorError, host: str) -> Reason:
    cause = error.os_error
    if isinstance(cause, _PrivateAddressError) or "not an address on the public internet" in str(cause):
        return not_public(host)
    if isinstance(cause, SlowNamesError):
        return Reason("no name server says in time where {host} is (DNS)", host=host)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Reason("the name {host} cannot be found (DNS)", host=host)
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return Reason("the certificate of {host} is not valid (TLS)", host=host)
    if isinstance(error, aiohttp.ClientSSLError) or isinstance(cause, ssl.SSLError):
        return Reason("{host} offers no secure connection we can use (TLS)", host=host)
    refused = isinstance(cause, ConnectionRefusedError)
    return Reason("{host} refuses connections", host=host) if refused else Reason("{host} cannot be reached", host=host)
