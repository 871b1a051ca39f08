"""Secrets taken out of what is written, in whatever form they stand there. Pure."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote, quote_plus, unquote, urlsplit

from config.settings import Settings

BLOT: Final = "[secret]"
_SHORTEST = 6
"""Characters of a secret that is looked for wherever it stands: a shorter one would blot out innocent words."""
_DEEPEST = 3
"""How often over a secret is looked for within JSON: the line is JSON, and may tell of a body that holds another."""
_SLASH: Final = r"(?:\\?/|%2f)"
# What is a secret by where it stands: it is made while the bot runs, so that no list of secrets could hold it. What
# comes first is kept, what comes after it goes.
_PLACES: Final = (
    # a user and a password in an address
    r"(:" + _SLASH + r"{2})[^\s/@\"'<>]+:[^\s/@\"'<>]+(?=@)",
    # the address of a share, and the one at which a hub calls (`secrets.token_urlsafe`: 43 characters)
    r"(" + _SLASH + r"(?:s|hub)" + _SLASH + r")[\w-]{40,100}",
    # what answers an interaction or speaks through a webhook of Discord's
    r"(" + _SLASH + r"(?:webhooks|interactions)" + _SLASH + r"\d+" + _SLASH + r")[\w.-]{40,}",
    r"(\b(?:Bot|Bearer|Basic)(?: |\+|%20))[\w.+/=-]{20,}",
    r"(\bhub\.secret[\"']?\s*[=:,]\s*[\"']?)[^\s&\"',})]+",
    # how PostgreSQL names the row that is there already
    r"(\((?:token|secret)\)=\()[^)]+",
)


class Blotter:
    """Blots secrets out of text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Look for these, however they are written, and for what is a secret by where it stands."""
        forms = {form for secret in secrets if len(secret) >= _SHORTEST for form in _forms(secret)}
        words = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
        self._words = re.compile(words or r"(?!)", re.IGNORECASE)
        self._places = tuple(re.compile(place, re.IGNORECASE) for place in _PLACES)

    def __call__(self, text: str) -> str:
        """Return a text without secrets."""
        text = self._words.sub(BLOT, text)
        for place in self._places:
            text = place.sub(rf"\1{BLOT}", text)
        return text


def secrets_of(settings: Settings) -> Iterator[str]:
    """Yield what an operator has set that must never be written: the token, its key, passwords in addresses."""
    if settings.discord_token is not None:
        token = settings.discord_token.reveal()
        yield token
        yield token.rpartition(".")[2]
    for address in (settings.database_url, settings.discord_api_url):
        try:
            password = urlsplit(address or "").password
        except ValueError:  # it is no address, which is said elsewhere
            continue
        if password:
            yield password
            yield unquote(password)


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret as it may be written: as it is, in an address, in markup, in Python, and in JSON within JSON."""
    written = {
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        html.escape(secret),
        repr(secret)[1:-1],
    }
    for form in written:
        yield form
        for ascii_only in (True, False):
            wrapped = form
            for _ in range(_DEEPEST):
                wrapped = json.dumps(wrapped, ensure_ascii=ascii_only)[1:-1]
                yield wrapped
