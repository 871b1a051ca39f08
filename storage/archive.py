"""All that a server owns, out of one database and into another.

Follow-ups have other numbers there, so what was said of them (ratings, notes, mutes, watches) goes with their words,
days and an article's address, and finds them again by these. Secret addresses are made anew: the old ones are known to
the old database. What was posted, what waits to be posted and personal reminders stay where they are.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, insert, select

from storage.archive_form import FORMAT, VERSION, Spot, order_as_json, order_of, outlet_name
from storage.guild_tables import mutes, notes, ratings, watches
from storage.seeing import feeds_of, seen_with
from storage.tables import followups, tellings
from storage.unit_of_work import SqlUnitOfWork
from watchers.audience import Guild, GuildTopicWish, Share
from watchers.deadline_watcher import put_subscription
from watchers.feed_memory import MOST_GUILD_FEEDS
from watchers.feed_model import GuildFeedWish
from watchers.feeds.safety import clean_link, refusal
from watchers.matcher.queries import LONGEST_QUERY, QueryError
from watchers.own_feeds import add_own_feed
from watchers.own_topics import put_own_topic
from watchers.rating import Outcome

_MOST_TOPICS, _MOST_ORDERS, _MOST_SAID, _MOST_OF_ONE = 25, 1_000, 100_000, 1_000
_LONGEST_URL, _LONGEST_QUOTE, _LONGEST_NOTE = 500, 20_000, 2_000
_TOKEN_BYTES = 32
_WHOLE = ("format", "version", "server", "settings", "topics", "orders", "feeds", "shares", "said")
_SETTINGS = ("zone", "language", "digest_hour", "notices_channel", "rater_role", "settles_itself")
_SAID = ("quote", "said_on", "due_start", "due_end", "url", "ratings", "notes", "muted_by", "watched_by")
_RATING = ("by", "outcome", "due_start", "due_end", "happened_on", "rated_at", "undone_at")


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What came of an import."""

    guild_id: int
    counts: Mapping[str, int]
    """How many of what the file holds are stored now, new or known."""
    left: Mapping[str, Any] | None
    """A document with what is said of follow-ups that were not found; None: all were."""


def give_out(work: SqlUnitOfWork, guild_id: int) -> dict[str, Any]:
    """Return all that a server owns, to be written as JSON; instants are in UTC, ids are text."""
    guild = work.guilds.get(guild_id)
    own = {topic.id: topic.wish.name for topic in guild.topics}
    held = [(one.added_by, one.feed) for one in work.guild_feeds.of(guild_id)]
    return {
        **_head(guild_id),
        "settings": {
            "zone": guild.zone,
            "language": guild.language,
            "digest_hour": guild.digest_hour,
            "notices_channel": _id(guild.notices_channel_id),
            "rater_role": _id(guild.rater_role_id),
            "settles_itself": guild.settles_itself,
        },
        "topics": [
            {"name": one.wish.name, "query": one.wish.query, "created_by": str(one.wish.created_by)}
            for one in guild.topics
        ],
        "orders": [order_as_json(one.wish, own) for one in work.subscriptions.of_guild(guild_id)],
        "feeds": [
            {
                "url": feed.url,
                "name": feed.outlet,
                "language": feed.language,
                "zone": feed.time_zone,
                "full_text": feed.full_text,
                "added_by": str(added_by),
            }
            for added_by, feed in held
        ],
        "shares": [
            {
                "topic": None if one.topic in own else one.topic,
                "own_topic": own.get(one.topic),
                "by": str(one.created_by),
            }
            for one in work.shares.of_guild(guild_id)
        ],
        "said": _said(work.connection, guild_id),
    }


def _head(guild_id: int) -> dict[str, Any]:
    return {"format": FORMAT, "version": VERSION, "server": str(guild_id)}


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _said(connection: Connection, guild_id: int) -> list[dict[str, Any]]:
    """Return what a server said of follow-ups, by number."""
    found: dict[int, dict[str, Any]] = {}
    for table in (ratings, notes, mutes, watches):
        there = select(table).where(table.c.guild_id == guild_id).order_by(*table.primary_key)
        for row in connection.execute(there):
            nothing: dict[str, Any] = {"ratings": [], "notes": [], "muted_by": None, "watched_by": []}
            said = found.setdefault(row.followup_id, nothing)
            if table is ratings:
                moments = {"rated_at": _iso(row.rated_at), "undone_at": _iso(row.undone_at)}
                days = {name: _iso(getattr(row, name)) for name in ("due_start", "due_end", "happened_on")}
                said["ratings"].append({"by": str(row.user_id), "outcome": row.outcome, **days, **moments})
            elif table is notes:
                said["notes"].append({"by": str(row.user_id), "text": row.text, "at": _iso(row.written_at)})
            elif table is mutes:
                said["muted_by"] = str(row.user_id)
            else:
                said["watched_by"].append(str(row.user_id))
    for number in found:
        about = connection.execute(select(followups).where(followups.c.id == number)).one()
        first = select(tellings.c.url).where(tellings.c.followup_id == number, tellings.c.url.is_not(None))
        found[number] |= {
            "quote": about.quote,
            "said_on": _iso(about.said_on),
            "due_start": _iso(about.due_start),
            "due_end": _iso(about.due_end),
            "url": connection.scalar(first.order_by(tellings.c.id).limit(1)),
        }
    return [found[number] for number in sorted(found)]


