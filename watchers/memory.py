"""What the watchers ask to be remembered, as protocols: follow-ups, orders, reminders and the outbox.

Storage fits these; the watchers do not import it. They are reached through a unit of work (see ports.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from watchers.audience import (
    DigestBasket,
    DueReminder,
    Guild,
    GuildTopic,
    GuildTopicWish,
    Person,
    Reminder,
    Share,
    Subscription,
    SubscriptionWish,
)
from watchers.expectations import Expected
from watchers.model import FollowUp, Interval, Telling
from watchers.open_index import Asked
from watchers.rating import (
    Case,
    CaseFilter,
    CasePage,
    Clue,
    Complaint,
    Fault,
    Flaw,
    Outcome,
    Rating,
    RatingWish,
    Revision,
    Suggestion,
)
from watchers.record import RecordWish


class FollowUps(Protocol):
    """What is tracked."""

    def candidates(
        self, marks: Iterable[str], window: Interval, *, undated: bool, feed_id: int | None
    ) -> Sequence[FollowUp]:
        """Return a bounded number of follow-ups that share handles (see marks.py) with a new statement.

        Those that everybody hears of and, with `feed_id`, before them those of that feed, which is not public. Dated
        ones count where their due interval meets `window`; `undated` asks for undated ones said within `window`
        instead. They are as they are to be compared: the latest tellings alone, and no topics.
        """

    def open(self, article_id: int, telling: Telling, topics: Sequence[str]) -> FollowUp:
        """Start tracking a follow-up with its first telling; of a feed that is not public, for its servers alone."""

    def retell(
        self, followup_id: int, article_id: int, telling: Telling, topics: Sequence[str], *, best: bool
    ) -> FollowUp:
        """Add a telling and its topics; with `best`, the follow-up takes its words, speaker, kind and times."""

    def get(self, followup_id: int) -> FollowUp | None:
        """Return the follow-up that has, or had before a joining, this number; None where there is none."""

    def some(self, followup_ids: Iterable[int]) -> Sequence[FollowUp]:
        """Return those of these numbers that there are, in their order, whoever hears of them."""

    def told_in(self, article_id: int) -> Mapping[int, frozenset[int]]:
        """Return the follow-ups that an article tells of, each with where the statements about it begin there."""

    def refile(self, topic: str, *, into: Iterable[int], out_of: Iterable[int]) -> None:
        """Put follow-ups that exist under one more topic, and take others from under it."""


class Cases(Protocol):
    """Follow-ups as servers see them: with their ratings, notes and muting. Where no server asks, there are none.

    What a feed says that is not public, only the servers that added it see; for all others it is as if it were not.
    """

    def of(self, guild_id: int | None, followup_ids: Sequence[int], *, user_id: int | None = None) -> Sequence[Case]:
        """Return the follow-ups that have, or once had, these numbers, in this order, as a server sees them.

        Each is returned once. Outside servers, `user_id` sees besides what is everybody's what they have set a reminder
        of, and what they watch in a server that sees it.
        """

    def by_guild(self, followup_id: int, guild_ids: Iterable[int]) -> Mapping[int, Case]:
        """Return one follow-up as each of these servers sees it; those that do not see it are left out."""

    def page(
        self,
        wanted: CaseFilter,
        guild_id: int | None,
        today: date,
        *,
        offset: int,
        limit: int,
        enough: int | None = None,
    ) -> CasePage:
        """Return a stretch of the list that `wanted` describes, as a server sees it on `today`.

        It is counted no further than `enough` (None: to its end), so that a long list is answered as soon as others.
        """

    def first(self, wanted: CaseFilter, guild_id: int | None, today: date, limit: int) -> Sequence[Case]:
        """Return the first of the list that `wanted` describes; what counts nothing is found sooner than a page."""

    def count(self, wanted: CaseFilter, guild_id: int | None, today: date) -> int:
        """Return how many the list that `wanted` describes holds."""

    def due_within(
        self, guild_id: int, topic: str, days: Interval, *, offset: int = 0, limit: int | None = None
    ) -> Sequence[Case]:
        """Return those on `topic` (`*`: on any) not settled for a server whose last day is within `days`.

        Soonest first: `limit` of them (None: all) after the first `offset`.
        """

    def rated_since(self, guild_id: int, topic: str, since: datetime) -> Sequence[Case]:
        """Return those on `topic` whose last rating by a server is not older than `since`."""

    def recorded(
        self, wanted: RecordWish, guild_id: int | None, *, offset: int = 0, limit: int | None = None
    ) -> CasePage:
        """Return a stretch (None: all) of what counts in a record as a server sees it, the latest last day first.

        Of `record.MOST` at the utmost. The total of all is how many there are; that of a stretch, how many of them
        count.
        """

    def raters(self) -> Mapping[int, int]:
        """Return the servers that have rated anything, each with how many follow-ups."""

    def rate(self, rating: RatingWish, now: datetime) -> Rating:
        """Store a rating; it is the last word until another one or its undoing."""

    def undo(self, guild_id: int, followup_id: int, now: datetime) -> Rating | None:
        """Take a server's last rating back; return it, or None where there is none."""

    def add_note(self, guild_id: int, followup_id: int, user_id: int, text: str, now: datetime) -> None:
        """Store what somebody wrote on a follow-up."""

    def delete_note(self, guild_id: int, note_id: int, user_id: int) -> int | None:
        """Delete a note of a server that this person wrote; return its follow-up, None where there is none."""

    def mute(self, guild_id: int, followup_id: int, user_id: int | None) -> None:
        """Let a server hear no more reminders of a follow-up; a `user_id` of None lets it hear them again."""

    def watch(self, guild_id: int, followup_id: int, user_id: int, *, wanted: bool) -> None:
        """Let somebody hear by direct message how a server rates a follow-up, or no longer."""

    def revisions(self, guild_id: int, followup_ids: Sequence[int]) -> Mapping[int, Revision]:
        """Return how often a server changed its mind on each of these that it ever rated, and when it last did."""

    def watchers(self, guild_id: int, followup_id: int) -> Sequence[int]:
        """Return who watches a follow-up in a server, by id."""

    def find_fault(self, fault: Fault, now: datetime) -> bool:
        """Store that somebody finds fault with what was read; return False where they have said so before."""

    def drop_fault(self, followup_id: int, user_id: int, what: Flaw) -> None:
        """Forget that somebody found this fault."""

    def complaints(self) -> Sequence[Complaint]:
        """Return every fault found, with what was read and where, by article and place in it."""


