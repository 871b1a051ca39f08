"""Who must be told, and when: pure decisions, each telling with a key that is unique for ever.

| key | what it is |
| --- | --- |
| `said:{follow-up}:{channel}` | a channel hears once that something was said |
| `moved:{follow-up}:{channel}:{last day}` | a channel that was told hears once that its days were moved, by where to |
| `remind:{follow-up}:{channel}:{lead days}:{last day}` | a channel is reminded once per lead time and due day |
| `suggested:{follow-up}:{channel}:{outcome}:{last day}` | a channel hears once per due day how it seems to have ended |
| `personal:{reminder key}:{instant}` | a person is reminded once, and once at each return of what recurs |
| `digest:{subscription}:{local date}` | a subscription gets one digest a day at most |
| `backlog:{key of the first}` | what could not be told in time comes together, once (see backlog.py) |
| `watched:{follow-up}:{person}:{rating}` | one who watches hears once of each rating (`:undone`: of its undoing) |

A channel may hold several orders that want the same follow-up (`*` and a topic, or two topics). One of them speaks
for it, so that it is told once: an order on a topic before one on `*`, an instant one before one in digests, one with
a role to ping before one without, then the oldest.

What is decided in an order's quiet hours is not sent before their end; nothing is left out for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from watchers.audience import Alert, AlertForm, DueReminder, LocalHour, Reminder, Rhythm, Subscription, SubscriptionWish
from watchers.model import FollowUp, Status, Telling
from watchers.rating import Case, Clue, standing

EVERY_TOPIC = "*"
"""The topic that stands for every topic."""

_THE_DAY_AFTER = -1

LONG_AGO = timedelta(hours=2)
"""An alert that ought to have been told so long ago is late: it need not come by itself (see backlog.py)."""
GATHERS = timedelta(minutes=2)
"""How long an alert of news that is read late waits for others."""
_REMINDING = (AlertForm.REMINDER, AlertForm.OVERDUE)

NEWS_LASTS = timedelta(days=3)
"""An article older than this when first seen alerts nobody: it comes from a feed's back pages."""


@dataclass(frozen=True, slots=True)
class Notices:
    """What a telling sets off."""

    alerts: tuple[Alert, ...]
    """For channels served at once; a channel told before is sorted out by the alert's key."""
    gatherings: tuple[int, ...]
    """Subscriptions in whose next digest the follow-up is newly said."""


def spokesmen(followup: FollowUp, subscriptions: Iterable[Subscription]) -> tuple[Subscription, ...]:
    """Return the one order per channel that decides how it hears of `followup`, by channel.

    Orders on other topics, orders that do not want it as it stands, and paused ones have no say.
    """
    chosen: dict[int, Subscription] = {}
    for subscription in subscriptions:
        wish = subscription.wish
        if wish.paused or wish.topic not in {EVERY_TOPIC, *followup.topics} or not wish.wants.takes(followup):
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
    known: Sequence[FollowUp],
    now: datetime,
) -> Notices:
    """Return who is to hear that `telling` was said of `followup`.

    `known` is the follow-up as it was before: nothing where this telling opened it, several where it joined them.
    Nobody hears of what is already past where they are, or of an article that is old news. A digest gathers a
    follow-up when it opens, or when a telling brings what its channel still wanted of it (a topic, one outlet more);
    an instant order tells it unless its channel has been told.
    """
    if telling.published < now - NEWS_LASTS:
        return Notices((), ())
    served = [one for one in spokesmen(followup, subscriptions) if not _is_past(followup, one.wish, now)]
    gathered = {before.wish.channel_id for each in known for before in spokesmen(each, subscriptions)}
    return Notices(
        tuple(_said(followup, one, telling, now) for one in served if one.wish.rhythm is Rhythm.INSTANT),
        tuple(
            one.id for one in served if one.wish.rhythm is not Rhythm.INSTANT and one.wish.channel_id not in gathered
        ),
    )


