"""What a follow-up leads one to expect: who is to do what, to whom, by when. Pure.

Its words are weighed: what stands beside its time counts most, what lies behind the news and who merely tells it
least; what only stands around it, in the headline or just before, counts a little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from math import fsum

from watchers.matcher.english import outcomes
from watchers.model import FollowUp, Interval, Kind, Statement, Telling
from watchers.outcome_signs import Mention, Told, read_told
from watchers.tones import Tone

PATIENCE = timedelta(days=45)
"""How long after its last day evidence of a follow-up is still looked for."""
MEMORY = timedelta(days=150)
"""How long after it was said evidence of an undated one is looked for."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a follow-up leads one to expect."""

    said_on: date
    due: Interval | None
    weights: Mapping[str, float]
    """What it names, and how much each says of it."""
    whole: float
    """The sum of these weights."""
    actors: frozenset[str]
    """Who is to act, or to be acted upon."""
    parties: frozenset[str]
    """Every actor its own words name."""
    acts: frozenset[str]
    """What is to be done: the main act, where one is plain, else every act that is yet to come."""
    all_acts: frozenset[str]
    """The main act and those that come with it: "will visit Cairo for talks"."""
    truce: bool
    """Whether it is about a truce."""
    names: frozenset[str]
    named: frozenset[str]
    """Those of the names that are part of what is yet to come."""
    things: frozenset[str]
    figures: frozenset[str]
    tones: Tone
    """The tones of its own words: what is to be put off is not moved by being put off."""
    demanded: frozenset[str]
    """What it asks of another ("if they do not free them by Friday"); empty where it asks nothing."""
    threatened: frozenset[str]
    """What is to follow if that is not met."""
    truce_of: frozenset[str]
    """The parties to a truce that is agreed here; empty where none is."""
    conditional: bool
    lasts: bool
    """It is to last until its time, not to happen by it."""

    @property
    def until(self) -> date:
        """The last day on which evidence is looked for."""
        return self.said_on + MEMORY if self.due is None else self.due.last + PATIENCE


_BY_TIME, _COMING, _PLAIN, _VOICE, _BEHIND = 1.0, 0.8, 0.7, 0.5, 0.25
"""How much what stands beside the time counts, what is to come, what is told, who tells it, what lies behind."""
_PLANNED = re.compile(
    r"\b(?:will|would|shall|must|to)\s+(?:(?:not|be|have|also|soon|then|formally|officially|jointly)\s+)*"
    r"(?!(?:a|an|the|its|his|her|their|all|any|this|take|come|go|occur|happen|make|give|do|[A-Z]\w*)\b)([a-zà-ÿ][\w-]+)"
)
"""A verb yet to come that says by itself what is to be done."""
_OBJECT = 30
"""Characters behind a verb in which its object begins."""
_ACTOR_NEAR, _THING_NEAR = 0.35, 0.12
"""How much counts what only stands around the statement."""
_NAME = 1.0
"""The weight from which on a word is a name."""
_SAID = 0.45
"""The weight from which on a thing counts as said."""


def expected_of(followup: FollowUp) -> Expected:
    """Return what a follow-up leads one to expect, from the telling that says it best."""
    return _expected(told_best(followup), followup.said_on, followup.due)


def told_best(followup: FollowUp) -> Telling:
    """Return the telling whose words a follow-up has."""
    tellings = followup.tellings
    return next((each for each in tellings if each.statement.quote == followup.quote), tellings[-1])


@lru_cache(maxsize=4_000)
def _expected(telling: Telling, said_on: date, due: Interval | None) -> Expected:
    statement = telling.statement
    told = read_told(statement.quote, 0, len(statement.quote))
    beside = _beside(statement, told)
    weights, core = _own(told, beside)
    names = frozenset(each.token for each in told.mentions if each.token[0] not in "@!#" and each.weight >= _NAME)
    things = frozenset(token for token, weight in weights.items() if token[0] not in "@!#" and weight >= _SAID)
    parties = frozenset(token for token in weights if token[0] == "@")
    weights |= _around(telling.marks, weights)
    coming = [each for each in core if each.tone & Tone.COMING or each.stretch == beside] or core
    demanded, threatened = _demand(statement, told, beside)
    acts = frozenset(each for each in demanded if each[0] == "!") or _sort(coming, "!") or _sort(core, "!")
    main = _main_act(statement, told) or acts
    lasts = _lasts(statement)
    return Expected(
        said_on=said_on,
        due=due,
        weights=weights,
        whole=fsum(weights.values()),
        actors=_sort(coming, "@") or _sort(core, "@"),
        parties=parties,
        acts=(main - {"!extend"}) | {"!end"} if lasts else main,
        all_acts=main | acts if _sorts(main) == {"!"} else main,
        truce="!truce" in acts,
        names=names,
        named=frozenset(each.token for each in coming if each.token in names),
        things=things,
        figures=_sort(core, "#"),
        tones=told.coloured,
        demanded=demanded,
        threatened=threatened,
        truce_of=_parties_to(told) if "!truce" in acts and not statement.conditional else frozenset(),
        conditional=statement.conditional,
        lasts=lasts,
    )


