"""Who wants to know of what, how it is put before them, and what waits to be sent: the values of orders and alerts.

Pure. Days are calendar dates, local hours are hours of the wall clock in the zone named beside them, instants are
timezone-aware and in UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from watchers.model import FollowUp, Kind, Precision
from watchers.rating import Case


@dataclass(frozen=True, slots=True)
class LocalHour:
    """An hour of the day in one time zone, at which reminders and digests go out."""

    zone: ZoneInfo
    hour: int = 8

    def on(self, day: date) -> datetime:
        """Return that hour of `day` as an instant in UTC.

        An hour that a clock change skips comes after the gap; one that it repeats is the first of the two.
        """
        return datetime.combine(day, time(self.hour), self.zone).astimezone(UTC)

    def day_of(self, now: datetime) -> date:
        """Return the local date of an instant."""
        return now.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of the local day in which a channel is left alone: from `first` o'clock until `last` o'clock.

    They may pass midnight (22 to 7); `first` and `last` differ.
    """

    first: int
    last: int

    def end_after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return `moment` itself, or the end of the quiet hours it falls into, in UTC.

        An end that a clock change skips comes after the gap.
        """
        local = moment.astimezone(zone)
        since = (local.hour - self.first) % 24
        if since >= (self.last - self.first) % 24:
            return moment
        day = local.date() + timedelta(days=self.last < self.first and local.hour >= self.first)
        # In an hour that comes twice, what falls into the second is over in the second.
        end = datetime.combine(day, time(self.last, fold=local.fold), zone).astimezone(UTC)
        return self.end_after(end, zone)  # itself, unless a clock change skips all that is not quiet


class Rhythm(StrEnum):
    """How a subscription is served."""

    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"


class Dating(StrEnum):
    """How firmly dated a follow-up must be."""

    ANY = "any"
    DATED = "dated"
    EXACT = "exact"


class Place(StrEnum):
    """Where the alerts of a subscription stand."""

    CHANNEL = "channel"
    THREADS = "threads"
    """Each follow-up has a thread below its alert, where its reminders come."""
    FORUM = "forum"
    """Each follow-up is a post of a forum channel."""


@dataclass(frozen=True, slots=True)
class Wants:
    """Which follow-ups a subscription wants; what is left empty asks for nothing."""

    kinds: frozenset[Kind] = frozenset(Kind)
    speakers: tuple[str, ...] = ()
    """Any of these must stand in the speaker's name, as whole words, without regard to case."""
    countries: frozenset[str] = frozenset()
    """ISO 3166-1 alpha-2 codes, of which at least one must be concerned."""
    dating: Dating = Dating.ANY
    min_outlets: int = 1
    """How many outlets must have told it."""

    def takes(self, followup: FollowUp) -> bool:
        """Tell whether a follow-up is wanted as it stands."""
        if followup.kind not in self.kinds or len(followup.outlets) < self.min_outlets:
            return False
        if self.dating is not Dating.ANY and followup.due is None:
            return False
        if self.dating is Dating.EXACT and followup.precision is not Precision.EXACT:
            return False
        if self.countries and not self.countries & followup.countries:
            return False
        return not self.speakers or any(_names(one, followup.speaker) for one in self.speakers)


def _names(wanted: str, speaker: str | None) -> bool:
    return speaker is not None and _whole(wanted).search(speaker) is not None


@lru_cache(maxsize=1024)
def _whole(name: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, name.split())) + r"(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SubscriptionWish:
    """What a moderator asks for: a channel's standing order for one topic."""

    guild_id: int
    channel_id: int
    topic: str
    created_by: int
    at: LocalHour
    """The local hour of reminders and digests, in the server's zone."""
    wants: Wants = Wants()
    role_id: int | None = None
    """The role to ping; None pings nobody."""
    rhythm: Rhythm = Rhythm.INSTANT
    digest_weekday: int = 0
    """The day of weekly digests, 0 for Monday."""
    lead_days: tuple[int, ...] = (1, 0, -1)
    """Days before the last day on which to remind: 1 the day before, 0 on the day, -1 the day after."""
    quiet: QuietHours | None = None
    place: Place = Place.CHANNEL
    language: str | None = None
    """The language of words and dates, a BCP 47 tag; None: the server's."""
    paused: bool = False
    """While it is, nothing is told and nothing gathered."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A stored standing order; one per channel and topic."""

    id: int
    wish: SubscriptionWish
    created_at: datetime