def notices_of_move(
    followup: FollowUp,
    telling: Telling,
    subscriptions: Sequence[Subscription],
    *,
    cases: Mapping[int, Case],
    told: Collection[int],
    now: datetime,
) -> Notices:
    """Return who is to hear that `telling` moved the days of `followup`.

    Those are the channels that were `told` of it and are served at once; a digest gathers it again. Nobody hears it of
    old news, of days that are past where they are, or where the follow-up (in `cases`, by server) is settled, muted or
    has days that the server gave it itself.
    """
    if telling.published < now - NEWS_LASTS:
        return Notices((), ())
    served = [
        one
        for one in spokesmen(followup, subscriptions)
        if not _is_past(followup, one.wish, now) and _goes_by_the_news(cases[one.wish.guild_id])
    ]
    return Notices(
        tuple(
            _moved(followup, one, telling, now)
            for one in served
            if one.wish.rhythm is Rhythm.INSTANT and one.wish.channel_id in told
        ),
        tuple(one.id for one in served if one.wish.rhythm is not Rhythm.INSTANT),
    )


def _goes_by_the_news(case: Case) -> bool:
    return case.is_open and case.muted_by is None and case.moved_to is None


def _moved(followup: FollowUp, subscription: Subscription, telling: Telling, now: datetime) -> Alert:
    last = followup.due.last.isoformat() if followup.due else ""
    key = f"moved:{followup.id}:{subscription.wish.channel_id}:{last}"
    return _to_channel(subscription, key, AlertForm.MOVED, followup.id, meant_for=telling.published, now=now)


def suggested(
    followup: FollowUp,
    clue: Clue,
    speaking: Iterable[Subscription],
    cases: Mapping[int, Case],
    *,
    published: datetime,
    now: datetime,
) -> tuple[Alert, ...]:
    """Return who is to hear that an article suggests how a follow-up ended, of the orders that speak for channels.

    `cases` holds it as their servers see it, by the server's id; `published` is when the article was. Digests have no
    part for it. A channel told before, even of a less certain suggestion, is sorted out by the alert's key.
    """
    if published < now - NEWS_LASTS:
        return ()
    last = followup.due.last.isoformat() if followup.due else "undated"
    return tuple(
        _to_channel(
            one,
            f"suggested:{followup.id}:{one.wish.channel_id}:{clue.outcome.value}:{last}",
            AlertForm.SUGGESTED,
            followup.id,
            meant_for=published,
            now=now,
        )
        for one in speaking
        if one.wish.rhythm is Rhythm.INSTANT and cases[one.wish.guild_id].muted_by is None
    )


def _is_past(followup: FollowUp, wish: SubscriptionWish, now: datetime) -> bool:
    return followup.due is not None and followup.due.last < wish.at.day_of(now)


def _said(followup: FollowUp, subscription: Subscription, telling: Telling, now: datetime) -> Alert:
    key = f"said:{followup.id}:{subscription.wish.channel_id}"
    return _to_channel(subscription, key, AlertForm.SAID, followup.id, meant_for=telling.published, now=now)


def _to_channel(
    subscription: Subscription, key: str, form: AlertForm, followup_id: int, *, meant_for: datetime, now: datetime
) -> Alert:
    wish, late = subscription.wish, meant_for <= now - LONG_AGO
    return Alert(
        key=key,
        form=form,
        followup_ids=(followup_id,),
        guild_id=wish.guild_id,
        channel_id=wish.channel_id,
        role_id=wish.role_id,
        subscription_id=subscription.id,
        # Reminders that fell due meanwhile are decided together anyway.
        not_before=after_quiet_hours(wish, now) or (now + GATHERS if late and form not in _REMINDING else None),
        meant_for=meant_for if late else None,
    )


def after_quiet_hours(wish: SubscriptionWish, now: datetime) -> datetime | None:
    """Return the end of an order's quiet hours where it is within them, in UTC; None outside them."""
    if wish.quiet is None:
        return None
    end = wish.quiet.end_after(now, wish.at.zone)
    return end if end > now else None


# --- reminders --------------------------------------------------------------------------------------------


