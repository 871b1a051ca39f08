"""Words that move a time which was set before, as named cues with examples. Data only.

Each cue has a name, the pattern of its words, which way it moves the time, and sentences of our own that it must and
must not take; the tests read every one of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """Which way a time is moved."""

    LATER = "later"
    EARLIER = "earlier"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that move a time."""

    name: str
    pattern: re.Pattern[str]
    way: Way
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


def _cue(name: str, way: Way, pattern: str, examples: tuple[str, ...], counterexamples: tuple[str, ...]) -> Cue:
    return Cue(name, re.compile(rf"\b(?:{pattern})", re.IGNORECASE), way, examples, counterexamples)


CUES = (
    _cue(
        "postponed",
        Way.LATER,
        r"(?:postpon(?:e[sd]?|ing)|postponement|put off|puts off|putting off|deferr?(?:ed|ing|s)?\b)",
        (
            "The summit in Oslo has been postponed to May.",
            "Jordan is putting off the vote until 3 June.",
            "Both sides agreed to the postponement of their talks until next week.",
            "The ministry deferred the handover to the end of the year.",
        ),
        (
            "The opposition was put out by the vote in May.",
            "Norland will not change the date of the vote in May.",
            "Peru deferentially asked for a meeting in May.",
        ),
    ),
    _cue(
        "delayed",
        Way.LATER,
        r"delay(?:ed|s|ing)?\b(?! (?:no|any) )|(?:has|have|had|was|were|been|be) held (?:up|over) (?:until|till|to)\b",
        (
            "The handover of the port is delayed until autumn.",
            "Malta delays its ruling on the fleet by two weeks.",
            "The signing was held over until Thursday.",
        ),
        ("The ship was held up by pirates last week.", "Chile will sign without waiting for autumn."),
    ),
    _cue(
        "extended",
        Way.LATER,
        r"(?:extend(?:ed|s|ing)?|prolong(?:ed|s|ing)?|renew(?:ed|s|ing)?|roll(?:ed|s|ing)? over)\b"
        r"(?=[^.;]{0,80}\b(?:by|for|until|till|to|through|another|beyond)\b)"
        r"|\b(?:extension|prolongation) (?:of|to|until|by)\b|\bmore time\b",
        (
            "The truce on the river was extended by 90 days.",
            "Kenya prolonged the mandate of its troops until June.",
            "The court granted an extension of the deadline to Friday.",
            "Brussels gave Serbia more time, until 1 July, to answer.",
            "The two armies renewed the ceasefire for another week.",
        ),
        (
            "The minister extended his hand at the dinner.",
            "The line extends along the border.",
            "Fighting renewed near the dam.",
        ),
    ),
    _cue(
        "pushed back",
        Way.LATER,
        r"(?:push(?:ed|es|ing)?|set|sets|setting|mov(?:ed|es|ing))"
        r" (?:back (?:to|by|until|from)\b|(?:(?!back)\S+ ){1,5}back (?:to|by|until)\b)|slipp?(?:ed|s)? (?:to|into)\b",
        (
            "The second round was pushed back to Wednesday.",
            "Ghana set the date of the vote back by a month.",
            "Delivery of the last ships has slipped to 2029.",
        ),
        ("The army pushed the rebels back from the ridge.", "The crowd was pushed back behind the gates."),
    ),
    _cue(
        "brought forward",
        Way.EARLIER,
        r"(?:br(?:ought|ings?|inging)|mov(?:ed|es|ing)) (?:\S+ ){0,5}forward\b"
        r"|advanc(?:ed|es|ing) the (?:date|day|deadline|vote|election|launch|start)|(?:earlier|sooner) than planned",
        (
            "Latvia brought the election forward to March.",
            "The hearing was moved forward to Tuesday.",
            "Pyongyang advanced the date of its launch to Sunday.",
            "The troops will leave a month earlier than planned, in April.",
        ),
        ("The talks moved on to fishing on Tuesday.", "The plan was brought before the house on Tuesday."),
    ),
    _cue(
        "rescheduled",
        Way.EITHER,
        r"re-?schedul(?:ed?|es|ing)|(?:new|another|a different) date (?:of|for|is|was|has|in|on)\b"
        r"|(?:chang(?:ed|es|ing)|shift(?:ed|s|ing)?|mov(?:ed|es|ing)) (?:its |the |their |his |her )?"
        r"(?:\w+ ){0,3}(?:date|day|deadline)\b"
        r"|\binstead of (?:on |in |next |this |by )?"
        r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)",
        (
            "The visit to Quito was rescheduled for 4 May.",
            "Its new date is 9 July.",
            "Tunis shifted the date of the vote to autumn.",
            "The teams will go out on Wednesday instead of Tuesday.",
        ),
        ("The schedule of the visit covers two days in May.", "They will date the ruins next year."),
    ),
)
"""Every cue; the first that is found counts."""

UNDOING = re.compile(
    r"\b(?:not|no|never|without|reject(?:ed|s|ing)?|refus(?:ed?|es|ing) to|rul(?:ed|es|ing) out|den(?:y|ied|ies))"
    r"(?: \w+){0,3} $",
    re.IGNORECASE,
)
"""Words right before a cue by which nothing is moved: "will not be postponed", "ruled out a delay"."""
