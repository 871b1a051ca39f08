"""Tells from the clause a time stands in whether it looks back or ahead.

The nearest verb group decides: the one before the time, or where the clause opens with the time, the one after.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Final

from watchers.matcher.english.tense import (
    COMMANDS,
    DEMANDS,
    HEADS_OF_TO,
    LEANS,
    NO_INFINITIVE,
    NOT_OF_PURPOSE,
    NOUN_MAKERS,
    PUTS_OFF,
    ZONED,
    Lean,
)

_STOPS: Final = frozenset(".!?;")
_REACH: Final = 30
"""How many tokens of a clause are looked at on either side."""
_POINTS_TO_TIME: Final = frozenset({"on", "in", "at"})
_POINTS_TO_LIMIT: Final = frozenset({"by", "before", "until"})
_PUT_OFF_REACH: Final = 12
_POINTS_AHEAD: Final = frozenset({"on", "in", "at", "by", "for", "until"})
_ARRANGING: Final = frozenset({"schedule", "agenda", "programme", "program", "plan", "plans", "invitation", "date"})
"""Nouns whose "for …" lies ahead."""
_SHORTEST_REGULAR_PAST: Final = 5
_LONGEST_ABBREVIATION: Final = 4


class Tense(IntEnum):
    """Where a clause looks, and how surely."""

    SURE_PAST = -3
    PAST = -2
    UNKNOWN = 0
    LIKELY_FUTURE = 1
    FUTURE = 2


def tense_at(words: Sequence[str], first: int, after: int) -> Tense:
    """Return where the clause of tokens `first` to `after` (exclusive) looks."""
    tense, at = _scan(words, range(first - 1, max(-1, first - 1 - _REACH), -1))
    previous = words[first - 1].lower() if first else ""
    if tense is Tense.PAST and _looks_on(words, at, first, previous):
        return Tense.LIKELY_FUTURE
    if tense is Tense.PAST and (previous, _word(words, first - 2)) == ("come", "to"):
        return Tense.LIKELY_FUTURE  # "opened it, with the talks to come on Friday"
    if tense is Tense.PAST and previous == "for" and _word(words, first - 2) in _ARRANGING:
        return Tense.LIKELY_FUTURE  # "its schedule for Friday has changed"
    if tense is Tense.PAST and (at == first - 1 or (at == first - 2 and words[first - 1] in _POINTS_TO_TIME)):
        return Tense.SURE_PAST
    if tense is Tense.UNKNOWN:
        tense, _ = _scan(words, range(after, min(len(words), after + _REACH)))
    if tense is Tense.UNKNOWN and previous == "by":
        return Tense.LIKELY_FUTURE
    return tense


def _looks_on(words: Sequence[str], verb: int, first: int, previous: str) -> bool:
    """Tell whether a time lies ahead of its past verb: demanded it by Friday, moved it to Friday."""
    if previous in _POINTS_TO_LIMIT:
        return words[verb].lower() in DEMANDS
    return previous == "to" and any(word.lower() in PUTS_OFF for word in words[max(0, first - _PUT_OFF_REACH) : first])


def _scan(words: Sequence[str], indexes: range) -> tuple[Tense, int]:
    """Return the tense of the first verb group met, and where it is; UNKNOWN where the sentence ends before one."""
    purpose = -1
    for index in indexes:
        lean = _LEANS[words[index]]
        if lean is None:
            continue
        if lean is Lean.STOP:
            if _ends_sentence(words, index):
                break
        elif lean is Lean.TO and _LEANS[previous := _word(words, index - 1)] is None and previous not in HEADS_OF_TO:
            # "flew to Paris to meet" happened, "told them to leave" is to happen: the verb before decides.
            opens = purpose < 0 and _opens_infinitive(words, index, previous)
            if opens and _weigh(words, index, lean) is Tense.LIKELY_FUTURE:
                purpose = index
        elif (tense := _weigh(words, index, lean)) is not Tense.UNKNOWN:
            commands = purpose >= 0 and words[index].lower() in COMMANDS
            return (Tense.LIKELY_FUTURE, purpose) if commands else (tense, index)
    return (Tense.LIKELY_FUTURE, purpose) if purpose >= 0 else (Tense.UNKNOWN, -1)


class _Leans(dict[str, Lean | None]):
    """What each word says of its clause's time, looked up once a word."""

    def __missing__(self, word: str) -> Lean | None:
        if len(self) > _REMEMBERED:
            self.clear()
        self[word] = lean = _read_lean(word)
        return lean


_REMEMBERED: Final = 20_000
_LEANS: Final = _Leans()


