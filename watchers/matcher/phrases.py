"""Reads the noun phrase that stands before or after a verb: the subject of speech, as the text words it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from watchers.matcher.english.actors import ACTOR_OF
from watchers.matcher.english.speakers import (
    ABBREVIATIONS,
    DAYS,
    DESCRIBERS,
    DETERMINERS,
    GROUP_NOUNS,
    HEADED_OFFICES,
    NAME_PARTICLES,
    NEVER_NAMES,
    NO_ADJECTIVES,
    PHRASE_LINKS,
    PORTFOLIOS,
    PRONOUNS,
    ROLE_NOUNS,
    SPEECH_WORDS,
    SUBJECT_OPENERS,
    TITLES,
)

LONGEST_SUBJECT = 200
"""Characters looked at before a verb for its subject."""

WORD = re.compile(r"[\wÀ-ɏ](?:[\w’'.&-]*[\wÀ-ɏ])?\.?")
POSSESSIVE = re.compile(r"[’']s?\Z")

_OWNER = re.compile(r"..[^’']*[’']s?\Z")
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_TIME_BEFORE_VERB = re.compile(
    rf",?\s+(?:(?:late|early|earlier)\s+)?(?:on\s+)?(?:{_DAY}|today|yesterday|this week|last week|earlier)"
    r"(?:\s+(?:morning|afternoon|evening|night))?,?\s*\Z"
)
_ADVERB_BEFORE_VERB = re.compile(
    r"\s+(?:has|have|had|here|also|later|then|again|repeatedly|publicly|\w+ly|further|since|recently|still|was|is|were|been"
    r"|quickly|meanwhile|in turn|did not|did|does|do|would|will|could|both|each|all|are|am|now|not|never"
    r"|indeed)\s*\Z"
)
_MOST_ADVERBS = 4
_INSTANCES = frozenset(("including", "like"))
_NO_SUBJECT = DETERMINERS | {"and", "of", "for", "in", "on", "with", "to"}
"""Small words after which no subject ends: "captured Maduro and pledging …"."""
_VERBAL = re.compile(r"(?:ed|ing|ly)\Z")
_NAMED_BEFORE = re.compile(r"([A-Z][\w’'.-]*)\s+\Z")
"""What makes a small word part of a name: "Iran's judiciary chief"."""
_OFFICE_AFTER = re.compile(r"\s+(?:([a-z]+) )?([a-z]+)\b")
_ADJECTIVAL = ("al", "ic", "an", "ern", "ior", "ive", "ary", "ion", "ment", "ist", "ese")
"""Endings of words that qualify those who follow: "federal immigration officials"."""
_MOST_ADJECTIVES = 3
_DESCRIBED = re.compile(r"\s+(?:[a-z-]+ing )?((?:[A-Z][\w’'-]*|[a-z-]+))\b")
"""After a small word that describes: what it may describe."""
_JOINS = re.compile(r"\b(?:and|of|(\w+) (?:in|for|from|with|on|at|to))\s+\Z")
"""What a determiner inside a noun phrase follows: "a spokesman for the ministry"."""
_ASIDE = re.compile(
    r",\s+(?:led|headed|chaired|backed|known|who|whom|which|whose"
    r"|(?:through|of|in|on|for|from|to|with|under|by) (?:which|whom))\b"
)
"""Openings of what is set off by commas and may hold commas itself."""
_SAID = re.compile(r"\b(?:said|says|told|that)\b")
_OPENERS = NEVER_NAMES - SUBJECT_OPENERS
_NO_OPENING = PHRASE_LINKS | frozenset(("but", "that", "as", "while", "where", "when", "also"))
_NO_CLOSING = frozenset(("of", "for", "and", "in", "on", "to", "the", "a"))
_BELONGING = DESCRIBERS | ROLE_NOUNS | GROUP_NOUNS | TITLES | NAME_PARTICLES | DETERMINERS | PRONOUNS | PHRASE_LINKS
_NEVER_DESCRIBE = (
    SPEECH_WORDS | PRONOUNS | DETERMINERS | DAYS | NEVER_NAMES | frozenset(("that", "than", "is", "was", "as", "be"))
)
"""Small words that are no part of what somebody is called."""
_BRIEFED = re.compile(
    r"\b(?:(?:an?|the|one|two|three|four|several|some)\s)?(?:[\w-]+\s)?(?:sources?|people|persons?|officials?|diplomats?)"
    r"\s(?:close\sto|familiar\swith|briefed\son|involved\sin|(?<=source\s)in|(?<=source\s)at|with\s(?:direct\s)?knowledge\sof)\s[^,.;\"“”]{1,60}\Z"
)
"""Somebody unnamed who knows: "a source close to the talks"."""
_BRIEFED_AFTER = re.compile(
    r"\s*((?:(?:an?|the|one|two|three|four|several|some)\s)?(?:[\w-]+\s)?(?:sources?|people|persons?|officials?|diplomats?)"
    r"\s(?:close\sto|familiar\swith|briefed\son|involved\sin|with\s(?:direct\s)?knowledge\sof)\s[\w’'-]+(?:\s[\w’'-]+)?)"
)
_GATHERED = re.compile(
    r"\s(?:meeting|gathered|gathering|attending|assembled)"
    r"(?: (?:in|at|on|for|behind|near|here|a|an|the)\b)(?: (?!that\b|wh|and\b|said\b|says\b)[\w’'.-]+){1,7}\Z"
)
"""What tells of a subject where it meets: "ministers meeting in Lima (agreed)"."""
_BRACKETED = re.compile(r"\s*\([^()]{1,50}\),?\s*\Z")
_DESCRIBED_AS = re.compile(r", (?:an?|the|its|his|her) [^,()]+\Z")
_RELATIVE = re.compile(r",?\s+(?:who|which)\s*\Z")
_BETWEEN = re.compile(r"\b(?:between|among|in|at|on|near|inside|outside|during|into|against|across)\s+(?:the\s+)?\Z")
"""What makes a phrase no subject: "talks between the two countries ended", "speaking in the Rose Garden offered"."""
_ARTICLES = frozenset(("the", "a", "an"))
_MAY_LEAD = ROLE_NOUNS | DETERMINERS
_SPEECH_VERBS = SPEECH_WORDS - frozenset(("states", "reports", "notes", "speaking"))
_NAME_ASIDE = re.compile(r", ((?:[A-Z][a-z]{1,4}\. )?[A-Z][\w’'-]+(?: [\w’'.-]+){0,2} (?:[ae]l-)?[A-Z][\w’'-]+),\s*")
_HEAD_BEFORE = re.compile(
    r"\b(?:"
    + "|".join(sorted(TITLES))
    + r")(?: (?:to|for|of|on|at|in) (?:(?:the|an?|its|his|her|their) )?[\w.’'-]+(?: [\w.’'-]+){0,4})?\Z"
)
_AGENTS = re.compile(
    r"\w{2,}(?:[^\W\d]ers|tors|sors|ists|ians|eers|men|women|ants)"
    r"(?<!numbers)(?<!matters)(?<!orders)(?<!others)(?<!offers)(?<!members)(?<!waters)(?<!letters)(?<!quarters)"
    r"(?<!papers)(?<!grants)(?<!warrants)(?<!plants)(?<!powers)(?<!towers)(?<!centers)(?<!factors)(?<!sectors)"
)
"""Those who do something: "organisers", "consultants", "separatists"."""
_ONE = frozenset(("a", "an", "one", "the"))
_CONTRACTED = re.compile(r"(i|we|he|she|they|it|you)[’'](?:ve|d|ll|re|m|s)")
_AFTER_PREPOSITION = re.compile(r"\b(?:to|in|from|of|for|at|with|near|into|over|on|by|than)\s+\Z")
_QUALIFIED = re.compile(
    r"\b(?:an?|the|its|his|her|their|another|one)(?: [a-z]+(?:ive|ous|ful|less|[ai]ble|ary|ic|ish|ed|ing|ical))? \Z",
    re.IGNORECASE,
)
"""An article with an adjective before the rest of a noun phrase: "the reclusive (North Korean leader)"."""
_DASHED = re.compile(r"\s(?:--?|[—–]) ([^—–;.]{3,90}?)(?<! -) (?:--?|[—–])\s*\Z")
_DATELINE = re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \Z")
_LISTED_ON = re.compile(
    r"(?:, (?:the )?[A-Z][\w.]*(?: [A-Z]\w*)?){0,8},? and (?:the )?([A-Z][\w.]*(?: [A-Z]\w*)?)(?=[ ,.])"
)
"""After "the ministers of Norway": ", Sweden and Denmark"."""
_SET_OFF = re.compile(r"(?<=[,—–] )(?:[a-z-]+ ){1,2}\Z")
_DETERMINED = re.compile(
    r"\b(?:an?|the|its|his|her|their|another|one)"
    r"(?: (?!of\b|in\b|on\b|to\b|for\b|and\b|that\b|by\b|with\b)[a-z-]+){0,3} \Z",
    re.IGNORECASE,
)
"""An article with what else stands before one alone, who has no other: "the commerce (ministry)"."""
ADVERBIAL = re.compile(
    r"(?:[A-Z][\w ,./]{0,50}\([\w/ ]{2,20}\) ?(?:--?|[—–]) ?)?[\"“]?(?:But |And |Meanwhile,? |However, |Still, )?"
    r"(?:(?:[Ii]n|[Oo]n|[Bb]y|At|Early|Late|After|Before|During|Speaking|Following|Earlier|Later|With|As|Despite|Asked|When|While|For|By|Amid|Since|Under|Although|Though|Because|Once|If)\b"
    r"(?:[^,]{0,120}, | \w+day (?=[A-Z])))?"
)
"""What may stand before the subject a sentence opens with."""
FINITE = re.compile(
    r",? (?:which|who|could|may|might|must|should|can|has|have|had|is|was|are|were|will|would"
    r"|also|met|held|took|gave|made|left|put|set|cut|won|lost"
    r"|began|went|came|sent|told|saw|did|kept|\w+ed|\w+s|\w+ly)\b"
)
"""What shows that a phrase before it is the subject of its sentence."""
NOTHING = ("", -1)
"""No phrase."""


def phrase_after(text: str, start: int, end: int) -> tuple[str, int]:
    """Return the noun phrase that begins at `start`, as written, and where; `NOTHING` where none does."""
    familiar = _BRIEFED_AFTER.match(text, start, min(end, start + LONGEST_SUBJECT))
    if familiar is not None:
        return tidy(familiar.group(1)), familiar.start(1)
    words: list[tuple[int, int]] = []
    position = start
    for match in WORD.finditer(text, start, min(end, start + LONGEST_SUBJECT)):
        bare = match.group().rstrip(".").lower()
        if text[position : match.start()].strip() or bare in DAYS:
            break
        if words and bare in _SPEECH_VERBS:
            break  # a headline: "Lavrov Says Talks Go On"
        if not (
            match.group().removeprefix("al-").removeprefix("el-")[0].isupper()
            or bare in _BELONGING
            or _names_an_office(text, match.end(), bare)
            or names_agents(bare)
            or (words and names_agents(f"{bare}s") and text[slice(*words[0])].lower() in _ONE)
            or (words and _describes_next(text, words[-1], match.end(), bare))
            or _qualifies(text, match.end(), bare)
        ):
            break
        words.append(match.span())
        position = match.end()
    while words and text[slice(*words[-1])].lower() in _NO_CLOSING:
        words.pop()
    if not words:
        return NOTHING
    last = words[-1][1]
    if len(words) > 2 and text[last : last + 1] == "," and text[slice(*words[-1])] in ACTOR_OF:  # noqa: PLR2004  "ministers of X"
        listed = _LISTED_ON.match(text, last, end)
        last = listed.end() if listed is not None and listed.group(1) in ACTOR_OF else last
    return text[words[0][0] : last], words[0][0]


def phrase_before(text: str, end: int, floor: int, *, anywhere: bool = False) -> tuple[str, int]:
    """Return the noun phrase that ends at `end` (a verb's subject) and where it begins; `NOTHING` where none does.

    Adverbs and days between it and the verb are skipped, and so is what is set off by commas: "Sergei Lavrov, the
    foreign minister, said". Nothing before `floor` is looked at. `anywhere`: also a phrase that is no subject, as
    after "between".
    """
    floor = max(floor, end - LONGEST_SUBJECT)
    end = _skip_adverbs(text, end, floor)
    aside = _BRACKETED.search(text, max(floor, end - 60), end)
    if aside is not None:
        described = _DESCRIBED_AS.search(text, max(floor, aside.start() - 90), aside.start())
        closed = described is not None and "," in aside.group()  # "Jens Lund, a spokesman for the Mission (Ams), said"
        end = described.start() if described is not None and closed else aside.start()
    dashed = _DASHED.search(text, max(floor, end - 120), end)
    if dashed is not None:
        inner = dashed.group(1)
        if " and " in inner and inner.rsplit(" ", 1)[-1] in ACTOR_OF:
            return inner, dashed.start(1)  # "its partners -- Norway and Sweden -- agreed"
        end = dashed.start()
    gathered = _GATHERED.search(text, max(floor, end - 90), end)
    end = gathered.start() if gathered is not None else end
    briefed = _BRIEFED.search(text, max(floor, end - 110), end)
    if briefed is not None:
        return tidy(briefed.group()), briefed.start()
    relative = _RELATIVE.search(text, max(floor, end - 8), end)
    before = relative.start() if relative is not None else _before_asides(text, end, floor)
    if before < 0:
        return NOTHING
    named = (
        _NAME_ASIDE.fullmatch(text, before, end) if _HEAD_BEFORE.search(text, max(floor, before - 90), before) else None
    )
    if named is not None:  # "NATO's chief, Jens Lund, said"
        return named.group(1), phrase_before(text, before, floor)[1]
    end = before
    reading = _Reading(text, floor, end, anywhere)
    for match in reversed(list(WORD.finditer(text, floor, end))):
        bare = uncontracted(match.group().lower().rstrip("."))
        if bare in _INSTANCES and reading.words:
            return phrase_before(text, match.start(), floor)  # "a dozen nations including the U.S. agreed"
        if not reading.takes(match, bare):
            break
    return reading.phrase()


@dataclass(slots=True)
class _Reading:
    """A noun phrase being read from its last word to its first."""

    text: str
    floor: int
    reached: int
    anywhere: bool
    words: list[tuple[int, int]] = field(default_factory=list)
    closed: bool = False

    def takes(self, match: re.Match[str], bare: str) -> bool:
        """Take the word before those taken, if it belongs to the phrase."""
        gap = self.text[match.end() : self.reached]
        between = gap.strip()
        if (
            self.closed
            or "\n" in gap
            or match.group() == "X."  # the platform, at the end of the sentence before
            or (match.group().isdigit() and _DATELINE.search(self.text, self.floor, match.start()) is not None)
            or (gap and self.text[match.end() - 1] == "." and _ends_a_sentence(match.group()))
            or bare in DAYS
            or (between and not (between == "," and self._is_list(match.group(), match.start())))
        ):
            return False
        if not self._fits(match, bare):
            return False
        self.words.append(match.span())
        self.reached = match.start()
        return True

    def _fits(self, match: re.Match[str], bare: str) -> bool:
        written = match.group().removeprefix("al-").removeprefix("el-")
        if bare in PRONOUNS:
            self.closed = True
            return not self.words
        if written[0].isupper() and bare in _SPEECH_VERBS:
            return False  # a headline: "Lavrov Vows to Answer"
        if written[0].isupper() or written[0].isdigit():
            self.closed = bare in _ARTICLES
            return not (bare in _OPENERS and match.start() <= self.floor + 1)
        if bare in DETERMINERS:
            joined = _JOINS.search(self.text, self.floor, match.start())
            self.closed = joined is None or (joined.group(1) or bare) not in _MAY_LEAD
            return True
        if bare in _BELONGING or not self.words:
            return bare in _BELONGING or names_agents(bare)
        return (
            _OWNER.match(bare) is not None
            or _names_an_office(self.text, match.end(), bare)
            or _qualifies(self.text, match.end(), bare)
            or (_may_describe(bare) and self._is_owned(match.start()))
        )

    def _is_owned(self, start: int) -> bool:
        """Tell whether a small word follows whose it is: "Iran's judiciary", "UN humanitarian"."""
        owner = _NAMED_BEFORE.search(self.text, self.floor, start)
        return owner is not None and (POSSESSIVE.search(owner.group(1)) is not None or owner.group(1) in ACTOR_OF)

    def _is_list(self, written: str, start: int) -> bool:
        """Tell whether a comma stands inside "France, Britain and Germany"."""
        if not self.words or written not in ACTOR_OF:
            return False
        if _AFTER_PREPOSITION.search(self.text, self.floor, start) is not None:
            return False  # "flew to Oman, US and Qatari officials said"
        return " and " in self.text[self.words[-1][0] : self.words[0][1]]

    def phrase(self) -> tuple[str, int]:
        """Return what has been read."""
        while self.words and self.text[slice(*self.words[-1])].lower() in _NO_OPENING:
            self.words.pop()
        if not self.words or self.text[slice(*self.words[0])].lower() in _NO_SUBJECT:
            return NOTHING
        start = self.words[-1][0]
        if self.text[self.words[0][0]].isdigit():
            return NOTHING  # "an 11th-hour warning"
        if not self.closed and self.text[slice(*self.words[0])].islower():
            last = self.text[slice(*self.words[0])]
            determined = _DETERMINED if not last.endswith("s") else _QUALIFIED
            qualified = determined.search(self.text, max(self.floor, start - 60), start)
            start = qualified.start() if qualified is not None else start
        if not self.closed and self.text[start].islower():
            set_off = self._set_off(start)
            start = set_off.start() if set_off is not None else start
        phrase = self.text[start : self.words[0][1]]
        between = not self.anywhere and _BETWEEN.search(self.text, self.floor, start) is not None
        return NOTHING if between or not any(map(str.isalpha, phrase)) else (phrase, start)

    def _set_off(self, start: int) -> re.Match[str] | None:
        """Return the small words between a comma and what has been read: "…, allied (officials said)"."""
        found = _SET_OFF.search(self.text, max(self.floor, start - 40), start)
        if found is None or not NO_ADJECTIVES.isdisjoint(found.group().split()):
            return None
        words = found.group().split()
        return None if any(word in _NEVER_DESCRIBE or word.endswith(("ing", "ly")) for word in words) else found


def names_agents(word: str) -> bool:
    """Tell whether a small word names several by what they do: "organisers", "consultants"."""
    return _AGENTS.fullmatch(word) is not None


def uncontracted(word: str) -> str:
    """Return the pronoun of "I've", "he'd"; any other word as it is. Small letters."""
    contracted = _CONTRACTED.fullmatch(word)
    return contracted.group(1) if contracted is not None else word


def _ends_a_sentence(word: str) -> bool:
    """Tell whether the full stop of a word is no part of it, unlike that of "Gen." and "U.S."."""
    return "." not in word[:-1] and len(word) > 2 and word[:-1].lower() not in ABBREVIATIONS  # noqa: PLR2004  an initial


def _may_describe(bare: str) -> bool:
    return bare not in _NEVER_DESCRIBE and _VERBAL.search(bare) is None


def _names_an_office(text: str, end: int, bare: str) -> bool:
    """Tell whether a small word that ends at `end` says of what the next word is head: "rights chief"."""
    office = _OFFICE_AFTER.match(text, end)
    if office is None or not _may_describe(bare):
        return False
    nearer, last = office.groups()
    return nearer in HEADED_OFFICES or (last in HEADED_OFFICES and (nearer is None or _may_describe(nearer)))


def _qualifies(text: str, end: int, bare: str) -> bool:
    """Tell whether a small word that ends at `end` qualifies somebody: "federal immigration officials"."""
    if not bare.endswith(_ADJECTIVAL) or bare in _NEVER_DESCRIBE:
        return False
    for _ in range(_MOST_ADJECTIVES):
        described = _DESCRIBED.match(text, end)
        if described is None:
            return False
        last = described.group(1)
        if last in ROLE_NOUNS or names_agents(last):
            return True
        if not last.endswith(_ADJECTIVAL) and last not in PORTFOLIOS:
            return False
        end = described.end()
    return False


def _describes_next(text: str, owner: tuple[int, int], end: int, bare: str) -> bool:
    """Tell whether a small word after an owner leads to whom it tells of: "Norway's rival Lund"."""
    if POSSESSIVE.search(text, *owner) is None or not _may_describe(bare):
        return False
    described = _DESCRIBED.match(text, end)
    if described is None:
        return False
    last = described.group(1)
    return last[0].isupper() or last in ROLE_NOUNS or last in GROUP_NOUNS or names_agents(last)


def _before_asides(text: str, end: int, floor: int) -> int:
    """Return where a subject ends whose verb follows what is set off by commas; -1 where no comma opens it.

    "Sergei Lavrov, the foreign minister, " ends after "Lavrov".
    """
    length = len(text[floor:end].rstrip())
    closing = floor + length - 1
    if text[closing : closing + 1] != "," or not length:
        return end
    comma = text.rfind(",", floor, closing)
    if comma < 0:
        return -1
    floor = max(floor, text.rfind(";", floor, comma) + 1)
    for aside in _ASIDE.finditer(text, floor, comma):
        if _SAID.search(text, aside.end(), closing) is None:
            comma = aside.start()
            break
    return _skip_adverbs(text, comma, floor)


def _skip_adverbs(text: str, end: int, floor: int) -> int:
    for _ in range(_MOST_ADVERBS):
        near = max(floor, end - 40)
        skipped = _TIME_BEFORE_VERB.search(text, near, end) or _ADVERB_BEFORE_VERB.search(
            text, max(near, end - 25), end
        )
        if skipped is None:
            break
        end = skipped.start()
    return end


def tidy(phrase: str) -> str:
    """Leave off the marks and the possessive ending around a phrase."""
    phrase = phrase.strip(" ,;:'\"’”")
    if phrase.endswith(".") and "." not in phrase.rsplit(" ", 1)[-1][:-1]:
        phrase = phrase[:-1]  # the sentence's own full stop, unlike that of "the U.S."
    return phrase[:-1] if phrase.endswith(("s’", "s'")) else POSSESSIVE.sub("", phrase)


def unarticled(phrase: str) -> str:
    """Leave off "the" and the capital of another article: bodies keep their name as written."""
    first, _, rest = phrase.partition(" ")
    if rest and first.lower() == "the":
        return rest
    if rest and first in ("A", "An", "Some", "Two", "Three"):
        return f"{first.lower()} {rest}"
    return phrase
