"""The English words of time: classes, meanings, and the words that can be more than one thing.

Tables for the engine in grammar.py. A word has one class; a word that can be two things (May, second, fall) has a
class of its own, and the patterns in phrases.py say where it may be which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from watchers.matcher.grammar import Word
from watchers.matcher.timeline import Direction, Edge, Unit


def _numbered(words: str, first: int = 1) -> dict[str, object]:
    return {word: index for index, word in enumerate(words.split(), first)}


def _alike(words: str, meaning: object = None) -> dict[str, object]:
    return dict.fromkeys(words.split(), meaning)


_UNITS: Final = {
    "minute": Unit.MINUTE,
    "hour": Unit.HOUR,
    "day": Unit.DAY,
    "week": Unit.WEEK,
    "month": Unit.MONTH,
    "decade": Unit.DECADE,
}

WORDS: Final[dict[str, dict[str, object]]] = {
    "WEEKDAY": _numbered("monday tuesday wednesday thursday friday saturday sunday", 0),
    "WEEKDAYS": _numbered("mondays tuesdays wednesdays thursdays fridays saturdays sundays", 0),
    "MONTH": _numbered("january february march april may june july august september october november december"),
    "CARDINAL": _numbered(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    ),
    "TEENS": {"eighteen": 18, "nineteen": 19},
    "TENS": {
        "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    },
    "HUNDRED": {"hundred": 100},
    "THOUSAND": {"thousand": 1000},
    "DOZEN": {"dozen": 12},
    "DOZENS": _alike("dozens hundreds scores"),
    "ORDINAL": _numbered(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
    ),
    "DECADE_WORD": {
        "twenties": 1920, "thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960, "seventies": 1970,
        "eighties": 1980, "nineties": 1990,
    },
    "PLAIN_UNIT": dict(_UNITS),
    "YEAR": {"year": Unit.YEAR},
    "UNITS": {
        **{f"{name}s": unit for name, unit in _UNITS.items()}, "years": Unit.YEAR,
        "quarters": Unit.QUARTER, "centuries": Unit.CENTURY, "seconds": Unit.SECOND, "hrs": Unit.HOUR,
        "mins": Unit.MINUTE, "yrs": Unit.YEAR,
    },
    "SECOND": {"second": 2},
    "QUARTER": {"quarter": Unit.QUARTER},
    "CENTURY": {"century": Unit.CENTURY},
    "FORTNIGHT": _alike("fortnight fortnights", Unit.WEEK),
    "WEEKEND": {"weekend": Unit.WEEKEND},
    "WEEKENDS": {"weekends": Unit.WEEKEND},
    "ADVERB": {
        "hourly": Unit.HOUR, "daily": Unit.DAY, "weekly": Unit.WEEK, "monthly": Unit.MONTH,
        "yearly": Unit.YEAR, "annually": Unit.YEAR,
    },
    "DAYPART": {
        "morning": "TMO", "afternoon": "TAF", "evening": "TEV", "night": "TNI", "nightfall": "TNI", "dawn": "TMO",
        "dusk": "TEV", "daybreak": "TMO",
    },
    "DAYPARTS": {"mornings": "TMO", "afternoons": "TAF", "evenings": "TEV", "nights": "TNI"},
    "NOON": _alike("noon midday", 12),
    "MIDNIGHT": {"midnight": 24},
    "AMPM": {"am": 0, "pm": 12},
    "DAYWORD": {"today": 0, "tomorrow": 1, "yesterday": -1},
    "TONIGHT": {"tonight": 0},
    "OVERNIGHT": {"overnight": 0},
    "SEASON": {
        "spring": "SP", "springtime": "SP", "summer": "SU", "summertime": "SU", "autumn": "FA", "winter": "WI",
        "wintertime": "WI",
    },
    "FALL": {"fall": "FA"},
    "HALF": {"half": 0.5},
    "NEXT": {"next": 1},
    "COMING": _alike("coming upcoming forthcoming", 1),
    "FOLLOWING": {"following": 1},
    "LAST": {"last": -1},
    "PAST": {"past": -1},
    "PREVIOUS": _alike("previous preceding", -1),
    "THIS": {"this": 0},
    "THAT": {"that": 0},
    "SAME": {"same": 0},
    "THESE": {"these": 0},
    "CURRENT": {"current": 0},
    "THE": _alike("the its their"),
    "A": _alike("a an", 1),
    "EARLY": {"early": Edge.EARLY},
    "LATE": {"late": Edge.LATE},
    "LATEST": {"latest": -1},
    "PERIOD": {"period": None},
    "MOMENT": {"moment": "PRESENT_REF"},
    "RIGHT": {"right": None},
    "MID": _alike("mid middle", Edge.MID),
    "LATER": {"later": Direction.FUTURE},
    "EARLIER": {"earlier": Direction.PAST},
    "AFTERWARDS": _alike("afterward afterwards", Direction.FUTURE),
    "ENDED": _alike("ended ending"),
    "STARTING": _alike("starting commencing"),
    "SOMETIME": {"sometime": None},
    "START": _alike("start beginning outset", Edge.START),
    "END": _alike("end close", Edge.END),
    "AGO": {"ago": Direction.PAST},
    "HENCE": {"hence": Direction.FUTURE},
    "FROM": {"from": None},
    "NOW": {"now": "PRESENT_REF"},
    "TIME": {"time": None},
    "AHEAD": {"ahead": None},
    "AND": {"and": None},
    "OR": {"or": None},
    "SO": {"so": None},
    "COME": {"come": None},
    "TO": _alike("to through thru"),
    "OF": {"of": None},
    "ON": {"on": None},
    "AT": {"at": None},
    "IN": {"in": None},
    "BETWEEN": {"between": None},
    "BEFORE": {"before": None},
    "AFTER": {"after": None},
    "UNTIL": _alike("until till by since during"),
    "FEW": {"few": None},
    "SEVERAL": _alike("several many numerous multiple"),
    "COUPLE": _alike("couple pair", 2),
    "SOME": {"some": None},
    "ANOTHER": {"another": 1},
    "MATTER": _alike("matter space"),
    "MORE": _alike(
        "more further additional extra full straight consecutive whole entire solid working business trading calendar"
    ),
    "APPROX": _alike("about around nearly almost roughly approximately just only over barely"),
    "LESS": _alike("less fewer least most up no"),
    "THAN": {"than": None},
    "EVERY": _alike("every each"),
    "FISCAL": _alike("fiscal financial"),
    "OLD": _alike("old olds"),
    "RECENT": {"recent": "PAST_REF"},
    "FUTURE": {"future": "FUTURE_REF"},
    "NEAR": _alike("near foreseeable immediate"),
    "TERM": {"term": None},
    "SHORT": {"short": None},
    "REFERENCE": {
        **_alike("currently nowadays presently", "PRESENT_REF"),
        **_alike("recently lately", "PAST_REF"),
    },
    "EVE": {"eve": None},
    "NEW": {"new": None},
    "GOOD": {"good": None},
    "DAY_NAME": {
        "labor": "labor_day", "labour": "labor_day", "election": "election_day", "memorial": "memorial_day",
        "veterans": "veterans_day", "armistice": "armistice_day", "presidents": "presidents_day",
        "columbus": "columbus_day", "boxing": "boxing_day", "bastille": "bastille_day", "victory": "victory_day",
        "valentine": "valentines_day", "ascension": "ascension_day", "valentines": "valentines_day",
    },
    "TIMES_A": _alike("once twice thrice", 1),
    "OFTEN": {"times": None},
    "OCLOCK": {"clock": None},
    "LONG": {"long": None},
    "PART": {"part": None},
    "SCALE": _alike("million billion trillion thousands percent"),
    "PRESS": _alike("mirror telegraph express mail herald tribune"),
    "EPITHET": _alike("black bloody super cyber ash holy manic"),
    "AL": {"al": None},
    "WITHIN": {"within": None},
    "AUXILIARY": _alike("is are was were will would has have had could should might must but if when as because said"),
}  # fmt: skip
"""Classes and their words. Some (AUXILIARY, STOP, DASH) stand in no pattern: being known, they are no noun."""

CAPITALISED: Final[dict[str, dict[str, object]]] = {
    "WEEKDAY_SHORT": {"mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4},
    "WEEKEND_SHORT": {"sat": 5, "sun": 6},
    "MONTH_SHORT": {
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10,
        "nov": 11, "dec": 12,
    },
    "MAY": {"may": 5},
    "MARCH": {"march": 3},
    "MONTH": {"august": 8},
    "HOLIDAY": {
        "christmas": "christmas", "xmas": "christmas", "easter": "easter", "thanksgiving": "thanksgiving",
        "halloween": "halloween", "ramadan": "ramadan", "nowruz": "nowruz", "pentecost": "pentecost",
        "juneteenth": "juneteenth",
    },
    "EID": {"eid": "eid_al_fitr"},
    "FITR": {"fitr": "eid_al_fitr"},
    "ADHA": {"adha": "eid_al_adha"},
    "ZONE": _alike("gmt utc bst cet cest est edt et pst pdt pt cst cdt msk"),
}  # fmt: skip
"""Words that are times only with a capital letter; these forms win over those above."""

MARKS: Final = {
    "COMMA": ",", "DOT": ".", "COLON": ":", "SLASH": "/", "STOP": ';!?()[]{}"“”…', "HYPHEN": "-‐‑–", "DASH": "—―",
    "APOS": "'’", "MONEY": "$€£¥", "PERCENT": "%", "S": "sS", "LETTER_M": "mM", "LETTER_P": "pP", "LETTER_O": "oO",
}  # fmt: skip


def _numeral_class(text: str) -> str:
    if len(text) > 1 and text[0] == "0":
        return "NUM_0X"
    number = int(text)
    for kind, top in (("NUM_12", 12), ("NUM_24", 24), ("NUM_31", 31), ("NUM_59", 59), ("NUM_99", 99), ("NUM_999", 999)):
        if number <= top:
            return kind
    return "NUM_YEAR" if 1800 <= number < 2200 else "NUM_BIG"  # noqa: PLR2004 - years the news speaks of


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


_HOUR: Final = 60
"""Minutes."""


def _coded() -> Iterator[tuple[str, Word]]:
    """Yield the words that hold digits."""
    for number in range(10_000):
        yield str(number), Word(_numeral_class(str(number)), number)
    for number in range(10):
        yield f"0{number}", Word("NUM_0X", number)
    yield from ((f"0{hhmm:03d}", Word("NUM_HHMM", hhmm)) for hhmm in range(960) if hhmm % 100 < _HOUR)
    for number in range(1, 32):
        yield _ordinal(number), Word("ORDNUM", number)
    for hour in range(1, 13):
        for half, hours in (("am", 0), ("pm", 12)):
            yield f"{hour}{half}", Word("CLOCK_WORD", hour % 12 + hours)
    for decade in range(10, 100, 10):
        yield f"{decade}s", Word("DECADE_2", 1900 + decade)
    for decade in range(1500, 2100, 10):
        yield f"{decade}s", Word("DECADE_4", decade)
    for code in ("Q1", "Q2", "Q3", "Q4", "H1", "H2"):
        yield code, Word("PART_CODE", code)


def lexicon() -> dict[str, Word]:
    """Return every form of every word, with its class and meaning."""
    known = dict(_coded())
    for kind, words in WORDS.items():
        for text, meaning in words.items():
            for form in (text, text.capitalize(), text.upper()):
                known[form] = Word(kind, meaning)
    for kind, words in CAPITALISED.items():
        for text, meaning in words.items():
            known.pop(text, None)
            known[text.capitalize()] = known[text.upper()] = Word(kind, meaning)
    for kind, signs in MARKS.items():
        known.update((sign, Word(kind)) for sign in signs)
    return known


TRIGGERS: Final = (
    "WEEKDAY", "WEEKDAYS", "WEEKDAY_SHORT", "WEEKEND_SHORT", "MONTH", "MONTH_SHORT", "MAY", "MARCH", "PLAIN_UNIT",
    "YEAR", "UNITS",
    "SECOND", "QUARTER", "CENTURY", "FORTNIGHT", "WEEKEND", "WEEKENDS", "ADVERB", "DAYPART", "DAYPARTS", "NOON",
    "MIDNIGHT", "AMPM", "CLOCK_WORD", "OCLOCK", "COLON", "LETTER_M", "ZONE", "DAYWORD", "TONIGHT", "OVERNIGHT",
    "SEASON", "FALL", "HALF", "PERIOD", "NOW", "RECENT", "FUTURE", "TERM", "MOMENT", "CURRENT", "PAST", "REFERENCE",
    "DECADE_2", "DECADE_4", "DECADE_WORD", "PART_CODE", "NUM_YEAR", "ORDNUM", "HOLIDAY", "GOOD", "EID", "DAY_NAME",
    "TEENS",
)  # fmt: skip
"""No phrase is a time without a word of one of these classes."""


NAMESAKES: Final = re.compile(
    r"\b(?:Theresa|Mrs|Mr|Ms|Miss|Sir|Lady|Lord|Dame|President|Premier|Minister|Chancellor|PM|Senator|Sen|Rep|Dr|"
    r"Philip|Brian|James|Peter|John|David)\.? (May|March|April|June|August)\b"
)
"""People called like a month: where a text names one, the bare word is a person."""

CHOICES: Final = {
    "HOURNUM": ("NUM_12", "NUM_24", "NUM_0X"),
    "MINUTENUM": ("NUM_0X", "NUM_12", "NUM_24", "NUM_31", "NUM_59"),
    "DAYNUM": ("NUM_12", "NUM_24", "NUM_31", "NUM_0X"),
    "MONTHNUM": ("NUM_12", "NUM_0X"),
    "DIGITS": ("NUM_12", "NUM_24", "NUM_31", "NUM_59", "NUM_99", "NUM_999", "NUM_YEAR", "NUM_BIG"),
    "CARDINALS": ("CARDINAL", "TEENS"),
    "ORD": ("ORDINAL", "SECOND", "ORDNUM"),
    "UNIT": ("PLAIN_UNIT", "YEAR"),
    "ONE_UNIT": ("PLAIN_UNIT", "YEAR", "QUARTER", "FORTNIGHT", "WEEKEND", "CENTURY"),
    "ANY_UNIT": ("PLAIN_UNIT", "YEAR", "UNITS", "QUARTER", "SECOND", "FORTNIGHT", "WEEKEND", "WEEKENDS", "CENTURY"),
    "MANY_UNITS": ("UNITS", "WEEKENDS", "FORTNIGHT"),
    "ANY_SEASON": ("SEASON", "FALL"),
    "AHEAD_WORD": ("NEXT", "COMING", "FOLLOWING"),
    "BACK_WORD": ("LAST", "PAST", "PREVIOUS"),
    "SHIFTER": ("NEXT", "COMING", "FOLLOWING", "LAST", "PAST", "PREVIOUS", "THIS", "CURRENT", "LATEST"),
    "ANY_MONTH": ("MONTH", "MAY", "MARCH", "MONTH_SHORT"),
    "ANY_WEEKDAY": ("WEEKDAY", "WEEKDAY_SHORT", "WEEKEND_SHORT"),
    "LEADS_MAY": ("IN", "OF", "FROM", "TO", "BETWEEN", "BEFORE", "AFTER", "UNTIL"),
}
"""Classes that may stand in for one another."""
