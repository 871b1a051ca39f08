"""What waited too long to be told one by one comes as one digest: after downtime, a channel is not flooded.

More than a handful of alerts of one order in one channel, each on one follow-up and each meant for two hours ago or
more, become one digest with a key of its own; they themselves are given up in the same transaction, for a reason that
names it. A kill in between therefore loses and doubles nothing. What may stand in Discord already, what has been
leased and what belongs to one person is left alone, and so is a reminder of what falls due later than a digest has a
heading for.

Such an alert is late because it waited in the outbox (Discord was away, or the bot was), because its reminder fired
late, or because its article was read long after it was published. Such news gathers for two minutes, so that a burst
is seen together; what is fresh goes out at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from watchers.alerts import after_quiet_hours
from watchers.audience import BACKLOG_KEYS, Alert, AlertForm, Section, Subscription
from watchers.digests import MOST_CASES, arranged, read_on
from watchers.late import Crowd, LateAlert
from watchers.ports import Clock, Store, UnitOfWork
from watchers.rating import Case

HANDFUL = 5
"""So many late alerts still come one by one."""
_AHEAD = timedelta(days=6)
"""How far ahead a digest looks, as a weekly one does."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A digest, and the alerts whose place it takes."""

    digest: Alert
    instead_of: tuple[LateAlert, ...]


class BacklogKeeper:
    """Turns backlogs into digests, before delivery takes them up."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Look after `store`."""
        self._store = store
        self._clock = clock

    async def gather(self) -> int:
        """Make digests of what has waited too long; return how many. Where nothing has, nothing is written."""
        now, made = self._clock.now(), 0
        for crowd in await self._store.look(lambda work: tuple(work.late_alerts.crowds(now, more_than=HANDFUL))):
            made += await self._store.transact(partial(_gather, crowd=crowd, now=now))
        return made


def _gather(work: UnitOfWork, *, crowd: Crowd, now: datetime) -> int:
    """Put the digests of one crowd into the outbox in the place of its alerts; return how many they are."""
    order, made = work.subscriptions.get(crowd.guild_id, crowd.subscription_id), 0
    late = work.late_alerts.of(crowd, now) if order is not None else ()
    cases = {case.followup.id: case for case in work.cases.of(crowd.guild_id, [one.followup_id for one in late])}
    while order is not None and (gathered := gather(order, crowd.channel_id, late, cases, now)):
        if not work.outbox.put(gathered.digest, now):  # an operator has taken these up again
            return made
        gone = {one.id for one in gathered.instead_of}
        work.late_alerts.give_up(gone, f"told in {gathered.digest.key}")
        late = [one for one in late if one.id not in gone]
        made += 1
    return made


def gather(
    order: Subscription, channel_id: int, late: Sequence[LateAlert], cases: Mapping[int, Case], now: datetime
) -> Gathered | None:
    """Return the digest that takes the place of late alerts of an order in a channel, None where they are a handful.

    It holds as many follow-ups as a digest may, those decided first; a follow-up stands in it once, however many alerts
    spoke of it. `cases` holds them as the order's server sees them; what it sees no more is left to delivery.
    """
    today = read_on(order.wish, now)
    headings: dict[int, Section] = {}
    instead_of: list[LateAlert] = []
    for one in late:
        case = cases.get(one.followup_id)
        section = None if case is None else _section(one.form, case, today)
        if section is None or (one.followup_id not in headings and len(headings) == MOST_CASES):
            continue
        headings.setdefault(one.followup_id, section)
        instead_of.append(one)
    if len(instead_of) <= HANDFUL:
        return None
    shown = arranged((section, cases[number]) for number, section in headings.items())
    digest = Alert(
        key=f"{BACKLOG_KEYS}{instead_of[0].key}",
        form=AlertForm.DIGEST,
        followup_ids=tuple(case.followup.id for _, case in shown),
        sections=tuple(section for section, _ in shown),
        guild_id=order.wish.guild_id,
        channel_id=channel_id,
        role_id=instead_of[0].role_id,
        subscription_id=order.id,
        not_before=after_quiet_hours(order.wish, now),
    )
    return Gathered(digest, tuple(instead_of))


def _section(form: AlertForm, case: Case, today: date) -> Section | None:
    """Return the heading under which a late alert stands; None: there is none for it."""
    if not case.is_open:
        return Section.SETTLED
    last = case.due.last if case.due is not None else date.max
    if last == today:
        return Section.DUE_TODAY
    if last < today:
        return Section.OVERDUE
    if last <= today + _AHEAD:
        return Section.DUE_THIS_WEEK
    return None if form is AlertForm.REMINDER else Section.NEWLY_SAID
