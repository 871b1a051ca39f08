"""A record as a picture: a bar for each month, as high as what fell due in it, in layers of what became of it.

Where there are more months than have room, a bar stands for a quarter, or for a year. Layers stand in one order and
have a hatching each, so that nobody needs their colours to tell them apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from math import ceil

from matplotlib.patches import Rectangle

from bot.pictures.sheet import (
    ALT_TEXT_LIMIT,
    EDGE,
    FAINT,
    GRID,
    GROUND,
    INK,
    LARGE,
    LEGEND,
    LEGEND_GAP,
    ONE_AT_A_TIME,
    SMALL,
    SYMBOL,
    USUAL,
    WIDTH,
    Sheet,
    drawable,
)
from bot.views.look import STANDING_COLOURS, STANDING_NAMES
from bot.words import Words
from watchers.record import Standing, Tally

_TOP, _HEIGHT, _LINE = 62.0, 150.0, 15.0
_BELOW = 12.0
_GAP = 5.0
_WIDEST = 34.0
_FILLED = 0.78
"""Of a bar's room, the part that it fills."""
_MOST_BARS = 24
_STEPS = (1, 2, 5)
_MOST_LINES = 4
_LEAST_CONTRAST = 3.0
"""What WCAG 2 asks of graphics."""
_HATCHES = {
    Standing.KEPT: "",
    Standing.LATE: "////",
    Standing.PARTLY: "....",
    Standing.MISSED: "xxxx",
    Standing.WITHDRAWN: "\\\\\\\\",
    Standing.MOVED: "----",
    Standing.OPEN: "",
}
_HOLLOW = {Standing.OPEN}
"""Of what nothing is known yet, only the outline is drawn."""


class _Span(IntEnum):
    """How many months a bar stands for."""

    MONTH = 1
    QUARTER = 3
    YEAR = 12


@dataclass(frozen=True, slots=True)
class Chart:
    """What the picture of a record shows."""

    title: str
    """Whose record it is."""
    whole: Tally
    months: Mapping[date, Tally]
    """By the first day of the month, in order; at least one."""
    say: Words


def draw(chart: Chart) -> bytes:
    """Return the picture as a PNG file. It takes a good part of a second: call it in a thread."""
    with ONE_AT_A_TIME:
        return _Picture(chart).drawn()


def alt_text(chart: Chart) -> str:
    """Return in words what the picture shows, for those who do not see it, in at most `ALT_TEXT_LIMIT` characters."""
    say, bars, span = chart.say, *_bars_of(chart.months)
    counted = say.many("{count} that fell due or will", "{count} that fell due or will", chart.whole.said)
    parts = [
        say(
            "Record of {title}: {counted}. {parts}.", title=chart.title, counted=counted, parts=_parts(chart.whole, say)
        )
    ]
    told = [(first, tally) for first, tally in bars if tally.said]
    for at, (first, tally) in enumerate(told):
        line = f"{_named(first, span, say)}: {_parts(tally, say)}."
        more = say.many("and {count} more", "and {count} more", len(told) - at)
        # Room is kept for the count of what does not fit.
        if len(" ".join([*parts, line])) > ALT_TEXT_LIMIT - len(f" {more}"):
            return " ".join([*parts, more])
        parts.append(line)
    return " ".join(parts)


def _parts(tally: Tally, say: Words) -> str:
    return ", ".join(f"{say(STANDING_NAMES[one])} {say.number(tally[one])}" for one in Standing if tally[one])


def _named(first: date, span: _Span, say: Words) -> str:
    match span:
        case _Span.MONTH:
            return say.month_and_year(first)
        case _Span.QUARTER:
            return f"{say.quarter((first.month + 2) // 3)} {first.year}"
        case _Span.YEAR:
            return str(first.year)


