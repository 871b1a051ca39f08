"""How a time expression stands in its sentence and in its article, as named traits: what `weighing` weighs.

A trait is a short string, `field:value`; a time expression has each of them or has it not. Each is a guess at what
tells a statement from a report, and none decides alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from watchers.matcher.affairs import Evidence
from watchers.matcher.attribution import Speaker
from watchers.matcher.due import Due
from watchers.matcher.english import around
from watchers.matcher.forward import Hold
from watchers.matcher.governing import BEFORE, inserted_from
from watchers.matcher.phrase_search import led_by_letter
from watchers.matcher.temporal import TimeMention
from watchers.matcher.verbs import Tense, Verb, Verbs
from watchers.matcher.word_classes import class_of, classes_of, in_small_letters, shape_of
from watchers.model import Interval, Kind

_NEAR_WORDS = re.compile(r"[\w#’'.-]*[\w#]|[,;:\"“”()—–-]")
_BEFORE, _AFTER = 80, 60
"""Characters before and after a time in which its neighbouring words are looked for."""
_SUBJECT = 50
"""Characters before a verb in which the last words of its subject are looked for."""
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_JUST_GONE = 2
"""Days after a weekday within which news names it to tell of the past."""
_TELLING = frozenset(
    ("that", "which", "who", "after", "before", "since", "EVENT", "DEED", "DEADLINE", "SAY", ",", "of")
)
_TELLING_PAST = frozenset(("INTENT", "PLANNED", "PAST"))
NEGATION = re.compile(led_by_letter((r"(?:not|never|no)\b",)) + r"|n[’']t\b")
_UNDONE = re.compile(
    r"\b(?:call(?:s|ed|ing)? off|cancel\w*|dropped|shelved|scrapped|abandoned|collapsed|fell through"
    r"|never (?:did|came|happened)|did not|didn[’']t|fail(?:ed|s)|withdrew|delayed|postponed|put off|no longer|instead"
    r"|however|but)\b",
)
"""Words of what came to nothing."""
_ADVERB = re.compile(
    r"\b(?:earlier|initially|originally|previously|once|at (?:the|that) time|had|already|still|yet|now|then|again|only"
    r"|formally|officially|finally|probably|likely|possibly|perhaps)\b",
)
_OPENER = re.compile(
    r"\b(?:which|whom?|whose|that|when|after|before|as|if|because|while|whether|where|although|though|since|until|unless"
    r"|once|so|and|or|but|than)\b|[,;:“”\"()—–]|``|''|(?<=\s)--?(?=\s)",
)
"""What a clause may begin with, and what else parts the words of a sentence."""
_PLACED = re.compile(
    r"\b(ahead of|before|prior to|after|following|in the wake of|during|amid|despite|in response to|over|in line with)"
    r" (?:[\w’'.-]+ ){1,9}?(?:(?:on|in|of|from|for) (?:the )?)?\Z"
)
"""What places another thing by a time: "in response to the raid on Monday"."""
_PIECES_OF_PLACED = (
    "after ",
    "before ",
    "following ",
    "ahead of ",
    "prior to ",
    "wake of ",
    "during ",
    "amid ",
    "despite ",
    "response to ",
    " over ",
    "line with ",
)
"""One of them is in every such phrase."""
_NO_OPENERS = frozenset(("whom", "whose", "and", "or", "but", "than", "(", ")", "``", "''", "-", "--"))
_MARKS = {
    **dict.fromkeys((",",), ","),
    **dict.fromkeys(("“", "”", '"', "``", "''"), '"'),
    **dict.fromkeys((";", ":", "—", "–", "-", "--", "(", ")"), "-"),
    **dict.fromkeys(("which", "who", "whom", "whose", "where"), "which"),
    **dict.fromkeys(("when", "as", "while", "after", "before", "since", "until", "once"), "when"),
    **dict.fromkeys(("if", "unless", "whether"), "if"),
    **dict.fromkeys(("and", "or"), "and"),
    **dict.fromkeys(("but", "because", "although", "though", "than", "so"), "but"),
}
"""What parts a verb from its time, each by what it does."""
_MOST_MARKS = 4
_HELPERS = frozenset(("had", "was", "were", "has", "have", "is", "are", "been", "be", "not", "n't", "never"))
_NOUNS = frozenset(("EVENT", "DEED", "DEADLINE"))
_LAST, _REACH = 8, 200
"""Classes before a time among which its noun is looked for, and the characters that most often hold them."""
_LED = 25
"""Characters before an infinitive that hold the word it hangs on."""
_AROUND = "\"“”‘’'(),;:—–-"
_DISTANCES = ((0, "day"), (1, "next-day"), (7, "week"), (31, "month"), (180, "half-year"), (370, "year"))
_OTHERS = ((-32, "old"), (-8, "month-gone"), (-1, "week-gone"))
_MOST_COUNTED, _MOST_BALANCED = 4, 6
_OPENING = ((0, "1"), (1, "2"), (4, "<5"), (11, "<12"))


@dataclass(frozen=True, slots=True)
class Sighting:
    """A time expression that may bound a statement, with what its sentence says of it."""

    text: str
    day: date
    """The article's day."""
    index: int
    """Which sentence of the article it stands in."""
    sentence: tuple[int, int]
    verbs: Verbs
    mention: TimeMention
    hold: Hold
    due: Due
    others: Sequence[TimeMention]
    """The other times of the sentence."""
    earlier: Sequence[TimeMention]
    """The times of the sentence before it."""
    summary: bool
    """The text is a feed's summary, which tells little of what it is about."""
    just_gone: bool
    """Named without its year and almost a year off: rather the one just gone."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What the sentence of a sighting tells: the kind of its clause, and whether somebody else or only perhaps."""

    kind: Kind
    kind_rule: str
    quoted: bool
    conditional: bool


