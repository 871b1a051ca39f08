"""Learn what each trait of a time, of words of promise or of a kind weighs; write the weights.

They stand in `watchers/matcher/english/weights.py` and `kind_weights.py`.

    python benchmarks/train.py           # learn from every labelled text but dev, and write the weights
    python benchmarks/train.py --folds   # ten-fold cross-validation by article, nothing written

Logistic regression with a quadratic penalty, by gradient steps with a rate for each weight (AdaGrad: Duchi, Hazan,
Singer 2011), in plain Python so that nothing need be installed; for kinds, multinomial. The scales are averaged over
the last rounds (Polyak and Juditsky 1992). dev is never learnt from.
"""

from __future__ import annotations

import argparse
import math
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.labelled import HERE, Labelled, gold, invented, invented_for_kinds, ours, passages
from watchers.matcher.explaining import kinds_in, sightings_in, undertakings_in
from watchers.matcher.weighing import Choice, choose
from watchers.model import Kind

ENGLISH = HERE.parent / "watchers" / "matcher" / "english"
TARGET = ENGLISH / "weights.py"
KINDS_TARGET = ENGLISH / "kind_weights.py"
RAREST = 4
"""How often a trait must have been seen to be weighed."""
PENALTY = 10.0
"""Half of this, times the sum of the squared weights, is added to the loss."""
ROUNDS = 80
AVERAGED = 60
"""The last rounds, whose weights are averaged: else the bias hangs on which examples happened to come last."""
RATE = 0.3
FOLDS = 10
LIGHTEST = 0.02
HEAD = '''"""What each trait weighs; written by `benchmarks/train.py`, not by hand.

The sum of the bias and of the weights of the traits is the logarithm of the odds that a time bounds a statement, or
that words of promise make one, less that of the odds from which on we say so: at or above zero they do.
"""

from __future__ import annotations

from typing import Final

from watchers.matcher.weighing import Scale
'''
HEAD_OF_KINDS = '''"""What each trait weighs for each kind; written by `benchmarks/train.py`, not by hand.

Of the sums of bias and weights the greatest names the kind.
"""

from __future__ import annotations

from typing import Final

from watchers.matcher.weighing import Choice
'''
KINDS = tuple(Kind)
ROUNDS_OF_KINDS = 30
"""Fewer than for the scales: there are four answers to learn, and few more examples than traits."""
WEIGHT_OF_KIND = {"passages": 0.5, "invented": 0.7}
"""What one example of a kind counts where it is not what `SOURCE_WEIGHT` says."""
NEUTRAL_KIND_WEIGHT = 0.4
"""What a neutral example of a kind counts: it is told as others are, but of other matters."""
LIGHTEST_OF_KINDS = 0.04
THRESHOLD = {"dated": 0.37, "undated": 0.46}
"""The chance from which on it is a statement: set by cross-validation, folded into the bias."""
SOURCE_WEIGHT = {
    "seeds": 1.0,
    "train": 1.0,
    "clusters": 1.0,
    "temporal": 1.0,
    "invented": 0.4,
    "passages": 0.4,
    "stream": 0.8,
    "events": 0.8,
}
"""What one example counts: whole articles of the press the most."""
NEUTRAL_WEIGHT = 0.2
"""What a neutral example counts, as nothing: to catch one is neither right nor wrong, but no one asked for it."""


@dataclass(frozen=True, slots=True)
class Example:
    """A time, or words of promise, as they stand in their article, and whether they make a statement."""

    article: str
    source: str
    traits: frozenset[str]
    holds: bool
    neutral: bool
    weight: float


def dated_examples(articles: Iterable[Labelled]) -> Iterator[Example]:
    """Yield every time of the articles that may bound a statement and was judged."""
    for article in articles:
        for sighting, traits in sightings_in(article.text, article.day):
            start, end = sighting.mention.start, sighting.mention.end
            judged = next((j for j in article.judged if j.time and j.time[0] < end and start < j.time[1]), None)
            if judged is not None or article.complete:
                yield _example(article, traits, judged.verdict if judged is not None else "nothing")


def undated_examples(articles: Iterable[Labelled]) -> Iterator[Example]:
    """Yield every sentence with words of promise that was judged and holds no dated or neutral statement."""
    for article in articles:
        for undertaking, traits in undertakings_in(article.text, article.day):
            start, end = undertaking.sentence
            judged = [
                j for j in article.judged if j.start < end and start < j.end and (article.complete or not j.dated)
            ]
            if any(j.dated or j.verdict == "neutral" for j in judged) or not (judged or article.complete):
                continue
            yield _example(article, traits, judged[0].verdict if judged else "nothing")


def _example(article: Labelled, traits: frozenset[str], verdict: str) -> Example:
    weight = SOURCE_WEIGHT[article.source] * (NEUTRAL_WEIGHT if verdict == "neutral" else 1.0)
    key = f"{article.source}/{article.key}"
    return Example(key, article.source, traits, verdict == "statement", verdict == "neutral", weight)


