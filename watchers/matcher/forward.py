"""Whether a time expression bounds something still to come, or dates the report, the past, or another thing.

The rules stand in `_RULES`, in the order in which they are asked; the first that answers decides and gives its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from watchers.matcher.english import cues
from watchers.matcher.temporal import TimeMention
from watchers.matcher.verbs import RUNNING, Tense, Verb, Verbs

_SOON = timedelta(days=62)
"""How near a bare date must lie to be read as one to come where its clause is past."""

_LONGEST_REPORT_GAP = 9
"""Words between "said" and the day that dates it."""

_BEFORE, _AFTER = 80, 50
"""Characters around a time expression that are looked at."""

_CLOSE = 20
"""Characters between "is" and a day that is its complement: "the deadline is on Friday"."""

_FAR = 40
"""Characters after which a verb is too far on to be that of a time that opens its clause."""

# What the words of the time itself say.
_AHEAD = re.compile(
    r"\b(?:next|coming|upcoming|tomorrow|forthcoming|weeks?[’'] notice"
    r"|later (?:this|today|next|in (?!the day)\w+))\b",
    re.IGNORECASE,
)
_COMING = re.compile(r"\b(?:next|coming)\b", re.IGNORECASE)
_NOW = re.compile(
    r"\b(?:today|tonight|now"
    r"|this (?:morning|afternoon|evening|weekend|week|month|year|spring|summer|autumn|fall|winter))\b",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day")
_NEXT_DAY = re.compile(r"the (?:next|following) (?:day|morning|evening|week|month|year)\Z", re.IGNORECASE)
_OVER_WEEKEND = re.compile(r"\bover the weekend\Z", re.IGNORECASE)
_NEXT_SPAN = re.compile(r"(?:the )?(?:next|coming)\b", re.IGNORECASE)
_OVERNIGHT = re.compile(r"\bovernight\b", re.IGNORECASE)
_LATER = re.compile(r"\b(?:later|afterwards?)\Z", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z]{3}")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\d{4}")
_BARE_YEAR_OR_SEASON = re.compile(r"\d{4}|(?:the )?(?:spring|summer|autumn|fall|winter)", re.IGNORECASE)
_NAMED_DAY = re.compile(r"\d|[A-Z][a-z]{2}|(?:end|close) of")
_GONE = re.compile(r"\b(?:earlier|last|past|previous|recent|ago|yesterday|so far|since)\b", re.IGNORECASE)
_LIMIT_IN = re.compile(r"\b(?:within|next|coming|matter of|time|more)\b", re.IGNORECASE)

# What stands before it.
_FILLER = r"\s+(?:at least\s+|the\s+|around\s+|about\s+|early\s+|late\s+|sometime\s+(?:in\s+)?)*\Z"
_FIRM = r"by|until|till|no later than|not later than|starting|beginning|effective|as of|as early as|as soon as"
_FIRM_BOUND = re.compile(rf"\b(?:{_FIRM}){_FILLER}", re.IGNORECASE)
_BOUND = re.compile(rf"\b(?:{_FIRM}|within|from|through|over|for|in|before){_FILLER}", re.IGNORECASE)
_WITHIN = re.compile(r"\bwithin\s+\Z")
_NEXT_BEFORE = re.compile(r"\b(?:next|coming|upcoming)\s+\Z", re.IGNORECASE)
_GONE_BEFORE = re.compile(
    r"\b(?:earlier|since|(?<!to )last|past|previous|recent|in recent)\s+(?:the\s+)?\Z", re.IGNORECASE
)
_PLACING = re.compile(
    r"\b(?:ahead of|before|prior to|(?:in the )?run-?up to|since|after|following)\s+(?:[\w’'()-]+\s+){0,11}\Z",
    re.IGNORECASE,
)
_AT = re.compile(r"\b(?:during|since|after|following|in|at)\s+(?:\w+\s+)?\Z", re.IGNORECASE)
_YEAR_BEFORE = re.compile(
    r"\b(?:in|by|until|till|before|for|through|from|to|of|since|during|late|early|mid|end|next|fiscal|and|or)[- ]+\Z",
    re.IGNORECASE,
)
_DATED_NOUN = re.compile(r"\b([a-z]\w*) of\s+(?:the\s+)?\Z")
_OF_TIME = frozenset(
    (
        *("deadline", "ultimatum", "meeting", "summit", "end", "beginning", "start", "middle", "close", "part", "half"),
        *("quarter", "week", "weeks", "month", "day", "days", "date", "morning", "afternoon", "evening", "night"),
    )
)
_HYPOTHESIS = re.compile(r"\b(?:if|unless|should)\b", re.IGNORECASE)
_NOT = re.compile(r"\bnot (?:in |for |just |only )?(?:a )?\Z")
_WHETHER = re.compile(r"\bwhether\b[^,;:\"“”]*\Z")
_PAST_ACT = re.compile(r"\b(?:" + "|".join(cues.PAST_ACTS) + r")\b[^,;:\"“”]{0,75}\Z", re.IGNORECASE)
_PAST_ACT_AFTER = re.compile(r"(?:[’']s?)?\s+(?:\w+ )?(?:" + "|".join(cues.PAST_ACTS) + r")\b", re.IGNORECASE)
_DAY_OR_WEEKEND = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|weekend")
_LIMIT_BEFORE = re.compile(
    r"\b(?:within|in|over|inside|next|coming|another|in less than|in about|in around|in just|in a|matter of|deadline of"
    r"|ultimatum of|in as little as|in under)\s+(?:the\s+|about\s+|around\s+|just\s+|a\s+)*\Z",
    re.IGNORECASE,
)
_DEADLINE_BEFORE = re.compile(
    r"\b(?:deadline|ultimatum|cut-?off)(?: date)? (?:of|for|on|is|was|until|set for|to)\s+(?:the\s+)?\Z", re.IGNORECASE
)
_OPENS_CLAUSE = re.compile(
    r"(?:^|[,;:\"“—–(]|\b(?:that|and|but|while|because|whether|as|when)\b)[\"“”\s]*(?:(?:and|but|so|then|that)\s+)?"
    r"(?:(?:on|in|by|from|until|before|after|within|during|over|at|starting|beginning|through|for|as early as|late"
    r"|early|later)\s+)*(?:the\s+)?\Z",
    re.IGNORECASE,
)
_ASKED = re.compile(r"[\"“]?(?:When |After being |Being )?[Aa]sked\b[^,]{0,200},")
_INTENT_BEFORE = re.compile(
    r"\b(?:gave|gives?|granted|extended|has given"
    r"|(?:has|have) (?:scheduled|planned|set|decided|agreed|offered|announced)"
    r"|plan|plans|planned|wants?|hopes?|hoped|aims?|aimed|seeks?|intends?|intended|decided|agreed|offered|pledged|vowed"
    r"|promised|undertook|committed|threatened)(?: (?:\w+ ){0,5}to)?\Z"
)

# What stands after it.
_OWNED = re.compile(
    r"[’']s?\s+\w|\s+(?:(?!(?:that|the|a|an|will|would|and|in|at|to|for|of|on|with)\b)\w+[ -]){0,3}"
    r"(?:deadline|summit|meeting|talks|elections?|vote|visit|conference|referendum|expiry|cut-?off|G-?\d+)",
    re.IGNORECASE,
)
_DEADLINE_NEAR = re.compile(r"\s+(?:\w+[ -]){0,2}(?:deadline|expiry|cut-?off|exit date)", re.IGNORECASE)
_LIMIT_AFTER = re.compile(
    r"[- ]*(?:deadline|ultimatum|extension|delay|grace|time limit|window|left\b|from now|[’']? notice|[’']s? time\b"
    r"|more to|to (?:decide|leave|reach|agree|comply|respond|withdraw|get|find|make|sign|complete|negotiate|ratify"
    r"|review|remove|hand|meet)|process|period|countdown)",
    re.IGNORECASE,
)
_RELATIVE_AFTER = re.compile(r"\s+(?:before|after|since|ago|earlier|later than|following|into|prior)\b", re.IGNORECASE)
_TO_ACT = re.compile(r"\s+to\s+[\"“]?\w")
_EVENT_NOUN = re.compile(r"\b(?:" + "|".join(sorted(cues.EVENT_NOUNS)) + r")\b", re.IGNORECASE)

_GRANTING = frozenset(("give", "gives", "gave", "given", "giving", "grant", "granted"))
_HAVING = frozenset(("had", "has", "have"))
_COUNTING = _GRANTING | frozenset(("take", "takes", "last", "lasts", "have", "has", "need", "needs"))


@dataclass(frozen=True, slots=True)
class Hold:
    """How a time expression hangs in its sentence."""

    forward: bool
    reporting: bool
    """It dates the words themselves: "said on Friday"."""
    verb: Verb | None
    rule: str
    intent: int | None = None
    """Where the verb of intent begins whose subject's plan it is ("plans to …", "has scheduled …"), or None."""