class Joining(Protocol):
    """Which follow-ups are one, and which are not."""

    def join(self, older: int, newer: int, best: Telling) -> FollowUp:
        """Make two follow-ups one, in the words of `best`; all that hung on the newer hangs on the older from now on.

        The newer number stands for the older: it finds it wherever a follow-up is asked for by number. Reminders of
        orders are to be planned anew, and what it leads one to expect filed anew.
        """

    def split(
        self, followup_id: int, report_ids: Collection[int], best: Telling, best_left: Telling
    ) -> tuple[FollowUp, FollowUp]:
        """Make some reports of a follow-up one of their own, in the words of `best`; return what is left, and that.

        At least one report is left, and `best_left` says it best. Of both, reminders are to be planned and
        what they lead one to expect filed anew.
        """

    def reports(self, followup_id: int) -> Sequence[tuple[int, Telling]]:
        """Return the tellings of a follow-up with their own numbers, the oldest first."""

    def servers(self, followup_id: int) -> frozenset[int]:
        """Return the servers that have been told of a follow-up, or have rated it or written on it."""

    def parted(self, followup_ids: Collection[int]) -> frozenset[frozenset[int]]:
        """Return the pairs of these that somebody parted: nothing joins them by itself."""

    def part(self, one: int, other: int, *, guild_id: int, user_id: int, now: datetime) -> None:
        """Note that two follow-ups are not one, and who says so (0: the operator); joining them takes it back."""


