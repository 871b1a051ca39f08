"""What a statement is about, as marks that other tellings of the same thing share. Pure.

A mark is a short string: an actor (`@UA`), an act (`!sign`), a thing or a name by its stem (`mineral`), a place
(`^geneva`), the main act (`*visit`) and what it is done to (`=@UA`), who is to act (`>@UA`), a proper name (`+lavrov`),
a number (`#37`), which of several (`&2`), `%not` where it is refused, and `%aside` where a sentence tells another's
word as well. Marks found only around what is to come
(in the headline, just before or behind, or in words of the sentence that tell its background) carry a `~` in front.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from watchers.matcher.english.actors import ACTOR_OF, LONGEST_NAME
from watchers.matcher.english.acts import ACT_OF, BACKGROUND, GIVES_WORD, LIGHT, ORDINALS, QUIET, REFUSED, ROUND
from watchers.matcher.english.frequent import WEIGHT_OF
from watchers.model import Statement

CONTEXT_CHARACTERS = 400
"""How much of the text before a statement may say what "the deal" or "he" in it stands for."""
AFTERWARDS_CHARACTERS = 200
"""How much of the text behind it may go on about it."""

_WORD = re.compile(r"[^\W\d_][\w.'’+-]*[\w+]|[^\W\d_]", re.UNICODE)
_NUMBER = re.compile(r"(?<![\w.,:$€£-])\d[\d,.]*(?:st|nd|rd|th)?(?=\s+[a-z])")
_POSSESSIVE = re.compile(r"(?:['’](?:s|ll|ve|re|d|m)?|n['’]t)$")
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "ed", "es", "er", "s", "e", "y")
_VERBAL = frozenset({"ation", "ations", "ing", "ings", "ed", "er", "ers", "es", "e"})
_SHORTEST_STEM = 3
_LONG_ENOUGH = 5
"""Letters of a word whose British ending can be told."""
_SLAVIC = re.compile(r"(?:iy|yy|ii|yi)$")
"""Endings of names that outlets write in their own ways: Zelensky, Zelenskyy, Zelenskiy."""
_PLANNED = re.compile(
    r"\b(?:[Ww]ill|[Ww]ould|[Tt]o|[Cc]ould|[Cc]an|may|[Mm]ight|[Ss]hould|[Mm]ust)"
    r"(?: (?:[Nn]ot|[Bb]e|have|also|soon|then|later|[a-z]+ly))* ['’‘“\"]?([A-Za-z]+)"
)
_LED_TO = re.compile(r"to ['’‘“\"]?(?:[A-Z]|[a-z]{3,}(?<!ss)(?<!us)s\b)")
"""To somebody or to some things: `to` before a name or a plural plans no act. (In a headline every word is a name.)"""
_PLACE = re.compile(
    r"\b(in|to|visit|visits|visiting) "
    r"(?!(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)"
    r"([A-Z][\w-]+(?: [A-Z][\w-]+)?)"
)
_HEADLINE_SHARE = 0.6
"""Of the longer words: where more are capitalised, the text is a headline and capitals name nothing."""
_LONGER_WORD = 4
_OCCASION = re.compile(r"\b(?:when|during)\b")
"""Where the occasion of an act is told: "will press for peace | when he visits Norland on Sunday"."""
_SUBJECT_WORDS = 8
"""How many words before a planned verb say whose act it is."""
_ACT_WORDS = 4
"""How many telling words behind a planned verb, or before a time, say what is to be done and to what."""
_VERB_REACH = 20
"""Characters behind a modal beyond which a word is no longer its verb."""
_REFUSAL_REACH = 12
"""Characters between a refusal and the verb it refuses."""
_TIME_UNITS = re.compile(r"\s+(?:second|minute|hour|day|week|month|year|am\b|pm\b|a\.m|p\.m|local|[A-Z][a-z]+day)")


def marks_of(statement: Statement, *, title: str, text: str) -> frozenset[str]:
    """Return what a statement is about; `text` is what its offsets point into, `title` its headline."""
    quote = _without_time(statement)
    anchor = _anchor(statement)
    focus, background = _told_apart(quote, anchor)
    headline = _is_headline(quote)
    said = marks_in(focus) | marks_in(statement.speaker or "") | _places(quote, headline=headline)
    said |= (
        _aside(statement, quote, anchor)
        | _main_act(statement, quote, anchor)
        | _numbers(focus)
        | _aspects(focus)
        | (_agents(statement, focus) | _names(quote) if not headline else frozenset())
    )
    before = text[max(0, statement.start - CONTEXT_CHARACTERS) : statement.start]
    behind = text[statement.end : statement.end + AFTERWARDS_CHARACTERS]
    around = marks_in(background) | marks_in(title) | marks_in(before) | marks_in(behind)
    return said | frozenset(f"~{mark}" for mark in around - said)


def stem(word: str) -> str:
    """Return a word without its commonest English endings: "agreements" and "agreed" meet at "agre(e)".

    Spellings meet too: "stabilise" and "stabilizing", "labour" and "labor", "programme" and "program".
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            root = word[: -len(ending)]
            return _spelt(root) if ending in _VERBAL else root
    return f"{word[:-3]}or" if word.endswith("our") and len(word) > _LONG_ENOUGH else word


