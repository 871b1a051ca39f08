"""The demonstration's clock: it stands still until it is moved, so that eight days pass in half a minute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from watchers.feeds.pace import Bounds

LAST_DAY = 8
"""The last day played, counted from the first, a Monday: the Tuesday of the week after."""

EVERY_HOUR = Bounds(timedelta(minutes=50), timedelta(minutes=50))
"""How often the outlets are asked: whenever the clock moves on."""
OPENS = time(6)
CLOSES = time(12)


class DemoClock:
    """A clock (see ports.Clock) that shows the instant it was last moved to."""

    def __init__(self, now: datetime) -> None:
        """Start at `now`, timezone-aware, in UTC."""
        self._now = now

    def now(self) -> datetime:
        """Return the instant the clock was last moved to."""
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Show `instant` from now on."""
        self._now = instant


def first_day(today: date) -> date:
    """Return the latest Monday from which the whole demonstration is over by `today`.

    The demonstration plays the days just past: what it leaves pending is then pending in the real calendar
    too. It always begins on a Monday, because its articles speak of weekdays.
    """
    last = today - timedelta(days=LAST_DAY)
    return last - timedelta(days=last.weekday())


def moments(first: date) -> Iterator[datetime]:
    """Yield every full hour from the first morning to noon of the last day, in UTC."""
    instant = datetime.combine(first, OPENS, UTC)
    end = datetime.combine(first + timedelta(days=LAST_DAY), CLOSES, UTC)
    while instant <= end:
        yield instant
        instant += timedelta(hours=1)
