"""What speaks for and against two tellings reporting one follow-up, by name. Pure.

Two tellings are one when the same actors are to do the same thing at compatible times. Each piece of evidence has a
name in plain words and a strength from 0 to 1; what each moves the logarithm of the odds by was learnt from labelled
pairs (`evidence_weights.py`), for or against as its meaning demands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from watchers.evidence_times import days_of, hold, one_time
from watchers.evidence_weights import BIAS, WEIGHTS
from watchers.marks import marks_in
from watchers.matcher.english.acts import AKIN
from watchers.matcher.english.frequent import WEIGHT_OF
from watchers.model import Kind, Telling

MEMORY_DAYS = 10
"""How long an undated promise is told anew before a like one counts as a new promise."""
IMPOSSIBLE = -9.0
"""The odds where nothing but actors is shared, one is dated and the other not, or an undated promise is old."""
NEVER = -20.0
"""The odds of two statements of one sentence that name different times: their writer told them apart."""

_ACTOR = 0.8
_GREAT = frozenset({"@US", "@CN", "@RU", "@GB", "@eu", "@un"})
"""Actors that stand in so many reports that sharing one says little."""
_GREAT_ACTOR = 0.45
_LEAST = 1.5
"""A telling of few words cannot agree by one of them alone."""
_RARE = 0.85
_MOST_SHARED = 4.0
_HELD = 0.6
"""How much of the shorter telling's words both must have where neither their acts nor their main acts are the same."""
_BINDING = frozenset({Kind.DEADLINE, Kind.COMMITMENT})
"""Kinds by which the speaker binds himself or another."""
_SPEAKS_OF_OTHERS = 0.4
"""How much it counts that somebody else speaks, where the speaker only tells what is ahead."""
_TOLD = frozenset({"!announc"})
"""Acts by which a plan is told, as well as acts of their own: "…, the group announced"."""
_KNOWN = 0.5
"""How much it counts that one names other actors, where the other has them in its surroundings."""
_WEEK = 7
_REMEMBERED = 4_000
"""How many tellings' profiles are kept: each is compared with many others. Twelve times as many would take 200 MB, and
spare a twentieth of the time where ten thousand follow-ups are open."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The marks of a telling, sorted (see marks.py)."""

    words: frozenset[str]
    """Acts, things and names of the statement itself."""
    around: frozenset[str]
    """All marks of its surroundings only."""
    context: frozenset[str]
    """Its surroundings, acts bare of their `!`."""
    said: frozenset[str]
    """`words` and actors."""
    acts: frozenset[str]
    kin: frozenset[str]
    """`acts`, those that shade into each other as one."""
    actors: frozenset[str]
    agents: frozenset[str]
    places: frozenset[str]
    """Actors and stems of the places it is set in."""
    numbers: frozenset[str]
    main: frozenset[str]
    objects: frozenset[str]
    """What the main act is done to, acts bare of their `!`."""
    things: frozenset[str]
    """The same, acts with it."""
    names: frozenset[str]
    parties: frozenset[str]
    """The names and actors among them."""
    aside: bool
    refused: bool
    rounds: frozenset[str]
    """Which of several: the second round, phase 3."""
    persons: frozenset[str]
    """The speaker's names."""
    states: frozenset[str]
    """The actors the speaker's name names."""
    weight: float


def weight_of(mark: str) -> float:
    """Return how much sharing a mark says, from 0.3 (it stands everywhere) to 1."""
    if mark[0] == "@" and "!" not in mark:
        return _GREAT_ACTOR if mark in _GREAT else _ACTOR
    return WEIGHT_OF.get(mark, 1.0)


def profile_of(telling: Telling) -> Profile:
    """Return the marks of a telling, sorted."""
    return _profile(telling.marks, telling.statement.speaker)