def _bars_of(months: Mapping[date, Tally]) -> tuple[list[tuple[date, Tally]], _Span]:
    """Return a tally for each month from the first to the last, or for each quarter or year, by its first day."""
    first, last = min(months), max(months)
    for span in _Span:
        numbers = range(_month_number(first) // span, _month_number(last) // span + 1)
        if len(numbers) <= _MOST_BARS or span is _Span.YEAR:
            break
    sums: dict[int, dict[Standing, int]] = {number: dict.fromkeys(Standing, 0) for number in numbers[-_MOST_BARS:]}
    for month, tally in months.items():
        into = sums.get(_month_number(month) // span)
        if into is not None:
            for standing in Standing:
                into[standing] += tally[standing]
    return [(date(number * span // 12, number * span % 12 + 1, 1), Tally(sums[number])) for number in sums], span


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


class _Picture(Sheet):
    """A record in the making."""

    def __init__(self, chart: Chart) -> None:
        super().__init__()
        self._chart, self._say = chart, chart.say
        self._bars, self._span = _bars_of(chart.months)
        whole = [one for one in Standing if chart.whole[one]]
        self._parts = [(one, f"{self._say(STANDING_NAMES[one])} {self._say.number(chart.whole[one])}") for one in whole]
        widths = [SYMBOL + self.width(name, SMALL) for _, name in self._parts]
        self._places = self.in_lines(widths, LEGEND_GAP)
        self._base = _TOP + _HEIGHT
        self._legend_top = self._base + _BELOW + (_LINE if self._span is not _Span.YEAR else 0) + 22
        self.lay_out(self._legend_top + LEGEND * (self._places[-1][1] + 1) - 2)
        self._highest = max(tally.said for _, tally in self._bars)
        self._levels = _levels(self._highest)
        self._left = EDGE + max(self.width(self._say.number(level), SMALL) for level in self._levels) + _GAP
        self._slot = min((WIDTH - EDGE - self._left) / len(self._bars), _WIDEST / _FILLED)

    def drawn(self) -> bytes:
        self._title()
        for level in self._levels:
            down = self._down(level)
            self.axes.plot([self._left, WIDTH - EDGE], [down, down], color=GRID, linewidth=0.8, zorder=0)
            self.text(self._left - _GAP, down, self._say.number(level), SMALL, FAINT, align="right")
        for number, (_, tally) in enumerate(self._bars):
            self._bar(self._left + self._slot * (number + (1 - _FILLED) / 2), tally)
        self._scale()
        for (standing, name), (across, line) in zip(self._parts, self._places, strict=True):
            middle = self._legend_top + line * LEGEND
            self._layer(standing, across, middle - 4.5, 8.5, 9)
            self.text(across + SYMBOL, middle, name, SMALL, FAINT)
        return self.png()

    def _title(self) -> None:
        say, room = self._say, WIDTH - 2 * EDGE
        self.fitted(EDGE, 18, drawable(self._chart.title), LARGE, INK, room=room, bold=True)
        by = {
            _Span.MONTH: say("Record: what fell due or will, by month"),
            _Span.QUARTER: say("Record: what fell due or will, by quarter"),
            _Span.YEAR: say("Record: what fell due or will, by year"),
        }
        self.fitted(EDGE, 38, by[self._span], USUAL, FAINT, room=room)

    def _bar(self, across: float, tally: Tally) -> None:
        below = 0
        for standing in Standing:
            if count := tally[standing]:
                top = self._down(below + count)
                self._layer(standing, across, top, self._slot * _FILLED, self._down(below) - top)
                below += count

    def _layer(self, standing: Standing, across: float, top: float, width: float, height: float) -> None:
        colour = on_dark(STANDING_COLOURS[standing])
        hollow = standing in _HOLLOW
        inset = 0.7 if hollow else 0.0
        patch = Rectangle(
            (across + inset, top + inset),
            max(width - 2 * inset, 0.1),
            max(height - 2 * inset, 0.1),
            facecolor=GROUND if hollow else colour,
            edgecolor=colour if hollow else GROUND,
            linewidth=1.0 if hollow else 0.4,
            hatch=_HATCHES[standing] or None,
            zorder=2,
        )
        patch.set_hatch_linewidth(0.7)
        self.axes.add_patch(patch)

    def _scale(self) -> None:
        """Name below the bars their months or quarters, as many as have room, and the year where one begins."""
        widest = max(self.width(self._label(first), SMALL) for first, _ in self._bars) + _GAP
        step = max(1, ceil(widest / self._slot))
        taken = 0.0
        for number, (first, _) in enumerate(self._bars):
            middle = self._left + self._slot * (number + 0.5)
            if number % step == 0:
                self._below(0, middle, self._label(first))
            begins = number == 0 or first.month == 1
            if self._span is not _Span.YEAR and begins and middle - self.width(str(first.year), SMALL) / 2 > taken:
                taken = self._below(1, middle, str(first.year)) + _GAP

    def _below(self, line: int, middle: float, label: str) -> float:
        """Write a label on a line below the bars, and return where it ends."""
        half = self.width(label, SMALL) / 2
        centre = min(max(middle, EDGE + half), WIDTH - EDGE - half)
        self.text(centre, self._base + _BELOW + line * _LINE, label, SMALL, FAINT, align="center")
        return centre + half

    def _label(self, first: date) -> str:
        match self._span:
            case _Span.MONTH:
                return self._say.month(first.month)
            case _Span.QUARTER:
                return self._say.quarter((first.month + 2) // 3)
            case _Span.YEAR:
                return str(first.year)

    def _down(self, count: int) -> float:
        return self._base - _HEIGHT * count / max(self._highest, self._levels[-1])


def _levels(highest: int) -> list[int]:
    """Return the counts at which lines are drawn: none, and some round ones up to the highest bar."""
    scale = 1
    while True:
        for step in _STEPS:
            if highest <= step * scale * _MOST_LINES:
                return list(range(0, highest + 1, step * scale))
        scale *= 10


def on_dark(colour: int) -> str:
    """Return a colour as it is, or as much lighter as it must be to be seen on the picture's ground."""
    shade = [colour >> 16, colour >> 8 & 255, colour & 255]
    while contrast(shade, GROUND) < _LEAST_CONTRAST:
        shade = [part + max(1, (255 - part) // 10) for part in shade]
    return "#" + "".join(f"{part:02x}" for part in shade)


def contrast(shade: list[int], ground: str) -> float:
    """Return how well a colour stands out from another, as WCAG 2 reckons it."""
    one, other = (_luminance(each) for each in (shade, [int(ground[at : at + 2], 16) for at in (1, 3, 5)]))
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _luminance(shade: list[int]) -> float:
    parts = [part / 255 for part in shade]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)  # noqa: PLR2004 - WCAG's
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
