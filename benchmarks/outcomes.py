r"""How follow-ups ended over a year of news: scores, a plain peer, and speed.

    python benchmarks/outcomes.py           # scores beside a peer, folds by month, speed with many open follow-ups
    python benchmarks/outcomes.py --folds   # learn on five sixths of the months, judge on the rest, six times
    python benchmarks/outcomes.py --learn   # learn what each sign weighs from every label, and write the weights

The year is Wikipedia's Current Events of 2025, beside the checkout. Two sets of labels: the one that lies beside it
(`../shared/gold/outcomes_2025.jsonl`), and ours (`labels/outcomes_2025.jsonl`), which hold the other follow-ups that
the matcher finds in the year, most of which nothing ever tells the end of. A label names items and characters only.

The weights are those of a logistic regression with a quadratic penalty towards what common sense expects (`EXPECTED`),
each held to its side of zero (`FOR`, `AGAINST`), so that few examples cannot teach nonsense. By coordinate descent, in
plain Python, always with the same result.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.invented import invented
from benchmarks.material import ROOT, SHARED, heading, missing, ours, scored, write_lines
from benchmarks.outcome_labels import FOLD, GOLD, UNKNOWN, YEAR, Case, Item, Pair, cases, pairs, year
from watchers.expectations import expected_of
from watchers.followup_index import followup_of
from watchers.marks import marks_in
from watchers.matcher.english.outcome_weights import KEPT
from watchers.open_index import OpenIndex, asked_by
from watchers.rating import SURE
from watchers.resolutions import Resolution, judge, read_news, resolve

SCORER = SHARED / "gold" / "score_outcomes.py"
TARGET = ROOT / "watchers" / "matcher" / "english" / "outcome_weights.py"
HEAD = '''"""What each sign weighs for "it was done"; written by `benchmarks/outcomes.py --learn`, not by hand.

