"""How follow-ups ended in the eyes of a server: ratings, notes, and a follow-up with them. Pure.

Follow-ups are told to everybody alike; whether one was kept is for each server to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from watchers.model import Article, FollowUp, Interval, Kind, Statement, Status


class Outcome(StrEnum):
    """How a follow-up ended, as somebody rates it."""

    KEPT = "kept"
    PARTLY = "partly kept"
    BROKEN = "broken"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    DISMISSED = "dismissed"
    """It never was a commitment."""


OURSELVES = 0
"""Whose word a rating is that the bot gave by itself, where a server allows it; nobody has confirmed it."""


@dataclass(frozen=True, slots=True)
class RatingWish:
    """One person's word, for one server, on how a follow-up ended."""

    followup_id: int
    guild_id: int
    user_id: int
    """`OURSELVES`: nobody's, the server lets confident suggestions settle by themselves."""
    outcome: Outcome
    due: Interval | None = None
    """The new days where it was moved; otherwise None."""
    happened_on: date | None = None
    """The day on which it was kept, in full or in part, where that is known; otherwise None."""


@dataclass(frozen=True, slots=True)
class Rating:
    """A stored rating."""

    id: int
    wish: RatingWish
    rated_at: datetime

    @property
    def outcome(self) -> Outcome:
        """How it ended."""
        return self.wish.outcome

    @property
    def is_ours(self) -> bool:
        """Whether the bot gave it by itself, so that nobody has confirmed it."""
        return self.wish.user_id == OURSELVES


SURE = 0.65
"""The confidence from which on a suggestion is put before people: set where few are wrong (see resolutions.py)."""


@dataclass(frozen=True, slots=True)
class Clue:
    """A sentence of an article that suggests how a follow-up ended."""

    outcome: Outcome
    due: Interval | None
    """The new days where it was moved and the sentence names them; otherwise None."""
    confidence: float
    """From 0 to 1."""
    reasons: tuple[str, ...]
    """What speaks for it, and after "but: " what against it, the weightiest first."""
    start: int
    end: int
    """The sentence's characters in the article as it was read (see `reading_text`)."""
    quote: str
    """The sentence, letter for letter."""
    day: date
    """The article's day."""
    outlet: str
    url: str | None
    title: str

    @property
    def is_sure(self) -> bool:
        """Whether it is put before people; what is not is only a near miss, shown where they ask how it ended."""
        return self.confidence >= SURE


@dataclass(frozen=True, slots=True)
class Suggestion:
    """a stored clue about a follow-up; whether it ended so is for each server to say."""

    id: int
    followup_id: int
    clue: Clue


