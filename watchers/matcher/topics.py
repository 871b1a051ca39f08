"""Which topics a statement belongs to.

Quote, paragraph and title decide. The article's opening paragraph only helps: it completes a topic's `also`, and
stands in where nothing nearer fits any topic ("It expires on Friday", below an opening about the truce). So an
article about one war that mentions another further down files each statement under the war it is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from config.catalogue import Topic
from watchers.model import Statement

_LONGEST_PASSAGE = 4000
"""Characters of a paragraph that are read; longer ones are listings."""

_APOSTROPHE = re.compile("['’]")
_PARAGRAPH = re.compile(r"\n\s*")


@dataclass(frozen=True, slots=True)
class _Query:
    """One topic's words, compiled; None where it asks for none."""

    id: str
    about: re.Pattern[str]
    also: re.Pattern[str] | None
    without: re.Pattern[str] | None

    def holds(self, near: str, around: str) -> bool:
        """Tell whether `near` is about the topic; `also` may stand anywhere in `around`."""
        if self.about.search(near) is None:
            return False
        if self.also is not None and self.also.search(around) is None:
            return False
        return self.without is None or self.without.search(near) is None


class TopicIndex:
    """The topics of a catalogue, ready to be asked about statements."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        """Compile every topic's words once; a topic without words or actors never fits."""
        self._queries = tuple(
            _Query(topic.id, about, _alternation(topic.also), _alternation(topic.without))
            for topic in topics
            if (about := _alternation((*topic.words, *topic.actors))) is not None
        )

    def topics_of(self, statement: Statement, title: str, text: str) -> tuple[str, ...]:
        """Return the ids of the topics that fit, sorted; `text` is what the statement's offsets point into."""
        opening = _paragraph_at(text, _first_letter(text))
        near = words_near(statement, title, text)
        around = f"{near}\n{opening}"
        fitting = [query.id for query in self._queries if query.holds(near, around)]
        if not fitting:
            fitting = [query.id for query in self._queries if query.holds(opening, around)]
        return tuple(sorted(set(fitting)))


def words_near(statement: Statement, title: str, text: str) -> str:
    """Return what decides on a statement's topics: its quote, its paragraph and the headline."""
    return "\n".join((statement.quote, _paragraph_at(text, statement.start), title))


def _alternation(words: Sequence[str]) -> re.Pattern[str] | None:
    """Return a pattern for any of `words`, on word borders, in any case; None where there are none."""
    patterns = [pattern_of(word) for word in words if word.strip(" *")]
    if not patterns:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(patterns) + ")", re.IGNORECASE)


def pattern_of(word: str) -> str:
    """Return the pattern of one word or phrase; a trailing `*` stands for any ending."""
    stem = word.strip().rstrip("*")
    parts = (_APOSTROPHE.sub("['’]", re.escape(part)) for part in stem.split())
    return r"\s+".join(parts) + (r"\w*" if word.strip().endswith("*") else r"(?!\w)")


def _first_letter(text: str) -> int:
    return len(text) - len(text.lstrip())


def _paragraph_at(text: str, offset: int) -> str:
    """Return the paragraph that holds `offset`, at most `_LONGEST_PASSAGE` characters to either side."""
    floor = max(0, offset - _LONGEST_PASSAGE)
    ceiling = min(len(text), offset + _LONGEST_PASSAGE)
    start = text.rfind("\n", floor, offset) + 1
    found = _PARAGRAPH.search(text, offset, ceiling)
    return text[max(start, floor) : found.start() if found is not None else ceiling]
