"""The English phrases of time: fragments, and the rules that give each phrase its meaning.

Of two rules that match at one place the one that stands first wins, so the longer forms come first. The value
conventions are those of TimeBank (ISO-TimeML).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from watchers.matcher.english import meanings
from watchers.matcher.english.dates import CHOICES, TRIGGERS, lexicon
from watchers.matcher.grammar import Grammar, Rule, Tokens
from watchers.matcher.timeline import Expression

FRAGMENTS: Final = {
    # Numbers of units
    "CARD": "(?: TENS HYPHEN? CARDINALS | (?: A | CARDINALS | TENS )? HUNDRED (?: AND? TENS )? | CARDINALS THOUSAND"
    " | A DOZEN | DOZEN | TENS | CARDINALS | DIGITS COMMA NUM_999 | DIGITS DOT DIGITS"
    " | DIGITS DIGITS SLASH DIGITS | DIGITS )",
    "VAGUE": "(?: (?: A | THE )? (?: FEW | SEVERAL ) | A? COUPLE OF? | SOME | DOZENS OF )",
    "ROUGHLY": "(?: APPROX | AT LESS | LESS? (?: MORE | LESS ) THAN | LESS TO )",
    "COUNT": "(?: CARD (?: AND A HALF )? | VAGUE | A HALF | HALF A? | A )",
    "AMOUNT": "(?: ANOTHER? COUNT (?: (?: TO | OR | HYPHEN ) CARD )? HYPHEN? (?: MORE HYPHEN? ){0,2} | ANOTHER )",
    "TIMES": "AMOUNT HYPHEN? ANY_UNIT (?: AND A HALF )?",
    "BARE_UNITS": "UNITS (?: (?: AND | OR ) UNITS )?",
    "NOT_AGE": "(?! HYPHEN? OLD )",
    # Clock
    "HALF_OF_DAY": "(?: AMPM | (?: A | LETTER_P ) DOT LETTER_M DOT? )",
    "CLOCK": "(?: HOURNUM COLON MINUTENUM (?: COLON MINUTENUM )? HALF_OF_DAY? | HOURNUM DOT MINUTENUM HALF_OF_DAY"
    " | HOURNUM HALF_OF_DAY | CLOCK_WORD | HOURNUM LETTER_O APOS OCLOCK | NOON | MIDNIGHT"
    " | (?: NUM_0X | NUM_12 | NUM_24 | NUM_BIG | NUM_999 | NUM_YEAR | NUM_HHMM ) (?= ZONE ) )",
    "FULL_CLOCK": "CLOCK ZONE?",
    # Days
    "MON": "(?: MONTH | MAY | MARCH | MONTH_SHORT DOT? )",
    "MON_ALONE": "(?: MONTH | MONTH_SHORT DOT (?= COMMA? NUM_YEAR ) | MONTH_SHORT (?= DOT | COMMA? NUM_YEAR )"
    " | (?<= LEADS_MAY ) (?: MAY | MARCH ) )",
    "WD": "(?: WEEKDAY | WEEKDAY_SHORT DOT? | WEEKEND_SHORT DOT? (?= COMMA? (?: ANY_MONTH | DAYNUM ) ) )",
    "DAY_OF": "(?: DAYNUM | ORD )",
    "SPAN_OF": "(?: DAY_OF (?: (?: HYPHEN | TO | AND | OR ) DAY_OF (?! OF | SLASH ) )? )",
    "YR": "(?: COMMA? NUM_YEAR )",
    "WRITTEN_YEAR": "(?: TEENS TENS (?: HYPHEN? CARDINALS )? )",
    "MONTH_DAY": "(?: MON THE? SPAN_OF (?! ANY_UNIT | COLON MINUTENUM ) YR?"
    " | THE? DAY_OF (?: (?: HYPHEN | TO | AND | OR ) DAY_OF )? OF? MON YR? )",
    "NAMED_DAY": "(?: HOLIDAY (?: EVE | UNIT | WEEKDAY )? | GOOD WEEKDAY | EID (?: HYPHEN? AL HYPHEN?"
    " (?: FITR | ADHA ) )? | DAY_NAME (?: APOS S? )? UNIT | NEW YEAR (?: APOS S? )? (?: EVE | UNIT )? )",
    "FULL_DATE": "(?: (?: WD COMMA? THE? )? MONTH_DAY )",
    # Periods
    "EDGE": "(?: THE? (?: (?: EARLY | MID ) HYPHEN? (?: TO | OR ) HYPHEN? )? (?: EARLY | LATE | MID ) HYPHEN?"
    " (?: PART OF | IN | ON )?"
    " | THE? (?: START | END | MID ) (?: OF | HYPHEN (?: OF HYPHEN )? ) | THE? END (?= ANY_MONTH | NUM_YEAR )"
    " | (?: LATER | EARLIER ) (?: IN | ON )? | SOMETIME (?: IN | ON )? )",
    "SHIFTED": "(?: THE? (?: THIS | THAT )? SHIFTER )",
    "YEAR_OF": "(?: NUM_YEAR | SHIFTED YEAR | THE YEAR | WRITTEN_YEAR )",
    "QUARTERED": "(?: ORD HYPHEN? QUARTER | ORD HALF )",
}

RULES: Final[tuple[Rule[Expression], ...]] = (
    Rule("rate", "(?<= DIGITS | SCALE | PERCENT | CARDINALS ) A ONE_UNIT (?! AGO | EARLIER | LATER )", meanings.every),
    Rule("iso_date", "NUM_YEAR HYPHEN MONTHNUM HYPHEN DAYNUM", meanings.iso_date),
    Rule("slash_date", "(?<! SLASH ) DAYNUM SLASH DAYNUM SLASH NUM_YEAR (?! SLASH )", meanings.slash_date),
    Rule("clock_date", "FULL_CLOCK (?: ON | COMMA | OF )? (?: FULL_DATE | SHIFTED? WD | DAYWORD )", meanings.compose),
    Rule("date_clock", "(?: FULL_DATE | SHIFTED? WD | DAYWORD ) COMMA? AT? FULL_CLOCK", meanings.compose),
    Rule("week_of", "THE? UNIT (?: OF | START | STARTING ) (?: FULL_DATE | SHIFTED? WD )", meanings.week_of),
    Rule("every", "EVERY (?: ORD | CARD )? ANY_UNIT", meanings.every),
    Rule("every_day", "EVERY (?: WD DAYPART? | MON | DAYPART | ANY_SEASON ) | WEEKDAYS | WD DAYPARTS", meanings.every),
    Rule("times_a", "(?: TIMES_A | CARD OFTEN ) A ONE_UNIT", meanings.every),
    Rule("adverb", "ADVERB", meanings.every),
    Rule("date", "EDGE? SHIFTED? FULL_DATE DAYPART?", meanings.compose),
    Rule("from_day", "ROUGHLY? TIMES FROM (?: DAYWORD | WD ) | A (?: UNIT | FORTNIGHT ) ON WD", meanings.offset),
    Rule("weekday_week", "WD PLAIN_UNIT (?= DOT | COMMA | STOP )", meanings.weekday_week),
    Rule("weekday_of_week", "EDGE? WD DAYPART? OF? SHIFTED UNIT", meanings.compose),
    Rule("weekday", "EDGE? SHIFTED? (?<! EPITHET ) WD (?! PRESS | OFTEN ) DAYPART?", meanings.compose),
    Rule("fiscal_year", "THE? FISCAL YEAR? NUM_YEAR | THE? NUM_YEAR FISCAL YEAR", meanings.compose),
    Rule("quarter_of", "THE? FISCAL? HYPHEN? QUARTERED (?: OF YEAR_OF | NUM_YEAR )", meanings.quarter),
    Rule("years_quarter", "(?: SHIFTED YEAR APOS S | THE? NUM_YEAR ) FISCAL? QUARTERED", meanings.quarter),
    Rule("half_of", "THE? (?: ORDINAL | SECOND ) HALF OF (?: MON YR? | SHIFTED UNIT | THE UNIT )", meanings.half_of),
    Rule("last_half", "THE? LAST HALF OF YEAR_OF", meanings.quarter),
    Rule("quarter_code", "PART_CODE (?: OF? (?: NUM_YEAR | SHIFTED YEAR ) )?", meanings.compose),
    Rule("quarter", "THE? FISCAL? HYPHEN? (?: ORD HYPHEN? QUARTER | ORD HALF (?= OF THE? UNIT ) )", meanings.quarter),
    Rule(
        "nth",
        "THE? (?: ORD | LAST ) (?: UNIT | WD ) (?: OF | IN ) (?: SHIFTED (?: UNIT | ANY_MONTH ) | THE UNIT | MON YR? )",
        meanings.nth,
    ),
    Rule("day_of_month", "THE (?: ORDNUM ) OF (?: SHIFTED UNIT | THE UNIT )", meanings.ordinal_day),
    Rule("month", "EDGE? SHIFTED? MON_ALONE (?: OF? (?: YR | SHIFTED YEAR | WRITTEN_YEAR ) )?", meanings.compose),
    Rule("may", "(?: EDGE SHIFTED? | SHIFTED ) (?: MAY | MARCH ) (?: OF? YR )?", meanings.compose),
    Rule("the_march", "THE MARCH (?= UNKNOWN )", meanings.compose),
    Rule("may_year", "(?: MAY | MARCH ) OF? (?: YR | SHIFTED YEAR )", meanings.compose),
    Rule("unit_after_next", "THE UNIT AFTER NEXT", meanings.unit_after_next),
    Rule("two_days_off", "THE? UNIT (?: AFTER | BEFORE ) DAYWORD", meanings.two_days_off),
    Rule("dayword", "EDGE? (?: DAYWORD DAYPART? | TONIGHT )", meanings.compose),
    Rule("part_of_day", "EDGE? (?: THIS | LAST | THE FOLLOWING | THE NEXT ) DAYPART | OVERNIGHT", meanings.part_of_day),
    Rule("part_yesterday", "MID HYPHEN? DAYPART DAYWORD?", meanings.compose),
    Rule("the_part", "(?<= IN ) THE DAYPART", meanings.part_of_day),
    Rule("new_year", "(?<= IN ) THE? NEW YEAR (?! APOS | EVE )", meanings.new_year),
    Rule(
        "named_day",
        "EDGE? (?: SHIFTED | THE )? (?: UNIT OF )? NAMED_DAY YR?",
        meanings.named_day,
    ),
    Rule(
        "season",
        "EDGE? (?: SHIFTED | THE ) ANY_SEASON (?: OF? (?: YR | SHIFTED YEAR | WRITTEN_YEAR ) )?",
        meanings.compose,
    ),
    Rule("bare_season", "(?: EDGE ANY_SEASON | SEASON ) (?: OF? (?: YR | SHIFTED YEAR ) )?", meanings.compose),
    Rule(
        "decade",
        "EDGE? THE? (?: EARLY | MID | LATE )? HYPHEN? (?: DECADE_4 (?: APOS S )? | APOS DECADE_2 )"
        " | THE (?: EARLY | MID | LATE )? HYPHEN? DECADE_WORD",
        meanings.decade,
    ),
    Rule("century", "THE? ORD HYPHEN? CENTURY", meanings.century),
    Rule("lasting", "(?: A | THE )? (?: UNIT | UNITS ) HYPHEN LONG", meanings.duration),
    Rule(
        "ahead", "THE? AHEAD_WORD (?: COUNT MORE? ANY_UNIT | BARE_UNITS ) (?: OR (?: MORE | SO ) )?", meanings.duration
    ),
    Rule("ahead_range", "THE? AHEAD_WORD CARD (?: TO | OR | HYPHEN ) CARD ANY_UNIT", meanings.duration),
    Rule(
        "back",
        "(?: THE | (?<! AUXILIARY | MAY | TO | APPROX ) ) BACK_WORD (?: COUNT MORE? ANY_UNIT | BARE_UNITS )",
        meanings.duration,
    ),
    Rule("weeks_ahead", "THE UNITS (?: AHEAD | TO COME )", meanings.duration),
    Rule(
        "year_earlier",
        "THE? YEAR HYPHEN (?: EARLIER | AGO ) (?: PERIOD | QUARTER | QUARTERED )?",
        meanings.year_earlier,
    ),
    Rule("year_end", "UNIT (?: APOS S | HYPHEN )? END", meanings.unit_end),
    Rule("period", "EDGE? SHIFTED FISCAL? (?: ONE_UNIT | PERIOD )", meanings.compose),
    Rule("that_period", "EDGE? (?: THAT SAME? | THE SAME ) UNIT", meanings.compose),
    Rule("within_the", "(?<= WITHIN ) THE UNIT", meanings.within_the_unit),
    Rule("edge_of_unit", "EDGE THE? ONE_UNIT", meanings.compose),
    Rule("the_unit", "THE (?: WEEKEND | QUARTER )", meanings.compose),
    Rule(
        "offset",
        "ROUGHLY? (?: TIMES (?: OR SO )? | BARE_UNITS ) (?: AGO | HENCE | EARLIER | LATER | AFTERWARDS | FROM NOW )",
        meanings.offset,
    ),
    Rule("first_units", "THE? (?: ORD | LATEST ) CARD UNITS NOT_AGE", meanings.duration),
    Rule(
        "duration",
        "ROUGHLY? (?: TIMES | A? MATTER OF BARE_UNITS | BARE_UNITS ) NOT_AGE (?: APOS S? TIME | OR (?: MORE | SO ) )?",
        meanings.duration,
    ),
    Rule("the_units", "THE CARD UNITS", meanings.duration),
    Rule("year_ended", "THE MORE? FISCAL? YEAR (?= ENDED )", meanings.year_ended),
    Rule(
        "the_year",
        "THE MORE? FISCAL? (?: YEAR | PLAIN_UNIT ) "
        " (?! HYPHEN | APOS | OF | AFTER | BEFORE | FOLLOWING | ORDINAL | THAT | CARDINALS | TEENS )",
        meanings.the_year,
    ),
    Rule("edge_of_year", "EDGE NUM_YEAR", meanings.compose),
    Rule("year", "(?<! MONEY | SLASH ) NUM_YEAR (?! PERCENT | COMMA NUM_999 | MANY_UNITS )", meanings.compose),
    Rule("written_year", "THE? YEAR? (?: WRITTEN_YEAR | (?<= YEAR ) CARDINALS THOUSAND )", meanings.compose),
    Rule("recent_units", "RECENT UNITS (?: AND UNITS )?", meanings.recent),
    Rule(
        "reference",
        "REFERENCE | RIGHT? NOW | CURRENT | THE NEAR? FUTURE | NEAR FUTURE | THE (?: NEAR | SHORT ) TERM | THESE UNITS"
        " | THIS MOMENT | THE PAST | RECENT",
        meanings.reference,
    ),
    Rule("clock", "FULL_CLOCK", meanings.compose),
    Rule("day_alone", "THE ORDNUM (?! UNKNOWN | UNIT | HYPHEN | CENTURY | DAYPART | OF )", meanings.ordinal_day),
)

ENGLISH: Final = Grammar(lexicon(), CHOICES, FRAGMENTS, RULES, TRIGGERS)
"""The English grammar of times, compiled."""


@lru_cache(maxsize=1)
def tokens_of(text: str) -> Tokens:
    """Return the words and marks of a text, cut once for all who look for words in it."""
    return ENGLISH.cut(text)
