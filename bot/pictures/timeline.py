"""The coming weeks as a picture: a row for each follow-up, a bar for its days, a mark on its last day.

Shapes say what colours say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.pictures.sheet import (
    ALT_TEXT_LIMIT,
    BAND,
    EDGE,
    FAINT,
    GRID,
    GROUND,
    INK,
    LARGE,
    LEGEND,
    LEGEND_GAP,
    NOW,
    ONE_AT_A_TIME,
    SMALL,
    SYMBOL,
    USUAL,
    WIDTH,
    Sheet,
    drawable,
)
from bot.views.look import KIND_NAMES
from bot.words import Words
from watchers.model import Interval, Kind

MOST_ROWS = 14

_TITLE, _SCALE, _ROW = 50.0, 22.0, 30.0
_TRACK = 23.0
"""How far below the top of its row a bar lies."""
_GAP = 8.0
_NAMES_SHARE = 0.55
"""Of a line, where what was said is to stand beside the name."""
_DAYS_WITH_EVERY_MONDAY = 70
_BEFORE_TODAY = timedelta(days=1)

_LOOKS = {
    Kind.DEADLINE: ("#f5a524", "D"),
    Kind.COMMITMENT: ("#6cb2ff", "o"),
    Kind.EVENT: ("#4fd6a3", "s"),
    Kind.EXPECTATION: ("#d29bff", "^"),
}


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
    with ONE_AT_A_TIME:
        return _Picture(timeline).drawn()


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


def _more(count: int, say: Words) -> str:
    return say.many("and {count} more", "and {count} more", count)


def _due_label(row: Row, say: Words) -> str:
    return f"{'≈ ' if row.about else ''}{say.short_day(row.due.last)}"


class _Picture(Sheet):
    """A timeline in the making."""

    def __init__(self, timeline: Timeline) -> None:
        super().__init__()
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
        self.lay_out(self._legend_top + LEGEND * (self._legend_places()[-1][1] + 1) - 2)
        self._first = timeline.today - _BEFORE_TODAY
        self._days = (timeline.until - self._first).days + 1

    def drawn(self) -> bytes:
        self._scale()
        for number, row in enumerate(self._rows):
            self._row(row, self._top + number * _ROW)
        if (left := self._timeline.total - len(self._rows)) > 0:
            self.text(EDGE, self._bottom + _ROW * 0.4, _more(left, self._say), USUAL, INK)
        self._title()
        self._legend()
        return self.png()

    # --- parts --------------------------------------------------------------------------------------------------

    def _title(self) -> None:
        say, timeline = self._say, self._timeline
        self.fitted(EDGE, 18, drawable(timeline.title), LARGE, INK, room=WIDTH - 2 * EDGE, bold=True)
        span = f"{say.day(timeline.today)} – {say.day(timeline.until)}"
        counted = say.many("{count} follow-up", "{count} follow-ups", timeline.total)
        self.fitted(EDGE, 38, f"{span} · {counted}", USUAL, FAINT, room=WIDTH - 2 * EDGE)

    def _scale(self) -> None:
        """Say where today and the Mondays lie, as many of them as have room, and mark them in every row's track."""
        today = self._middle(self._timeline.today)
        name = self._say("today")
        half = self.width(name, SMALL, bold=True) / 2
        self.text(max(today, EDGE + half), _TITLE + _SCALE / 2, name, SMALL, NOW, bold=True, align="center")
        taken = max(today, EDGE + half) + half
        for number in range(self._days // 7 + 1):
            monday = self._first + timedelta(days=-self._first.weekday() % 7, weeks=number)
            across, label = self._across(monday), self._say.day_and_month(monday)
            half = self.width(label, SMALL) / 2
            labelled = across - half > taken + _GAP and across + half <= WIDTH - EDGE
            if labelled:
                self.text(across, _TITLE + _SCALE / 2, label, SMALL, FAINT, align="center")
                taken = across + half
            if EDGE < across < WIDTH - EDGE and (labelled or self._days <= _DAYS_WITH_EVERY_MONDAY):
                self._in_tracks(across, GRID, 0.8)
        self._in_tracks(today, NOW, 1.1)

    def _in_tracks(self, across: float, colour: str, linewidth: float) -> None:
        """Draw an upright line through the track of each row, and none through its words."""
        for number in range(len(self._rows)):
            bar = self._top + number * _ROW + _TRACK
            self.axes.plot([across, across], [bar - 4.5, bar + 4.5], color=colour, linewidth=linewidth, zorder=1)

    def _row(self, row: Row, top: float) -> None:
        colour, _ = _LOOKS[row.kind]
        line, bar = top + 10, top + _TRACK
        label = _due_label(row, self._say)
        due = self.text(WIDTH - EDGE, line, label, SMALL, colour, bold=True, align="right")
        room = WIDTH - 2 * EDGE - due - 10
        # Drawn apart, so that a name that runs from right to left does not turn the words beside it.
        name, what = drawable(row.who), drawable(row.what)
        alone = not what or self.width(name, USUAL, bold=True) < room * _NAMES_SHARE
        who = self.fitted(EDGE, line, name, USUAL, INK, room=room if alone else room * _NAMES_SHARE, bold=True)
        if what and room - who > _GAP:
            self.fitted(EDGE + who + _GAP, line, what, USUAL, FAINT, room=room - who - _GAP)
        first = self._across(max(row.due.first, self._first))
        last, end = self._middle(row.due.last), self._across(row.due.last + timedelta(days=1))
        self.axes.plot([EDGE, WIDTH - EDGE], [bar, bar], color=BAND, linewidth=3.4, zorder=0)
        if row.due.first < row.due.last:
            style = (0, (1.2, 1.2)) if row.about else "solid"
            whole = [first, last if row.about else end]
            self.axes.plot(
                whole, [bar, bar], color=colour, alpha=0.6, linewidth=3.4, linestyle=style, solid_capstyle="butt"
            )
        self._mark(last, bar, row.kind)

    def _legend(self) -> None:
        """Say which shape and colour is which kind, on as many lines as that takes."""
        for (kind, name), (across, line) in zip(self._legend_parts, self._legend_places(), strict=True):
            level = self._legend_top + line * LEGEND
            if kind is not None:
                self._mark(across + 4, level, kind)
            self.text(across + (SYMBOL if kind else 0), level, name, SMALL, FAINT)

    def _legend_places(self) -> list[tuple[float, int]]:
        widths = [(SYMBOL if kind else 0) + self.width(name, SMALL) for kind, name in self._legend_parts]
        return self.in_lines(widths, LEGEND_GAP)

    # --- strokes ------------------------------------------------------------------------------------------------

    def _mark(self, across: float, level: float, kind: Kind) -> None:
        colour, shape = _LOOKS[kind]
        size = 5.2 if shape == "D" else 6.2
        self.axes.plot(
            [across], [level], marker=shape, markersize=size, color=colour, markeredgecolor=GROUND, markeredgewidth=0.8
        )

    def _across(self, day: date) -> float:
        """Return where a day begins."""
        return EDGE + (day - self._first).days * (WIDTH - 2 * EDGE) / self._days

    def _middle(self, day: date) -> float:
        return (self._across(day) + self._across(day + timedelta(days=1))) / 2
