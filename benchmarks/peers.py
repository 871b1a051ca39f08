"""Two naive readers of statements, as one would write them in an afternoon: what our own must be better than.

- The word filter of a feed bot: a sentence that has a word of time and a cue word is a statement. It does not read
  the time, so it can only call the day of publication due, and knows no speaker.
- The time tagger with the whole sentence: every time expression that lies ahead of the article makes its sentence a
  statement, due on the days it names. It is given our own time tagger and sentences, so that what it lacks is only
  the judgement what commits whom.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TypeAlias

from watchers.matcher.sentences import read_sentences
from watchers.matcher.temporal import read_times

Found: TypeAlias = dict[str, object]

_TIME = re.compile(
    r"\b(?:today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day|weekend"
    r"|january|february|march|april|june|july|august|september|october|november|december|20\d\d"
    r"|(?:hour|day|week|month|year)s?)\b",
    re.IGNORECASE,
)
_CUES = {
    "deadline": re.compile(r"\b(?:deadline|ultimatum|must|until|expires?)\b", re.IGNORECASE),
    "commitment": re.compile(r"\b(?:will|pledg\w+|vow\w*|promis\w+|agreed|commit\w*)\b", re.IGNORECASE),
    "event": re.compile(r"\b(?:meet(?:ing)?|talks|summit|visit|scheduled|vote|hold)\b", re.IGNORECASE),
    "expectation": re.compile(r"\b(?:expect\w*|hopes?|would|could|plan(?:s|ned)?)\b", re.IGNORECASE),
}


def word_filter(text: str, day: date) -> Iterator[Found]:
    """Yield every sentence with a word of time and a cue word."""
    for sentence in read_sentences(text).sentences:
        words = text[sentence.start : sentence.end]
        kind = next((kind for kind, cue in _CUES.items() if cue.search(words)), None)
        if kind and _TIME.search(words):
            yield _found(sentence.start, sentence.end, kind, day, day)


def time_tagger(text: str, day: date) -> Iterator[Found]:
    """Yield the sentence of every time expression that lies ahead."""
    reading = read_sentences(text)
    for mention in read_times(text, day):
        index = reading.sentence_at(mention.start)
        if index is None or mention.span is None or mention.span.last <= day:
            continue
        sentence = reading.sentences[index]
        yield {
            **_found(sentence.start, sentence.end, "event", mention.span.first, mention.span.last),
            "timex": {"start": mention.start, "end": mention.end},
        }


def _found(start: int, end: int, kind: str, first: date, last: date) -> Found:
    return {
        "start": start,
        "end": end,
        "kind": kind,
        "timex": None,
        "due_start": first.isoformat(),
        "due_end": last.isoformat(),
        "speaker": None,
        "conditional": False,
    }
