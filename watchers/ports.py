"""What the watchers need from the floors above, as protocols: a clock, a fetcher, a store and a messenger.

Storage and bot fit these; the watchers import neither. Everything inside a transaction is synchronous, because
a decision is pure and takes milliseconds; only the doors (`Store.transact`, `Fetcher.fetch`, `Messenger`) wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar, TypeVarTuple

from watchers.audience import Delivery, Posted
from watchers.belongings import Belongings
from watchers.feed_memory import Articles, Feeds, GuildFeeds, Hubs
from watchers.feed_model import Fetched, Reason
from watchers.late import LateAlerts
from watchers.memory import (
    Cases,
    Expectations,
    FollowUps,
    Guilds,
    Joining,
    Outcomes,
    Reminders,
    Shares,
    Subscriptions,
)
from watchers.model import Backlog, GivenUp, Tally
from watchers.outbox_memory import Outbox
from watchers.server_memory import Changes, Departures

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
Context = TypeVar("Context", covariant=True)  # noqa: PLC0105 - the word is plain


class Clock(Protocol):
    """The time of day, injected so that tests and the demo can hold it."""

    def now(self) -> datetime:
        """Return the present instant, timezone-aware, in UTC."""


class FetchError(Exception):
    """A feed or page could not be read; `str()` says why in words a moderator understands."""

    def __init__(
        self,
        reason: Reason,
        *,
        retry_after: timedelta | None = None,
        gone: bool = False,
        status: int | None = None,
        held: bool = False,
    ) -> None:
        """Keep the reason, how long the server asked us to wait (None: it did not say), and whether it is for good.

        `status` is what the server answered with; None: it did not answer, or the answer was no use. `held`: it was
        not asked at all, because its host had asked us to wait, which `retry_after` is what is left of.
        """
        super().__init__(str(reason))
        self.reason = reason
        self.retry_after = retry_after
        self.gone = gone
        self.status = status
        self.held = held


class StoreDownError(Exception):
    """The store could do nothing just now, whatever was asked: its disk is full, or it is locked or gone for a while.

    It is no fault of the feed or article that was to be stored, and another one would fare no better.
    """


class Fetcher(Protocol):
    """Reads addresses on the public web, within bounds of size, time and safety."""

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, pause: timedelta | None = None
    ) -> Fetched:
        """Return what `url` answers; raise `FetchError` where it does not answer usefully.

        `pause` is the least time since the last request to its host that named one (Crawl-delay); None: the usual.
        """


class FormPoster(Protocol):
    """Sends forms on the public web, within bounds of time and safety."""

    async def post_form(self, url: str, fields: Mapping[str, str]) -> int:
        """Send a form to `url`; return the status it answers with. Raise `FetchError` where it does not answer."""


class WorkEndedError(Exception):
    """A job was ended before it had an answer: too long, too large, or its process died; `str()` says which."""

    def __init__(self, reason: Reason) -> None:
        """Keep the reason."""
        super().__init__(str(reason))
        self.reason = reason


class Workers(Protocol[Context]):
    """Does heavy or dangerous work aside, so that it holds up nothing and can be ended."""

    async def run(self, job: Callable[[Context, *Ts], T], *args: *Ts, seconds: float = 5.0, urgent: bool = True) -> T:
        """Return what `job`, a function of a module (not of `__main__`), makes of `args`.

        It has `seconds` of the processor's time, and three times as many by the wall's clock. Its first argument is the
        context that all jobs of these workers share. Urgent jobs go before others, and among equals the first come
        first. A job may be done twice, so it must change nothing outside itself. Raise `WorkEndedError` where it had to
        be ended, and what the job itself raises as it is.
        """


class UnitOfWork(Protocol):
    """Everything that is remembered, inside one transaction."""

    @property
    def feeds(self) -> Feeds:
        """The feeds."""

    @property
    def guild_feeds(self) -> GuildFeeds:
        """The feeds that servers added themselves."""

    @property
    def hubs(self) -> Hubs:
        """The hubs of feeds."""

    @property
    def articles(self) -> Articles:
        """The articles."""

    @property
    def followups(self) -> FollowUps:
        """What is tracked."""

    @property
    def cases(self) -> Cases:
        """The follow-ups as servers see them."""

    @property
    def joining(self) -> Joining:
        """Which follow-ups are one, and which are not."""

    @property
    def outcomes(self) -> Outcomes:
        """What the news suggests of how follow-ups ended."""

    @property
    def expectations(self) -> Expectations:
        """What open follow-ups lead one to expect."""

    @property
    def guilds(self) -> Guilds:
        """The servers."""

    @property
    def subscriptions(self) -> Subscriptions:
        """The standing orders."""

    @property
    def reminders(self) -> Reminders:
        """The reminders."""

    @property
    def outbox(self) -> Outbox:
        """The outbox."""

    @property
    def late_alerts(self) -> LateAlerts:
        """What of the outbox is late."""

    @property
    def shares(self) -> Shares:
        """The addresses under which servers share their follow-ups."""

    @property
    def changes(self) -> Changes:
        """The audit logs."""

    @property
    def departures(self) -> Departures:
        """Servers that have sent the bot away."""

    @property
    def belongings(self) -> Belongings:
        """All that is stored of one server, and all of one person."""

    def tally(self, guild_id: int | None = None) -> Tally:
        """Count what there is of a server and what it sees (None: of everybody, and what everybody sees)."""

    def backlog(self) -> Backlog:
        """Return what waits in the whole house."""

    def given_up(self, guild_id: int, since: datetime) -> Sequence[GivenUp]:
        """Return what was decided for a server since then and given up, the latest first."""


class Store(Protocol):
    """The door to the database."""

    async def transact(self, work: Callable[[UnitOfWork], T], *, alone: bool = True) -> T:
        """Run `work` in one write transaction: all of it is stored when this returns, or none of it.

        No two that are `alone` run at a time, in whichever process: what one of them decides holds until it is stored.
        What decides nothing by what others write (it takes something in hand, or says how that went) need not be: it
        waits for no decision where the database can do without. `work` runs in another thread. It may be run again
        after others were in its way, so it must decide from its arguments and what it reads alone.
        """

    async def look(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run `work` on a consistent reading view; what it tries to write is refused."""


class SendError(Exception):
    """A message could not be delivered. `str()` says why, for the operator."""


class SendLaterError(SendError):
    """It may succeed later: `after` is how long the other side asked us to wait (None: it did not say).

    `unsure`: it may have been done all the same, as where a connection broke before the answer came.
    """

    def __init__(self, reason: str, after: timedelta | None = None, *, unsure: bool = False) -> None:
        """Keep the reason, the wait asked for, and whether it may have been done."""
        super().__init__(reason)
        self.after = after
        self.unsure = unsure


class SendNeverError(SendError):
    """It will not succeed by trying again: the channel is gone, or we may not post there."""


class SendForbiddenError(SendNeverError):
    """We may not post there: `permissions` are the names of what we lack, as Discord's settings have them."""

    def __init__(self, reason: str, permissions: tuple[str, ...]) -> None:
        """Keep the reason and what is lacking."""
        super().__init__(reason)
        self.permissions = permissions


class SendGoneError(SendNeverError):
    """Where it was to stand is gone."""


class Messenger(Protocol):
    """Puts an alert before people."""

    async def post(self, delivery: Delivery, nonce: str) -> Posted:
        """Post an alert; the same `nonce` within a few minutes posts no second message.

        Raise `SendLaterError` or `SendNeverError`.
        """

    async def edit(self, delivery: Delivery) -> Posted:
        """Bring a posted alert up to date; raise `SendLaterError` or `SendNeverError`."""
