"""How fast we read and start, beside the peers in the same run.

    python benchmarks/speed.py

Speed is news text in kB (1000 characters) a second of processor time on one thread, best of three rounds, so that what
else the machine does weighs little. Recognizers-Text reads only the first documents, once, being slower by two orders;
loading and compiling are counted for nobody. Starting is the median of ten processes, by the clock.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from dateparser.search import search_dates

from benchmarks.material import PEERS_MISSING, ROOT, Document, heading, news, recognizers_python
from watchers.matcher.match import read_article
from watchers.matcher.temporal import read_times

ROUNDS = 3
STARTS = 10
FEW = 8
"""Documents for Recognizers-Text."""
ARTICLE = "Foreign Minister Ana Duarte said on Monday that her country would sign the accord by Friday.\n"


def main() -> int:
    """Print the figures; return 0."""
    heading("Speed")
    print("$ python benchmarks/speed.py")
    _measure_reading(news())
    _measure_starting()
    return 0


def _measure_reading(documents: Sequence[Document]) -> None:
    print(f"Reading {len(documents)} documents, {_size(documents):,.0f} kB, one thread, best of {ROUNDS}")
    readers: Mapping[str, Callable[[str, date], object]] = {
        "read: statements, ours": read_article,
        "times: TIMEX3, ours": read_times,
        "dateparser.search": _search_dates,
    }
    rates = {name: _rate(reader, documents) for name, reader in readers.items()}
    few = documents[:FEW]
    recognizers = _recognizers_rate(few)
    if recognizers:
        rates[f"Recognizers-Text ({len(few)} of them, {_size(few):.0f} kB)"] = recognizers
    peer = rates["dateparser.search"]
    for name, rate in rates.items():
        print(f"  {name:<40}{rate:>9,.0f} kB/s{rate / peer:>8.2f} times dateparser")
    if not recognizers:
        print(f"  {PEERS_MISSING}")


def _size(documents: Sequence[Document]) -> float:
    return sum(len(document.text) for document in documents) / 1000


def _rate(reader: Callable[[str, date], object], documents: Sequence[Document]) -> float:
    reader(documents[0].text, documents[0].day)
    return _size(documents) / min(_seconds(reader, documents) for _ in range(ROUNDS))


def _seconds(reader: Callable[[str, date], object], documents: Sequence[Document]) -> float:
    began = process_time()
    for document in documents:
        reader(document.text, document.day)
    return process_time() - began


def _search_dates(text: str, day: date) -> object:
    return search_dates(text, languages=["en"], settings={"RELATIVE_BASE": datetime.combine(day, time())})


def _recognizers_rate(documents: Sequence[Document]) -> float | None:
    python = recognizers_python()
    if python is None:
        return None
    rows = ({"doc": document.key, "dct": document.day.isoformat(), "text": document.text} for document in documents)
    run = subprocess.run(
        [python, ROOT / "benchmarks" / "recognizers.py"],
        input="".join(json.dumps(row) + "\n" for row in rows),
        capture_output=True,
        text=True,
        check=True,
    )
    return _size(documents) / float(run.stderr.splitlines()[-1])


def _measure_starting() -> None:
    print(f"Starting, median of {STARTS} processes")
    with tempfile.TemporaryDirectory() as folder:
        article = Path(folder) / "article.txt"
        article.write_text(ARTICLE, "utf-8")
        command = Path(sys.executable).with_name("aide-memoire")
        starts: Mapping[str, Sequence[str | Path]] = {
            "aide-memoire read article.txt": [command, "read", article, "--date", "2026-03-02"],
            "python -c pass": [sys.executable, "-c", "pass"],
            'python -c "import dateparser"': [sys.executable, "-c", "import dateparser"],
        }
        for name, arguments in starts.items():
            _start(arguments)
            print(f"  {name:<40}{median(_start(arguments) for _ in range(STARTS)) * 1000:>9.0f} ms")


def _start(arguments: Sequence[str | Path]) -> float:
    began = perf_counter()
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
