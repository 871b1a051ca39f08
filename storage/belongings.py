"""Whose is what: table by table, what belongs to a server, what to a person, and what to nobody.

A server owns what it settled, ordered, wrote, rated and was sent. A person owns their reminders, the messages to them
alone, their notes and watches, their zone, and what they called wrongly read. The news is nobody's: articles,
follow-ups and what is read out of them. That holds for a server's own feeds, too: their follow-ups belong to the feed,
and are kept, seen by nobody, when the last server lets go of it, as they are when it removes the feed by a command.
Another server that adds the feed then finds them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    cast,
    delete,
    func,
    literal,
    select,
    tuple_,
    update,
)

from storage.guild_feeds import SqlGuildFeeds
from storage.guild_tables import (
    changes,
    feedback,
    guild_topics,
    guilds,
    mutes,
    notes,
    people,
    ratings,
    shares,
    standings,
    states,
    watches,
)
from storage.guilds import SqlGuilds
from storage.interest_tables import interests
from storage.outcome_tables import answers, expectation_keys, expectations, joined, parted, suggestions
from storage.tables import (
    articles,
    baskets,
    feeds,
    followup_countries,
    followup_marks,
    followup_topics,
    followups,
    guild_feeds,
    hubs,
    outbox,
    outbox_followups,
    reminders,
    subscriptions,
    tellings,
)
from watchers.audience import OWN_TOPIC
from watchers.belongings import NOBODY

Path = Callable[[int], ColumnElement[bool]]
"""From a server's id to whether a row is the server's."""


class Leaving(Enum):
    """What becomes of a row when whoever it names is to be forgotten."""

    DELETED = auto()
    EMPTIED = auto()
    """The row stays; their id in it does not."""


@dataclass(frozen=True, slots=True)
class Owned:
    """How the rows of one table belong to servers and people."""

    table: Table
    guild: Path | None = None
    """None: no row is a server's."""
    guild_leaves: Leaving = Leaving.DELETED
    person: Column[int] | None = None
    """The column with the id of a person; None: there is none."""
    person_leaves: Leaving = Leaving.EMPTIED


def _is(column: Column[int]) -> Path:
    return lambda guild_id: column == guild_id


def _of_its_orders(column: Column[int]) -> Path:
    orders = select(subscriptions.c.id)
    return lambda guild_id: column.in_(orders.where(subscriptions.c.guild_id == guild_id))


def _of_its_messages(guild_id: int) -> ColumnElement[bool]:
    return outbox_followups.c.outbox_id.in_(select(outbox.c.id).where(outbox.c.guild_id == guild_id))


def _of_its_topics(guild_id: int) -> ColumnElement[bool]:
    written: Select[tuple[str]] = select(literal(OWN_TOPIC) + cast(guild_topics.c.id, Text))
    return followup_topics.c.topic.in_(written.where(guild_topics.c.guild_id == guild_id))


# In the order in which they go: what refers to others before them, what was settled for the whole server last. What
# would go along with its order or message (ON DELETE CASCADE) goes before it by itself, because it may be much.
OWNED = (
    Owned(baskets, _of_its_orders(baskets.c.subscription_id)),
    Owned(
        reminders,
        _of_its_orders(reminders.c.subscription_id),
        person=reminders.c.user_id,
        person_leaves=Leaving.DELETED,
    ),
    Owned(outbox_followups, _of_its_messages),
    Owned(outbox, _is(outbox.c.guild_id), person=outbox.c.user_id, person_leaves=Leaving.DELETED),
    Owned(subscriptions, _is(subscriptions.c.guild_id), person=subscriptions.c.created_by),
    # Goes along with its order, and never before it: an order that is there is found.
    Owned(interests, _of_its_orders(interests.c.subscription_id)),
    Owned(followup_topics, _of_its_topics),
    Owned(guild_topics, _is(guild_topics.c.guild_id), person=guild_topics.c.created_by),
    Owned(guild_feeds, _is(guild_feeds.c.guild_id), person=guild_feeds.c.added_by),
    Owned(shares, _is(shares.c.guild_id), person=shares.c.created_by),
    Owned(answers, _is(answers.c.guild_id), person=answers.c.user_id),
    Owned(standings, _is(standings.c.guild_id)),
    Owned(ratings, _is(ratings.c.guild_id), person=ratings.c.user_id),
    Owned(notes, _is(notes.c.guild_id), person=notes.c.user_id, person_leaves=Leaving.DELETED),
    Owned(mutes, _is(mutes.c.guild_id), person=mutes.c.user_id),
    Owned(watches, _is(watches.c.guild_id), person=watches.c.user_id, person_leaves=Leaving.DELETED),
    # What is wrong with a reading stays wrong, and what was parted stays two, wherever somebody said so.
    Owned(feedback, _is(feedback.c.guild_id), Leaving.EMPTIED, feedback.c.user_id, Leaving.DELETED),
    Owned(parted, _is(parted.c.guild_id), Leaving.EMPTIED, parted.c.user_id),
    Owned(changes, _is(changes.c.guild_id), person=changes.c.user_id),
    Owned(people, person=people.c.id, person_leaves=Leaving.DELETED),
    Owned(guilds, _is(guilds.c.id)),
)