@dataclass(frozen=True, slots=True)
class Bearing:
    """What the article says of a sighting, the dearest to find out last."""

    telling: Telling
    evidence: Evidence
    speaker: Speaker


OF_TELLING: Final = ("kind:", "quoted:", "conditional:")
OF_EVIDENCE: Final = ("own-", "near-", "affairs")
OF_SPEAKER: Final = ("speaker:",)
"""What the traits of a bearing begin with."""


def near_traits(sighting: Sighting) -> set[str]:
    """Return the traits that a time has by its sentence."""
    found = {
        f"forward:{sighting.hold.forward}",
        f"place:{place_of(sighting.index)}",
        f"negated:{_signs_in(sighting.text, *sighting.sentence).negated}",
    }
    if sighting.summary:
        tense = sighting.hold.verb.tense if sighting.hold.verb is not None else "none"
        found |= {"short", f"short-rule:{sighting.hold.rule.partition(':')[0]}", f"short-tense:{tense}"}
    found.update(_of_time(sighting), _of_words(sighting), _of_verb(sighting), _of_sentence(sighting))
    day = sighting.day
    found.update(f"beside:{ago}" for ago in {gone(each, day) for each in sighting.others if each.span is not None})
    found.update(f"above:{ago}" for ago in {gone(each, day) for each in sighting.earlier if each.span is not None})
    return found


def further_traits(bearing: Bearing) -> set[str]:
    """Return the traits that a time has by its article."""
    return telling_traits(bearing.telling) | affairs_traits(bearing.evidence) | speaker_traits(bearing.speaker)


def telling_traits(telling: Telling) -> set[str]:
    """Return the traits that a time has by what its sentence tells."""
    return {f"kind:{telling.kind_rule}", f"quoted:{telling.quoted}", f"conditional:{telling.conditional}"}


def evidence_traits(evidence: Evidence) -> set[str]:
    """Return the traits of a sentence by what it is about."""
    return {
        *(f"own-{field}:{min(count, 3)}" for field, count in evidence.inside.items()),
        *(f"near-{field}:{min(count, 4)}" for field, count in evidence.outside.items()),
    }


def affairs_traits(evidence: Evidence) -> set[str]:
    """Return the traits of a sentence by what it is about, all told."""
    return evidence_traits(evidence) | {
        f"affairs:{evidence.plain}",
        f"affairs-count:{min(evidence.count, _MOST_COUNTED)}",
        f"affairs-balance:{max(-_MOST_BALANCED, min(_MOST_BALANCED, evidence.balance)) // 2}",
    }


def speaker_traits(speaker: Speaker) -> set[str]:
    """Return the traits that a time has by who speaks of it."""
    return {f"speaker:{speaker.rule.partition(':')[0]}"}


def _bucket(value: int, bounds: Sequence[tuple[int, str]], beyond: str) -> str:
    return next((name for bound, name in bounds if value <= bound), beyond)


def place_of(index: int) -> str:
    """Return where in its article a sentence stands, roughly."""
    return _bucket(index, _OPENING, "12+")


def gone(mention: TimeMention, day: date) -> str:
    """Return how long ago a time is, roughly; `ahead` where it lies ahead."""
    return _gone(mention.span, day) if mention.span is not None else "none"


@lru_cache(maxsize=1024)
def _gone(span: Interval, day: date) -> str:
    past = _bucket((span.last - day).days, _OTHERS, "")
    return past or ("today" if span.first <= day else "ahead")