def _read_lean(word: str) -> Lean | None:
    low = word.lower()
    lean = Lean.STOP if word in _STOPS else LEANS.get(low)
    if lean is None and low.endswith("ed") and len(low) >= _SHORTEST_REGULAR_PAST and word[0].islower():
        return Lean.PAST
    return None if lean is Lean.NOTHING else lean


def _word(words: Sequence[str], index: int) -> str:
    return words[index].lower() if 0 <= index < len(words) else ""


def _ends_sentence(words: Sequence[str], index: int) -> bool:
    if words[index] != "." or index == 0 or index + 1 >= len(words):
        return True
    # The dot of an abbreviation (Mr., U.S.) or of a number ends no sentence.
    previous, following = words[index - 1], words[index + 1]
    if previous == "m" and following in ZONED:  # 5 p.m. Eastern time
        return False
    short = len(previous) < _LONGEST_ABBREVIATION and previous[:1].isupper()
    return not (following[:1].islower() or short or (previous.isdigit() and following.isdigit()))


def _weigh(words: Sequence[str], index: int, lean: Lean) -> Tense:  # noqa: C901, PLR0911, PLR0912 - one row a kind of word
    """Read the verb group that holds token `index`, its helpers included."""
    helpers = [_LEANS[word] for word in words[max(0, index - 3) : index]]
    previous, following = _word(words, index - 1), _word(words, index + 1)
    if Lean.FUTURE in helpers:
        return Tense.FUTURE
    match lean:
        case Lean.FUTURE:
            return Tense.UNKNOWN if previous in NOUN_MAKERS else Tense.FUTURE
        case Lean.LIKELY_FUTURE:
            if previous in NOUN_MAKERS and lean is not LEANS.get("deadline"):
                return Tense.UNKNOWN
            if following == "have" or (words[index].lower() == "going" and following != "to"):
                return Tense.PAST if following == "have" else Tense.UNKNOWN
            return Tense.LIKELY_FUTURE
        case Lean.PAST:
            if previous in NOUN_MAKERS:  # "a limited strike", "the wounded"
                return Tense.UNKNOWN
            if helpers[-1:] == [Lean.PRESENT_BE]:  # "is held on Monday", but "is accused of a theft on Monday"
                return Tense.LIKELY_FUTURE if following in _POINTS_AHEAD else Tense.UNKNOWN
            if Lean.LIKELY_FUTURE in helpers and Lean.HAVE not in helpers:
                return Tense.LIKELY_FUTURE
            return Tense.LIKELY_FUTURE if Lean.TO in helpers and Lean.BE in helpers else Tense.PAST
        case Lean.PAST_BE:
            ahead = _LEANS[following] in (Lean.PLAN, Lean.SET, Lean.TO) and following != "proposed"
            return Tense.LIKELY_FUTURE if ahead else Tense.PAST
        case Lean.HAVE:
            done = any(_LEANS[_word(words, at)] in (Lean.PAST, Lean.PLAN, Lean.SET) for at in (index + 1, index + 2))
            return Tense.PAST if done else Tense.UNKNOWN
        case Lean.SET:
            planned = any(each in (Lean.PRESENT_BE, Lean.BE, Lean.PAST_BE) for each in helpers) or following in (
                "for",
                "to",
            )
            return Tense.LIKELY_FUTURE if planned else Tense.PAST if words[index].lower() == "set" else Tense.UNKNOWN
        case Lean.PLAN:
            return Tense.LIKELY_FUTURE
        case Lean.PLEDGE:
            return Tense.UNKNOWN if previous in NOUN_MAKERS else Tense.LIKELY_FUTURE
        case Lean.EVENT:
            return Tense.LIKELY_FUTURE if _is_verb(words, index, previous) else Tense.UNKNOWN
        case Lean.TO:
            return Tense.LIKELY_FUTURE if _opens_infinitive(words, index, previous) else Tense.UNKNOWN
        case Lean.PRESENT_BE:
            return Tense.LIKELY_FUTURE if following.endswith("ing") or following == "to" else Tense.UNKNOWN
        case _:
            return Tense.UNKNOWN


def _is_verb(words: Sequence[str], index: int, previous: str) -> bool:
    """Tell "talks start" from "the start": a verb stands after its subject."""
    if previous in NOUN_MAKERS or not previous[:1].isalnum():
        return False
    third_person = words[index].endswith("s") and not words[index].endswith("ss")  # "meets", not "address"
    return third_person or previous.endswith("s") or words[index - 1][:1].isupper() or previous == "who"


def _opens_infinitive(words: Sequence[str], index: int, previous: str) -> bool:
    following = words[index + 1] if index + 1 < len(words) else ""
    return (
        following[:1].islower()
        and following not in NO_INFINITIVE
        and not following.endswith(("ing", "s"))
        and previous not in NOT_OF_PURPOSE
    )
