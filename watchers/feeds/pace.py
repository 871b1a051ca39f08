"""When to ask a feed again: pure, so that the same history always gives the same time.

All waits are `timedelta`. Jitter is drawn from the feed's address, not from chance: feeds added together drift
apart for good, and a test can say when a feed is due.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

LONGEST_BACKOFF = timedelta(hours=12)
"""A failing feed is tried at least this often (or at its own interval, where that is longer)."""
LONGEST_OBEYED = timedelta(days=2)
"""The longest `Retry-After` that is obeyed in full."""

_LARGEST_DOUBLING = 16
_JITTER = 0.1


def next_poll(
    now: datetime, *, interval: timedelta, failures: int, url: str, retry_after: timedelta | None = None
) -> datetime:
    """Return when to poll next.

    After a success (`failures` = 0): `interval` * (1 + jitter). After the n-th failure in a row:
    min(`interval` * 2^n, max(12 h, `interval`)) * (1 + jitter), and never before `retry_after` (at most 2 days;
    None: the server did not ask). Jitter lies in 0 … 0.1, so that an interval is a promise never to come sooner.
    """
    wait = interval
    if failures:
        doubled = interval * 2 ** min(failures, _LARGEST_DOUBLING)
        wait = min(doubled, max(LONGEST_BACKOFF, interval))
    wait *= 1 + jitter(url)
    if retry_after is not None:
        wait = max(wait, min(retry_after, LONGEST_OBEYED))
    return now + wait


def jitter(url: str) -> float:
    """Return a fixed number in 0 … 0.1 for an address, evenly spread over addresses."""
    digest = hashlib.sha256(url.encode("utf-8", "surrogatepass")).digest()
    return _JITTER * int.from_bytes(digest[:4], "big") / 0xFFFFFFFF
