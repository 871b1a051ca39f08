"""The real bot in a simulated Discord, used with whatever a client may send, and what must hold after each use.

Two servers are full of things; whatever belongs to the second, or to a person who never asks, bears the word `CANARY`.
Everybody who asks is of the first. Interactions are handed to the bot as they would come from Discord's gateway, past
simcord's own checks; what the bot sends is read before simcord's Discord answers it.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands, ui
from simcord import interactions
from simcord.backend import serializers

from bot.errors import Refusal
from tests import openapi
from tests.discord_world import World, discord_world
from tests.driven import FOR_ANYBODY, FOR_MANAGERS
from tests.driven_feeds import MERIDIAN, SITE, WEB, holds
from tests.factories import MONDAY_NOON, a_topic, a_wish, an_article, an_outlet
from tests.fakes import ScriptedFetcher
from tests.fuzzing import CANARY, SNARE, TRAP
from tests.storing import days, open_one, stored, telling
from watchers.audience import Alert, AlertForm, GuildTopicWish, Reminder, Share
from watchers.model import Kind
from watchers.own_topics import put_own_topic
from watchers.ports import UnitOfWork
from watchers.rating import Outcome, RatingWish

TOPICS = [a_topic("norland", "Norland"), a_topic("sudria", "Sudria")]
WHO = ("stranger", "rater", "manager", "private")
LANGUAGES = ("en-US", "fr", "de", "es-ES", "uk", "zh-TW", "xx", "")
SECRET_FEED = f"https://{CANARY}.example/rss"
_COMMAND, _COMPONENT, _TYPING, _FORM = 2, 3, 4, 5
_V2 = 1 << 15
_TEXT_KEYS = {"content", "label", "name", "title", "description", "placeholder"}
_EVERYTHING = discord.Permissions(
    manage_guild=True, manage_messages=True, create_events=True, manage_events=True, attach_files=True
)
_ALLOWED_ERRORS = (
    *(Refusal, app_commands.CheckFailure, app_commands.TransformerError),
    *(app_commands.CommandNotFound, app_commands.CommandSignatureMismatch),
)
_SHARED = {"guilds", "guild_topics", "subscriptions", "guild_feeds", "ratings", "standings", "notes", "mutes", "shares"}
"""What only managers and raters may change."""


@dataclass
class Sent:
    """What the bot sent after one use."""

    calls: Sequence[Any]
    token: str

    @property
    def answers(self) -> list[dict[str, Any]]:
        return [one.json for one in self.calls if one.path.endswith(f"/{self.token}/callback")]

    @property
    def form(self) -> dict[str, Any] | None:
        """The form that was shown, if one was."""
        return next((one["data"] for one in self.answers if one["type"] == 9), None)

    def components(self) -> list[dict[str, Any]]:
        """Every button and select that was shown."""
        return [one for call in self.calls for one in _usable(call.json)]


def _usable(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for part in value:
            yield from _usable(part)
    if isinstance(value, Mapping) and value.get("type") != 9:
        if "custom_id" in value and not value.get("disabled"):
            yield dict(value)
        for part in value.values():
            yield from _usable(part)


# --- what must not live in any text ---------------------------------------------------------------------------

# Code as Discord's own client finds it: a longer run of ticks may also begin with fewer.
_ESCAPE_OR_CODE = re.compile(r"\\[!-/:-@\[-`{-~]|(?P<ticks>`+).*?[^`](?P=ticks)(?!`)", re.DOTALL)
_WITH_ITS_HOST = re.compile(rf"\]\(https?://{re.escape(TRAP)}[^)\s]*\) \({re.escape(TRAP)}\)")
_ALIVE = re.compile(
    rf"@everyone|@here|<(?:@[!&]?|\#|/[^:<>]*:|t:|a?:\w+:){SNARE}|<id:\w"
    rf"|(?i:https?://[^\s<>()/]*{re.escape(TRAP)})|\]\(\s*<?//[^)\s/]*{re.escape(TRAP)}"
)
_TURNING = re.compile("[\u202a-\u202e\u2066\u2067]")


def alive(text: str) -> list[str]:
    """The hostile mentions and links that Discord would make of a text in its markup."""
    return _ALIVE.findall(_WITH_ITS_HOST.sub("", _ESCAPE_OR_CODE.sub("\x00", text)))


def texts(value: Any, *, keys: set[str]) -> Iterator[str]:
    """The texts under these keys anywhere in a payload."""
    if isinstance(value, list):
        for part in value:
            yield from texts(part, keys=keys)
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key in keys and isinstance(part, str):
                yield part
            yield from texts(part, keys=keys)


def _pings(call: Any) -> bool:
    """Whether a message would ping whom its text names: it must say that nobody is pinged."""
    body = call.json
    if not isinstance(body, Mapping) or call.method == "PUT":
        return False
    message = body.get("data") if "/callback" in call.path else body
    if not isinstance(message, Mapping) or not any(texts(message, keys={"content"})) or "custom_id" in message:
        return False
    allowed = message.get("allowed_mentions")
    return allowed is None or bool(allowed.get("parse") or allowed.get("users"))


# --- the world --------------------------------------------------------------------------------------------------


class _Failures(logging.Handler):
    """What was logged as a failure."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.lines.append(f"{record.name}: {record.getMessage()} {error!r}")


