"""What the Discord on loopback is made of: its bot, server, channels, threads and messages, as Discord words them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TOKEN = "bG9vcGJhY2s.invented.token"
APPLICATION_ID = 1001
GUILD_ID = 2001
CHANNEL_ID = 3001
FORUM_ID = 3002
FAR_GUILD_ID = GUILD_ID + (1 << 22)
"""Of two shards, the other one serves it."""
FAR_CHANNEL_ID = 3003
CHANNELS = {GUILD_ID: (CHANNEL_ID, FORUM_ID), FAR_GUILD_ID: (FAR_CHANNEL_ID,)}
"""The channels of each server."""
LONG_AGO = "2026-01-01T00:00:00+00:00"

Json = dict[str, Any]

BOT_USER: Json = {
    "id": str(APPLICATION_ID),
    "username": "aide-memoire",
    "discriminator": "0000",
    "global_name": None,
    "avatar": None,
    "bot": True,
    "flags": 0,
}


def with_ids(components: list[Json]) -> list[Json]:
    """Return components as Discord gives them back: each with an id, those without one numbered from 1."""
    taken = {one["id"] for one in _walk(components) if one.get("id")}
    free = (number for number in range(1, 100) if number not in taken)
    return [_with_id(one, free) for one in components]


def _with_id(component: Json, free: Iterator[int]) -> Json:
    numbered = {**component, "id": component.get("id") or next(free)}
    if "components" in component:
        numbered["components"] = [_with_id(one, free) for one in component["components"]]
    if "accessory" in component:
        numbered["accessory"] = _with_id(component["accessory"], free)
    return numbered


def _walk(components: list[Json]) -> Iterator[Json]:
    for one in components:
        yield one
        yield from _walk(one.get("components", []))


def repeats_an_id(components: list[Json]) -> bool:
    """Whether two components of a message have one id, which Discord refuses."""
    ids = [one["id"] for one in _walk(components) if one.get("id")]
    return len(ids) != len(set(ids))


def a_message(message_id: int, channel_id: int, stamp: str, body: Json) -> Json:
    """Return a message of the bot as it was posted with `body`; its nonce is not kept."""
    return {
        "id": str(message_id),
        "channel_id": str(channel_id),
        "author": BOT_USER,
        "content": "",
        "timestamp": stamp,
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
        "components": [],
        "flags": 0,
        **content_of(body),
    }


def content_of(body: Json) -> Json:
    """Return what a message takes over from the request that posts or edits it."""
    kept: Json = {"content": "", "components": [], "embeds": [], "flags": 0}
    taken = {key: body[key] or empty for key, empty in kept.items() if key in body}
    return {**taken, "components": with_ids(taken["components"])} if "components" in taken else taken


def a_thread(thread_id: int, parent_id: int, name: str, stamp: str) -> Json:
    """Return a thread, or a post of a forum, that the bot has just opened."""
    return {
        "id": str(thread_id),
        "type": 11,
        "guild_id": str(GUILD_ID),
        "parent_id": str(parent_id),
        "owner_id": str(APPLICATION_ID),
        "name": name,
        "flags": 0,
        "message_count": 1,
        "member_count": 1,
        "total_message_sent": 1,
        "rate_limit_per_user": 0,
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": stamp,
            "locked": False,
        },
    }


def an_application() -> Json:
    return {
        "id": str(APPLICATION_ID),
        "name": "aide-memoire",
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": BOT_USER,
        "flags": 0,
        "summary": "",
        "install_params": None,
    }


def a_channel(channel_id: int) -> Json:
    return {
        "id": str(channel_id),
        "type": 15 if channel_id == FORUM_ID else 0,
        "name": "news",
        "position": 0,
        "permission_overwrites": [],
        "guild_id": str(FAR_GUILD_ID if channel_id == FAR_CHANNEL_ID else GUILD_ID),
    }


def a_guild(guild_id: int = GUILD_ID) -> Json:
    everyone = {
        "id": str(guild_id),
        "name": "@everyone",
        "color": 0,
        "colors": {"primary_color": 0},
        "hoist": False,
        "position": 0,
        "permissions": "8",
        "managed": False,
        "mentionable": False,
    }
    me = {"user": BOT_USER, "roles": [], "joined_at": LONG_AGO, "deaf": False, "mute": False, "flags": 0}
    return {
        "id": str(guild_id),
        "name": "Diplomacy desk",
        "owner_id": "9",
        "icon": None,
        "splash": None,
        "region": "x",
        "afk_channel_id": None,
        "afk_timeout": 0,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "roles": [everyone],
        "emojis": [],
        "features": [],
        "mfa_level": 0,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "joined_at": LONG_AGO,
        "large": False,
        "unavailable": False,
        "member_count": 1,
        "voice_states": [],
        "members": [me],
        "channels": [a_channel(channel_id) for channel_id in CHANNELS[guild_id]],
        "threads": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "nsfw_level": 0,
        "stickers": [],
        "premium_progress_bar_enabled": False,
        "description": None,
        "banner": None,
        "vanity_url_code": None,
        "public_updates_channel_id": None,
    }
