"""Reads feeds and pages over HTTP: politely, within bounds, and never from a private address.

The one home of aiohttp. Redirects are followed by hand so that every hop is judged, bodies are unpacked by hand
so that a small answer cannot grow without bound, and the address of every connection is checked when its socket
is made: whatever a name resolved to, literals and redirects included.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp

from watchers.feed_model import Fetched, Reason
from watchers.feeds.safety import is_public_address, not_public, refusal
from watchers.ports import FetchError

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, "
    "text/html;q=0.6, */*;q=0.1"
)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SENT_AGAIN = frozenset({307, 308})
_OK = 200
_NOT_MODIFIED = 304
_GONE = 410
_CHUNK = 65_536
_MEGABYTE = 1_000_000
_DNS_CACHE_SECONDS = 300
_CONNECTIONS_PER_HOST = 4

_STATUS_WORDS = {
    400: "the server does not understand our request (400)",
    401: "the server wants a password (401)",
    403: "the server refuses us (403)",
    404: "there is nothing at this address (404)",
    406: "the server has no feed it would give us (406)",
    410: "the feed is gone for good (410)",
    429: "the server asks us to come less often (429)",
    451: "the server may not show this for legal reasons (451)",
    500: "the server failed (500)",
    502: "the server failed (502)",
    503: "the server is busy (503)",
    504: "the server failed (504)",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one fetch. Times are in seconds, sizes in bytes after unpacking."""

    size: int = 10 * _MEGABYTE
    total: float = 30.0
    """From the first byte asked for to the last byte read, redirects included."""
    silence: float = 15.0
    """The longest pause within an answer, and the longest wait for a connection."""
    redirects: int = 5