@dataclass
class Hunted:
    """A world that every example finds as it was."""

    world: World
    fetcher: ScriptedFetcher
    runner: asyncio.Runner
    file: Path
    people: dict[str, Any] = field(default_factory=dict)
    elsewhere: Any = None
    secret_channel: int = 0
    shown: list[dict[str, Any]] = field(default_factory=list)
    """Components that were really shown."""
    seeds: list[str] = field(default_factory=list)
    """Ids of these, and of others that there may be."""
    values: list[str] = field(default_factory=list)
    """Values of choices that were really offered."""
    message: Any = None
    private_message: Any = None
    _saved: sqlite3.Connection | None = None
    _failures: _Failures = field(default_factory=_Failures)
    _blobs: int = 0

    # --- filling ---

    async def fill(self) -> None:
        world = self.world
        env, guild = world.env, world.guild
        may = guild.create_role("All", permissions=_EVERYTHING)
        raters = guild.create_role("Raters", permissions=discord.Permissions(manage_messages=True))
        manager = guild.add_member(env.create_user("chief"), roles=[may])
        rater = guild.add_member(env.create_user("juror"), roles=[raters])
        self.elsewhere = env.create_guild(f"{CANARY} bureau")
        there = self.elsewhere.create_role("All", permissions=_EVERYTHING)
        neighbour = self.elsewhere.add_member(env.create_user("neighbour"), roles=[there])
        secret_channel = self.elsewhere.create_text_channel(f"{CANARY}-room")
        victim = guild.add_member(env.create_user("victim"))
        self.people = {"stranger": world.analyst, "rater": rater, "manager": manager, "victim": victim}
        self.people |= {"neighbour": neighbour, "private": world.analyst.user}
        await world.analyst.slash(world.channel, "remind", when="in 3 days", note="mine")
        await victim.slash(world.channel, "remind", when="in 3 days", note=f"{CANARY} of a victim")
        await world.transact(lambda work: work.feeds.follow([an_outlet()], MONDAY_NOON))
        secret_feed = await holds(world, SECRET_FEED, f"{CANARY} feed", self.elsewhere.id)
        await holds(world, f"{SITE}news.xml", "Our feed")
        await world.transact(lambda work: self._fill_store(work, secret_feed.id))
        await world.follow(
            a_wish(guild_id=guild.id, channel_id=world.channel.id),
            a_wish(guild_id=self.elsewhere.id, channel_id=secret_channel.id, speakers=(f"{CANARY} speaker",)),
        )
        self.secret_channel = secret_channel.id
        alert = Alert("said:1", AlertForm.SAID, (1,), guild_id=guild.id, channel_id=world.channel.id)
        await world.transact(lambda work: work.outbox.put(alert, world.clock.now()))
        await world.pass_time(timedelta(hours=5))
        self.message = world.channel.history()[-1]
        await world.transact(self._make_due)
        button: ui.Button[ui.LayoutView] = ui.Button(label="x", custom_id="begin:setup")
        self.private_message = await world.shown(world.analyst.user.dm_channel, button)
        for name, options in (FOR_ANYBODY | FOR_MANAGERS).items():
            await manager.slash(world.channel, name, **options)
        await manager.slash(world.channel, "feeds add", url=SITE)
        for name in ("subscriptions", "topics list", "feeds list", "feeds status", "reminders", "setup"):
            await neighbour.slash(secret_channel, name)
        self.shown = shown = [*(one for call in env.http_requests for one in _usable(call.json)), _REPORTS]
        self.seeds = sorted({one["custom_id"] for one in shown} | set(_BY_HAND) | {_of_others(self)})
        self.values = sorted({option["value"] for one in shown for option in one.get("options", ())})

    def _fill_store(self, work: UnitOfWork, secret_feed: int) -> None:
        here, there = self.world.guild.id, self.elsewhere.id
        chief, neighbour = self.people["manager"].id, self.people["neighbour"].id
        for number in range(7):
            kind = Kind.EVENT if number == 3 else Kind.DEADLINE
            open_one(work, telling(f"Norland will leave port {number}.", due=days(5, 6 + number), kind=kind), "norland")
        secret = telling(f"Sudria will open the {CANARY} by Friday.", due=days(5, 6), speaker=f"{CANARY} minister")
        article = stored(work, an_article(f"The {CANARY} opens.", title=f"{CANARY}"), feed_id=secret_feed)
        work.followups.open(article, secret, ("norland",))
        put_own_topic(work, GuildTopicWish(there, f"{CANARY} topic", f"{CANARY} OR norland", neighbour), MONDAY_NOON)
        put_own_topic(work, GuildTopicWish(here, "Our topic", "harvest", chief), MONDAY_NOON)
        for guild_id, user_id, word in ((there, neighbour, CANARY), (here, chief, "our")):
            work.cases.rate(RatingWish(1, guild_id, user_id, Outcome.BROKEN), MONDAY_NOON)
            work.cases.add_note(guild_id, 1, user_id, f"{word} note", MONDAY_NOON)
            work.cases.mute(guild_id, 2, user_id)
            work.cases.watch(guild_id, 3, user_id, wanted=True)
            work.shares.open(Share(f"{word}token", guild_id, "*", user_id), MONDAY_NOON)
        at = MONDAY_NOON.replace(year=2027)
        work.reminders.plan([Reminder(f"personal:{neighbour}:9", at, 1, user_id=neighbour, note=f"{CANARY} note")])

    def _make_due(self, work: UnitOfWork) -> None:
        due = [replace(feed, next_poll_at=self.world.clock.now()) for feed in work.feeds.all() if feed.url == MERIDIAN]
        work.feeds.record(due)

    # --- as it was ---

    def save(self) -> None:
        """Remember how everything stands: each example begins there."""
        self._saved = sqlite3.connect(":memory:")
        with sqlite3.connect(self.file) as live:
            live.backup(self._saved)
        live.close()

    def restore(self) -> None:
        """Put everything back as it was, but for what stands in Discord."""
        assert self._saved is not None
        live = sqlite3.connect(self.file)
        self._saved.backup(live)
        live.close()
        self.world.env.backend.http_requests.clear()
        self._failures.lines.clear()

    def belongings(self, owner: str) -> dict[str, list[Any]]:
        """The rows of the other server and of those who never ask (`others`), or of this server (`ours`)."""
        live = sqlite3.connect(self.file)
        try:
            return {name: self._rows(live, name, owner) for name in _tables(live)}
        finally:
            live.close()

    def _rows(self, live: sqlite3.Connection, table: str, owner: str) -> list[Any]:
        columns = [row[1] for row in live.execute(f"PRAGMA table_info({table})")]
        guild = self.elsewhere.id if owner == "others" else self.world.guild.id
        people = (self.people["victim"].id, self.people["neighbour"].id) if owner == "others" else ()
        tests = [f"guild_id = {guild}"] if "guild_id" in columns else []
        tests += [f"user_id = {one}" for one in people if "user_id" in columns]
        tests += [f"id = {one}" for one in (guild, *people) if table in {"guilds", "people"}]
        if owner == "ours" and table not in _SHARED:
            return []
        where = " OR ".join(tests) or "0"
        return sorted(map(repr, live.execute(f"SELECT * FROM {table} WHERE {where}")))  # noqa: S608 - our own names

    # --- using ---

    def use(self, who: str, kind: int, data: dict[str, Any], shown: Sequence[dict[str, Any]] | None = None) -> Sent:
        """Let somebody use something; `shown` are the components of the message they do it at (None: at none)."""
        return self.runner.run(self._use(who, kind, data, shown))

    async def _use(self, who: str, kind: int, data: dict[str, Any], shown: Sequence[dict[str, Any]] | None) -> Sent:
        world, actor = self.world, self.people[who]
        backend = world.env.backend
        channel = actor.dm_channel.id if who == "private" else world.channel.id
        guild_id = None if who == "private" else world.guild.id
        record, payload = interactions.base_payload(
            backend, type=kind, channel_id=channel, guild_id=guild_id, user_id=actor.id, data=data
        )
        if shown is not None:
            there = self.private_message if who == "private" else self.message
            stored = backend.get_message(channel, there.id)
            told = dict(serializers.message_payload(backend, stored))
            rows = [
                {"type": 1, "id": 2 * n + 1, "components": [{**one, "id": 2 * n + 2}]} for n, one in enumerate(shown)
            ]
            payload["message"] = {**told, "components": rows, "flags": _V2, "content": ""}
            record.source_message_id = stored.id
        before = len(backend.http_requests)
        backend.emit("INTERACTION_CREATE", payload)
        await world.env._settle_internal(dispatch="INTERACTION_CREATE")
        return Sent(list(backend.http_requests[before:]), record.token)

    async def _deliver(self) -> None:
        await self.world.as_bot(self.world.env.bot._background.deliver())

    def deliver(self) -> Sent:
        """Let everything be sent that waits to be."""
        before = len(self.world.env.http_requests)
        self.runner.run(self._deliver())
        return Sent(list(self.world.env.http_requests[before:]), "")

    def read_feeds(self) -> Sent:
        """Let every feed that is due be read, and what it says."""
        before = len(self.world.env.http_requests)
        self.runner.run(self.world.as_bot(self.world.env.bot._background._watching.poll()))
        return Sent(list(self.world.env.http_requests[before:]), "")

    # --- judging ---

    def faults(self, sent: Sent, *, answers: int | None = 1) -> list[str]:
        """Everything that is wrong with what was sent; `answers` None: whether there is one does not matter."""
        found = [f"logged: {line}" for line in self._failures.lines]
        if answers is not None and len(sent.answers) != answers:
            found.append(f"answered {len(sent.answers)} times")
        errors = self.world.env.errors
        found += [repr(one) for one in errors if not isinstance(one, _ALLOWED_ERRORS)]
        self.world.env._errors.clear()
        self.world.env._error_ids.clear()
        for call in sent.calls:
            found += openapi.faults(call) if openapi.DOCUMENT.exists() else []
            said = repr(call.json)
            found += [f"tells of others: {said}"] if CANARY in said else []
            found += [f"alive: {one} in {text!r}" for text in texts(call.json, keys={"content"}) for one in alive(text)]
            found += [f"turned: {text!r}" for text in texts(call.json, keys=_TEXT_KEYS) if _TURNING.search(text)]
            found += [f"pings: {said}"] if _pings(call) else []
        found += [f"a file tells of others: {name}" for name in self._leaking_files()]
        return found

    def _leaking_files(self) -> list[str]:
        blobs = self.world.env.backend.cdn._blobs
        new = list(blobs.items())[self._blobs :]
        self._blobs = len(blobs)
        return [name for name, blob in new if CANARY.encode() in blob]