class Outcomes(Protocol):
    """What the news suggests of how follow-ups ended, and what servers answer to it."""

    def suggest(self, followup_id: int, article_id: int, clue: Clue, now: datetime) -> Suggestion:
        """Store what a sentence of an article suggests of how a follow-up ended."""

    def suggestion(self, suggestion_id: int) -> Suggestion | None:
        """Return a suggestion by its number, or None where there is none."""

    def answer(self, guild_id: int, suggestion_id: int, *, accepted: bool, by: int, now: datetime) -> bool:
        """Store a server's answer to a suggestion; return False where it has answered before."""

    def of(self, followup_id: int) -> Sequence[Suggestion]:
        """Return what is suggested of a follow-up, the most confident first, then the earliest."""

    def forget(self, suggestion_ids: Iterable[int]) -> None:
        """Remove suggestions, with the answers to them."""

    def refused_by(self, followup_id: int) -> frozenset[int]:
        """Return the servers that refused something suggested of a follow-up."""

    def forget_accepted(self, guild_id: int, followup_id: int) -> None:
        """Let a server be asked again about what it accepted of a follow-up."""

    def forget_rejected(self, guild_id: int, followup_id: int, outcome: Outcome) -> None:
        """Let a server be asked again whether a follow-up ended in the way that it rejected."""


class Expectations(Protocol):
    """What open follow-ups lead one to expect, filed so that a later article soon finds the few it may tell of."""

    def file(self, followup_id: int, expected: Expected) -> None:
        """File what a follow-up leads one to expect, instead of what was filed of it."""

    def filed(self, followup_ids: Iterable[int]) -> Mapping[int, Expected]:
        """Return what is filed of these; of what is over, or was never filed, there is nothing."""

    def near(self, asked: Asked, feed_id: int | None) -> Mapping[int, tuple[int, ...]]:
        """Return the follow-ups that an article may tell of, as `OpenIndex.near` does; they are few.

        What a feed says that is not public tells of its own follow-ups alone; what everybody hears (`feed_id` of None)
        tells of all, and what is everybody's is found as if there were nothing else.
        """

    def hide(self, followup_id: int) -> None:
        """Let no article find a follow-up until it is filed anew."""

    def unfiled(self, day: date, *, after: int, limit: int) -> Sequence[int]:
        """Return the first `limit` follow-ups after one of which nothing is filed, but still expected on `day`."""

    def tidied_on(self) -> date | None:
        """Return the last day on which what was over was forgotten; None: never yet."""

    def tidy(self, day: date) -> None:
        """Forget what is over on `day`, and note that day."""


class Guilds(Protocol):
    """What servers have settled, and the topics they wrote themselves."""

    def get(self, guild_id: int) -> Guild:
        """Return what a server has settled and written; what it has not settled is None in it."""

    def put(self, guild: Guild) -> None:
        """Store what a server has settled."""

    def wanting_notices(self, among: Collection[int] | None = None) -> Sequence[Guild]:
        """Return the servers that chose a channel for notices, of these or of all (None), by id."""

    def all_topics(self, after: int) -> tuple[int, Sequence[GuildTopic]]:
        """Return every topic of every server where any changed since the state `after`, with the present state.

        Where none did, return the same state and nothing. The first state is 0.
        """

    def put_topic(self, wish: GuildTopicWish, number: int | None = None) -> GuildTopic:
        """Store a topic of a server, or replace its topic of this number, whose name may change.

        `number` of None means the topic of the same name, without regard to case, where there is one. No other topic
        of the server may have the name.
        """

    def delete_topic(self, guild_id: int, topic: str) -> GuildTopic | None:
        """Remove a topic with its subscriptions; return it, or None where there is none of that id."""

    def person(self, user_id: int) -> Person:
        """Return what somebody has settled for themselves; what they have not is None in it."""

    def put_person(self, person: Person) -> None:
        """Store what somebody has settled for themselves."""