def bring_in(work: SqlUnitOfWork, document: Spot, now: datetime, guild_id: int | None = None) -> BroughtIn:
    """Store what such a document holds, for its server or for another one (`guild_id`), inside this transaction.

    Doing it again changes nothing. Raise `ArchiveError` with the place in the document that cannot be stored: the
    caller then rolls everything back.
    """
    whole = document.fields(*_WHOLE)
    if whole["format"].value != FORMAT or whole["version"].value != VERSION:
        whole["version"].refuse(f"{VERSION}, of the format {FORMAT!r}")
    target = guild_id or whole["server"].id()
    if whole["settings"].value is not None:
        work.guilds.put(_settings_of(whole["settings"], target))
    for each in whole["feeds"].each(MOST_GUILD_FEEDS):
        _bring_feed(work, each, target, now)
    for each in whole["topics"].each(_MOST_TOPICS):
        _bring_topic(work, each, target, now)
    names = {topic.wish.name.casefold(): topic.id for topic in work.guilds.get(target).topics}
    for each in whole["orders"].each(_MOST_ORDERS):
        _bring_order(work, each, target, names, now)
    for each in whole["shares"].each(_MOST_TOPICS * 4):
        found = each.fields("topic", "own_topic", "by")
        topic = found["topic"].or_none(lambda one: one.text(100)) or _own(found["own_topic"], names)
        work.shares.open(Share(secrets.token_urlsafe(_TOKEN_BYTES), target, topic, found["by"].id(-1)), now)
    left = [each.value for each in whole["said"].each(_MOST_SAID) if not _bring_said(work, each, target)]
    counts = {name: len(whole[name].each(_MOST_SAID)) for name in ("topics", "orders", "feeds", "shares")}
    counts["said"] = len(whole["said"].each(_MOST_SAID)) - len(left)
    empty = dict.fromkeys(("topics", "orders", "feeds", "shares"), ())
    return BroughtIn(target, counts, {**_head(target), "settings": None, **empty, "said": left} if left else None)


def _settings_of(place: Spot, guild_id: int) -> Guild:
    found = place.fields(*_SETTINGS)
    zone = found["zone"].or_none(Spot.zone)
    return Guild(
        guild_id,
        zone=zone.key if zone else None,
        language=found["language"].or_none(Spot.language),
        digest_hour=found["digest_hour"].or_none(lambda one: one.number(0, 23)),
        notices_channel_id=found["notices_channel"].or_none(Spot.id),
        rater_role_id=found["rater_role"].or_none(Spot.id),
        settles_itself=found["settles_itself"].yes(),
    )


def _bring_feed(work: SqlUnitOfWork, place: Spot, guild_id: int, now: datetime) -> None:
    found = place.fields("url", "name", "language", "zone", "full_text", "added_by")
    url = found["url"].text(_LONGEST_URL)
    why = "it is written in a way that no link is" if clean_link(url) != url else refusal(url)
    if why is not None:
        found["url"].refuse(f"the address of a feed on the public web ({why})")
    wish = GuildFeedWish(
        guild_id=guild_id,
        url=url,
        outlet=outlet_name(found["name"]),
        language=found["language"].language(),
        time_zone=found["zone"].zone().key,
        full_text=found["full_text"].yes(),
        added_by=found["added_by"].id(-1),
    )
    if url in {feed.url for feed in work.guild_feeds.visible(guild_id)}:
        return
    if work.guild_feeds.count(guild_id) >= MOST_GUILD_FEEDS:
        place.refuse(f"no more: a server has at most {MOST_GUILD_FEEDS} feeds of its own")
    add_own_feed(work, wish, now)


