"""What the watchers ask to be remembered of feeds and their articles, as protocols (see memory.py)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from config.catalogue import Outlet
from watchers.feed_model import (
    FeedState,
    GuildFeed,
    GuildFeedWish,
    HubStanding,
    HubSubscription,
    Stage,
    Waiting,
)
from watchers.model import Article, Told

MOST_GUILD_FEEDS = 50
"""So many feeds a server may add."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Who takes something into his hands, and until when; in UTC."""

    holder: str
    now: datetime
    until: datetime
    """When others may take it, unless it is renewed or given back before."""


class Leased(Protocol):
    """Things of which each is in the hands of one process at most."""

    def renew(self, ids: Collection[int], claim: Claim) -> None:
        """Let those of `ids` that its holder still has be his until `claim` ends."""

    def give_back(self, ids: Collection[int], holder: str) -> None:
        """Let those of `ids` that `holder` still has be free."""


class Feeds(Leased, Protocol):
    """The feeds and when each is next due."""

    def take(self, claim: Claim, limit: int) -> Sequence[FeedState]:
        """Take feeds in hand whose `next_poll_at` has passed and that are in nobody's, the longest overdue first."""

    def held(self, ids: Collection[int], holder: str) -> Mapping[int, FeedState]:
        """Return those of `ids` that `holder` still has, as they stand; none is changed until this transaction ends."""

    def all(self) -> Sequence[FeedState]:
        """Return every feed, by outlet and address."""

    def follow(self, outlets: Sequence[Outlet], now: datetime) -> None:
        """Read these outlets from now on: new ones at once, known ones as before, others no more."""

    def memory(self, feed_id: int) -> bytes | None:
        """Return what tells the entries of a feed again (see feeds/identity.py); None: nothing is remembered yet."""

    def record(self, feeds: Sequence[FeedState]) -> None:
        """Store how feeds stand after a poll, and let them be free.

        What the operator or a server said of them stays as it is.
        """

    def remember(self, memories: Mapping[int, bytes]) -> None:
        """Store what tells the entries of feeds again."""

    def failing(self) -> float:
        """Return the share of the feeds that are asked whose latest poll failed; of fewer than four feeds, 0."""

    def ask_at(self, feed_id: int, at: datetime) -> None:
        """Ask a feed at `at`, even one that stopped."""


class GuildFeeds(Protocol):
    """Feeds that servers added themselves. What one says is for the servers that hold it, unless it is public."""

    def add(self, wish: GuildFeedWish, now: datetime) -> FeedState:
        """Let a server hold a feed, and return it; one that was read for nobody or had stopped is due at once.

        Where an address is read already, publicly or for another server, the server holds that same feed. A public
        one stays as the operator described it. So does one that others hold, but that it goes by its host from then
        on where they call it something else: no server names what another reads. How many a server may hold
        (`MOST_GUILD_FEEDS`) is asked by the caller, with `count`.
        """

    def remove(self, guild_id: int, feed_id: int) -> bool:
        """Let a server hold a feed no more; return whether it did. What is public for none and held by none rests."""

    def of(self, guild_id: int) -> Sequence[GuildFeed]:
        """Return the feeds that a server added, by outlet and address."""

    def visible(self, guild_id: int | None) -> Sequence[FeedState]:
        """Return the public feeds and those that a server added (None: no server), by outlet and address."""

    def holders(self, feed_id: int) -> frozenset[int]:
        """Return the servers that added a feed."""

    def count(self, guild_id: int) -> int:
        """Return how many feeds a server added."""


class Hubs(Protocol):
    """The hubs that tell us when feeds change (see feeds/websub.py)."""

    def all(self) -> Sequence[HubStanding]:
        """Return every feed that names a hub, or for which one was asked, by its number."""

    def find(self, token: str) -> tuple[FeedState, HubSubscription] | None:
        """Return whose subscription ends with `token`, or None."""

    def put(self, feed_id: int, subscription: HubSubscription) -> None:
        """Store how the subscription for a feed stands; a hub that is counted on is so until this lease ends."""

    def forget(self, feed_id: int) -> None:
        """Let go of the subscription for a feed; its token is unknown from then on."""

    def forget_all(self) -> None:
        """Let go of every subscription."""

    def called(self, feed: FeedState, now: datetime, next_poll_at: datetime, told_until: datetime | None) -> None:
        """Store that the hub of a feed called, when the feed is asked, and until when its hub is counted on."""


class Articles(Leased, Protocol):
    """The articles read so far."""

    def of_feed(self, feed_id: int, limit: int) -> Sequence[Article]:
        """Return the latest `limit` articles of a feed, the newest first."""

    def add(self, articles: Sequence[tuple[int, Article, Stage]], seen_at: datetime) -> int:
        """Store articles, each with its feed's id and what it waits for; return how many were new.

        An article whose key its feed has shown before is left as it was.
        """

    def take(self, stages: Sequence[Stage], claim: Claim, limit: int) -> Sequence[Waiting]:
        """Take articles in hand that are in nobody's, in the order of storing.

        They wait for the first of `stages` for which any do.
        """

    def complete(self, article_id: int, text: str | None, stage: Stage) -> None:
        """Let an article that waits for its page wait for `stage` from now on, in nobody's hands.

        It gets the whole text where there is one. One that waits for its page no more is left as it is.
        """

    def text_at(self, url: str) -> str | None:
        """Return the longest text of an article with this address that waits for its page no more; None: none.

        One that was let go counts as none.
        Of public feeds alone: no server puts words under the addresses that others read.
        """

    def read(self, article_ids: Sequence[int]) -> frozenset[int]:
        """Mark articles as read; return those that waited to be read until now."""

    def told_since(self, guild_id: int, since: datetime, limit: int) -> Sequence[Told]:
        """Return what was read in articles published since then, the latest `limit` a server sees, the newest first."""

    def have_texts_before(self, before: datetime) -> bool:
        """Tell whether there are articles stored before then whose texts have not been let go."""

    def let_go_of_texts(self, before: datetime, limit: int) -> int:
        """Empty the texts of the next `limit` articles stored before then; return how many it came to.

        The oldest come first. One that waits to be read is passed: it keeps its text for good.
        """
