"""Words, numbers and days as each language has them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.words import LANGUAGES, Words, words_for

FRIDAY = date(2026, 3, 6)
_YEAR = "\u202f\u0440."


@pytest.mark.parametrize(
    ("tags", "language"),
    [
        (("fr",), "fr"),
        (("en-US",), "en"),
        (("es-419",), "es"),
        (("pt-BR", "uk"), "uk"),
        ((None, "de-AT"), "de"),
        (("ja", None), "en"),
        ((), "en"),
    ],
)
def test_the_first_language_that_is_spoken_is_chosen(tags: tuple[str | None, ...], language: str) -> None:
    assert words_for(*tags).language == language


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Kept"), ("fr", "Tenu"), ("de", "Eingehalten"), ("es", "Cumplido"), ("uk", "Виконано")],
)
def test_a_message_is_said_in_each_language(language: str, said: str) -> None:
    assert Words(language)("Kept") == said


def test_what_no_catalogue_has_is_said_in_english() -> None:
    assert Words("fr")("Nobody has {verb} this.", verb="translated") == "Nobody has translated this."
    assert Words("fr").known("Nobody has {verb} this.") is None
    assert Words("en").known("Kept") is None


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("en", 0, "0 follow-ups"),
        ("en", 1, "1 follow-up"),
        ("fr", 0, "0 suivi"),
        ("fr", 1, "1 suivi"),
        ("fr", 2, "2 suivis"),
        ("fr", 1_000_000, "1\u202f000\u202f000 suivis"),
        ("de", 0, "0 Vorgänge"),
        ("de", 1234, "1.234 Vorgänge"),
        ("es", 1, "1 seguimiento"),
        ("es", 1_000_000, "1.000.000 seguimientos"),
        ("uk", 0, "0 справ"),
        ("uk", 1, "1 справа"),
        ("uk", 2, "2 справи"),
        ("uk", 5, "5 справ"),
        ("uk", 11, "11 справ"),
        ("uk", 21, "21 справа"),
        ("uk", 1_000_000, "1\u00a0000\u00a0000 справ"),
    ],
)
def test_counts_take_the_form_that_the_language_gives_them(language: str, count: int, said: str) -> None:
    assert Words(language).many("{count} follow-up", "{count} follow-ups", count) == said


def test_what_was_counted_to_an_end_before_its_own_bears_a_plus() -> None:
    counted = [Words("de").many("{count} follow-up", "{count} follow-ups", count, enough=1000) for count in (999, 1000)]
    assert counted == ["999 Vorgänge", "1.000+ Vorgänge"]


@pytest.mark.parametrize(
    ("language", "long", "full", "short", "axis"),
    [
        ("en", "6 March 2026", "Friday, 6 March 2026", "Fri 6 Mar", "6 Mar"),
        ("fr", "6 mars 2026", "vendredi 6 mars 2026", "ven. 6 mars", "6 mars"),
        ("de", "6. März 2026", "Freitag, 6. März 2026", "Fr., 6. März", "6. März"),
        ("es", "6 de marzo de 2026", "viernes, 6 de marzo de 2026", "vie, 6 mar", "6 mar"),
        ("uk", f"6 березня 2026{_YEAR}", f"пʼятниця, 6 березня 2026{_YEAR}", "пт, 6 бер.", "6 бер."),  # noqa: RUF001 - Ukrainian
    ],
)
def test_days_are_written_as_the_language_writes_them(
    language: str, long: str, full: str, short: str, axis: str
) -> None:
    say = Words(language)
    assert say.day(FRIDAY) == long
    assert say.day(FRIDAY, with_weekday=True) == full
    assert say.short_day(FRIDAY) == short
    assert say.day_and_month(FRIDAY) == axis


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "6 Mar 2026, 14:05"),
        ("fr", "6 mars 2026, 14:05"),
        ("de", "06.03.2026, 14:05"),
        ("es", "6 mar 2026, 14:05"),
        ("uk", f"6 бер. 2026{_YEAR}, 14:05"),  # noqa: RUF001 - Ukrainian
    ],
)
def test_moments_are_told_to_the_minute_in_their_own_zone(language: str, said: str) -> None:
    moment = datetime(2026, 3, 6, 14, 5, 59, tzinfo=ZoneInfo("Pacific/Auckland"))
    assert Words(language).moment(moment) == said


def test_languages_are_called_as_each_language_calls_them() -> None:
    assert [Words(language).language_named("en-GB") for language in ("en", "fr", "de")] == [
        "English",
        "anglais",
        "Englisch",
    ]
    assert Words("en").language_named("qqq") == "qqq"


@pytest.mark.parametrize("language", LANGUAGES)
def test_countries_are_called_and_understood_in_each_language(language: str) -> None:
    say = Words(language)
    for code in ("UA", "DE", "CI", "GB"):
        assert say.country_called(say.country(code)) == code
    assert say.country("ZQ") == "ZQ"


def test_lists_are_joined_as_the_language_joins_them() -> None:
    assert [Words(language).all_of(["a", "b", "c"]) for language in LANGUAGES] == [
        "a, b and c",
        "a, b et c",
        "a, b und c",
        "a, b y c",
        "a, b і c",  # noqa: RUF001 - Ukrainian
    ]
    assert Words("de").any_of(["a", "b"]) == "a oder b"