The sum of the bias and of each sign's weight times its strength is the logarithm of the odds.
"""

from __future__ import annotations

from typing import Final

'''
FOLDS = 6
"""A fold is judged every sixth month."""
PENALTY = 2.0
POSITIVE = 6.0
"""What an example of evidence counts beside one of none: there are some hundred and fifty times as many of those."""
ROUNDS = 60
FOR = frozenset(
    {"the same matter", "the same matter, on the day", "much in common", "the same names", "the same things"}
    | {"the same figure", "the act is told as done", "on its day", "within its day", "on its days", "on its weeks"}
    | {"the day after"}
)
AGAINST = frozenset(
    {
        "little in common",
        "an actor is missing",
        "a name is missing",
        "other actors",
        "nobody in common",
        "another figure",
        "another round",
    }
    | {"the act is only announced", "the act is told as not done", "the act is not told", "no act is named"}
    | {"it tells of another day", "it only accuses", "before its time", "within a week after", "long after"}
    | {"undated, later", "a truce without an end", "the day it was said"}
)
EXPECTED = {
    "the act is told as done": 1.5,
    "the act is told as not done": -1.0,
    "the act is only announced": -1.2,
    "the act is not told": -1.0,
    "no act is named": -1.0,
    "an actor is missing": -1.5,
    "other actors": -1.5,
    "nobody in common": -1.5,
    "another figure": -0.7,
    "another round": -1.2,
    "it only accuses": -1.0,
    "a truce without an end": -2.0,
    "a name is missing": -1.0,
    "on its day": 2.0,
    "on its days": 2.0,
    "on its weeks": 2.0,
    "within its day": 1.5,
    "within its days": 1.5,
}
OPEN = "open"


# --- learning -----------------------------------------------------------------------------------------------------


def learn(given: Iterable[Pair]) -> dict[str, float]:
    """Return what each sign weighs, and the bias."""
    rows = [(pair.signs, 1.0 if pair.done else 0.0) for pair in given if pair.done is not None]
    names = sorted({name for signs, _ in rows for name in signs} | EXPECTED.keys())
    having = {name: [(at, signs[name]) for at, (signs, _) in enumerate(rows) if signs.get(name)] for name in names}
    having["bias"] = [(at, 1.0) for at in range(len(rows))]
    weights = {name: EXPECTED.get(name, 0.0) for name in having}
    odds = [math.fsum(weights.get(name, 0.0) * value for name, value in signs.items()) for signs, _ in rows]
    for _ in range(ROUNDS):
        for name, held in having.items():
            penalty = PENALTY if name != "bias" else 1e-3
            slope, bend = penalty * (weights[name] - EXPECTED.get(name, 0.0)), penalty
            for at, value in held:
                chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds[at]))))
                counts = POSITIVE if rows[at][1] else 1.0
                slope += counts * (chance - rows[at][1]) * value
                bend += counts * max(chance * (1 - chance), 1e-3) * value * value
            wanted = weights[name] - slope / bend
            wanted = max(0.0, wanted) if name in FOR else min(0.0, wanted) if name in AGAINST else wanted
            for at, value in held:
                odds[at] += (wanted - weights[name]) * value
            weights[name] = wanted
    return {name: round(weight, 2) for name, weight in weights.items()}


def suggestions(given: Iterable[Pair]) -> dict[int, tuple[Resolution, str]]:
    """Return for each case the strongest suggestion among its pairs, with its item."""
    best: dict[int, tuple[Resolution, str]] = {}
    for pair in given:
        expected = expected_of(pair.case.followup)
        found = judge(expected, pair.news, pair.news.sentences[pair.index])
        number = pair.case.followup.id
        if found is not None and (number not in best or found.confidence > best[number][0].confidence):
            best[number] = found, pair.item.key
    return best


def score(found: Iterable[Case], best: Mapping[int, tuple[Resolution, str]]) -> Counter[str]:
    """Count as the scorer does: what was settled, said and right, the negatives, and those settled wrongly."""
    count: Counter[str] = Counter()
    for case in found:
        suggestion, item = best.get(case.followup.id, (None, ""))
        said = OPEN
        if suggestion is not None and suggestion.confidence >= SURE:
            said = FOLD.get(suggestion.outcome.value, suggestion.outcome.value)
        outcome = FOLD.get(case.outcome, case.outcome)
        if outcome == OPEN:
            count.update(negatives=1, wrong=said != OPEN)
        elif outcome != UNKNOWN:
            count.update(settled=1, said=said != OPEN, right=said == outcome)
            count.update({f"{outcome} settled": 1, f"{outcome} right": int(said == outcome)})
        count.update(negatives=len(case.impostors), wrong=said != OPEN and item in case.impostors)
    return count


def told(count: Mapping[str, int]) -> str:
    """Return a count in words."""
    said = count["said"] + count["wrong"]
    return (
        f"precision {count['right']}/{said} = {count['right'] / max(1, said):.3f}  "
        f"recall {count['right']}/{count['settled']} = {count['right'] / max(1, count['settled']):.3f}  "
        f"negatives settled {count['wrong']}/{count['negatives']}"
    )


def folds(found: Sequence[Case], given: Sequence[Pair]) -> None:
    """Print how well weights do in months they were not learnt from."""
    best: dict[int, tuple[Resolution, str]] = {}
    in_use = dict(KEPT)
    for fold in range(FOLDS):
        held = {case.followup.id for case in found if case.followup.said_on.month % FOLDS == fold}
        KEPT.clear()
        KEPT.update(learn(pair for pair in given if pair.case.followup.id not in held))
        best |= suggestions(pair for pair in given if pair.case.followup.id in held)
    KEPT.clear()
    KEPT.update(in_use)
    for source in ("given", "ours"):
        count = score([case for case in found if case.source == source], best)
        print(f"{source:<6} {told(count)}")
        parts = (f"{name} {count[f'{name} right']}/{count[f'{name} settled']}" for name in ("kept", "broken", "moved"))
        print(f"       of these {', '.join(parts)}")


def write(weights: Mapping[str, float]) -> None:
    """Write the weights."""
    lines = [f"    {name!r}: {weight}," for name, weight in sorted(weights.items()) if weight]
    TARGET.write_text(HEAD + "KEPT: Final[dict[str, float]] = {\n" + "\n".join(lines) + "\n}\n", "utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", TARGET], check=True)
    print(f"written to {TARGET.relative_to(ROOT)}")


# --- the peer -----------------------------------------------------------------------------------------------------

_CUES = (
    ("moved", re.compile(r"(?i)\b(?:postpon|delay|defer|extend|reschedul|push(?:ed|es)? back|brought forward)")),
    ("withdrawn", re.compile(r"(?i)\b(?:cancel|call(?:s|ed)? off|scrap|suspend|withdr[ae]w|rescind|revoke)")),
    ("broken", re.compile(r"(?i)\b(?:fail|reject|refus|violat|collaps|never|unable|miss(?:es|ed) )")),
)
_PEER_LEAST = (0.3, 0.4, 0.5)


def peer(found: Sequence[Mapping[str, Any]], items: Sequence[Item], least: float) -> Iterator[dict[str, Any]]:
    """Yield our follow-ups as a plain reader would settle them: the nearest later sentence, and cue words in it."""
    known = {item.key: at for at, item in enumerate(items)}
    bags = [marks_in(item.text) for item in items]
    frequency = Counter(mark for bag in bags for mark in bag)
    rare = {mark: math.log(len(items) / count) for mark, count in frequency.items()}

    def length(bag: Iterable[str]) -> float:
        return math.sqrt(sum(rare.get(mark, 0.0) ** 2 for mark in bag)) or 1.0

    lengths = [length(bag) for bag in bags]
    for row in found:
        first, end = row["statements"][0], row["due_end"]
        wanted = marks_in(first["quote"])
        until = date.fromisoformat(str(end)) + timedelta(days=45) if end else None
        near, place = 0.0, None
        for at in range(known[first["id"]] + 1, len(items)):
            if until is not None and items[at].day > until:
                break
            likeness = sum(rare[mark] ** 2 for mark in wanted & bags[at]) / lengths[at] / length(wanted)
            near, place = max((near, place or 0), (likeness, at))
        settled = place is not None and near >= least
        text = items[place].text if settled and place is not None else ""
        outcome = next((name for name, cue in _CUES if cue.search(text)), "kept") if settled else OPEN
        evidence = {"id": items[place].key, "start": 0, "end": len(text), "quote": text} if settled and place else None
        yield {**row, "outcome": outcome, "evidence": evidence, "confidence": near}


# --- speed --------------------------------------------------------------------------------------------------------

_SIZES = (1_000, 5_000, 20_000, 80_000)


def speed(found: Sequence[Case], items: Sequence[Item]) -> None:
    """Print how long an article takes with many follow-ups open: invented ones, made of the year's with other names."""
    print(f"{'open':>8}{'median ms':>11}{'95 % ms':>9}{'compared':>10}")
    for size in _SIZES:
        index = OpenIndex()
        models = [case.followup for case in found]
        for number, telling in enumerate(invented(models, size, items[0].day, 365)):
            index.put(number, expected_of(followup_of(number, telling)))
        taken: list[float] = []
        compared = 0
        for item in items[::3]:
            began = perf_counter()
            news = read_news(item.text, item.day)
            near = index.near(asked_by(news))
            for number, sentences in near.items():
                resolve(index.expected(number), news.of(sentences))
            taken.append(perf_counter() - began)
            compared += len(near)
        taken.sort()
        median, most = taken[len(taken) // 2] * 1000, taken[len(taken) * 95 // 100] * 1000
        print(f"{size:>8,}{median:>11.2f}{most:>9.2f}{compared / len(taken):>10.1f}")


# --- the run ------------------------------------------------------------------------------------------------------


def main() -> int:
    """Print the scores, or learn; return 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learn", action="store_true", help="learn from every label and write the weights")
    parser.add_argument("--folds", action="store_true", help="only judge months that weights were not learnt from")
    arguments = parser.parse_args()
    heading("How follow-ups ended")
    if missing(YEAR, "The year of news") or missing(GOLD, "The labelled outcomes"):
        return 0
    items = year()
    found = cases(items)
    if not (arguments.learn or arguments.folds):
        _scores(items)
    news = [read_news(item.text, item.day) for item in items]
    given = list(pairs(found, items, news))
    evidence = sum(pair.done is True for pair in given)
    print(f"{len(found)} labelled follow-ups are found, {len(given):,} sentences near them, {evidence} are evidence")
    if arguments.learn:
        write(learn(given))
        return 0
    print(f"Judged in months that no weight was learnt from ({FOLDS} folds):")
    folds(found, given)
    if not arguments.folds:
        speed(found, items)
    return 0


def _scores(items: Sequence[Item]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "year.jsonl", Path(folder) / "outcomes.jsonl"
        rows = [{"id": item.key, "date": item.day.isoformat(), "title": "", "text": item.text} for item in items]
        write_lines(source, rows)
        ours("outcomes", source, target)
        _print("ours", scored(SCORER, GOLD, YEAR, target))
        found = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
        ended: defaultdict[str, int] = defaultdict(int)
        for row in found:
            ended[row["outcome"]] += 1
        print(f"{len(found)} follow-ups: {', '.join(f'{count} {name}' for name, count in sorted(ended.items()))}")
        for least in _PEER_LEAST:
            write_lines(target, peer(found, items, least))
            _print(f"nearest sentence (TF-IDF ≥ {least}) and cue words", scored(SCORER, GOLD, YEAR, target))


def _print(name: str, figures: Mapping[str, float]) -> None:
    print(f"{name}: " + "  ".join(f"{what} {value:.3f}" for what, value in figures.items()))


if __name__ == "__main__":
    sys.exit(main())