@dataclass(frozen=True, slots=True)
class Revision:
    """How far a server's view of a follow-up has moved; both only ever grow."""

    number: int
    """How many ratings and undoings there were."""
    at: datetime
    """When the last of them was."""


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote on a follow-up for their server."""

    id: int
    followup_id: int
    guild_id: int
    user_id: int
    text: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """A follow-up as one server sees it."""

    followup: FollowUp
    ratings: tuple[Rating, ...] = ()
    """What stands, the oldest first; what was undone is left out."""
    notes: tuple[Note, ...] = ()
    """The oldest first."""
    muted_by: int | None = None
    """Who asked that the server hear no more reminders of it; None: it does."""
    suggestions: tuple[Suggestion, ...] = ()
    """What the news suggests and the server has not answered yet, the most confident first, then the earliest."""
    accepted: tuple[Suggestion, ...] = ()
    """What the news suggested and the server accepted, in the same order."""

    @property
    def rating(self) -> Rating | None:
        """The last word; None where nobody has rated it."""
        return self.ratings[-1] if self.ratings else None

    @property
    def moved_to(self) -> Interval | None:
        """The days it was last moved to; None where nobody has moved it."""
        return next((one.wish.due for one in reversed(self.ratings) if one.wish.due is not None), None)

    @property
    def due(self) -> Interval | None:
        """When it is to happen: as it was last moved to, else as it was said. None: undated."""
        return self.moved_to or self.followup.due

    @property
    def is_open(self) -> bool:
        """Whether it is still to be seen how it ends; one that was moved is."""
        return self.rating is None or self.rating.outcome is Outcome.MOVED

    @property
    def suggestion(self) -> Suggestion | None:
        """What is to be confirmed or rejected here; None where nothing sure is known, or how it ended has been said."""
        if not self.is_open:
            return None
        return next((one for one in self.suggestions if one.clue.is_sure and not self._is_known(one.clue)), None)

    @property
    def evidence(self) -> Suggestion | None:
        """What the news says for the rating that stands, as the server accepted it; None: it was given without."""
        if self.rating is None:
            return None
        return next((one for one in self.accepted if one.clue.outcome is self.rating.outcome), None)

    def asks_about(self, suggestion_id: int) -> bool:
        """Tell whether a suggestion still wants somebody's word: it has none, or the bot took it by itself."""
        if self.rating is not None and self.rating.is_ours and self.evidence is not None:
            return self.evidence.id == suggestion_id
        return self.is_open and any(one.id == suggestion_id for one in self.suggestions)

    def _is_known(self, clue: Clue) -> bool:
        """Tell whether a clue only says again that it was moved, and to no other days."""
        moved = self.rating is not None and self.rating.outcome is Outcome.MOVED
        return moved and clue.outcome is Outcome.MOVED and clue.due in {None, self.moved_to}

    def status_on(self, today: date) -> Status | Outcome:
        """Return where it stands on `today`: how it ended, or how far off its last day is."""
        if self.rating is not None and self.rating.outcome is not Outcome.MOVED:
            return self.rating.outcome
        return standing(self.due, today)


def standing(due: Interval | None, today: date) -> Status:
    """Return where something due stands on `today`; what is undated stays pending."""
    if due is None or today < due.last:
        return Status.PENDING
    return Status.DUE if today == due.last else Status.OVERDUE


class Flaw(StrEnum):
    """What somebody says is wrong with what was read."""

    NO_COMMITMENT = "not a commitment"
    WRONG_DATE = "wrong date"


@dataclass(frozen=True, slots=True)
class Fault:
    """One person's word that something was read wrongly."""

    followup_id: int
    guild_id: int | None
    user_id: int
    what: Flaw
    due: Interval | None = None
    """The right days, where somebody gave them."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A fault that somebody found, beside the article and what was read in it."""

    article_id: int
    article: Article
    statement: Statement
    fault: Fault


class Listing(StrEnum):
    """Which follow-ups a list holds, in the eyes of one server."""

    PENDING = "pending"
    """Not settled and not past: dated ones by their last day, then undated ones, the newest first."""
    DUE = "due"
    """Not settled, with their last day within seven days from today, soonest first."""
    OVERDUE = "overdue"
    """Not settled and past their last day, the latest first."""
    RECENT = "recent"
    """Whatever became of them, the newest first."""
    SETTLED = "settled"
    """Rated, the latest rating first."""


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which follow-ups to list; every None leaves that side open."""

    listing: Listing = Listing.PENDING
    topic: str | None = None
    kind: Kind | None = None
    speaker: str | None = None
    """Words that must all stand in the speaker's name, without regard to case."""
    country: str | None = None
    """An ISO 3166-1 alpha-2 code of a country it concerns."""
    text: str | None = None
    """Words that must all stand in the quote or the speaker's name, without regard to case."""
    until: date | None = None
    """The latest last day; what is undated is then left out."""


@dataclass(frozen=True, slots=True)
class CasePage:
    """A stretch of a list."""

    items: tuple[Case, ...]
    total: int
    overdue: int
    """Of a list of what is pending: how many more would be in it, had their last day not passed; otherwise 0."""
