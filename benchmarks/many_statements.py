"""A database with very many invented statements, for measuring how fast questions of it are answered.

What they say is put together from a few hundred words, some of them rare, so that a search finds a lot, a little or
nothing. Servers have rated some, and their channels follow topics, as in a bot that has run for three years.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, insert

from config.catalogue import Outlet
from storage.engine import address, writing_engine
from storage.feeds import SqlFeeds
from storage.guild_feeds import SqlGuildFeeds
from storage.guild_tables import ratings, standings
from storage.migrate import upgrade
from storage.tables import articles, followup_countries, followup_marks, followup_topics, followups, tellings
from watchers.alerts import EVERY_TOPIC
from watchers.audience import LocalHour, Rhythm, SubscriptionWish
from watchers.feed_model import GuildFeedWish
from watchers.model import Kind, Precision
from watchers.ports import UnitOfWork
from watchers.rating import Outcome

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
GUILD, BUSY_GUILD, CHANNEL = 1000, 2000, 3000
"""A server that rates a little, one that has rated very much, and a channel of the first one."""
OTHER_SERVERS = 400
SPAN = 3 * 365
"""Days over which they were said; what is due lies up to a year ahead."""
TELLINGS_OF_A_FOLLOWUP = 1.25
_BATCH = 5_000
_UNDATED = 0.3
_RATED, _RATED_BUSILY = 500, 0.1
_OWN_FEEDS, _HELD_HERE, _ONE_OWN_IN = 40, 2, 20
"""Feeds that servers added, how many of them the one that asks, and of how many follow-ups one is of these."""
_LEAD = 45
"""Days from the saying to the last day, on average."""

_COUNTRIES = ("UA", "RU", "US", "CN", "IL", "IR", "FR", "DE", "GB", "TR", "IN", "PK", "EG", "SD", "BR", "NO")
_OFFICES = ("Foreign Minister", "President", "Envoy", "Spokesperson", "Prime Minister", "Ambassador")
_FIRST = ("Ada", "Bo", "Carla", "Dov", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jun", "Kofi", "Lena")
_LAST = ("Berg", "Castell", "Duarte", "Ekström", "Farouk", "Grieg", "Haddad", "Ivanov", "Jansen", "Kaya", "Lund", "Oz")
_ACTS = ("withdraw", "sign", "ratify", "reopen", "publish", "lift", "extend", "deliver", "suspend", "review", "host")
_THINGS = ("sanctions", "the accord", "troops", "the crossing", "grain exports", "the pipeline", "prisoners", "talks")
_PLACES = ("Geneva", "Vienna", "Doha", "Cairo", "Oslo", "Ankara", "New York", "Nairobi", "Astana", "Jakarta")
_SYLLABLES = ("ba", "do", "ke", "li", "mu", "na", "ro", "su", "ti", "za")


@dataclass(frozen=True, slots=True)
class Scale:
    """How much there is to be."""

    statements: int
    topics: Sequence[str]

    @property
    def followups(self) -> int:
        """Follow-ups: most are told once, some by several outlets."""
        return round(self.statements / TELLINGS_OF_A_FOLLOWUP)


def build(url: str, scale: Scale) -> None:
    """Fill a new database."""
    upgrade(url)
    engine = writing_engine(address(url), enforce_keys=False)
    chance = random.Random(1)  # noqa: S311 - the same statements each time, no secret
    with engine.begin() as connection:
        _follow_feeds(connection)
    for first in range(1, scale.followups + 1, _BATCH):
        numbers = range(first, min(first + _BATCH, scale.followups + 1))
        rows = list(_rows(numbers, scale, chance))
        with engine.begin() as connection:
            for table in (articles, followups, tellings, followup_topics, followup_countries, followup_marks):
                connection.execute(insert(table), [row for of, row in rows if of is table])
    with engine.begin() as connection:
        _rate(connection, scale, chance)
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def _follow_feeds(connection: Connection) -> None:
    """Follow one for everybody and some that servers added: two by the server that asks, the others elsewhere."""
    SqlFeeds(connection).follow([Outlet("The Meridian", "https://meridian.example/rss", "en", "UTC", False)], NOW)
    for number in range(_OWN_FEEDS):
        holder = GUILD if number < _HELD_HERE else 5000 + number
        url = f"https://server-{number}.example/rss"
        SqlGuildFeeds(connection).add(GuildFeedWish(holder, url, f"Own {number}", "en", "UTC", False, 7), NOW)


def _own_feed(number: int) -> int | None:
    """Return which of the servers' feeds says a follow-up; None: everybody hears of it."""
    return None if number % _ONE_OWN_IN else 2 + number // _ONE_OWN_IN % _OWN_FEEDS


