"""Finds the verbs of speech of a sentence with their subjects: "…," said X; X said on Friday that …; according to X."""

from __future__ import annotations

import re
from dataclasses import dataclass

from watchers.matcher.english.speakers import BODY_WORDS, PRONOUNS, ROLE_NOUNS, SPEECH_WORDS, TITLES
from watchers.matcher.phrase_search import led_by_letter
from watchers.matcher.phrases import LONGEST_SUBJECT, NOTHING, phrase_after, phrase_before
from watchers.matcher.quotes import Quotes
from watchers.matcher.sentences import Sentence

_LEAST_OPENING = 80
"""Characters after a verb that show whether anything is reported there."""

_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_SPEECH = re.compile(
    "(?:"
    + led_by_letter(
        (
            *sorted(SPEECH_WORDS),
            r"[Aa]ccording to|citing|quoting|sp(?:oke|oken|eaks) of|(?:agreed|decided)(?=(?: on \w+)? that\b)",
        )
    )
    + r")\b"
)
_PASSIVE = frozenset(("said", "admitted", "alleged"))
"""Before "to" these report nobody's words: "talks said to begin"."""
_LINKED = re.compile(
    rf"(?:\b(?:and|but|then|also|later|by|who|which|or|has|have|had)(?: \w+ly| (?:late |early )?on {_DAY})?|,|[\"”’—–])"
    r"\s+\Z|\A\Z"
)
_NOTHING_FOLLOWS = re.compile(
    rf"\s*(?:[.,;)–—]|-[ -]|\Z|(?:late |earlier |early |on )*(?:{_DAY}|today|yesterday)|in (?:an? |the |[A-Z])"
    r"|to reporters|at an? |at the |here\b|last |this |after |during |separately|earlier|before |when |while |as |by "
    r"|through |via |from "
    r"|(?:reporters|journalists)(?:[,.]| (?:in|at|on|after|during|here|by|that day|\w+day)\b)"
    r"|the (?:briefing|newspaper|agency|news)|a (?:news|press)|on )"
)
_TO_SOMEBODY = re.compile(
    r"\s+(?:(?:the )?(?:[a-z]+ )?(?:radio|television|tv|media|lawmakers|parliament|diplomats|delegates|newspapers?"
    r"|website|audience)(?=[.,;]| (?:\w+day|in|on|at|during|late|last|this)\b)"
    r"|(?:the |an? )?[A-Z][\w’'-]*"
    r"(?: (?:[A-Z][\w’'-]*|newspaper|magazine|television|radio|news|agency|website))*)"
    r"(?:[.,;]|\s*\Z| (?:\w+day|in|on|at|during|late|last|this|via|from|before|after|by|earlier|when|as|while)\b)"
)
_QUOTES_NEXT = re.compile(r"[^\"“”.;]{0,60}[,:] [\"“]")
"""After "told": what is told follows, "told the daily on Friday, “…”"."""
_ADVERBIAL = re.compile(
    r"(?:But |And |Meanwhile,? |However, |Still, )?(?:In|On|At|Early|Late|After|Before|During|Speaking|Following"
    r"|Earlier|Later|With|As|Despite|Asked|When|While|For|By|Also|Last|This|Meanwhile|However|Separately|Addressing|Writing)\b"
)
_FINITE = re.compile(r"\b(?:will|would|is|are|was|were|has|have|had|can|could|must|may|might|should)\b")
_QUOTING = re.compile(r"\bquot(?:ed|es|ing)\b")
_SPEAKERS = ROLE_NOUNS | TITLES | PRONOUNS | BODY_WORDS
"""Small words that name who can speak."""
_TELLING = frozenset(("told", "tells", "telling"))
_SUFFERED = re.compile(r"\b(?:is|are|was|were|be|been|being)(?: \w+ly| also)?\s+\Z")
_BASE_FORMS = frozenset(("announce", "say", "tell", "warn", "believe", "think", "insist"))
_MODAL = re.compile(r"\b(?:will|would|shall|should|can|could|may|might|must|to|not|cannot)(?: \w+ly| also| soon)?\s+\Z")
_AFTER_COMMA = re.compile(r"\s(?:after|at|on|in|by|for|during|last|this|earlier|late|early|\w+day)\b")
"""What follows a participle that describes what stands before its comma: "the plan, announced on Monday"."""
_STILL_SPEAKS = frozenset(("quoted", "expected", "speaking", "concerned", "committed"))
"""Verbs whose subject speaks also in the passive: "was quoted as saying"."""
_CONTENT_FOLLOWS = re.compile(r"\s+(?:that\b|[\"“]|[\w ]{0,40}that\b)|:")
_NO_SUBJECT = frozenset(("that", "it", "this", "these", "in", "on", "of", "for", "and", "to", "with"))
_INSERTED = re.compile(r"\b(?:which|whom|that|who|where|and|but), \Z")
"""Before "according to X," it reports what follows alone: "talks in which, according to X, Y gave way"."""
_ADDRESSING = frozenset(("urged", "asked", "warned", "told", "assured", "called", "urges", "asks", "warns", "tells"))
_ADDRESSED = re.compile(r"\s+(?:to|that|of|against)\b")
_PUBLISHED = re.compile(
    r" [\w ]{3,50}? (?:published|issued|released|circulated|drafted|compiled|announced|provided) by "
    r"(?=[tT]he |[A-Z])"
)
"""After "according to": the paper before whose it is, "a draft circulated by"."""
_NAMED_LAST = re.compile(
    r" (?:the|an?|its|his|her|their)(?: [\w’'-]+){1,8}, "
    r"([A-Z][\w’'-]+(?: [\w’'.-]+){0,2} (?:[ae]l-)?[A-Z][\w’'-]+)(?=[,.])"
)
"""After "said": "the head of its crisis team, Jo Stern"."""
_SUBJECT_ENDS = re.compile(
    r"\s*(?:[,.;)—–-]|\Z"
    r"|(?:in|at|on|after|during|here|late|to|as|who|while|from|earlier|last|this|yesterday|today|\w+day)\b)"
)


