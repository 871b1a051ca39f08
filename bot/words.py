"""The bot's words in the language of whoever reads them: catalogues of gettext, dates and numbers by Babel.

English stands in the code and is the key of every catalogue (`locales/LANGUAGE.po`). What a catalogue lacks is said
in English. Holes are named (`{days}`), so that a translation may move them.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_day_names, get_month_names, get_quarter_names
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "fr": "Français",
    "de": "Deutsch",
    "es": "Español",
    "uk": "Українська",
}
"""The languages the bot speaks, by BCP 47 tag, each called by its own name."""
ENGLISH = "en"
_LETTERS = 2
"""Of the code of a country."""
_CATALOGUES = Path(__file__).parent / "locales"


def marked(message: str) -> str:
    """Return `message` as it is: it is translated where it is said, and marked here for the catalogues."""
    return message


def counted(one: str, more: str) -> tuple[str, str]:
    """Return both forms of a message that counts something: they are said with `Words.many`, and marked here."""
    return one, more


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words. Calling it says a message: `say("Due in {days} days", days=3)`."""

    language: str
    """One of `LANGUAGES`."""

    def __call__(self, message: str, /, **holes: object) -> str:
        """Return `message` in this language with its holes filled."""
        said = _catalogue(self.language).get(message) or message
        return said.format(**holes) if holes else said

    def many(self, one: str, more: str, count: int, /, *, enough: int | None = None, **holes: object) -> str:
        """Return the form that `count` takes in this language, with `{count}` and the other holes filled.

        What was counted no further than `enough` is written with a plus: 1,000+. None: all of it was counted.
        """
        forms = _plurals(self.language).get(one)
        form = (one if count == 1 else more) if forms is None else forms[_plural_of(self.language, count)]
        plus = "+" if enough is not None and count >= enough else ""
        return form.format(count=self.number(count) + plus, **holes)

    def known(self, message: str) -> str | None:
        """Return `message` as this language's catalogue has it, holes and all; None where it has not, as in English."""
        return _catalogue(self.language).get(message)

    def number(self, number: int) -> str:
        """Return a whole number with the language's separators."""
        return format_decimal(number, locale=self._locale)

    def percent(self, part: float) -> str:
        """Return a part of one as a whole percentage: 67%."""
        return format_percent(part, locale=self._locale)

    def month(self, number: int) -> str:
        """Return the short name of a month, 1 for January, as axes show it."""
        names: Mapping[int, str] = get_month_names("abbreviated", "stand-alone", self._locale)
        return names[number]

    def month_and_year(self, day: date) -> str:
        """Return the month a day is in: March 2026."""
        return format_skeleton("yMMMM", datetime.combine(day, time()), locale=self._locale)

    def quarter(self, number: int) -> str:
        """Return the short name of a quarter of a year, 1 to 4, as axes show it: Q1."""
        names: Mapping[int, str] = get_quarter_names("abbreviated", "format", self._locale)
        return names[number]

    def day(self, day: date, *, with_weekday: bool = False) -> str:
        """Return a calendar day: 6 March 2026, or Friday 6 March 2026."""
        return format_date(day, "full" if with_weekday else "long", locale=self._locale)

    def short_day(self, day: date) -> str:
        """Return a calendar day without its year, as axes and lists show it: Fri 6 Mar."""
        return format_skeleton("MMMEd", datetime.combine(day, time()), locale=self._locale)

    def day_and_month(self, day: date) -> str:
        """Return a calendar day without its year and weekday, as axes show it: 6 Mar."""
        return format_skeleton("MMMd", datetime.combine(day, time()), locale=self._locale)

    def moment(self, moment: datetime) -> str:
        """Return an instant in the zone it carries, to the minute."""
        day = format_date(moment, "medium", locale=self._locale)
        return f"{day}, {format_time(moment, 'short', moment.tzinfo, locale=self._locale)}"

    def weekday(self, number: int) -> str:
        """Return the name of a day of the week, 0 for Monday, as it stands alone."""
        names: Mapping[int, str] = get_day_names("wide", "stand-alone", self._locale)
        return names[number]

    def country(self, code: str) -> str:
        """Return the name of a country by its ISO 3166-1 alpha-2 code; one that is not known is called by its code."""
        names: Mapping[str, str] = self._locale.territories
        return names.get(code, code)

    def language_named(self, tag: str) -> str:
        """Return the name of a language by its BCP 47 tag; one that is not known is called by its tag."""
        names: Mapping[str, str] = self._locale.languages
        return names.get(tag.split("-", maxsplit=1)[0].lower(), tag)

    def country_called(self, name: str) -> str | None:
        """Return the ISO 3166-1 alpha-2 code of the country that is so called in this language, in any case."""
        return _countries(self.language).get(name.strip().casefold())

    def any_of(self, parts: list[str]) -> str:
        """Return alternatives as a sentence has them: a, b or c."""
        return format_list(parts, style="or", locale=self._locale)

    def all_of(self, parts: list[str]) -> str:
        """Return a list as a sentence has it: a, b and c."""
        return format_list(parts, locale=self._locale)

    @property
    def _locale(self) -> Locale:
        return Locale.parse("en_GB" if self.language == ENGLISH else self.language)


IN_ENGLISH = Words(ENGLISH)


def words_for(*tags: str | None) -> Words:
    """Return the words of the first of these BCP 47 tags that the bot speaks, whatever the region; else English."""
    for tag in tags:
        language = (tag or "").split("-")[0].lower()
        if language in LANGUAGES:
            return Words(language)
    return IN_ENGLISH


@cache
def _countries(language: str) -> Mapping[str, str]:
    """Return the codes of countries by their names in a language, in small letters; regions of the world are none."""
    names: Mapping[str, str] = Locale.parse(language).territories
    return {name.casefold(): code for code, name in names.items() if len(code) == _LETTERS and code.isalpha()}


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    """Return the messages of a language that have no plural."""
    return {key: said for key, said in _read(language).items() if isinstance(said, str)}


@cache
def _plurals(language: str) -> Mapping[str, tuple[str, ...]]:
    """Return the forms of the messages that have them, by the English singular."""
    return {key: forms for key, forms in _read(language).items() if isinstance(forms, tuple)}


@cache
def _read(language: str) -> Mapping[str, str | tuple[str, ...]]:
    if language == ENGLISH:
        return {}
    text = (_CATALOGUES / f"{language}.po").read_text("utf-8")
    found: dict[str, str | tuple[str, ...]] = {}
    for message in read_po(io.StringIO(text), locale=language):
        if not message.id or not message.string or message.fuzzy:
            continue
        if isinstance(message.id, str):
            found[message.id] = str(message.string)
        elif all(message.string):
            found[message.id[0]] = tuple(message.string)
    return found


def _plural_of(language: str, count: int) -> int:
    """Return which of a catalogue's forms a count takes, by CLDR's rules in the order of gettext."""
    rule = Locale.parse(language).plural_form(count)
    return _PLURALS[language].index(rule) if rule in _PLURALS[language] else len(_PLURALS[language]) - 1


_PLURALS = {"fr": ("one", "other"), "de": ("one", "other"), "es": ("one", "other"), "uk": ("one", "few", "many")}
"""The CLDR category of each plural form, in the order in which Babel's catalogues hold them."""