class Subscriptions(Protocol):
    """Which channel wants to hear of which topic. The topic `*` stands for every topic."""

    def put(self, wish: SubscriptionWish, now: datetime) -> tuple[Subscription, bool]:
        """Store or replace the channel's order for the topic; return it and whether it is new."""

    def change(self, subscription_id: int, wish: SubscriptionWish) -> Subscription:
        """Replace the order of this number, which exists, in whatever channel; it keeps its number and its basket."""

    def remove(self, guild_id: int, subscription_id: int) -> Subscription | None:
        """Remove a server's order with its reminders and unsent alerts; return it, None where there is none."""

    def get(self, guild_id: int, subscription_id: int) -> Subscription | None:
        """Return one of a server's orders, or None where it has none by that number."""

    def of_guild(self, guild_id: int) -> Sequence[Subscription]:
        """Return a server's orders, by channel and topic."""

    def of_channel(self, channel_id: int) -> Sequence[Subscription]:
        """Return a channel's orders, by topic."""

    def wanting(self, *states: FollowUp) -> Sequence[Subscription]:
        """Return the orders of servers that see a follow-up which take it in any of `states`, oldest first.

        It is now as the first of them, which has its feed. Those of its topics, or of `*`, and none that are paused;
        there may be some among them that do not take it after all.
        """

    def file_some(self, limit: int) -> int:
        """File orders that a process of the version before put or changed; return how many, at most `limit`."""

    def served_at_once(self) -> Sequence[Subscription]:
        """Return every order that is served at once and not paused, oldest first."""

    def gather(self, subscription_ids: Sequence[int], followup_id: int) -> None:
        """Put a follow-up into the baskets of orders for their next digests; once is enough."""

    def with_digest_due(self, now: datetime, limit: int) -> Sequence[DigestBasket]:
        """Return the orders whose next digest is due, the earliest first, with what their baskets hold."""

    def empty_basket(self, subscription_id: int, followup_ids: Sequence[int]) -> None:
        """Take follow-ups out of an order's basket."""

    def next_digest_at(self, subscription_id: int, at: datetime | None) -> None:
        """Note when an order's next digest is due; None: never."""


class Reminders(Protocol):
    """Times at which somebody is to hear of a follow-up again."""

    def plan(self, reminders: Iterable[Reminder]) -> None:
        """Store reminders; one whose key is known already changes nothing."""

    def replan(self, followup_id: int, reminders: Iterable[Reminder], *, guild_id: int | None = None) -> None:
        """Replace the unfired reminders that orders (those of one server, if named) have of a follow-up."""

    def looked_ahead_on(self) -> date | None:
        """Return the last day, in UTC, on which what has come near was planned; None: never yet."""

    def look_ahead_on(self, day: date) -> None:
        """Note that what has come near by that day has been planned."""

    def forget_ahead(self, subscription_id: int, now: datetime) -> None:
        """Remove the reminders of an order that are not due yet."""

    def due(self, now: datetime, limit: int) -> Sequence[DueReminder]:
        """Return unfired reminders whose time has come, the earliest first."""

    def fired(self, reminder_id: int, now: datetime) -> None:
        """Mark a reminder as turned into an alert, or as overtaken."""

    def put_off(self, reminder_id: int, fires_at: datetime) -> None:
        """Let a reminder that recurs come again."""

    def of_user(self, user_id: int) -> Sequence[tuple[int, Reminder]]:
        """Return a person's unfired personal reminders with their numbers, the earliest first."""

    def drop(self, user_id: int, reminder_id: int) -> Reminder | None:
        """Remove one of a person's own unfired reminders; return it, None where it is not theirs or has fired."""


class Shares(Protocol):
    """Addresses nobody can guess, under which a server's calendar and feeds can be read."""

    def open(self, wish: Share, now: datetime) -> Share:
        """Return a server's share of that topic, or store `wish` where it has none."""

    def find(self, token: str) -> Share | None:
        """Return what is shared under `token`, or None."""

    def of_guild(self, guild_id: int) -> Sequence[Share]:
        """Return what a server shares, by topic."""

    def close(self, guild_id: int, topic: str) -> Share | None:
        """End a share, so that its address answers no more; return it, or None where there is none."""