def _spelt(root: str) -> str:
    if root.endswith("is") and len(root) > _LONG_ENOUGH:
        return f"{root[:-2]}iz"
    doubled = len(root) >= _LONGER_WORD and root[-1] == root[-2] and root[-1] in "bdgmnprt"
    return root[:-1] if doubled else root


def marks_in(text: str) -> frozenset[str]:
    """Return the actors, acts, things and names that a text speaks of."""
    return frozenset(word.mark for word in _words_in(text))


def handles(marks: Iterable[str]) -> frozenset[str]:
    """Return the marks by which a telling is looked up: actors, things and names, bare of any `~`.

    Acts stand in too many tellings to find one by; with who is named beside them they do not (`@UA!sign`).
    """
    bare = [mark.removeprefix("~") for mark in marks]
    single = [mark for mark in bare if mark[0] not in "!^*=>+#%&"]
    actors = [mark for mark in marks if mark[0] == "@"]
    acts = [mark for mark in marks if mark[0] == "!"]
    return frozenset((*single, *(actor + act for actor in actors for act in acts)))


# --- what is told as background ------------------------------------------------------------------------------


def _anchor(statement: Statement) -> int | None:
    """Return where in the quote it says what is to come: at its time, else at its words of promise."""
    if statement.timex is not None:
        return statement.timex.start - statement.start
    for rule in statement.rules:
        if rule.startswith("promise:"):
            at = statement.quote.lower().find(rule.removeprefix("promise:"))
            return at if at >= 0 else None
    planned = next(_planned(statement.quote), None)
    return planned.start() if planned else None


def _without_time(statement: Statement) -> str:
    """Return the quote with its time blanked out: "the end" of a month ends nothing."""
    timex, quote = statement.timex, statement.quote
    if timex is None:
        return quote
    start, end = timex.start - statement.start, timex.end - statement.start
    return f"{quote[:start]}{' ' * (end - start)}{quote[end:]}"


def _told_apart(quote: str, anchor: int | None) -> tuple[str, str]:
    """Return the words that say what is to come, and those that tell what happened around it.

    "… will meet on Monday | after the raid on the port". How the sentence begins is what it is about in any case.
    Nothing is background where the anchor is not known.
    """
    if anchor is None:
        return quote, ""
    spans = _clauses(quote)
    holds = [start <= anchor < end for start, end in spans]
    focus = [quote[start:end] for (start, end), held in zip(spans, holds, strict=True) if held or start == 0]
    background = [quote[start:end] for (start, end), held in zip(spans, holds, strict=True) if not held and start]
    return " ".join(focus), " ".join(background)


