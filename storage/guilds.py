"""What servers have settled, the topics they wrote, and what people have settled for themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from storage.guild_tables import guild_topics, guilds, people, shares, states
from storage.inserting import insert_unless_known
from storage.tables import WAITING, followup_topics, outbox, subscriptions
from watchers.audience import Guild, GuildTopic, GuildTopicWish, Person

_OWN_TOPICS = "own topics"


class SqlGuilds:
    """The tables `guilds`, `guild_topics` and `people`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def get(self, guild_id: int) -> Guild:
        """Return what a server has settled and written; what it has not settled is None in it."""
        return load_guilds(self._connection, [guild_id]).get(guild_id, Guild(guild_id))

    def put(self, guild: Guild) -> None:
        """Store what a server has settled."""
        values = {
            "zone": guild.zone,
            "language": guild.language,
            "digest_hour": guild.digest_hour,
            "notices_channel_id": guild.notices_channel_id,
            "rater_role_id": guild.rater_role_id,
            "settles_itself": guild.settles_itself,
        }
        self._connection.execute(insert_unless_known(self._connection, guilds, "id").values(id=guild.id, **values))
        self._connection.execute(update(guilds).where(guilds.c.id == guild.id).values(values))

    def wanting_notices(self, among: Collection[int] | None = None) -> Sequence[Guild]:
        """Return the servers that chose a channel for notices, of these or of all (None), by id."""
        chose = select(guilds.c.id).where(guilds.c.notices_channel_id.is_not(None))
        asked = chose if among is None else chose.where(guilds.c.id.in_(sorted(among)))
        found = load_guilds(self._connection, self._connection.scalars(asked))
        return [found[guild_id] for guild_id in sorted(found)]

    def all_topics(self, after: int) -> tuple[int, Sequence[GuildTopic]]:
        """Return every topic of every server where any changed since the state `after`, with the present state.

        Where none did, return the same state and nothing. The first state is 0.
        """
        state = self._connection.scalar(select(states.c.value).where(states.c.name == _OWN_TOPICS)) or 0
        if state == after:
            return state, ()
        every = select(guild_topics).order_by(guild_topics.c.id)
        return state, [_topic(row) for row in self._connection.execute(every)]

    def put_topic(self, wish: GuildTopicWish, number: int | None = None) -> GuildTopic:
        """Store a topic of a server, or replace its topic of this number, whose name may change.

        `number` of None means the topic of the same name, without regard to case, where there is one. No other topic
        of the server may have the name.
        """
        self._topics_changed()
        folded = wish.name.casefold()
        meant = guild_topics.c.folded == folded if number is None else guild_topics.c.id == number
        same = (guild_topics.c.guild_id == wish.guild_id, meant)
        row = {
            "guild_id": wish.guild_id,
            "name": wish.name,
            "folded": folded,
            "query": wish.query,
            "created_by": wish.created_by,
        }
        changed = update(guild_topics).where(*same).values(row).returning(*guild_topics.c)
        known = self._connection.execute(changed).one_or_none()
        stored = known or self._connection.execute(insert(guild_topics).values(row).returning(*guild_topics.c)).one()
        return _topic(stored)

    def delete_topic(self, guild_id: int, topic: str) -> GuildTopic | None:
        """Remove a topic with its subscriptions and their unsent alerts; return it, None where there is none."""
        known = next((one for one in self.get(guild_id).topics if one.id == topic), None)
        if known is None:
            return None
        self._topics_changed()
        on_it = (subscriptions.c.guild_id == guild_id, subscriptions.c.topic == topic)
        orders = select(subscriptions.c.id).where(*on_it)
        unsent = (outbox.c.subscription_id.in_(orders), outbox.c.state == WAITING, outbox.c.message_id.is_(None))
        self._connection.execute(delete(outbox).where(*unsent))
        self._connection.execute(delete(subscriptions).where(*on_it))
        self._connection.execute(delete(followup_topics).where(followup_topics.c.topic == topic))
        self._connection.execute(delete(shares).where(shares.c.topic == topic))
        self._connection.execute(delete(guild_topics).where(guild_topics.c.id == known.number))
        return known

    def person(self, user_id: int) -> Person:
        """Return what somebody has settled for themselves; what they have not is None in it."""
        row = self._connection.execute(select(people).where(people.c.id == user_id)).one_or_none()
        return Person(user_id) if row is None else Person(row.id, row.zone, row.language)

    def put_person(self, person: Person) -> None:
        """Store what somebody has settled for themselves."""
        values = {"zone": person.zone, "language": person.language}
        self._connection.execute(insert_unless_known(self._connection, people, "id").values(id=person.id, **values))
        self._connection.execute(update(people).where(people.c.id == person.id).values(values))

    def _topics_changed(self) -> None:
        once = insert_unless_known(self._connection, states, "name").values(name=_OWN_TOPICS, value=0)
        self._connection.execute(once)
        more = update(states).where(states.c.name == _OWN_TOPICS).values(value=states.c.value + 1)
        self._connection.execute(more)


def load_guilds(connection: Connection, ids: Iterable[int]) -> dict[int, Guild]:
    """Return what those servers have settled and written that have settled or written anything."""
    asked = sorted(set(ids))
    own: dict[int, list[GuildTopic]] = {}
    written = select(guild_topics).where(guild_topics.c.guild_id.in_(asked)).order_by(guild_topics.c.folded)
    for row in connection.execute(written):
        own.setdefault(row.guild_id, []).append(_topic(row))
    found = {guild_id: Guild(guild_id, topics=tuple(topics)) for guild_id, topics in own.items()}
    for row in connection.execute(select(guilds).where(guilds.c.id.in_(asked))):
        found[row.id] = Guild(
            id=row.id,
            zone=row.zone,
            language=row.language,
            digest_hour=row.digest_hour,
            notices_channel_id=row.notices_channel_id,
            rater_role_id=row.rater_role_id,
            settles_itself=row.settles_itself,
            topics=tuple(own.get(row.id, ())),
        )
    return found


def _topic(row: Row[Any]) -> GuildTopic:
    return GuildTopic(row.id, GuildTopicWish(row.guild_id, row.name, row.query, row.created_by))
