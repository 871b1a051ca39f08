"""What the phrases of time mean: builders that turn the words of one match into an expression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from watchers.matcher.english.dates import CHOICES
from watchers.matcher.grammar import Parts
from watchers.matcher.timeline import Direction, Edge, Expression, Shape, Unit

_Word = tuple[str, object]
_Words = Sequence[_Word]
"""(class, meaning) of the words of a phrase, in order."""


def _integer(meaning: object) -> int | None:
    return meaning if isinstance(meaning, int) else None


_VAGUE = frozenset({"FEW", "SEVERAL", "SOME", "DOZENS"})
_MULTIPLIERS = frozenset({"HUNDRED", "THOUSAND", "DOZEN"})
_NUMBERS = frozenset({"CARDINAL", "TEENS", "TENS"})


def _number(words: _Words) -> float | None:
    """Add up a written number such as `2,000`, `twenty-four`, `1 1/2`, `two and a half`; None where it is vague."""
    kinds = [kind for kind, _ in words]
    digits = [meaning for kind, meaning in words if kind.startswith("NUM_") and isinstance(meaning, int)]
    if not _VAGUE.isdisjoint(kinds):
        return None
    if "DOT" in kinds:
        return float(f"{digits[0]}.{digits[1]}") if len(digits) > 1 else None
    if "SLASH" in kinds:
        return digits[0] + digits[1] / digits[2] if len(digits) == 3 and digits[2] else None  # noqa: PLR2004 - a b/c
    if "COMMA" in kinds:
        return digits[0] * 1000 + digits[1] if len(digits) > 1 else None
    return _sum(words)


def _sum(words: _Words) -> float | None:
    total: float | None = None
    for kind, meaning in words:
        if kind == "HALF":
            total = 0.5 if total in (None, 1) else (total or 0) + 0.5
        elif not isinstance(meaning, int):
            continue
        elif kind in _MULTIPLIERS:
            total = (total or 1) * meaning
        elif kind == "COUPLE":
            total = meaning
        elif kind == "A":
            total = total or meaning
        elif kind in _NUMBERS or kind.startswith("NUM_"):
            total = (total or 0) + meaning
        elif kind == "ANOTHER" and not any(each in _NUMBERS or each.startswith("NUM_") for each, _ in words):
            total = meaning
    return total


def _counted(words: _Words) -> tuple[float | None, float | None, Unit]:
    """Return how many (at least, at most) of which unit."""
    at = next(i for i, word in enumerate(words) if _is_unit(word))
    unit = _unit(words[at])
    before = [w for w in words[:at] if w[0] not in ("THAN", "LESS", "APPROX", "OFTEN")]
    if any(kind == "MATTER" for kind, _ in before):
        return None, None, unit
    kinds = [kind for kind, _ in before]
    most = None
    for join in ("TO", "OR", "HYPHEN"):
        if join in kinds and 0 < (cut := kinds.index(join)) < len(before) - 1:  # not the one of "up to 180 days"
            if join == "HYPHEN" and any(kind == "TENS" for kind in kinds[:cut]):
                continue
            later = _number(before[cut + 1 :])
            if later is not None:
                most, before = later, before[:cut]
                break
    count = _number(before)
    if any(kind == "HALF" for kind, _ in words[at + 1 :]):
        count = (count or 0) + 0.5
    scale = 2 if words[at][0] == "FORTNIGHT" else 1
    if count is not None:
        count *= scale
    return count, most * scale if most is not None else None, unit


def _is_unit(word: _Word) -> bool:
    return word[0] in CHOICES["ANY_UNIT"]


def _unit(word: _Word) -> Unit:
    if isinstance(word[1], Unit):
        return word[1]
    return Unit.SECOND


_FOUR_DIGITS = frozenset({"NUM_BIG", "NUM_YEAR", "NUM_999", "NUM_HHMM"})


def _clock(words: _Words) -> tuple[str | None, _Words]:  # noqa: C901 - one row a way of writing the hour
    """Take the time of day out of a phrase; return it in TIMEX3 letters, and the other words."""
    kinds = [kind for kind, _ in words]
    for i, (kind, meaning) in enumerate(words):
        if kind in ("NOON", "MIDNIGHT", "CLOCK_WORD") and isinstance(meaning, int):
            return f"T{meaning:02d}:00", [*words[:i], *words[i + 1 :]]
        after = kinds[i + 1 : i + 4]
        if kind in _FOUR_DIGITS and after[:1] == ["ZONE"] and isinstance(meaning, int):  # 1430 GMT
            return f"T{meaning // 100:02d}:{meaning % 100:02d}", [*words[:i], *words[i + 1 :]]
        if kind not in CHOICES["HOURNUM"] or not after or not isinstance(meaning, int):
            continue
        end, minute = i + 1, 0
        if after[0] in ("COLON", "DOT") and len(after) > 1 and after[1] in CHOICES["MINUTENUM"]:
            minute, end = _integer(words[i + 2][1]) or 0, i + 3
            if kinds[end : end + 1] == ["COLON"]:
                end += 2
        elif not (after[0] == "AMPM" or after[1:3] == ["DOT", "LETTER_M"] or after[0] in ("LETTER_O", "ZONE")):
            continue
        hour = meaning
        if kinds[end : end + 1] == ["AMPM"]:
            hour, end = hour % 12 + (_integer(words[end][1]) or 0), end + 1
        elif kinds[end + 1 : end + 3] == ["DOT", "LETTER_M"]:
            hour, end = hour % 12 + (12 if kinds[end] == "LETTER_P" else 0), end + 3
            end += kinds[end : end + 1] == ["DOT"]
        elif kinds[end : end + 1] == ["LETTER_O"]:
            end += 3
        return f"T{hour:02d}:{minute:02d}", [*words[:i], *words[end:]]
    return None, list(words)


def _shift(words: _Words) -> int | None:
    found = [meaning for kind, meaning in words if kind in CHOICES["SHIFTER"] and isinstance(meaning, int)]
    # "this past spring", "this coming Sunday": the second word says which.
    return (found[-1] if found[0] == 0 else found[0]) if found else None


def _edge(words: _Words) -> Edge | None:
    return next((meaning for _, meaning in words if isinstance(meaning, Edge)), None)


def _until_edge(words: _Words) -> Edge | None:
    edges = [meaning for _, meaning in words if isinstance(meaning, Edge)]
    return edges[1] if len(edges) > 1 else None


def _lean(words: _Words) -> Direction | None:
    return next(
        (meaning for kind, meaning in words if kind in ("LATER", "EARLIER") and isinstance(meaning, Direction)), None
    )


def compose(parts: Parts) -> Expression | None:
    """Put together a point in time from whatever the phrase names: weekday, day, month, year, unit, edge, clock."""
    clock, words = _clock(parts.words)
    if parts.has("TONIGHT"):
        clock = clock or "TNI"
    parts = Parts(words)
    day_part = parts.first("DAYPART")
    if isinstance(day_part, str):
        clock = clock or day_part
    base = _base(parts)
    if base is None:
        return Expression(Shape.CLOCK, clock=clock) if clock else None
    lean = _lean(words)
    return replace(
        base,
        clock=clock,
        edge=_edge(words),
        until_edge=_until_edge(words),
        direction=base.direction or lean,
        fiscal=parts.has("FISCAL"),
    )


def _base(parts: Parts) -> Expression | None:
    """Choose what the phrase is about: a day of a month, a season, a weekday, a day from today, a unit, a year."""
    year = _integer(parts.first("NUM_YEAR")) or _written_year(parts)
    shift = _shift(parts.words)
    outer = None if year is not None else _outer(parts, shift)
    inside = None if outer else shift
    if (month := _integer(parts.first(*CHOICES["ANY_MONTH"]))) is not None:
        return _in_month(parts, Expression(Shape.CALENDAR, month=month, year=year, shift=inside, inner=outer))
    part = parts.first(*CHOICES["ANY_SEASON"], "PART_CODE")
    if isinstance(part, str):
        return Expression(Shape.CALENDAR, part=part, year=year, shift=inside, inner=outer)
    if (weekday := _integer(parts.first(*CHOICES["ANY_WEEKDAY"]))) is not None:
        if outer is not None:
            return Expression(Shape.NTH, weekday=weekday, count=1, inner=outer)
        return Expression(Shape.WEEKDAY, weekday=weekday, shift=shift, told=parts.has("FOLLOWING"))
    if (days := _integer(parts.first("DAYWORD", "TONIGHT"))) is not None:
        return Expression(Shape.SHIFT, unit=Unit.DAY, shift=days)
    return outer if year is None else Expression(Shape.CALENDAR, year=year)


def _outer(parts: Parts, shift: int | None) -> Expression | None:
    """Read the unit a phrase names: next week, the end of the month, the latest quarter."""
    unit_word = next((word for word in parts.words if _is_unit(word)), None)
    if unit_word is None:
        return Expression(Shape.SHIFT, unit=Unit.QUARTER, shift=shift) if parts.has("PERIOD") else None
    unit = _unit(unit_word)
    if unit in (Unit.DAY, Unit.MINUTE) and parts.has("LAST"):  # "the last day" is one of a row, not yesterday
        return None
    if unit is Unit.QUARTER and shift is None:
        shift = -1  # Figures for "the quarter" are those of the one that is over.
    told = parts.has("THAT", "SAME", "FOLLOWING", "PREVIOUS") or (unit is Unit.DAY and parts.has("NEXT"))
    return Expression(Shape.SHIFT, unit=unit, shift=shift or 0, told=told)


def _in_month(parts: Parts, month: Expression) -> Expression | None:
    days = [day for day in map(_integer, parts.every(*CHOICES["DAYNUM"], *CHOICES["ORD"])) if day]
    if not days:
        return month
    if max(days[:2]) > 31:  # noqa: PLR2004 - the longest month
        return None
    return replace(month, day=days[0], until_day=days[1] if len(days) > 1 else None)


def duration(parts: Parts) -> Expression | None:
    """Build a length of time: six months, a couple of weeks, the coming days."""
    count, most, unit = _counted(parts.words)
    if unit is Unit.SECOND and not any(kind.startswith(("NUM_", "CARD", "TENS", "UNITS")) for kind, _ in parts.words):
        return None  # "a second round"
    if unit is Unit.QUARTER and parts.words[0][0] != "THE" and (len(parts.words) == 1 or parts.has("HYPHEN")):
        return None  # "living quarters", "three-quarters of its food"
    kinds = [kind for kind, _ in parts.words]
    units = [_unit(word) for word in parts.words if _is_unit(word)]
    return Expression(
        Shape.DURATION,
        definite=kinds[0] == "THE",
        unit_to=units[1] if len(units) > 1 else None,
        attributive=kinds[-1] != "UNITS" and "HYPHEN" in kinds,
        unit=unit,
        count=count,
        most=most,
        ahead=parts.has(*CHOICES["AHEAD_WORD"], "AHEAD"),
        past_counts=parts.has(*CHOICES["BACK_WORD"]) and not parts.has("AHEAD"),
    )


def offset(parts: Parts) -> Expression | None:
    """Build a distance: two weeks ago, ten days from Friday, three days later."""
    count, most, unit = _counted(parts.words)
    if parts.has("ON") and unit is not Unit.WEEK:  # "a week on Tuesday", but not "a day on Tuesday"
        return None
    direction = Direction.PAST if parts.has("AGO", "EARLIER") else Direction.FUTURE
    told = parts.has("EARLIER", "LATER", "AFTERWARDS")
    weekday, today = _integer(parts.first("WEEKDAY")), _integer(parts.first("DAYWORD"))
    inner = None
    if weekday is not None:
        inner = Expression(Shape.WEEKDAY, weekday=weekday)
    elif today is not None:
        inner = Expression(Shape.SHIFT, unit=Unit.DAY, shift=today)
    return Expression(Shape.OFFSET, unit=unit, count=count, most=most, direction=direction, inner=inner, told=told)


def reference(parts: Parts) -> Expression | None:
    """Build a vague reference to the past, the present or the future."""
    name = parts.first("REFERENCE", "NOW", "RECENT", "FUTURE", "MOMENT")
    if parts.has("TERM"):
        name = "FUTURE_REF"
    elif parts.has("PAST"):
        name = "PAST_REF"
    elif parts.has("THESE") and parts.first("UNITS") is not Unit.DAY:
        return None
    return Expression(Shape.REFERENCE, name=name if isinstance(name, str) else "PRESENT_REF")


def every(parts: Parts) -> Expression | None:
    """Build a set: every Monday, twice a week, daily."""
    weekday = _integer(parts.first("WEEKDAY", "WEEKDAYS", "WEEKDAY_SHORT"))
    day_part = parts.first("DAYPART", "DAYPARTS")
    month, season = _integer(parts.first(*CHOICES["ANY_MONTH"])), parts.first(*CHOICES["ANY_SEASON"])
    unit_word = next((word for word in parts.words if _is_unit(word)), None)
    unit = _unit(unit_word) if unit_word else parts.first("ADVERB")
    count = next(
        (n for kind, n in parts.words if isinstance(n, int) and (kind in CHOICES["ORD"] or kind == "CARDINAL")), 1
    )
    return Expression(
        Shape.SET,
        unit=unit if isinstance(unit, Unit) else None,
        count=1 if parts.has("TIMES_A", "OFTEN") else count,
        weekday=weekday,
        month=month,
        part=season if isinstance(season, str) else None,
        clock=day_part if isinstance(day_part, str) else None,
    )


def iso_date(parts: Parts) -> Expression | None:
    """Build a date written 2026-05-09."""
    numbers = [meaning for _, meaning in parts.words if isinstance(meaning, int)]
    return Expression(Shape.CALENDAR, year=numbers[0], month=numbers[1], day=numbers[2])


def slash_date(parts: Parts) -> Expression | None:
    """Build a date written 13/04/2026 or 04/13/2026, where only one order of day and month is possible."""
    one, other, year = [meaning for _, meaning in parts.words if isinstance(meaning, int)]
    month, day = min(one, other), max(one, other)
    if month > 12 or (month != day and day <= 12):  # noqa: PLR2004 - the twelfth of April or the fourth of December
        return None
    return Expression(Shape.CALENDAR, year=year, month=month, day=day)


def weekday_week(parts: Parts) -> Expression | None:
    """Build the weekday a week after the next one: Tuesday week."""
    weekday, unit = _integer(parts.first(*CHOICES["ANY_WEEKDAY"])), parts.first("PLAIN_UNIT")
    if unit is not Unit.WEEK:
        return None
    return Expression(
        Shape.OFFSET,
        unit=Unit.WEEK,
        count=1,
        direction=Direction.FUTURE,
        inner=Expression(Shape.WEEKDAY, weekday=weekday),
    )


def unit_after_next(parts: Parts) -> Expression | None:
    """Build the week after next."""
    unit_word = next(word for word in parts.words if _is_unit(word))
    return Expression(Shape.SHIFT, unit=_unit(unit_word), shift=2)


def week_of(parts: Parts) -> Expression | None:
    """Build the unit that holds a day: the week of 7 January."""
    inner = _base(Parts([word for word in parts.words if not _is_unit(word)]))
    unit = _unit(next(word for word in parts.words if _is_unit(word)))
    return Expression(Shape.NTH, unit=unit, count=0, inner=inner)


def quarter(parts: Parts) -> Expression | None:
    """Build a quarter or a half of a year."""
    ordinal, half = _integer(parts.first(*CHOICES["ORD"])), parts.has("HALF")
    number = ordinal or 2
    if number > (2 if half else 4):
        return None
    year, unit = _integer(parts.first("NUM_YEAR")) or _written_year(parts), parts.first(*CHOICES["UNIT"])
    outer = None
    if year is None and unit is not None:
        # In "the last half of the year" the half is last, not the year.
        shift = _shift(parts.words) if ordinal else None
        outer = Expression(Shape.SHIFT, unit=Unit.YEAR, shift=shift or 0)
    return Expression(Shape.CALENDAR, part=f"{'H' if half else 'Q'}{number}", year=year, inner=outer)


def half_of(parts: Parts) -> Expression | None:
    """Build a half of a month or week: the second half of May."""
    ordinal = _integer(parts.first("ORDINAL", "SECOND")) or 2
    base = _base(Parts([word for word in parts.words if word[0] not in ("ORDINAL", "SECOND")]))
    return replace(base, edge=Edge.FIRST_HALF if ordinal == 1 else Edge.SECOND_HALF) if base else None


def within_the_unit(parts: Parts) -> Expression | None:
    """Build the length of a unit: (within) the week."""
    unit_word = next(word for word in parts.words if _is_unit(word))
    return Expression(Shape.DURATION, unit=_unit(unit_word), count=1)


def year_ended(parts: Parts) -> Expression | None:
    """Build the length of a year told with its end: the year ended 30 September."""
    del parts
    return Expression(Shape.DURATION, unit=Unit.YEAR, count=1, past_counts=True)


def the_year(parts: Parts) -> Expression | None:
    """Build the week, month or year that is spoken of: sales for the year. It bounds nothing that is to come."""
    unit = parts.first("YEAR", "PLAIN_UNIT")
    if unit not in (Unit.WEEK, Unit.MONTH, Unit.YEAR) or not isinstance(unit, Unit):
        return None
    return Expression(Shape.SHIFT, unit=unit, shift=0, direction=Direction.PAST, fiscal=parts.has("FISCAL"))


def new_year(parts: Parts) -> Expression | None:
    """Build the year to come: in the new year."""
    del parts
    return Expression(Shape.SHIFT, unit=Unit.YEAR, shift=1, direction=Direction.FUTURE)


def _written_year(parts: Parts) -> int | None:
    """Read "nineteen ninety-six" and "two thousand"."""
    century, tens = _integer(parts.first("TEENS")), _integer(parts.first("TENS"))
    if century is not None and tens is not None:
        return century * 100 + tens + (_integer(parts.first("CARDINAL")) or 0)
    if parts.has("THOUSAND"):
        return (_integer(parts.first("CARDINAL")) or 0) * 1000
    return None


def nth(parts: Parts) -> Expression | None:
    """Build one of a row: the third week of this month, the first Monday of May."""
    ordinal = _integer(parts.first(*CHOICES["ORD"]))
    weekday = _integer(parts.first("WEEKDAY", "WEEKDAY_SHORT"))
    cut = next(i for i, (kind, _) in enumerate(parts.words) if kind in ("OF", "IN"))
    inner = _base(Parts(parts.words[cut:]))
    # "The second week" counts weeks.
    unit = next((_unit(word) for word in parts.words[:cut] if _is_unit(word) and word[0] != "SECOND"), Unit.DAY)
    return Expression(Shape.NTH, unit=unit, count=ordinal or -1, weekday=weekday, inner=inner)


def ordinal_day(parts: Parts) -> Expression | None:
    """Build a day by its number alone: the 12th, the 12th of next month."""
    day = _integer(parts.first("ORDNUM"))
    unit_word = next((word for word in parts.words if _is_unit(word)), None)
    if unit_word is None:
        return Expression(Shape.CALENDAR, day=day)
    inner = Expression(Shape.SHIFT, unit=_unit(unit_word), shift=_shift(parts.words) or 0)
    return Expression(Shape.NTH, unit=Unit.DAY, count=day, inner=inner)


def two_days_off(parts: Parts) -> Expression | None:
    """Build the day after tomorrow and the day before yesterday."""
    shift = (_integer(parts.first("DAYWORD")) or 0) + (1 if parts.has("AFTER") else -1)
    return Expression(Shape.SHIFT, unit=Unit.DAY, shift=shift)


def part_of_day(parts: Parts) -> Expression | None:
    """Build a part of a day: this morning, last night, overnight."""
    part = parts.first("DAYPART") or "TNI"
    shift = -1 if parts.has("LAST") else 1 if parts.has("FOLLOWING", "NEXT") else 0
    return Expression(
        Shape.SHIFT,
        unit=Unit.DAY,
        shift=shift,
        clock=part if isinstance(part, str) else None,
        overnight=parts.has("OVERNIGHT"),
    )


def named_day(parts: Parts) -> Expression | None:
    """Build a day with a name: Easter Monday, New Year's Eve, Eid al-Fitr."""
    name = parts.first("HOLIDAY", "DAY_NAME") or parts.first("ADHA") or parts.first("EID")
    weekday = _integer(parts.first("WEEKDAY"))
    if parts.has("NEW"):
        name = "new_years_eve" if parts.has("EVE") else "new_year"
        if not parts.has("APOS", "EVE"):
            return None
    elif parts.has("GOOD"):
        name = "good_friday" if weekday == 4 else None  # noqa: PLR2004 - Friday
    elif name == "easter" and weekday == 0:
        name = "easter_monday"
    elif name == "christmas" and parts.has("EVE"):
        name = "christmas_eve"
    if not isinstance(name, str):
        return None
    if parts.has("DAY_NAME") and parts.first(*CHOICES["UNIT"]) is not Unit.DAY:
        return None
    return Expression(
        Shape.HOLIDAY,
        name=name,
        year=_integer(parts.first("NUM_YEAR")),
        shift=_shift(parts.words),
        edge=_edge(parts.words),
    )


