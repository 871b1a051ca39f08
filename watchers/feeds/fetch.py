"""Reads feeds and pages over HTTP: politely, within bounds, and never from a private address.

Redirects are followed by hand so that every hop is judged and waits for its turn, and bodies are unpacked by hand so
that a small answer cannot grow without bound. Which addresses are connected to is judged in connections.py.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urljoin

import aiohttp

from watchers.feed_model import Fetched, Reason
from watchers.feeds.connections import open_session, why_not, within
from watchers.feeds.headers import fresh_for, linked, retry_after, validator
from watchers.feeds.names import LookUp, system_look_up
from watchers.feeds.politeness import Politeness
from watchers.feeds.safety import bares, clean_link, host_of, refusal
from watchers.feeds.unpack import ACCEPTED, Unpacker
from watchers.ports import FetchError

PRODUCT = "Aide-Memoire"
"""Our product token, in User-Agent and for robots.txt."""

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, "
    "text/xml;q=0.9, text/html;q=0.6, */*;q=0.1"
)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_SENT_AGAIN = frozenset({307, 308})
_OK = 200
_NOT_MODIFIED = 304
_GONE = 410
_MEGABYTE = 1_000_000
_BREATH = 1_000_000
_LONGEST_TYPE = 200

_STATUS_WORDS = {
    400: Reason("the server does not understand our request (400)"),
    401: Reason("the server wants a password (401)"),
    403: Reason("the server refuses us (403)"),
    404: Reason("there is nothing at this address (404)"),
    406: Reason("the server has no feed it would give us (406)"),
    410: Reason("the feed is gone for good (410)"),
    429: Reason("the server asks us to come less often (429)"),
    451: Reason("the server may not show this for legal reasons (451)"),
    500: Reason("the server failed (500)"),
    502: Reason("the server failed (502)"),
    503: Reason("the server is busy (503)"),
    504: Reason("the server failed (504)"),
}

_log = logging.getLogger(__name__)

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one fetch. Times are in seconds, sizes in bytes, packed and unpacked."""

    size: int = 10 * _MEGABYTE
    total: float = 30.0
    """From the first byte asked for to the last byte read, redirects included, waiting for a turn not."""
    silence: float = 15.0
    """The longest pause within an answer, and the longest wait for a connection."""
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class _Onward:
    """A redirect."""

    url: str
    for_good: bool


