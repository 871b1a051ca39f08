"""The morning message: due today, due this week, newly said, overdue, settled. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from watchers.alerts import after_quiet_hours
from watchers.audience import Alert, AlertForm, Rhythm, Section, Subscription, SubscriptionWish
from watchers.model import Interval
from watchers.rating import Case

OVERDUE_FOR = 7
"""Days after its last day in which a digest still calls a follow-up overdue."""
MOST_CASES = 200
"""Follow-ups that one digest holds; more than a message shows, so that it can say how many there are."""

_WEEK = 7
_ORDER = tuple(Section)


def next_digest(wish: SubscriptionWish, after: datetime) -> datetime | None:
    """Return the first instant after `after` at which a digest of an order is due, in UTC; None where it has none."""
    if wish.rhythm is Rhythm.INSTANT or wish.paused:
        return None
    day = wish.at.day_of(after)
    while wish.at.on(day) <= after or (wish.rhythm is Rhythm.WEEKLY and day.weekday() != wish.digest_weekday):
        day += timedelta(days=1)
    return wish.at.on(day)


def read_on(wish: SubscriptionWish, now: datetime) -> date:
    """Return the local day on which a digest decided now is read: quiet hours may keep it until the next one."""
    return wish.at.day_of(after_quiet_hours(wish, now) or now)


def horizon(wish: SubscriptionWish, now: datetime) -> Interval:
    """Return the last days that a digest looks at: from a week ago to Sunday, or for a week where it is weekly."""
    today = read_on(wish, now)
    ahead = _WEEK - 1 if wish.rhythm is Rhythm.WEEKLY else _WEEK - 1 - today.weekday()
    return Interval(today - timedelta(days=OVERDUE_FOR), today + timedelta(days=ahead))


def near_days(wish: SubscriptionWish, now: datetime) -> tuple[Interval, ...]:
    """Return the days of `horizon`, those of each heading for itself: overdue, due today, due this week."""
    today, days = read_on(wish, now), horizon(wish, now)
    a_day = timedelta(days=1)
    ahead = (Interval(today + a_day, days.last),) if days.last > today else ()
    return Interval(days.first, today - a_day), Interval(today, today), *ahead


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

    It is worded for the day on which it is read (`read_on`).

    `gathered` was said since the last one, `near` falls due within `horizon`, `settled` was rated since
    `settled_since`. A follow-up stands under the first heading that it fits; one that the order does not want, or
    whose reminders the server has muted, under none.
    """
    wish = subscription.wish
    today, last = read_on(wish, now), horizon(wish, now).last
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
    wanted = arranged(wanted)
    shares = fair_shares([sum(one[0] is section for one in wanted) for section in _ORDER], MOST_CASES)
    kept = [
        one
        for section, share in zip(_ORDER, shares, strict=True)
        for one in islice((one for one in wanted if one[0] is section), share)
    ]
    return Alert(
        key=f"digest:{subscription.id}:{wish.at.day_of(now).isoformat()}",
        form=AlertForm.DIGEST,
        followup_ids=tuple(case.followup.id for _, case in kept),
        sections=tuple(section for section, _ in kept),
        guild_id=wish.guild_id,
        channel_id=wish.channel_id,
        role_id=wish.role_id,
        subscription_id=subscription.id,
        not_before=after_quiet_hours(wish, now),
    )


def arranged(found: Iterable[tuple[Section, Case]]) -> list[tuple[Section, Case]]:
    """Return follow-ups in the order in which a digest has them: by heading, then by last day."""
    return sorted(found, key=lambda one: (_ORDER.index(one[0]), _last_day(one[1]), one[1].followup.id))


def fair_shares(counts: Sequence[int], most: int) -> tuple[int, ...]:
    """Return how many of each may be taken where `most` are taken together, each in turn, the first ones first."""
    shares = [0] * len(counts)
    while sum(shares) < most and list(counts) != shares:
        for place, count in enumerate(counts):
            if shares[place] < count and sum(shares) < most:
                shares[place] += 1
    return tuple(shares)


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
