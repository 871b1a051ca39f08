"""What a dated clause says, as named traits by which its kind is told: what `weighing` weighs, four answers at once.

A kind hangs on who acts (a state, a meeting, a thing), on what is done (to meet, to send troops, to take effect), on
how it is put (firmly, in hope, as a demand) and on how the time bounds it. Each of these is a trait, alone and with the
words that lead to it; none decides by itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from watchers.matcher.english import cameo, cues
from watchers.matcher.english import kinds as english
from watchers.matcher.english.speakers import PRONOUNS
from watchers.matcher.english.verb_words import RUNNING
from watchers.matcher.statements import Clause
from watchers.matcher.traits import Bearing, Sighting
from watchers.matcher.verbs import Verb
from watchers.matcher.word_classes import class_of

_TOKEN = re.compile(r"[^\W\d_][\w’'-]*(?:\.\w+)*|\d[\w.,]*|[,;:\"“”()—–?]")
_REACH = 9
"""Words after a verb among which its object is looked for, and before it its subject."""
_LED = 14
"""Words before a group of verbs among which another verb that says how it is put is looked for."""
_NEAR = 24, 12
"""Words of the clause before and after the time that are looked at one by one."""
_BOUND = 3
"""Words before a time among which the one is that says how it bounds."""
_DEADLINE_NEAR = 6, 4
"""Words before and after a time among which a deadline may be named."""
_PARTICIPLE = re.compile(r"\w+(?:ed|en|wn|lt|ut|ld|nt|ught|pt|et|un|ade)\Z")
_BREAKS = frozenset((*';:—–()“”"?', *cameo.BOUNDARIES))
_BE = frozenset(("be", "is", "are", "am", "was", "were", "been", "being"))
_OWN = frozenset(("i", "we"))
_PERSONS = frozenset(("he", "she", "they", "who"))
_BEFORE_VERB = frozenset(('"', "“", "”", "also", "who", "which", "that", ","))
_MONTHS = frozenset(("march", "may"))
_PUT_OF = {word: name for name, words in english.PUT.items() for word in words}
_EVENTS = frozenset(
    ("talks", "meeting", "visit", "call", "speech", "elections", "hearing", "drills", "protests", "mediation", "test")
)
_IN_FORCE = frozenset(
    ("sanctions", "ban", "truce", "deal", "law", "curfew", "blockade", "emergency", "travelban", "tradedeal")
)
"""Classes of `cameo.NOUN_CLASSES` that are events, and that are in force from a day on."""


class _Words:
    """The words of one sentence, and where they begin."""

    def __init__(self, text: str, start: int, end: int) -> None:
        found = list(_TOKEN.finditer(text, start, end))
        self.begins = [word.start() for word in found]
        self.written = [word.group() for word in found]
        self.small = [word.lower() for word in self.written]

    def at(self, offset: int) -> int:
        """Return the number of the first word that begins at or after an offset."""
        return bisect_left(self.begins, offset)

    def get(self, index: int) -> str:
        return self.small[index] if 0 <= index < len(self.small) else ""

    def is_name(self, index: int) -> bool:
        return index > 0 and self.written[index][0].isupper()

    def nouns(self, index: int) -> tuple[str, ...]:
        """Return the classes of a noun; none of another word."""
        word = self.get(index)
        if word in _MONTHS and self.is_name(index):
            return ()
        return cameo.NOUN_CLASSES.get(word.removesuffix("'s").removesuffix("’s"), ())

    def breaks(self, index: int) -> bool:
        return self.get(index) in _BREAKS

    def is_led(self, index: int) -> bool:
        """Tell whether a word only helps the verb after it, or says how it is put: "are expected to"."""
        word = self.get(index)
        return word in english.AUXILIARIES or word.endswith("ly")


@dataclass(frozen=True, slots=True)
class _Saying:
    """What a clause says, in the few words that its kind hangs on."""

    begin: int
    """The word its group of verbs begins with."""
    act: int
    """The word of its last verb, the one that acts."""
    how: str
    """How it is put, by the first of the group: `firm`, `hedged`; else its tense."""
    put: tuple[str, ...]
    led: tuple[str, ...]
    """How the verbs before put it: "said it hopes that …"."""
    passive: bool
    who: str
    subjects: tuple[str, ...]
    """The classes of the nouns of its subject."""
    objects: tuple[str, ...]
    done: str


def kind_traits(sighting: Sighting, clause: Clause, bearing: Bearing) -> set[str]:
    """Return the traits by which the kind of a dated clause is told."""
    mention, hold, telling = sighting.mention, sighting.hold, bearing.telling
    words = _Words(sighting.text, *sighting.sentence)
    first, last = words.at(mention.start), words.at(mention.end)
    saying = _read(sighting, words, clause)
    found = {
        f"kind:{telling.kind}",
        f"cue:{telling.kind_rule}",
        f"conditional:{telling.conditional}",
        f"conditional:{telling.conditional}/{saying.how}",
        f"speaker:{bearing.speaker.rule.partition(':')[0]}",
        f"type:{mention.timex.type}",
        f"side:{'none' if hold.verb is None else '<' if hold.verb.start < mention.start else '>'}",
        f"tense:{hold.verb.tense if hold.verb is not None else 'none'}/{saying.passive}",
        *(f"due:{rule}" for rule in sighting.due.rules),
    }
    if sighting.summary:
        found.add("short")
    found.update(_of_time(words, first, last))
    found.update(_of_saying(words, saying))
    found.update(_of_clause(words, clause, first, last))
    return found


# --- what a clause says -------------------------------------------------------------------------------------------


def _read(sighting: Sighting, words: _Words, clause: Clause) -> _Saying:
    verb = _verb_of(sighting)
    at = words.at(sighting.mention.start if verb is None else verb.start)
    begin, act = (at, at) if verb is None else _group(words, at)
    group = words.small[begin:act]
    start = max(words.at(clause.start) - 3, begin - _LED, 0)
    put = tuple(dict.fromkeys(_PUT_OF[each] for each in group if each in _PUT_OF))
    led = tuple(dict.fromkeys(_PUT_OF[each] for each in words.small[start:begin] if each in _PUT_OF))
    passive = bool(_BE & set(group[-2:])) and _PARTICIPLE.match(words.get(act)) is not None
    head = begin - 1
    while head >= 0 and (words.small[head] in _BEFORE_VERB or words.small[head].endswith("ly")):
        head -= 1
    whos, objects = _subject_nouns(words, head), _objects(words, act)
    if verb is None:
        done = "none"
    elif words.get(act) in english.LASTS and act + 2 >= words.at(sighting.mention.start) > act:
        done = "last"  # "will take six weeks"
    else:
        done = _done(words, act, objects, whos, passive=passive)
    how = put[0] if put else "to" if "to" in group else str(verb.tense) if verb is not None else "none"
    return _Saying(begin, act, how, put, led, passive, _who(words, head, whos), whos, objects, done)


def _verb_of(sighting: Sighting) -> Verb | None:
    verb = sighting.hold.verb
    if verb is not None and verb.word in RUNNING:
        return sighting.verbs.before(verb.start) or verb  # "will be taxed, starting on Monday"
    return verb


def _group(words: _Words, at: int) -> tuple[int, int]:
    """Return where a group of verbs begins, and its last verb: of "are expected to be sent" "are" and "sent"."""
    begin = act = at
    while begin > 0 and (words.is_led(begin - 1) or words.small[begin - 1] in english.LEADING):
        begin -= 1
    while act < len(words.small) - 1 and (
        words.is_led(act) or (words.small[act] in english.LEADING and words.small[act + 1] in english.TOWARDS)
    ):
        act += 1
    return begin, act


def _objects(words: _Words, act: int) -> tuple[str, ...]:
    found: list[str] = []
    for spot in range(act + 1, min(act + 1 + _REACH, len(words.small))):
        if words.breaks(spot) or words.small[spot] in english.ELSEWHERE:
            break
        found.extend(words.nouns(spot))
    return tuple(found)


def _subject_nouns(words: _Words, head: int) -> tuple[str, ...]:
    found: list[str] = []
    for spot in range(head, max(-1, head - _REACH), -1):
        if words.breaks(spot) or (spot < head and words.small[spot] in english.AUXILIARIES):
            break
        found.extend(words.nouns(spot))
    return tuple(found)


def _who(words: _Words, head: int, nouns: tuple[str, ...]) -> str:
    """Return what kind of thing the subject of a verb is, whose last word is `head`."""
    word = words.get(head)
    if word in PRONOUNS or word in _PERSONS:
        return "self" if word in _OWN else "person" if word in _PERSONS else "it"
    if not word[:1].isalpha():
        return "none"
    if not _EVENTS.isdisjoint(nouns):
        return "event"
    if word in english.ROLES or class_of(words.written[head]) in ("STATE", "NAME"):
        return "actor"
    return "rule" if nouns and nouns[0] in _IN_FORCE else "thing"


def _done(words: _Words, act: int, objects: tuple[str, ...], whos: tuple[str, ...], *, passive: bool) -> str:
    """Return what sort of act the verb at `act` is."""
    word = words.get(act)
    if word in english.COMES and words.get(act + 1) in english.EFFECT:
        return "effect"
    if word in _BE or word in english.PLACES:
        return "be"
    if word in english.RUNS:
        return _run(words, act, objects, whos, passive=passive)
    if word in english.HOLDS:
        held = whos if passive else objects
        return "meet" if not held or not _EVENTS.isdisjoint(held) else "deed"
    plain = next((name for name, verbs in english.DONE.items() if word in verbs), None)
    return plain or _by_code(word, objects, whos)


def _run(words: _Words, act: int, objects: tuple[str, ...], whos: tuple[str, ...], *, passive: bool) -> str:
    """Return what a verb of beginning, going on or ending is: of an event, of what is in force, of something else."""
    if not _EVENTS.isdisjoint(whos if passive or not objects else objects[:2]):
        return "meet"
    if _has_object(words, act):
        return "deed"
    return "effect" if not _IN_FORCE.isdisjoint(whos) else "run"  # "the truce begins"


def _by_code(word: str, objects: tuple[str, ...], whos: tuple[str, ...]) -> str:
    """Return what sort of act a verb is by the codes of it with its object or subject."""
    classes = cameo.VERB_CLASSES.get(word, ())
    codes = {
        cameo.ACTS[act][:2] for name in classes for noun in (*objects, *whos) if (act := f"{name}+{noun}") in cameo.ACTS
    }
    if "04" in codes:
        return "meet"
    if "sign" in classes:
        return "deal"
    if classes:
        return "deed"
    return "with-event" if not _EVENTS.isdisjoint(objects[:2]) else "other"


def _has_object(words: _Words, act: int) -> bool:
    after = words.get(act + 1)
    return after[:1].isalnum() and after not in english.NO_OBJECT and after not in cameo.BOUNDARIES


# --- its traits ---------------------------------------------------------------------------------------------------


def _of_saying(words: _Words, saying: _Saying) -> Iterator[str]:
    how, done = saying.how, saying.done
    yield f"how:{how}"
    yield f"who:{saying.who}"
    yield f"done:{done}"
    yield f"passive:{saying.passive}"
    yield f"hedged:{'hedged' in saying.put or 'hedged' in saying.led}/{done}"
    yield f"led:{saying.led[-1] if saying.led else 'none'}/{how}/{done}"
    for each in saying.led:
        yield f"led:{each}"
        yield f"led:{each}/{how}"
        yield f"led:{each}/{saying.who}/{how}"
    for each in saying.put:
        yield f"put:{each}"
        yield f"put:{each}/{done}"
    yield from (f"object:{noun}" for noun in saying.objects)
    yield from (f"subject:{noun}" for noun in saying.subjects)
    for each in words.small[saying.begin : saying.act]:
        if each in _PUT_OF or each in cues.MODALS:
            yield f"lead:{each}"
    yield f"next:{words.get(saying.act + 1)}"


def _of_time(words: _Words, first: int, last: int) -> Iterator[str]:
    """Return how the time bounds what is done, and what stands beside it."""
    before, after = words.get(first - 1), words.get(last)
    yield f"before:{before}"
    yield f"before:{words.get(first - 2)} {before}"
    yield f"after:{after}"
    bound = [word for word in words.small[max(0, first - _BOUND) : first] if word in english.LIMITS]
    yield f"limit:{bound[-1] if bound else 'bare'}"
    back, ahead = _DEADLINE_NEAR
    near = words.small[max(0, first - back) : first] + words.small[last : last + ahead]
    if not english.DEADLINE_WORDS.isdisjoint(near):
        yield "limit:deadline"


def _of_clause(words: _Words, clause: Clause, first: int, last: int) -> Iterator[str]:
    """Return the events and things a clause names, and what the rest of its sentence says of how it is put."""
    start, end = words.at(clause.start), words.at(clause.end)
    back, ahead = _NEAR
    for at in range(max(start, first - back), min(end, last + ahead)):
        if first <= at < last or words.is_name(at):
            continue
        yield from (f"noun:{noun}" for noun in words.nouns(at))
        if words.small[at] in cues.EVENT_NOUNS:
            yield "event-noun"
            yield f"event-noun:{at > last}"
    for at, word in enumerate(words.small):
        if not start <= at < end and not words.is_name(at) and word in _PUT_OF:
            yield f"far:{word}"
            yield f"far-put:{_PUT_OF[word]}"
