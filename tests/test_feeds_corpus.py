"""Real feed files of many projects' test suites, where the machine has them beside the checkout.

A fixed sample of them: `python benchmarks/feeds_corpus.py` reads them all, which takes minutes.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import count
from xml.parsers import expat

import pytest

from benchmarks.feeds_corpus import ARCHIVE, MEGABYTES, SECONDS, Reading, Sign, apart, feedparser_alone, files, ours

ONE_IN = 5
"""Of the well-formed files one in so many is read; those that are not are read all."""
MOST_DIFFERING = 8
"""Documentation pages and titles of unclosed or misnested HTML, where feedparser's sanitizer guesses otherwise."""


def a_sample() -> Iterator[tuple[str, bytes, bool]]:
    """Yield the name and bytes of files of the corpus, and whether each is well-formed XML."""
    numbers = count()
    for name, body in files(ARCHIVE):
        well_formed = is_xml(body)
        if not well_formed or next(numbers) % ONE_IN == 0:
            yield name, body, well_formed


def is_xml(body: bytes) -> bool:
    try:
        expat.ParserCreate().Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError):
        return False
    return True


def told_by_feedparser(body: bytes) -> tuple[Sign, ...]:
    """Return what feedparser alone finds; nothing where it raises. Here: each of these files is known to end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return feedparser_alone(body).signs
        except Exception:  # noqa: BLE001 - it raises what it likes
            return ()


@pytest.mark.slow
@pytest.mark.skipif(not ARCHIVE.exists(), reason="the corpus of feed files is not beside this checkout")
def test_every_file_gives_what_feedparser_gives_or_one_plain_line() -> None:
    differing: list[str] = []
    readings: list[tuple[Reading, bool]] = []
    for name, body, well_formed in a_sample():
        mine = apart(ours, body)
        readings.append((mine, well_formed))
        assert not mine.exception, name
        assert mine.seconds < SECONDS, name
        assert mine.megabytes < MEGABYTES, name
        assert "\n" not in mine.refusal, name
        alone = told_by_feedparser(body)
        if alone and alone != mine.signs:
            differing.append(name)
    sound = [one for one, well_formed in readings if well_formed]
    odd = [one for one, well_formed in readings if not well_formed]
    assert (len(sound), len(odd)) > (400, 200)
    assert sum(one.parser == "plain" for one in sound) > 0.8 * len(sound)
    assert sum(not one.parser for one in sound) < len(sound) / 100
    assert sum(not one.parser for one in odd) < len(odd) / 10
    assert len(differing) <= MOST_DIFFERING, differing
