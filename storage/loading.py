"""Rows into the house's values, many at a time: three questions for any page of follow-ups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, select

from storage.tables import followup_topics, followups, subscriptions, tellings
from watchers.model import (
    FollowUp,
    Interval,
    Kind,
    Precision,
    Rhythm,
    Statement,
    Subscription,
    SubscriptionWish,
    Telling,
    Timex,
)

# Well below what either engine takes as parameters of one statement.
_AT_ONCE = 1000

_SOME: BindParameter[int] = bindparam("some", expanding=True)
_TOPICS = select(followup_topics.c.followup_id, followup_topics.c.topic).where(followup_topics.c.followup_id.in_(_SOME))
_TELLINGS_OLDEST_FIRST = (
    select(tellings).where(tellings.c.followup_id.in_(_SOME)).order_by(tellings.c.published, tellings.c.id)
)
_FOLLOWUPS = select(followups).where(followups.c.id.in_(_SOME))


def load_followups(connection: Connection, ids: Iterable[int]) -> dict[int, FollowUp]:
    """Return the follow-ups of these numbers that exist, each with its topics and tellings."""
    found: dict[int, FollowUp] = {}
    for some in _batches(sorted(set(ids))):
        topics: dict[int, list[str]] = {}
        for followup_id, topic in connection.execute(_TOPICS, {"some": some}):
            topics.setdefault(followup_id, []).append(topic)
        told: dict[int, list[Telling]] = {}
        for row in connection.execute(_TELLINGS_OLDEST_FIRST, {"some": some}):
            told.setdefault(row.followup_id, []).append(_telling(row))
        for row in connection.execute(_FOLLOWUPS, {"some": some}):
            found[row.id] = FollowUp(
                id=row.id,
                kind=Kind(row.kind),
                quote=row.quote,
                speaker=row.speaker,
                due=_interval(row.due_start, row.due_end),
                precision=Precision(row.precision),
                conditional=row.conditional,
                topics=tuple(sorted(topics.get(row.id, ()))),
                said_on=row.said_on,
                tellings=tuple(told[row.id]),
            )
    return found


def load_subscriptions(connection: Connection, ids: Iterable[int]) -> dict[int, Subscription]:
    """Return the subscriptions of these numbers that exist."""
    return {
        row.id: subscription_of(row)
        for some in _batches(sorted(set(ids)))
        for row in connection.execute(select(subscriptions).where(subscriptions.c.id.in_(some)))
    }


def subscription_of(row: Row[Any]) -> Subscription:
    """Read a row of the table `subscriptions`."""
    wish = SubscriptionWish(
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        topic=row.topic,
        kinds=frozenset(Kind(kind) for kind in row.kinds),
        role_id=row.role_id,
        rhythm=Rhythm(row.rhythm),
        lead_days=tuple(row.lead_days),
        created_by=row.created_by,
    )
    return Subscription(row.id, wish, row.created_at)


def _telling(row: Row[Any]) -> Telling:
    timex = None
    if row.timex_start is not None:
        timex = Timex(row.timex_start, row.timex_end, row.timex_text, row.timex_type, row.timex_value)
    statement = Statement(
        start=row.quote_start,
        end=row.quote_end,
        quote=row.quote,
        kind=Kind(row.kind),
        timex=timex,
        due=_interval(row.due_start, row.due_end),
        precision=Precision(row.precision),
        speaker=row.speaker,
        conditional=row.conditional,
        rules=tuple(row.rules),
    )
    return Telling(row.outlet, row.url, row.title, statement, row.published, row.day, frozenset(row.marks))


def _interval(first: date | None, last: date | None) -> Interval | None:
    return None if first is None or last is None else Interval(first, last)


def _batches(ids: Sequence[int]) -> Iterator[list[int]]:
    remaining = iter(ids)
    while some := list(islice(remaining, _AT_ONCE)):
        yield some
