"""What the matcher reads in the passages of `tests/corpus/`, one test for each.

A passage marked `known_gap = true` is one the matcher does not read rightly yet. Its test fails as soon as it does, so
that the mark is taken away: `python -m tests.corpus.mark_gaps` rewrites all marks from what is read now.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.matcher_corpus import POSITIVE_FILES, ROWS, Passage, faults, files, passages, same_speaker
from watchers.model import Kind, Precision

PASSAGES = [passage for file in files() for passage in passages(file)]
POSITIVE = [(passage, passage.label) for passage in PASSAGES if passage.label is not None]
NEGATIVE = [passage for passage in PASSAGES if passage.label is None]
CASES = [
    pytest.param(
        passage,
        marks=[pytest.mark.xfail(strict=True, reason="known gap")] if passage.known_gap else [],
        id=f"{passage.file}-{passage.text[:50]}",
    )
    for passage in PASSAGES
]


@pytest.mark.parametrize("passage", CASES)
def test_a_passage_is_read_as_it_is_labelled(passage: Passage) -> None:
    assert faults(passage) == ()


def test_no_passage_stands_twice() -> None:
    told = Counter(" ".join(passage.text.lower().split()) for passage in PASSAGES)

    assert [text for text, count in told.items() if count > 1] == []


def test_there_are_many_passages_and_as_many_negatives_as_positives() -> None:
    assert len(POSITIVE) >= 250
    assert len(NEGATIVE) >= 250
    assert len(NEGATIVE) >= 0.9 * len(POSITIVE)


def test_every_row_of_the_interval_table_and_no_other_is_covered() -> None:
    assert {label.row for _, label in POSITIVE} == ROWS


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_covered(kind: Kind) -> None:
    assert sum(label.kind is kind for _, label in POSITIVE) >= 40


def test_a_time_stands_in_its_passage_and_falls_due_no_earlier_than_the_article() -> None:
    for passage, label in POSITIVE:
        assert label.time in passage.text
        assert (label.due is None) == (not label.time) == (label.precision is Precision.NONE)
        assert label.due is None or label.due.last >= passage.published, passage.text


def test_every_file_holds_positives_or_reasons_to_read_nothing() -> None:
    for passage in PASSAGES:
        assert (passage.file in POSITIVE_FILES) == (passage.label is not None) == (not passage.why), passage.text


@pytest.mark.parametrize(
    ("expected", "read", "same"),
    [
        ("", "", True),
        ("Kyiv", "", False),
        ("", "Kyiv", False),
        ("Ilse Brandt", "Foreign Minister Ilse Brandt", True),
        ("The Kremlin", "kremlin", True),
        ("Qatar's foreign ministry", "Qatar", True),
        ("Ilse Brandt", "Uwe Brandt", False),
    ],
)
def test_a_speaker_may_be_named_more_or_less_fully(expected: str, read: str, *, same: bool) -> None:
    assert same_speaker(expected, read) is same
