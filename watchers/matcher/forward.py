"""Whether a time expression bounds something still to come, or dates the report, the past, or another thing.

The rules stand in `_RULES`, in the order in which they are asked; the first that answers decides and gives its name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from watchers.matcher.english import around, cues
from watchers.matcher.english.present import PLAINLY_VERBS, RARELY_TIMED
from watchers.matcher.english.verb_words import RUNNING
from watchers.matcher.governing import BEFORE, dates_what_was, governor_of, intent_of
from watchers.matcher.lengths import duration
from watchers.matcher.temporal import TimeMention
from watchers.matcher.timeline import Shape
from watchers.matcher.verbs import Tense, Verb, Verbs
from watchers.matcher.view import Answer, View, days_since

_SOON = timedelta(days=62)
"""How near a bare date must lie to be read as one to come where its clause is past."""

_JUST_GONE = 4
"""Days since a weekday within which a past verb before "starting on" it has begun."""

_AFTER = 50
"""Characters after a time expression that are looked at."""

_CLOSE = 20
"""Characters between "is" and a day that is its complement: "the deadline is on Friday"."""


_PAST_BE = frozenset(("was", "were"))

NEVER = frozenset(("each-year", "supposed", "title", "expected-in-vain", "asked", "open-question"))
"""Rules that no weight can outweigh: what happens every year, mere supposing, a programme's name, a hope that was, and
what is only asked."""


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


def _over(view: View) -> Answer:
    span, written = view.mention.span, view.mention.text
    if span is not None and span.last < view.day and not view.to_come and view.tense is not Tense.PRESENT:
        return "over", False
    if view.past_by_calendar and around.YEAR.search(written):
        return "over", False
    stamped = around.DIGIT.search(written) is not None and not view.duration
    return ("over", False) if stamped and view.past_by_calendar and view.tense is not Tense.FUTURE else None


def _names_another(view: View) -> Answer:
    titled = around.TITLE_BEFORE.search(view.before) is not None and around.TITLE_AFTER.match(view.after) is not None
    if (
        (titled and view.mention.text[:1].isupper())
        or around.LISTING.match(view.after)
        or around.NAMESAKE.match(view.after)
    ):
        return "title", False  # on "This Week"
    return _belongs_to_another(view)


def _belongs_to_another(view: View) -> Answer:
    if around.OWN_SEASON.fullmatch(view.mention.text) or around.CENTURY.search(view.mention.text):
        return "belongs-to-another", False  # "their winter holiday"
    if around.BARE_YEAR_OR_SEASON.fullmatch(view.mention.text) and around.YEAR_BEFORE.search(view.before) is None:
        if view.owned and view.to_come and view.later_by_calendar and view.word != "should":
            return "year-of-event", True  # "will host the 2028 summit"
        return "belongs-to-another", False  # "the 2024 election", "a hard winter"
    if around.HOLIDAY.search(view.mention.text) and around.RUNG_IN.search(view.before):
        return "belongs-to-another", False  # "speeches to ring in the New Year"
    if around.TODAYS_NOUN.match(view.mention.text + view.after) or (
        around.HOLIDAY.search(view.mention.text) and around.TRAPPINGS.match(view.after)
    ):
        return "belongs-to-another", False  # "today's world", "the New Year's address"
    noun = around.DATED_NOUN.search(view.before)
    named = noun is not None and noun.group(1) not in around.OF_TIME and not view.ahead
    return ("names-another", False) if named else None


def _clock_alone(view: View) -> Answer:
    alone = view.mention.timex.type == "TIME" and not around.LETTERS.search(view.mention.text)
    if alone and view.to_come and around.NAMED_BESIDE.search(view.before + view.after) is None:
        return None  # "the signing is set for 3pm": today
    return ("clock-alone", False) if alone else None


def _told_in_order(view: View) -> Answer:
    written = view.mention.text
    if around.OVERNIGHT.search(written) and (
        view.word not in cues.FIRM_MODALS or around.JOURNEY_NOUN.match(view.after)
    ):
        return "overnight", False
    over_weekend = written.lower().endswith("weekend") and around.OVER_WEEKEND.search(view.before + written) is not None
    if over_weekend and view.word not in cues.FIRM_MODALS and view.word not in cues.PLANNED:
        return "weekend-gone", False  # "could strike again after the raid over the weekend"
    next_day = around.NEXT_DAY.match(written) is not None and view.tense in (Tense.PAST, Tense.SAY)
    later = around.LATER.search(written) is not None and view.tense is not Tense.FUTURE
    return ("told-in-order", False) if next_day or later else None


def _dates_an_act(view: View) -> Answer:
    if view.ahead or not around.DAY_OR_WEEKEND.search(view.mention.text):
        return None
    if around.PAST_ACT_AFTER.match(view.after) and not view.deadline:
        return "dates-an-act", False  # "Saturday's remarks"
    act = around.PAST_ACT.search(view.before)
    if act is None or view.verb is None or around.AS_VERB.search(view.before, 0, act.start()) is not None:
        return None
    led = view.verb.start < view.at(act)
    free = (led and (not view.to_come or around.PLACING.search(view.before) is not None)) or (
        not led and view.verb.word == "to"
    )
    free = free or view.verb.start > view.mention.end
    return ("dates-an-act", False) if free else None


def _inside_subject(view: View) -> Answer:
    """Answer for a time between a subject and its verb: "she on Friday would not say"."""
    verb = view.verb
    if (
        verb is None
        or verb.word not in around.TENTATIVE | around.PLANNING
        or not 0 <= verb.start - view.mention.end <= 1
    ):
        return None
    subject = around.LAST_PHRASE.search(view.before)
    if subject is None or not subject.group().strip() or around.EVENT_NOUN.search(subject.group()) is not None:
        return None
    planned = verb.word in cues.PRESENT_BE and verb.tense is Tense.FUTURE  # "the proposal on Friday is expected to …"
    return None if planned else ("inside-subject", False)


def _called_off(view: View) -> Answer:
    if around.CALLED_OFF.match(view.after):
        return "called-off", False
    undone = view.word in cues.PLANNED or view.tense is Tense.PAST
    if undone and around.CALLED_OFF_BEFORE.search(view.before) is not None:
        return "called-off", False
    planned = (view.word in cues.PLANNED or view.word in _PAST_BE) and around.PAST_BE.search(view.before) is not None
    return ("came-to-nothing", False) if planned and around.CAME_TO_NOTHING.match(view.after) else None


def _not_asserted(view: View) -> Answer:
    if around.NOT.search(view.before):
        return "contrast", False
    own = view.word in cues.PLANNED and "whether to " in view.before  # "a review of whether to leave is due by Friday"
    return ("open-question", False) if not own and around.WHETHER.search(view.before) else None


def _only_places_another(view: View) -> Answer:
    if around.SINCE.search(view.before) and view.verb is not None and view.verb.start < view.mention.start:
        return "since", False
    placing = around.PLACING.search(view.before)
    if placing is None or view.deadline or (view.to_come and not view.just_gone):
        return None
    if view.verb is not None and view.verb.start > view.at(placing):
        return None
    return "only-places-another", False


def _expected_in_vain(view: View) -> Answer:
    vain = view.hoped or around.HAD_EXPECTED.search(view.before) is not None
    return ("expected-in-vain", False) if vain and view.word in ("would", "to") else None


def _gone(view: View) -> Answer:
    gone = around.GONE.search(view.mention.text) or around.GONE_BEFORE.search(view.before)
    gone = gone or (around.NOW.search(view.mention.text) and around.NUMBERED.search(view.before))
    gone = gone or around.FIRST_TO.search(view.before) or around.AGE_OF.search(view.before)
    gone = gone or (around.FIRST_IN.search(view.before) if view.duration else None)
    return ("gone", False) if gone else None


def _future(view: View) -> Answer:
    goes_on = view.tense is Tense.SCHEDULE and view.word in cues.PRESENT_BE and around.NOW.search(view.mention.text)
    if goes_on and view.verb is not None and view.verb.main not in cues.EVENT_VERBS:
        return "goes-on", False  # "firms are expanding this year"
    if view.word in ("can", "cannot") and around.NOW.search(view.mention.text):
        return "goes-on", False  # "today such quarrels can be settled"
    return (f"{view.tense}:{view.word}", True) if view.to_come else None


def _lies_ahead(view: View) -> Answer:
    if view.owned and not view.deadline and (view.verb is None or view.verb.main not in cues.ARRANGED):
        return "only-places-another", False  # "campaigned for next week's vote"
    of_another = view.duration or view.mention.expression.shape is Shape.OCCASION
    told = of_another and view.tense is Tense.PAST and around.COMING.search(view.mention.text) is None
    return ("lies-ahead", True) if view.ahead and not told else None


def _past(view: View) -> Answer:
    if view.tense is not Tense.PAST or view.verb is None:
        return None
    firm = around.FIRM_BOUND.search(view.before) is not None
    if view.verb.main in cues.DEMANDED and (firm or around.WITHIN.search(view.before)):
        return f"demanded:{view.word}", True  # "demanded that it leave by Friday"
    if firm and around.HYPOTHESIS.search(view.before):
        return "if-not-by", True
    if view.deadline and view.later_by_calendar:
        return "deadline-noun", True
    span = view.mention.span
    if span is not None and view.later_by_calendar and not view.duration and around.NAMED_DAY.search(view.mention.text):
        soon = span.first - view.day <= _SOON and around.AT.search(view.before) is None
        moved = view.verb.main in cues.MOVED or "end of" in view.mention.text
        arranged = view.verb.main in cues.ARRANGED and around.FOR_OR_TO.search(view.before) is not None
        if arranged or (moved and (firm or (view.owned and soon))):
            return "bound-to-come", True
    return f"past:{view.word}", False


def _present(view: View) -> Answer:
    if view.tense is not Tense.PRESENT or view.verb is None:
        return None
    rule = f"present:{view.word}"
    if view.word in cues.FORESEES or (view.word in cues.WISHES and view.verb.start > view.mention.start):
        return rule, True  # "at its next summit, NATO intends to …"
    if view.duration:
        return rule, around.BOUND.search(view.before) is not None
    now = around.NOW.search(view.mention.text) is not None
    close = not now and 0 <= view.mention.start - view.verb.end < _CLOSE
    if view.deadline or around.FIRM_BOUND.search(view.before) or close:
        return rule, True
    timed = view.word in PLAINLY_VERBS and view.word not in RARELY_TIMED
    if timed and not now and view.verb.start < view.mention.start and around.NAMED_DAY.search(view.mention.text):
        return f"timetable:{view.word}", True  # "the pause runs out on Thursday"
    between = view.text[min(view.verb.end, view.mention.start) : view.mention.start]
    return ("event-noun", True) if not now and around.EVENT_NOUN.search(between) else (rule, False)


def _without_verb(view: View) -> Answer:
    told = view.tense is Tense.SAY
    bound = around.FIRM_BOUND.search(view.before) or around.WITHIN.search(view.before)
    if told and bound:
        return "announced-until", True  # "announces the closure of its airspace until 14 May"
    if told and view.later_by_calendar and around.DIGIT.search(view.mention.text) and not view.duration:
        return "announced-for", True
    if told and not view.deadline and not view.ahead:
        return "dates-the-report", False  # "at Monday's meeting, he said"
    if view.deadline or (view.owned and not around.NOW.search(view.mention.text)):
        return "no-verb", True
    return ("bound", True) if bound else ("nothing-ahead", False)


_RULES: tuple[Callable[[View], Answer], ...] = (
    _over,
    _names_another,
    _clock_alone,
    _told_in_order,
    _inside_subject,
    _called_off,
    _dates_an_act,
    _not_asserted,
    _only_places_another,
    _expected_in_vain,
    _gone,
    duration,
    _future,
    _lies_ahead,
    _past,
    _present,
    _without_verb,
)


def hold_of(text: str, sentence: tuple[int, int], verbs: Verbs, mention: TimeMention, day: date) -> Hold:
    """Tell what a mention does in the sentence between two offsets, in an article of `day`."""
    start, end = sentence
    question = around.ASKED.match(text, start, end)
    if question is not None and mention.end <= question.end():
        return Hold(forward=False, reporting=False, verb=None, rule="asked")
    before = text[max(start, mention.start - BEFORE) : mention.start]
    after = text[mention.end : min(end, mention.end + _AFTER)]
    verb, reporting = governor_of(text, sentence, verbs, mention, (before, after))
    if reporting and not _cannot_be_over(mention, day):
        return Hold(forward=False, reporting=True, verb=verb, rule="dates-the-report")
    if around.FIRM_BOUND.search(before) is None and dates_what_was(text, verbs, verb, mention, day):
        return Hold(forward=False, reporting=True, verb=verb, rule="dates-the-report")
    if verb is not None and verb.word in RUNNING and not around.WEEKDAY.search(mention.text):
        earlier = verbs.before(verb.start)  # "tariffs imposed … starting in October"
        verb = earlier if earlier is not None and earlier.tense is Tense.PAST else verb
    elif verb is not None and verb.word in RUNNING:
        earlier = verbs.before(verb.start)  # "will tax it, starting on Monday"
        running_on: tuple[Tense, ...] = (Tense.FUTURE, Tense.SCHEDULE)
        if days_since(mention, day) <= _JUST_GONE:
            running_on = (*running_on, Tense.PAST)  # "had shelled it, starting on Friday"
        verb = earlier if earlier is not None and earlier.tense in running_on else verb
    view = View(text, mention, verb, before, after, day, verbs.is_coming(mention.end), _is_hoped(text, verbs, verb))
    rule, forward = next(answer for ask in _RULES if (answer := ask(view)) is not None)
    if forward and (unreal := _unreal(text, start, end)) is not None:
        rule, forward = unreal, False
    return Hold(forward, reporting=False, verb=verb, rule=rule, intent=intent_of(text, verb))


def _cannot_be_over(mention: TimeMention, day: date) -> bool:
    """Tell whether a time is a date that lies ahead, which dates no report: "declares a truce for 8 May"."""
    if mention.span is None or mention.span.first <= day or mention.timex.type != "DATE":
        return False
    return around.DIGIT.search(mention.text) is not None and around.WEEKDAY.search(mention.text) is None


def _is_hoped(text: str, verbs: Verbs, verb: Verb | None) -> bool:
    """Tell whether a verb hangs on one that tells what had been hoped: "had expected that they would …"."""
    ruling = verbs.finite_before(verb.start) if verb is not None else None
    if verb is None or ruling is None or ruling.word not in around.HOPES or not verbs.is_perfect(ruling):
        return False
    return around.JOINED.search(text, ruling.end, verb.start) is None


@lru_cache(maxsize=1)
def _unreal(text: str, start: int, end: int) -> str | None:
    """Return why nothing in a sentence is to come: it tells of a habit, or of what is only supposed."""
    for name, pattern in (("supposed", around.SUPPOSED), ("habit", around.HABIT), ("each-year", around.EACH_YEAR)):
        if pattern.search(text, start, end) is not None:
            return name
    return None


def only_places(text: str, sentence: tuple[int, int], mention: TimeMention) -> bool:
    """Tell whether a time stands in "after …", "ahead of …": beside another time of its clause it bounds nothing."""
    before = text[max(sentence[0], mention.start - BEFORE) : mention.start]
    return around.AFTER_OR_AHEAD.search(before) is not None