@lru_cache(maxsize=_REMEMBERED)
def _profile(marks: frozenset[str], speaker: str | None) -> Profile:
    voice = marks_in(speaker or "")
    own = [mark for mark in marks if mark[0] != "~"]
    said = {mark for mark in own if mark[0] not in "^*=>+#%&"}
    words = frozenset(mark for mark in said if mark[0] != "@")
    acts = frozenset(mark for mark in words if mark[0] == "!")
    things, names = _sort(own, "="), _sort(own, "+")
    places = frozenset().union(*(_place(name) for name in _sort(own, "^")))
    return Profile(
        words=words,
        around=frozenset(mark[1:] for mark in marks if mark[0] == "~") - said,
        context=_bare(mark[1:] for mark in marks if mark[0] == "~"),
        said=frozenset(said),
        acts=acts,
        kin=frozenset(AKIN.get(act, act) for act in acts - _TOLD),
        actors=frozenset(mark for mark in said if mark[0] == "@"),
        agents=_sort(own, ">"),
        places=places,
        numbers=_sort(own, "#"),
        main=_sort(own, "*"),
        objects=_bare(things),
        things=things,
        names=names,
        parties=frozenset(thing for thing in things if thing[0] == "@" or thing in names) - places,
        aside="%aside" in marks,
        refused="%not" in marks,
        rounds=_sort(own, "&"),
        persons=frozenset(mark for mark in voice if mark[0] not in "@!"),
        states=frozenset(mark for mark in voice if mark[0] == "@"),
        weight=sum(map(weight_of, words)),
    )


def _sort(marks: Iterable[str], prefix: str) -> frozenset[str]:
    return frozenset(mark[1:] for mark in marks if mark[0] == prefix)


def _place(name: str) -> frozenset[str]:
    """Return the marks of a place: of `US`, or of `geneva`, which lost its capital."""
    return frozenset({f"@{name}"}) if name.isupper() else marks_in(name)


def _bare(marks: Iterable[str]) -> frozenset[str]:
    return frozenset(mark.removeprefix("!") for mark in marks)


# --- weighing ------------------------------------------------------------------------------------------------


def odds_of(one: Telling, other: Telling) -> float:
    """Return the logarithm of the odds that two tellings report one follow-up."""
    known = _ruled_out(one, other)
    if known is not None:
        return known
    return odds_from(evidence(one, other))


def odds_from(found: Mapping[str, float]) -> float:
    """Return the logarithm of the odds that evidence gives."""
    if not found:
        return IMPOSSIBLE
    return BIAS + sum([WEIGHTS.get(name, 0.0) * strength for name, strength in found.items()])


def _ruled_out(one: Telling, other: Telling) -> float | None:
    """Return the odds where they need no weighing."""
    mine, theirs = one.statement, other.statement
    if (mine.due is None) != (theirs.due is None):
        return IMPOSSIBLE
    if mine.due is None and abs((one.day - other.day).days) > MEMORY_DAYS:
        return IMPOSSIBLE
    twins = mine.quote == theirs.quote and one.outlet == other.outlet and one.title == other.title
    return NEVER if twins and (mine.due != theirs.due or mine.timex != theirs.timex) else None


