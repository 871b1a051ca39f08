"""Puts a view in the place of one that Discord shows already."""

from __future__ import annotations

import discord
from discord import ui
from discord.http import Route

from bot.rest import ANSWER_WITHIN


async def edit_message(
    client: discord.Client, channel_id: int, message_id: int, view: ui.LayoutView, mentions: discord.AllowedMentions
) -> None:
    """Let a message of ours show `view`; raise what discord.py raises."""
    route = Route("PATCH", "/channels/{channel_id}/messages/{message_id}", channel_id=channel_id, message_id=message_id)
    await _patch(client, route, view, allowed_mentions=mentions.to_dict())


async def edit_answer(interaction: discord.Interaction, view: ui.LayoutView) -> None:
    """Let the message whose button was pressed show `view`, naming nobody; the interaction must have been deferred."""
    route = Route(
        "PATCH",
        "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
        webhook_id=interaction.application_id,
        webhook_token=interaction.token,
    )
    await _patch(interaction.client, route, view, allowed_mentions=discord.AllowedMentions.none().to_dict())


async def _patch(client: discord.Client, route: Route, view: ui.LayoutView, **body: object) -> None:
    """Send an edit; discord.py's own edits add a `tts`, which Discord's OpenAPI document does not know there."""
    components = view.to_components()  # type: ignore[no-untyped-call]  # discord.py gives it no types
    await client.http.request(route, json={"components": components, **body}, timeout=ANSWER_WITHIN)
