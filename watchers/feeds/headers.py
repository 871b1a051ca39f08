"""What a server says in the headers of its answer: how long to wait, how long it is fresh, what it links. Pure.

Headers come from anywhere: nothing here fails on one, and what is malformed says nothing or counts as stale.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import urljoin

from watchers.feeds.safety import clean_link

MOST_SECONDS = 366 * 86_400
"""No header is believed beyond a year."""
LONGEST_VALIDATOR = 1_000
"""Longest ETag or Last-Modified kept, in characters."""

_NO_TIME = timedelta(0)
_DIRECTIVE = re.compile(r"""([\w-]+)\s*+(?:=\s*+(?:"([^"]*)"|([^",;\s]*)))?""")
_LINK = re.compile(r"""<([^<>]*)>((?:\s*+;\s*+[^\s=;,"<>]++\s*+(?:=\s*+(?:"[^"]*"|[^\s",;<>]*+))?+)*+)""")
_PARAMETER = re.compile(r""";\s*+([^\s=;,"<>]++)\s*+=\s*+(?:"([^"]*)"|([^\s",;<>]*))""")


def retry_after(value: str | None, server_date: str | None) -> timedelta | None:
    """Return how long a `Retry-After` header (RFC 9110, section 10.2.3) asks us to wait; None: it says nothing usable.

    A date is measured against the server's own `Date` header, so that a wrong clock on either side does not
    matter.
    """
    if value is None:
        return None
    seconds = _seconds(value)
    if seconds is not None:
        return timedelta(seconds=seconds)
    return _between(server_date, value)


def fresh_for(headers: Mapping[str, str]) -> timedelta | None:
    """Return how long an answer may be used before its server is asked again (RFC 9111, section 4.2).

    `max-age`, else `Expires` counted from `Date`; `Age` is taken off. `s-maxage` speaks to shared caches, which we
    are not. `no-store`, `no-cache` and freshness that cannot be read are no time at all. None: the server does not
    say. The keys of `headers` are found without regard to case.
    """
    control = headers.get("Cache-Control")
    lasts = _max_age(control) if control else None
    if lasts == _NO_TIME:
        return lasts
    if lasts is None:
        expires = headers.get("Expires")
        if expires is None:
            return None
        lasts = _between(headers.get("Date"), expires)
        if lasts is None:
            # A date that is none has passed (RFC 9111, section 5.3); one without the server's clock says nothing.
            return _NO_TIME if _http_date(expires) is None else None
    age = headers.get("Age")
    return max(lasts - timedelta(seconds=_seconds(age) or 0), _NO_TIME) if age else lasts


@lru_cache(maxsize=256)
def _max_age(control: str) -> timedelta | None:
    """Return what a `Cache-Control` header (RFC 9111, section 5.2.2) allows; None: it does not say."""
    directives = [(name.lower(), quoted or bare) for name, quoted, bare in _DIRECTIVE.findall(control)]
    if not {"no-store", "no-cache"}.isdisjoint(name for name, _ in directives):
        return _NO_TIME
    # Where it stands twice, the most restrictive holds (RFC 9111, section 4.2.1).
    ages = [_seconds(value) or 0 for name, value in directives if name == "max-age"]
    return timedelta(seconds=min(ages)) if ages else None


def linked(values: Iterable[str], relation: str, url: str) -> str | None:
    """Return the first address on the web that `Link` headers (RFC 8288) give for `relation`, or None.

    Relative addresses are taken from `url`.
    """
    for value in values:
        for target, parameters in _LINK.findall(value):
            relations = next((q or b for name, q, b in _PARAMETER.findall(parameters) if name.lower() == "rel"), "")
            if relation in relations.lower().split():
                link = _joined(url, target.strip())
                if link is not None:
                    return link
    return None


def validator(value: str | None) -> str | None:
    """Return an `ETag` or `Last-Modified` as it can be kept and sent back; None where it cannot."""
    usable = value is not None and len(value) <= LONGEST_VALIDATOR and value.isascii() and value.isprintable()
    return value if usable else None


def _joined(url: str, target: str) -> str | None:
    try:
        return clean_link(urljoin(url, target))
    except ValueError:
        return None


def _seconds(value: str) -> int | None:
    """Return delta-seconds (RFC 9111, section 1.2.2), bounded; None where it is no whole number."""
    value = value.strip()
    if not (value.isascii() and value.isdigit()):
        return None
    return min(int(value[:10]), MOST_SECONDS)


def _between(start: str | None, end: str) -> timedelta | None:
    first, last = _http_date(start or ""), _http_date(end)
    if first is None or last is None:
        return None
    return min(max(last - first, timedelta(0)), timedelta(seconds=MOST_SECONDS))


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else None
