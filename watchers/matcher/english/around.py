"""What the words of a time, before it and after it say of how it hangs in its sentence. Patterns only.

Patterns for what stands before a time end where it begins; those for what stands after it begin where it ends.
"""

from __future__ import annotations

import re

from watchers.matcher.english import cues
from watchers.matcher.phrase_search import led_by_letter


def _words(words: str, after: str = r"\b") -> re.Pattern[str]:
    """Return a pattern for a choice of words of any size, which begins where a word does, and what follows them."""
    return re.compile(f"(?:{led_by_letter([words], any_case=True)})(?i:{after})")


# What the words of the time itself say.
AHEAD = _words(
    r"next|coming|upcoming|tomorrow|forthcoming|weeks?[’'] notice|later (?:this|today|next|in (?!the day)\w+)"
)
COMING = re.compile(r"\b(?:next|coming)\b", re.IGNORECASE)
MEANWHILE = re.compile(r"\s+when\b")
THAT_CLAUSE = re.compile(r" that (?!(?:could|will|would|may|might|can|should|is|are|was|were|has|have|had)\b)")
NOW = re.compile(
    r"\b(?:today|tonight|now"
    r"|this (?:morning|afternoon|evening|weekend|week|month|year|spring|summer|autumn|fall|winter))\b",
    re.IGNORECASE,
)
WEEKDAY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day")
NEXT_DAY = re.compile(r"the (?:next|following) (?:day|morning|evening|week|month|year)\Z", re.IGNORECASE)
OVER_WEEKEND = re.compile(r"\bover the weekend\Z", re.IGNORECASE)
NEXT_SPAN = re.compile(r"(?:the )?(?:next|coming)\b(?! an?\b)", re.IGNORECASE)
OVERNIGHT = re.compile(r"\bovernight\b", re.IGNORECASE)
LATER = re.compile(r"\b(?:later|afterwards?)\Z", re.IGNORECASE)
LETTERS = re.compile(r"[A-Za-z]{3}")
DIGIT = re.compile(r"\d")
YEAR = re.compile(r"\d{4}")
BARE_YEAR_OR_SEASON = re.compile(r"\d{4}|(?:the )?(?:spring|summer|autumn|fall|winter)", re.IGNORECASE)
OWN_SEASON = re.compile(
    r"(?:their|his|her|its|our|a|an|every|each) (?:spring|summer|autumn|fall|winter)", re.IGNORECASE
)
JOURNEY_NOUN = re.compile(r"\s+[a-z]")
TITLE_BEFORE = re.compile(r"[\"“‘'](?:[A-Z]\w+ ){0,3}\Z")
TITLE_AFTER = re.compile(r"(?: [A-Z]\w+){0,3}[\"”’'](?!s)")
NAMESAKE = re.compile(r"(?: [A-Z]\w+)? (?:Movement|Front|Brigades?|Party|Forum|Alliance|Committee|Coalition)\b")
"""After a date that is its name: "the March 23 Movement"."""
LISTING = re.compile(r" on [\"“‘][A-Z]")
CENTURY = re.compile(r"\bcentur(?:y|ies)\b", re.IGNORECASE)
TODAYS_NOUN = re.compile(
    r"today[’']s (?:world|society|age|generation|economy|standards|era|terms|money|prices)\b", re.IGNORECASE
)
HOLIDAY = re.compile(r"\b(?:Christmas|Easter|[Nn]ew [Yy]ear|Ramadan|Eid|Thanksgiving|Independence Day|Diwali)")
TRAPPINGS = re.compile(rf"(?:[’']s?)? (?:\w+ )?(?:{cues.HOLIDAY_TRAPPINGS})\b")
NAMED_DAY = re.compile(r"\d|[A-Z][a-z]{2}|(?:end|close) of")
GONE = re.compile(r"\b(?:earlier|last|past|previous|recent|ago|yesterday|so far|since)\b", re.IGNORECASE)
LIMIT_IN = re.compile(r"\b(?:within|next|coming|matter of|time|more)\b", re.IGNORECASE)

