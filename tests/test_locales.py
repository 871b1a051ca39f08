"""The catalogues hold exactly what the bot says, in every language, and nothing is lost on the way."""

from __future__ import annotations

import re
from collections import Counter
from string import Formatter

import pytest
from babel import Locale
from babel.messages.catalog import Message

from bot.when import PRESETS_FOR_A_DUE_DAY, PRESETS_FOR_ANYTHING, PRESETS_FOR_EVERY, in_english
from bot.words import _PLURALS, Words
from tests.wording import (
    CATALOGUES,
    TRANSLATED,
    Found,
    UnmarkedError,
    brought_up_to_date,
    catalogue_of,
    empty_in,
    forms_of,
    found_messages,
    messages_in,
    reasons_in,
)

languages = pytest.mark.parametrize("language", TRANSLATED)


def text_of(language: str) -> str:
    return (CATALOGUES / f"{language}.po").read_text("utf-8")


def messages_of(language: str) -> list[Message]:
    return [one for one in catalogue_of(text_of(language), language) if one.id]


def source_of(message: Message) -> str:
    """The English that a translation must not lose anything of: the plural where there is one."""
    return message.id if isinstance(message.id, str) else message.id[1]


def holes_in(text: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def marks_in(text: str) -> tuple[object, ...]:
    """Discord's markdown in a text: what is bold, italic, small print, and each piece of code, word for word."""
    bold = text.count("**")
    italic = len(re.findall(r"(?<![*\w])\*[^*\s][^*]*\*(?!\*)", text))
    return bold, italic, text.startswith("-#"), sorted(re.findall(r"`([^`]*)`", text))


# --- what there is ------------------------------------------------------------------------------------------------


@languages
def test_a_catalogue_has_exactly_what_the_bot_says(language: str) -> None:
    said = {one.key for one in found_messages()}
    known = {one.id for one in messages_of(language)}
    assert known - said == set(), "idle: `make words` takes them out"
    assert said - known == set(), "missing: `make words` puts them in, to be translated"


@languages
def test_everything_is_translated(language: str) -> None:
    catalogue = catalogue_of(text_of(language), language)
    assert [one.id for one in empty_in(catalogue)] == []
    assert [one.id for one in catalogue if one.id and one.fuzzy] == []


@languages
def test_a_catalogue_is_as_make_words_writes_it(language: str) -> None:
    assert brought_up_to_date(text_of(language), language, found_messages()) == text_of(language)


def test_no_message_is_said_both_with_a_number_and_without() -> None:
    keys = {one.key for one in found_messages()}
    counted = {one.key[0] for one in found_messages() if isinstance(one.key, tuple)}
    assert counted & keys == set()


# --- how it is translated -----------------------------------------------------------------------------------------


@languages
def test_holes_stay_what_they_are_in_every_form(language: str) -> None:
    for one in messages_of(language):
        for form in forms_of(one):
            assert holes_in(form) == holes_in(source_of(one)), form


@languages
def test_markdown_stays_what_it_is(language: str) -> None:
    for one in messages_of(language):
        for form in forms_of(one):
            assert marks_in(form) == marks_in(source_of(one)), form


@languages
def test_there_are_as_many_forms_as_the_language_has(language: str) -> None:
    assert catalogue_of(text_of(language), language).num_plurals == len(_PLURALS[language])
    assert set(_PLURALS[language]) <= {*Locale.parse(language).plural_form.rules, "other"}
    for one in messages_of(language):
        if not isinstance(one.id, str):
            assert len(forms_of(one)) == len(_PLURALS[language])


@languages
def test_the_ends_of_messages_are_kept(language: str) -> None:
    """A sentence stays one, and what goes on (…) or leads on (:) does too; no space is lost or added at the ends."""
    for one in messages_of(language):
        for form in forms_of(one):
            source = source_of(one)
            assert form == form.strip()
            assert form.endswith(("…", ":", "?")) == source.endswith(("…", ":", "?")), form
            assert form.endswith(".") == source.endswith(".") or source.endswith("1st"), form


def test_a_language_addresses_people_in_one_way() -> None:
    """As Discord does: tu, du, tú and ви."""
    strangers = {
        "fr": r"\b(?:vous|votre|vos|veuillez|\w+ez-(?:le|la|les|moi))\b",
        "de": r"\b(?:Sie (?:können|müssen|haben|sind)|Ihr(?:e|er|en|em)?|bitte)\b",
        "es": r"\b(?:usted|ustedes|vosotros|os|su propio|su propia)\b",
        "uk": r"\b(?:ти|тебе|тобі|твій|твоя|твоє|твої)\b",
    }
    for language, pattern in strangers.items():
        texts = [form for one in messages_of(language) for form in forms_of(one)]
        assert [text for text in texts if re.search(pattern, text, re.IGNORECASE if language != "de" else 0)] == []


def test_typography_is_that_of_the_language() -> None:
    """French sets a space that does not break before two-part signs; each language has its own quotation marks."""
    for language, pattern in {
        "fr": r"\w [:;?!»]|« |'",
        "de": r"\w'\w",
        "uk": r"['’]",
        "es": r"“(?![^”]*[a-z0-9])",
    }.items():
        texts = [re.sub(r"`[^`]*`", "", form) for one in messages_of(language) for form in forms_of(one)]
        assert [text for text in texts if re.search(pattern, text)] == []


@languages
def test_each_preset_has_a_name_of_its_own_by_which_it_is_understood(language: str) -> None:
    say = Words(language)
    for preset in (*PRESETS_FOR_ANYTHING, *PRESETS_FOR_A_DUE_DAY, *PRESETS_FOR_EVERY):
        assert in_english(f" {say(preset).upper()} ", say) == preset
    assert in_english("9 May 14:00", say) == "9 May 14:00"


# --- how messages are found ---------------------------------------------------------------------------------------

SOURCE = '''
WORDS = marked("One.")
PAIR = counted("{count} egg", "{count} eggs")
class Cog:
    group = app_commands.Group(name="eggs", description="Of eggs")
    @group.command()
    @app_commands.describe(egg="Which egg")
    async def boil(self, interaction):
        """Boil
        an egg.

        Not said.
        """
        say(WORDS)
        self._say("Two.", hole=say.many("{count} hen", "{count} hens", 2))
'''


def test_every_way_of_saying_something_is_found() -> None:
    found = [one.key for one in messages_in(SOURCE)]
    assert set(found) == {
        "One.",
        ("{count} egg", "{count} eggs"),
        "Of eggs",
        "Which egg",
        "Boil an egg.",
        "Two.",
        ("{count} hen", "{count} hens"),
    }
    assert len(found) == len(set(found))


@pytest.mark.parametrize("source", ['say(f"{n} eggs")', 'say("eggs: " + eggs)', 'say.many(f"{n}", "eggs", n)'])
def test_what_is_put_together_before_it_is_said_is_refused(source: str) -> None:
    with pytest.raises(UnmarkedError):
        messages_in(source)


def test_why_feeds_fail_is_found_on_the_floor_below() -> None:
    source = """
WORDS = {404: Reason("there is nothing there")}
raise FetchError(Reason("the name {host} cannot be found", host=host), gone=True)
feed_model.Reason("{said}", said=line)
Reason(words, **facts)
"""
    assert [one.key for one in reasons_in(source)] == ["there is nothing there", "the name {host} cannot be found"]
    with pytest.raises(UnmarkedError):
        reasons_in('Reason(f"{host} is busy")')


def test_a_catalogue_brought_up_to_date_keeps_what_is_said_and_drops_what_is_not() -> None:
    before = brought_up_to_date("", "fr", [Found("One.", ""), Found("Gone.", "")])
    filled = before.replace('msgid "One."\nmsgstr ""', 'msgid "One."\nmsgstr "Un."')
    after = brought_up_to_date(
        filled, "fr", [Found("New.", ""), Found("One.", ""), Found(("{count} egg", "{count} eggs"), "")]
    )
    catalogue = catalogue_of(after, "fr")
    assert [one.id for one in catalogue if one.id] == ["New.", "One.", ("{count} egg", "{count} eggs")]
    assert catalogue["One."].string == "Un."
    assert [one.id for one in empty_in(catalogue)] == ["New.", ("{count} egg", "{count} eggs")]
    assert "Date" not in after
    assert "#:" not in after
