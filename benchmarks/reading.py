"""How well and how fast we read, beside a peer in the same run.

    python benchmarks/reading.py             # speed, and quality where the labelled sets lie beside the checkout
    python benchmarks/reading.py --speed     # speed alone

Speed is text in kilobytes (1000 characters) a second, on one thread, best of three; the peer is
`dateparser.search.search_dates`, the library most Python programs use to find dates in text. Quality is measured
through the public interface (`aide-memoire read --jsonl`, `aide-memoire times --jsonl`) by the scorers that come with
the labelled sets.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from time import perf_counter

from dateparser.search import search_dates

from watchers.matcher.match import read_article
from watchers.matcher.temporal import read_times

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
ROUNDS = 3

Document = tuple[str, date]


def main() -> int:
    """Print the figures; return 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speed", action="store_true", help="measure speed alone")
    only_speed = parser.parse_args().speed
    documents = _documents()
    _measure_speed(documents)
    if only_speed:
        return 0
    if SHARED.is_dir():
        _measure_quality()
    else:
        print("\nQuality: skipped, the labelled sets do not lie beside this checkout.")
    return 0


def _documents() -> Sequence[Document]:
    labelled = SHARED / "gold" / "train.jsonl"
    if labelled.is_file():
        articles = [json.loads(line) for line in labelled.read_text("utf-8").splitlines()]
        return [(article["text"], date.fromisoformat(article["date"])) for article in articles]
    pages = sorted((ROOT / "docs").glob("*.md"))
    return [(page.read_text("utf-8"), date(2026, 3, 2)) for page in pages] * 20


def _measure_speed(documents: Sequence[Document]) -> None:
    characters = sum(len(text) for text, _ in documents)
    print(f"Speed on {len(documents)} documents, {characters / 1000:.0f} kB, one thread, best of {ROUNDS}")
    readers: dict[str, Callable[[str, date], object]] = {
        "read (statements, ours)": read_article,
        "times (TIMEX3, ours)": read_times,
        "dateparser.search (dates only)": _search_dates,
    }
    rates = {
        name: characters / 1000 / min(_seconds(reader, documents) for _ in range(ROUNDS))
        for name, reader in readers.items()
    }
    peer = rates["dateparser.search (dates only)"]
    for name, rate in rates.items():
        print(f"  {name:<32}{rate:>9.0f} kB/s   {rate / peer:>6.1f} times the peer")


def _seconds(reader: Callable[[str, date], object], documents: Sequence[Document]) -> float:
    began = perf_counter()
    for text, day in documents:
        reader(text, day)
    return perf_counter() - began


def _search_dates(text: str, day: date) -> object:
    return search_dates(text, languages=["en"], settings={"RELATIVE_BASE": datetime.combine(day, time())})


def _measure_quality() -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in ("seeds", "train", "dev"):
            gold = SHARED / "gold" / f"{name}.jsonl"
            predicted = work / f"{name}.jsonl"
            _through("read", gold, predicted)
            print(f"\nStatements, {name}")
            _score(SHARED / "gold" / "score.py", gold, predicted)
        with tarfile.open(SHARED / "temporal" / "tbaq.tar.xz") as archive:
            archive.extractall(work, filter="data")
        scorer = SHARED / "temporal" / "score.py"
        documents = work / "tbaq.jsonl"
        subprocess.run([sys.executable, scorer, "export", work / "tbaq", "-o", documents], check=True)
        predicted = work / "tbaq.pred.jsonl"
        _through("times", documents, predicted)
        print("\nTime expressions, TimeBank and AQUAINT")
        _score(scorer, "score", work / "tbaq", predicted)
        print("\nTime expressions, TimeBank and AQUAINT, what lies ahead")
        _score(scorer, "score", work / "tbaq", predicted, "--future")


def _through(command: str, source: Path, target: Path) -> None:
    with source.open("rb") as given, target.open("wb") as wanted:
        subprocess.run(
            [sys.executable, "-m", "bot", command, "--jsonl"], stdin=given, stdout=wanted, check=True, cwd=ROOT
        )


def _score(*arguments: str | Path) -> None:
    print(subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True).stdout.rstrip())


if __name__ == "__main__":
    sys.exit(main())
