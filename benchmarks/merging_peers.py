"""What finds near copies, as one would take it from a library: TF-IDF, MinHash and SimHash over a statement's words."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from typing import TypeAlias

Likeness: TypeAlias = Callable[[int, int], float]

DAYS = 10
_WORD = re.compile(r"\w+")
_ROWS = 64
"""Hash functions of MinHash, and bits of SimHash."""


def words_of(text: str) -> Sequence[str]:
    """Return the words of a text, in lower case."""
    return _WORD.findall(text.lower())


def peers(texts: Sequence[Sequence[str]]) -> Mapping[str, Likeness]:
    """Return how alike two of these texts are, from 0 to 1, as each peer sees it."""
    return {"TF-IDF": _tf_idf(texts), "MinHash": _min_hash(texts), "SimHash": _sim_hash(texts)}


def linked(likeness: Likeness, days: Sequence[date], enough: float) -> list[int]:
    """Return a number for each text: one as alike as that to an earlier one, told within ten days, has its number."""
    numbers = list(range(len(days)))
    for at in range(len(days)):
        near = [
            (likeness(at, earlier), -earlier) for earlier in range(at) if abs((days[at] - days[earlier]).days) <= DAYS
        ]
        best = max(near, default=(0.0, 0))
        if best[0] >= enough:
            numbers[at] = numbers[-best[1]]
    return numbers


def _tf_idf(texts: Sequence[Sequence[str]]) -> Likeness:
    seen = Counter(word for text in texts for word in set(text))
    weights = [
        {word: count * math.log(len(texts) / seen[word]) for word, count in Counter(text).items()} for text in texts
    ]
    lengths = [math.sqrt(sum(weight * weight for weight in each.values())) or 1.0 for each in weights]

    def likeness(one: int, other: int) -> float:
        shared = weights[one].keys() & weights[other].keys()
        return sum(weights[one][word] * weights[other][word] for word in shared) / lengths[one] / lengths[other]

    return likeness


def _min_hash(texts: Sequence[Sequence[str]]) -> Likeness:
    rows = [[min((_hash(word, row) for word in text), default=0) for row in range(_ROWS)] for text in texts]

    def likeness(one: int, other: int) -> float:
        return sum(mine == theirs for mine, theirs in zip(rows[one], rows[other], strict=True)) / _ROWS

    return likeness


def _sim_hash(texts: Sequence[Sequence[str]]) -> Likeness:
    bits = [_bits(text) for text in texts]

    def likeness(one: int, other: int) -> float:
        return 1 - (bits[one] ^ bits[other]).bit_count() / _ROWS

    return likeness


def _bits(text: Sequence[str]) -> int:
    hashes = [_hash(word, 0) for word in text]
    return sum(1 << bit for bit in range(_ROWS) if 2 * sum(each >> bit & 1 for each in hashes) > len(hashes))


def _hash(word: str, row: int) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8, salt=row.to_bytes(2, "big")).digest(), "big")