def _bring_topic(work: SqlUnitOfWork, place: Spot, guild_id: int, now: datetime) -> None:
    found = place.fields("name", "query", "created_by")
    wish = GuildTopicWish(
        guild_id, found["name"].text(60), found["query"].text(LONGEST_QUERY), found["created_by"].id(-1)
    )
    there = {topic.wish.name.casefold(): topic.wish for topic in work.guilds.get(guild_id).topics}
    if there.get(wish.name.casefold()) == wish:
        return
    if wish.name.casefold() not in there and len(there) >= _MOST_TOPICS:
        place.refuse(f"no more: a server has at most {_MOST_TOPICS} topics of its own")
    try:
        put_own_topic(work, wish, now)
    except QueryError as error:
        found["query"].refuse(f"a query that can be read ({error})")


def _own(place: Spot, names: Mapping[str, str]) -> str:
    """Return the id of a topic of the server's own by its name."""
    topic = names.get(place.text(60).casefold())
    if topic is None:
        place.refuse("the name of one of the topics of the server")
    return topic


def _bring_order(work: SqlUnitOfWork, place: Spot, guild_id: int, names: Mapping[str, str], now: datetime) -> None:
    wish, own = order_of(place, guild_id)
    if own is not None:
        wish = replace(wish, topic=_own(Spot(own, "own_topic"), names))
    there = work.subscriptions.of_channel(wish.channel_id)
    if any(one.wish.guild_id != guild_id for one in there):
        place.refuse("an order for a channel of the server: another server has orders for it")
    if all(one.wish != wish for one in there):
        put_subscription(work, wish, now)


def _bring_said(work: SqlUnitOfWork, place: Spot, guild_id: int) -> bool:
    """Store what is said of one follow-up; return False where the follow-up is not there."""
    found = place.fields(*_SAID)
    rated = [_rating_of(one) for one in found["ratings"].each(_MOST_OF_ONE)]
    written = [_note_of(one) for one in found["notes"].each(_MOST_OF_ONE)]
    muted_by = found["muted_by"].or_none(lambda one: one.id(-1))
    watched_by = [one.id() for one in found["watched_by"].each(_MOST_OF_ONE)]
    number = _number_of(work.connection, found, guild_id)
    if number is None:
        return False
    of_it = {"guild_id": guild_id, "followup_id": number}
    new = sum(_once(work.connection, ratings, of_it | row) for row in rated)
    for row in written:
        _once(work.connection, notes, of_it | row)
    if muted_by is not None:
        work.cases.mute(guild_id, number, muted_by)
    for user_id in watched_by:
        work.cases.watch(guild_id, number, user_id, wanted=True)
    if new:
        work.cases.stand(guild_id, number)
    return True


def _rating_of(place: Spot) -> dict[str, Any]:
    found = place.fields(*_RATING)
    days = {name: found[name].or_none(Spot.day) for name in ("due_start", "due_end", "happened_on")}
    first, last = days["due_start"], days["due_end"]
    if (first is None) != (last is None) or (first is not None and last is not None and first > last):
        place.refuse("a rating with the first and the last of its days, or none")
    moments = {"rated_at": found["rated_at"].instant(), "undone_at": found["undone_at"].or_none(Spot.instant)}
    return {"user_id": found["by"].id(-1), "outcome": found["outcome"].one_of(Outcome).value, **days, **moments}


def _note_of(place: Spot) -> dict[str, Any]:
    found = place.fields("by", "text", "at")
    return {
        "user_id": found["by"].id(-1),
        "text": found["text"].text(_LONGEST_NOTE),
        "written_at": found["at"].instant(),
    }


def _number_of(connection: Connection, found: Mapping[str, Spot], guild_id: int) -> int | None:
    """Return the number that a follow-up has here, of those that the server sees; None: it is not there."""
    quote, url = found["quote"].text(_LONGEST_QUOTE), found["url"].or_none(lambda one: one.text(_LONGEST_QUOTE))
    said_on = found["said_on"].day()
    due = tuple(found[name].or_none(Spot.day) for name in ("due_start", "due_end"))
    seen = seen_with(followups.c.feed_id, feeds_of(connection, guild_id))
    same = select(followups).where(followups.c.said_on == said_on, followups.c.quote == quote, seen)
    alike = [row for row in connection.execute(same.order_by(followups.c.id)) if (row.due_start, row.due_end) == due]
    numbers = [row.id for row in alike]
    there = select(tellings.c.followup_id).where(tellings.c.followup_id.in_(numbers), tellings.c.url == url)
    told = connection.scalars(there.order_by(tellings.c.followup_id).limit(1)).first() if len(numbers) > 1 else None
    return told or next(iter(numbers), None)


def _once(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Store a row unless there is one that says the same; return whether it is new."""
    same: list[ColumnElement[bool]] = [table.c[name] == value for name, value in row.items() if value is not None]
    same += [table.c[name].is_(None) for name, value in row.items() if value is None]
    if connection.execute(select(table.c.id).where(*same)).first() is not None:
        return False
    connection.execute(insert(table).values(row))
    return True
