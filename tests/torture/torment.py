"""One run: so many kills at random instants, then calm, then the count of what was told."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from aiohttp import web
from sqlalchemy import func, select

from storage.engine import address, open_database, reading_engine
from storage.migrate import current, head, upgrade
from storage.tables import GIVEN_UP, SENT, WAITING, articles, followups, outbox
from tests.child_bot import environment
from tests.factories import a_wish
from tests.loopback import FeedServer
from tests.loopback_discord import CHANNEL_ID, FORUM_ID, GUILD_ID, TOKEN, LoopbackDiscord
from tests.old_databases import REVISIONS, make_empty
from tests.torture.processes import Victim
from tests.torture.world import Outlets
from watchers.audience import Place
from watchers.ports import UnitOfWork

CHANNELS = {CHANNEL_ID: Place.CHANNEL, FORUM_ID: Place.FORUM}
"""A channel, where nonces help for a while, and a forum, where there are none."""
FORGETS_NONCES = 5.0
"""Seconds after which this Discord forgets nonces; the real one does after minutes."""
CALM = 240.0
"""Seconds that everything may take to be told once nothing is killed any more: dead processes' leases run out first."""
_TOPICS = """
[[topic]]
id = "quarrels"
name = "Quarrels"
about = "Invented ones."
words = ["President", "Foreign Minister", "foreign minister"]
"""
_LONGEST_WAIT = 8.0
_POLLED_A_TIME = 4
_MIGRATIONS_KILLED = 4
_UNTIL_IT_MIGRATES = (0.5, 1.2)
"""Seconds from the start of a process to somewhere in its migration, which takes a moment."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run."""

    kills: int
    by_instant: Counter[str]
    """How often something was killed at which instant."""
    announced: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    incomplete: tuple[str, ...]
    """Messages that do not name all outlets in the end."""
    wrong: tuple[str, ...]
    """Anything else that is not as it should be."""
    seconds: float

    @property
    def is_sound(self) -> bool:
        """Whether every alert exists exactly once."""
        return not (self.lost or self.doubled or self.incomplete or self.wrong)


class _ListeningDiscord(LoopbackDiscord):
    """A Discord that says what it is asked, before and after acting."""

    def __init__(self, instants: Instants) -> None:
        super().__init__()
        self._instants = instants

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        what = _WHAT.get(request.method, "other") if "/messages" in request.path else "other"
        self._instants.came(f"before {what}")
        answer = await super()._rest(request)
        self._instants.came(f"after {what}")
        return answer


_WHAT = {"POST": "post", "PATCH": "edit", "GET": "search"}


