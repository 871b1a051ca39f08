"""Everything that can be reached is used where all that is shown is as long as it gets, in every language.

From each command on, each button, select and form that appears is used once. Discord's document is asked of every
payload when the world ends (tests/discord_world.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.backend.errors import SetupError
from simcord.results import ResponseMessage

from bot.render import measured
from bot.views.clue import REASONS
from bot.views.topics import LONGEST_TOPIC_NAME
from bot.views.welcome import WelcomeView
from bot.words import IN_ENGLISH, LANGUAGES, Words
from config.catalogue import Topic
from tests.discord_world import A_ROUND, World, discord_world, text_of
from tests.driven import FOR_ANYBODY, FOR_MANAGERS
from tests.driven_personal import BY_FRIDAY, PLEDGE
from tests.everything import Watch, named, typed_of
from tests.factories import MONDAY_NOON, a_clue, a_wish, an_outlet
from tests.fakes import ScriptedFetcher
from tests.storing import add_article, days, open_one, telling
from watchers.audience import ON_ONE_FOLLOW_UP, Alert, AlertForm, GuildTopicWish, Reminder, Section
from watchers.feed_model import GuildFeedWish, Reason
from watchers.matcher.queries import LONGEST_QUERY
from watchers.model import Kind
from watchers.own_topics import put_own_topic
from watchers.ports import UnitOfWork
from watchers.rating import Clue, Outcome, RatingWish

RIGHT_TO_LEFT = "وزارة الخارجية "
COMBINING = "Z͑ͫa̴l̷g̸ó "
EMOJI = "👩🏽‍🚀🇺🇦🤝🏿 "
MARKUP = "*_~`|[x](y) @everyone "
SCRIPTS = (RIGHT_TO_LEFT, COMBINING, EMOJI, MARKUP)
_BUTTON, _TEXT_INPUT, _SELECT, _ROLES, _CHANNELS = 2, 4, 3, 6, 8
_PLENTY = 90
A_YEAR = timedelta(days=366)
_TIMES = 2
_SHORT = 40
_TYPED = {"typed": "20 March 2027", "hours": "22-7", "zone": "Geneva", "query": "grain AND country:UA"}
"""What is typed into a field of that name, so that it is understood; into any other as much as it takes."""


def long(length: int, number: int = 0) -> str:
    """So many UTF-16 units of a script that is hard to show, with a number so that no two are alike."""
    text = f"{number:02} "
    for character in SCRIPTS[number % len(SCRIPTS)] * length:
        if measured(text + character) > length:
            break
        text += character
    return text.strip()


TOPICS = [Topic(f"{'t' * 37}-{n:02}", long(100, n), long(200, n), (long(40, n),)) for n in range(30)]
OUTLETS = [an_outlet(long(80, n), f"https://{'o' * 60}-{n}.example/{'x' * 400}") for n in range(12)]


LONG_FEED, LONG_SITE = f"https://{'f' * 60}.example/{'x' * 400}", f"https://{'s' * 60}.example/"
ITEM = "<item><title><![CDATA[{}]]></title><guid>{}</guid><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>"
FEED = f"""<rss version="2.0"><channel><title><![CDATA[{long(300, 1)}]]></title><language>sr-Latn-RS</language>
{"".join(ITEM.format(long(500, n), n) for n in range(40))}</channel></rss>"""
LINK = f"""<link rel="alternate" type="application/rss+xml" title="{"t" * 300}" href="{LONG_SITE}{"y" * 20}{{}}">"""
WEB = {LONG_FEED: FEED.encode(), LONG_SITE: f"<html>{''.join(map(LINK.format, range(30)))}</html>".encode()}
WEB |= {f"{LONG_SITE}{'y' * 20}{n}": FEED.encode() for n in range(30)}
OUTLINE = f"<outline text='{'o' * 200}{{0}}' xmlUrl='https://{'l' * 60}{{0}}.example/{'z' * 400}'/>"
LIST = "".join(map(OUTLINE.format, range(60)))
LIST += "".join(f"<outline text='k' xmlUrl='{one.feed_url}'/>" for one in OUTLETS)
LIST += "".join(f"<outline text='b' xmlUrl='ftp://{'b' * 300}{n}'/>" for n in range(30))


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    fetcher, public = ScriptedFetcher(WEB), f"https://{'n' * 60}.example/{'p' * 80}"
    async with discord_world(
        tmp_path, monkeypatch, fetcher=fetcher, topics=TOPICS, outlets=OUTLETS, public_url=public
    ) as there:
        yield there


def _longest(words: Words, message: str, say: Callable[..., str], /, *more: Any, **holes: Any) -> str:
    """Say it in the language that takes most room for it."""
    del words
    return max((say(Words(language), message, *more, **holes) for language in LANGUAGES), key=measured)


def _swollen(words: Words, message: str, say: Callable[..., str], /, *more: Any, **holes: Any) -> str:
    """Say it with half as much again, as a language that the bot does not speak yet may need."""
    said = say(words, message, *more, **holes)
    size = measured(message)
    return f"{said} {chr(223) * (size if size < _SHORT else size * 2 // 3)}"


def speak(monkeypatch: pytest.MonkeyPatch, how: Callable[..., str]) -> None:
    """Let all words be said so."""
    for name in ("__call__", "many"):
        usual = getattr(Words, name)

        def said(words: Words, message: str, /, *more: Any, _usual: Any = usual, **holes: Any) -> str:
            return how(words, message, _usual, *more, **holes)

        monkeypatch.setattr(Words, name, said)


OWN_FEED = f"https://{'w' * 60}.example/{'x' * 400}"
"""A feed that the server added."""
UNSURE = 5
"""The follow-up of which the news suggests nothing sure."""


def a_long_clue(outcome: Outcome, number: int = 0, *, confidence: float = 0.997) -> Clue:
    """As much as a sentence, an outlet, an address and reasons may be."""
    reasons = sorted(REASONS, key=lambda one: len(REASONS[one]), reverse=True)
    return a_clue(
        outcome,
        confidence=confidence,
        quote=long(900, number),
        outlet=long(80, number),
        url=f"https://{'o' * 60}.example/{'x' * 80}",
        reasons=(reasons[0], reasons[1], f"but: {reasons[2]}"),
    )


# --- as much of everything as there may be --------------------------------------------------------------------


async def fill(world: World) -> None:
    """Store as many things as there may be, each as long as it gets; the first follow-up is told by forty."""
    guild_id, user_id = world.guild.id, world.moderator.id

    def work(unit: UnitOfWork) -> None:
        own = []
        for number in range(25):
            query = " OR ".join(f"word{number:02}{n:03}" for n in range(LONGEST_QUERY // 14))
            wish = GuildTopicWish(guild_id, long(LONGEST_TOPIC_NAME, number), query[:LONGEST_QUERY], user_id)
            own.append(put_own_topic(unit, wish, MONDAY_NOON)[0].id)
        topics = (*(topic.id for topic in TOPICS[:8]), *own[:4])
        for number in range(12):
            kind = Kind.EVENT if number in {0, 11} else Kind.DEADLINE
            told = partial(telling, long(600, number), due=days(5, 6), kind=kind, speaker=long(200, number))
            countries = ("UA", "FR", "DE", "PL")
            followup = open_one(unit, told(countries=countries, outlet=OUTLETS[0].name), *topics)
            for other in range(39 if number == 0 else 1):
                more = told(countries=countries, outlet=f"{long(75, other)} {other}")
                unit.followups.retell(followup.id, add_article(unit), more, (), best=False)
            if number in {1, 2}:
                unit.cases.rate(RatingWish(followup.id, guild_id, user_id, Outcome.MOVED, days(7, 8)), MONDAY_NOON)
                unit.cases.add_note(guild_id, followup.id, user_id, long(500, number), MONDAY_NOON)
        for outcome in (Outcome.KEPT, Outcome.MOVED, Outcome.PARTLY):
            unit.outcomes.suggest(1, 1, a_long_clue(outcome), MONDAY_NOON)
        for number in range(5):
            unit.outcomes.suggest(UNSURE, 1, a_long_clue(Outcome.KEPT, number, confidence=0.6), MONDAY_NOON)
        for number in range(24):
            key = f"personal:{user_id}:{number}"
            at = MONDAY_NOON.replace(year=2027)
            unit.reminders.plan([Reminder(key, at, 1, user_id=user_id, note=long(300, number))])

    await world.transact(work)
    for number in range(11):
        channel = world.guild.create_text_channel(f"{'c' * 97}-{number:02}")
        wish = a_wish(
            guild_id=guild_id,
            channel_id=channel.id,
            topic=f"own:{number + 1}",
            speakers=tuple(long(20, n) for n in range(5)),
            countries=frozenset({"UA", "FR", "DE", "PL", "IT", "ES", "PT", "NL", "BE", "LU", "AT", "CH", "CZ", "SK"}),
            lead_days=(14, 7, 3, 2, 1, 0, -1, -7),
        )
        await world.follow(wish)


async def fill_feeds(world: World) -> None:
    """Let the server hold a feed, which is gone, and every other fail."""
    user_id = world.moderator.id
    wish = GuildFeedWish(world.guild.id, OWN_FEED, long(80, 2), "en", "UTC", full_text=True, added_by=user_id)
    why = Reason("the name {host} cannot be found (DNS)", host=long(300, 3))

    def work(unit: UnitOfWork) -> None:
        added = unit.guild_feeds.add(wish, MONDAY_NOON)
        for feed in unit.feeds.all():
            failed = replace(feed, failures=999, failing_since=MONDAY_NOON, last_error=why, moved_to=OWN_FEED)
            unit.feeds.record([replace(failed, stopped=feed.id == added.id, next_poll_at=MONDAY_NOON + A_YEAR)])

    await world.transact(work)


async def alert_of_each_form(world: World, actor: Any) -> list[Any]:
    """Let an alert of each form come; return the messages."""
    now, guild_id, channel_id = world.clock.now(), world.guild.id, world.channel.id

    def work(unit: UnitOfWork) -> None:
        for form in ON_ONE_FOLLOW_UP:
            alert = Alert(f"{form}", form, (1,), guild_id=guild_id, channel_id=channel_id)
            unit.outbox.put(alert, now)
        unsure = Alert("unsure", AlertForm.OVERDUE, (UNSURE,), guild_id=guild_id, channel_id=channel_id)
        unit.outbox.put(unsure, now)
        sections = tuple(sorted((list(Section) * 3)[:12], key=list(Section).index))
        digest = Alert("d", AlertForm.DIGEST, tuple(range(1, 13)), sections, guild_id, channel_id)
        unit.outbox.put(digest, now)
        for form in (AlertForm.PERSONAL, AlertForm.WATCHED):
            note = long(300) if form is AlertForm.PERSONAL else None
            unit.outbox.put(Alert(f"{form}", form, (1,), guild_id=guild_id, user_id=actor.id, note=note), now)
        notice = Alert("n", AlertForm.NOTICE, guild_id=guild_id, channel_id=channel_id, note=long(1000))
        unit.outbox.put(notice, now)

    await world.transact(work)
    await world.pass_time(A_ROUND)
    there = world.env.bot.get_channel(channel_id)
    await world.as_bot(there.send(view=WelcomeView(IN_ENGLISH)))
    assert len(world.channel.history()) == 9
    assert len(actor.user.dm_channel.history()) == 2
    return [*world.channel.history(), *actor.user.dm_channel.history()]


# --- using whatever appears -----------------------------------------------------------------------------------


class Explorer:
    """Somebody who uses each thing that appears, twice at most: selects first, and what stands last before the rest."""

    def __init__(self, world: World, actor: Any) -> None:
        self.world = world
        self.actor = actor
        self.tried: Counter[str] = Counter()

    async def see(self, message: Any) -> None:
        """Use all that stands in a message, and in what comes of that."""
        while (part := self._untried(message)) is not None:
            name = self._name(part)
            self.tried[name] += 1
            try:
                answer = await self._use(message, part)
            except SetupError as gone:
                assert "No matching component" in str(gone)  # noqa: PT017 - the message changed under our hands
                continue
            await self.hear(answer)

    async def hear(self, answer: Any) -> None:
        """Fill a form that is shown, and see what is answered."""
        if answer.modal is not None:
            name = f"form {answer.modal['title']}"
            if self.tried[name] < _TIMES:
                self.tried[name] += 1
                await self.hear(
                    await self._user(answer._interaction.channel_id).submit_modal(
                        answer, dict(self._filled(answer.modal))
                    )
                )
            return
        for message in (answer.response, *answer.followups):
            if message is not None:
                await self.see(message)

    def _user(self, channel_id: int) -> Any:
        """The person as they are in a channel: a member of the server, or alone."""
        return self.actor.user if self.world.env.backend.dm_channels.get(self.actor.id) == channel_id else self.actor

    def _untried(self, message: Any) -> dict[str, Any] | None:
        parts = [one if isinstance(one, dict) else one.to_dict() for one in message.components]
        usable = [one for one in _walked(parts) if one.get("custom_id") and not one.get("disabled")]
        fresh = [one for one in reversed(usable) if self.tried[self._name(one)] < _TIMES]
        return min(fresh, key=lambda one: (one["type"] == _BUTTON, self.tried[self._name(one)]), default=None)

    def _name(self, part: Mapping[str, Any]) -> str:
        """What tells it from others: for the steps of a set-up their numbers too."""
        name = named(self.world.env.bot, part["custom_id"]) or part["custom_id"]
        return part["custom_id"].split(":")[1] if name.startswith("SetUpItem") else name

    async def _use(self, message: Any, part: Mapping[str, Any]) -> Any:
        user = self._user(message.channel_id if isinstance(message, ResponseMessage) else message.channel.id)
        if part["type"] == _BUTTON:
            return await user.click(message, custom_id=part["custom_id"])
        return await user.select(message, self._chosen(part), custom_id=part["custom_id"])

    def _chosen(self, part: Mapping[str, Any]) -> list[Any]:
        if part["type"] == _ROLES:
            return [next(role for role in self.world.guild.roles.values() if role.name == "r" * 100)]
        if part["type"] == _CHANNELS:
            return [self.world.channel]
        return [one["value"] for one in part["options"]][-part.get("max_values", 1) :]

    def _filled(self, form: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for label in form["components"]:
            part = label.get("component", {})
            if part.get("type") == _TEXT_INPUT:
                text = (
                    (_TYPED | {"name": long(LONGEST_TOPIC_NAME, 77)}).get(part["custom_id"])
                    or part.get("value")
                    or long(part["max_length"])
                )
                yield part["custom_id"], text
            elif part.get("type") == _SELECT:
                yield part["custom_id"], [part["options"][0]["value"]]


def _walked(components: Sequence[Any]) -> Iterator[dict[str, Any]]:
    for one in components:
        yield one
        yield from _walked(one.get("components", []))


HOW = {"swollen": _swollen, "longest": _longest}


@pytest.mark.parametrize(
    "language",
    [
        *("swollen", "longest"),
        *(pytest.param(language, marks=pytest.mark.slow) for language in LANGUAGES),
    ],
)
async def test_all_that_can_be_reached_is_within_limits(
    world: World, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    may = discord.Permissions(manage_guild=True, manage_messages=True, manage_events=True)
    role = world.guild.create_role("r" * 100, permissions=may, mentionable=True)
    actor = world.guild.add_member(world.env.create_user("u" * 32), roles=[role])
    world.moderator = actor
    await fill(world)
    await fill_feeds(world)
    if language in HOW:
        speak(monkeypatch, HOW[language])
    else:
        world.locale = language
    watch = Watch(world, monkeypatch)
    explorer = Explorer(world, actor)
    for message in await alert_of_each_form(world, actor):
        await explorer.see(message)
    texts: dict[str, dict[str, Any]] = {"followups search": {"text": "0"}}
    texts |= {"scan": {"text": f"{long(1000)}. {BY_FRIDAY} {PLEDGE} " * 4}}
    texts |= {"followups show": {"followup": "12"}, "subscribe": {"topic": "own:20"}}
    texts |= {"feeds add": {"url": LONG_FEED}, "feeds status": {"feed": "1"}, "feeds remove": {"feed": OWN_FEED}}
    texts |= {"feeds import": {"file": ("f.opml", f"<opml>{LIST}</opml>".encode())}}
    texts |= {"topics edit": {"topic": "own:1"}, "topics delete": {"topic": "own:2"}}
    again = ("reminders", "reminders", *("topics create", "topics edit", "topics delete") * 2)
    every = FOR_ANYBODY | FOR_MANAGERS | texts
    for name in (*every, *again):
        await explorer.hear(await actor.slash(world.channel, name, **every[name]))
    await explorer.hear(await actor.slash(world.channel, "feeds add", url=LONG_SITE))
    await explorer.hear(await actor.slash(world.channel, "feeds status"))
    for field in sorted(typed_of(world.env.bot)):
        command, _, option = field[1:].partition(" ⌨ ")
        for typed in ("", "w", long(100)):
            await actor.autocomplete(world.channel, command, option, typed)
    assert watch.failures() == []
    assert watch.unknown_components() == set()
    assert len(explorer.tried) > _PLENTY, sorted(explorer.tried)
    assert text_of(world.channel.history()[0])
