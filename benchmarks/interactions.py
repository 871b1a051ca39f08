"""How long people wait for an answer where very many statements are stored.

    python benchmarks/interactions.py                            # 1,000,000 statements
    python benchmarks/interactions.py --statements 100000
    python benchmarks/interactions.py --database here.db         # kept, and used again the next time

The bot's own commands, autocompletes and buttons are called as Discord would call them, with a stand-in for the
interaction, on an SQLite file that is built first (minutes, for a million). Times are by the clock, from the call to
the end of all work, wording included; what draws pictures or writes files counts as well. A command tells Discord at
once that an answer is coming, and may then take minutes; autocompletes cannot, and have three seconds. Of what works
beside the commands, such as digests, it is told for how long a turn holds the one thread that writes.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import random
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import discord

from benchmarks.many_statements import BUSY_GUILD, CHANNEL, GUILD, NOW, Scale, build, subscribe_others, wish
from benchmarks.material import ROOT, heading
from bot import showing
from bot.cogs.cards import Cards
from bot.cogs.followups import FollowUps, case_choices
from bot.cogs.order_keeping import OrderBook, Room
from bot.cogs.record import Records
from bot.cogs.reminders import Reminders
from bot.cogs.seeing import Seeing
from bot.cogs.status import Status
from bot.cogs.topics import Topics
from bot.errors import Refusal
from bot.filters import packed_record
from bot.services import Services
from bot.views.pager import PageWish
from bot.views.rating import Deed, On, Press
from bot.views.topics import TopicDraft
from config.catalogue import Catalogue, load_catalogue
from storage.engine import Database, open_database
from watchers.alerts import EVERY_TOPIC
from watchers.audience import Guild, LocalHour, Rhythm
from watchers.deadline_watcher import DeadlineWatcher, end_subscription, put_subscription, settle_guild
from watchers.model import Kind
from watchers.ports import UnitOfWork
from watchers.record import RecordWish

STATEMENTS = 1_000_000
ROUNDS = 30
HEAVY_ROUNDS = 10
"""Of what is asked rarely and takes long."""
LIMIT = 0.2
"""Seconds at the 99th percentile above which a line is marked."""

T = TypeVar("T")
Asked = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Question:
    """Something a person, or the clock, asks the bot."""

    name: str
    ask: Asked
    rounds: int = ROUNDS


class _Timed:
    """The store, with the longest time for which a transaction held the one thread that writes."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self.longest = 0.0

    async def transact(self, work: Callable[[UnitOfWork], T], *, alone: bool = True) -> T:
        """Run `work` as the store does."""
        began = perf_counter()
        try:
            return await self._store.transact(work, alone=alone)
        finally:
            self.longest = max(self.longest, perf_counter() - began)

    async def look(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run `work` as the store does."""
        return await self._store.look(work)


class _Clock:
    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> Any:
        """Return the moment it was set to."""
        return self.moment


def main() -> int:
    """Print the figures; return 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--statements", type=int, default=STATEMENTS, help="how many (%(default)s)")
    parser.add_argument("--database", type=Path, help="where to keep the file; built if it does not exist")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each is asked at most (%(default)s)")
    parser.add_argument("--only", default="", help="only questions with these words in their name")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    heading("Interactions")
    with tempfile.TemporaryDirectory() as folder:
        file = arguments.database or Path(folder) / "interactions.db"
        url = f"sqlite:///{file.absolute()}"
        catalogue = load_catalogue(ROOT / "config" / "topics.toml", ROOT / "config" / "outlets.toml")
        scale = Scale(arguments.statements, tuple(topic.id for topic in catalogue.topics))
        print(f"$ python benchmarks/interactions.py --statements {arguments.statements}")
        if not file.exists():
            began = perf_counter()
            build(url, scale)
            print(f"built in {perf_counter() - began:.0f} s, {file.stat().st_size / 1e6:,.0f} MB", flush=True)
        asyncio.run(_measure(url, catalogue, scale, arguments))
    return 0


async def _measure(url: str, catalogue: Catalogue, scale: Scale, wanted: argparse.Namespace) -> None:
    database, clock = open_database(url), _Clock()
    services = Services(database, clock, catalogue, LocalHour(wish().at.zone, 8))
    print(f"{'question':<58}{'p50':>9}{'p99':>9}{'longest':>9}   (ms)")
    slow = 0
    try:
        await database.transact(lambda work: subscribe_others(work, scale.topics))
        for question in _questions(services, clock, scale):
            if wanted.only in question.name:
                slow += await _time(question, min(question.rounds, wanted.rounds))
    finally:
        database.close()
    print(f"{slow} over {LIMIT * 1000:.0f} ms at the 99th percentile")


async def _time(question: Question, rounds: int) -> bool:
    """Ask, print how long the answers took, and return whether that is too long."""
    times: list[float] = []
    for _ in range(rounds):
        began, held = perf_counter(), None
        with contextlib.suppress(Refusal):  # a kind word is an answer too
            held = await question.ask()
        times.append(held if isinstance(held, float) else perf_counter() - began)
    times.sort()
    middle, most = times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.99))]
    mark = "  <-- too long" if most > LIMIT else ""
    print(f"{question.name:<58}{middle * 1000:>9.1f}{most * 1000:>9.1f}{times[-1] * 1000:>9.1f}{mark}", flush=True)
    return most > LIMIT


