"""Rows into the house's values, many at a time: three questions for any page of follow-ups."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Connection, Row, bindparam, select

from storage.guild_tables import mutes, notes, ratings
from storage.outcome_tables import answers, suggestions
from storage.seeing import holding
from storage.tables import followup_topics, followups, subscriptions, tellings
from watchers.audience import Dating, LocalHour, Place, QuietHours, Rhythm, Subscription, SubscriptionWish, Wants
from watchers.model import Article, FollowUp, Interval, Kind, Precision, Statement, Telling, Timex
from watchers.rating import Case, Clue, Note, Outcome, Rating, RatingWish, Suggestion

# Well below what either engine takes as parameters of one statement.
_AT_ONCE = 1000

_SOME: BindParameter[int] = bindparam("some", expanding=True)
_TOPICS = select(followup_topics.c.followup_id, followup_topics.c.topic).where(followup_topics.c.followup_id.in_(_SOME))
_TELLINGS_OLDEST_FIRST = (
    select(tellings).where(tellings.c.followup_id.in_(_SOME)).order_by(tellings.c.published, tellings.c.id)
)
_RATINGS = select(ratings).where(ratings.c.followup_id.in_(_SOME), ratings.c.undone_at.is_(None)).order_by(ratings.c.id)
_NOTES = select(notes).where(notes.c.followup_id.in_(_SOME)).order_by(notes.c.id)
_MUTES = select(mutes).where(mutes.c.followup_id.in_(_SOME))
_SUGGESTIONS = (
    select(suggestions)
    .where(suggestions.c.followup_id.in_(_SOME))
    .order_by(suggestions.c.confidence.desc(), suggestions.c.day, suggestions.c.id)
)
_ANSWERS = select(answers.c.guild_id, answers.c.suggestion_id, answers.c.accepted).where(
    answers.c.suggestion_id.in_(_SOME)
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
            told.setdefault(row.followup_id, []).append(telling_of(row))
        for row in connection.execute(_FOLLOWUPS, {"some": some}):
            found[row.id] = FollowUp(
                id=row.id,
                kind=Kind(row.kind),
                quote=row.quote,
                speaker=row.speaker,
                due=interval_of(row.due_start, row.due_end),
                precision=Precision(row.precision),
                conditional=row.conditional,
                topics=tuple(sorted(topics.get(row.id, ()))),
                said_on=row.said_on,
                tellings=tuple(told[row.id]),
                feed_id=row.feed_id,
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
    quiet = None if row.quiet_first is None else QuietHours(row.quiet_first, row.quiet_last)
    wish = SubscriptionWish(
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        topic=row.topic,
        created_by=row.created_by,
        at=LocalHour(ZoneInfo(row.zone), row.hour),
        wants=Wants(
            kinds=frozenset(Kind(kind) for kind in row.kinds),
            speakers=tuple(row.speakers),
            countries=frozenset(row.countries),
            dating=Dating(row.dating),
            min_outlets=row.min_outlets,
        ),
        role_id=row.role_id,
        rhythm=Rhythm(row.rhythm),
        digest_weekday=row.digest_weekday,
        lead_days=tuple(row.lead_days),
        quiet=quiet,
        place=Place(row.place),
        language=row.language,
        paused=row.paused,
    )
    return Subscription(row.id, wish, row.created_at)


def load_cases(
    connection: Connection, keys: Iterable[tuple[int | None, int]], *, kept: Collection[int] = ()
) -> dict[tuple[int | None, int], Case]:
    """Return the follow-ups that exist as servers see them, by server (None: as nobody's) and number.

    What a server does not see is left out; `kept` are those shown outside servers although not everybody sees them.
    """
    cases = load_all_cases(connection, keys)
    own = {key: case.followup.feed_id for key, case in cases.items() if case.followup.feed_id is not None}
    held = holding(connection, own.values())
    hidden = {
        (guild_id, number)
        for (guild_id, number), feed_id in own.items()
        if (guild_id, feed_id) not in held and not (guild_id is None and number in kept)
    }
    return {key: case for key, case in cases.items() if key not in hidden}


def load_all_cases(
    connection: Connection, keys: Iterable[tuple[int | None, int]]
) -> dict[tuple[int | None, int], Case]:
    """Return the follow-ups that exist with what servers made of them, also where these see them no more."""
    asked = set(keys)
    found = load_followups(connection, {followup_id for _, followup_id in asked})
    rated: dict[tuple[int, int], list[Rating]] = {}
    written: dict[tuple[int, int], list[Note]] = {}
    muted: dict[tuple[int, int], int] = {}
    suggested = load_suggestions(connection, found)
    answered = _load_answered(connection, suggested)
    for some in _batches(sorted({followup_id for guild_id, followup_id in asked if guild_id is not None})):
        for row in connection.execute(_RATINGS, {"some": some}):
            rated.setdefault((row.guild_id, row.followup_id), []).append(rating_of(row))
        for row in connection.execute(_NOTES, {"some": some}):
            note = Note(row.id, row.followup_id, row.guild_id, row.user_id, row.text, row.written_at)
            written.setdefault((row.guild_id, row.followup_id), []).append(note)
        for row in connection.execute(_MUTES, {"some": some}):
            muted[row.guild_id, row.followup_id] = row.user_id
    cases: dict[tuple[int | None, int], Case] = {}
    for guild_id, followup_id in asked:
        if followup_id not in found:
            continue
        key = (guild_id or 0, followup_id)
        told = suggested.get(followup_id, ())
        cases[guild_id, followup_id] = Case(
            found[followup_id],
            tuple(rated.get(key, ())),
            tuple(written.get(key, ())),
            muted.get(key),
            tuple(one for one in told if (guild_id or 0, one.id) not in answered),
            tuple(one for one in told if answered.get((guild_id or 0, one.id))),
        )
    return cases


def load_suggestions(connection: Connection, followup_ids: Iterable[int]) -> dict[int, list[Suggestion]]:
    """Return what is suggested of follow-ups, the most confident first, then the earliest."""
    suggested: dict[int, list[Suggestion]] = {}
    for some in _batches(sorted(followup_ids)):
        for row in connection.execute(_SUGGESTIONS, {"some": some}):
            suggested.setdefault(row.followup_id, []).append(suggestion_of(row))
    return suggested


def _load_answered(
    connection: Connection, suggested: Mapping[int, Sequence[Suggestion]]
) -> dict[tuple[int, int], bool]:
    """Return which servers have accepted or rejected which of these suggestions."""
    numbers = sorted(one.id for each in suggested.values() for one in each)
    answered: dict[tuple[int, int], bool] = {}
    for some in _batches(numbers):
        for row in connection.execute(_ANSWERS, {"some": some}):
            answered[row.guild_id, row.suggestion_id] = row.accepted
    return answered


def load_changes(
    connection: Connection, guild_id: int, ids: Iterable[int]
) -> Iterator[tuple[int, datetime, datetime | None]]:
    """Yield what a server ever rated of these follow-ups: number, when, and when it was undone if it was."""
    for some in _batches(sorted(set(ids))):
        ever = select(ratings).where(ratings.c.guild_id == guild_id, ratings.c.followup_id.in_(some))
        for row in connection.execute(ever):
            yield row.followup_id, row.rated_at, row.undone_at


def rating_of(row: Row[Any]) -> Rating:
    """Read a row of the table `ratings`."""
    due = interval_of(row.due_start, row.due_end)
    wish = RatingWish(row.followup_id, row.guild_id, row.user_id, Outcome(row.outcome), due, row.happened_on)
    return Rating(row.id, wish, row.rated_at)


def suggestion_of(row: Row[Any]) -> Suggestion:
    """Read a row of the table `suggestions`."""
    clue = Clue(
        outcome=Outcome(row.outcome),
        due=interval_of(row.due_start, row.due_end),
        confidence=row.confidence,
        reasons=tuple(row.reasons),
        start=row.quote_start,
        end=row.quote_end,
        quote=row.quote,
        day=row.day,
        outlet=row.outlet,
        url=row.url,
        title=row.title,
    )
    return Suggestion(row.id, row.followup_id, clue)


def telling_of(row: Row[Any]) -> Telling:
    """Read a row of the table `tellings`."""
    timex = None
    if row.timex_start is not None:
        timex = Timex(row.timex_start, row.timex_end, row.timex_text, row.timex_type, row.timex_value)
    statement = Statement(
        start=row.quote_start,
        end=row.quote_end,
        quote=row.quote,
        kind=Kind(row.kind),
        timex=timex,
        due=interval_of(row.due_start, row.due_end),
        precision=Precision(row.precision),
        speaker=row.speaker,
        conditional=row.conditional,
        rules=tuple(row.rules),
    )
    return Telling(
        outlet=row.outlet,
        url=row.url,
        title=row.title,
        statement=statement,
        published=row.published,
        day=row.day,
        marks=frozenset(row.marks),
        countries=tuple(row.countries),
    )


def article_of(row: Row[Any]) -> Article:
    """Read a row of the table `articles`."""
    return Article(
        key=row.key,
        outlet=row.outlet,
        url=row.url,
        title=row.title,
        text=row.body,
        published=row.published,
        day=row.day,
    )


def interval_of(first: date | None, last: date | None) -> Interval | None:
    """Return the days from one to the other, None where there are none."""
    return None if first is None or last is None else Interval(first, last)


def _batches(ids: Sequence[int]) -> Iterator[list[int]]:
    remaining = iter(ids)
    while some := list(islice(remaining, _AT_ONCE)):
        yield some
