"""Real feed files of many projects' test suites, where the machine has them beside the checkout."""

from __future__ import annotations

import tarfile
import time
from pathlib import Path

import pytest

from tests.factories import MONDAY_NOON, a_feed
from watchers.feeds.parse import parse_feed
from watchers.ports import FetchError

CORPUS = Path(__file__).parents[2] / "shared" / "feeds.tar.xz"
FEED = a_feed()


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of feed files is not beside this checkout")
def test_every_file_gives_a_feed_or_one_plain_line() -> None:
    read = 0
    reasons: list[str] = []
    slowest = (0.0, "")
    with tarfile.open(CORPUS) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is None:
                continue
            body = file.read()
            start = time.process_time()
            try:
                parse_feed(body, FEED, MONDAY_NOON)
                read += 1
            except FetchError as error:
                reasons.append(str(error))
            slowest = max(slowest, (time.process_time() - start, member.name))
    assert read > 2_000
    assert len(reasons) < read / 10
    assert not any("\n" in reason for reason in reasons)
    assert slowest[0] < 5, slowest