@dataclass(frozen=True, slots=True)
class Speech:
    """One verb of speech with its subject, both outside quotation marks."""

    start: int
    end: int
    verb: str
    subject: str
    """The noun phrase as written; empty where the verb has none of its own."""
    subject_start: int
    trails: bool
    """The words reported stand before it: "…," said X."""


def read_speeches(text: str, sentence: Sentence, quotes: Quotes) -> tuple[Speech, ...]:
    """Return the speeches of a sentence, in order."""
    found = []
    for match in _SPEECH.finditer(text, sentence.start, sentence.end):
        speech = _speech(text, match, sentence) if quotes.at(match.start()) is None else None
        if speech is not None:
            found.append(speech)
    return tuple(found)


def _speech(text: str, match: re.Match[str], sentence: Sentence) -> Speech | None:  # noqa: PLR0911  a cascade of questions, each with its answer
    verb = match.group()
    if verb.endswith("ccording to"):
        paper = _PUBLISHED.match(text, match.end(), sentence.end)
        phrase, start = phrase_after(text, paper.end() if paper is not None else match.end(), sentence.end)
        trails = verb[0] == "a" and not _INSERTED.search(text, max(sentence.start, match.start() - 10), match.start())
        return Speech(match.start(), match.end(), "according to", phrase, start, trails)
    if verb in _PASSIVE and text.startswith(" to ", match.end()):
        return None
    if (
        verb.endswith("d")
        and verb not in _STILL_SPEAKS
        and _SUFFERED.search(text, max(sentence.start, match.start() - 24), match.start())
    ):
        return None  # "was told", "is said"
    if verb in _BASE_FORMS and _MODAL.search(text, max(sentence.start, match.start() - 24), match.start()):
        return None  # "will announce"
    if verb in ("citing", "quoting"):
        phrase, start = phrase_after(text, match.end(), sentence.end)
        return Speech(match.start(), match.end(), verb, phrase, start, trails=True) if phrase else None
    if verb == "saying" and text.endswith(" as ", sentence.start, match.start()):
        phrase, start = _quoted(text, match.start(), sentence.start)
        return Speech(match.start(), match.end(), verb, phrase, start, trails=False) if phrase else None
    phrase, start = _inverted(text, match, sentence)
    if phrase:
        return Speech(match.start(), match.end(), verb, phrase, start, trails=True)
    beside = verb.endswith("ing") and text.endswith(", ", sentence.start, match.start())
    phrase, start = NOTHING if beside else phrase_before(text, match.start(), sentence.start)
    if not phrase and _LINKED.search(text, max(sentence.start, match.start() - 24), match.start()) is None:
        return None  # a noun: "a stern warning"
    described = not phrase and verb.endswith("d") and text.endswith(", ", sentence.start, match.start())
    if described and _AFTER_COMMA.match(text, match.end()) is not None:
        return None
    trails = bool(phrase) and _trails(text[sentence.start : start].rstrip(), text, match, sentence)
    return Speech(match.start(), match.end(), verb, phrase, start, trails)


