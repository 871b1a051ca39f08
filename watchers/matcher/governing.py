"""Which verb a time expression hangs on, and whether it dates what was said or done rather than what is to come."""

from __future__ import annotations

from datetime import date

from watchers.matcher.english import around, cues
from watchers.matcher.temporal import TimeMention
from watchers.matcher.verbs import Tense, Verb, Verbs

BEFORE = 80
"""Characters before a time expression that are looked at."""

_LONGEST_REPORT_GAP = 9
"""Words between "said" and the day that dates it."""

_JUST_GONE = 1
"""Days since a weekday within which its bare name, after a past verb, means the one just gone."""

_TIME_OPENS = 30
"""Characters before a time that hold its prepositions and the mark before them."""
_OPENED_BY = {")": "(", "-": " - ", "--": " -- "}

_PERFECT = frozenset(("has", "have", "'ve", "’ve"))
"""No day dates these: "has agreed to free them on Saturday" tells of a Saturday to come."""

_FAR = 40
"""Characters after which a verb is too far on to be that of a time that opens its clause."""

_CLOSING = ("'", "’")
"""Signs that close a quote, or show what owns what follows."""


def is_owned(mention: TimeMention, after: str) -> bool:
    """Tell whether a noun follows that a time belongs to: "Friday's vote", not the end of a quote: ‘by Friday’."""
    possessive = after[:1] not in _CLOSING or after[1:2] == "s" or mention.text.endswith("s")
    return possessive and around.OWNED.match(after) is not None


def governor_of(
    text: str, sentence: tuple[int, int], verbs: Verbs, mention: TimeMention, beside: tuple[str, str]
) -> tuple[Verb | None, bool]:
    """Return the verb a mention hangs on, and whether it dates the words that verb reports."""
    before, after = beside
    owned = is_owned(mention, after)
    verb = verbs.before(inserted_from(text, sentence[0], mention.start))
    following = verbs.finite_after(mention.end)
    if verb is not None and following is not None and around.SUBORDINATE.search(text, verb.end, mention.start):
        verb = following  # "… that the pledge made in July may": the clause of the time has not come to its verb
    whole = mention.start - sentence[0] < BEFORE
    if around.OPENS_CLAUSE.search(before if whole else f"x{before}") is not None and following is not None:
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
    if following is not None and following.start - mention.end <= 1 and following.tense is not Tense.SAY:
        return following, False  # "said the meeting on Friday would …"
    gap = text[verb.end : mention.start]
    words = verbs.words_between(verb.end, mention.start)
    content = (
        owned or "that" in words or any(mark in gap for mark in '"“:') or around.AHEAD.search(mention.text) is not None
    )
    content = content or around.NO_REPORT_BEFORE.search(before) is not None
    if not content and not around.FIRM_BOUND.search(before) and len(words) <= _LONGEST_REPORT_GAP:
        return verb, True
    return following or verb, False


def inserted_from(text: str, start: int, at: int) -> int:
    """Return where an insertion begins that ends right before a time, or `at`.

    "left for Lima - where they are to meet - on Sunday", "the envoy, who will stay, on Sunday met": the verbs of what
    is put in between are not those of the time.
    """
    closing = around.CLOSES.search(text, max(start, at - _TIME_OPENS), at)
    if closing is None:
        return at
    mark = closing.group(1)
    opening = text.rfind(_OPENED_BY.get(mark, mark), start, closing.start())
    if opening < 0 or (mark == "," and around.RELATIVE.match(text, opening + 1) is None):
        return at
    return opening


def dates_what_was(text: str, verbs: Verbs, verb: Verb | None, mention: TimeMention, day: date) -> bool:
    """Tell whether a weekday just gone dates the past clause an infinitive hangs on: "vowed to fight on Sunday"."""
    named = around.WEEKDAY.search(mention.text)
    if named is None or mention.span is None or around.AHEAD.search(mention.text):
        return False
    following = verbs.finite_after(mention.end)
    at_once = following is not None and following.start - mention.end <= 1
    at_once = at_once and not text.endswith(" for ", 0, mention.start)  # "its schedule for Friday has changed"
    at_once = at_once and not (verb is not None and verb.word in cues.PLANNED)  # "those due out on Friday have been …"
    if around.THAT_CLAUSE.match(text, mention.end) or (
        at_once and following is not None and following.tense in (Tense.PAST, Tense.SAY)
    ):
        return True  # "hope on Sunday that …", "officials on Thursday cancelled"
    since = (day.weekday() - mention.span.first.weekday()) % 7
    if verb is None or verb.start > mention.start or verb.word in cues.FIRM_MODALS or since > _JUST_GONE:
        return False
    if around.MEANWHILE.match(text, mention.end):
        return True  # "considering leaving on Wednesday when the news broke"
    led = verbs.finite_before(verb.start) if verb.word == "to" else None
    past = led is not None and led.tense in (Tense.PAST, Tense.SAY) and led.word not in _PERFECT
    return past and led is not None and not (verb.main in cues.EVENT_VERBS and led.main in cues.INTENT)


def intent_of(text: str, verb: Verb | None) -> int | None:
    """Return where the verb of intent begins that a verb is or hangs on, or None."""
    if verb is None:
        return None
    found = around.INTENT_BEFORE.search(text, max(0, verb.start - 40), verb.end)
    return found.start() if found is not None else None