def learn(given: Sequence[Example]) -> tuple[float, dict[str, float]]:
    """Return the bias and the weights that make what was judged likeliest."""
    seen = Counter(trait for example in given for trait in example.traits)
    names = sorted(trait for trait, count in seen.items() if count >= RAREST)
    number = {trait: index for index, trait in enumerate(names)}
    rows = [
        ([number[trait] for trait in sorted(example.traits) if trait in number], example.holds, example.weight)
        for example in given
    ]
    weights, bias = [0.0] * len(names), 0.0
    squares, bias_square = [1e-6] * len(names), 1e-6
    shrink = [PENALTY / max(1, seen[name]) for name in names]  # the penalty, shared out over a trait's examples
    order = random.Random(0)  # noqa: S311  an order to visit examples in, no secret
    mean, bias_mean = [0.0] * len(names), 0.0
    for done in range(ROUNDS):
        order.shuffle(rows)
        for traits, holds, weight in rows:
            odds = bias + sum(weights[index] for index in traits)
            slope = weight * (1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))) - holds)
            for index in traits:
                step = slope + shrink[index] * weights[index]
                squares[index] += step * step
                weights[index] -= RATE * step / math.sqrt(squares[index])
            bias_square += slope * slope
            bias -= RATE * slope / math.sqrt(bias_square)
        if done >= ROUNDS - AVERAGED:
            mean = [total + weight / AVERAGED for total, weight in zip(mean, weights, strict=True)]
            bias_mean += bias / AVERAGED
    return bias_mean, dict(zip(names, mean, strict=True))


@dataclass(frozen=True, slots=True)
class KindExample:
    """A dated statement as it stands in its article, and its kind."""

    article: str
    traits: frozenset[str]
    kind: Kind
    weight: float


def kind_examples(articles: Iterable[Labelled]) -> Iterator[KindExample]:
    """Yield every time of the articles that bounds a statement of a known kind, neutral ones among them."""
    for article in articles:
        known = [judged for judged in article.judged if judged.time is not None and judged.kind is not None]
        for sighting, traits in kinds_in(article.text, article.day) if known else ():
            start, end = sighting.mention.start, sighting.mention.end
            judged = next((j for j in known if j.time and j.time[0] < end and start < j.time[1]), None)
            if judged is not None:
                known.remove(judged)
                kind = Kind(judged.kind or "")
                weight = WEIGHT_OF_KIND.get(article.source, SOURCE_WEIGHT[article.source])
                weight *= NEUTRAL_KIND_WEIGHT if judged.verdict == "neutral" else 1.0
                yield KindExample(f"{article.source}/{article.key}", traits, kind, weight)


def learn_kinds(given: Sequence[KindExample]) -> tuple[list[float], dict[str, list[float]]]:
    """Return for each kind its bias, and for each trait what it weighs for each kind: multinomial regression."""
    seen = Counter(trait for example in given for trait in example.traits)
    names = sorted(trait for trait, count in seen.items() if count >= RAREST)
    number = {trait: index for index, trait in enumerate(names)}
    rows = [
        (
            [number[trait] for trait in sorted(example.traits) if trait in number],
            KINDS.index(example.kind),
            example.weight,
        )
        for example in given
    ]
    shrink = [PENALTY / max(1, seen[name]) for name in names]
    weights = [[0.0] * len(names) for _ in KINDS]
    squares = [[1e-6] * len(names) for _ in KINDS]
    bias, bias_squares = [0.0] * len(KINDS), [1e-6] * len(KINDS)
    order = random.Random(0)  # noqa: S311  an order to visit examples in, no secret
    for _ in range(ROUNDS_OF_KINDS):
        order.shuffle(rows)
        for traits, right, weight in rows:
            odds = [bias[at] + sum([own[index] for index in traits]) for at, own in enumerate(weights)]
            most = max(odds)
            shares = [math.exp(each - most) for each in odds]
            whole = sum(shares)
            for at, (own, own_squares) in enumerate(zip(weights, squares, strict=True)):
                slope = weight * (shares[at] / whole - (at == right))
                for index in traits:
                    step = slope + shrink[index] * own[index]
                    own_squares[index] += step * step
                    own[index] -= RATE * step / math.sqrt(own_squares[index])
                bias_squares[at] += slope * slope
                bias[at] -= RATE * slope / math.sqrt(bias_squares[at])
    return bias, {name: [own[index] for own in weights] for index, name in enumerate(names)}


def choice_of(bias: list[float], weights: dict[str, list[float]]) -> Choice:
    """Return what was learnt of kinds with two decimals, traits that say next to nothing left out."""
    kept = {name: tuple(round(each, 2) for each in own) for name, own in weights.items()}
    told = {name: own for name, own in kept.items() if max(map(abs, own)) >= LIGHTEST_OF_KINDS}
    return Choice(tuple(map(str, KINDS)), tuple(round(each, 2) for each in bias), told)


