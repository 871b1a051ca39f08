"""What a command needs to answer: the store, the clock, the catalogue and the local hour."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.errors import Refusal
from bot.render import Setting, plain
from bot.words import IN_ENGLISH, Words, marked, words_for
from config.catalogue import Catalogue, Topic
from config.problems import find_zone
from watchers.alerts import EVERY_TOPIC
from watchers.audience import Guild, LocalHour, Person
from watchers.ports import Clock, Store, UnitOfWork

EVERY_TOPIC_NAME = marked("every topic")


class ZoneOf(StrEnum):
    """Who settled the zone in which somebody's times are read."""

    PERSON = "person"
    SERVER = "server"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody to whom alone an answer is shown."""

    user_id: int
    guild_id: int | None
    """The server in which they ask; None: none."""
    at: LocalHour
    """Their own zone, else the server's, else the operator's, with the hour at which reminders come."""
    zone_of: ZoneOf
    setting: Setting
    """Their language, and today in their zone."""


def remember_language(work: UnitOfWork, user_id: int, language: str) -> None:
    """Remember in which language somebody asks to be written to later: Discord tells it only with what they do."""
    person = work.guilds.person(user_id)
    if person.language != language:
        work.guilds.put_person(replace(person, language=language))


@dataclass(frozen=True, slots=True)
class Services:
    """What cogs are given; they know neither the client nor each other."""

    store: Store
    clock: Clock
    catalogue: Catalogue
    at: LocalHour
    public_url: str | None = None
    """Where calendars and feeds are reached from outside; None: they are not served."""
    editors: frozenset[int] = frozenset()
    """Servers that may split and join follow-ups which others know as well."""

    def hours(self, guild: Guild | None = None) -> LocalHour:
        """Return when a server's reminders and digests come; what it has not settled is as the operator has it."""
        if guild is None:
            return self.at
        zone = find_zone(guild.zone) if guild.zone else None
        return LocalHour(zone or self.at.zone, self.at.hour if guild.digest_hour is None else guild.digest_hour)

    def setting(self, guild: Guild | None = None, *languages: str | None) -> Setting:
        """Return what wording depends on in a server (None: outside any), as of now.

        `languages` are BCP 47 tags, the one wanted most first; after them the server's own is asked, then English.
        """
        at = self.hours(guild)
        names = {topic.id: topic.name for topic in self.catalogue.topics}
        own = {topic.id: topic.wish.name for topic in guild.topics} if guild else {}
        say = words_for(*languages, guild.language if guild else None)
        return Setting(at.day_of(self.clock.now()), at.zone, {**names, **own}, say)

    async def reader(self, user_id: int, guild_id: int | None, language: str | None) -> Reader:
        """Return what an answer to one person depends on.

        `language` is that of their Discord, a BCP 47 tag; None where they do not ask but are written to, in the
        language in which they last asked for it.
        """

        def look(work: UnitOfWork) -> tuple[Person, Guild | None]:
            return work.guilds.person(user_id), None if guild_id is None else work.guilds.get(guild_id)

        person, guild = await self.store.look(look)
        at = self.hours(guild)
        own = find_zone(person.zone) if person.zone else None
        of_server = ZoneOf.SERVER if guild and guild.zone and find_zone(guild.zone) else ZoneOf.OPERATOR
        at = LocalHour(own or at.zone, at.hour)
        setting = replace(self.setting(guild, language, person.language), today=at.day_of(self.clock.now()))
        return Reader(user_id, guild_id, at, ZoneOf.PERSON if own else of_server, replace(setting, zone=at.zone))

    def topics_of(self, guild: Guild | None) -> tuple[Topic, ...]:
        """Return the topics there are in a server: the catalogue's, and those it wrote itself, described by query."""
        own = guild.topics if guild else ()
        written = tuple(Topic(topic.id, topic.wish.name, topic.wish.query, words=()) for topic in own)
        return (*self.catalogue.topics, *written)

    def topic_name(self, topic_id: str, guild: Guild | None = None, say: Words = IN_ENGLISH) -> str:
        """Return how people call a topic in a server; one that is no more is called by its id."""
        if topic_id == EVERY_TOPIC:
            return say(EVERY_TOPIC_NAME)
        return next((topic.name for topic in self.topics_of(guild) if topic.id == topic_id), topic_id)

    def topics_like(self, typed: str, guild: Guild | None = None) -> tuple[Topic, ...]:
        """Return the topics of a server whose name, id or description holds what was typed.

        Names that begin with it come first.
        """
        wanted = typed.strip().casefold()
        found = [t for t in self.topics_of(guild) if wanted in f"{t.name} {t.id} {t.about}".casefold()]
        return tuple(sorted(found, key=lambda topic: (not topic.name.casefold().startswith(wanted), topic.name)))

    def topic_called(self, typed: str, guild: Guild | None = None, say: Words = IN_ENGLISH) -> str:
        """Return the id of the topic somebody named by id or name (`*` and its name stand for every topic).

        Raise `Refusal` with the nearest name where their server has no such topic.
        """
        wanted = typed.strip().casefold()
        if wanted in {EVERY_TOPIC, EVERY_TOPIC_NAME, say(EVERY_TOPIC_NAME).casefold()}:
            return EVERY_TOPIC
        ids = {name.casefold(): topic.id for topic in self.topics_of(guild) for name in (topic.name, topic.id)}
        if wanted in ids:
            return ids[wanted]
        near = difflib.get_close_matches(wanted, ids, n=1, cutoff=0.5)
        nearest = plain(self.topic_name(ids[near[0]], guild, say)) if near else ""
        hint = say("Did you mean **{name}**?", name=nearest) if near else say("`/topics list` shows them all.")
        message = say("There is no topic “{typed}”. {hint}", typed=plain(typed, 60), hint=hint)
        raise Refusal(message)