def _tables(live: sqlite3.Connection) -> list[str]:
    asked = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return [row[0] for row in live.execute(asked)]


_REPORTS = {"type": 3, "custom_id": "part:1", "options": [{"label": "x", "value": str(one)} for one in range(4)]}
_BY_HAND = (
    *("card:kept:1:a:0", "card:moved:8:c:1", "card:acceptmove:1:a:1", "card:undo:1:a:1", "opencard", "orders:open"),
    *("reminder:show:1", "reminder:cancel:2", "reminder:change:2", "reminder:choose", "snooze:2:day", "remind:8"),
    *("topic:save:1:Ours", "topic:delete:1:Ours", "feed:removed:2", "feed:ask:2", "feeds:open", "foundfeed"),
    *("newfeed:save:0:en:UTC", "feedlist:save", "part:1", "same:1", "rejoin:1:2", "found:0:20260306", "found:0:-"),
    *("begin:setup", "help:subject", "record:csv:", "page:subscriptions:0:", "page:pending:1:", "page:record:3:sBerg"),
)
"""Ids that a client may have seen, or made up by the look of others."""


def _of_others(hunted: Hunted) -> str:
    """The id of a draft of an order for a channel of the other server."""
    from bot.views.order_draft import OrderDraft, packed  # noqa: PLC0415 - one id of many

    wish = a_wish(guild_id=hunted.world.guild.id, channel_id=hunted.secret_channel)
    return f"o:save:1:{packed(OrderDraft(wish))}"[:100]


@contextmanager
def hunted_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hunted]:
    """Run the bot for many examples, which share it and find its database as it was."""
    fetcher = ScriptedFetcher(WEB)
    with asyncio.Runner() as runner:
        running = discord_world(
            tmp_path, monkeypatch, fetcher=fetcher, topics=TOPICS, public_url="https://news.example"
        )
        world = runner.run(running.__aenter__())
        hunted = Hunted(world, fetcher, runner, tmp_path / "bot.db")
        root = logging.getLogger()
        try:
            runner.run(hunted.fill())
            hunted.save()
            root.addHandler(hunted._failures)
            yield hunted
        finally:
            root.removeHandler(hunted._failures)
            world.env.backend.http_requests.clear()
            runner.run(running.__aexit__(None, None, None))
