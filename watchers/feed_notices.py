"""What those who manage servers are told of feeds: that one has failed for a day, is gone, or is read again.

Decided in the transaction that stores how a poll went, worded when it is sent (`AlertForm.FEED`), in the language that
the server has then. The alert's note carries what is needed for that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from watchers.audience import Alert, AlertForm, Guild
from watchers.feed_model import FeedState, Reason
from watchers.feeds.health import Turn, turn, turn_key
from watchers.ports import UnitOfWork

TOLD = frozenset({Turn.FAILING, Turn.STOPPED, Turn.RECOVERED})
"""The turns that are told; of a move nobody need do anything, and `/feeds status` shows it."""

OURSELVES_CUT_OFF = 0.5
"""The share of feeds from which on their failing says something of us, not of them."""


@dataclass(frozen=True, slots=True)
class FeedNotice:
    """What a notice tells."""

    turn: Turn
    outlet: str
    url: str
    public: bool
    """Whether the feed is the operator's, so that no server can take it away."""
    since: datetime | None
    """When it began to fail, or was asked for the last time; None: not known."""
    reason: Reason | None
    """Why it cannot be read; None: it can."""


def feed_notices(told: Turn, before: FeedState, after: FeedState, guilds: Iterable[Guild]) -> tuple[Alert, ...]:
    """Return the notices of a turn, one for each of `guilds` that wants notices."""
    if told not in TOLD:
        return ()
    since = after.failing_since or before.failing_since
    note = _written(FeedNotice(told, after.outlet, after.url, after.public, since, after.last_error))
    return tuple(
        Alert(
            key=_key(told, before, after, guild),
            form=AlertForm.FEED,
            guild_id=guild.id,
            channel_id=guild.notices_channel_id,
            note=note,
        )
        for guild in guilds
        if guild.notices_channel_id is not None
    )


def tell_of_feed(work: UnitOfWork, before: FeedState, after: FeedState, now: datetime) -> None:
    """Put into the outbox what a poll at `now` that led from `before` to `after` has to tell.

    Of a public feed every server hears that wants notices, of another those that added it. Call it in the transaction
    that stores `after`; deciding the same poll twice tells once. Where most feeds fail, nothing is told of failing: it
    is we who are cut off. That a feed is read again hears who heard that it was not.
    """
    told = turn(before, after, now)
    if told not in TOLD or (told is Turn.FAILING and work.feeds.failing() > OURSELVES_CUT_OFF):
        return
    among = None if after.public else work.guild_feeds.holders(after.id)
    wanting = work.guilds.wanting_notices(among)
    if told is Turn.RECOVERED:
        heard = {
            guild.id: [_key(each, before, after, guild) for each in (Turn.FAILING, Turn.STOPPED)] for guild in wanting
        }
        known = work.outbox.known([key for keys in heard.values() for key in keys])
        wanting = [guild for guild in wanting if known.intersection(heard[guild.id])]
    for alert in feed_notices(told, before, after, wanting):
        work.outbox.put(alert, now)


def _key(told: Turn, before: FeedState, after: FeedState, guild: Guild) -> str:
    return f"notice:{turn_key(told, before, after)}:{guild.id}"


def notice_in(note: str) -> FeedNotice:
    """Return what the note of an alert tells, as `feed_notices` wrote it."""
    told = json.loads(note)
    since, reason = told["since"], told["reason"]
    return FeedNotice(
        turn=Turn(told["turn"]),
        outlet=told["outlet"],
        url=told["url"],
        public=told["public"],
        since=None if since is None else datetime.fromisoformat(since),
        reason=None if reason is None else Reason(reason[0], **reason[1]),
    )


def _written(notice: FeedNotice) -> str:
    reason = notice.reason
    told = {
        "turn": notice.turn.value,
        "outlet": notice.outlet,
        "url": notice.url,
        "public": notice.public,
        "since": None if notice.since is None else notice.since.isoformat(),
        "reason": None if reason is None else [reason.words, dict(reason.facts)],
    }
    return json.dumps(told, ensure_ascii=False)
