"""When a reminder that recurs comes next. Pure."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta

from watchers.audience import Recurrence, Unit

_FRIDAY = 4
_WEEK = 7
_MONTHS = 12


def next_time(last: datetime, recurrence: Recurrence, now: datetime) -> datetime:
    """Return the first time after `now` that continues from the day of `last`, in UTC."""
    first = last.astimezone(recurrence.zone).date()
    steps = 0
    while True:
        steps += 1
        at = datetime.combine(_day_after(first, recurrence, steps), recurrence.at, recurrence.zone).astimezone(UTC)
        if at > now:
            return at


def _day_after(first: date, recurrence: Recurrence, steps: int) -> date:
    """Return the day that lies so many steps after the first."""
    number = recurrence.every * steps
    match recurrence.unit:
        case Unit.DAY:
            return first + timedelta(days=number)
        case Unit.WEEK:
            return first + timedelta(days=_WEEK * number)
        case Unit.WEEKDAY:
            day = first
            for _ in range(number):
                day += timedelta(days=1 if day.weekday() < _FRIDAY else _WEEK - day.weekday())
            return day
        case Unit.MONTH:
            months = first.year * _MONTHS + first.month - 1 + number
            year, month = months // _MONTHS, months % _MONTHS + 1
            return date(year, month, min(recurrence.day, calendar.monthrange(year, month)[1]))