def chance(example: Example, bias: float, weights: dict[str, float]) -> float:
    """Return how likely an example is to hold."""
    return 1 / (1 + math.exp(-(bias + sum(weights.get(trait, 0.0) for trait in example.traits))))


def folds_of(articles: Iterable[str]) -> dict[str, int]:
    """Return for each article the fold in which it is judged, the same at every call."""
    shuffled = sorted(set(articles))
    random.Random(1).shuffle(shuffled)  # noqa: S311  folds, no secret
    return {article: index % FOLDS for index, article in enumerate(shuffled)}


def cross_validate(given: Sequence[Example], threshold: float) -> None:
    """Print how well the weights do on articles they were not learnt from, by source."""
    fold_of = folds_of(example.article for example in given)
    judged: list[tuple[Example, float]] = []
    for fold in range(FOLDS):
        bias, weights = learn([example for example in given if fold_of[example.article] != fold])
        judged += [(example, chance(example, bias, weights)) for example in given if fold_of[example.article] == fold]
    print(f"{'source':<10}{'times':>7}{'hold':>6}{'P':>8}{'R':>8}{'F1':>8}   at {threshold}; neutral ones aside")
    for source in sorted({example.source for example in given}):
        kept = [(example, odds) for example, odds in judged if example.source == source and not example.neutral]
        right = sum(example.holds and odds >= threshold for example, odds in kept)
        said = sum(odds >= threshold for _, odds in kept)
        true = sum(example.holds for example, _ in kept)
        print(
            f"{source:<10}{len(kept):>7}{true:>6}{right / max(1, said):>8.3f}{right / max(1, true):>8.3f}"
            f"{2 * right / max(1, said + true):>8.3f}"
        )


def scale(name: str, bias: float, weights: dict[str, float]) -> list[str]:
    """Return a scale as lines of Python: two decimals, traits that say next to nothing left out."""
    threshold = THRESHOLD[name]
    kept = {trait: round(weight, 2) for trait, weight in weights.items() if abs(weight) >= LIGHTEST}
    return [
        f"{name.upper()}: Final = Scale(",
        f"    {bias - math.log(threshold / (1 - threshold)):.2f},",
        "    {",
        *(f"        {trait!r}: {weight}," for trait, weight in sorted(kept.items())),
        "    },",
        ")",
    ]


def cross_validate_kinds(given: Sequence[KindExample]) -> None:
    """Print how well kinds are told in articles they were not learnt from, by source."""
    fold_of = folds_of(example.article for example in given)
    told: dict[str, Counter[tuple[str, str]]] = {}
    for fold in range(FOLDS):
        choice = choice_of(*learn_kinds([example for example in given if fold_of[example.article] != fold]))
        for example in given:
            if fold_of[example.article] == fold:
                pair = str(example.kind), choose(example.traits, choice)[0]
                told.setdefault(example.article.partition("/")[0], Counter())[pair] += 1
    for source, pairs in sorted(told.items()):
        right = sum(count for (kind, said), count in pairs.items() if kind == said)
        print(f"{source:<12}{right / pairs.total():.3f} of {pairs.total()} kinds right; told as {', '.join(KINDS)}:")
        for kind in KINDS:
            print(f"  {kind:<12}{''.join(f'{pairs[kind, said]:>6}' for said in KINDS)}")


def choice_lines(choice: Choice) -> list[str]:
    """Return a choice as lines of Python."""
    return [
        "KINDS: Final = Choice(",
        f"    {choice.answers!r},",
        f"    {choice.bias!r},",
        "    {",
        *(f"        {trait!r}: {weights!r}," for trait, weights in sorted(choice.weights.items())),
        "    },",
        ")",
    ]


def write(target: Path, lines: Iterable[str]) -> None:
    """Write a file of weights."""
    target.write_text("\n".join(lines) + "\n", "utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", target], check=True)
    print(f"written to {target.relative_to(HERE.parent)}")


def main() -> int:
    """Learn, or cross-validate; return 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folds", action="store_true", help="cross-validate and write nothing")
    folds = parser.parse_args().folds
    articles = [*gold("seeds"), *gold("train"), *ours(), *invented(), *passages()]
    lines = [HEAD]
    for name, collect in (("dated", dated_examples), ("undated", undated_examples)):
        given = list(collect(articles))
        print(f"{name}: {len(given)} examples, {sum(example.holds for example in given)} of them statements")
        if folds:
            cross_validate(given, THRESHOLD[name])
        else:
            lines += scale(name, *learn(given))
    kinds = list(kind_examples([*articles, *invented_for_kinds()]))
    print(f"kinds: {len(kinds)} examples")
    if folds:
        cross_validate_kinds(kinds)
    else:
        write(TARGET, lines)
        write(KINDS_TARGET, [HEAD_OF_KINDS, *choice_lines(choice_of(*learn_kinds(kinds)))])
    return 0


if __name__ == "__main__":
    sys.exit(main())