def _questions(services: Services, clock: _Clock, scale: Scale) -> Sequence[Question]:
    chance = random.Random(2)  # noqa: S311 - the same questions each time, no secret
    return [
        *_lists(services, scale, chance),
        *_choices(services, scale, chance),
        *_cards(services, scale, chance),
        *_seeing(services, scale),
        *_records(services, scale),
        *_topics(services),
        *_orders(services, scale),
        *_beside(services, clock),
    ]


def _asking(guild_id: int | None = GUILD, command: str = "pending") -> discord.Interaction:
    """Return a stand-in for an interaction of somebody who may do everything; what is answered is thrown away."""

    async def answered(*_: object, **__: object) -> None:
        return None

    answer = SimpleNamespace(defer=answered, send_message=answered, send_modal=answered, is_done=lambda: True)
    return cast(
        "discord.Interaction",
        SimpleNamespace(
            id=1,
            guild_id=guild_id,
            channel_id=CHANNEL,
            user=SimpleNamespace(id=7),
            locale=discord.Locale.british_english,
            permissions=discord.Permissions.all(),
            command=SimpleNamespace(name=command),
            namespace=SimpleNamespace(),
            response=answer,
            followup=SimpleNamespace(send=answered),
            filesize_limit=10 * 2**20,
        ),
    )


def _lists(services: Services, scale: Scale, chance: random.Random) -> Sequence[Question]:
    cog = FollowUps(services)
    busy, quiet = scale.topics[0], scale.topics[-1]
    narrowed: dict[str, dict[str, str]] = {
        "": {},
        f" topic:{busy} (busy)": {"topic": busy},
        f" topic:{quiet} (quiet)": {"topic": quiet},
        " kind:event": {"kind": Kind.EVENT.value},
        " country:UA": {"country": "UA"},
        " topic and country": {"topic": busy, "country": "UA"},
        " speaker:Berg": {"speaker": "Berg"},
        " until:9 December": {"until": "9 December 2026"},
        " text:(common)": {"text": "sanctions"},
        " text:(rare)": {"text": "lidonaia"},
        " text:(nowhere)": {"text": "zebra crossing"},
    }

    def command(name: str, options: dict[str, str], guild_id: int) -> Asked:
        callback = cast("Any", cog.followups.get_command(name)).callback
        return lambda: callback(_asking(guild_id, name), **options)

    def page(name: str, guild_id: int) -> Asked:
        turn = cog.listings[name]
        return lambda: turn(_asking(guild_id), PageWish(name, chance.randrange(100_000), ""))

    names = ("pending", "due", "overdue", "recent", "settled")
    found = [
        Question(f"/followups {name}{how}", command(name, options, GUILD), HEAVY_ROUNDS)
        for name in names
        for how, options in narrowed.items()
    ]
    found += [
        Question(f"/followups search{how}", command("search", {"text": "sanctions", **options}, GUILD), HEAVY_ROUNDS)
        for how, options in narrowed.items()
    ]
    found += [
        Question(f"/followups {name} (a server with many ratings)", command(name, {}, BUSY_GUILD), HEAVY_ROUNDS)
        for name in names
    ]
    return [*found, *(Question(f"/followups {name}: any page", page(name, GUILD), HEAVY_ROUNDS) for name in names)]