def _of_time(sighting: Sighting) -> set[str]:
    """Return what the time itself says, and how far off it lies."""
    mention, due, day = sighting.mention, sighting.due, sighting.day
    found = {
        f"type:{mention.timex.type}",
        f"precision:{due.precision}",
        f"off:{_bucket((due.interval.last - day).days, _DISTANCES, 'years')}",
        *(f"due:{rule}" for rule in due.rules),
        *(f"said:{word}" for word in shape_of(mention.text).split()),
    }
    if sighting.just_gone:
        found.add("just-gone")
    if mention.span is not None:
        over = "past" if mention.span.last < day else "now" if mention.span.last == day else "ahead"
        found.add(f"read:{over}")
    since = _weekdays_since(sighting)
    if since is not None:
        near = "gone" if since <= _JUST_GONE else "off"
        tense = sighting.hold.verb.tense if sighting.hold.verb is not None else "none"
        found |= {f"since:{since}", f"{near}-tense:{tense}", f"{near}-rule:{sighting.hold.rule.partition(':')[0]}"}
        before = sighting.verbs.before(mention.start)
        found.add(f"{near}-before:{before.tense if before is not None else 'none'}")
    elif mention.span is not None and due.interval.last > mention.span.last:
        found.add("read-anew")
    return found


def _weekdays_since(sighting: Sighting) -> int | None:
    """Return how many days ago a bare weekday last was; None where the time is no weekday or says it is to come."""
    named = around.WEEKDAY.search(sighting.mention.text)
    if named is None or around.AHEAD.search(sighting.mention.text) is not None:
        return None
    return (sighting.day.weekday() - _WEEKDAYS.index(named.group()[:3])) % 7


def _weekday_near(sighting: Sighting) -> str | None:
    """Return whether a bare weekday has just gone or is off; None where the time is no weekday."""
    since = _weekdays_since(sighting)
    if since is None:
        return None
    return "today" if since == 0 else "gone" if since <= _JUST_GONE else "off"


def _last_classes(text: str, start: int, end: int) -> list[str]:
    """Return the last classes of a passage: however long it is, only as much is read as holds so many."""
    near = max(start, end - _REACH)
    found = classes_of(text, near, end)
    if near > start and len(found) <= _LAST:  # the first may be of half a word
        found = classes_of(text, start, end)
    return found[-_LAST:]


@lru_cache(maxsize=4096)
def _shapes_in(piece: str) -> list[str]:
    """Return the words and marks of what stands between two spaces, by shape; news repeats a few thousand."""
    return _NEAR_WORDS.findall(shape_of(piece))


def _of_words(sighting: Sighting) -> set[str]:
    """Return the words right before and after the time."""
    text, mention = sighting.text, sighting.mention
    start, end = sighting.sentence
    before = text[max(start, mention.start - _BEFORE) : mention.start].split()
    after = text[mention.end : min(end, mention.end + _AFTER)].split()
    one = next((near[-1] for near in map(_shapes_in, reversed(before)) if near), "^")
    other = next((near[0] for near in map(_shapes_in, after) if near), "$")
    nouns = [each for each in _last_classes(text, start, mention.start) if each in _NOUNS]
    return {
        f"before:{one}",
        f"after:{other}",
        f"between:{one} {other}",
        f"{mention.timex.type}-before:{class_of(one)}",
        f"noun:{nouns[-1] if nouns else 'none'}",
    }


class _Signs(NamedTuple):
    """What a sentence says of all its times alike, read once for all of them."""

    negated: bool
    adverbs: frozenset[str]
    undone: Sequence[tuple[int, int, str]]
    openers: Sequence[str]
    opener_ends: Sequence[int]
    marks: Sequence[str]
    mark_starts: Sequence[int]
    places: bool


@lru_cache(maxsize=1)
def _signs_in(text: str, start: int, end: int) -> _Signs:
    small = in_small_letters(text[start:end])
    marks = list(_OPENER.finditer(small))
    openers = [each for each in marks if each.group() not in _NO_OPENERS]
    return _Signs(
        NEGATION.search(text, start, end) is not None,
        frozenset(_ADVERB.findall(small)),
        [(start + each.start(), start + each.end(), each.group()) for each in _UNDONE.finditer(small)],
        [each.group() for each in openers],
        [start + each.end() for each in openers],
        [_MARKS.get(each.group(), each.group()) for each in marks],
        [start + each.start() for each in marks],
        any(piece in small for piece in _PIECES_OF_PLACED),
    )


