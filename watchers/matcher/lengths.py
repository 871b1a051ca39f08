"""Whether a length of time limits something to come or only says how long something is."""

from __future__ import annotations

from watchers.matcher.english import around, cues
from watchers.matcher.timeline import Unit
from watchers.matcher.verbs import Tense
from watchers.matcher.view import Answer, View

_GRANTING = frozenset(("give", "gives", "gave", "given", "giving", "grant", "granted"))
_HAVING = frozenset(("had", "has", "have"))
_COUNTING = _GRANTING | frozenset(("take", "takes", "last", "lasts", "have", "has", "need", "needs"))
_STAYING = frozenset(("stay", "remain", "continue", "require", "run", "hold"))
"""Verbs whose time, where they lie ahead, says until when: "will stay for a week"."""
_SHORT_UNITS = frozenset((Unit.SECOND, Unit.MINUTE, Unit.HOUR))


def duration(view: View) -> Answer:
    """Answer for a length of time; None for any other."""
    return (_granted(view) or _length(view)) if view.duration else None


def _granted(view: View) -> Answer:
    """Answer for a time somebody is given to act in."""
    verb = view.verb
    if view.deadline and verb is not None and verb.main in cues.SETS_DEADLINE:
        return "deadline-noun", True
    if verb is not None and verb.start < view.mention.start and not view.deadline:
        to_act = verb.main in _HAVING and around.TO_ACT.match(view.after) is not None
        if (verb.main in _GRANTING and around.RELATIVE_AFTER.match(view.after) is None) or to_act:
            return f"grants-time:{verb.main}", True
    return None


def _length(view: View) -> Answer:
    """Answer for a time by how it stands to what goes on so long."""
    if around.EXTENDED.search(view.before) is not None:
        return "extended", True
    relative = not view.deadline and around.RELATIVE_AFTER.match(view.after) is not None
    if relative and around.NEXT_SPAN.match(view.mention.text) is None:
        return ("counts-down", True) if view.coming else ("only-places-another", False)
    if around.AWAY.match(view.after):
        return "away", True  # "relief is days away"
    lasting = view.verb is not None and view.verb.main in around.LASTING
    hours = lasting and view.mention.expression.unit in _SHORT_UNITS
    bounds = not hours and (view.ahead or _bounds(view))  # "a dinner due to last two hours" is none
    return None if bounds else ("lasts", False)


def _bounds(view: View) -> bool:
    """Tell whether a duration limits something, rather than saying how long it is."""
    written = view.mention.text
    if "-" in written or view.after.startswith("-"):
        return around.LIMIT_AFTER.match(view.after) is not None
    if (
        around.LIMIT_BEFORE.search(view.before)
        or around.LIMIT_AFTER.match(view.after)
        or around.LIMIT_IN.search(written)
    ):
        return True
    if view.verb is None:
        return False
    if written.startswith("over ") and view.tense not in (Tense.PAST, Tense.SAY):
        return view.verb.main not in _STAYING and view.verb.main not in _COUNTING  # "the release of all over six weeks"
    stays = view.to_come and view.verb.main in _STAYING and view.mention.expression.unit not in _SHORT_UNITS
    return stays or view.verb.main in _COUNTING
