"""What every picture has: its ground, its fonts, its measure, and lines of text that fit their room.

A picture is drawn for a phone: 330 units wide, which a screen of 390 pixels shows in some 300 beside the bot's face,
four pixels to a unit, no letter smaller than eleven units. The ground is its own, so that it reads the same in
Discord's dark and light themes.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

ALT_TEXT_LIMIT = 1000
"""Characters; Discord takes 1,024."""
WIDTH = 330.0
EDGE = 12.0
LARGE, USUAL, SMALL = 15.0, 12.5, 11.5
LEGEND, LEGEND_GAP, SYMBOL = 20.0, 9.0, 12.0
GROUND, BAND, GRID, INK, FAINT, NOW = "#1e1f24", "#26282e", "#3a3d45", "#f4f5f7", "#b6bac4", "#ffffff"
# matplotlib keeps fonts and glyphs in caches that two threads must not fill at once.
ONE_AT_A_TIME = threading.Lock()

_PIXELS_A_UNIT = 4
_POINTS_A_UNIT = 0.72  # a figure of 3.3 inches is 330 units wide
_FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
# Marks that turn the reading direction: beside a name of the other direction they would move its neighbours.
_TURNING = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def drawable(text: str) -> str:
    """Return `text` on one line without what the fonts cannot draw."""
    known = _glyphs()
    return " ".join("".join(c for c in text.translate(_TURNING) if c.isspace() or ord(c) in known).split())


@cache
def _glyphs() -> frozenset[int]:
    """Return the characters that both weights of the font hold."""
    plain, bold = (FT2Font(_FONTS / name) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"))
    return frozenset(plain.get_charmap()) & frozenset(bold.get_charmap())


class Sheet:
    """A picture in the making; units run from the upper left corner."""

    def __init__(self) -> None:
        """Take an empty sheet; `lay_out` says how high it is."""
        self._figure = Figure(dpi=100 * _PIXELS_A_UNIT, facecolor=GROUND)
        self._renderer = FigureCanvasAgg(self._figure).get_renderer()  # type: ignore[no-untyped-call]
        self.axes = self._figure.add_axes((0, 0, 1, 1))

    def lay_out(self, height: float) -> None:
        """Let the sheet be so many units high."""
        self._figure.set_size_inches(WIDTH / 100, height / 100)
        self.axes.set_axis_off()
        self.axes.set_xlim(0, WIDTH)
        self.axes.set_ylim(height, 0)

    def png(self) -> bytes:
        """Return what is drawn as a PNG file."""
        file = io.BytesIO()
        self._figure.savefig(file, format="png")
        return file.getvalue()

    def text(
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
        written = self.axes.text(
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

    def fitted(
        self, across: float, level: float, text: str, size: float, colour: str, *, room: float, bold: bool = False
    ) -> float:
        """Write as much of `text` as fits into `room`, and return its width."""
        return self.text(across, level, self._shortened(text, size, room, bold=bold), size, colour, bold=bold)

    def in_lines(self, widths: Sequence[float], gap: float) -> list[tuple[float, int]]:
        """Return where parts of these widths stand, side by side on as many lines as they take: from where, which."""
        places, across, line = list[tuple[float, int]](), EDGE, 0
        for width in widths:
            if across > EDGE and across + width > WIDTH - EDGE:
                across, line = EDGE, line + 1
            places.append((across, line))
            across += width + gap
        return places

    def _shortened(self, text: str, size: float, room: float, *, bold: bool) -> str:
        if self.width(text, size, bold=bold) <= room:
            return text
        fits, too_long = 0, len(text)
        while too_long - fits > 1:
            middle = (fits + too_long) // 2
            if self.width(f"{text[:middle].rstrip()}…", size, bold=bold) <= room:
                fits = middle
            else:
                too_long = middle
        return f"{text[:fits].rstrip()}…"

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return how wide a line would be."""
        properties = _font(size, bold=bold)
        width, _, _ = self._renderer.get_text_width_height_descent(text, properties, ismath=False)
        return float(width) / _PIXELS_A_UNIT


@cache
def _font(size: float, *, bold: bool) -> FontProperties:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(fname=_FONTS / name, size=size * _POINTS_A_UNIT)
