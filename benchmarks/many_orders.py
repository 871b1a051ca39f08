"""Very many invented standing orders, and invented news for them: who wants what, and what is said.

Servers order as people do where hundreds of follow-ups an hour are told: the busier a topic, the more narrowly. What is
drawn is the same each time.

| of the orders | |
| --- | --- |
| 55 % | a topic of the catalogue, a few of them popular and most of them not |
| 40 % | one of the three topics that the server wrote itself |
| 5 % | `*`, every topic |
| 50 %, 30 %, 20 % | at once, daily, weekly |
| 4 % | paused |
| 10 % | with quiet hours |

Of orders on the ten busiest topics and on `*`, 19 of 20 ask for at least two outlets and the rest for a speaker and a
country. On other topics of the catalogue 85 % ask for two outlets, 60 % for some of 64 countries and a tenth for one of
1,000 speakers; on own topics three in ten for two outlets. A third of all ask for one or two of the four kinds, a fifth
for days, and zones are drawn from eight of them. A follow-up is on one or two topics of the catalogue, by how popular
they are, and on up to three that servers wrote; it concerns up to three countries, and seven in ten have a day. As it
is told by one outlet when it is new, it sets off some 11 alerts in the mean, and up to 80.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from textwrap import wrap
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from config.catalogue import Outlet
from storage.engine import address, writing_engine
from storage.feeds import SqlFeeds
from storage.guild_tables import guild_topics, guilds
from storage.subscriptions import SqlSubscriptions, row_of
from storage.tables import subscriptions
from watchers.alerts import EVERY_TOPIC
from watchers.audience import OWN_TOPIC, Dating, LocalHour, QuietHours, Rhythm, SubscriptionWish, Wants
from watchers.digests import next_digest
from watchers.marks import marks_of
from watchers.model import Article, Interval, Kind, Precision, Statement, Telling, Timex
from watchers.reading import Finding, Reading, passage_of
from watchers.resolutions import read_news
from watchers.sealed_news import sealed

START = datetime(2026, 11, 2, 13, tzinfo=UTC)
OF_A_SERVER = 20
"""Orders of each server."""
_CHANNELS, _OWN_TOPICS = 8, 3
_BUSIEST = 10
_BATCH = 5_000
_ZONES = tuple(
    LocalHour(ZoneInfo(name), hour)
    for name, hour in (
        ("America/New_York", 9),
        ("Europe/London", 8),
        ("Europe/Paris", 8),
        ("Europe/Kyiv", 7),
        ("Asia/Kolkata", 9),
        ("Asia/Tokyo", 8),
        ("America/Sao_Paulo", 9),
        ("UTC", 8),
    )
)
_COUNTRIES = tuple(
    wrap(
        "USRUUACNILIRGBFRDETRINPKEGSAJPKRKPSYLBIQYEPLITESBRVEMXCAAUIDVNPHTHMMBDLKAFSD"
        "ETSOKENGZACDRWLYTNDZMAMLNETDCMRSXKGEAMAZKZBYMDFISENO",
        2,
    )
)
_OFFICES = ("Foreign Minister", "President", "Envoy", "Spokesperson", "Prime Minister", "Ambassador")
_THINGS = ("bridge", "accord", "barracks", "crossing", "port", "pipeline", "archive", "loan", "embassy", "dam")
_SYLLABLES = ("ba", "do", "ke", "li", "mu", "na", "ro", "su", "ti", "za")


def _word(number: int, ending: str) -> str:
    return "".join(_SYLLABLES[int(digit)] for digit in f"{number:03}").capitalize() + ending


SPEAKERS = tuple(f"{_OFFICES[number % len(_OFFICES)]} {_word(number, 'rov')}" for number in range(1000))


@lru_cache
def _weights(count: int) -> tuple[float, ...]:
    """Return how often so many values come, added up: the one in place n in proportion to 1 / (n + 3)."""
    return tuple(accumulate(1 / (place + 3) for place in range(count)))


def _one(chance: random.Random, values: Sequence[str]) -> str:
    return chance.choices(values, cum_weights=_weights(len(values)))[0]


def _some(chance: random.Random, values: Sequence[str], *counts: int) -> frozenset[str]:
    return frozenset(_one(chance, values) for _ in range(chance.choice(counts)))


@dataclass(frozen=True, slots=True)
class Scene:
    """How many servers there are, and the topics of the catalogue, the busiest first."""

    servers: int
    topics: tuple[str, ...]

    @property
    def own_topics(self) -> int:
        """How many topics servers wrote."""
        return self.servers * _OWN_TOPICS


def orders(scene: Scene) -> Iterator[SubscriptionWish]:
    """Yield what all servers order."""
    chance = random.Random(7)  # noqa: S311 - the same orders each time, no secret
    busy = {EVERY_TOPIC, *scene.topics[:_BUSIEST]}
    for guild in range(1, scene.servers + 1):
        at = chance.choice(_ZONES)
        taken: set[tuple[int, str]] = set()
        while len(taken) < OF_A_SERVER:
            kind = chance.random()
            own = f"{OWN_TOPIC}{(guild - 1) * _OWN_TOPICS + chance.randrange(_OWN_TOPICS) + 1}"
            topic = _one(chance, scene.topics) if kind < 0.55 else own if kind < 0.95 else EVERY_TOPIC  # noqa: PLR2004 - the shares above
            channel = guild * 100 + chance.randrange(_CHANNELS)
            if (channel, topic) in taken:
                continue
            taken.add((channel, topic))
            yield SubscriptionWish(
                guild_id=guild,
                channel_id=channel,
                topic=topic,
                created_by=1,
                at=at,
                wants=_wants(chance, is_busy=topic in busy, is_own=topic == own),
                rhythm=chance.choices((Rhythm.INSTANT, Rhythm.DAILY, Rhythm.WEEKLY), (50, 30, 20))[0],
                quiet=QuietHours(22, 7) if chance.random() < 0.1 else None,  # noqa: PLR2004 - the shares above
                paused=chance.random() < 0.04,  # noqa: PLR2004 - the shares above
            )


def _wants(chance: random.Random, *, is_busy: bool, is_own: bool) -> Wants:
    kinds = frozenset(chance.sample(list(Kind), chance.choice((1, 2)))) if chance.random() < 1 / 3 else frozenset(Kind)
    dating = chance.choice((Dating.DATED, Dating.EXACT)) if chance.random() < 1 / 5 else Dating.ANY
    shares = (0.95, 0.0, 0.05) if is_busy else (0.3, 0.0, 0.0) if is_own else (0.85, 0.6, 0.1)
    several, of_countries, of_speaker = (chance.random() < share for share in shares)
    if is_busy and not several:
        of_countries = of_speaker = True
    return Wants(
        kinds=kinds,
        speakers=(_one(chance, SPEAKERS),) if of_speaker else (),
        countries=_some(chance, _COUNTRIES, 1, 1, 2, 3) if of_countries else frozenset(),
        dating=dating,
        min_outlets=chance.choice((2, 2, 3)) if several else 1,
    )


def build(url: str, scene: Scene) -> None:
    """Fill a migrated database with the servers and their orders, and let it follow one feed."""
    engine = writing_engine(address(url))
    with engine.begin() as connection:
        SqlFeeds(connection).follow([Outlet("The Meridian", "https://meridian.example/rss", "en", "UTC", False)], START)
        servers = range(1, scene.servers + 1)
        connection.execute(insert(guilds), [{"id": guild, "zone": "UTC", "settles_itself": False} for guild in servers])
        written = range(scene.own_topics)
        connection.execute(insert(guild_topics), [_own_topic(number) for number in written])
    waiting: list[dict[str, Any]] = []
    for wish in orders(scene):
        waiting.append({**row_of(wish), "created_at": START, "next_digest_at": next_digest(wish, START)})
        if len(waiting) == _BATCH:
            with engine.begin() as connection:
                connection.execute(insert(subscriptions), waiting)
            waiting.clear()
    with engine.begin() as connection:
        if waiting:
            connection.execute(insert(subscriptions), waiting)
        while SqlSubscriptions(connection).file_some(_BATCH):
            pass
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def _own_topic(number: int) -> dict[str, Any]:
    name = f"Topic {number % _OWN_TOPICS}"
    return {
        "id": number + 1,
        "guild_id": number // _OWN_TOPICS + 1,
        "name": name,
        "folded": name.casefold(),
        "query": "grain",
        "created_by": 1,
    }


def article(scene: Scene, number: int, now: datetime) -> tuple[Article, Reading]:
    """Return the article of that number, published a little before `now`, and what was found in it."""
    chance = random.Random(number)  # noqa: S311 - the same news each time, no secret
    name = _word(number, "ia")
    statement = _statement(chance, number, _one(chance, SPEAKERS), now)
    day = now.date()
    text = f"{statement.quote} Nobody else in {name} was heard on it, and nothing more was known in the evening."
    written = Article(
        f"a-{number}",
        f"Outlet {number % 30}",
        f"https://meridian.example/{number}",
        f"{name} to act",
        text,
        now - timedelta(minutes=5),
        day,
    )
    telling = Telling(
        written.outlet,
        written.url,
        written.title,
        statement,
        written.published,
        day,
        marks_of(statement, title=written.title, text=text),
        tuple(sorted(_some(chance, _COUNTRIES, 1, 2, 2, 3))),
    )
    own = {f"{OWN_TOPIC}{chance.randrange(scene.own_topics) + 1}" for _ in range(chance.choice((1, 2, 3)))}
    topics = tuple(sorted(_some(chance, scene.topics, 1, 1, 2) | own))
    finding = Finding(telling, topics, passage_of(statement, written.title, text, telling.countries))
    return written, Reading((finding,), sealed(read_news(text, day, (statement,))))


def _statement(chance: random.Random, number: int, speaker: str, now: datetime) -> Statement:
    # An act of its own: what is alike in much else would be taken for the same.
    name, act = _word(number, "ia"), _word(number, "ate").lower()
    thing = f"the {_word(chance.randrange(10**6), 'ovo')} {chance.choice(_THINGS)}"
    last = now.date() + timedelta(days=chance.randrange(1, 30)) if chance.random() < 0.7 else None  # noqa: PLR2004 - most are dated
    when = f"by {last:%-d %B %Y}" if last else "before long"
    quote = f"{name} will {act} {thing} {when}, {speaker} said."
    start = quote.index(when)
    timex = Timex(start, start + len(when), when, "DATE", last.isoformat()) if last else None
    return Statement(
        start=0,
        end=len(quote),
        quote=quote,
        kind=chance.choice(list(Kind)),
        timex=timex,
        due=Interval(now.date(), last) if last else None,
        precision=chance.choice((Precision.EXACT, Precision.VAGUE)) if last else Precision.NONE,
        speaker=speaker,
        conditional=False,
        rules=("by",),
    )
