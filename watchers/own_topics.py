"""Topics that servers write: tried on what was read of late, and put to work on it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from watchers.audience import GuildTopic, GuildTopicWish
from watchers.audit import Change
from watchers.deadline_watcher import end_subscription, replan
from watchers.matcher.queries import Node, QueryError, QueryIndex, parse
from watchers.model import Told
from watchers.ports import Store, UnitOfWork
from watchers.reading import Reading, passage_told

LATELY = timedelta(days=7)
"""How far back is looked."""
MOST_TOLD = 500
"""Statements looked at, the newest."""

_log = logging.getLogger(__name__)


class OwnTopics:
    """The topics that servers wrote, as the news is asked of them."""

    def __init__(self) -> None:
        """Know none before the first `learn`."""
        self._index = QueryIndex({})
        self._state = 0

    async def learn(self, store: Store) -> None:
        """Take note of the topics that were written or changed since the last time."""
        known = self._state
        self._state, topics = await store.look(lambda work: work.guilds.all_topics(known))
        if self._state != known:
            self._index = own_index(topics)

    def added_to(self, reading: Reading) -> Reading:
        """Return what was read with the topics that servers wrote beside the catalogue's."""
        findings = tuple(
            replace(finding, topics=(*finding.topics, *self._index.holding(finding.passage)))
            for finding in reading.findings
        )
        return replace(reading, findings=findings)


def own_index(topics: Iterable[GuildTopic]) -> QueryIndex:
    """Return the topics that servers wrote, ready to be asked; one that can no longer be read is left out."""
    queries: dict[str, Node] = {}
    for topic in topics:
        try:
            queries[topic.id] = parse(topic.wish.query)
        except QueryError as error:
            facts = {"topic": topic.id, "guild": topic.wish.guild_id, "reason": str(error)}
            _log.warning("a server's own topic is not read", extra=facts)
    return QueryIndex(queries)


def told_lately(work: UnitOfWork, guild_id: int, now: datetime) -> tuple[Told, ...]:
    """Return the statements that a server's query is tried on, the newest first."""
    return tuple(work.articles.told_since(guild_id, now - LATELY, MOST_TOLD))


def fitting(query: Node, told: Iterable[Told]) -> tuple[int, ...]:
    """Return the follow-ups of which any of these tellings fits a query, in the order of the tellings, each once."""
    index = QueryIndex({"": query})  # it looks at words before it looks for phrases
    return tuple(dict.fromkeys(one.followup_id for one in told if index.holding(passage_told(one))))


def put_own_topic(
    work: UnitOfWork, wish: GuildTopicWish, now: datetime, number: int | None = None
) -> tuple[GuildTopic, int]:
    """Store or replace a topic of a server (see `Guilds.put_topic`); return it with how many follow-ups fit it.

    Those told of late that fit come under it, those that no longer fit leave it; what is older stays where it was.
    Reminders of orders on it are planned anew. Raise `QueryError` where the query cannot be read.
    """
    query = parse(wish.query)
    known = {one.id for one in work.guilds.get(wish.guild_id).topics}
    topic = work.guilds.put_topic(wish, number)
    what = Change.TOPIC_CHANGED if topic.id in known else Change.TOPIC_WRITTEN
    facts = {"name": topic.wish.name, "query": topic.wish.query}
    work.changes.note(wish.guild_id, wish.created_by, what, facts, now)
    told = told_lately(work, wish.guild_id, now)
    fits = fitting(query, told)
    work.followups.refile(topic.id, into=fits, out_of={one.followup_id for one in told} - set(fits))
    if any(order.wish.topic == topic.id for order in work.subscriptions.of_guild(wish.guild_id)):
        for followup_id in sorted({one.followup_id for one in told}):
            followup = work.followups.get(followup_id)
            if followup is not None:
                replan(work, followup, now, guild_id=wish.guild_id)
    return topic, len(fits)


def end_own_topic(work: UnitOfWork, guild_id: int, topic: str, now: datetime, *, by: int) -> GuildTopic | None:
    """Remove a topic of a server with its orders and their reminders; return it, or None where there is none.

    What other orders of their channels want as well is reminded of by those from now on.
    """
    if topic not in {own.id for own in work.guilds.get(guild_id).topics}:
        return None
    for order in work.subscriptions.of_guild(guild_id):
        if order.wish.topic == topic:
            end_subscription(work, guild_id, order.id, by=by, now=now)
    gone = work.guilds.delete_topic(guild_id, topic)
    if gone is not None:
        work.changes.note(guild_id, by, Change.TOPIC_DELETED, {"name": gone.wish.name}, now)
    return gone