OWN_TOPIC = "own:"
"""How the ids of topics begin that servers write; those of the catalogue hold no colon."""


@dataclass(frozen=True, slots=True)
class GuildTopicWish:
    """A topic as a server writes it."""

    guild_id: int
    name: str
    query: str
    """In the language of matcher/queries.py; it has been read without fault."""
    created_by: int


@dataclass(frozen=True, slots=True)
class GuildTopic:
    """A stored topic of a server."""

    number: int
    wish: GuildTopicWish

    @property
    def id(self) -> str:
        """Return its id among all topics."""
        return f"{OWN_TOPIC}{self.number}"


@dataclass(frozen=True, slots=True)
class Guild:
    """What a server has settled for all its channels."""

    id: int
    zone: str | None = None
    """An IANA name; None: the operator's."""
    language: str | None = None
    """A BCP 47 tag; None: English."""
    digest_hour: int | None = None
    """The local hour of reminders and digests; None: the operator's."""
    notices_channel_id: int | None = None
    """Where the bot tells what its managers should know; None: nowhere."""
    rater_role_id: int | None = None
    """Whose members may rate beside those with Manage Messages; None: nobody else."""
    settles_itself: bool = False
    """Whether very confident suggestions settle follow-ups here by themselves."""
    topics: tuple[GuildTopic, ...] = ()
    """The topics it wrote itself, by name."""


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody has settled for themselves."""

    id: int
    zone: str | None = None
    """An IANA name; None: the server's, or the operator's."""
    language: str | None = None
    """In which they last asked to be written to, a BCP 47 tag; None: they never did."""


@dataclass(frozen=True, slots=True)
class Share:
    """A server's follow-ups on one topic, to be read outside Discord by whoever knows the address."""

    token: str = field(repr=False)
    """The secret part of the address."""
    guild_id: int
    topic: str
    created_by: int


# --- alerts -----------------------------------------------------------------------------------------------


class AlertForm(StrEnum):
    """Which message an alert is."""

    SAID = "said"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    DIGEST = "digest"
    PERSONAL = "personal"
    MOVED = "moved"
    """The days of a follow-up have been moved, as an article tells."""
    SUGGESTED = "suggested"
    """An article suggests how a follow-up ended."""
    WATCHED = "watched"
    """To a person who watches a follow-up: it has been rated or moved."""
    NOTICE = "notice"
    """To those who manage a server; `note` says it."""
    FEED = "feed"
    """To them: what became of a feed; `note` holds it (see feed_notices.py)."""


ON_ONE_FOLLOW_UP = (
    AlertForm.SAID,
    AlertForm.REMINDER,
    AlertForm.OVERDUE,
    AlertForm.MOVED,
    AlertForm.SUGGESTED,
)
"""The forms that tell a channel of one follow-up, and so belong in its thread where it has one."""
FOR_MANAGERS = (AlertForm.NOTICE, AlertForm.FEED)
"""The forms that go to the channel that a server chose for notices."""


BACKLOG_KEYS = "backlog:"
"""How the keys of digests begin that hold what could not be told in time."""


