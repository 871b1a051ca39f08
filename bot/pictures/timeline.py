"""The coming weeks as a picture: a row for each follow-up, a bar for its days, a mark on its last day.

It is drawn for a phone: 330 units wide, which a screen of 390 pixels shows in some 300 beside the bot's face, four
pixels to a unit, no letter smaller than eleven units. The background is its own, so that it reads the same in Discord's
dark and light themes. Shapes say what colours say.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

from bot.views.look import KIND_NAMES
from bot.words import Words
from watchers.model import Interval, Kind

MOST_ROWS = 14
ALT_TEXT_LIMIT = 1000
"""Characters; Discord takes 1,024."""

_WIDTH = 330.0
_EDGE = 12.0
_TITLE, _SCALE, _ROW, _LEGEND = 50.0, 22.0, 30.0, 20.0
_TRACK = 23.0
"""How far below the top of its row a bar lies."""
_PIXELS_A_UNIT = 4
_POINTS_A_UNIT = 0.72  # a figure of 3.3 inches is 330 units wide
_LARGE, _USUAL, _SMALL = 15.0, 12.5, 11.5
_GAP = 8.0
_SYMBOL = 12.0
_LEGEND_GAP = 9.0
_NAMES_SHARE = 0.55
"""Of a line, where what was said is to stand beside the name."""
_DAYS_WITH_EVERY_MONDAY = 70
_BEFORE_TODAY = timedelta(days=1)

_GROUND, _BAND, _GRID, _INK, _FAINT, _NOW = "#1e1f24", "#26282e", "#3a3d45", "#f4f5f7", "#b6bac4", "#ffffff"
_LOOKS = {
    Kind.DEADLINE: ("#f5a524", "D"),
    Kind.COMMITMENT: ("#6cb2ff", "o"),
    Kind.EVENT: ("#4fd6a3", "s"),
    Kind.EXPECTATION: ("#d29bff", "^"),
}
_FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
# Marks that turn the reading direction: beside a name of the other direction they would move its neighbours.
_TURNING = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# matplotlib keeps fonts and glyphs in caches that two threads must not fill at once.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Row:
    """One follow-up of a timeline."""

    number: int
    kind: Kind
    who: str
    """As it was said; what the fonts lack is left out of the picture."""
    what: str
    due: Interval
    about: bool
    """Whether the last day is only about right."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """What a timeline shows."""

    title: str
    """What it was narrowed to."""
    today: date
    until: date
    """The last day shown, after `today`."""
    rows: tuple[Row, ...]
    """By last day, at least one, all from `today` to `until`; those after the first `MOST_ROWS` are only counted."""
    total: int
    """How many there are, `rows` included."""
    say: Words


def draw(timeline: Timeline) -> bytes:
    """Return the picture as a PNG file. It takes a good part of a second: call it in a thread."""
    with _ONE_AT_A_TIME:
        return _Sheet(timeline).png()


def alt_text(timeline: Timeline) -> str:
    """Return in words what the picture shows, for those who do not see it, in at most `ALT_TEXT_LIMIT` characters."""
    say = timeline.say
    first, last = say.day(timeline.today), say.day(timeline.until)
    shown = timeline.rows[:MOST_ROWS]
    parts = [say("Timeline from {first} to {last}: {title}.", first=first, last=last, title=timeline.title)]
    for at, row in enumerate(shown):
        line = f"{_due_label(row, say)}: {row.who} (#{row.number})."
        left = timeline.total - at
        # Room is kept for the count of what does not fit.
        if len(" ".join([*parts, line])) > ALT_TEXT_LIMIT - len(f" {_more(left, say)}"):
            return " ".join([*parts, _more(left, say)])
        parts.append(line)
    if timeline.total > len(shown):
        parts.append(_more(timeline.total - len(shown), say))
    return " ".join(parts)


def drawable(text: str) -> str:
    """Return `text` on one line without what the fonts cannot draw."""
    known = _glyphs()
    return " ".join("".join(c for c in text.translate(_TURNING) if c.isspace() or ord(c) in known).split())


@cache
def _glyphs() -> frozenset[int]:
    """Return the characters that both weights of the font hold."""
    plain, bold = (FT2Font(_FONTS / name) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"))
    return frozenset(plain.get_charmap()) & frozenset(bold.get_charmap())


def _more(count: int, say: Words) -> str:
    return say.many("and {count} more", "and {count} more", count)


def _due_label(row: Row, say: Words) -> str:
    return f"{'≈ ' if row.about else ''}{say.short_day(row.due.last)}"


class _Sheet:
    """A picture in the making; units run from the upper left corner."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._say = timeline.say
        self._rows = timeline.rows[:MOST_ROWS]
        self._top = _TITLE + _SCALE
        self._bottom = self._top + len(self._rows) * _ROW
        more = _ROW * 0.8 if timeline.total > len(self._rows) else 0.0
        self._legend_top = self._bottom + more + 14
        about = [(None, self._say("≈ about"))] if any(row.about for row in self._rows) else []
        kinds = [kind for kind in Kind if any(row.kind is kind for row in self._rows)]
        self._legend_parts = [*((kind, self._say(KIND_NAMES[kind])) for kind in kinds), *about]
        self._figure = Figure(dpi=100 * _PIXELS_A_UNIT, facecolor=_GROUND)
        self._renderer = FigureCanvasAgg(self._figure).get_renderer()  # type: ignore[no-untyped-call]
        height = self._legend_top + _LEGEND * self._legend_lines() - 2
        self._figure.set_size_inches(_WIDTH / 100, height / 100)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, _WIDTH)
        self._axes.set_ylim(height, 0)
        self._first = timeline.today - _BEFORE_TODAY
        self._days = (timeline.until - self._first).days + 1

    def png(self) -> bytes:
        self._scale()
        for number, row in enumerate(self._rows):
            self._row(row, self._top + number * _ROW)
        if (left := self._timeline.total - len(self._rows)) > 0:
            self._text(_EDGE, self._bottom + _ROW * 0.4, _more(left, self._say), _USUAL, _INK)
        self._title()
        self._legend()
        file = io.BytesIO()
        self._figure.savefig(file, format="png")
        return file.getvalue()

    # --- parts --------------------------------------------------------------------------------------------------

    def _title(self) -> None:
        say, timeline = self._say, self._timeline
        self._fitted(_EDGE, 18, drawable(timeline.title), _LARGE, _INK, room=_WIDTH - 2 * _EDGE, bold=True)
        span = f"{say.day(timeline.today)} – {say.day(timeline.until)}"
        counted = say.many("{count} follow-up", "{count} follow-ups", timeline.total)
        self._fitted(_EDGE, 38, f"{span} · {counted}", _USUAL, _FAINT, room=_WIDTH - 2 * _EDGE)

    def _scale(self) -> None:
        """Say where today and the Mondays lie, as many of them as have room, and mark them in every row's track."""
        today = self._middle(self._timeline.today)
        name = self._say("today")
        half = self._width(name, _SMALL, bold=True) / 2
        self._text(max(today, _EDGE + half), _TITLE + _SCALE / 2, name, _SMALL, _NOW, bold=True, align="center")
        taken = max(today, _EDGE + half) + half
        for number in range(self._days // 7 + 1):
            monday = self._first + timedelta(days=-self._first.weekday() % 7, weeks=number)
            across, label = self._across(monday), self._say.day_and_month(monday)
            half = self._width(label, _SMALL) / 2
            labelled = across - half > taken + _GAP and across + half <= _WIDTH - _EDGE
            if labelled:
                self._text(across, _TITLE + _SCALE / 2, label, _SMALL, _FAINT, align="center")
                taken = across + half
            if _EDGE < across < _WIDTH - _EDGE and (labelled or self._days <= _DAYS_WITH_EVERY_MONDAY):
                self._in_tracks(across, _GRID, 0.8)
        self._in_tracks(today, _NOW, 1.1)

    def _in_tracks(self, across: float, colour: str, linewidth: float) -> None:
        """Draw an upright line through the track of each row, and none through its words."""
        for number in range(len(self._rows)):
            bar = self._top + number * _ROW + _TRACK
            self._axes.plot([across, across], [bar - 4.5, bar + 4.5], color=colour, linewidth=linewidth, zorder=1)

    def _row(self, row: Row, top: float) -> None:
        colour, _ = _LOOKS[row.kind]
        line, bar = top + 10, top + _TRACK
        label = _due_label(row, self._say)
        due = self._text(_WIDTH - _EDGE, line, label, _SMALL, colour, bold=True, align="right")
        room = _WIDTH - 2 * _EDGE - due - 10
        # Drawn apart, so that a name that runs from right to left does not turn the words beside it.
        name, what = drawable(row.who), drawable(row.what)
        alone = not what or self._width(name, _USUAL, bold=True) < room * _NAMES_SHARE
        who = self._fitted(_EDGE, line, name, _USUAL, _INK, room=room if alone else room * _NAMES_SHARE, bold=True)
        if what and room - who > _GAP:
            self._fitted(_EDGE + who + _GAP, line, what, _USUAL, _FAINT, room=room - who - _GAP)
        first = self._across(max(row.due.first, self._first))
        last, end = self._middle(row.due.last), self._across(row.due.last + timedelta(days=1))
        self._axes.plot([_EDGE, _WIDTH - _EDGE], [bar, bar], color=_BAND, linewidth=3.4, zorder=0)
        if row.due.first < row.due.last:
            style = (0, (1.2, 1.2)) if row.about else "solid"
            whole = [first, last if row.about else end]
            self._axes.plot(
                whole, [bar, bar], color=colour, alpha=0.6, linewidth=3.4, linestyle=style, solid_capstyle="butt"
            )
        self._mark(last, bar, row.kind)

    def _legend(self) -> None:
        """Say which shape and colour is which kind, on as many lines as that takes."""
        across, level = _EDGE, self._legend_top
        for kind, name in self._legend_parts:
            if across + self._legend_width(kind, name) > _WIDTH - _EDGE:
                across, level = _EDGE, level + _LEGEND
            if kind is not None:
                self._mark(across + 4, level, kind)
            self._text(across + (_SYMBOL if kind else 0), level, name, _SMALL, _FAINT)
            across += self._legend_width(kind, name) + _LEGEND_GAP

    def _legend_lines(self) -> int:
        lines, across = 1, _EDGE
        for kind, name in self._legend_parts:
            width = self._legend_width(kind, name)
            if across + width > _WIDTH - _EDGE:
                lines, across = lines + 1, _EDGE
            across += width + _LEGEND_GAP
        return lines

    def _legend_width(self, kind: Kind | None, name: str) -> float:
        return (_SYMBOL if kind else 0) + self._width(name, _SMALL)

    # --- strokes ------------------------------------------------------------------------------------------------

    def _mark(self, across: float, level: float, kind: Kind) -> None:
        colour, shape = _LOOKS[kind]
        size = 5.2 if shape == "D" else 6.2
        self._axes.plot(
            [across], [level], marker=shape, markersize=size, color=colour, markeredgecolor=_GROUND, markeredgewidth=0.8
        )

    def _across(self, day: date) -> float:
        """Return where a day begins."""
        return _EDGE + (day - self._first).days * (_WIDTH - 2 * _EDGE) / self._days

    def _middle(self, day: date) -> float:
        return (self._across(day) + self._across(day + timedelta(days=1))) / 2

    def _text(
        self,
        across: float,
        level: float,
        text: str,
        size: float,
        colour: str,
        *,
        bold: bool = False,
        align: str = "left",
    ) -> float:
        """Write one line and return its width."""
        written = self._axes.text(
            across,
            level,
            text,
            color=colour,
            fontproperties=_font(size, bold=bold),
            horizontalalignment=align,
            verticalalignment="center_baseline",
            parse_math=False,
            zorder=5,
        )
        return float(written.get_window_extent(self._renderer).width) / _PIXELS_A_UNIT

    def _fitted(
        self, across: float, level: float, text: str, size: float, colour: str, *, room: float, bold: bool = False
    ) -> float:
        """Write as much of `text` as fits into `room`, and return its width."""
        return self._text(across, level, self._shortened(text, size, room, bold=bold), size, colour, bold=bold)

    def _shortened(self, text: str, size: float, room: float, *, bold: bool) -> str:
        if self._width(text, size, bold=bold) <= room:
            return text
        fits, too_long = 0, len(text)
        while too_long - fits > 1:
            middle = (fits + too_long) // 2
            if self._width(f"{text[:middle].rstrip()}…", size, bold=bold) <= room:
                fits = middle
            else:
                too_long = middle
        return f"{text[:fits].rstrip()}…"

    def _width(self, text: str, size: float, *, bold: bool = False) -> float:
        properties = _font(size, bold=bold)
        width, _, _ = self._renderer.get_text_width_height_descent(text, properties, ismath=False)
        return float(width) / _PIXELS_A_UNIT


@cache
def _font(size: float, *, bold: bool) -> FontProperties:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(fname=_FONTS / name, size=size * _POINTS_A_UNIT)