def _rows(numbers: range, scale: Scale, chance: random.Random) -> Iterator[tuple[Table, dict[str, Any]]]:
    for number in numbers:
        said_on = NOW.date() - timedelta(days=SPAN - number * SPAN // (scale.followups + 1))
        last = (
            None
            if chance.random() < _UNDATED
            else said_on + timedelta(days=min(365, int(chance.expovariate(1 / _LEAD))))
        )
        said = _said(number, said_on, last, chance)
        yield followups, said
        several = chance.choice((1, 1, 1, 2)) if number < scale.followups else 1
        for telling in range(several):
            article = number * 2 + telling
            published = datetime.combine(said_on, time(10, tzinfo=UTC))
            yield articles, _article(article, said, published)
            yield tellings, _telling(article, said, published)
        listed = {name: said[name] for name in ("status", "kind", "due_end", "said_on", "feed_id")}
        # The first topics are the ones that everybody writes about.
        for topic in {scale.topics[int(len(scale.topics) * chance.random() ** 3)] for _ in range(2)}:
            yield followup_topics, {"followup_id": number, "topic": topic, **listed}
        for country in {_COUNTRIES[int(len(_COUNTRIES) * chance.random() ** 2)] for _ in range(2)}:
            yield followup_countries, {"followup_id": number, "country": country, **listed}
        days = {"undated": last is None, "first_day": said_on, "last_day": last or said_on}
        days["own_feed"] = said["feed_id"] or 0
        for mark in (f"name{number % 50_000}", chance.choice(_ACTS)):
            yield followup_marks, {"followup_id": number, "mark": mark, **days}


def _said(number: int, said_on: date, last: date | None, chance: random.Random) -> dict[str, Any]:
    speaker = f"{chance.choice(_OFFICES)} {chance.choice(_FIRST)} {chance.choice(_LAST)}"
    rare = "".join(_SYLLABLES[int(digit)] for digit in str(number % 50_000)).capitalize()
    act, thing, place = chance.choice(_ACTS), chance.choice(_THINGS), chance.choice(_PLACES)
    when = f" by {last:%-d %B %Y}" if last else ""
    quote = f"{rare}ia will {act} {thing} after the meeting in {place}{when}, its government said on {said_on:%A}."
    return {
        "id": number,
        "feed_id": _own_feed(number),
        "status": "pending",
        "kind": chance.choice(list(Kind)).value,
        "quote": quote,
        "speaker": speaker,
        "words": f"{quote}\n{speaker}".casefold(),
        "due_start": last and said_on,
        "due_end": last,
        "precision": (Precision.EXACT if last else Precision.NONE).value,
        "conditional": False,
        "said_on": said_on,
        "told_on": said_on,
    }


def _article(number: int, said: dict[str, Any], published: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "feed_id": said["feed_id"] or 1,
        "key": f"a-{number}",
        "outlet": "The Meridian",
        "url": f"https://meridian.example/{number}",
        "title": f"What {said['speaker']} said",
        "body": f"{said['quote']} Nobody else was heard. " * 3,
        "published": published,
        "day": published.date(),
        "seen_at": published,
    }


def _telling(article: int, said: dict[str, Any], published: datetime) -> dict[str, Any]:
    dated = said["due_end"] is not None
    return {
        "followup_id": said["id"],
        "article_id": article,
        "outlet": "The Meridian" if article % 2 == 0 else "The Gazette",
        "url": f"https://meridian.example/{article}",
        "title": f"What {said['speaker']} said",
        "published": published,
        "day": published.date(),
        "quote_start": 0,
        "quote_end": len(said["quote"]),
        "timex_start": 0 if dated else None,
        "timex_end": 9 if dated else None,
        "timex_text": "that day" if dated else None,
        "timex_type": "DATE" if dated else None,
        "timex_value": said["due_end"].isoformat() if dated else None,
        "rules": ["by"],
        "marks": ["withdraw"],
        "countries": ["UA"],
        **{
            name: said[name]
            for name in ("quote", "kind", "due_start", "due_end", "precision", "speaker", "conditional")
        },
    }


def _rate(connection: Connection, scale: Scale, chance: random.Random) -> None:
    """Let one server have rated a little of the past, and another one much of everything."""
    newest = range(max(1, scale.followups - 20 * _RATED), scale.followups + 1)
    _rate_some(connection, GUILD, chance.sample(newest, min(_RATED, len(newest))), chance)
    everything = range(1, scale.followups + 1)
    _rate_some(connection, BUSY_GUILD, chance.sample(everything, round(_RATED_BUSILY * scale.followups)), chance)


def _rate_some(connection: Connection, guild_id: int, numbers: Sequence[int], chance: random.Random) -> None:
    rows = []
    for number in numbers:
        outcome = chance.choice(list(Outcome)).value
        moved_to = NOW.date() + timedelta(days=chance.randrange(60)) if outcome == Outcome.MOVED.value else None
        rated_at = NOW - timedelta(hours=chance.randrange(1, 24 * 365))
        rows.append(
            {
                "guild_id": guild_id,
                "followup_id": number,
                "user_id": 7,
                "outcome": outcome,
                "due_start": moved_to,
                "due_end": moved_to,
                "rated_at": rated_at,
            }
        )
    for first in range(0, len(rows), _BATCH):
        some = rows[first : first + _BATCH]
        connection.execute(insert(ratings), some)
        connection.execute(insert(standings), [{k: v for k, v in row.items() if k != "user_id"} for row in some])


def wish(
    topic: str = EVERY_TOPIC, *, guild_id: int = GUILD, channel_id: int = CHANNEL, rhythm: Rhythm = Rhythm.INSTANT
) -> SubscriptionWish:
    """Return a channel's order for a topic."""
    return SubscriptionWish(guild_id, channel_id, topic, 7, LocalHour(ZoneInfo("UTC"), 8), rhythm=rhythm)


def subscribe_others(work: UnitOfWork, topics: Sequence[str]) -> None:
    """Let many other servers follow a topic each; their reminders are not planned, for nobody asks for them here."""
    for number in range(OTHER_SERVERS):
        topic = topics[number % len(topics)]
        work.subscriptions.put(wish(topic, guild_id=5000 + number, channel_id=6000 + number), NOW)
