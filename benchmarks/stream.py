r"""The real stream: every item read, and the precision by a reading kept beside this file.

    python benchmarks/stream.py                        # what is found, and the precision of what was judged
    python benchmarks/stream.py --sample 100 --seed 7  # a random sample of what is found now, to be judged

stream_reading.tsv holds one judged hit a line: the item, the hit's characters in its text (title + ".\n\n" + text),
the verdict (right, wrong, or neutral by the meaning of a statement), whether kind and due interval are right (yes, no,
or empty where that was not judged) and a note. It quotes no news. A hit of today is the judged one where the two share
at least half of the shorter.

The weights are learnt from some items of this stream too (labels/stream.jsonl). What is right there says little of what
comes next, so that precision is told apart for the items never learnt from, and --unseen draws the sample from those.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.material import STREAM, Document, heading, missing, stream
from watchers.matcher.match import read_article
from watchers.model import Statement

READING = Path(__file__).with_name("stream_reading.tsv")
LEARNT = Path(__file__).with_name("labels") / "stream.jsonl"
COLUMNS = ("item", "start", "end", "verdict", "kind", "due", "note")
VERDICTS = ("right", "wrong", "neutral")
CONTEXT = 300


@dataclass(frozen=True, slots=True)
class Hit:
    """A statement found in an item of the stream."""

    document: Document
    statement: Statement


@dataclass(frozen=True, slots=True)
class Judgement:
    """One line of the reading."""

    line: int
    item: str
    start: int
    end: int
    verdict: str
    kind: str
    due: str


def main() -> int:
    """Print the figures or a sample; return 1 where an item raised."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, metavar="N", help="print N hits at random, to be judged")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--unseen", action="store_true", help="sample only items that no weight was learnt from")
    arguments = parser.parse_args()
    if arguments.sample is None:
        heading("The real stream")
        print("$ python benchmarks/stream.py")
    if missing(STREAM, "The real stream"):
        return 0
    documents = stream()
    began = perf_counter()
    hits, raised = _read(documents)
    seconds = perf_counter() - began
    learnt = _learnt()
    if arguments.sample is not None:
        pool = [hit for hit in hits if not (arguments.unseen and hit.document.key in learnt)]
        chance = random.Random(arguments.seed)  # noqa: S311 - a sample, not a secret
        _print_sample(chance.sample(pool, min(arguments.sample, len(pool))))
        return 0
    size = sum(len(document.text) for document in documents) / 1000
    dated = sum(hit.statement.due is not None for hit in hits)
    print(f"{len(documents):,} items, {size:,.0f} kB, read in {seconds:.1f} s: {len(raised)} exceptions")
    print(f"{len(hits):,} statements, {dated:,} of them dated, in {len({hit.document.key for hit in hits}):,} items")
    for name in raised:
        print(f"  {name}")
    unseen = sum(hit.document.key not in learnt for hit in hits)
    print(f"{unseen:,} statements are in items that no weight was learnt from ({len(learnt):,} items were)")
    _print_precision(hits, _reading(), learnt)
    return 1 if raised else 0


def _read(documents: Iterable[Document]) -> tuple[list[Hit], list[str]]:
    hits: list[Hit] = []
    raised: list[str] = []
    for document in documents:
        try:
            hits.extend(Hit(document, statement) for statement in read_article(document.text, document.day))
        except Exception as error:  # noqa: BLE001 - whatever it raises is what we count
            raised.append(f"{document.key}: {error!r}")
    return hits, raised


def _print_sample(hits: Iterable[Hit]) -> None:
    """Print each hit under the beginning of its line in the reading, the hit itself in ⟦ ⟧."""
    for number, hit in enumerate(hits, start=1):
        document, found = hit.document, hit.statement
        due = f"{found.due.first} to {found.due.last}" if found.due else "undated"
        before = document.text[max(0, found.start - CONTEXT) : found.start]
        after = document.text[found.end : found.end + CONTEXT]
        time = f" ({found.timex.text})" if found.timex else ""
        print(f"{document.key}\t{found.start}\t{found.end}")
        print(f"  {number}. of {document.day}: {found.kind}, {due}{time}, by {found.speaker or 'the reporter'}")
        print(f"  {' '.join(f'{before}⟦{found.quote}⟧{after}'.split())}\n")