@dataclass(frozen=True, slots=True)
class _View:
    """A time expression with what the rules look at."""

    text: str
    mention: TimeMention
    verb: Verb | None
    before: str
    after: str
    day: date
    coming: bool
    """The clause after it is of something planned."""

    @property
    def tense(self) -> Tense | None:
        return self.verb.tense if self.verb is not None else None

    @property
    def to_come(self) -> bool:
        return self.tense in (Tense.FUTURE, Tense.SCHEDULE)

    @property
    def word(self) -> str:
        return self.verb.word if self.verb is not None else ""

    @property
    def ahead(self) -> bool:
        return _AHEAD.search(self.mention.text) is not None or _NEXT_BEFORE.search(self.before) is not None

    @property
    def owned(self) -> bool:
        """A noun follows that it belongs to: "Friday's vote"."""
        return _OWNED.match(self.after) is not None

    @property
    def deadline(self) -> bool:
        return _DEADLINE_NEAR.match(self.after) is not None or _DEADLINE_BEFORE.search(self.before) is not None

    @property
    def duration(self) -> bool:
        return self.mention.timex.type == "DURATION"

    @property
    def past_by_calendar(self) -> bool:
        """Its last day is the article's day or earlier."""
        return self.mention.span is not None and self.mention.span.last <= self.day

    @property
    def later_by_calendar(self) -> bool:
        return self.mention.span is not None and self.mention.span.first > self.day

    def at(self, found: re.Match[str]) -> int:
        """Return where in the text a match in `before` begins."""
        return self.mention.start - len(self.before) + found.start()