class HttpFetcher:
    """Implements `ports.Fetcher` on aiohttp; use it as an asynchronous context manager.

    `allowed_hosts` are host names or addresses the operator trusts although they are private, on any port.
    `contact` is an address or page named to every server, so that its keeper can reach the operator; None names
    nobody. Proxy variables of the environment and cookies are ignored.
    """

    def __init__(
        self, allowed_hosts: frozenset[str] = frozenset(), contact: str | None = None, *, limits: Limits | None = None
    ) -> None:
        """Remember what is allowed; connections are made only inside the context."""
        self._allowed = frozenset(host.lower() for host in allowed_hosts)
        self._user_agent = user_agent(contact)
        self._limits = limits or Limits()
        self._guarded: aiohttp.ClientSession | None = None
        self._trusted: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the connection pools: one that refuses private addresses, one for the allowed hosts."""
        self._guarded = self._session(_public_socket)
        self._trusted = self._session(None)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        for session in (self._guarded, self._trusted):
            if session is not None:
                await session.close()
        self._guarded = self._trusted = None

    def _session(self, socket_factory: aiohttp.SocketFactoryType | None) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            socket_factory=socket_factory, limit_per_host=_CONNECTIONS_PER_HOST, ttl_dns_cache=_DNS_CACHE_SECONDS
        )
        silence = self._limits.silence
        return aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=None, connect=silence, sock_read=silence),
            headers={"User-Agent": self._user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"},
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
        )

    async def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """Return what `url` answers, or that nothing has changed since `etag` or `last_modified`.

        Raise `FetchError` with the reason in plain words: unreachable, refused, too large, too slow, not there,
        or not allowed.
        """
        try:
            async with asyncio.timeout(self._limits.total):
                return await self._follow(url, etag, last_modified)
        except TimeoutError as error:
            message = f"{_host(url)} did not answer in time (we wait {self._limits.total:g} seconds)"
            raise FetchError(Reason("{said}", said=message)) from error

    async def _follow(self, url: str, etag: str | None, last_modified: str | None) -> Fetched:
        for _ in range(self._limits.redirects + 1):
            try:
                answer = await self._hop(url, etag, last_modified)
            except TimeoutError:
                raise
            except (aiohttp.ClientError, OSError, ValueError) as error:
                raise FetchError(Reason("{said}", said=_plain_reason(error, _host(url)))) from error
            if isinstance(answer, Fetched):
                return answer
            url = answer
        message = f"the address is redirected more than {self._limits.redirects} times"
        raise FetchError(Reason("{said}", said=message))

    async def _hop(self, url: str, etag: str | None, last_modified: str | None) -> Fetched | str:
        """Ask one address; return its answer, or the address it sends us to."""
        objection = refusal(url, self._allowed)
        if objection is not None:
            raise FetchError(Reason("{said}", said=objection))
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value is not None}
        async with self._session_for(url).get(url, headers=headers, allow_redirects=False) as response:
            if response.status not in _REDIRECTS:
                return await self._answer(response, url, etag, last_modified)
            target = response.headers.get("Location")
        if target is None:
            message = f"{_host(url)} redirects, but does not say where"
            raise FetchError(Reason("{said}", said=message))
        try:
            return urljoin(url, target)
        except ValueError as error:
            message = f"{_host(url)} redirects to what is not a web address"
            raise FetchError(Reason("{said}", said=message)) from error

    async def post_form(self, url: str, fields: Mapping[str, str]) -> int:
        """Send a form to `url`; return the status of the answer, of which nothing else is read.

        A hub may send us on (307, 308; WebSub, section 5.1.2), but not to where others could read along. Raise
        `FetchError` as `fetch` does.
        """
        try:
            async with asyncio.timeout(self._limits.total):
                for _ in range(self._limits.redirects + 1):
                    status, onward = await self._post(url, fields)
                    if onward is None:
                        return status
                    url = onward
        except TimeoutError as error:
            message = f"{_host(url)} did not answer in time (we wait {self._limits.total:g} seconds)"
            raise FetchError(Reason("{said}", said=message)) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise FetchError(Reason("{said}", said=_plain_reason(error, _host(url)))) from error
        message = f"the address is redirected more than {self._limits.redirects} times"
        raise FetchError(Reason("{said}", said=message))

    async def _post(self, url: str, fields: Mapping[str, str]) -> tuple[int, str | None]:
        """Send a form to one address; return the status, and where it is to be sent instead (None: nowhere)."""
        objection = refusal(url, self._allowed)
        if objection is not None:
            raise FetchError(Reason("{said}", said=objection))
        async with self._session_for(url).post(url, data=dict(fields), allow_redirects=False) as response:
            target = response.headers.get("Location") if response.status in _SENT_AGAIN else None
            onward = None if target is None else urljoin(url, target)
            bares = onward is not None and url.startswith("https:") and not onward.startswith("https:")
            return response.status, None if bares else onward

    def _session_for(self, url: str) -> aiohttp.ClientSession:
        session = self._trusted if _host(url) in self._allowed else self._guarded
        if session is None:
            message = "HttpFetcher is used outside its context"
            raise RuntimeError(message)
        return session

    async def _answer(
        self, response: aiohttp.ClientResponse, url: str, etag: str | None, last_modified: str | None
    ) -> Fetched:
        headers = response.headers
        new_etag, new_last_modified = headers.get("ETag"), headers.get("Last-Modified")
        if response.status == _NOT_MODIFIED:
            return Fetched(url, None, "", new_etag or etag, new_last_modified or last_modified)
        if response.status != _OK:
            words = _STATUS_WORDS.get(response.status, f"the server answered with status {response.status}")
            wait = retry_after(headers.get("Retry-After"), headers.get("Date"))
            raise FetchError(Reason(words), retry_after=wait, gone=response.status == _GONE)
        body = await self._body(response)
        return Fetched(url, body, headers.get("Content-Type", ""), new_etag, new_last_modified)

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        """Read the body chunk by chunk, stopping at the bound however small it was packed."""
        unpacker = _Unpacker(response.headers.get("Content-Encoding", ""))
        body = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            body += unpacker.unpack(chunk, self._limits.size + 1 - len(body))
            if len(body) > self._limits.size:
                message = f"the feed is larger than {self._limits.size / _MEGABYTE:g} MB"
                raise FetchError(Reason("{said}", said=message))
        unpacker.finish()
        return bytes(body)


class _Unpacker:
    """Undoes a Content-Encoding, giving out no more than it is asked for."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding.strip().lower()
        if self._encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            message = f"the answer is packed in a way we did not ask for ({self._encoding[:40]})"
            raise FetchError(Reason("{said}", said=message))
        self._plain = self._encoding in {"", "identity"}
        self._inflater: zlib._Decompress | None = None

    def unpack(self, chunk: bytes, room: int) -> bytes:
        """Return at most `room` bytes of what `chunk` adds."""
        if self._plain:
            return chunk[:room]
        unpacked = bytearray()
        try:
            while chunk and len(unpacked) < room:
                if self._inflater is None:
                    self._inflater = self._start(chunk)
                unpacked += self._inflater.decompress(chunk, room - len(unpacked))
                # A gzip body may be several members one after another; zeros after the last are padding.
                chunk = self._inflater.unused_data.lstrip(b"\0")
                if chunk:
                    self._inflater = None
        except zlib.error as error:
            message = f"the answer says it is packed with {self._encoding}, but it cannot be unpacked"
            raise FetchError(Reason("{said}", said=message)) from error
        return bytes(unpacked)

    def _start(self, chunk: bytes) -> zlib._Decompress:
        if self._encoding != "deflate":
            return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        # RFC 9110 means the zlib format; some servers send bare deflate instead.
        zlib_header = chunk[0] & 0x0F == zlib.DEFLATED
        return zlib.decompressobj(wbits=zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)

    def finish(self) -> None:
        """Refuse a packed body that stopped before its end."""
        if self._inflater is not None and not self._inflater.eof:
            message = "the answer breaks off before its end"
            raise FetchError(Reason("{said}", said=message))


