"""Texts made to be slow: reading them takes time in proportion to their length, and none raises.

The ceilings are generous: what they catch is work that grows with the square of the length, which would take minutes.
"""

from datetime import date
from itertools import product
from time import process_time

import pytest

from watchers.matcher.english.frames import BEFORE
from watchers.matcher.match import read_article

DAY = date(2026, 3, 2)
CEILING = 20.0
"""Seconds of processor time; each takes two or less on an idle machine."""


def _namesakes(count: int) -> str:
    syllables = ("ba", "do", "ki", "lu", "me", "no", "ra", "su", "ti", "vo", "wa", "ze", "fi", "gu", "ho", "ja")
    firsts = ("".join(parts).title() for parts in product(syllables, repeat=4))
    return " ".join(
        f"President {first} Marsh said Peru and Chile would sign by Friday. Marsh agreed."
        for first, _ in zip(firsts, range(count), strict=False)
    )


HOSTILE = {
    "one long sentence": "word other thing " * 60_000,
    "opened quotation marks": "“" * 100_000 + "a" + "”" * 100_000,
    "straight quotation marks": '"' * 200_000,
    "ticks": "'" * 500_000,
    "digits": "1" * 1_000_000,
    "one word": "a" * 1_000_000,
    "one capitalised word": "A" * 1_000_000,
    "line breaks": "\n" * 1_000_000,
    "lines of white space": "\t \n" * 300_000,
    "conditions": "if " * 300_000,
    "brackets": "(" * 200_000,
    "commas and quotation marks": ',",”,“,' * 100_000,
    "nested speech": "she said that " * 60_000,
    "full stops": "." * 500_000,
    "weekdays": "Monday and Tuesday and " * 10_000,
    "dates": "on 5 May 2026, " * 10_000,
    "namesakes": _namesakes(4_000),
    "weeks": "The two will meet in Lima with envoys of Chile next week. " * 4_000,
    "bodies called again": "The ministry said Peru and Chile would leave the accord by Friday. " * 3_000,
    "quotes of nobody": "“We shall go to Peru and Chile on Friday.” " * 4_000,
    "quotes that run on": "“We shall go to Peru and Chile on Friday.\n\n" * 4_000,
    "parties": "The group said on Monday that both sides would sign by Friday. Peru and Chile agreed. " * 2_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_text_made_to_be_slow_is_read_in_time(text: str) -> None:
    began = process_time()
    for statement in read_article(text, DAY):
        assert text[statement.start : statement.end] == statement.quote
    assert process_time() - began < CEILING


def test_a_surname_borne_by_very_many_still_names_its_speaker() -> None:
    (*_, last) = read_article(_namesakes(200), DAY)
    assert last.speaker is not None
    assert last.speaker.endswith("Marsh")


def test_a_body_called_by_its_head_alone_is_the_one_named_in_full_last_before_it() -> None:
    text = (
        "The Peruvian Trade Ministry opened its doors.\n\nThe Chilean foreign ministry will host envoys of Peru.\n\n"
        "The ministry said Chile would sign the treaty with Peru on Friday.\n\nThe Bolivian ministry was silent."
    )
    speakers = [statement.speaker for statement in read_article(text, DAY) if statement.due is not None]
    assert speakers == ["Chilean foreign ministry"]


def test_a_week_ahead_is_the_one_after_this_week_only_where_its_own_text_says_this_week() -> None:
    sunday = date(2026, 3, 1)
    later = "Peru and Chile hold talks in Lima this week. Their ministers will sign the treaty next week."
    alone = "Peru and Chile hold talks in Lima often. Their ministers will sign the treaty next week."
    found = [read_article(text, sunday)[-1].due for text in (later, alone, later)]
    assert found[0] == found[2] != found[1]


@pytest.mark.parametrize("pattern", [pattern.pattern for _, _, pattern in BEFORE])
def test_every_frame_opens_where_a_word_begins(pattern: str) -> None:
    assert pattern.startswith(r"(?:^|\W)")  # what due.py rewrites, to search faster