def _quoted(text: str, saying: int, floor: int) -> tuple[str, int]:
    """Return who is quoted: "X was quoted as saying", "a daily quoted X as saying"."""
    found = list(_QUOTING.finditer(text, max(floor, saying - 120), saying))
    if not found:
        return NOTHING
    quoting = found[-1]
    if _SUFFERED.search(text, max(floor, quoting.start() - 24), quoting.start()):
        return phrase_before(text, quoting.start(), floor)
    return phrase_after(text, quoting.end(), saying)


def _trails(opening: str, text: str, match: re.Match[str], sentence: Sentence) -> bool:
    """Tell whether what is reported stands before the verb: "…, Rubio said on Friday."."""
    after = text[match.end() : min(sentence.end, match.end() + _LEAST_OPENING)]
    if opening.endswith(('"', "”", "’", "'")):
        return _CONTENT_FOLLOWS.match(after) is None
    if not opening.endswith((",", "—", "–", "-")) or _CONTENT_FOLLOWS.match(after) is not None:
        return False
    if _ADVERBIAL.match(opening) is not None and _FINITE.search(opening) is None:
        return False  # "In Oslo, Rubio said talks would go on"
    if match.group() in _TELLING and _TO_SOMEBODY.match(after):
        return _QUOTES_NEXT.match(after) is None
    return _NOTHING_FOLLOWS.match(after) is not None


def _inverted(text: str, match: re.Match[str], sentence: Sentence) -> tuple[str, int]:
    """Return the subject of "…," said X, or nothing."""
    before = text[max(sentence.start, match.start() - 3) : match.start()].rstrip()
    if (
        not before.endswith((",", '"', "”", "’", "'", "?", "!"))
        or match.group().endswith("ing")
        or match.group() in _TELLING
    ):
        return NOTHING
    named = _NAMED_LAST.match(text, match.end(), min(sentence.end, match.end() + LONGEST_SUBJECT))
    if named is not None:
        return named.group(1), named.start(1)
    phrase, start = phrase_after(text, match.end(), sentence.end)
    words = phrase.split(" ")
    last = words[-1].rstrip(".")
    nobody = last.islower() and last not in _SPEAKERS
    if words[0].lower() in _NO_SUBJECT or nobody:
        return NOTHING
    after = text[start + len(phrase) : min(sentence.end, start + len(phrase) + 12)]
    if match.group() in _ADDRESSING and _ADDRESSED.match(after) is not None:
        return NOTHING  # "Norway, whose king was there, urged all parties to …"
    if before.endswith(",") and not before.endswith((",”", ',"')) and _SUBJECT_ENDS.match(after) is None:
        return NOTHING  # "X, the minister, said Iran would …"
    return phrase, start