class _PrivateAddressError(OSError):
    """A connection to an address that is not on the public internet was about to be made."""


def _public_socket(address: aiohttp.AddrInfoType) -> socket.socket:
    """Make the socket of a connection, unless it would lead to a private address."""
    family, kind, protocol, _, place = address
    if not is_public_address(str(place[0])):
        raise _PrivateAddressError(not_public(str(place[0])))
    return socket.socket(family, kind, protocol)


def user_agent(contact: str | None) -> str:
    """Return how we name ourselves to servers: name, version, and where to complain."""
    try:
        number = version("aide-memoire")
    except PackageNotFoundError:  # run from a checkout that was never installed
        number = "dev"
    about = f"news reader for a Discord bot; {contact}" if contact else "news reader for a Discord bot"
    return f"Aide-Memoire/{number} ({about})"


def retry_after(value: str | None, server_date: str | None) -> timedelta | None:
    """Return how long a `Retry-After` header asks us to wait, or None where it says nothing usable.

    A date is measured against the server's own `Date` header, so that a wrong clock on either side does not
    matter.
    """
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value[:10]), 10**8))
    until, now = _http_date(value), _http_date(server_date or "")
    if until is None or now is None:
        return None
    return max(until - now, timedelta(0))


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or url[:200]
    except ValueError:
        return url[:200]


def _plain_reason(error: Exception, host: str) -> str:
    """Return what went wrong on the way to `host`, in words a moderator understands."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return _connection_reason(error, host)
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return f"{host} is not a web address"
    if isinstance(error, aiohttp.ClientPayloadError):
        return "the answer breaks off before its end"
    if isinstance(error, aiohttp.ServerDisconnectedError | OSError):
        return f"{host} broke off the connection"
    return f"the answer of {host} is not proper HTTP"


def _connection_reason(error: aiohttp.ClientConnectorError, host: str) -> str:
    cause = error.os_error
    if isinstance(cause, _PrivateAddressError) or "not an address on the public internet" in str(cause):
        return not_public(host)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"the name {host} cannot be found (DNS)"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"the certificate of {host} is not valid (TLS)"
    if isinstance(error, aiohttp.ClientSSLError) or isinstance(cause, ssl.SSLError):
        return f"{host} offers no secure connection we can use (TLS)"
    if isinstance(cause, ConnectionRefusedError):
        return f"{host} refuses connections"
    return f"{host} cannot be reached"
