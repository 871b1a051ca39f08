"""The English of events that have a day: what they are called, how a text dates one, and how it comes back to it."""

from __future__ import annotations

import re
from typing import Final

_KINDS: Final[dict[str, str]] = {
    "summit": "summit|summits",
    "conference": "conference",
    "forum": "forum",
    "assembly": "assembly",
    "congress": "congress",
    "election": "election|elections|ballot|polls",
    "vote": "vote|referendum|run-?off",
    "inauguration": "inauguration|swearing-in",
    "visit": "visit|visits|trip|tour|travel to|travels to|fly to|flies to|arrive in|arrives in|head to|heads to",
    "meeting": "meeting|meetings|meet|meets|talks|negotiations|consultations",
    "session": "session|hearing",
    "signing": "signing|ceremony",
    "drill": "exercises?|drills?|man(?:oeuv|euv)res",
    "truce": "truce|cease-?fire|pause|moratorium",
    "pact": "treaty|pact|accord|agreement|waiver|exemption|licen[cs]e|mandate|embargo|resolution",
    "deadline": "deadline|ultimatum|cut-?off",
}
"""What an event is called, by its kind: what was dated as one of these may be taken up as another of its line."""

RUNS_OUT: Final = frozenset({"truce", "pact"})
"""Kinds that go on until their day: their day is the one they end on."""

_ANY: Final = "|".join(_KINDS.values())
_NAMED: Final = [(kind, re.compile(rf"(?:{words})\Z", re.IGNORECASE)) for kind, words in _KINDS.items()]


def kind_of_occasion(word: str) -> str:
    """Return the kind of event that a word of this page names."""
    return next(kind for kind, words in _NAMED if words.match(word))


_PLACES: Final = r"(?: (?:(?:in|at|of|with|between|to) )?(?:the )?[A-Z][\w’'.-]*(?:(?: and|,) [A-Z][\w’'.-]*)*){0,4}"
_VERB: Final = (
    r"(?: (?:will|is|are|was|were|to|be|been|due|set|scheduled|planned|slated|expected|now|formally|officially|held"
    r"|take|takes|place|begin|begins|start|starts|open|opens|kick|kicks|off|resume|resumes|convene|convenes)){0,6}"
)
DATED_AFTER: Final = re.compile(
    rf"\b({_ANY}){_PLACES},?(?: which| that)?(?:{_VERB}|( (?:will |is set to |is due to )?(?:expires?|lapses?|ends?"
    r"|runs? out)))(?: on| from| for| at|,)?(?: the| this)? ?\Z"
)
"""Ends where a time begins: the event that the time dates, and the verb where that is one of ending."""
DATED_BEFORE: Final = re.compile(rf"(?:['’]s?)?(?: [\w’'-]+){{0,2}}? ({_ANY})\b")
"""Begins where a time ends: Monday's summit, the 24 June NATO summit."""

_FRAMES: Final = (
    r"(?:[Aa](?:head of|t|fter)|[Bb](?:efore|y(?: the time)?)|[Pp]rior to|[Ii]n (?:advance of|the run-?up to|time for)"
    r"|[Dd]uring|[Ff]ollowing|[Oo]n(?:ce| the (?:sidelines|margins|fringes) of)|[Uu]ntil|[Tt]ill|[Ww]hen) "
)
TAKEN_UP: Final = re.compile(rf"[ \n“\"(]{_FRAMES}")
"""Words that may place an action by an event, which follows. What stands before them comes first in the pattern, which
makes it the faster to search for."""
OPENS: Final = re.compile(_FRAMES)
"""The same at the beginning of a text."""
_GO_ON: Final = (
    r"(?=\s*(?:\Z|[.,;:!?)—–\"”\n]|’(?!s))|\s+(?:in|at|on|next|this|later|and|or|to|that|which|where|when|with|if|as|by"
    r"|he|she|they|it|we|i|but|because|while|of|for|is|are|was|will|has|had|the|said|says|between|opens?|begins?"
    r"|starts?|ends?|concludes?|closes?)\b)"
)
"""What may follow an event's name: not a noun that makes another thing of it (the summit declaration)."""
TOLD: Final = re.compile(
    rf"(?:the|this|that|these|those|his|her|its|their) ((?:[\w’'-]+ ){{0,2}}?({_ANY})){_GO_ON}", re.IGNORECASE
)
"""An event told before."""
IT_ENDS: Final = re.compile(
    rf"((?:it|the ({_ANY})) (?:expires|lapses|ends|runs out|is due to (?:expire|end|lapse))"
    rf"|(?:its|the (?:[\w’'-]+ )?({_ANY})['’]s) (?:expiry|expiration|end)){_GO_ON}",
    re.IGNORECASE,
)
"""The end of what runs out."""
_NEUTRAL: Final = (
    "upcoming planned crucial key high-stakes long-awaited annual leaders coming forthcoming two-day three-day "
    "four-day week-long official formal state scheduled proposed highly anticipated expected leaders' leaders’"
)
NEUTRAL: Final = frozenset(_NEUTRAL.split())
"""Words beside an event that do not say which one it is."""


def names_of(names: list[str]) -> re.Pattern[str]:
    """Return the pattern of an event's name as it may follow one of `TAKEN_UP`, for the names given."""
    known = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(names, key=len, reverse=True))
    year = r"(?: of (\d{4})| (\d{4}))?"
    return re.compile(rf"(?:the |this |its |their )?((?:[\w’'-]+ ){{0,3}}?({known}){year}){_GO_ON}", re.IGNORECASE)
