"""What a command needs to answer: the store, the clock, the catalogue and the local hour."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from bot.errors import Refusal
from bot.render import Setting, plain
from bot.words import words_for
from config.catalogue import Catalogue, Topic
from config.problems import find_zone
from watchers.alerts import EVERY_TOPIC
from watchers.audience import Guild, LocalHour
from watchers.ports import Clock, Store

EVERY_TOPIC_NAME = "every topic"


@dataclass(frozen=True, slots=True)
class Services:
    """What cogs are given; they know neither the client nor each other."""

    store: Store
    clock: Clock
    catalogue: Catalogue
    at: LocalHour
    public_url: str | None = None
    """Where calendars and feeds are reached from outside; None: they are not served."""

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

    def topic_name(self, topic_id: str) -> str:
        """Return how people call a topic; one that has left the catalogue is called by its id."""
        if topic_id == EVERY_TOPIC:
            return EVERY_TOPIC_NAME
        return next((topic.name for topic in self.catalogue.topics if topic.id == topic_id), topic_id)

    def topics_like(self, typed: str) -> tuple[Topic, ...]:
        """Return the topics whose name, id or description holds what was typed; names that begin with it first."""
        wanted = typed.strip().casefold()
        found = [t for t in self.catalogue.topics if wanted in f"{t.name} {t.id} {t.about}".casefold()]
        return tuple(sorted(found, key=lambda topic: (not topic.name.casefold().startswith(wanted), topic.name)))

    def topic_called(self, typed: str) -> str:
        """Return the id of the topic somebody named by id or name (`*` and its name stand for every topic).

        Raise `Refusal` with the nearest name where there is no such topic.
        """
        wanted = typed.strip().casefold()
        if wanted in {EVERY_TOPIC, EVERY_TOPIC_NAME}:
            return EVERY_TOPIC
        ids = {name.casefold(): topic.id for topic in self.catalogue.topics for name in (topic.name, topic.id)}
        if wanted in ids:
            return ids[wanted]
        near = difflib.get_close_matches(wanted, ids, n=1, cutoff=0.5)
        hint = f"Did you mean **{plain(self.topic_name(ids[near[0]]))}**?" if near else "`/topics` lists them all."
        message = f"There is no topic “{plain(typed, 60)}”. {hint}"
        raise Refusal(message)
