"""Every value that crosses a border in the house, as frozen dataclasses.

Days are calendar dates of the article; instants are timezone-aware and in UTC. Intervals are inclusive at
both ends. The words (article, statement, follow-up, alert, reminder …) are defined in docs/architecture.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

# --- what is said -----------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What a statement says of the future; where two fit, the first in this order holds."""

    DEADLINE = "deadline"
    COMMITMENT = "commitment"
    EVENT = "event"
    EXPECTATION = "expectation"


class Precision(StrEnum):
    """How firmly a statement is dated: by the calendar, by a vague span, or not at all."""

    EXACT = "exact"
    VAGUE = "vague"
    NONE = "none"

    @property
    def firmness(self) -> int:
        """How firm it is beside the others: the higher, the firmer."""
        return (Precision.NONE, Precision.VAGUE, Precision.EXACT).index(self)


class Status(StrEnum):
    """Where a follow-up stands. `DUE` and `OVERDUE` are `PENDING` seen on a given day, never stored."""

    PENDING = "pending"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from `first` to `last`, both included. `first <= last` always holds."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse an interval that ends before it begins."""
        if self.last < self.first:
            message = f"an interval cannot end ({self.last}) before it begins ({self.first})"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Timex:
    """A time expression as ISO-TimeML sees it: characters `start` to `end` (exclusive) of the text."""

    start: int
    end: int
    text: str
    type: str
    """DATE, TIME, DURATION or SET."""
    value: str
    """The TIMEX3 value, such as `2026-W15`, `P2W` or `FUTURE_REF`."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One telling: a passage of an article that says what will, must or is meant to happen."""

    start: int
    end: int
    quote: str
    """The text from `start` to `end`, letter for letter."""
    kind: Kind
    timex: Timex | None
    """The time expression that bounds the statement; None where it is undated."""
    due: Interval | None
    """When it is to happen; `due.last` is the last day on which it can still be met. None: undated."""
    precision: Precision
    speaker: str | None
    """Whose words or plan it is, most fully named; None: the reporter's own voice."""
    conditional: bool
    rules: tuple[str, ...]
    """The names of the rules that fired, in the order of reading."""


@dataclass(frozen=True, slots=True)
class Codes:
    """A statement in the codes that analysts of events use (see matcher/codes.py)."""

    edtf: str | None
    """Its due interval as ISO 8601-2 (EDTF) level 1, such as `2026-03-03/2026-03-08`; None where it is undated."""
    cameo: str | None
    """The CAMEO 1.1b3 code of its act, as fine as its words allow; None: CAMEO has no such act."""
    plover: str | None
    """The PLOVER event type of that code; None where PLOVER has none."""
    speaker_country: str | None
    """ISO 3166-1 alpha-2 code of the country its speaker speaks for; None: no country, or not known."""
    countries: tuple[str, ...]
    """ISO 3166-1 alpha-2 codes of the countries its quote names, each once, in order."""
    rule: str
    """What the act was decided by, such as `act:impose+sanctions:threatened`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a time, or of words of promise, in one sentence."""

    start: int
    end: int
    """The sentence's characters."""
    words: str
    """The time, or the words of promise."""
    statement: Statement | None
    """What was read in it, if anything."""
    reason: str
    odds: float | None
    """The logarithm of the odds, less what is asked: at or above zero it states something. None: never weighed."""
    heaviest: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One entry of a feed with its text."""

    key: str
    """What makes it one and the same entry within its feed; at most 200 characters."""
    outlet: str
    url: str | None
    """An http(s) address, or None where the feed gives none that is safe."""
    title: str
    text: str
    """Plain text of the body; may be empty."""
    published: datetime
    """When it was published: the feed's stamp, or when we first saw it (see feeds/parse.py)."""
    day: date
    """`published` on the outlet's own calendar: the day relative expressions count from."""

    def __reduce__(self) -> tuple[type[Article], tuple[object, ...]]:
        """Be pickled as a call: workers send many, and what dataclasses do by themselves takes twice as long."""
        return Article, (self.key, self.outlet, self.url, self.title, self.text, self.published, self.day)


@dataclass(frozen=True, slots=True)
class Telling:
    """One outlet's report of a follow-up."""

    outlet: str
    url: str | None
    title: str
    statement: Statement
    published: datetime
    day: date
    """The article's day, as in `Article.day`."""
    marks: frozenset[str]
    """What it is about, in a form that tellings of one follow-up share (see duplicates.py)."""
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2 codes: its speaker's country first, where one is known, then those its quote names."""


# --- what is tracked --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One underlying deadline, commitment, event or expectation, with every telling of it.

    Its quote, speaker, kind and times are those of the telling that says them best (see duplicates.py).
    """

    id: int
    kind: Kind
    quote: str
    speaker: str | None
    due: Interval | None
    precision: Precision
    conditional: bool
    topics: tuple[str, ...]
    """Topic ids, in alphabetical order."""
    said_on: date
    tellings: tuple[Telling, ...]
    """Oldest first; never empty."""
    feed_id: int | None = None
    """The feed that tells it, where only the servers that added that feed hear of it; None: everybody does."""

    @property
    def outlets(self) -> tuple[str, ...]:
        """The outlets that told it, each once, in order of telling."""
        return tuple(dict.fromkeys(telling.outlet for telling in self.tellings))

    @property
    def countries(self) -> frozenset[str]:
        """The countries that any of its tellings concerns, as ISO 3166-1 alpha-2 codes."""
        return frozenset(code for telling in self.tellings for code in telling.countries)


@dataclass(frozen=True, slots=True)
class Told:
    """A telling of a follow-up with the article it was read in."""

    followup_id: int
    telling: Telling
    text: str
    """The article's text, as in `Article.text`."""


# --- answers to questions ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tally:
    """How things stand for a server, or for everybody."""

    feeds: int
    feeds_failing: int
    followups_pending: int
    outbox_waiting: int
    """Alerts of the server, or all, that are not in Discord as they should be; those whose time is yet to come too."""
    outbox_since: datetime | None
    """Since when the oldest of those that were never posted should have been; None: there is none."""
    last_poll_at: datetime | None
    """None: no feed has been read yet."""
    next_poll_at: datetime | None
    """When the feed is to be asked that has waited longest, which may be long ago; None: none is to be."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in the whole house."""

    alerts: int
    """Alerts not in Discord as they should be; those whose time is yet to come too."""
    alert_since: datetime | None
    """Since when the oldest that was never posted should have been (it may be yet to come); None: there is none."""
    feed_since: datetime | None
    """When the feed was to be asked that has waited longest (it may be yet to come); None: none is to be."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Alerts of a server that were given up for the same reason in the same place."""

    channel_id: int | None
    """None: they were for people."""
    reason: str
    """As it was recorded, for the operator."""
    count: int
    latest: datetime
    """When the latest of them was decided."""