def reminders_for(
    case: Case, subscription: Subscription, now: datetime, *, before: LocalHour | None = None
) -> tuple[Reminder, ...]:
    """Return the reminders of a follow-up that `subscription` is to get, only those still ahead of `now`.

    Each falls on its lead time (see `leads_of`) before the last day as the server sees it, at the order's local hour.
    There are none of what is undated, settled, muted or unwanted, and none where a digest tells what falls due. Where
    the order's hour was `before` until now, those still ahead by that one are among them, though they may have passed
    by its own.
    """
    wish, followup = subscription.wish, case.followup
    if case.due is None or not _is_reminded_of(case, wish):
        return ()
    last = case.due.last
    return tuple(
        Reminder(
            key=f"remind:{followup.id}:{wish.channel_id}:{lead}:{last.isoformat()}",
            fires_at=_fires_at(last, lead, wish),
            followup_id=followup.id,
            subscription_id=subscription.id,
            lead_days=lead,
        )
        for lead in leads_of(wish)
        if _fires_at(last, lead, wish) > now or (before is not None and before.on(last - timedelta(days=lead)) > now)
    )


def leads_of(wish: SubscriptionWish) -> tuple[int, ...]:
    """Return the lead times of an order's reminders, the longest first: its own, and the day after.

    The day after asks whether it happened. Who is reminded at all is asked that once, whether or not that day is among
    those chosen; who chose a later day instead is asked then, and who wants no reminders never is.
    """
    chosen = set(wish.lead_days)
    asks = bool(chosen) and min(chosen) >= 0
    return tuple(sorted(chosen | {_THE_DAY_AFTER} if asks else chosen, reverse=True))


def _is_reminded_of(case: Case, wish: SubscriptionWish) -> bool:
    wanted = case.is_open and case.muted_by is None and wish.wants.takes(case.followup)
    return wanted and wish.rhythm is Rhythm.INSTANT and not wish.paused


def all_reminders(
    followup: FollowUp, subscriptions: Sequence[Subscription], cases: Mapping[int, Case], now: datetime
) -> tuple[Reminder, ...]:
    """Return the reminders of `followup` for every channel that wants it, one order speaking for each.

    `cases` holds the follow-up as each server sees it, by the server's id.
    """
    return tuple(
        reminder
        for subscription in spokesmen(followup, subscriptions)
        for reminder in reminders_for(cases[subscription.wish.guild_id], subscription, now)
    )


def _fires_at(last: date, lead: int, wish: SubscriptionWish) -> datetime:
    return wish.at.on(last - timedelta(days=lead))


def reminder_alert(due: DueReminder, now: datetime) -> Alert | None:
    """Return the alert a due reminder turns into; None where it has been overtaken or has lost its object.

    A subscription's reminder is overtaken when, after downtime, a later one of the same follow-up is due as well or
    will still tell that the last day has passed: only the latest speaks. So is one that would only ask whether it
    happened, where the news has suggested it. One that comes after the last day is an overdue notice, whatever its
    lead time was.
    """
    reminder, case = due.reminder, due.case
    if reminder.user_id is not None:
        return Alert(
            key=f"personal:{reminder.key}:{int(reminder.fires_at.timestamp())}",
            form=AlertForm.PERSONAL,
            followup_ids=() if case is None else (case.followup.id,),
            user_id=reminder.user_id,
            note=reminder.note,
        )
    if case is None or due.subscription is None or _is_overtaken(reminder, case, due.subscription.wish, now):
        return None
    overdue = standing(case.due, due.subscription.wish.at.day_of(now)) is Status.OVERDUE
    form = AlertForm.OVERDUE if overdue else AlertForm.REMINDER
    fired = reminder.fires_at
    return _to_channel(due.subscription, reminder.key, form, case.followup.id, meant_for=fired, now=now)


def _is_overtaken(reminder: Reminder, case: Case, wish: SubscriptionWish, now: datetime) -> bool:
    lead = reminder.lead_days
    if case.due is None or lead not in leads_of(wish) or not _is_reminded_of(case, wish):
        return True  # the order or the follow-up has changed since
    if lead not in wish.lead_days and case.suggestion is not None:
        return True  # it only asks, and what it asks for has been suggested
    last = case.due.last
    later = [each for each in leads_of(wish) if each < lead]
    if any(_fires_at(last, each, wish) <= now for each in later):
        return True
    return bool(later) and last < wish.at.day_of(now)
