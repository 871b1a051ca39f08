"""Countries as people name them when they narrow something down."""

from __future__ import annotations

from functools import cache

from bot.errors import Refusal
from bot.render import plain
from bot.words import ENGLISH, Words
from watchers.matcher.english.countries import COUNTRY_OF
from watchers.matcher.nations import countries_in


def country_called(typed: str, say: Words) -> str:
    """Return the code of a country named by code, or by name in the reader's language or in English.

    Raise `Refusal` where there is none.
    """
    wanted = typed.strip()
    if wanted.upper() in _codes():
        return wanted.upper()
    by_name = _by_name(say.language) | _by_name(ENGLISH)
    found = by_name.get(wanted.casefold()) or next(iter((*countries_in(wanted), *countries_in(wanted.title()))), None)
    if found is None:
        message = say(
            "I know no country “{name}”. Pick one from the list that appears as you type.", name=plain(wanted, 40)
        )
        raise Refusal(message)
    return found


def country_choices(typed: str, say: Words) -> list[tuple[str, str]]:
    """Return the countries that fit what has been typed, those whose name begins with it first."""
    wanted = typed.strip().casefold()
    names = [(say.country(code), code) for code in _codes()]
    found = [one for one in names if wanted in one[0].casefold() or wanted == one[1].casefold()]
    return sorted(found, key=lambda one: (one[1].casefold() != wanted, not one[0].casefold().startswith(wanted), one))


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for code in COUNTRY_OF.values() if code)


@cache
def _by_name(language: str) -> dict[str, str]:
    return {Words(language).country(code).casefold(): code for code in _codes()}
