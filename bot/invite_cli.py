"""`aide-memoire invite`: the links that let the bot in."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from bot.invite import Feature, application_in, person_link, server_link, wanted
from bot.usage import UsageError
from config.settings import Secret


def invitation(arguments: argparse.Namespace, token: Secret | None) -> Iterator[str]:
    """Yield the lines of the answer; without an id among the arguments, the application is the token's.

    Raise `UsageError` where neither tells it.
    """
    application_id = arguments.application or _application_of(token)
    without = [Feature(name) for name in arguments.without]
    yield f"To a server:   {server_link(application_id, without)}"
    yield f"To a person:   {person_link(application_id)}"
    yield "On a server it asks for these permissions:"
    for need in wanted(without):
        yield f"  {need.name:<26}{need.reason}"


def _application_of(token: Secret | None) -> int:
    """Return the id of the application whose bot the token is."""
    if token is None:
        message = "DISCORD_TOKEN is not set; set it, or give the application's id: --application 1234567890123456789"
        raise UsageError(message)
    if found := application_in(token.reveal()):
        return found
    message = "DISCORD_TOKEN does not tell the application's id; give it: --application 1234567890123456789"
    raise UsageError(message)