def _clauses(quote: str) -> Sequence[tuple[int, int]]:
    """Return where the words that tell an act and those that tell its background begin and end."""
    cuts = [0, *(found.start() for found in BACKGROUND.finditer(quote)), len(quote)]
    return [(start, end) for start, end in pairwise(cuts) if start < end]


# --- the sorts of marks --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Marked:
    """A mark where it stands in a text."""

    mark: str
    start: int
    name: bool
    """Whether its word is capitalised and stands for no actor."""


@lru_cache(maxsize=64)
def _words_in(text: str) -> tuple[_Marked, ...]:
    """Return the marks of a text, in order of reading; those of an article's headline are asked for again and again."""
    words = list(_WORD.finditer(text))
    spelt = [found.group() for found in words]
    marked: list[_Marked] = []
    at = 0
    while at < len(words):
        actor, length = _actor_at(spelt, at)
        start = words[at].start()
        if actor:
            marked.append(_Marked(f"@{actor}", start, name=False))
        else:
            capital = spelt[at][0].isupper()
            marked += [_Marked(mark, start, name=capital and mark[0] != "!") for mark in _marks_of_word(spelt[at])]
        at += length
    return tuple(marked)


def _marks_of_word(word: str) -> Iterator[str]:
    whole = _mark_of(word)
    if "-" not in word or (whole is not None and whole[0] == "!"):
        parts = [whole]
    else:
        parts = [_mark_of(part) for part in word.split("-") if part]
    return (mark for mark in parts if mark is not None)


def _places(text: str, *, headline: bool) -> frozenset[str]:
    """Return the places an act is set in, as `^US` or `^geneva`."""
    found = (each.groups() for each in _PLACE.finditer(text))
    return frozenset(f"^{ACTOR_OF.get(name, name.lower())}" for led, name in found if not headline or led == "in")


def _aside(statement: Statement, quote: str, anchor: int | None) -> frozenset[str]:
    """Return `%aside` where the sentence tells somebody else's word too: "Iran warns … after Trump vowed to"."""
    voice = marks_in(statement.speaker or "")
    for start, end in _clauses(quote) if anchor is not None and voice else ():
        if not start <= (anchor or 0) < end and GIVES_WORD.search(quote, start, end):
            heard = {word.mark for word in _words_in(quote[start:end]) if word.mark[0] == "@" or word.name}
            if heard and heard.isdisjoint(voice):
                return frozenset({"%aside"})
    return frozenset()


def _main_act(statement: Statement, quote: str, anchor: int | None) -> frozenset[str]:
    """Return what is to be done and to what, as `*visit` and `=@CN`: the words behind the planned verb.

    "vowed to | defend the island", "will | make his first court appearance"; else those before the time: "a state
    visit | on Sunday". A light verb gives way to the noun it carries: to hold talks is to meet.
    """
    planned = [found.start(1) for found in _planned(quote)]
    at = anchor or 0
    if statement.timex is None:
        begins = next((start for start in planned if start >= at), at)
    else:
        begins = max((start for start in planned if start < at), default=-1)
    words = _words_in(quote)
    if begins < 0:
        reach = [word for word in words if word.start < at][-_ACT_WORDS:]
        acts = [word for word in reversed(reach) if word.mark[0] == "!"][:1]
    else:
        reach = [word for word in words if word.start >= begins][:_ACT_WORDS]
        acts = [word for word in reach if word.mark[0] != "@" and not word.name][:1]
        nouns = [word for word in reach if word.mark[0] == "!"][:1]
        if not acts or _word_at(quote, acts[0].start) in LIGHT or acts[0].start - begins > _VERB_REACH:
            acts = nouns or acts
    for occasion in _OCCASION.finditer(quote, max(0, begins), at) if statement.timex is not None else ():
        acts += [word for word in words if occasion.end() <= word.start < at and word.mark[0] == "!"][:1]
    done = {f"*{word.mark.removeprefix('!')}" for word in acts}
    return frozenset(done | {f"={word.mark}" for word in reach if word not in acts})


