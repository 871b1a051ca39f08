"""What crosses borders about feeds: what is remembered of one, what a server answered, what a body held, and why not.

Instants are timezone-aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from watchers.model import Article


@dataclass(frozen=True, slots=True, init=False)
class Reason:
    """Why something could not be done, in words a moderator understands; `str()` gives them in English.

    The words have named places (`the name {host} cannot be found`), so that they can be said in other languages.
    """

    words: str
    facts: tuple[tuple[str, str], ...]
    """What stands in the places, by name."""

    def __init__(self, words: str, /, **facts: object) -> None:
        """Fill the places of `words` with `facts`."""
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "facts", tuple((name, str(fact)) for name, fact in facts.items()))

    def __str__(self) -> str:
        """Return the words in English."""
        return self.words.format(**dict(self.facts)) if self.facts else self.words


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a feed itself asks of its readers (RSS 2.0 `ttl`, `skipHours`, `skipDays`; the syndication module)."""

    every: timedelta | None = None
    """How long its answer may be kept; None: it does not say."""
    not_at_hours: frozenset[int] = frozenset()
    """Hours of the day in UTC, 0 to 23, at which it is not to be asked."""
    not_on_days: frozenset[int] = frozenset()
    """Days of the week in UTC, 0 for Monday, on which it is not to be asked."""


@dataclass(frozen=True, slots=True)
class FeedSource:
    """What reading a body has to know of its feed: little, for it is sent to a worker with each."""

    url: str
    outlet: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is remembered of a feed between polls."""

    id: int
    url: str
    """The address it was added by; it stays, wherever the feed moves."""
    outlet: str
    language: str
    time_zone: str
    full_text: bool
    next_poll_at: datetime
    public: bool = True
    """Whether it is of the operator's catalogue; else only the servers that added it hear of what it says."""
    moved_to: str | None = None
    """Where it is read now; None: at `url`."""
    redirect: str | None = None
    """Where the latest polls were redirected to for good; None: nowhere."""
    redirects: int = 0
    """How many polls in a row were redirected there."""
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    """SHA-256 of the latest body that was read, in hexadecimal."""
    parser: str | None = None
    """What read its latest body; None: none was read yet."""
    per_day: float | None = None
    """How many entries it lately published a day; None: not known."""
    schedule: Schedule = Schedule()
    """What its latest body that was read asks of us."""
    polled_at: datetime | None = None
    """None: never asked yet."""
    failures: int = 0
    """Failed polls in a row."""
    failing_since: datetime | None = None
    """When the first of these failed; None: the latest succeeded."""
    stopped: bool = False
    """Whether its server said that it is gone for good (410): it is asked no more."""
    last_success_at: datetime | None = None
    """None: never read yet."""
    last_error: Reason | None = None
    """Why the latest poll failed; None after a success."""
    hub: str | None = None
    """The WebSub hub it names; None: none."""
    topic: str | None = None
    """The address by which that hub knows it; None: not said."""
    told_until: datetime | None = None
    """Until when its hub tells us of changes, as far as it has kept to that; None: it does not."""
    called_at: datetime | None = None
    """When its hub last told us of a change; None: never. It changes with calls, not with polls."""

    @property
    def scope(self) -> int | None:
        """Its id, where only the servers that added it hear of what it says; None: everybody does."""
        return None if self.public else self.id

    @property
    def source(self) -> FeedSource:
        """What reading a body of it has to know."""
        return FeedSource(self.url, self.outlet, self.time_zone)

    @property
    def address(self) -> str:
        """Where it is read."""
        return self.moved_to or self.url


@dataclass(frozen=True, slots=True)
class GuildFeedWish:
    """A feed that a server wants read for itself."""

    guild_id: int
    url: str
    outlet: str
    """What the server calls it."""
    language: str
    """As in `config.catalogue.Outlet`."""
    time_zone: str
    """IANA name; what undated and zoneless entries are read in."""
    full_text: bool
    added_by: int
    """The user who added it."""


