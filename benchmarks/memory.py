"""Whether memory stays flat, reading very many articles in one process.

    python benchmarks/memory.py                      # 100,000 articles
    python benchmarks/memory.py --articles 1000000

Each article is as short as an item of a feed: a paragraph drawn at random from the news texts, and a sentence with a
name that no other has, on one of 3,000 days. Whatever keeps words, names, days or texts would grow.
"""

from __future__ import annotations

import argparse
import random
import sys
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from benchmarks.material import heading, news
from watchers.matcher.match import read_article

ARTICLES = 100_000
DAYS = 3000
SYLLABLES = ("ba", "do", "ke", "li", "mu", "na", "ro", "su", "ti", "za")


def main() -> int:
    """Print the figures; return 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=ARTICLES, help="how many to read (%(default)s)")
    wanted = max(10, parser.parse_args().articles)
    heading("Memory")
    print(f"$ python benchmarks/memory.py --articles {wanted}")
    if not Path("/proc/self/statm").is_file():
        print("Memory: skipped, this system does not tell it in /proc.")
        return 0
    _measure(wanted)
    return 0


def _measure(wanted: int) -> None:
    documents = news()
    paragraphs = [part for document in documents for part in document.text.split("\n") if part.strip()]
    first_day = min(document.day for document in documents)
    chance = random.Random(1)  # noqa: S311 - the same articles each time, no secret
    early, characters, began = 0.0, 0, perf_counter()
    for number in range(1, wanted + 1):
        text = _article(chance.choice(paragraphs), number)
        read_article(text, first_day + timedelta(days=number % DAYS))
        characters += len(text)
        if number == wanted // 10:
            early = _resident()
    late, seconds = _resident(), perf_counter() - began
    print(f"{wanted:,} articles, {characters / 1e6:,.0f} MB of text, read in {seconds:.0f} s")
    print(f"  resident after a tenth {early:.1f} MB, at the end {late:.1f} MB: {late - early:+.1f} MB")


def _article(paragraph: str, number: int) -> str:
    name = "".join(SYLLABLES[int(digit)] for digit in str(number)).capitalize()
    return f"{paragraph}\n\nEnvoy {name} promised on Monday that {name}ia would answer by Friday."


def _resident() -> float:
    """Return the memory this process holds, in MB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    sys.exit(main())