class Section(StrEnum):
    """Under which heading a digest has a follow-up, in the order in which they stand."""

    DUE_TODAY = "due today"
    DUE_THIS_WEEK = "due this week"
    NEWLY_SAID = "newly said"
    OVERDUE = "overdue"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Alert:
    """One message that must reach one channel (or one person) exactly once."""

    key: str
    """Unique for ever: deciding the same alert twice stores it once."""
    form: AlertForm
    followup_ids: tuple[int, ...] = ()
    """The follow-ups it speaks of; a digest may hold many, a personal reminder none."""
    sections: tuple[Section, ...] = ()
    """Of a digest: the heading of each of `followup_ids`; otherwise empty."""
    guild_id: int | None = None
    """The server it belongs to; None for a direct message outside any."""
    channel_id: int | None = None
    """Where to post; None for a direct message to `user_id`."""
    user_id: int | None = None
    role_id: int | None = None
    subscription_id: int | None = None
    note: str | None = None
    """A person's own words on a personal reminder, or what a notice says or holds."""
    not_before: datetime | None = None
    """The end of the quiet hours it was decided in, or of the minutes in which what is late gathers; None: at once."""
    meant_for: datetime | None = None
    """When it ought to have been told, where that was long ago when it was decided; None: when it may be sent."""

    @property
    def is_backlog(self) -> bool:
        """Whether it is a digest of what could not be told in time (see backlog.py)."""
        return self.key.startswith(BACKLOG_KEYS)


class Unit(StrEnum):
    """By what a recurring reminder counts."""

    DAY = "day"
    WEEKDAY = "weekday"
    """Monday to Friday."""
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A personal reminder that comes again and again, at the same local hour and minute."""

    every: int
    """In units of `unit`, at least one."""
    unit: Unit
    zone: ZoneInfo
    day: int
    """The day of the month on which a monthly one falls; a month without it has it on its last day."""
    at: time
    """The local hour and minute; one that a clock change skips comes after the gap, that once."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A time at which somebody wants to hear of a follow-up again: for a subscription or for a person."""

    key: str
    fires_at: datetime
    followup_id: int | None = None
    """None for a personal reminder of something else."""
    subscription_id: int | None = None
    """None for a personal reminder."""
    lead_days: int | None = None
    """As in `SubscriptionWish.lead_days`; None for a personal reminder."""
    user_id: int | None = None
    note: str | None = None
    recurrence: Recurrence | None = None
    """None: it comes once."""


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A stored reminder whose time has come, with what is needed to decide on it."""

    id: int
    reminder: Reminder
    case: Case | None
    """The follow-up as the subscription's server sees it; None where the reminder is of something else."""
    subscription: Subscription | None


@dataclass(frozen=True, slots=True)
class DigestBasket:
    """What has gathered for one subscription since its last digest."""

    subscription: Subscription
    followup_ids: tuple[int, ...]


# --- delivery ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Delivery:
    """An alert leased from the outbox: post it, or edit it where it has been posted."""

    id: int
    alert: Alert
    version: int
    """Which wording is wanted; grows when another outlet repeats the statement or somebody rates it."""
    message_id: int | None
    """The Discord message to edit; None: post it."""
    posted_in: int | None
    """The channel that holds `message_id`; None where nothing has been posted."""
    attempts: int
    """How often delivery has failed so far."""
    cases: tuple[Case, ...]
    """The follow-ups of `alert.followup_ids`, in that order, as the server sees them now."""
    guild: Guild | None = None
    """What its server has settled; None: nothing, or no server."""
    subscription: Subscription | None = None
    """The order it serves; None where there is none, or none any more."""
    thread_id: int | None = None
    """The thread, open or not, of the first message that told its channel of the follow-up; None: there is none yet."""
    unsure_since: datetime | None = None
    """Since when it may stand in Discord without our knowing; None: we know, or it is an edit, which may be repeated.

    It is no later than the first attempt of which nobody knows what became.
    """


@dataclass(frozen=True, slots=True)
class Shards:
    """Which of the gateway's shards a process serves, of `count` in all.

    A server's shard is (guild_id >> 22) % count, and direct messages come on shard 0
    (https://discord.com/developers/docs/events/gateway#sharding).
    """

    ids: frozenset[int]
    count: int


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message ended up."""

    channel_id: int
    message_id: int
    lacking: tuple[str, ...] = ()
    """The permissions for want of which its thread could not be used, as Discord's settings have them."""

    def thread(self, told: int | None) -> int:
        """Return the thread or post that a message for the channel `told` began, or stands in."""
        # A thread has the id of the message it was opened below.
        return self.message_id if self.channel_id == told else self.channel_id