def decade(parts: Parts) -> Expression | None:
    """Build a decade: the 1990s, the early nineties."""
    year = _integer(parts.first("DECADE_4", "DECADE_2", "DECADE_WORD"))
    return Expression(Shape.CALENDAR, unit=Unit.DECADE, year=year, edge=_edge(parts.words))


def century(parts: Parts) -> Expression | None:
    """Build a century."""
    number = _integer(parts.first(*CHOICES["ORD"])) or 1
    return Expression(Shape.CALENDAR, unit=Unit.CENTURY, year=(number - 1) * 100)


def year_earlier(parts: Parts) -> Expression | None:
    """Build what a figure is compared with: the year-earlier quarter."""
    ordinal = _integer(parts.first(*CHOICES["ORD"]))
    year = Expression(Shape.SHIFT, unit=Unit.YEAR, shift=-1)
    if ordinal and ordinal <= 4:  # noqa: PLR2004 - quarters of a year
        return Expression(Shape.CALENDAR, part=f"Q{ordinal}", inner=year)
    if parts.has("PERIOD", "QUARTER"):
        return Expression(Shape.OFFSET, unit=Unit.QUARTER, count=5, direction=Direction.PAST)
    return replace(year, compares=True)


def unit_end(parts: Parts) -> Expression | None:
    """Build the end of the present unit: year-end, month's end."""
    unit = parts.first(*CHOICES["UNIT"])
    return Expression(Shape.SHIFT, unit=unit, shift=0, edge=Edge.END) if isinstance(unit, Unit) else None


def recent(parts: Parts) -> Expression | None:
    """Build a stretch that ends about now: recent weeks."""
    unit = parts.first("UNITS")
    if unit is Unit.YEAR or len(parts.every("UNITS")) > 1 or not isinstance(unit, Unit):
        return Expression(Shape.REFERENCE, name="PAST_REF")
    return Expression(Shape.DURATION, unit=unit, past_counts=True)