def _reading() -> Sequence[Judgement]:
    with READING.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            message = f"{READING.name} must have the columns {', '.join(COLUMNS)}"
            raise SystemExit(message)
        return [_judgement(row, number) for number, row in enumerate(rows, start=2)]


def _judgement(row: Mapping[str, str | None], line: int) -> Judgement:
    item, start, end, verdict, kind, due = ((row[column] or "").strip() for column in COLUMNS[:6])
    sound = start.isdigit() and end.isdigit() and verdict in VERDICTS and {kind, due} <= {"yes", "no", ""}
    if not sound:
        message = f"{READING.name}, line {line}: a whole start and end, {'|'.join(VERDICTS)}, yes|no|, yes|no| are due"
        raise SystemExit(message)
    return Judgement(line, item, int(start), int(end), verdict, kind, due)


def _learnt() -> frozenset[str]:
    """Return the items of the stream that weights were learnt from."""
    if not LEARNT.is_file():
        return frozenset()
    return frozenset(json.loads(line)["id"] for line in LEARNT.read_text("utf-8").splitlines())


def _print_precision(hits: Sequence[Hit], reading: Sequence[Judgement], learnt: frozenset[str]) -> None:
    if not reading:
        print(f"Precision: {READING.name} judges no hit yet.")
        return
    found = _found(hits, reading)
    before, now = Counter(one.verdict for one in reading), Counter(one.verdict for one in found)
    print(f"Reading of {len(reading)} hits: {_told(before)}, precision {_precision(before)}")
    print(f"  of them found today: {_told(now)}, precision {_precision(now)}")
    unseen = Counter(one.verdict for one in found if one.item not in learnt)
    print(f"  in items never learnt from: {_told(unseen)}, precision {_precision(unseen)}")
    right = [one for one in found if one.verdict == "right"]
    print(f"  of the right ones, kind right {_share(one.kind for one in right)}", end="")
    print(f", due right {_share(one.due for one in right)}")
    print(f"  {len(hits) - len(found):,} of today's {len(hits):,} hits are not judged")


def _found(hits: Sequence[Hit], reading: Iterable[Judgement]) -> Sequence[Judgement]:
    """Return the judgements whose hit is found today; one hit is one judgement's at most, the closest first."""
    judged: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in reading:
        judged[judgement.item].append(judgement)
    pairs = [
        (-_shared(one, hit.statement), number, one)
        for number, hit in enumerate(hits)
        for one in judged[hit.document.key]
    ]
    found: dict[Judgement, int] = {}
    taken: set[int] = set()
    for closeness, number, one in sorted(pairs, key=lambda pair: pair[:2]):
        if -closeness >= 1 / 2 and number not in taken and one not in found:
            found[one] = number
            taken.add(number)
    return list(found)


def _shared(judgement: Judgement, statement: Statement) -> float:
    common = min(judgement.end, statement.end) - max(judgement.start, statement.start)
    return common / max(1, min(judgement.end - judgement.start, statement.end - statement.start))


def _told(verdicts: Mapping[str, int]) -> str:
    return ", ".join(f"{verdicts.get(verdict, 0)} {verdict}" for verdict in VERDICTS)


def _precision(verdicts: Mapping[str, int]) -> str:
    right, wrong = verdicts.get("right", 0), verdicts.get("wrong", 0)
    return f"{right / (right + wrong):.3f}" if right + wrong else "–"


def _share(answers: Iterable[str]) -> str:
    given = [answer for answer in answers if answer]
    return f"{given.count('yes')} of {len(given)}"


if __name__ == "__main__":
    sys.exit(main())
