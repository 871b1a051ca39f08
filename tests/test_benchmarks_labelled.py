"""The texts that weights are learnt from are in order, and what is learnt is what they say."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.labelled import invented, invented_for_kinds, passages
from benchmarks.train import Example, KindExample, chance, choice_of, dated_examples, kind_examples, learn, learn_kinds
from watchers.matcher.weighing import choose
from watchers.model import Kind

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
ARTICLES = [
    json.loads(line)
    for path in sorted((BENCHMARKS / "articles").glob("*.jsonl"))
    for line in path.read_text("utf-8").splitlines()
]
KINDS = {"deadline", "commitment", "event", "expectation"}


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: str(article["id"]))
def test_an_invented_article_is_labelled_where_it_says(article: dict[str, Any]) -> None:
    for item in article["items"]:
        assert article["text"][item["start"] : item["end"]] == item["quote"]
        assert item["kind"] in KINDS
        if item["due_end"] is None:
            assert item["timex"] is None
            continue
        assert article["text"][item["timex_start"] : item["timex_end"]] == item["timex"]
        assert date.fromisoformat(item["due_start"]) <= date.fromisoformat(item["due_end"])
        assert date.fromisoformat(item["due_end"]) >= date.fromisoformat(article["date"])


def test_no_article_stands_twice() -> None:
    assert (
        len({article["id"] for article in ARTICLES}) == len(ARTICLES) == len({article["text"] for article in ARTICLES})
    )


def test_labels_of_others_texts_hold_offsets_and_no_text() -> None:
    known = {
        *("id", "items", "judged", "start", "end", "kind", "due_start", "due_end", "speaker", "conditional", "neutral"),
        *("timex_start", "timex_end", "dated", "verdict", "outcome", "evidence", "not"),
        *("source", "followup", "half", "precision", "rules", "shown_by", "at", "right", "story", "part"),
    }
    for path in (BENCHMARKS / "labels").glob("*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            assert row.keys() <= known
            labels = [label for name in ("items", "judged", "evidence", "not") for label in row.get(name, ())]
            assert all(label.keys() <= known for label in labels)


def test_every_kind_is_invented_and_most_sentences_say_nothing() -> None:
    kinds = Counter(judged.kind for article in invented() for judged in article.judged)
    assert kinds.keys() == KINDS
    assert min(kinds.values()) > 50
    sample = [
        example
        for number, article in enumerate(invented())
        if number % 20 == 0
        for example in dated_examples([article])
    ]
    assert sum(example.holds for example in sample) < len(sample) / 2


def test_passages_bring_both_sides() -> None:
    verdicts = [bool(passage.judged) for passage in passages()]
    assert verdicts.count(True) >= 400
    assert verdicts.count(False) >= 400


def test_what_is_learnt_tells_the_examples_apart() -> None:
    def example(holds: bool, *traits: str) -> Example:  # noqa: FBT001  the answer of an example
        return Example("a", "train", frozenset(traits), holds, neutral=False, weight=1.0)

    given = [example(True, "verb:will", "x"), example(False, "verb:said", "x")] * 20
    bias, weights = learn(given)
    assert weights["verb:will"] > 0 > weights["verb:said"]
    assert chance(given[0], bias, weights) > 0.6
    assert chance(given[1], bias, weights) < 0.4


def test_a_trait_seen_too_seldom_is_not_weighed() -> None:
    given = [Example("a", "train", frozenset(("often",)), holds=True, neutral=False, weight=1.0)] * 10
    rare = Example("a", "train", frozenset(("once",)), holds=False, neutral=False, weight=1.0)
    assert learn([*given, rare])[1].keys() == {"often"}


def test_what_is_learnt_of_kinds_tells_them_apart() -> None:
    def example(kind: Kind, *traits: str) -> KindExample:
        return KindExample("a", frozenset(traits), kind, weight=1.0)

    given = [
        *[example(Kind.EVENT, "done:meet", "who:actor")] * 8,
        *[example(Kind.DEADLINE, "limit:until", "who:actor")] * 8,
    ]
    choice = choice_of(*learn_kinds(given))
    assert choose({"done:meet", "who:actor"}, choice)[0] == Kind.EVENT
    assert choose({"limit:until", "who:actor"}, choice)[0] == Kind.DEADLINE
    assert "who:actor" not in choose({"done:meet", "who:actor"}, choice)[1][0]


def test_each_time_that_is_labelled_shows_its_kind_once() -> None:
    for article in invented_for_kinds():
        shown = [example.kind for example in kind_examples([article])]
        assert Counter(map(str, shown)) == Counter(judged.kind for judged in article.judged)
