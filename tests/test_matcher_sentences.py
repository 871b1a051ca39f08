"""Sentences, paragraphs and quotation marks, with offsets into the text as given."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchers.matcher.quotes import Quotes
from watchers.matcher.sentences import read_sentences


def cut(text: str) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in read_sentences(text).sentences]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One came. Two went.", ["One came.", "Two went."]),
        ("Is it true? Yes! It is.", ["Is it true?", "Yes!", "It is."]),
        ("Mr. Horak met Gen. Brandt. They spoke.", ["Mr. Horak met Gen. Brandt.", "They spoke."]),
        ("The U.S. Senate voted. It passed.", ["The U.S. Senate voted.", "It passed."]),
        ("He returned to the U.S. The talks go on.", ["He returned to the U.S.", "The talks go on."]),
        ("It rose 3.5 percent. It fell.", ["It rose 3.5 percent.", "It fell."]),
        ("They meet on Nov. 3 in Oslo.", ["They meet on Nov. 3 in Oslo."]),
        ("J. R. Horak spoke.", ["J. R. Horak spoke."]),
        ('"We will go." They went.', ['"We will go."', "They went."]),
        ("“We will go!” he said.", ["“We will go!” he said."]),
        ("“Will they go?” Anna Horak asked. Nobody knew.", ["“Will they go?” Anna Horak asked.", "Nobody knew."]),
        ("We waited… and waited. Then it came.", ["We waited… and waited.", "Then it came."]),
        ("A headline without a stop\nThe story begins here.", ["A headline without a stop", "The story begins here."]),
        ("First line.\nSecond line.", ["First line.", "Second line."]),
        ("First.\n\nSecond.", ["First.", "Second."]),
        ("First.\r\n\r\nSecond.", ["First.", "Second."]),
        ("• First point.\n• Second point.", ["First point.", "Second point."]),
        ("(Meridian Press) The envoy left.", ["The envoy left."]),
        ("OSLO, March 3 (Meridian) -- The envoy left.", ["The envoy left."]),
        ("PRAGUE — The envoy left.", ["The envoy left."]),
        ("", []),
        ("   \n \n ", []),
    ],
)
def test_text_is_cut_into_sentences(text: str, sentences: list[str]) -> None:
    assert cut(text) == sentences


def test_wrapped_lines_are_one_sentence() -> None:
    text = (
        "The foreign ministers of the northern countries met in the old town hall\n"
        "of Tallinn and spoke about the border until late in the evening. Nobody\n"
        "left before midnight."
    )

    assert len(cut(text)) == 2


def test_a_small_letter_after_a_line_break_goes_on() -> None:
    assert cut("The ministers met in\nthe old town hall.") == ["The ministers met in\nthe old town hall."]


def test_each_sentence_knows_its_paragraph() -> None:
    reading = read_sentences("One. Two.\n\nThree.")

    assert [sentence.paragraph for sentence in reading.sentences] == [0, 0, 1]
    assert reading.sentence_at(0) == 0
    assert reading.sentence_at(11) == 2
    assert reading.sentence_at(9) is None


@given(st.text(max_size=300) | st.text(alphabet='Ab. !?"“”\n…', max_size=300))
@settings(max_examples=300, deadline=None)
def test_sentences_stand_in_order_and_never_overlap(text: str) -> None:
    reading = read_sentences(text)
    last = 0
    for sentence in reading.sentences:
        assert last <= sentence.start < sentence.end <= len(text)
        assert text[sentence.start : sentence.end].strip() == text[sentence.start : sentence.end]
        start, end = reading.paragraphs[sentence.paragraph]
        assert start <= sentence.start
        assert sentence.end <= end
        last = sentence.end


def quoted(text: str) -> list[str]:
    quotes = Quotes(text, read_sentences(text).paragraphs)
    found = []
    for offset in range(len(text)):
        quote = quotes.at(offset)
        if quote is not None and quote.start == offset:
            found.append(text[quote.start : quote.end])
    return found


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("He said “go” and “stay”.", ["“go”", "“stay”"]),
        ('He said "go" and "stay".', ['"go"', '"stay"']),
        ("“It goes on\n\n“and ends here.”", ["“It goes on", "“and ends here.”"]),
        ('A stray mark" closes nothing. "This" is one.', ['"This"']),
        ("No words of anybody.", []),
    ],
)
def test_quotes_are_found_by_paragraph(text: str, quotes: list[str]) -> None:
    assert [quote.rstrip() for quote in quoted(text)] == quotes


def test_a_quote_left_open_runs_on() -> None:
    text = "“It goes on\n\n“and ends here.”"
    quotes = Quotes(text, read_sentences(text).paragraphs)
    first, second = quotes.at(0), quotes.at(14)

    assert first is not None
    assert second is not None
    assert (first.runs_on, second.runs_on) == (True, False)


@pytest.mark.parametrize(
    "text",
    ["." * 300_000, "a. " * 100_000, "“" * 200_000, "\n" * 300_000, '."' * 150_000],
    ids=lambda text: repr(text[:4]),
)
def test_cutting_takes_time_in_proportion_to_the_text(text: str) -> None:
    started = time.perf_counter()
    read_sentences(text)

    assert time.perf_counter() - started < 5, "a square of the length would take minutes"
