"""Patterns made fast to search for find what the plain choice of the same phrases finds, and nothing else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.matcher.english import cues
from watchers.matcher.phrase_search import first_characters, led_by_letter

PHRASES = (
    "pledg(?:e|es|ed)",
    "plan|plans?",
    "(?:re)?assures?",
    "(?<=we )vow|(?<!no )promise",
    r"\bor else|[Aa]ccording to",
    "(?:un)?likely",
    "[’']ll",
)
WORDS = (
    *("pledge", "Pledged", "plans", "PLAN", "reassures", "assure", "we vow", "We vow", "vow", "no promise", "promise"),
    *("or else", "nor else", "according to", "According to", "unlikely", "likely", "he’ll", "'ll", "replan", "a-plan"),
)


def _spans(pattern: str, text: str, flags: re.RegexFlag = re.NOFLAG) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(pattern, text, flags)]


@given(st.lists(st.sampled_from(WORDS)), st.sampled_from((" ", "", "-", ", ", "\n")))
def test_phrases_led_by_their_letters_are_found_where_the_plain_choice_is(words: list[str], between: str) -> None:
    text = between.join(words)
    plain = rf"(?<!\w)(?:{'|'.join(PHRASES)})"
    assert _spans(led_by_letter(PHRASES), text) == _spans(plain, text)


@given(st.lists(st.sampled_from(WORDS)), st.sampled_from((" ", "", "-", ", ", "\n")))
def test_the_size_of_letters_is_minded_only_where_asked_for(words: list[str], between: str) -> None:
    text = between.join(words)
    plain = rf"(?<![\w-])(?:{'|'.join(PHRASES)})"
    assert _spans(led_by_letter(PHRASES, r"[\w-]", any_case=True), text) == _spans(plain, text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("phrases", "text", "found"),
    [
        (("may", "mayor"), "the mayor may", ["may", "may"]),
        (("mayor", "may"), "the mayor may", ["mayor", "may"]),
        ((r"(?i:if)", "When"), "If when When if", ["If", "When", "if"]),
        ((r"won|(?-i:May)",), "May may Won", ["May", "Won"]),
    ],
)
def test_of_phrases_with_one_first_letter_the_first_that_fits_counts(
    phrases: tuple[str, ...], text: str, found: list[str]
) -> None:
    any_case = "won|(?-i:May)" in phrases
    assert [each.group() for each in re.finditer(led_by_letter(phrases, any_case=any_case), text)] == found


@pytest.mark.parametrize("phrase", [r"\w+ ago", "a?", "", "(?:ab)* c", "[a-z]b", ".x", "^x", "(?:a", "(?i:a)b"])
def test_a_phrase_that_no_plain_character_begins_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="begins"):
        led_by_letter((phrase,))


@pytest.mark.parametrize("phrases", [cues.PROMISE_VERBS, cues.LOOSE_PROMISES, cues.CONDITIONAL_ACTS, cues.ULTIMATUMS])
def test_words_of_promise_are_found_as_written(phrases: tuple[str, ...]) -> None:
    text = (
        "We assure you: she VOWED to act or else. I pledge that, if they agree to a truce, we will go unless it ends."
    )
    plain = rf"(?<![\w-])(?:{'|'.join(phrases)})"
    assert _spans(led_by_letter(phrases, r"[\w-]", any_case=True), text) == _spans(plain, text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("ab|c", "ac"),
        ("a?b", "ab"),
        ("(?:a|bc)?(?:d)", "abd"),
        ("(?:a?b?)c|d", "abcd"),
        ("(?<!x)[ab]{0,2}(?=c)c(?!d)", "abc"),
        ("[ab]{1,2}?c", "ab"),
        ("(?:(?:a|b{2})c)*e", "abe"),
    ],
)
def test_the_characters_a_pattern_may_begin_with(pattern: str, found: str) -> None:
    assert first_characters(pattern) == frozenset(found)


@given(st.from_regex("[ab]?(?:c|d[ef]){0,2}g|h(?:i)?", fullmatch=True))
def test_no_character_that_a_pattern_begins_with_is_missing(text: str) -> None:
    assert text[0] in first_characters("[ab]?(?:c|d[ef]){0,2}g|h(?:i)?")