def _aspects(focus: str) -> frozenset[str]:
    """Return which of several an act is, as `&2`, and `%not` where it is refused."""
    numbers = ((found.group(1) or found.group(2)).lower() for found in ROUND.finditer(focus))
    rounds = frozenset(f"&{ORDINALS.get(number, number.rstrip('stndrh'))}" for number in numbers)
    verb = next(_planned(focus), None)
    refused = verb is not None and any(
        found.start() <= verb.start(1) <= found.end() + _REFUSAL_REACH for found in REFUSED.finditer(focus)
    )
    return rounds | frozenset({"%not"} if refused else ())


def _planned(text: str) -> Iterator[re.Match[str]]:
    """Yield where a text plans an act, in order of reading: its modal or `to`, the verb as the first group."""
    headline = _is_headline(text)
    return (found for found in _PLANNED.finditer(text) if headline or not _LED_TO.match(found.group()))


def _word_at(text: str, start: int) -> str:
    found = _WORD.match(text, start)
    return found.group().lower() if found else ""


def _agents(statement: Statement, focus: str) -> frozenset[str]:
    """Return who is to act, as `>@UA` or `>lavrov`: the actors and names just before the first planned verb.

    Where there are none, who binds himself.
    """
    planned = next(_planned(focus), None)
    reach = [found.start() for found in _WORD.finditer(focus[: planned.start()])][-_SUBJECT_WORDS:] if planned else []
    subject = focus[reach[0] : planned.start()] if reach and planned else ""
    found = {mark for mark in marks_in(subject) if mark.startswith("@")} | {name[1:] for name in _names(subject)}
    if not found and "binds-himself" in statement.rules:
        found = set(marks_in(statement.speaker or ""))
    return frozenset(f">{mark}" for mark in found)


def _is_headline(text: str) -> bool:
    """Tell whether capitals name nothing, because most words have one."""
    longer = [word for word in _WORD.findall(text) if len(word) >= _LONGER_WORD]
    return bool(sum(word[0].isupper() for word in longer) > _HEADLINE_SHARE * len(longer))


def _names(text: str) -> frozenset[str]:
    """Return proper names as `+lavrov`; a word at the beginning of a sentence is one where it is a rare one."""
    return frozenset(
        f"+{word.mark}"
        for word in _words_in(text)
        if word.name and (word.mark not in WEIGHT_OF or not _begins(text, word.start))
    )


def _begins(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \"'“‘’”")
    return not before or before[-1] in ".?!:"


def _numbers(text: str) -> frozenset[str]:
    """Return the numbers that count something other than time, as `#37`."""
    found = (each for each in _NUMBER.finditer(text) if not _TIME_UNITS.match(text, each.end()))
    return frozenset(f"#{each.group().rstrip('.,').replace(',', '')}" for each in found)


def _actor_at(words: Sequence[str], at: int) -> tuple[str | None, int]:
    for length in range(min(LONGEST_NAME, len(words) - at), 0, -1):
        name = " ".join(words[at : at + length])
        actor = ACTOR_OF.get(name) or ACTOR_OF.get(_POSSESSIVE.sub("", name)) or ACTOR_OF.get(f"{name}.")
        if actor:
            return actor, length
    return None, 1


def _mark_of(word: str) -> str | None:
    lower = _folded(_POSSESSIVE.sub("", word).lower())
    root = stem(_SLAVIC.sub("y", lower))
    if lower in QUIET or root in QUIET or len(root) < _SHORTEST_STEM:
        return None
    act = next((ACT_OF[form] for form in (root, lower, lower.removesuffix("s"), f"{root}e") if form in ACT_OF), None)
    return f"!{act}" if act else root


def _folded(word: str) -> str:
    """Return a word without accents, as many outlets write names."""
    if word.isascii():
        return word
    bare = "".join(each for each in unicodedata.normalize("NFD", word) if not unicodedata.combining(each))
    return bare or word