_Answer = tuple[str, bool] | None


def _over(view: _View) -> _Answer:
    span, written = view.mention.span, view.mention.text
    if span is not None and span.last < view.day and not view.to_come and view.tense is not Tense.PRESENT:
        return "over", False
    if view.past_by_calendar and _YEAR.search(written):
        return "over", False
    stamped = _DIGIT.search(written) is not None and not view.duration
    return ("over", False) if stamped and view.past_by_calendar and view.tense is not Tense.FUTURE else None


def _names_another(view: _View) -> _Answer:
    if _BARE_YEAR_OR_SEASON.fullmatch(view.mention.text) and _YEAR_BEFORE.search(view.before) is None:
        return "belongs-to-another", False  # "the 2024 election", "a hard winter"
    noun = _DATED_NOUN.search(view.before)
    named = noun is not None and noun.group(1) not in _OF_TIME and not view.ahead
    return ("names-another", False) if named else None


def _clock_alone(view: _View) -> _Answer:
    alone = view.mention.timex.type == "TIME" and not _LETTERS.search(view.mention.text)
    return ("clock-alone", False) if alone else None


def _told_in_order(view: _View) -> _Answer:
    written = view.mention.text
    if _OVERNIGHT.search(written) and view.word not in cues.FIRM_MODALS:
        return "overnight", False
    if _OVER_WEEKEND.search(view.before + written) and view.word not in cues.FIRM_MODALS | cues.PLANNED:
        return "weekend-gone", False  # "could strike again after the raid over the weekend"
    next_day = _NEXT_DAY.match(written) is not None and view.tense is Tense.PAST
    later = _LATER.search(written) is not None and view.tense is not Tense.FUTURE
    return ("told-in-order", False) if next_day or later else None


