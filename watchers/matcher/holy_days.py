"""Days with a name: when Christmas, Easter, Ramadan and the like fall in a year.

Fixed days and those counted from Easter are computed here; the Islamic calendar comes from the `holidays`
library, which is loaded only when such a day is first asked for, because loading it takes longer than all the rest.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from watchers.model import Interval

FIXED: Final = {
    "new_year": (1, 1),
    "new_years_eve": (12, 31),
    "christmas": (12, 25),
    "christmas_eve": (12, 24),
    "boxing_day": (12, 26),
    "orthodox_christmas": (1, 7),
    "halloween": (10, 31),
    "valentines_day": (2, 14),
    "st_patricks_day": (3, 17),
    "may_day": (5, 1),
    "victory_day": (5, 9),
    "bastille_day": (7, 14),
    "fourth_of_july": (7, 4),
    "juneteenth": (6, 19),
    "veterans_day": (11, 11),
    "armistice_day": (11, 11),
    "epiphany": (1, 6),
    "nowruz": (3, 20),
    "nine_eleven": (9, 11),
}
FROM_EASTER: Final = {
    "palm_sunday": -7,
    "maundy_thursday": -3,
    "good_friday": -2,
    "easter": 0,
    "easter_monday": 1,
    "ascension_day": 39,
    "pentecost": 49,
    "ash_wednesday": -46,
}
NTH_WEEKDAY: Final = {
    "thanksgiving": (11, 3, 4),
    "labor_day": (9, 0, 1),
    "memorial_day": (5, 0, -1),
    "mlk_day": (1, 0, 3),
    "presidents_day": (2, 0, 3),
    "columbus_day": (10, 0, 2),
    "election_day": (11, 1, 0),
}
"""Month, weekday (Monday is 0) and which one; -1 is the last, 0 the one after the first Monday."""
ISLAMIC: Final = {"ramadan": "First Day of Ramadan", "eid_al_fitr": "Eid al-Fitr", "eid_al_adha": "Eid al-Adha"}
"""What the `holidays` library calls these in the calendar of the Maldives, which lists all three."""


def easter(year: int) -> date:
    """Return Easter Sunday of the western churches (the anonymous Gregorian computus)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=512)
def holiday(name: str, year: int) -> Interval:
    """Return the days of a named holiday in a year; raise `ValueError` where the name or the year is unknown."""
    if name in FIXED:
        month, day = FIXED[name]
        found = date(year, month, day)
    elif name in FROM_EASTER:
        found = easter(year) + timedelta(days=FROM_EASTER[name])
    elif name in NTH_WEEKDAY:
        found = _nth_weekday(year, *NTH_WEEKDAY[name])
    elif name in ISLAMIC:
        return _islamic(name, year)
    else:
        message = f"no holiday is called {name}"
        raise ValueError(message)
    return Interval(found, found)


def _nth_weekday(year: int, month: int, weekday: int, number: int) -> date:
    if number < 0:
        last = date(year, month + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    if number == 0:
        return first + timedelta(days=-first.weekday() % 7 + weekday)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _islamic(name: str, year: int) -> Interval:
    import holidays  # noqa: PLC0415 - it takes longer to load than everything else together

    days = holidays.country_holidays("MV", years=(year, year + 1), language="en_US")

    def named(start: str) -> list[date]:
        return sorted(day for day, label in days.items() if label.startswith(start))

    feast, fast = named(ISLAMIC[name]), named("First Day of Ramadan")
    if name == "ramadan":
        eid = next((day for day in named(ISLAMIC["eid_al_fitr"]) if fast and day > fast[0]), None)
        if eid is not None:
            return Interval(fast[0], eid - timedelta(days=1))
    elif feast:
        return Interval(feast[0], feast[0] + timedelta(days=2))
    message = f"no {name} is known in {year}"
    raise ValueError(message)
