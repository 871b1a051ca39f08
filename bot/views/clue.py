"""What the news suggests of how a follow-up ended, in words: the sentence, where it stands, and what speaks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot import render
from bot.render import Setting
from bot.words import Words, marked
from watchers.rating import Case, Clue, Outcome

ICON = "🔎"
"""Of all that the news suggests and nobody has confirmed."""
_QUOTE = 300
_SHORT_QUOTE = 110
_MOST_REASONS = 3
_MOST_SURE = 0.99
_MOST_NEAR = 3
_AGAINST = "but: "
"""What begins a reason that speaks against it."""
LOOKS: Mapping[Outcome, str] = {
    Outcome.KEPT: marked("It looks kept"),
    Outcome.PARTLY: marked("It looks partly kept"),
    Outcome.BROKEN: marked("It looks broken"),
    Outcome.MOVED: marked("It looks moved"),
    Outcome.WITHDRAWN: marked("It looks withdrawn"),
}
"""What the news suggests, in a sentence."""
_YES: Mapping[Outcome, str] = {
    Outcome.KEPT: marked("Yes, kept"),
    Outcome.PARTLY: marked("Yes, partly kept"),
    Outcome.BROKEN: marked("Yes, broken"),
    Outcome.MOVED: marked("Yes, moved"),
    Outcome.WITHDRAWN: marked("Yes, withdrawn"),
}
REASONS: Mapping[str, str] = {
    # Signs: how the sentence compares with what was said.
    "the same matter": marked("the same matter"),
    "the same matter, on the day": marked("the same matter, on the day itself"),
    "much in common": marked("much in common"),
    "little in common": marked("little in common"),
    "nobody in common": marked("nobody in common"),
    "the same names": marked("the same names"),
    "a name is missing": marked("a name is missing"),
    "the same things": marked("the same things"),
    "the same figure": marked("the same figure"),
    "another figure": marked("another figure"),
    "another round": marked("another round"),
    "an actor is missing": marked("one of those concerned is missing"),
    "other actors": marked("it names others"),
    "a truce without an end": marked("a truce without an end"),
    # When the article came.
    "the day it was said": marked("reported on the day it was said"),
    "before its time": marked("reported before its time"),
    "on its day": marked("reported on its day"),
    "on its days": marked("reported on its days"),
    "on its weeks": marked("reported in its weeks"),
    "within its day": marked("reported in its time"),
    "within its days": marked("reported in its time"),
    "within its weeks": marked("reported in its time"),
    "the day after": marked("reported the day after"),
    "within a week after": marked("reported within a week after"),
    "long after": marked("reported long after"),
    "undated, within a month": marked("undated, and reported within a month"),
    "undated, later": marked("undated, and reported later"),
    # How the act is told.
    "the act is told as done": marked("told as done"),
    "the act is only announced": marked("only announced"),
    "the act lies behind the news": marked("told as background"),
    "the act is told as not done": marked("told as not done"),
    "the act is not told": marked("what was to be done is not named"),
    "no act is named": marked("nothing certain was to be done"),
    "it tells of another day": marked("it tells of another day"),
    "it only accuses": marked("it only accuses"),
    # Rules.
    "if it was done, it was done late": marked("if it was done, it was done late"),
    "what was threatened is told as done": marked("what was threatened is told as done"),
    "it was done in part": marked("it was done in part"),
    "the truce is told as ended before its time": marked("the truce is told as ended before its time"),
    "the parties to the truce fight each other": marked("the parties to the truce fight each other"),
    "the act is told as put off": marked("told as put off"),
    "what was to end is told as extended": marked("what was to end is told as extended"),
    "the act is told as called off": marked("told as called off"),
}
"""Every reason that reading for outcomes gives (see watchers/resolutions.py), as people read it."""


def looks_words(clue: Clue, setting: Setting) -> str:
    """Return what the news suggests, and how sure that is: `🔎 It looks kept (80%)`."""
    say = setting.say
    looks = say(LOOKS[clue.outcome])
    if clue.due is not None:
        looks = say("It looks moved to {day}", day=render.day_stamp(clue.due.last, setting.zone))
    return f"{ICON} {looks} ({sure_words(clue, say)})"


def sure_words(clue: Clue, say: Words) -> str:
    """Return how sure a clue is, which is never said to be certain."""
    return say.percent(min(clue.confidence, _MOST_SURE))


def yes_words(clue: Clue, say: Words) -> str:
    """Return what the button says that confirms a suggestion: `Yes, kept`."""
    return say(_YES[clue.outcome])


def clue_text(clue: Clue, setting: Setting, *, titled: bool) -> str:
    """Return the sentence with who wrote it, when, and what speaks for it and against it.

    Where it is `titled`, what it suggests is said above it; a heading elsewhere may have said that.
    """
    lines = [f"**{looks_words(clue, setting)}**" if titled else f"{ICON} **{setting.say('In the news')}**"]
    lines.append(f"> {render.in_quotes(render.plain(clue.quote, _QUOTE))}")
    lines.append(f"-# {render.outlet_words(clue.outlet, clue.url, clue.day, setting)}")
    return "\n".join([*lines, *(f"-# {line}" for line in _reason_lines(clue.reasons, setting.say))])


def near_text(case: Case, setting: Setting) -> str:
    """Return what came closest in the news to telling how a follow-up ended, where nothing is sure."""
    say = setting.say
    near = [one.clue for one in case.suggestions if not one.clue.is_sure][:_MOST_NEAR]
    if not near:
        return f"-# {ICON} {say('Nothing in the news that I read.')}"
    return "\n".join(
        [f"{ICON} **{say('Closest in the news, not sure')}**", *(_near_line(one, setting) for one in near)]
    )


def _near_line(clue: Clue, setting: Setting) -> str:
    quote = render.in_quotes(render.plain(clue.quote, _SHORT_QUOTE))
    return f"- {quote}\n-# {render.outlet_words(clue.outlet, clue.url, clue.day, setting)}"


def _reason_lines(reasons: Sequence[str], say: Words) -> list[str]:
    """Return the weightiest reasons in a line for and a line against; one that nobody knows any more is left out."""
    known = [one for one in reasons if one.removeprefix(_AGAINST) in REASONS][:_MOST_REASONS]
    lines = []
    for speaks, words in ((False, marked("For it: {reasons}")), (True, marked("Against it: {reasons}"))):
        those = [say(REASONS[one.removeprefix(_AGAINST)]) for one in known if one.startswith(_AGAINST) is speaks]
        if those:
            lines.append(say(words, reasons=" · ".join(dict.fromkeys(those))))
    return lines