def _dates_an_act(view: _View) -> _Answer:
    if view.ahead or not _DAY_OR_WEEKEND.search(view.mention.text):
        return None
    if _PAST_ACT_AFTER.match(view.after) and not view.deadline:
        return "dates-an-act", False  # "Saturday's remarks"
    act = _PAST_ACT.search(view.before)
    if act is None or view.verb is None:
        return None
    led = view.verb.start < view.at(act)
    free = (led and (not view.to_come or _PLACING.search(view.before) is not None)) or (
        not led and view.verb.word == "to"
    )
    free = free or view.verb.start > view.mention.end
    return ("dates-an-act", False) if free else None


def _not_asserted(view: _View) -> _Answer:
    if _NOT.search(view.before):
        return "contrast", False
    return ("open-question", False) if _WHETHER.search(view.before) else None


def _only_places_another(view: _View) -> _Answer:
    placing = _PLACING.search(view.before)
    if placing is None or view.deadline or view.to_come:
        return None
    if view.verb is not None and view.verb.start > view.at(placing):
        return None
    return "only-places-another", False


def _gone(view: _View) -> _Answer:
    gone = _GONE.search(view.mention.text) or _GONE_BEFORE.search(view.before)
    return ("gone", False) if gone else None


def _duration(view: _View) -> _Answer:
    if not view.duration:
        return None
    verb = view.verb
    if verb is not None and verb.start < view.mention.start and not view.deadline:
        to_act = verb.main in _HAVING and _TO_ACT.match(view.after) is not None
        if verb.main in _GRANTING or to_act:
            return f"grants-time:{verb.main}", True
    relative = not view.deadline and _RELATIVE_AFTER.match(view.after) is not None
    if relative and _NEXT_SPAN.match(view.mention.text) is None:
        return ("counts-down", True) if view.coming else ("only-places-another", False)
    return None if view.ahead or _bounds(view) else ("lasts", False)


def _bounds(view: _View) -> bool:
    """Tell whether a duration limits something, rather than saying how long it is."""
    written = view.mention.text
    if "-" in written or view.after.startswith("-"):
        return _LIMIT_AFTER.match(view.after) is not None
    if _LIMIT_BEFORE.search(view.before) or _LIMIT_AFTER.match(view.after) or _LIMIT_IN.search(written):
        return True
    return view.verb is not None and view.verb.main in _COUNTING


def _future(view: _View) -> _Answer:
    goes_on = view.tense is Tense.SCHEDULE and view.word in cues.PRESENT_BE and _NOW.search(view.mention.text)
    if goes_on and view.verb is not None and view.verb.main not in cues.EVENT_VERBS:
        return "goes-on", False  # "firms are expanding this year"
    return (f"{view.tense}:{view.word}", True) if view.to_come else None


def _lies_ahead(view: _View) -> _Answer:
    told = view.duration and view.tense is Tense.PAST and _COMING.search(view.mention.text) is None
    return ("lies-ahead", True) if view.ahead and not told else None


def _past(view: _View) -> _Answer:
    if view.tense is not Tense.PAST or view.verb is None:
        return None
    firm = _FIRM_BOUND.search(view.before) is not None
    if firm and _HYPOTHESIS.search(view.before):
        return "if-not-by", True
    if view.deadline and view.later_by_calendar:
        return "deadline-noun", True
    span = view.mention.span
    if span is not None and view.later_by_calendar and not view.duration and _NAMED_DAY.search(view.mention.text):
        soon = span.first - view.day <= _SOON and _AT.search(view.before) is None
        moved = view.verb.main in cues.MOVED or "end of" in view.mention.text
        if (view.owned and soon) or (moved and firm):
            return "bound-to-come", True
    return f"past:{view.word}", False