def _choices(services: Services, scale: Scale, chance: random.Random) -> Sequence[Question]:
    cog = FollowUps(services)
    numbers = [str(chance.randrange(1, scale.followups)) for _ in range(ROUNDS)]
    typed = {"nothing": "", "a number": numbers[0], "common": "sanct", "rare": "lidonaia", "nowhere": "zebra crossing"}

    def typing(what: str, words: str, command: str = "pending") -> Asked:
        offer = getattr(cog, f"_offer_{what}")  # discord.py keeps them under no other name
        return lambda: offer(_asking(command=command), words)

    def choosing(words: str) -> Asked:
        return lambda: case_choices(services, GUILD, words)

    found: list[Question] = []
    for how, words in typed.items():
        found.append(Question(f"autocomplete followup: {how}", choosing(words), HEAVY_ROUNDS))
        for name in ("pending", "overdue", "recent"):
            counting = typing("words", words, name)
            found.append(Question(f"autocomplete text of {name}: {how}", counting, HEAVY_ROUNDS))
    speakers = {"nothing": "", "common": "ber", "rare": "ada oz", "nowhere": "zebra"}
    found += [
        Question(f"autocomplete speaker: {how}", typing("speakers", words), HEAVY_ROUNDS)
        for how, words in speakers.items()
    ]
    return [
        *found,
        Question("autocomplete topic", typing("topics", "a")),
        Question("autocomplete country", typing("countries", "u")),
        Question("autocomplete until", typing("days", "9 dec")),
    ]


def _cards(services: Services, scale: Scale, chance: random.Random) -> Sequence[Question]:
    cards, reminders = Cards(services), Reminders(services)

    def press(deed: Deed) -> Asked:
        return lambda: cards.press(_asking(), Press(deed, chance.randrange(1, scale.followups), On.ALERT))

    remind = cast("Any", reminders.remind).callback
    return [
        Question("/followups show, button Card", press(Deed.OPEN)),
        *(Question(f"button {deed.value}", press(deed)) for deed in (Deed.KEPT, Deed.WITHDRAWN, Deed.DISMISSED)),
        *(Question(f"button {deed.value}", press(deed)) for deed in (Deed.WATCH, Deed.MUTE, Deed.MOVED, Deed.NOTE)),
        Question("/remind", lambda: remind(reminders, _asking(), when="in 2 days", note="Call")),
        Question("/reminders", lambda: reminders.listings["reminders"](_asking(), PageWish("reminders", 0, ""))),
    ]


def _seeing(services: Services, scale: Scale) -> Sequence[Question]:
    cog, status = Seeing(services), Status(services)
    busy = scale.topics[0]

    def command(name: str, **options: object) -> Asked:
        callback = cast("Any", getattr(cog, name)).callback
        return lambda: callback(cog, _asking(), **options)

    def calendar(topic: str, guild_id: int) -> Asked:
        today = services.setting().today
        return lambda: services.store.look(lambda work: showing.for_calendar(work, guild_id, topic, NOW, today))

    return [
        Question("/timeline, the picture drawn", command("timeline"), HEAVY_ROUNDS),
        Question(f"/timeline topic:{busy}, the picture drawn", command("timeline", topic=busy), HEAVY_ROUNDS),
        Question("/calendar, asked of the database", calendar(EVERY_TOPIC, GUILD), HEAVY_ROUNDS),
        Question(f"/calendar topic:{busy}, asked of the database", calendar(busy, BUSY_GUILD), HEAVY_ROUNDS),
        Question("/calendar file, the file written", command("calendar_as_file"), HEAVY_ROUNDS),
        Question("/export csv, the file written", command("export", form="csv"), 3),
        Question("/status", lambda: cast("Any", status.status).callback(status, _asking())),
    ]


def _records(services: Services, scale: Scale) -> Sequence[Question]:
    cog, busy = Records(services), scale.topics[0]

    def command(whose: str, guild_id: int = GUILD, **options: object) -> Asked:
        callback = cast("Any", getattr(cog, whose)).callback
        return lambda: callback(cog, _asking(guild_id), **options)

    speaker, country = partial(command, "speaker"), partial(command, "country")
    page = PageWish("record", 3, packed_record(RecordWish(speaker="Berg")))
    return [
        Question("/record speaker name:Berg, all of it", speaker(name="Berg"), HEAVY_ROUNDS),
        Question(
            "/record speaker name:Berg (a server with many ratings)", speaker(BUSY_GUILD, name="Berg"), HEAVY_ROUNDS
        ),
        Question("/record speaker name:(rare)", speaker(name="ada oz"), HEAVY_ROUNDS),
        Question(f"/record speaker name:Berg topic:{busy}", speaker(name="Berg", topic=busy), HEAVY_ROUNDS),
        Question("/record country country:UA, all of it", country(country="UA"), HEAVY_ROUNDS),
        Question("/record: any page of the list", lambda: cog.listings["record"](_asking(), page), HEAVY_ROUNDS),
    ]