def _parties_to(told: Told) -> frozenset[str]:
    """Return who agrees to a truce: the actors right before "agree", and not those who mediate or tell of it.

    Nobody where what is agreed is only to talk about one.
    """
    first: dict[str, Mention] = {}
    for each in told.mentions:
        first.setdefault(each.token, each)
    agree, truce, talks = first.get("!agree"), first.get("!truce"), first.get("!meet")
    if agree is None or truce is None or (talks is not None and agree.start < talks.start < truce.start):
        return frozenset()
    near = (each for each in told.mentions if each.start < agree.start and each.stretch >= agree.stretch - 1)
    return _sort(near, "@")


def _beside(statement: Statement, told: Told) -> int:
    """Return the stretch of the quote in which its time stands; 0 where it has none."""
    if statement.timex is None:
        return 0
    at = statement.timex.start - statement.start
    return max((each.stretch for each in told.mentions if each.start <= at), default=0)


def _own(told: Told, beside: int) -> tuple[dict[str, float], list[Mention]]:
    """Return what the quote names with its weights, and the mentions that are not behind it or merely its voice."""
    weights: dict[str, float] = {}
    core: list[Mention] = []
    for mention in told.mentions:
        focus = _focus(mention, beside)
        weights[mention.token] = max(weights.get(mention.token, 0.0), mention.weight * focus)
        if focus >= _PLAIN:
            core.append(mention)
    return weights, core


def _around(marks: Iterable[str], own: Mapping[str, float]) -> dict[str, float]:
    """Return what only stands around the statement (see marks.py), with its weights."""
    bare = sorted(mark[1:] for mark in marks if mark.startswith("~") and mark[1:] not in own)
    return {mark: _ACTOR_NEAR if mark[0] == "@" else _THING_NEAR for mark in bare if mark[0] not in "!^*"}


def _main_act(statement: Statement, told: Told) -> frozenset[str]:
    """Return what the verb is that is yet to come, nearest before its time; nothing where it says little by itself."""
    at = statement.timex.start - statement.start if statement.timex is not None else len(statement.quote)
    verbs = list(_PLANNED.finditer(statement.quote))
    verb = next((each for each in reversed(verbs) if each.start(1) < at), None)
    if verb is None:
        return frozenset()
    named = {each.token for each in told.mentions if each.start == verb.start(1)}
    if not named:
        return frozenset()
    acts = frozenset(token for token in named if token[0] == "!")
    if acts and not acts & outcomes.LIGHT_ACTS:
        return acts
    # "will hold hearings", "will reintroduce controls": what is held or reintroduced says it.
    behind = [each for each in told.mentions if verb.end() < each.start < verb.end() + _OBJECT]
    doings = frozenset(each.token for each in behind if each.token[0] == "!")
    thing = next((each.token for each in behind if each.token[0] not in "@#!"), None)
    return doings or (frozenset() if acts else frozenset(named) | ({thing} if thing else frozenset()))


def _lasts(statement: Statement) -> bool:
    """Tell whether something is to last until the time, by the words before it: "is paused until April"."""
    if statement.timex is None:
        return False
    before = statement.quote[: max(0, statement.timex.start - statement.start)]
    before = before.rstrip().lower()
    if before.endswith(" for"):  # "paused for 90 days", and not "set for Friday"
        return statement.timex.type == "DURATION"
    return before.endswith(outcomes.LASTING)


def _demand(statement: Statement, told: Told, beside: int) -> tuple[frozenset[str], frozenset[str]]:
    """Return what a deadline demands, beside its time, and what it threatens in its other clauses to come."""
    if statement.kind is not Kind.DEADLINE or not statement.conditional:
        return frozenset(), frozenset()
    telling = [each for each in told.mentions if each.token[0] in "!#"]
    demanded = {each.token for each in telling if each.stretch == beside}
    threatened = {each.token for each in telling if each.stretch != beside and each.tone & Tone.COMING}
    return frozenset(demanded - threatened), frozenset(threatened - demanded)


def _focus(mention: Mention, beside: int) -> float:
    if mention.tone & Tone.BEHIND:
        return _BEHIND
    if mention.stretch == beside:
        return _BY_TIME
    if mention.tone & Tone.VOICE:
        return _VOICE
    return _COMING if mention.tone & Tone.COMING else _PLAIN


def _sorts(tokens: Iterable[str]) -> set[str]:
    return {token[0] for token in tokens}


def _sort(mentions: Iterable[Mention], sort: str) -> frozenset[str]:
    return frozenset(each.token for each in mentions if each.token[0] == sort)