def _present(view: _View) -> _Answer:
    if view.tense is not Tense.PRESENT or view.verb is None:
        return None
    rule = f"present:{view.word}"
    if view.word in cues.WISHES and view.verb.start > view.mention.start:
        return rule, True  # "at its next summit, NATO intends to …"
    if view.duration:
        return rule, _BOUND.search(view.before) is not None
    now = _NOW.search(view.mention.text) is not None
    close = not now and 0 <= view.mention.start - view.verb.end < _CLOSE
    if view.deadline or _FIRM_BOUND.search(view.before) or close:
        return rule, True
    between = view.text[min(view.verb.end, view.mention.start) : view.mention.start]
    return ("event-noun", True) if not now and _EVENT_NOUN.search(between) else (rule, False)


def _without_verb(view: _View) -> _Answer:
    if view.deadline or (view.owned and not _NOW.search(view.mention.text)):
        return "no-verb", True
    bound = _FIRM_BOUND.search(view.before) or _WITHIN.search(view.before)
    return ("bound", True) if bound else ("nothing-ahead", False)


_RULES: tuple[Callable[[_View], _Answer], ...] = (
    _over,
    _names_another,
    _clock_alone,
    _told_in_order,
    _dates_an_act,
    _not_asserted,
    _only_places_another,
    _gone,
    _duration,
    _future,
    _lies_ahead,
    _past,
    _present,
    _without_verb,
)


def hold_of(text: str, sentence: tuple[int, int], verbs: Verbs, mention: TimeMention, day: date) -> Hold:
    """Tell what a mention does in the sentence between two offsets, in an article of `day`."""
    start, end = sentence
    question = _ASKED.match(text, start, end)
    if question is not None and mention.end <= question.end():
        return Hold(forward=False, reporting=False, verb=None, rule="asked")
    before = text[max(start, mention.start - _BEFORE) : mention.start]
    after = text[mention.end : min(end, mention.end + _AFTER)]
    verb, reporting = _governor(text, sentence, verbs, mention, (before, after))
    if reporting:
        return Hold(forward=False, reporting=True, verb=verb, rule="dates-the-report")
    if verb is not None and verb.word in RUNNING and not _WEEKDAY.search(mention.text):
        earlier = verbs.before(verb.start)  # "tariffs imposed … starting in October"
        verb = earlier if earlier is not None and earlier.tense is Tense.PAST else verb
    view = _View(text, mention, verb, before, after, day, verbs.is_coming(mention.end))
    rule, forward = next(answer for ask in _RULES if (answer := ask(view)) is not None)
    return Hold(forward, reporting=False, verb=verb, rule=rule, intent=_intent(text, verb))


def _governor(
    text: str, sentence: tuple[int, int], verbs: Verbs, mention: TimeMention, around: tuple[str, str]
) -> tuple[Verb | None, bool]:
    """Return the verb a mention hangs on, and whether it dates the words that verb reports."""
    before, after = around
    owned = _OWNED.match(after) is not None
    verb = verbs.before(mention.start)
    following = verbs.finite_after(mention.end)
    whole = mention.start - sentence[0] < _BEFORE
    if _OPENS_CLAUSE.search(before if whole else f"x{before}") is not None and following is not None:
        apart = "," in text[mention.end : following.start]
        planned = verb is not None and verb.tense in (Tense.FUTURE, Tense.SCHEDULE)
        apart = apart or (planned and following.start - mention.end > _FAR)
        if verb is None or not apart or verb.tense is Tense.SAY:
            verb = following
        if verb.start > mention.start and verb.tense is Tense.SAY and not owned:
            return verb, True
    verb = verb or following
    if verb is None or verb.tense is not Tense.SAY or verb.start > mention.start:
        return verb, False
    gap = text[verb.end : mention.start]
    words = verbs.words_between(verb.end, mention.start)
    content = owned or "that" in words or any(mark in gap for mark in '"“:') or _AHEAD.search(mention.text) is not None
    if not content and not _FIRM_BOUND.search(before) and len(words) <= _LONGEST_REPORT_GAP:
        return verb, True
    return following or verb, False


def _intent(text: str, verb: Verb | None) -> int | None:
    """Return where the verb of intent begins that a verb is or hangs on, or None."""
    if verb is None:
        return None
    found = _INTENT_BEFORE.search(text, max(0, verb.start - 40), verb.end)
    return found.start() if found is not None else None
