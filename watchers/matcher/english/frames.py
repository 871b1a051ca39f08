"""The English words around a time that say how it bounds an action: by, until, before, within, from, deadline.

Each frame is a name and a pattern for the text that ends where the time begins, or begins where it ends. Of the
patterns that fit, the one that stands first counts.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final


class Frame(Enum):
    """What the words around a time make of it."""

    SINCE = "since"
    """It looks back: nothing falls due."""
    DEADLINE = "deadline"
    """The time itself is the last day."""
    BY = "by"
    """Any day up to the end of the time."""
    BEFORE = "before"
    """Any day up to the one before the time begins."""
    FROM = "from"
    """It begins at the time, and is checked then."""
    WITHIN = "within"
    IN = "in"
    """A distance: the day that far off."""
    FOR = "for"
    """How long something lasts."""
    NONE = "none"


_ROUGHLY: Final = r"(?:(?:about|around|roughly|approximately|nearly|almost|perhaps|maybe|say|just|only|as little as) )?"
_DETERMINER: Final = (
    r"(?:(?:the|a|an|its|their|his|her|this|that|another|at least|about|around|roughly|sometime|mid) )*"
)


def _before(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|\W)(?:{words}) {_DETERMINER}$")


BEFORE: Final[tuple[tuple[str, Frame, re.Pattern[str]], ...]] = (
    ("since", Frame.SINCE, _before(r"since|ever since")),
    (
        "deadline_of",
        Frame.DEADLINE,
        _before(
            r"(?:deadline|ultimatum|cut-?off(?: date)?|time limit|target(?: date)?|timeline)"
            r"(?: [\w'’-]+){0,3}? (?:of|is|on|for|falls on|falls|expires|expires on|at)"
        ),
    ),
    (
        "not_until",
        Frame.FROM,
        _before(
            r"(?:not|n['’]t|no|never|none|nothing|nobody|neither|nor|without|unlikely|impossible|wait|waits|waiting|waited"
            r")\b[^.,;:!?—“”]{0,90}?\W(?:until|till|before|prior to|ahead of)"
        ),
    ),
    (
        "moved_from",
        Frame.SINCE,
        _before(
            r"(?:postponed|delayed|moved|rescheduled|pushed back|shifted|brought forward)\b[^.;:!?—“”]{0,60}?\Wfrom"
        ),
    ),
    (
        "put_off_to",
        Frame.FROM,
        _before(
            r"(?:delayed|delaying|delays|postponed|postpone|postpones|postponing|deferred|defers"
            r"|put off|pushed back|push back|adjourned"
            r"|adjourn|rescheduled|reschedule|moved|brought forward)\b[^.;:!?—“”]{0,60}?\W(?:until|till|to|for)"
        ),
    ),
    (
        "as_early_as",
        Frame.FROM,
        _before(r"as (?:early|soon) as|no (?:earlier|sooner) than|not (?:earlier|sooner) than|at the earliest"),
    ),
    (
        "extended_to",
        Frame.BY,
        _before(
            r"(?:extend|extends|extended|extending|extension|prolong|prolonged|prolongation|renewed|renew)\b"
            r"[^.;:!?—“”]{0,60}?\W(?:to|until|till|through)"
        ),
    ),
    (
        "by",
        Frame.BY,
        _before(
            r"by|until|till|through|thru|up to|no later than|not later than|by the latest|on or before|latest by"
            r"|up until|down to|by no later than|lasts? to|run(?:s|ning)? to"
        ),
    ),
    (
        "before",
        Frame.BEFORE,
        _before(r"before|ahead of|prior to|in advance of|in the run-?up to|earlier than|sooner than"),
    ),
    (
        "before_event",
        Frame.BEFORE,
        re.compile(
            r"(?:^|\W)(?:before|ahead of|prior to|in advance of|in the run-?up to) (?:[\w'’.-]+ ){0,5}?(?:summit"
            r"|meeting|talks|elections?|vote|referendum|runoff|conference|inauguration|visit|trip|hearing|session"
            r"|assembly|gathering)(?: (?:in|at|of|with|between) [\w'’.-]+(?: [\w'’.-]+){0,2}?)?"
            r" (?:(?:scheduled|set|planned|due) )?(?:on|for|of) (?:the )?$"
        ),
    ),
    (
        "from",
        Frame.FROM,
        _before(
            r"from|starting|starting on|starting in|beginning|beginning on|beginning in|as of|effective"
            r"|effective on|after|following|once|commencing|with effect from|effective from|starting from|as from"
        ),
    ),
    (
        "within",
        Frame.WITHIN,
        _before(
            r"within|inside|over|during|in (?:less|fewer|no more|under|not more) than|in under|under|in the|over the"
            r"|in up to|in at most|in a matter of|throughout|across|in the space of|within the space of"
        ),
    ),
    ("in", Frame.IN, re.compile(rf"(?:^|\W)in {_ROUGHLY}(?:another )?$")),
    ("for", Frame.FOR, re.compile(rf"(?:^|\W)for (?:up to |at least |as long as |more than |over )?{_ROUGHLY}$")),
)
"""Frames by the words before the time, for lower-case text with single spaces."""

NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "since": ("since ",),
    "deadline_of": ("deadline", "ultimatum", "cut", "limit", "target", "timeline"),
    "not_until": ("until", "till", "before", "prior", "ahead"),
    "moved_from": ("from ",),
    "put_off_to": ("delay", "postpon", "defer", "put off", "push", "adjourn", "reschedul", "moved", "brought"),
    "as_early_as": ("as early", "as soon", "earlier", "sooner", "earliest"),
    "extended_to": ("exten", "prolong", "renew"),
    "before": ("before", "ahead", "prior", "advance", "run", "earlier", "sooner"),
    "before_event": ("before", "ahead", "prior", "advance", "run"),
}
"""Words of which a frame has one at least: looked for first, because that is far faster than trying its pattern."""

ENDS: Final[dict[str, frozenset[str]]] = {
    "since": frozenset({"since"}),
    "deadline_of": frozenset({"of", "is", "on", "for", "falls", "expires", "at"}),
    "not_until": frozenset({"until", "till", "before", "to", "of"}),
    "moved_from": frozenset({"from"}),
    "put_off_to": frozenset({"until", "till", "to", "for"}),
    "as_early_as": frozenset({"as", "than", "earliest"}),
    "extended_to": frozenset({"to", "until", "till", "through"}),
    "by": frozenset({"by", "until", "till", "through", "thru", "to", "than", "latest", "before"}),
    "before": frozenset({"before", "of", "to", "than"}),
    "from": frozenset(
        {"from", "starting", "on", "in", "beginning", "of", "effective", "after", "following", "once", "commencing"}
    ),
    "within": frozenset(
        {"within", "inside", "over", "during", "than", "under", "the", "to", "most", "of", "throughout", "across"}
    ),
    "in": frozenset({"in"}),
    "for": frozenset({"for"}),
}
"""The last words of a frame, one of which stands right before the time or before `PASSED` words; a frame that is not
named here may end otherwise."""
PASSED: Final = frozenset(
    (
        *("the", "a", "an", "its", "their", "his", "her", "this", "that", "another", "at", "least", "about", "around"),
        *("roughly", "sometime", "mid", "approximately", "nearly", "almost", "perhaps", "maybe", "say", "just", "only"),
        *("as", "little", "up", "to", "long", "more", "than", "over"),
    )
)
"""Words that may stand between a frame and the time."""

AFTER: Final[tuple[tuple[str, Frame, re.Pattern[str]], ...]] = (
    (
        "deadline",
        Frame.DEADLINE,
        re.compile(r"['’]?s? ?(?:[\w-]+ )?(?:deadline|ultimatum|cut-?off|time limit|target date|expiry|expiration)\b"),
    ),
    ("earliest", Frame.FROM, re.compile(r",? ?(?:at the (?:very )?earliest|or later|onwards?|on\b(?= ?[.,;]))")),
    ("latest", Frame.BY, re.compile(r",? ?(?:at the (?:very )?latest|or (?:sooner|earlier|before))")),
)
"""Frames by the words after the time; these count before those above."""

LIMITS: Final = re.compile(
    r"[ -](?:[\w-]+ ){0,2}?(?:deadline|ultimatum|time ?limit|limit|timeline|timetable|timeframe|time frame|window"
    r"|extension|notice|process|period|pause|suspension|moratorium|countdown|reprieve|grace|delay|transition|waiver|stay|clock)\b"
)
"""Nouns that make "a 50-day …" a time to act in, rather than the length of something."""

LASTING: Final = re.compile(
    r"\W(?:valid|extend|extends|extended|extending|extension|renew|renewed|prolong|prolonged|delay|delayed|postpone"
    r"|postponed|suspend|suspended|pause|paused"
    r"|(?:to|will|would|could|may|can|should|must) (?:last|hold|run|remain|stay))\b"
    r"[^.;:!?]{0,70} for (?:up to |at least |about |another |a further )?$"
)
"""Words that make "for 90 days" an expiry."""

SUPERLATIVE: Final = re.compile(
    r"\W(?:first|second|third|last(?! (?:\w+day|week|month|year|night|spring|summer|autumn|fall|winter)\b)"
    r"|only|most|least|worst|best|\w{3,}est)(?: [\w'’-]+){0,5} in"
    r" (?:about |nearly |almost |over )?$"
)
"""The first visit in ten years: a look back."""

FISCAL_YEARS: Final[tuple[tuple[re.Pattern[str], int, int], ...]] = (
    (
        re.compile(
            r"\b(?:u\.s\.?|us|united states|american?s?|washington|congress|pentagon|white house|thai(?:land)?)\b"
        ),
        10,
        -1,
    ),
    (
        re.compile(
            r"\b(?:australian?s?|canberra|pakistani?s?|islamabad|bangladeshi?|dhaka|egypt(?:ian)?s?|cairo|kenyan?s?)\b"
        ),
        7,
        -1,
    ),
    (
        re.compile(
            r"\b(?:japan(?:ese)?|tokyo|britain|british|uk|london|india[n]?s?|new delhi|canad(?:a|ian)s?|ottawa)\b"
        ),
        4,
        0,
    ),
)
"""Countries whose fiscal year is not the calendar's: the month it begins in, and in which year of its number."""