def _of_sentence(sighting: Sighting) -> set[str]:
    """Return what the rest of the sentence says: what came to nothing, how the clause opens, other times nearer."""
    text, mention, (start, end) = sighting.text, sighting.mention, sighting.sentence
    verb = sighting.hold.verb
    signs = _signs_in(text, start, end)
    found = {f"adverb:{word}" for word in signs.adverbs}
    placed = _PLACED.search(text, max(start, mention.start - BEFORE), mention.start) if signs.places else None
    if placed is not None:
        word = placed.group(1)
        tense = verb.tense if verb is not None and verb.start < placed.start() else "none"
        found |= {f"placed:{word}", f"placed:{word}<{tense}", f"placed:{word} {mention.timex.type}"}
    near_weekday = _weekday_near(sighting)
    for first, last, word in signs.undone:
        if first >= mention.end:
            found.add(f"undone-after:{word}")
        elif last <= mention.start:
            found.add(f"undone-before:{word}")
    if verb is None:
        return found
    near = [word.lower() for word in text[max(start, verb.start - _SUBJECT) : verb.start].split()[-3:]]
    helper = next((word for word in reversed(near) if word in _HELPERS), "none")
    index = bisect_right(signs.opener_ends, verb.start) - 1
    opener = signs.openers[index] if index >= 0 else "^"
    first, last = sorted((verb.end, mention.start))
    nearer = sum(first <= other.start < last for other in sighting.others)
    if near_weekday is not None:
        shown = verb.word if verb.word in _HELPERS else helper
        found.add(f"{near_weekday}-helper:{shown}>{verb.tense}")
    return found | {
        f"helper:{helper}>{verb.word}",
        f"helper:{helper}>{verb.tense}",
        f"clause:{opener}",
        f"clause:{opener}>{verb.tense}",
        f"times-between:{min(nearer, 2)}",
    }


def _of_verb(sighting: Sighting) -> set[str]:
    """Return what the verb says that the time hangs on, and the verbs around it."""
    text, mention, hold = sighting.text, sighting.mention, sighting.hold
    rule = hold.rule.partition(":")[0]
    at = inserted_from(text, sighting.sentence[0], mention.start)
    before, after = sighting.verbs.before(at), sighting.verbs.finite_after(mention.end)
    found = {f"rule:{rule}", f"verbs:{_tense(before)}/{_tense(after)}", f"next:{_tense(after)}"}
    if hold.reporting:
        found.add("reporting")
    if before is not None:
        led = sighting.verbs.before(before.start)
        signs = _signs_in(text, *sighting.sentence)
        first = sighting.verbs.finite_after(sighting.sentence[0])
        found |= {
            f"path:{_path(signs, before.end, at)}<{_kind(text, before)}",
            f"first:{_tense(first)}>{'to' if before.word == 'to' else before.tense}",
            f"last:{before.tense}:{class_of(before.word)}",
            f"lasts:{_tense(led)}>{before.tense}:{class_of(before.word)}",
            *((f"had:{led.tense}>{before.tense}",) if led is not None and sighting.verbs.is_perfect(led) else ()),
        }
    verb = hold.verb
    if verb is None:
        return found | {"verb:none"}
    side = "<" if verb.start < mention.start else ">"
    words = classes_of(text, max(sighting.sentence[0], verb.start - _SUBJECT), verb.start)
    found |= {
        f"verb:{verb.word}",
        f"main:{verb.main}",
        f"tense:{verb.tense}{side}",
        f"tense:{verb.tense} {class_of(verb.word)}{side}",
        f"rule:{rule} {class_of(verb.main)}",
        f"subject:{words[-1] if words else '^'}",
    }
    path = classes_of(text, *((verb.end, mention.start) if side == "<" else (mention.end, verb.start)))
    found.add(f"far:{side}{min(len(path) // 2, 6)}")
    if side == "<":
        found.add(f"far:{verb.tense} {verb.word} {min(len(path) // 2, 5)}")
        crossed = set(path)
        found.update(f"over:{each}" for each in crossed & _TELLING)
        found.update(f"over:{each}/{verb.tense}" for each in crossed & (_TELLING | _TELLING_PAST))
    return found


def _path(signs: _Signs, start: int, end: int) -> str:
    """Return what parts the words between two offsets, the last of it, the same mark twice in a row once."""
    marks = signs.marks[bisect_left(signs.mark_starts, start) : bisect_left(signs.mark_starts, end)]
    return " ".join([each for each, _ in groupby(marks)][-_MOST_MARKS:])


def _kind(text: str, verb: Verb) -> str:
    """Return a verb's tense with what shows it; of an infinitive, the class of the word it hangs on."""
    if verb.word != "to":
        return f"{verb.tense} {class_of(verb.word)}" if verb.tense == Tense.FUTURE else str(verb.tense)
    led = text[max(0, verb.start - _LED) : verb.start].split()
    return f"to of {class_of(led[-1].strip(_AROUND)) if led else '-'}"


def _tense(verb: Verb | None) -> str:
    return verb.tense if verb is not None else "none"
