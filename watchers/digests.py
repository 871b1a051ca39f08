"""The morning message: due today, due this week, newly said, overdue, settled. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from watchers.alerts import after_quiet_hours
from watchers.audience import Alert, AlertForm, Rhythm, Section, Subscription, SubscriptionWish
from watchers.model import Interval
from watchers.rating import Case

OVERDUE_FOR = 7
"""Days after its last day in which a digest still calls a follow-up overdue."""
MOST_CASES = 200
"""Follow-ups that one digest holds; more than a message shows, so that it can say how many there are."""

_WEEK = 7


def next_digest(wish: SubscriptionWish, after: datetime) -> datetime | None:
    """Return the first instant after `after` at which a digest of an order is due, in UTC; None where it has none."""
    if wish.rhythm is Rhythm.INSTANT or wish.paused:
        return None
    day = wish.at.day_of(after)
    while wish.at.on(day) <= after or (wish.rhythm is Rhythm.WEEKLY and day.weekday() != wish.digest_weekday):
        day += timedelta(days=1)
    return wish.at.on(day)


def horizon(wish: SubscriptionWish, now: datetime) -> Interval:
    """Return the last days that a digest looks at: from a week ago to Sunday, or for a week where it is weekly."""
    today = wish.at.day_of(now)
    ahead = _WEEK - 1 if wish.rhythm is Rhythm.WEEKLY else _WEEK - 1 - today.weekday()
    return Interval(today - timedelta(days=OVERDUE_FOR), today + timedelta(days=ahead))


def settled_since(wish: SubscriptionWish, now: datetime) -> datetime:
    """Return from when on ratings are news to an order's digest."""
    return now - timedelta(days=_WEEK if wish.rhythm is Rhythm.WEEKLY else 1)


def digest(
    subscription: Subscription,
    *,
    gathered: Iterable[Case],
    near: Iterable[Case],
    settled: Iterable[Case],
    now: datetime,
) -> Alert | None:
    """Return an order's digest of today, or None where there is nothing to tell.

    `gathered` was said since the last one, `near` falls due within `horizon`, `settled` was rated since
    `settled_since`. A follow-up stands under the first heading that it fits; one that the order does not want, or
    whose reminders the server has muted, under none.
    """
    wish = subscription.wish
    today, last = wish.at.day_of(now), horizon(wish, now).last
    sections: dict[int, tuple[Section, Case]] = {}
    for case in near:
        if (section := _by_day(case, today, last)) is not None:
            sections.setdefault(case.followup.id, (section, case))
    for case in gathered:
        if case.is_open:
            sections.setdefault(case.followup.id, (Section.NEWLY_SAID, case))
    for case in settled:
        if case.rating is not None:
            sections.setdefault(case.followup.id, (Section.SETTLED, case))
    wanted = [one for one in sections.values() if one[1].muted_by is None and wish.wants.takes(one[1].followup)]
    if not wanted:
        return None
    order = list(Section)
    wanted.sort(key=lambda one: (order.index(one[0]), _last_day(one[1]), one[1].followup.id))
    kept = wanted[:MOST_CASES]
    return Alert(
        key=f"digest:{subscription.id}:{today.isoformat()}",
        form=AlertForm.DIGEST,
        followup_ids=tuple(case.followup.id for _, case in kept),
        sections=tuple(section for section, _ in kept),
        guild_id=wish.guild_id,
        channel_id=wish.channel_id,
        role_id=wish.role_id,
        subscription_id=subscription.id,
        not_before=after_quiet_hours(wish, now),
    )


def _by_day(case: Case, today: date, last: date) -> Section | None:
    if case.due is None or not case.is_open:
        return None
    if case.due.last == today:
        return Section.DUE_TODAY
    if case.due.last < today:
        return Section.OVERDUE if (today - case.due.last).days <= OVERDUE_FOR else None
    return Section.DUE_THIS_WEEK if case.due.last <= last else None


def _last_day(case: Case) -> date:
    return case.due.last if case.due is not None else date.max
