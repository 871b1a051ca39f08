"""The codes analysts know: the act as CAMEO and PLOVER, the due time as EDTF, the actors as ISO 3166-1. Pure.

A statement is coded from its own words once it has been found. The act is the verb that the statement's time or
promise hangs on, with its object; what the words do with it (tell, ask, demand, deny, threaten) turns its code into the
one the codebook gives for that, see english/cameo.py. Where the words name no act that the codebook knows, the kind of
statement gives the root code alone.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import TypeVar

from watchers.matcher.english import cameo
from watchers.matcher.nations import countries_in, country_of
from watchers.model import Codes, Interval, Kind, Precision, Statement, Timex

_TOKEN = re.compile(r"[$€£]?\d[\w.,]*\w|\d|[^\W\d_](?:[\w’'-]|\.(?=\w))*|[;:—–()“”\",?!]")
_POSSESSIVES = ("'s", "’s", "'", "’")
_CONTRACTED = ("'ll", "’ll", "'ve", "’ve", "'d", "’d", "'re", "’re", "'m", "’m")
_PARTICIPLES = ("ed", "en", "wn", "ld", "nt", "ut", "ught", "pt", "et")
"""How past participles end: "sanctions will be imposed"."""
_REACH = 7
"""Words between a verb and its object: "to impose sweeping new sanctions"."""
_LOOK_BACK = 9
"""Words before a verb within which "demanded that Iran …" bears on it."""
_Found = TypeVar("_Found")
_PROMISED_WITHIN = 14
"""Words after a promise's verb within which the act promised begins."""
_FIRM = 1.0
"""A verb must be led up to more firmly, or so firmly with an object: what merely happened is no act to come."""
_ROOTS = {Kind.DEADLINE: "10", Kind.COMMITMENT: "03", Kind.EVENT: "03", Kind.EXPECTATION: "01"}
_SEASONS = {"SP": (3, "21"), "SU": (6, "22"), "FA": (9, "23")}
"""From TIMEX3's seasons to their first month and EDTF's number. Winter spans two years and is written out."""


def codes_of(statement: Statement, text: str) -> Codes:
    """Return the codes of a statement; `text` is what its offsets point into."""
    code, rule = _Sentence(statement).code()
    return Codes(
        edtf_of(statement.due, statement.precision, statement.timex),
        code,
        plover_of(code),
        country_of(statement.speaker, text),
        countries_in(statement.quote),
        rule,
    )


# --- EDTF -------------------------------------------------------------------------------------------------------


def edtf_of(due: Interval | None, precision: Precision, timex: Timex | None = None) -> str | None:
    """Return an interval of days as EDTF level 1 (ISO 8601-2); None for None.

    One day is that day; a whole month or year is written as such (`2026-03`, `2026`), and so is a span of whole months
    or years (`2026-03/2026-05`); spring, summer and autumn are `2026-21`, `-22`, `-23` where the words say a season;
    anything else is `first day/last day`. Where the words are vague ("within days") the last day is a rule of thumb and
    carries `~`, approximately. The days that the result covers are always those of the interval.
    """
    if due is None:
        return None
    mark = "~" if precision is Precision.VAGUE else ""
    season = _season(due, timex)
    if season is not None:
        return season + mark
    for parts in (1, 2, 3):  # years, months, days
        first, last = _begun(due.first, parts), _ended(due.last, parts)
        if first is not None and last is not None:
            return f"{last}{mark}" if first == last else f"{first}/{last}{mark}"
    raise AssertionError  # days always fit


def _begun(day: date, parts: int) -> str | None:
    """Return the year, month or day that begins on `day`, or None."""
    rest = (day.month, day.day)[parts - 1 :]
    return "-".join(day.isoformat().split("-")[:parts]) if set(rest) <= {1} else None


def _ended(day: date, parts: int) -> str | None:
    """Return the year, month or day that ends on `day`, or None."""
    over = day.day == monthrange(day.year, day.month)[1]
    fits = (over and day.month == 12, over, True)[parts - 1]  # noqa: PLR2004 - December
    return "-".join(day.isoformat().split("-")[:parts]) if fits else None


def _season(due: Interval, timex: Timex | None) -> str | None:
    month, number = _SEASONS.get(timex.value[-2:], (0, "")) if timex is not None else (0, "")
    first, last = due.first, due.last
    whole = (first.month, first.day, last.month, last.day) == (
        month,
        1,
        month + 2,
        monthrange(last.year, last.month)[1],
    )
    return f"{first.year:04}-{number}" if whole and first.year == last.year else None


# --- CAMEO and PLOVER -------------------------------------------------------------------------------------------