def _topics(services: Services) -> Sequence[Question]:
    cog = Topics(services)
    draft = TopicDraft(None, "Deals", "sanctions AND (withdraw OR lift)")

    async def saved() -> None:
        await cog.saved(_asking(), draft)

    return [
        Question("/topics list", lambda: cog.listings["topics"](_asking(), PageWish("topics", 0, "")), HEAVY_ROUNDS),
        Question("/topics test", lambda: cog.tried(_asking(), draft), HEAVY_ROUNDS),
        Question("/topics create, saved", saved, HEAVY_ROUNDS),
    ]


def _orders(services: Services, scale: Scale) -> Sequence[Question]:
    store, book = services.store, OrderBook(services)
    busy = scale.topics[0]

    async def room() -> Room:
        guild = await store.look(lambda work: work.guilds.get(GUILD))
        return Room(cast("discord.Guild", SimpleNamespace(id=GUILD)), guild, services.setting(guild), user_id=7)

    def previewed(topic: str) -> Asked:
        async def ask() -> None:
            await book.preview(await room(), wish(topic))

        return ask

    def put(topic: str, rhythm: Rhythm = Rhythm.INSTANT) -> Asked:
        return lambda: store.transact(lambda work: put_subscription(work, wish(topic, rhythm=rhythm), NOW))

    def end(topic: str) -> Asked:
        async def ask() -> None:
            orders = await store.look(lambda work: work.subscriptions.of_channel(CHANNEL))
            for order in orders:
                if order.wish.topic == topic:
                    await store.transact(
                        partial(end_subscription, guild_id=GUILD, subscription_id=order.id, by=7, now=NOW)
                    )

        return ask

    def zone() -> Awaitable[object]:
        before = wish().at
        after = replace(before, hour=9)
        return store.transact(lambda work: settle_guild(work, Guild(GUILD), NOW, before=before, after=after, by=7))

    return [
        Question("/subscribe, the preview of every topic", previewed(EVERY_TOPIC)),
        Question(f"/subscribe, the preview of {busy}", previewed(busy)),
        Question(f"/subscribe topic:{busy}, saved", put(busy), HEAVY_ROUNDS),
        Question("/subscribe topic:*, saved", put(EVERY_TOPIC), HEAVY_ROUNDS),
        Question("/subscribe topic:* rhythm:daily, saved", put(EVERY_TOPIC, Rhythm.DAILY), HEAVY_ROUNDS),
        Question("/subscribe topic:* again, saved", put(EVERY_TOPIC), HEAVY_ROUNDS),
        Question("/setup, saved: another hour", zone, 3),
        Question("/unsubscribe topic:*", end(EVERY_TOPIC), 1),
        Question(f"/unsubscribe topic:{busy}", end(busy), 1),
    ]


def _beside(services: Services, clock: _Clock) -> Sequence[Question]:
    """Return what the clock asks: it takes its turn in the thread in which people's answers are stored."""
    store = cast("Database", services.store)

    async def a_day_passes() -> float:
        clock.moment += timedelta(days=1)
        timed = _Timed(store)
        await DeadlineWatcher(timed, clock).remind()
        return timed.longest

    async def a_days_digest() -> float:
        daily = wish(EVERY_TOPIC, rhythm=Rhythm.DAILY)
        await store.transact(lambda work: put_subscription(work, daily, clock.now()))
        return await a_day_passes()

    async def a_days_reminders() -> float:
        await store.transact(lambda work: put_subscription(work, wish(EVERY_TOPIC), clock.now()))
        return await a_day_passes()

    return [
        Question("a day's reminders and digest: the longest turn", a_days_digest, 3),
        Question("a day's reminders of every topic: the longest turn", a_days_reminders, 3),
    ]


if __name__ == "__main__":
    sys.exit(main())