# What stands before it.
FILLER = (
    r"\s+(?:at least\s+|as (?:little|few) as\s+|less than\s+|just\s+|the\s+|around\s+|about\s+|early\s+|late\s+"
    r"|sometime\s+(?:in\s+)?)*\Z"
)
FIRM = r"by|until|till|no later than|not later than|starting|beginning|effective|as of|as early as|as soon as"
FIRM_BOUND = _words(FIRM, FILLER)
BOUND = _words(f"{FIRM}|within|from|through|over|for|in|before", FILLER)
NO_REPORT_BEFORE = re.compile(r"\b(?:to|for|between|through|before|than)\s+(?:the\s+)?\Z")
"""After these a time is no day on which something was said: "said extending it to 1 May would help"."""
WITHIN = re.compile(r"\bwithin\s+\Z")
NEXT_BEFORE = _words("next|coming|upcoming", r"\s+\Z")
GONE_BEFORE = _words(
    r"earlier(?: \w+)?|since|(?<!to )(?<!could )(?<!will )(?<!would )(?<!may )(?<!might )(?<!can )(?<!only )last|past"
    "|previous|recent|in recent",
    r"\s+(?:the\s+)?\Z",
)
PLACING = _words(
    "ahead of|(?<!testify )(?<!testifying )(?<!testifies )(?<!appear )(?<!appearing )(?<!appears )(?<!speak )before"
    "|prior to|(?:in the )?run-?up to|since|in the wake of|after|following",
    r"\s+(?:[\w’'().-]+\s+){0,14}\Z",
)
AFTER_OR_AHEAD = _words("ahead of|after|following|since|in the wake of", r"\s+(?:[\w’'().-]+\s+){0,10}\Z")
SINCE = _words("since", r"\s+(?:[\w’'().-]+\s+){0,8}\Z")
HOPES = frozenset(("expected", "hoped", "planned", "thought", "wanted", "assumed", "intended", "aimed", "meant"))
HAD_EXPECTED = re.compile(rf"\bhad (?:\w+ )?(?:{'|'.join(sorted(HOPES))})\b", re.IGNORECASE)
JOINED = re.compile(r"\b(?:and|but)\b|[;:]")
FIRST_IN = re.compile(
    r"\b(?:first|second|third|only|last(?! (?:\w+day|week|month|year|night|spring|summer|autumn|fall|winter)\b)|most"
    r"|(?!last)\w{3,}est)\b[^,.;]{0,60} in\s+(?:nearly |about |over |almost "
    r"|more than |at least )?\Z"
)
FIRST_TO = re.compile(
    r"\b(?:becomes?|became|is|was) (?:the )?(?:first|last|only|latest|second|third)\b[^,.;]{0,60}\bto \w+"
    r"[^,.;]{0,40}\bin\s+\Z"
)
"""The first guest to visit in 2026: it has happened."""
RUNG_IN = re.compile(r"\b(?:ring|rings|rang|ringing|usher|ushers|see|saw|welcome|greet)\w* (?:in|out)?\s*(?:the )?\Z")
AGE_OF = re.compile(r"\bits (?:\w+(?:th|nd|rd|st)|third|fourth|fifth|second|first) (?:year|month|week|day)\s+\Z")
"""Into its fourth year next month: how long it has lasted."""
AT = re.compile(r"\b(?:during|since|after|following|in|at)\s+(?:\w+\s+)?\Z", re.IGNORECASE)
YEAR_BEFORE = re.compile(
    r"\b(?:in|by|until|till|before|for|through|from|to|of|since|during|late|early|mid|end|next|fiscal|and|or)[- ]+\Z",
    re.IGNORECASE,
)
DATED_NOUN = re.compile(r"\b([a-z]\w*) of\s+(?:the\s+)?\Z")
OF_TIME = frozenset(
    (
        *("deadline", "ultimatum", "meeting", "summit", "end", "beginning", "start", "middle", "close", "part", "half"),
        *("quarter", "week", "weeks", "month", "day", "days", "date", "morning", "afternoon", "evening", "night"),
    )
)
HYPOTHESIS = re.compile(r"\b(?:if|unless|should)\b", re.IGNORECASE)
NOT = re.compile(r"\bnot (?:in |for |just |only )?(?:a )?\Z")
WHETHER = _words("whether|(?:asked|asks|wonders?|unclear) if", r"\b[^,;:\"“”]*\Z")
EACH_YEAR = _words(
    "(?:every|each) (?:year|month|week|day|spring|summer|autumn|winter|January|February|March|April|May|June"
    "|July|August|September|October|November|December)|annually"
)
HABIT = _words("always|generally|as a rule|usually|typically|normally|customarily")
SUPPOSED = re.compile(r"\b(?:imagine|suppose) that\b|^[\"“]?Were [A-Z]|\bif (?:I|[^,.;]{1,40}) were\b", re.IGNORECASE)
CAME_TO_NOTHING = re.compile(r"[^.;]{0,40}(?:\bbut\b(?! no\b)|, (?:and )?yet\b)")
PAST_BE = re.compile(r"\b(?:was|were)\b")
PAST_ACT = _words("|".join(cues.PAST_ACTS), r"\b[^,;:\"“”]{0,75}\Z")
AS_VERB = re.compile(r"\b(?:to|will|would|could|may|might|should|must)\s+(?:\w+ly\s+)?\Z")
FOR_OR_TO = re.compile(r"\b(?:for|to)\s+\Z")
PAST_ACT_AFTER = re.compile(r"(?:[’']s?)?\s+(?:\w+ )?(?:" + "|".join(cues.PAST_ACTS) + r")\b", re.IGNORECASE)
DAY_OR_WEEKEND = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|weekend|^today")
LIMIT_BEFORE = re.compile(
    r"\b(?:within|in|over|inside|next|coming|another|in less than|in about|in around|in just|in a|matter of"
    r"|deadline of"
    r"|ultimatum of|in as little as|in under)\s+(?:the\s+|about\s+|around\s+|just\s+|a\s+)*\Z",
    re.IGNORECASE,
)
DEADLINE_BEFORE = _words(
    "deadline|ultimatum|cut-?off", r"(?: date)? (?:of|for|on|is|was|until|set for|to)\s+(?:the\s+)?\Z"
)
OPENS_CLAUSE = re.compile(
    r"(?:^|[,;:\"“—–(]|\b(?:that|and|but|while|because|whether|as|when)\b)[\"“”\s]*(?:(?:and|but|so|then|that)\s+)?"
    r"(?:(?:on|in|by|from|until|before|after|within|during|over|at|starting|beginning|through|for|as early as|late"
    r"|early|later)\s+)*(?:the\s+)?\Z",
    re.IGNORECASE,
)
CLOSES = re.compile(r"(,|—|–|\)|(?<=\s)--?(?=\s))\s*(?:(?:on|in|by|from|until|at|late|early|for)\s+)*(?:the\s+)?\Z")
"""A mark that may close an insertion, right before a time."""
RELATIVE = re.compile(r"\s*(?:who|which|where|whose|whom|when)\b")
SUBORDINATE = re.compile(
    r"\b(?:that\s(?=[\"“‘A-Z0-9]|(?:the|an?|his|her|its|their|our|any|no|all|some|this|these|those|each|both|every|he"
    r"|she|it|they|we|there|if|when|as|on|in|by|from|until|after|before|\w+s)\b)|(?:because|whereas|although|though|while)\s)"
)
ASKED = re.compile(r"[\"“]?(?:When |After being |Being )?[Aa]sked\b[^,]{0,200},")
INTENT_BEFORE = re.compile(
    r"\b(?:gave|gives?|granted|extended|has given"
    r"|(?:has|have) (?:scheduled|planned|set|decided|agreed|offered|announced)"
    r"|plan|plans|planned|wants?|hopes?|hoped|aims?|aimed|seeks?|intends?|intended|decided|agreed|offered"
    r"|pledged|vowed"
    r"|promised|undertook|committed|threatened)(?: (?:\w+ ){0,5}to)?\Z"
)

