"""Who must be told, and when: pure decisions, each telling with a key that is unique for ever.

| key | what it is |
| --- | --- |
| `said:{follow-up}:{channel}` | a channel hears once that something was said |
| `remind:{follow-up}:{channel}:{lead days}:{last day}` | a channel is reminded once per lead time and due day |
| `personal:{reminder key}` | a person is reminded once |
| `digest:{subscription}:{local date}` | a daily subscription gets one digest a day |

A channel may hold several orders that want the same follow-up (`*` and a topic, or two topics). One of them speaks
for it, so that it is told once: an order on a topic before one on `*`, an instant one before a daily one, one with a
role to ping before one without, then the oldest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from watchers.model import (
    Alert,
    AlertForm,
    DigestBasket,
    DueReminder,
    FollowUp,
    Reminder,
    Rhythm,
    Status,
    Subscription,
    Telling,
)

EVERY_TOPIC = "*"
"""The topic that stands for every topic."""

NEWS_LASTS = timedelta(days=3)
"""An article older than this when first seen alerts nobody: it comes from a feed's back pages."""


@dataclass(frozen=True, slots=True)
class LocalHour:
    """The hour of the day, in one time zone, at which reminders and digests go out."""

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
class Notices:
    """What a telling sets off."""

    alerts: tuple[Alert, ...]
    """For channels served at once; a channel told before is sorted out by the alert's key."""
    gatherings: tuple[int, ...]
    """Daily subscriptions whose basket the follow-up goes into."""


def spokesmen(followup: FollowUp, subscriptions: Iterable[Subscription]) -> tuple[Subscription, ...]:
    """Return the one order per channel that decides how it hears of `followup`, by channel.

    Orders on other topics and orders that leave out its kind have no say.
    """
    chosen: dict[int, Subscription] = {}
    for subscription in subscriptions:
        wish = subscription.wish
        if followup.kind not in wish.kinds or wish.topic not in {EVERY_TOPIC, *followup.topics}:
            continue
        rival = chosen.get(wish.channel_id)
        if rival is None or _rank(subscription) < _rank(rival):
            chosen[wish.channel_id] = subscription
    return tuple(chosen[channel] for channel in sorted(chosen))


def _rank(subscription: Subscription) -> tuple[bool, bool, bool, int]:
    wish = subscription.wish
    return wish.topic == EVERY_TOPIC, wish.rhythm is not Rhythm.INSTANT, wish.role_id is None, subscription.id


def notices(
    followup: FollowUp,
    telling: Telling,
    subscriptions: Sequence[Subscription],
    *,
    known: FollowUp | None,
    at: LocalHour,
    now: datetime,
) -> Notices:
    """Return who is to hear that `telling` was said of `followup`.

    `known` is the follow-up as it was before, None where this telling opened it. Nobody hears of what is already past
    or of an article that is old news. A daily subscription gathers a follow-up when it opens, or when a telling adds
    the first topic for which its channel wants it; an instant one is told unless its channel has been.
    """
    past = followup.due is not None and followup.due.last < at.day_of(now)
    if past or telling.published < now - NEWS_LASTS:
        return Notices((), ())
    served = spokesmen(followup, subscriptions)
    before = spokesmen(known, subscriptions) if known else ()
    gathered = {subscription.wish.channel_id for subscription in before}
    return Notices(
        tuple(_said(followup, one) for one in served if one.wish.rhythm is Rhythm.INSTANT),
        tuple(one.id for one in served if one.wish.rhythm is Rhythm.DAILY and one.wish.channel_id not in gathered),
    )


def _said(followup: FollowUp, subscription: Subscription) -> Alert:
    wish = subscription.wish
    return Alert(
        key=f"said:{followup.id}:{wish.channel_id}",
        form=AlertForm.SAID,
        channel_id=wish.channel_id,
        user_id=None,
        role_id=wish.role_id,
        followup_ids=(followup.id,),
        subscription_id=subscription.id,
        note=None,
    )