def weighed(found: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return what each piece of evidence moves the odds by, the strongest first."""
    moved = [(name, WEIGHTS.get(name, 0.0) * strength) for name, strength in found.items()]
    return sorted(((name, by) for name, by in moved if by), key=lambda each: (-abs(each[1]), each[0]))


def shared_marks(one: Telling, other: Telling) -> tuple[str, ...]:
    """Return the marks that both statements carry, what says most first."""
    mine, theirs = profile_of(one), profile_of(other)
    shared = (mine.words | mine.actors) & (theirs.words | theirs.actors)
    return tuple(sorted(shared, key=lambda mark: (-weight_of(mark), mark)))


def evidence(one: Telling, other: Telling, *, moved: bool = False) -> dict[str, float]:
    """Return the evidence by name, each with a strength from 0 to 1; none where nothing but actors is shared.

    With `moved`, one of them moves the day, so that their days say nothing.
    """
    mine, theirs = profile_of(one), profile_of(other)
    persons = mine.persons | theirs.persons
    shared = (mine.words & theirs.words) - persons
    around = ((mine.words & theirs.around) | (theirs.words & mine.around)) - persons
    if not shared and not around:
        return {}
    found: dict[str, float] = {}
    _words(found, mine, theirs, (shared, around, persons))
    act, alike = _acts(found, mine, theirs)
    who = _actors(found, mine, theirs)
    rare = any(weight_of(mark) >= _RARE for mark in shared)
    found["only common words are shared"] = float(not rare)
    found["same actor, same act"] = float(who and not mine.main.isdisjoint(theirs.main))
    found["another act"] = float(not act)
    # A minister says many things in one speech, and much is due on one Friday.
    apart = not act and bool(found["another main act"]) and found["one holds the other's words"] < _HELD
    found["acts that share nothing"] = float(apart)
    found["other actors, another act"] = float(not act and _differ(mine.agents, theirs.agents))
    day = days_of(found, one, other, moved=moved)
    found["same actor, act and day"] = float(day and who and alike)
    found["same act, one's days hold the other's"] = float(alike and hold(one, other))
    events = one.statement.kind is other.statement.kind is Kind.EVENT
    found["an event in another place"] = float(events and _elsewhere(mine, theirs))
    found["other names, another act"] = found.pop("other names") * float(not act)
    if found["another speaker"] and not {one.statement.kind, other.statement.kind} & _BINDING:
        found["another speaker"] = _SPEAKS_OF_OTHERS
    article = _one_article(one, other)
    if article:  # Whatever one article says has the same surroundings.
        found["words of the surroundings"] = found["same actors in the surroundings"] = 0.0
    agree = one.statement.due is not None and one.statement.due == other.statement.due
    deadlines = one.statement.kind is other.statement.kind is Kind.DEADLINE
    found["one speaker's deadline"] = float(deadlines and bool(found["same speaker"]) and one_time(one, other))
    found["one article, speaker and time"] = float(article and agree and bool(found["same speaker"]))
    if found["one speaker's deadline"] or found["one article, speaker and time"]:  # Who puts it in other words says so.
        found["hardly a word is shared"] = 0.0
    _aspects(found, mine, theirs)
    if one.statement.kind is not other.statement.kind:
        ends = Kind.DEADLINE in (one.statement.kind, other.statement.kind)
        found["a deadline and none" if ends else "another kind"] = 1.0
    if not day:  # What has its day set is told for weeks.
        found["told days apart"] = min(_WEEK, abs((one.day - other.day).days)) / _WEEK
    found["one tells it in passing"] = float(mine.aside != theirs.aside)
    return {name: strength for name, strength in found.items() if strength}


def _one_article(one: Telling, other: Telling) -> bool:
    return one.outlet == other.outlet and one.title == other.title and one.day == other.day


def _words(
    found: dict[str, float],
    mine: Profile,
    theirs: Profile,
    alike: tuple[frozenset[str], frozenset[str], frozenset[str]],
) -> None:
    """Weigh the words they share: against all of each, against the shorter one, and as such."""
    shared, around, persons = alike
    common = sum(map(weight_of, shared))
    first = mine.weight - sum(map(weight_of, mine.words & persons))
    second = theirs.weight - sum(map(weight_of, theirs.words & persons))
    middle = max(_LEAST, (max(0.0, first) * max(0.0, second)) ** 0.5)
    found["same words"] = common / middle
    found["one holds the other's words"] = common / max(_LEAST, min(first, second))
    found["many words shared"] = min(_MOST_SHARED, common) / _MOST_SHARED
    found["hardly a word is shared"] = max(0.0, 1.0 - common)
    found["words of the surroundings"] = min(2.0, sum(map(weight_of, around)) / middle)
    found["same number"] = float(not mine.numbers.isdisjoint(theirs.numbers))
    found["other numbers"] = float(_differ(mine.numbers, theirs.numbers))


def _acts(found: dict[str, float], mine: Profile, theirs: Profile) -> tuple[bool, bool]:
    """Weigh what is to be done; return whether any act is the same, and whether the main one is."""
    same = not mine.main.isdisjoint(theirs.main)
    crossed = not same and not (mine.main.isdisjoint(theirs.objects) and theirs.main.isdisjoint(mine.objects))
    found["same main act"] = float(same)
    found["one's act is the other's object"] = float(crossed)
    told = not (
        same or crossed or (mine.main.isdisjoint(_bare(theirs.words)) and theirs.main.isdisjoint(_bare(mine.words)))
    )
    found["one tells the other's act too"] = float(told)
    beside = not (mine.main.isdisjoint(theirs.context) and theirs.main.isdisjoint(mine.context))
    found["one's act stands beside the other"] = float(beside and not (same or crossed or told))
    found["another main act"] = float(not crossed and _differ(mine.main, theirs.main))
    found["other objects"] = float(_differ(mine.things, theirs.things))
    strangers = _differ(mine.parties, theirs.parties)
    found["done to another party"] = float(
        strangers and _unknown(mine.parties, theirs) and _unknown(theirs.parties, mine)
    )
    found["acts of another sort"] = float(_differ(mine.kin, theirs.kin))
    found["same place"] = float(not mine.places.isdisjoint(theirs.places))
    return same or crossed or told or not mine.acts.isdisjoint(theirs.acts), same or crossed


def _aspects(found: dict[str, float], mine: Profile, theirs: Profile) -> None:
    """Weigh which of several it is, and whether it is to be done at all."""
    found["another round"] = float(_differ(mine.rounds, theirs.rounds))
    same = not mine.main.isdisjoint(theirs.main)
    found["one refuses what the other plans"] = float(same and mine.refused != theirs.refused)


def _actors(found: dict[str, float], mine: Profile, theirs: Profile) -> bool:
    """Weigh who acts and who speaks; return whether they are the same."""
    shared = mine.actors & theirs.actors
    likeness = sum(map(weight_of, shared)) / sum(map(weight_of, mine.actors | theirs.actors)) if shared else 0.0
    found["same actors"] = likeness
    known = not (_unknown(mine.actors, theirs) and _unknown(theirs.actors, mine))
    found["other actors"] = float(_differ(mine.actors, theirs.actors)) * (_KNOWN if known else 1.0)
    lonely = bool(mine.actors) != bool(theirs.actors)
    found["each names an actor of its own"] = float(_own(mine, theirs) and _own(theirs, mine))
    found["other actors around it"] = float(lonely and _differ(_involved(mine), _involved(theirs)))
    near = not (mine.actors.isdisjoint(theirs.around) and theirs.actors.isdisjoint(mine.around))
    found["same actors in the surroundings"] = float(near and not shared)
    agents = not mine.agents.isdisjoint(theirs.agents)
    found["same agent"] = float(agents)
    unlike = _differ(mine.agents, theirs.agents)
    strangers = _unknown(mine.agents, theirs) and _unknown(theirs.agents, mine)
    found["another agent"] = float(unlike)
    found["agents unknown to each other"] = float(unlike and strangers)
    person = not mine.persons.isdisjoint(theirs.persons)
    state = not person and bool(mine.states) and mine.states == theirs.states
    found["same speaker"] = float(person)
    found["same state speaks"] = float(state)
    found["another speaker"] = float(
        not person
        and not state
        and (bool(mine.persons and theirs.persons) or bool(_nameless(mine) and _nameless(theirs)))
        and mine.states.isdisjoint(theirs.states)
    )
    strangers = _differ(mine.names, theirs.names)
    strangers = strangers and _unknown(mine.names, theirs) and _unknown(theirs.names, mine)
    found["other names"] = float(strangers and not shared and not person)
    return person or agents or likeness >= 1 / 2


def _involved(profile: Profile) -> frozenset[str]:
    """Return the actors a telling names, of its surroundings where it names none itself."""
    return profile.actors or frozenset(mark for mark in profile.around if mark[0] == "@")


def _elsewhere(mine: Profile, theirs: Profile) -> bool:
    """Tell whether both name a place, and neither the other's, in the statement or around it."""
    return _differ(mine.places, theirs.places) and _unknown(mine.places, theirs) and _unknown(theirs.places, mine)


def _own(mine: Profile, theirs: Profile) -> bool:
    """Tell whether a telling names an actor that the other knows nothing of: the same was promised to two."""
    return not mine.actors <= theirs.said | theirs.around | theirs.places


def _unknown(marks: frozenset[str], other: Profile) -> bool:
    """Tell whether a telling has none of these marks, in the statement or around it."""
    return marks.isdisjoint(other.said) and marks.isdisjoint(other.around)


def _nameless(profile: Profile) -> frozenset[str]:
    return profile.states if not profile.persons else frozenset()


def _differ(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    return bool(mine) and bool(theirs) and mine.isdisjoint(theirs)