class _Stance(IntEnum):
    """What the words do with an act; the value is its column in `cameo.STANCES`."""

    AHEAD = 0
    ASKED = 1
    DEMANDED = 2
    DENIED = 3
    THREATENED = 4


@dataclass(frozen=True, slots=True)
class _Act:
    """A way to read some words as an act."""

    at: int
    """The token of its verb, or of its noun where it has no verb."""
    name: str
    """As in `cameo.ACTS`."""
    weight: float
    bare: bool
    """Whether it is a noun alone: "talks are set for Friday"."""


def plover_of(code: str | None) -> str | None:
    """Return the PLOVER event type of a CAMEO code, or None where PLOVER has none."""
    return None if code is None else _longest(cameo.PLOVER_OF, code)


class _Sentence:
    """A statement's words, with the clause each stands in."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._words: list[str] = []
        self._capitals: list[bool] = []
        self._clauses: list[int] = []
        self._anchor: int | None = None
        """The token of the time, or of the promise where there is none: what the act stands near."""
        clause = 0
        begins = statement.timex.start - statement.start if statement.timex is not None else None
        for found in _TOKEN.finditer(statement.quote):
            word = found.group().lower()
            if word in ";:—–" or word in cameo.BOUNDARIES:
                clause += 1
            if begins is not None and self._anchor is None and found.end() > begins:
                self._anchor = len(self._words)
            self._words.append(_bare(word))
            self._capitals.append(word[0] != found.group()[0])
            self._clauses.append(clause)

        if begins is None:
            promised = (
                at for among in (cameo.PROMISES, cameo.MODALS) for at, word in enumerate(self._words) if word in among
            )
            self._anchor = next(promised, None)
        self._hypothetical = self._clauses_of_conditions()

    def _clauses_of_conditions(self) -> frozenset[int]:
        return frozenset(self._clauses[at] for at, word in enumerate(self._words) if word in {"if", "unless"})

    def code(self) -> tuple[str | None, str]:
        """Return the CAMEO code of the statement and the rule that gave it."""
        words = frozenset(self._words)
        kind = self._statement.kind
        if "ultimatum" in words or (kind is Kind.DEADLINE and self._offers_a_choice()):
            return "139", "act:ultimatum"
        if kind is Kind.DEADLINE and words & cameo.EXPIRY and not words & (cameo.DEMANDS | cameo.APPEALS):
            return None, "act:expiry:uncoded"
        act = self._main_act()
        if kind is Kind.DEADLINE and self._sets_a_limit(words):
            return "139", "act:limit"
        if act is None:
            return self._by_kind(words)
        done = cameo.ACTS[act.name]
        if done == "-":
            return None, f"act:{act.name}:uncoded"
        stance = self._stance(act, done)
        return _turned(done, stance), f"act:{act.name}:{stance.name.lower()}"

    def _by_kind(self, words: frozenset[str]) -> tuple[str | None, str]:
        kind = self._statement.kind
        if kind is Kind.DEADLINE and (words & cameo.THREATS or self._holds_out(words)):
            return "13", "kind:threat"
        if kind is Kind.COMMITMENT and self._anchor is not None and self._threatens(self._anchor):
            return "13", "kind:threat"
        if kind is Kind.DEADLINE and not words & (cameo.DEMANDS | cameo.APPEALS | {"needs", "need", "has", "have"}):
            return None, "kind:no-demand"
        if kind is Kind.DEADLINE and words & cameo.APPEALS and not words & cameo.DEMANDS:
            return "02", "kind:appeal"
        if kind is Kind.EXPECTATION and words & (cameo.HOPEFUL | cameo.FEARFUL):
            return ("013", "kind:hope") if words & cameo.HOPEFUL else ("012", "kind:fear")
        return _ROOTS[kind], f"kind:{kind.value}"

    def _holds_out(self, words: frozenset[str]) -> bool:
        """Tell whether something will be done on a condition that is no demand."""
        return self._statement.conditional and bool(words & cameo.MODALS) and not words & cameo.DEMANDS

    def _offers_a_choice(self) -> bool:
        """Tell whether the words say "must … or face …", "last chance … or"."""
        words = self._words
        for at, word in enumerate(words[:-1]):
            if word == "or" and words[at + 1] in {
                "else",
                "face",
                "be",
                "suffer",
                "pay",
                "risk",
                "it",
                "they",
                "we",
                "you",
            }:
                return "must" in words[:at] or "chance" in words[:at] or words[at + 1] in {"else", "face", "suffer"}
        return False

    def _sets_a_limit(self, words: frozenset[str]) -> bool:
        """Tell whether somebody is given until a time: "gave Iran 60 days", "has until Friday to …"."""
        if words & cameo.EXPIRY:
            return False
        for at, word in enumerate(self._words):
            if word == "deadline" and {"set", "imposed"} & set(self._words[at + 1 : at + 3]):
                return True
            if word in cameo.GIVES:
                near = self._words[at + 1 : at + _REACH]
                if word in {"has", "have", "had"}:
                    return near[:1] == ["until"] or (near[:1] == ["only"] and "until" in near)
                if cameo.LIMITS & set(near) and not cameo.MORE_TIME & set(near):
                    return True
        return False

    # --- which act ----------------------------------------------------------------------------------------------

    def _main_act(self) -> _Act | None:
        found = [act for at in range(len(self._words)) for act in self._acts_at(at)]
        return max(found, key=lambda act: (act.weight, -act.at), default=None)

    def _acts_at(self, at: int) -> Iterator[_Act]:
        near = self._nearness(at)
        if near is None:
            return
        word = self._words[at]
        verbs = cameo.VERB_CLASSES.get(word, ()) if self._may_be_verb(at) else ()
        cue = self._cue(at) if verbs else 0.0
        for verb in verbs:
            name = self._with_object(verb, at)
            if name is not None and (cue > _FIRM or (cue == _FIRM and "+" in name)):
                yield _Act(at, name, cue + (1.5 if "+" in name else 0.8) + near, bare=False)
        event = self._statement.kind is Kind.EVENT
        for verb in cameo.NOMINALS.get(word, ()):
            name = self._with_object(verb, at)
            if name is not None and "+" in name:
                yield _Act(at, name, (2.4 if event else 1.2) + near, bare=True)
        for noun in self._nouns(at):
            if f"+{noun}" in cameo.ACTS and not self._qualifies_next(at) and not self._is_led_up_to(at):
                yield _Act(at, f"+{noun}", (1.6 if event else 0.6) + near, bare=True)
                return

    def _may_be_verb(self, at: int) -> bool:
        before = self._words[at - 1] if at else ""
        if before in cameo.DETERMINERS or (self._capitals[at] and before.isalpha()):
            return False
        only_says_which = self._words[at] in cameo.NOUN_CLASSES and self._qualifies_next(at)
        return not only_says_which or self._is_led_up_to(at)

    def _is_led_up_to(self, at: int) -> bool:
        before = self._words[at - 1] if at else ""
        return before == "to" or before in cameo.MODALS or before in cameo.WEAK_MODALS

    def _with_object(self, verb: str, at: int) -> str | None:
        ahead = range(at + 1, min(at + 1 + _REACH, len(self._words)))
        behind = range(at - 1, max(at - 4 - _REACH, -1), -1) if self._words[at].endswith(_PARTICIPLES) else range(0)
        for reach in (ahead, behind):
            for spot in reach:
                if self._clauses[spot] != self._clauses[at]:
                    break
                for noun in () if self._qualifies_next(spot) else self._nouns(spot):
                    if f"{verb}+{noun}" in cameo.ACTS:
                        return f"{verb}+{noun}"
        subject = range(at - 1, max(at - 1 - _REACH, -1), -1)
        for spot in subject:  # "talks resume", "sanctions take effect"
            if self._clauses[spot] != self._clauses[at] or (spot != at - 1 and self._words[spot] == ","):
                break
            for noun in self._nouns(spot):
                if f"{verb}+{noun}" in cameo.ACTS and verb in {"start", "reopen", "hold", "keep"}:
                    return f"{verb}+{noun}"
        return verb if verb in cameo.ACTS else None

    def _qualifies_next(self, at: int) -> bool:
        """Tell whether a noun only says which: "nuclear" in "nuclear crisis", "trade" in "trade talks"."""
        after = cameo.NOUN_CLASSES.get(self._words[at + 1], ()) if at + 1 < len(self._words) else ()
        return bool(after) and not {"together", "down"} & set(after)

    def _threatens(self, at: int) -> bool:
        """Tell whether a word of threat bears on a word: in its clause, or shortly before it."""
        return any(
            word in cameo.THREATS and (self._clauses[spot] == self._clauses[at] or 0 < at - spot <= _LOOK_BACK)
            for spot, word in enumerate(self._words)
        )

    def _nouns(self, at: int) -> tuple[str, ...]:
        """Return the classes of a noun, the one that the words before it refine first: "military aid" is arms."""
        plain = cameo.NOUN_CLASSES.get(self._words[at], ())
        if not plain or (self._capitals[at] and self._words[at] == "march"):
            return ()
        before = self._words[max(0, at - 3) : at]
        refined = [cameo.REFINED[word, noun] for noun in plain for word in before if (word, noun) in cameo.REFINED]
        return (*refined, *plain)

    def _nearness(self, at: int) -> float | None:
        """Return what a word's place speaks for it; None where it cannot be what the statement is about."""
        anchor = self._anchor
        if anchor is None:
            return 0.0
        if self._statement.timex is None and not 0 <= at - anchor <= _PROMISED_WITHIN:
            return None
        same = 2.0 if self._clauses[at] == self._clauses[anchor] else 0.0
        supposed = 2.0 if self._clauses[at] in self._hypothetical else 0.0
        return same - supposed - 0.04 * abs(at - anchor)

    def _cue(self, at: int) -> float:
        """Return how firmly the words before a verb say that it is to come; 0 where they do not."""
        if at == self._anchor and self._words[at] in cameo.PROMISES:
            return 2.0  # "promised further military aid"
        before = at - 1
        while before >= 0 and (self._words[before] in cameo.FILLERS or self._words[before].endswith("ly")):
            before -= 1
        word = self._words[before] if before >= 0 else ""
        if word in cameo.MODALS or word.endswith(_CONTRACTED):
            return 4.0
        if word in cameo.WEAK_MODALS and not (word == "may" and self._capitals[before]):
            return 3.5
        if word == "to":
            return 3.6 if cameo.LEADS & set(self._words[max(0, before - 5) : before]) else 1.8
        if word in cameo.LEADS - cameo.AUXILIARIES or word in cameo.PROMISES:
            return 3.0
        return self._cue_of_form(at, word)

    def _cue_of_form(self, at: int, before: str) -> float:
        lead = self._words[max(0, at - _LOOK_BACK) : at]
        if "that" in lead and self._bidding(lead):
            return 2.6  # "demanded that the militia stop …"
        if before in {"and", "or"}:
            return 2.2
        if self._words[at].endswith("ing"):
            return 3.0 if before in {"is", "are", "am", "was", "were"} else _FIRM
        if self._statement.kind is Kind.EVENT and not self._words[at].endswith("ed"):
            return 2.4
        return _FIRM if self._words[at].endswith("s") else 0.3

    # --- what is done with it -----------------------------------------------------------------------------------

    def _stance(self, act: _Act, done: str) -> _Stance:
        before = self._words[max(0, act.at - _LOOK_BACK) : act.at]
        if not act.bare and self._is_denied(act.at):
            return _Stance.DENIED
        if done[:2] in cameo.HOSTILE_ROOTS and (self._threatens(act.at) or self._is_held_out(done)):
            return _Stance.THREATENED
        if act.bare or cameo.OWN & set(before) or not {"to", "must", "should", "that"} & set(before):
            return _Stance.AHEAD
        if self._statement.kind is Kind.DEADLINE and {"has", "have", "needs", "need", "must"} & set(before[-4:]):
            return _Stance.DEMANDED
        bidding = self._bidding(before)
        if not bidding:
            return _Stance.AHEAD
        return _Stance.ASKED if bidding[-1] in cameo.APPEALS else _Stance.DEMANDED

    def _is_denied(self, at: int) -> bool:
        near = range(max(0, at - 4), at)
        return any(self._words[spot] in cameo.NEGATIONS and self._clauses[spot] == self._clauses[at] for spot in near)

    def _is_held_out(self, done: str) -> bool:
        """Tell whether a hostile act hangs on another's conduct; to leave a union or a treaty threatens nobody."""
        return self._statement.conditional and not done.startswith("160")

    @staticmethod
    def _bidding(words: Sequence[str]) -> list[str]:
        """Return the words that ask or order; who tells reporters something orders nothing."""
        return [
            word
            for word, after in zip(words, [*words[1:], ""], strict=True)
            if word in cameo.APPEALS or (word in cameo.DEMANDS and after not in cameo.REPORTED_TO)
        ]


def _bare(word: str) -> str:
    ending = next((ending for ending in _POSSESSIVES if word.endswith(ending)), "")
    return word.removesuffix(ending)


def _turned(done: str, stance: _Stance) -> str:
    """Return the code of an act as the words put it."""
    row = _longest(cameo.STANCES, done)
    if row is None:
        return done
    code = row[stance] if row[stance] != "-" else row[_Stance.AHEAD]
    return done if done.startswith(code) else code


def _longest(table: dict[str, _Found], code: str) -> _Found | None:
    return next((table[code[:length]] for length in range(len(code), 1, -1) if code[:length] in table), None)