def reminders_for(followup: FollowUp, subscription: Subscription, at: LocalHour, now: datetime) -> tuple[Reminder, ...]:
    """Return the reminders of `followup` that `subscription` is to get, only those still ahead of `now`.

    Each falls on its lead time before the last day, at the hour of `at`. An undated follow-up has none, nor one of
    a kind the subscription leaves out.
    """
    wish = subscription.wish
    if followup.due is None or followup.kind not in wish.kinds:
        return ()
    last = followup.due.last
    return tuple(
        Reminder(
            key=f"remind:{followup.id}:{wish.channel_id}:{lead}:{last.isoformat()}",
            fires_at=_fires_at(last, lead, at),
            followup_id=followup.id,
            subscription_id=subscription.id,
            lead_days=lead,
            user_id=None,
            note=None,
        )
        for lead in sorted(set(wish.lead_days), reverse=True)
        if _fires_at(last, lead, at) > now
    )


def all_reminders(
    followup: FollowUp, subscriptions: Sequence[Subscription], at: LocalHour, now: datetime
) -> tuple[Reminder, ...]:
    """Return the reminders of `followup` for every channel that wants it, one order speaking for each."""
    return tuple(
        reminder
        for subscription in spokesmen(followup, subscriptions)
        for reminder in reminders_for(followup, subscription, at, now)
    )


def _fires_at(last: date, lead: int, at: LocalHour) -> datetime:
    return at.on(last - timedelta(days=lead))


def reminder_alert(due: DueReminder, at: LocalHour, now: datetime) -> Alert | None:
    """Return the alert a due reminder turns into; None where it has been overtaken or has lost its object.

    A subscription's reminder is overtaken when, after downtime, a later one of the same follow-up is due as well or
    will still tell that the last day has passed: only the latest speaks. One that comes after the last day is
    an overdue notice, whatever its lead time was.
    """
    reminder = due.reminder
    if reminder.user_id is not None:
        return Alert(
            key=f"personal:{reminder.key}",
            form=AlertForm.PERSONAL,
            channel_id=None,
            user_id=reminder.user_id,
            role_id=None,
            followup_ids=() if due.followup is None else (due.followup.id,),
            subscription_id=None,
            note=reminder.note,
        )
    if (
        due.followup is None
        or due.subscription is None
        or _overtaken(reminder, due.followup, due.subscription, at, now)
    ):
        return None
    overdue = due.followup.status_on(at.day_of(now)) is Status.OVERDUE
    wish = due.subscription.wish
    return Alert(
        key=reminder.key,
        form=AlertForm.OVERDUE if overdue else AlertForm.REMINDER,
        channel_id=wish.channel_id,
        user_id=None,
        role_id=wish.role_id,
        followup_ids=(due.followup.id,),
        subscription_id=due.subscription.id,
        note=None,
    )


def _overtaken(
    reminder: Reminder, followup: FollowUp, subscription: Subscription, at: LocalHour, now: datetime
) -> bool:
    wish = subscription.wish
    if followup.due is None or reminder.lead_days not in wish.lead_days or followup.kind not in wish.kinds:
        return True  # the order or the follow-up has changed since
    last = followup.due.last
    later = [lead for lead in wish.lead_days if lead < reminder.lead_days]
    if any(_fires_at(last, lead, at) <= now for lead in later):
        return True
    return bool(later) and last < at.day_of(now)


def digest(basket: DigestBasket, at: LocalHour, now: datetime) -> Alert | None:
    """Return today's digest of a daily subscription; None before the hour."""
    today = at.day_of(now)
    if now < at.on(today) or not basket.followup_ids:
        return None
    wish = basket.subscription.wish
    return Alert(
        key=f"digest:{basket.subscription.id}:{today.isoformat()}",
        form=AlertForm.DIGEST,
        channel_id=wish.channel_id,
        user_id=None,
        role_id=wish.role_id,
        followup_ids=basket.followup_ids,
        subscription_id=basket.subscription.id,
        note=None,
    )