NOBODYS = (
    feeds,
    articles,
    hubs,
    followups,
    tellings,
    followup_countries,
    followup_marks,
    suggestions,
    expectations,
    expectation_keys,
    joined,
    states,
)
"""What belongs to no server and no person."""


class SqlBelongings:
    """All that is stored of one server, and all that is stored of one person."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def delete_guild(self, guild_id: int, limit: int) -> Mapping[str, int]:
        """Delete up to `limit` rows of what a server owns; return how many went from which table, without the zeros.

        Nothing returned says that nothing is left (`watchers.belongings.Belongings.delete_guild`).
        """
        gone: Counter[str] = Counter()
        for owned in OWNED:
            left = limit - gone.total()
            if owned.guild is None or left <= 0:
                continue
            if count := self._take_from_guild(owned, owned.guild, guild_id, left):
                gone[owned.table.name] += count
        return dict(gone)

    def _take_from_guild(self, owned: Owned, path: Path, guild_id: int, limit: int) -> int:
        if owned.table is guild_feeds:
            held = [one.feed.id for one in SqlGuildFeeds(self._connection).of(guild_id)[:limit]]
            return sum(SqlGuildFeeds(self._connection).remove(guild_id, feed_id) for feed_id in held)
        if owned.table is guild_topics:
            written = SqlGuilds(self._connection).get(guild_id).topics[:limit]
            return sum(SqlGuilds(self._connection).delete_topic(guild_id, one.id) is not None for one in written)
        key = tuple_(*owned.table.primary_key)
        some = key.in_(select(*owned.table.primary_key).where(path(guild_id)).limit(limit))
        if owned.guild_leaves is Leaving.DELETED:
            return self._connection.execute(delete(owned.table).where(some)).rowcount
        column = owned.table.c.guild_id
        nobody = {column.name: None if column.nullable else NOBODY}
        return self._connection.execute(update(owned.table).where(some).values(nobody)).rowcount

    def of_person(self, user_id: int) -> Mapping[str, int]:
        """Count the rows that hold a person's id, by table, without the zeros."""
        found = {
            owned.table.name: self._connection.scalar(
                select(func.count()).select_from(owned.table).where(owned.person == user_id)
            )
            for owned in OWNED
            if owned.person is not None
        }
        return {name: count for name, count in found.items() if count}

    def forget_person(self, user_id: int) -> Mapping[str, int]:
        """Delete what is a person's own, and put `NOBODY` where they acted for a server; return the rows by table."""
        gone: dict[str, int] = {}
        for owned in OWNED:
            if owned.person is None:
                continue
            theirs = owned.person == user_id
            change = (
                delete(owned.table).where(theirs)
                if owned.person_leaves is Leaving.DELETED
                else update(owned.table).where(theirs).values({owned.person.name: NOBODY})
            )
            if count := self._connection.execute(change).rowcount:
                gone[owned.table.name] = count
        return gone