class Instants:
    """What happens around the processes, for whoever waits for one of them."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._awaited: dict[str, asyncio.Event] = {}

    def came(self, name: str) -> None:
        """Say that something happens now."""
        if name in self._awaited:
            self._awaited[name].set()

    async def wait(self, name: str, seconds: float) -> bool:
        """Wait for something to happen, `seconds` at most; return whether it did."""
        self._awaited = {name: asyncio.Event()}
        try:
            await asyncio.wait_for(self._awaited[name].wait(), seconds)
        except TimeoutError:
            return False
        return True


class Torment:
    """One run on one database."""

    def __init__(self, folder: Path, database_url: str, *, watchers: int, seed: int) -> None:
        """Prepare a run with one bot and so many watchers, whose chances follow from `seed`."""
        self._folder = folder
        self._url = database_url
        self._count = watchers
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._instants = Instants()
        self._discord = _ListeningDiscord(self._instants)
        self._by_instant: Counter[str] = Counter()
        self._victims: list[Victim] = []

    async def run(self, kills: int) -> Outcome:
        """Kill so often, then let everything come to rest, and count."""
        began = monotonic()
        async with self._discord, FeedServer() as server:
            outlets = Outlets(server, self._chance, lambda: self._instants.came("feed"))
            outlets.open()
            self._make_victims(outlets)
            await self._migrate()
            await self._subscribe()
            forgetting = asyncio.create_task(self._forget_nonces())
            for victim in self._victims:
                await victim.start()
            for _ in range(kills):
                await self._torment(outlets)
            calm = await self._come_to_rest(outlets)
            forgetting.cancel()
            ends = [await victim.stop() for victim in self._victims]
        return self._outcome(outlets, monotonic() - began, calm=calm, ends=ends)

    # --- before -----------------------------------------------------------------------------------------------

    async def _migrate(self) -> None:
        """Kill whoever brings the tables of the first version up to date; what that leaves must do for all the rest."""
        make_empty(self._url, REVISIONS[0])
        for _ in range(_MIGRATIONS_KILLED):
            if current(self._url) == head():
                return
            await self._migration.start()
            await asyncio.sleep(self._chance.uniform(*_UNTIL_IT_MIGRATES))
            await self._migration.kill()
            if self._migration.gave_up:  # it was done before
                return
            self._by_instant["migrate: any"] += 1

    async def _subscribe(self) -> None:
        upgrade(self._url)

        def work(unit: UnitOfWork) -> None:
            for channel, place in CHANNELS.items():
                wish = a_wish(guild_id=GUILD_ID, channel_id=channel, topic="*", lead_days=(), place=place)
                unit.subscriptions.put(wish, datetime.now(UTC))

        store = open_database(self._url)
        await store.transact(work)
        store.close()

    def _make_victims(self, outlets: Outlets) -> None:
        inherited = environment(
            self._folder,
            topics=_TOPICS,
            outlets=outlets.feeds(),
            apart=self._count > 0,
            DATABASE_URL=self._url,
            DISCORD_API_URL=self._discord.api_url,
            DISCORD_TOKEN=TOKEN,
        )
        watchers = [Victim(f"watcher-{number}", "watch", self._folder, inherited) for number in range(self._count)]
        self._victims = [Victim("bot", "run", self._folder, inherited), *watchers]
        self._migration = Victim("migration", "migrate", self._folder, inherited)

    async def _forget_nonces(self) -> None:
        while True:
            await asyncio.sleep(FORGETS_NONCES)
            self._discord.forget_nonces()

    # --- killing ----------------------------------------------------------------------------------------------

    async def _torment(self, outlets: Outlets) -> None:
        """Publish something, let feeds be due, and kill one process at a random instant; then start it again."""
        for _ in range(self._chance.choice((0, 1, 2))):
            outlets.publish(self._chance.choice((1, 1, 2)))
        await self._hurry()
        instant = self._chance.choice(_INSTANTS)
        seconds = self._chance.uniform(0.2, _LONGEST_WAIT)
        if instant == "any" or not await self._instants.wait(instant, seconds):
            instant = "any"
            await asyncio.sleep(self._chance.uniform(0, 1.5))
        else:
            # What follows an instant (parsing, matching, storing, marking) takes some milliseconds.
            await asyncio.sleep(self._chance.choice((0.0, 0.0, 0.005, 0.02, 0.1, 0.3)))
        bot, *watchers = self._victims
        victim = self._chance.choice(watchers) if watchers and instant == "feed" else bot
        victim = self._chance.choice(self._victims) if instant == "any" else victim
        await victim.kill()
        self._by_instant[f"{victim.command}: {instant}"] += 1
        if self._chance.random() < _KILLED_ON_ITS_WAY_UP:
            await victim.start()
            await asyncio.sleep(self._chance.uniform(0, 1.5))
            await victim.kill()
            self._by_instant[f"{victim.command}: start"] += 1
        await victim.start()

    async def _hurry(self) -> None:
        """Let some feeds be due now, as a moderator's press on a feed does."""
        store = open_database(self._url)
        try:
            feeds = await store.look(lambda work: work.feeds.all())
            chosen = self._chance.sample([feed.id for feed in feeds], min(_POLLED_A_TIME, len(feeds)))

            def work(unit: UnitOfWork) -> None:
                for feed_id in chosen:
                    unit.feeds.ask_at(feed_id, datetime.now(UTC))

            await store.transact(work)
        finally:
            store.close()

    # --- after ------------------------------------------------------------------------------------------------

    async def _come_to_rest(self, outlets: Outlets) -> bool:
        """Wait until everything is told and nothing waits; return whether that came in time."""
        until = monotonic() + CALM
        while monotonic() < until:
            await self._hurry_all()
            await asyncio.sleep(3)
            told = Counter(name for name in self._names_told(outlets))
            everywhere = all(told[one.name] >= len(CHANNELS) for one in outlets.announced)
            if everywhere and not self._incomplete(outlets) and self._waiting() == 0:
                await asyncio.sleep(8)  # what would be doubled still comes
                return True
        return False

    async def _hurry_all(self) -> None:
        store = open_database(self._url)

        def work(unit: UnitOfWork) -> None:
            for feed in unit.feeds.all():
                unit.feeds.ask_at(feed.id, datetime.now(UTC))

        await store.transact(work)
        store.close()

    def _waiting(self) -> int:
        engine = reading_engine(address(self._url))
        unread = select(func.count()).select_from(articles).where(articles.c.waits_for.is_not(None))
        unsent = select(func.count()).select_from(outbox).where(outbox.c.state == WAITING)
        with engine.begin() as connection:
            waiting = sum(connection.scalar(each) or 0 for each in (unread, unsent))
        engine.dispose()
        return waiting

    def _messages(self) -> list[tuple[int, str]]:
        """Return the text of each message and the channel that it stands in, or below which its thread does."""
        above = {number: int(thread["parent_id"]) for number, thread in self._discord.threads.items()}
        return [
            (above.get(int(message["channel_id"]), int(message["channel_id"])), json.dumps(message, ensure_ascii=False))
            for message in self._discord.messages.values()
        ]

    def _names_told(self, outlets: Outlets) -> list[str]:
        return [one.name for one in outlets.announced for _, text in self._messages() if one.name in text]

    def _incomplete(self, outlets: Outlets) -> tuple[str, ...]:
        return tuple(
            one.name
            for one in outlets.announced
            for _, text in self._messages()
            if one.name in text and not all(outlet in text for outlet in one.outlets)
        )

    def _outcome(self, outlets: Outlets, seconds: float, *, calm: bool, ends: Sequence[int]) -> Outcome:
        told = Counter(
            (one.name, channel) for one in outlets.announced for channel, text in self._messages() if one.name in text
        )
        wanted = [(one.name, channel) for one in outlets.announced for channel in CHANNELS]
        return Outcome(
            kills=sum(victim.kills for victim in (self._migration, *self._victims)),
            by_instant=self._by_instant,
            announced=len(outlets.announced),
            lost=tuple(f"{name} in {channel}" for name, channel in wanted if not told[name, channel]),
            doubled=tuple(f"{name} in {channel}" for (name, channel), times in told.items() if times > 1),
            incomplete=self._incomplete(outlets),
            wrong=self._wrong(outlets, calm=calm, ends=ends),
            seconds=seconds,
        )

    def _wrong(self, outlets: Outlets, *, calm: bool, ends: Sequence[int]) -> tuple[str, ...]:
        wrong = [] if calm else [f"not everything was told within {CALM:.0f} s"]
        wrong += [f"{one.name} ended by itself with {code}" for one in self._victims for code in one.gave_up]
        wrong += [f"a process asked to stop ended with {code}" for code in ends if code]
        engine = reading_engine(address(self._url))
        with engine.begin() as connection:
            opened = connection.scalar(select(func.count()).select_from(followups))
            in_state = select(func.count()).select_from(outbox)
            sent, given_up = (connection.scalar(in_state.where(outbox.c.state == state)) for state in (SENT, GIVEN_UP))
            if connection.dialect.name == "sqlite":
                verdict = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
                wrong += [] if verdict == "ok" else [f"the database is damaged: {verdict}"]
        engine.dispose()
        if opened != len(outlets.announced):
            wrong.append(f"{opened} follow-ups where {len(outlets.announced)} were announced")
        if (sent, given_up) != (len(outlets.announced) * len(CHANNELS), 0):
            wrong.append(f"the outbox holds {sent} sent and {given_up} given up")
        if len(self._discord.messages) != len(outlets.announced) * len(CHANNELS):
            wrong.append(f"{len(self._discord.messages)} messages")
        return tuple(wrong)


_INSTANTS = (
    "any", "any", "feed", "feed", "feed", "before post", "after post", "after post", "before edit", "after edit",
    "before search", "after search",
)  # fmt: skip
"""When something is killed, each as likely as it stands here often."""
_KILLED_ON_ITS_WAY_UP = 0.2