EXTENDED = re.compile(
    r"\b(?:extend(?:s|ed|ing)?|prolong(?:s|ed|ing)?|renew(?:s|ed|ing)?)\b[^.;,]{0,60}\b(?:by|for|another|of)\s+\Z",
    re.IGNORECASE,
)
NAMED_BESIDE = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|tomorrow"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d"
    r"|\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))"
)
"""A day near a clock time: the clock is of that day."""

# What stands after it.
OWNED = re.compile(
    r"[’']s\s+\w|\s+(?:(?!(?:that|the|a|an|will|would|and|in|at|to|for|of|on|with)\b)\w+[ -]){0,3}"
    r"(?:deadline|summit|meeting|talks|elections?|vote|visit|conference|referendum|expiry|cut-?off|G-?\d+)",
    re.IGNORECASE,
)
DEADLINE_NEAR = re.compile(r"\s+(?:\w+[ -]){0,2}(?:deadline|expiry|cut-?off|exit date)", re.IGNORECASE)
LIMIT_AFTER = re.compile(
    r"[- ]*(?:to go\b|remain(?:s|ing)?\b|away\b|to spare\b|reprieve|deadline|ultimatum|extension|delay|grace"
    r"|time limit|window|left\b|from now|[’']? notice|[’']s? time\b|more to"
    r"|to (?:decide|leave|reach|agree|comply|respond|withdraw|get|find|make|sign|complete|negotiate|ratify"
    r"|review|remove|hand|meet)|process|period|countdown)",
    re.IGNORECASE,
)
RELATIVE_AFTER = re.compile(r"\s+(?:before|after|since|ago|earlier|later than|following|into|prior)\b", re.IGNORECASE)
AWAY = re.compile(r"\s+away\b(?! (?:on foot|by \w))")
"""How far off something to come is, not a place: "days away"."""
TO_ACT = re.compile(r"\s+to\s+[\"“]?\w")
CALLED_OFF = re.compile(
    r"[^.;,]{0,40}(?:, )?\b(?:has|have|had|was|were)(?: (?:now|since|\w+ly))?(?: been)?"
    r" (?:cancell?ed|called off|scrapped|shelved|abandoned|dropped"
    r"|(?:postponed|delayed|put off)(?! (?:un)?til\b))\b"
)
CALLED_OFF_BEFORE = re.compile(
    r"\b(?:call(?:ed|ing)? off|cancel(?:l?ed|l?ing)?|scrapp(?:ed|ing)|shelv(?:ed|ing)|postpon(?:ed|ing)|delay(?:ed|ing)"
    r"|put off)\b"
    r"(?:[^.;:]{0,60}\b(?:scheduled|planned|set|due|slated)\b[^,.;:]{0,20}"
    r"| (?:(?:a|the|his|her|its|their|planned) ){1,2}(?:\w+ ){0,2}(?:summit|talks|meeting|visit|trip|vote)"
    r"(?: (?:on|in))? )\Z"
)
"""What is called off, before the day it was planned for."""
LASTING = frozenset(("last", "lasts", "lasted"))
NUMBERED = re.compile(r"\b(?:first|second|third|fourth|fifth|sixth|last|latest|only)(?: \w+)? \Z")
"""Before "this year" these count what has been as well."""
TENTATIVE = frozenset(("would", "could", "might", "may", "should"))
PLANNING = frozenset(("is", "are", "was", "were"))
LAST_PHRASE = re.compile(r"[^,;:\"“”—]*(?:\b(?:on|in)\s+)\Z")
EVENT_NOUN = _words("|".join(sorted(cues.EVENT_NOUNS)))
