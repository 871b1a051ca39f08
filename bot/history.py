"""Looks for an alert that may stand in Discord without our knowing: by its mark, in what was posted since.

A nonce keeps Discord from posting the same message twice for a few minutes only, and posts of forums not at all. After
that, only what stands there tells. Everything is raw, for the client has seen none of it.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import discord
from discord.http import Route
from discord.utils import parse_time, time_snowflake

from bot.rest import asked
from bot.views.mark import bears
from watchers.audience import Posted
from watchers.ports import SendForbiddenError

log = logging.getLogger(__name__)

CLOCKS_DIFFER_BY = timedelta(minutes=90)
"""How much later than Discord's our own clock may have been when an alert became uncertain: it may have leapt."""
_AT_ONCE = timedelta(minutes=1)
_PAGE = 100
"""Messages or threads in one answer (Discord's most)."""
_PAGES = 5
"""Answers read from either end, so that a busy channel holds nobody up."""
_MOST_POSTS = 20
"""Posts of a forum that are looked through, the likeliest first."""


async def find_message(client: discord.Client, channel_id: int, mark: int, since: datetime) -> Posted | None:
    """Return our own message in a channel or thread that bears `mark`, None where there is none.

    It was posted at `since` or later. The newest are read first. In a busy channel, where not all can be read, those
    around `since` are read besides. Where we may not read a channel's history, Discord shows us an empty one.
    """
    seen_from: int | None = None
    async for page in _pages_back(client, channel_id, time_snowflake(since - CLOCKS_DIFFER_BY)):
        if found := _ours(client, page, mark):
            return Posted(channel_id, found)
        seen_from = min(int(message["id"]) for message in page)
    if seen_from is None:
        return None
    after = time_snowflake(since - _AT_ONCE)
    for _ in range(_PAGES):
        if after >= seen_from:
            return None
        page = await _page(client, channel_id, after=after)
        if found := _ours(client, page, mark):
            return Posted(channel_id, found)
        after = max((int(message["id"]) for message in page), default=seen_from)
    log.warning("channel %d is too busy to be looked through since %s", channel_id, since)
    return None


async def _pages_back(client: discord.Client, channel_id: int, floor: int) -> AsyncIterator[list[Any]]:
    """Give what a channel holds page by page, from the newest message back to the id `floor`."""
    before: int | None = None
    for _ in range(_PAGES):
        page = await _page(client, channel_id, before=before)
        if not page:
            return
        yield page
        before = min(int(message["id"]) for message in page)
        if len(page) < _PAGE or before < floor:
            return


async def _page(client: discord.Client, channel_id: int, **bound: int | None) -> list[Any]:
    """Return up to a hundred messages, the newest first: the last ones, those `before`, or the first ones `after`."""
    route = Route("GET", "/channels/{channel_id}/messages", channel_id=channel_id)
    params = {"limit": _PAGE, **{name: number for name, number in bound.items() if number is not None}}
    page: list[Any] = await asked(client, route, params=params)
    return page


def _ours(client: discord.Client, page: list[Any], mark: int) -> int | None:
    """Return the id of our message on a page that bears a mark."""
    return next((int(one["id"]) for one in page if one["author"]["id"] == _own_id(client) and bears(one, mark)), None)


async def find_post(
    client: discord.Client, guild_id: int, forum_id: int, mark: int, since: datetime, *, ending: str
) -> Posted | None:
    """Return the message of our own that bears `mark` in a post of a forum, None where there is none.

    The post was opened at `since` or later, and may be archived. Those whose name has this ending are looked at first;
    where we may not read them, the name alone tells.
    """
    begun = since - CLOCKS_DIFFER_BY
    awake = await asked(client, Route("GET", "/guilds/{guild_id}/threads/active", guild_id=guild_id))
    threads, readable = awake["threads"], True
    try:
        threads += [one async for one in _archived(client, forum_id, begun)]
    except SendForbiddenError as error:
        log.warning("what stands in the posts of forum %d may not be read: %s", forum_id, error)
        readable = False
    own, floor = _own_id(client), time_snowflake(begun)
    posts = [one for one in threads if (one["parent_id"], one["owner_id"]) == (str(forum_id), own)]
    posts = [one for one in posts if int(one["id"]) >= floor]
    posts.sort(key=lambda post: (not post["name"].endswith(ending), -int(post["id"])))
    for post in posts[:_MOST_POSTS]:
        number = int(post["id"])
        if not readable and post["name"].endswith(ending):
            return Posted(number, number)  # a post has the id of its first message
        if readable and (found := await find_message(client, number, mark, since)):
            return found
    return None


async def _archived(client: discord.Client, forum_id: int, since: datetime) -> AsyncIterator[dict[str, Any]]:
    """Give the posts of a forum that were archived after `since`, which takes the permission to read its history."""
    route = Route("GET", "/channels/{channel_id}/threads/archived/public", channel_id=forum_id)
    params: dict[str, str | int] = {"limit": _PAGE}
    for _ in range(_PAGES):
        answer = await asked(client, route, params=params)
        for one in answer["threads"]:
            yield one
        archived = [one["thread_metadata"]["archive_timestamp"] for one in answer["threads"]]
        if not answer["has_more"] or not archived or parse_time(archived[-1]) < since:
            return
        params["before"] = archived[-1]


def _own_id(client: discord.Client) -> str:
    return str(client.user.id) if client.user else ""
