"""What the bot must be allowed to do, each permission with its reason, and the links that ask for no more. Pure."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from bot.words import marked


class Feature(StrEnum):
    """What a server may want of the bot; alerts everybody wants."""

    ALERTS = "alerts"
    FILES = "files"
    HISTORY = "history"
    THREADS = "threads"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Need:
    """One permission."""

    bit: int
    """Its place among Discord's permissions."""
    name: str
    """As the settings of a channel call it."""
    feature: Feature
    reason: str
    """In English, for the command line."""


NEEDS = (
    Need(1 << 10, marked("View Channel"), Feature.ALERTS, "to see the channel it posts in"),
    Need(1 << 11, marked("Send Messages"), Feature.ALERTS, "to post alerts, reminders and digests"),
    Need(1 << 14, marked("Embed Links"), Feature.ALERTS, "to link each alert to the articles it comes from"),
    Need(1 << 15, marked("Attach Files"), Feature.FILES, "to show timelines and hand out calendars and exports"),
    Need(1 << 16, marked("Read Message History"), Feature.HISTORY, "to look whether an alert came through before"),
    Need(1 << 35, marked("Create Public Threads"), Feature.THREADS, "to open a thread for each follow-up"),
    Need(1 << 38, marked("Send Messages in Threads"), Feature.THREADS, "to post reminders in those threads"),
    Need(1 << 44, marked("Create Events"), Feature.EVENTS, "to add a follow-up to the server's events"),
)
"""Every permission the bot ever uses. Alerts need theirs in each channel; the others only where they are wanted.

To ping a role it asks for none: a role that anyone may mention can be pinged without.
"""

_AUTHORIZE = "https://discord.com/oauth2/authorize"
_FOR_A_PERSON = "1"


def wanted(without: Collection[Feature] = ()) -> tuple[Need, ...]:
    """Return the permissions that are needed where some features are not wanted; alerts always are."""
    return tuple(need for need in NEEDS if need.feature is Feature.ALERTS or need.feature not in without)


def missing(held: int, features: Collection[Feature] = (Feature.ALERTS,)) -> tuple[Need, ...]:
    """Return what these features need beyond the permissions `held` (the number in which Discord packs them)."""
    return tuple(need for need in NEEDS if need.feature in features and not held & need.bit)


def server_link(application_id: int, without: Collection[Feature] = ()) -> str:
    """Return the address under which somebody adds the bot to a server, with the least permissions."""
    permissions = sum(need.bit for need in wanted(without))
    return _link(application_id, scope="bot applications.commands", permissions=str(permissions))


def person_link(application_id: int) -> str:
    """Return the address under which somebody takes the bot along for themselves; it gets no permission anywhere."""
    return _link(application_id, integration_type=_FOR_A_PERSON, scope="applications.commands")


def _link(application_id: int, **asked: str) -> str:
    return f"{_AUTHORIZE}?{urlencode({'client_id': str(application_id), **asked})}"


def application_in(token: str) -> int | None:
    """Return the id of the application whose bot a token is: its first part is that id in base64. None: it is not."""
    first = token.partition(".")[0]
    with contextlib.suppress(ValueError):
        return int(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    return None
