"""Real feed files of many projects' test suites, where the machine has them beside the checkout."""

from __future__ import annotations

import warnings

import pytest

from benchmarks.feeds_corpus import ARCHIVE, MEGABYTES, SECONDS, Reading, apart, feedparser_alone, files, ours

MOST_DIFFERING = 10
"""Documentation pages and titles of unclosed or misnested HTML, where feedparser's sanitizer guesses otherwise."""


@pytest.mark.slow
@pytest.mark.skipif(not ARCHIVE.exists(), reason="the corpus of feed files is not beside this checkout")
def test_every_file_gives_what_feedparser_gives_or_one_plain_line() -> None:
    differing: list[str] = []
    readings: list[Reading] = []
    for name, body in files(ARCHIVE):
        mine = apart(ours, body)
        readings.append(mine)
        assert not mine.exception, name
        assert mine.seconds < SECONDS, name
        assert mine.megabytes < MEGABYTES, name
        assert "\n" not in mine.refusal, name
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            alone = apart(feedparser_alone, body)
        if alone.signs and alone.signs != mine.signs:
            differing.append(name)
    assert len(readings) > 2_000
    assert sum(one.parser == "plain" for one in readings) > 0.7 * len(readings)
    assert sum(not one.parser for one in readings) < len(readings) / 10
    assert len(differing) <= MOST_DIFFERING, differing
