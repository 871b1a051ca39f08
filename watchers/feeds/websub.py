"""WebSub (W3C Recommendation, 23 January 2018), our side of it: pure. A hub calls us when a feed has changed.

What a call brings is neither trusted nor read: it means "ask the feed now", and the feed is then polled as ever. So
whoever forges, repeats or withholds calls can do no more than cost a poll a minute, or have a feed polled as if it
had no hub. Sections are those of the Recommendation.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from watchers.feed_model import (
    FeedState,
    Fetched,
    HubStanding,
    HubState,
    HubSubscription,
    ParsedFeed,
)
from watchers.feeds.safety import clean_link

LEASE = timedelta(days=10)
"""How long we ask a hub to call us: what section 8 calls a good default."""
LONGEST_LEASE = timedelta(days=30)
"""A hub that promises more is asked again as if it had promised this."""
PATIENCE = timedelta(days=1)
"""Between two askings for one feed, unless a lease is granted and ends."""
RENEWED_BEFORE = 3
"""A lease is renewed from a third of it before its end."""
BETWEEN_POLLS = timedelta(minutes=1)
"""However often a hub calls, its feed is asked at most so often."""
LONGEST_CHALLENGE = 1_000

_HEARD = range(200, 300)
_METHODS: Final = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
_CHALLENGE = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_CHALLENGE}}}")
_SECONDS = re.compile(r"\d{1,12}", re.ASCII)


def named_hub(feed: FeedState, fetched: Fetched, parsed: ParsedFeed | None) -> tuple[str | None, str | None]:
    """Return the hub that a feed names from now on, and the topic by which that knows it (None: none, or not said).

    Headers go before what the body says (section 4); where the body was not read (`parsed` None) and the headers name
    no hub, it is as it was. A hub on the default port is asked over TLS even where it is named without (section 8), for
    it is sent a secret.
    """
    if fetched.hub is None and parsed is None:
        return feed.hub, feed.topic
    said_hub = fetched.hub or (parsed.hub if parsed else None)
    if said_hub is None:
        return None, None
    topic = fetched.topic or (parsed.topic if parsed else feed.topic)
    return _over_tls(clean_link(said_hub)), clean_link(topic)


def _over_tls(hub: str | None) -> str | None:
    """Return an address of `clean_link` with https for http, unless it names a port of its own."""
    if hub is None or urlsplit(hub).scheme.lower() != "http":
        return hub
    parts = urlsplit(hub)
    port = parts.netloc.rpartition("]")[2].partition(":")[2]
    if port not in {"", "80"}:
        return hub
    return parts._replace(scheme="https", netloc=parts.netloc.removesuffix(":80").removesuffix(":")).geturl()


def is_over(standing: HubStanding) -> bool:
    """Return whether to let go of a subscription: its feed names no hub any more, or is not read.

    The hub learns it at its next call (410, section 7).
    """
    return standing.offer is None and standing.subscription is not None


def due_for_asking(standing: HubStanding, now: datetime, draw: Callable[[], str]) -> HubSubscription | None:
    """Return what to ask of the hub of a feed now, as it then stands; None: nothing.

    A granted lease is renewed from a third of it before its end; one that ended is asked for at once. Whatever else
    was asked (refused, not answered, or of a hub that the feed names no more) is asked again after a day. What was
    asked before is asked by the same token, so that it goes on until the hub has replaced it (section 5.1); token and
    secret of another are drawn, which must be texts that nobody can guess, under 200 bytes.
    """
    offer, known = standing.offer, standing.subscription
    if offer is None:
        return None
    if known is None or known.offer != offer:
        if known is not None and now < known.asked_at + PATIENCE:
            return None
        return HubSubscription(offer, draw(), draw(), HubState.ASKED, now)
    if now < _asked_next(known):
        return None
    return replace(known, state=HubState.ASKED, asked_at=now)


def _asked_next(known: HubSubscription) -> datetime:
    if known.state is not HubState.GRANTED or known.expires_at is None:
        return known.asked_at + PATIENCE
    return known.expires_at - (known.expires_at - known.asked_at) / RENEWED_BEFORE


def request_of(subscription: HubSubscription, callback: str) -> dict[str, str]:
    """Return the form that asks a hub to call us at `callback` (section 5.1)."""
    return {
        "hub.callback": callback,
        "hub.mode": "subscribe",
        "hub.topic": subscription.offer.topic,
        "hub.lease_seconds": str(int(LEASE.total_seconds())),
        "hub.secret": subscription.secret,
    }


def after_request(subscription: HubSubscription, status: int) -> HubSubscription:
    """Return how a subscription stands once the hub answered our asking with `status`.

    A 2xx says only that it was heard (202, section 5.1.2). A hub may ask back before it answers: what it granted so
    stays granted.
    """
    refused = status not in _HEARD and subscription.state is HubState.ASKED
    return replace(subscription, state=HubState.REFUSED) if refused else subscription


def after_asking_back(
    subscription: HubSubscription, query: Mapping[str, str], now: datetime
) -> tuple[HubSubscription, str] | None:
    """Return how a subscription stands after its hub asked back, and the answer; None: this is nothing we asked.

    - `subscribe` (section 5.3) must be about the topic we asked for, and while we wait for an answer. Its challenge is
      the answer, and the lease counts from `now`, bounded. Once granted, the same question gets its answer again, for
      the hub may not have heard it, but changes nothing: what is repeated by others extends no lease.
    - `denied` (section 5.2) ends a subscription, granted or not.
    - `unsubscribe` is nothing we ever ask.
    """
    if query.get("hub.topic") != subscription.offer.topic:
        return None
    if query.get("hub.mode") == "denied":
        return replace(subscription, state=HubState.REFUSED, expires_at=None), ""
    challenge = query.get("hub.challenge", "")
    if query.get("hub.mode") != "subscribe" or not _CHALLENGE.fullmatch(challenge):
        return None
    match subscription.state:
        case HubState.REFUSED:
            return None
        case HubState.GRANTED:
            return subscription, challenge
        case HubState.ASKED:
            lease = lease_of(query.get("hub.lease_seconds"))
            return replace(subscription, state=HubState.GRANTED, expires_at=now + lease), challenge


def lease_of(seconds: str | None) -> timedelta:
    """Return the lease that a hub grants, at most `LONGEST_LEASE`; one that does not say grants what we asked."""
    if seconds is None or not _SECONDS.fullmatch(seconds):
        return LEASE
    return min(timedelta(seconds=int(seconds)), LONGEST_LEASE)


class SignedBody:
    """A body that arrives piece by piece, and whether the hub signed it (section 7.1); none of it is kept."""

    def __init__(self, header: str | None, secret: str) -> None:
        """Begin with the `X-Hub-Signature` header (`method=hexadecimal`; None: there was none) and our secret."""
        method, _, signature = (header or "").partition("=")
        hashing = _METHODS.get(method.strip().lower())
        try:
            self._signature = bytes.fromhex(signature.strip())
        except ValueError:
            self._signature = b""
        self._seal = None if hashing is None else hmac.new(secret.encode(), digestmod=hashing)

    @property
    def may_be_genuine(self) -> bool:
        """Whether there is a signature of a kind we know, so that the body is worth reading."""
        return self._seal is not None and len(self._signature) == self._seal.digest_size

    def add(self, piece: bytes) -> None:
        """Take in the next piece."""
        if self._seal is not None:
            self._seal.update(piece)

    @property
    def is_genuine(self) -> bool:
        """Whether the body so far is what the hub signed, compared in constant time."""
        return self._seal is not None and hmac.compare_digest(self._seal.digest(), self._signature)


def poll_after_call(feed: FeedState, now: datetime) -> datetime:
    """Return when to ask a feed whose hub calls at `now`: at once, but a minute after its last poll at the soonest.

    A feed that fails is left alone as before: its server may have asked us to wait (`Retry-After`), and a hub does not
    speak for it.
    """
    if feed.failures:
        return feed.next_poll_at
    soonest = now if feed.polled_at is None else max(now, feed.polled_at + BETWEEN_POLLS)
    return min(feed.next_poll_at, soonest)


def counted_on_until(subscription: HubSubscription, now: datetime) -> datetime | None:
    """Return until when a hub that called at `now` is counted on to call again; None: it has promised nothing."""
    expires_at = subscription.expires_at
    return expires_at if expires_at is not None and now < expires_at else None


def told_until(feed: FeedState, parsed: ParsedFeed | None) -> datetime | None:
    """Return until when the hub of a feed is counted on after a poll that was answered; None: not at all.

    It is counted on from its first call on, and no more once a poll finds entries it did not call for, or nothing
    where it called (it called before the change could be read): then the feed is polled as ever until it calls again.
    `feed` is as before the poll; `parsed` None: nothing has changed.
    """
    called = feed.called_at is not None and (feed.polled_at is None or feed.called_at > feed.polled_at)
    missed = parsed is not None and bool(parsed.entries) and not called
    too_early = parsed is None and called
    return None if missed or too_early else feed.told_until


def relaxed(wait: timedelta, until: datetime | None, now: datetime, most: timedelta) -> timedelta:
    """Return how long to leave a feed alone whose hub is counted on `until` then: the `most` there is, else `wait`."""
    return max(wait, most) if until is not None and now < until else wait