@dataclass(frozen=True, slots=True)
class GuildFeed:
    """A feed that a server added."""

    feed: FeedState
    added_by: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Fetched:
    """A server's answer: a body, or word that nothing has changed."""

    url: str
    """The address that answered in the end, after redirects."""
    body: bytes | None
    """None: not modified."""
    content_type: str
    etag: str | None
    last_modified: str | None
    moved_to: str | None = None
    """Where redirects for good (301, 308) led, and no other; None: there was none, or one only for now."""
    fresh_for: timedelta | None = None
    """How long the server wants this answer used before it is asked again; None: it does not say."""
    hub: str | None = None
    """The WebSub hub that a `Link` header names; None: none."""
    topic: str | None = None
    """The address by which that hub knows the feed (`rel="self"`); None: not said."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a feed gives it, before its text is complete."""

    article: Article
    is_summary: bool
    """Whether the text is only a summary, so that the page would say more."""
    dated: bool = True
    """Whether the feed gave it a usable stamp; if not, it is dated by when we first saw it."""

    def __reduce__(self) -> tuple[type[Entry], tuple[object, ...]]:
        """Be pickled as `Article` is."""
        return Entry, (self.article, self.is_summary, self.dated)


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed's body holds."""

    title: str
    """The feed's own name, on one line; may be empty."""
    entries: tuple[Entry, ...]
    """Those that were not known before, the newest first."""
    listed: int
    """How many entries the body holds, known ones included."""
    problems: tuple[Reason, ...]
    """What was wrong with it although it could be read."""
    parser: str
    """What read it, as in `FeedState.parser`."""
    memory: bytes
    """What tells its entries again, now that these are known (see feeds/identity.py)."""
    per_day: float | None
    """As in `FeedState.per_day`."""
    schedule: Schedule = Schedule()
    hub: str | None = None
    """The WebSub hub it names; None: none."""
    topic: str | None = None
    """The address by which that hub knows it; None: not said."""


class Stage(StrEnum):
    """What a stored article waits for."""

    PAGE = "page"
    """Its page, for the whole text."""
    READING = "reading"
    """To be read for statements, as news."""
    CATCHING_UP = "catching up"
    """To be read for statements, of which nobody is alerted: it lay on the back pages of a feed that is new here."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What a poll brought, to be stored as one."""

    before: FeedState
    """The feed as it stood before the poll."""
    feed: FeedState
    """As it stands after it."""
    articles: tuple[tuple[Article, Stage], ...] = ()
    """The oldest first."""
    memory: bytes | None = None
    """None: as it was."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored article that waits for something."""

    id: int
    feed: FeedState
    article: Article
    stage: Stage


@dataclass(frozen=True, slots=True)
class HubOffer:
    """A hub that a feed names, and the address by which the hub knows the feed."""

    hub: str
    topic: str


class HubState(StrEnum):
    """How a subscription at a hub stands."""

    ASKED = "asked"
    """The hub was asked; whether it heard, or is willing, it has not said."""
    GRANTED = "granted"
    """The hub has asked back whether we meant it, and said how long it will call us."""
    REFUSED = "refused"
    """The hub answered with an error, or denied it."""


@dataclass(frozen=True, slots=True)
class HubSubscription:
    """What we asked of a hub for one feed (WebSub, section 5)."""

    offer: HubOffer
    token: str = field(repr=False)
    """The end of the address at which the hub calls us; who knows it may speak for the hub."""
    secret: str = field(repr=False)
    """The key of the hub's signatures."""
    state: HubState
    asked_at: datetime
    """When we last asked."""
    expires_at: datetime | None = None
    """When the hub calls no more; None: it never said that it will."""


@dataclass(frozen=True, slots=True)
class HubStanding:
    """A feed that a hub could tell us of, or was asked to."""

    feed_id: int
    offer: HubOffer | None
    """None: it names no hub, or is not read any more."""
    subscription: HubSubscription | None
    """None: no hub was asked."""
