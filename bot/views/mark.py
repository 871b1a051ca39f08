"""The mark that each alert's message carries, by which it is found again in a channel's history. Pure.

It is the `id` of the message's outermost box. Of all that a message can carry, this is what surely comes back: Discord
takes one on every component, keeps it through edits, and its OpenAPI document requires it of each component in an
answer. A `custom_id` is not to be had, for notices have no buttons and a person who answers a reminder takes them away;
the nonce of a message is not said to be kept. Components are left out of what bots without the message content intent
are given, but never out of their own messages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from discord import ui

_BIT = 1 << 30
"""Set in every mark: so none is 0, which Discord replaces, or among the small numbers it gives out by itself."""


def mark_of(key: str) -> int:
    """Return the mark of an alert: the first 31 bits of its key's SHA-256, the highest of them set.

    Of the few hundred messages that are ever looked through, one bears another's mark once in millions of searches.
    """
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) >> 1 | _BIT


def put_mark(view: ui.LayoutView, key: str) -> ui.LayoutView:
    """Put the mark of an alert on its message; return the message."""
    box = next(item for item in view.children if isinstance(item, ui.Container))
    box.id = mark_of(key)
    return view


def bears(message: Mapping[str, Any], mark: int) -> bool:
    """Whether a message, as Discord returned it, carries a mark."""
    return any(component.get("id") == mark for component in message["components"])