class HttpFetcher:
    """Implements `ports.Fetcher` on aiohttp; use it as an asynchronous context manager.

    `allowed_hosts` are host names or addresses the operator trusts although they are private, on any port.
    `contact` is an address or page named to every server, so that its keeper can reach the operator; None names
    nobody. `politeness` holds the lines before hosts (None: its own), `look_up` finds the addresses of names. Proxy
    variables of the environment and cookies are ignored.
    """

    def __init__(
        self,
        allowed_hosts: frozenset[str] = frozenset(),
        contact: str | None = None,
        *,
        limits: Limits | None = None,
        politeness: Politeness | None = None,
        look_up: LookUp = system_look_up,
    ) -> None:
        """Remember what is allowed; connections are made only inside the context."""
        self._allowed = frozenset(host.lower() for host in allowed_hosts)
        self._headers = {"User-Agent": user_agent(contact), "Accept": _ACCEPT, "Accept-Encoding": ACCEPTED}
        self._limits = limits or Limits()
        self._politeness = politeness or Politeness(self._allowed)
        self._look_up = look_up
        self._guarded: aiohttp.ClientSession | None = None
        self._trusted: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the connection pools: one that refuses private addresses, one for the allowed hosts."""
        timeout = within(self._limits.total, self._limits.silence)
        self._guarded = open_session(self._headers, timeout, self._look_up, guarded=True)
        self._trusted = open_session(self._headers, timeout, self._look_up, guarded=False)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        for session in (self._guarded, self._trusted):
            if session is not None:
                await session.close()
        self._guarded = self._trusted = None

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, pause: timedelta | None = None
    ) -> Fetched:
        """Return what `url` answers, or that nothing has changed since `etag` or `last_modified`.

        Its host is asked when its turn has come (see politeness.py, which says what `pause` is). Raise `FetchError`
        with the reason in plain words: unreachable, refused, too large, too slow, not there, or not allowed; or not
        asked, because its host asked us to wait.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value is not None}

        async def ask(url: str, session: aiohttp.ClientSession, seconds: float) -> Fetched | _Onward:
            return await self._get(url, session, headers, seconds)

        answer, moved_to = await self._follow(url, ask, pause)
        return replace(answer, moved_to=clean_link(moved_to)) if moved_to else answer

    async def _follow(
        self,
        url: str,
        ask: Callable[[str, aiohttp.ClientSession, float], Awaitable[A | _Onward]],
        pause: timedelta | None = None,
    ) -> tuple[A, str | None]:
        """Have `ask` ask `url` and all that it leads to, each in its turn, in the time that is left.

        Return the answer, and where redirects for good alone led (None: there was none, or another too).
        """
        left, for_good = self._limits.total, True
        for hop in range(self._limits.redirects + 1):
            host, objection = _judged(url, self._allowed)
            if objection is not None:
                raise FetchError(objection)
            session = self._session_for(host)
            async with self._politeness.turn(host, pause):
                began = time.monotonic()
                try:
                    answer = await ask(url, session, left)
                except FetchError as error:
                    self._politeness.heed(host, url, error)
                    raise
                except Exception as error:
                    raise FetchError(self._why(error, url, host)) from error
                self._politeness.heed(host, url, None)
                left -= time.monotonic() - began
            if not isinstance(answer, _Onward):
                return answer, url if hop and for_good else None
            url, for_good = answer.url, for_good and answer.for_good
        raise FetchError(Reason("the address is redirected more than {count} times", count=self._limits.redirects))

    async def _get(
        self, url: str, session: aiohttp.ClientSession, headers: dict[str, str], seconds: float
    ) -> Fetched | _Onward:
        """Get one address, in at most `seconds`."""
        whole = seconds == self._limits.total
        timeout = session.timeout if whole else within(seconds, self._limits.silence)
        async with session.get(url, headers=headers, allow_redirects=False, timeout=timeout) as response:
            if response.status in _REDIRECTS:
                return _onward(response, url)
            return await self._answer(response, url, headers)

    def _session_for(self, host: str) -> aiohttp.ClientSession:
        session = self._trusted if host in self._allowed else self._guarded
        if session is None:
            message = "HttpFetcher is used outside its context"
            raise RuntimeError(message)
        return session

    def _why(self, error: Exception, url: str, host: str) -> Reason:
        """Return what is wrong in words; to be called where `error` is handled."""
        if isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ClientError):
            total = f"{self._limits.total:g}"
            return Reason("{host} did not answer in time (we wait {seconds} seconds)", host=host, seconds=total)
        if not isinstance(error, aiohttp.ClientError | OSError | ValueError):
            _log.exception("The answer of %s could not be read", url)
        return why_not(error, host)

    async def _answer(self, response: aiohttp.ClientResponse, url: str, asked: dict[str, str]) -> Fetched:
        headers = response.headers
        etag, last_modified = validator(headers.get("ETag")), validator(headers.get("Last-Modified"))
        body: bytes | None = None
        if response.status == _NOT_MODIFIED:
            if not asked:
                raise FetchError(Reason("the server says that nothing has changed, but has sent nothing before (304)"))
            etag, last_modified = etag or asked.get("If-None-Match"), last_modified or asked.get("If-Modified-Since")
        elif response.status == _OK:
            body = await self._body(response)
        else:
            raise _refused(response)
        links = headers.getall("Link", ())
        return Fetched(
            url=url,
            body=body,
            content_type=_plain(headers.get("Content-Type", "")),
            etag=etag,
            last_modified=last_modified,
            fresh_for=fresh_for(headers),
            hub=linked(links, "hub", url) if links else None,
            topic=linked(links, "self", url) if links else None,
        )

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        """Read the body piece by piece, stopping at the bound however small it was packed."""
        most = self._limits.size
        unpacker = Unpacker(", ".join(response.headers.getall("Content-Encoding", ())))
        promised = response.content_length
        if promised is not None:
            if promised > most:
                raise self._too_large()
            if unpacker.is_plain:
                return await response.read()  # no more than was promised
        body = bytearray()
        packed, breath = 0, _BREATH
        async for chunk in response.content.iter_any():
            packed += len(chunk)
            for piece in unpacker.pieces(chunk):
                body += piece
                if len(body) > most or packed > most:
                    raise self._too_large()
                if len(body) > breath:
                    breath = len(body) + _BREATH
                    await asyncio.sleep(0)  # a bomb unpacks at a gigabyte a second: others have their turn too
        if packed > most:
            raise self._too_large()
        unpacker.finish()
        return bytes(body)

    async def post_form(self, url: str, fields: Mapping[str, str]) -> int:
        """Send a form to `url`; return the status of the answer, of which nothing else is read.

        A hub may send us on (307, 308; WebSub, section 5.1.2), but not to where others read along: from https to http
        counts as an answer. Raise `FetchError` as `fetch` does.
        """

        async def ask(url: str, session: aiohttp.ClientSession, seconds: float) -> int | _Onward:
            timeout = within(seconds, self._limits.silence)
            sending = session.post(url, data=dict(fields), allow_redirects=False, timeout=timeout)
            async with sending as response:
                if response.status not in _SENT_AGAIN:
                    return response.status
                onward = _onward(response, url)
                return response.status if bares(url, onward.url) else onward

        status, _ = await self._follow(url, ask)
        return status

    def _too_large(self) -> FetchError:
        return FetchError(Reason("the answer is larger than {size} MB", size=f"{self._limits.size / _MEGABYTE:g}"))


def _onward(response: aiohttp.ClientResponse, url: str) -> _Onward:
    target = response.headers.get("Location")
    if target is None:
        raise FetchError(Reason("{host} redirects, but does not say where", host=host_of(url)))
    try:
        return _Onward(urljoin(url, target), response.status in _FOR_GOOD)
    except ValueError as error:
        raise FetchError(Reason("{host} redirects to what is not a web address", host=host_of(url))) from error


def _refused(response: aiohttp.ClientResponse) -> FetchError:
    status = response.status
    reason = _STATUS_WORDS.get(status) or Reason("the server answered with status {status}", status=status)
    wait = retry_after(response.headers.get("Retry-After"), response.headers.get("Date"))
    return FetchError(reason, retry_after=wait, gone=status == _GONE, status=status)


def user_agent(contact: str | None) -> str:
    """Return how we name ourselves to servers: name, version, and where to complain."""
    try:
        number = version("aide-memoire")
    except PackageNotFoundError:  # run from a checkout that was never installed
        number = "dev"
    about = f"news reader for a Discord bot; {contact}" if contact else "news reader for a Discord bot"
    return f"{PRODUCT}/{number} ({about})"


def _plain(header: str) -> str:
    """Return a header as it may be kept: bounded, and without bytes that are no text."""
    return header[:_LONGEST_TYPE].encode("ascii", "ignore").decode("ascii")


@lru_cache(maxsize=4_096)
def _judged(url: str, allowed: frozenset[str]) -> tuple[str, Reason | None]:
    """Return the host of an address and why it must not be asked, if so; feeds are asked again and again."""
    return host_of(url), refusal(url, allowed)
