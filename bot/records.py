"""`aide-memoire record`: a record as one JSON document, as a picture, and whose ratings it counts.

The document is a stable interface: docs/interfaces.md describes it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.exports import RECORD_COLUMNS, case_record
from bot.terminal import print_record
from bot.words import IN_ENGLISH
from watchers.ports import UnitOfWork
from watchers.rating import Case, Outcome
from watchers.record import Record, RecordWish, Share, Standing, Tally, recorded


class SeveralServersError(Exception):
    """More than one server has rated something, so somebody must say whose ratings count; `str()` lists them."""


class ChartError(Exception):
    """The picture that was asked for cannot be had; `str()` says why on one line."""


@dataclass(frozen=True, slots=True)
class Found:
    """A record with what it was asked for and the list behind it."""

    wanted: RecordWish
    day: date
    """The day on which it was looked."""
    server: int | None
    """Whose ratings it counts; None: nobody's, as no server has rated anything."""
    ratings: int
    """How many follow-ups that server has rated in all."""
    record: Record
    cases: tuple[Case, ...]
    """The latest last day first."""

    @property
    def title(self) -> str:
        """Whose record it is, and what it was narrowed to."""
        wanted, say = self.wanted, IN_ENGLISH
        parts = [
            "" if wanted.speaker or wanted.country else "Everything",
            f"“{wanted.speaker}”" if wanted.speaker else "",
            say.country(wanted.country) if wanted.country else "",
            wanted.topic or "",
            f"since {say.day(wanted.since)}" if wanted.since else "",
            f"until {say.day(wanted.until)}" if wanted.until else "",
        ]
        return " · ".join(part for part in parts if part)

    @property
    def source(self) -> str:
        """Whose ratings it counts, in words."""
        if self.server is None:
            return "no server has rated anything yet, so nothing is settled"
        return f"as server {self.server} rated it (follow-ups it rated in all: {self.ratings})"


def look_up(work: UnitOfWork, wanted: RecordWish, server: int | None, today: date) -> Found:
    """Return a record as a server rated it; None: the only one that has rated anything, if there is one.

    Raise `SeveralServersError` where there are several.
    """
    raters = work.cases.raters()
    if server is None and len(raters) > 1:
        counted = ", ".join(f"{one} ({count} rated)" for one, count in raters.items())
        message = f"several servers have rated follow-ups; say whose ratings count with --server ID: {counted}"
        raise SeveralServersError(message)
    whose = next(iter(raters), None) if server is None else server
    page = work.cases.recorded(wanted, whose)
    record = recorded(page.items, today, left_out=page.total - len(page.items))
    return Found(wanted, today, whose, raters.get(whose or 0, 0), record, page.items)


def tell(
    found: Found, topics: Mapping[str, str], say: Callable[[str], None], *, as_json: bool, chart: str | None
) -> None:
    """Print a record, for a person or as one document, and draw it into the file `chart` if that is named."""
    if as_json:
        say(json.dumps(document_of(found, topics), ensure_ascii=False, indent=1))
    else:
        print_record(f"{found.title}: {found.source}", found.record, found.cases, found.day)
    if chart is None:
        return
    if not found.cases:
        message = f"nothing counts, so there is nothing to draw into {chart}"
        raise ChartError(message)
    try:
        Path(chart).write_bytes(_picture_of(found))
    except OSError as error:
        message = f"{chart} cannot be written ({error.strerror}); check the name and who may write there"
        raise ChartError(message) from error


def _picture_of(found: Found) -> bytes:
    # matplotlib costs half a second and 40 MB, which nobody should pay who draws nothing.
    from bot.pictures.record import Chart, draw  # noqa: PLC0415

    return draw(Chart(found.title, found.record.whole, found.record.months, IN_ENGLISH))


def document_of(found: Found, topics: Mapping[str, str]) -> dict[str, Any]:
    """Return a record in the form of docs/interfaces.md; `topics` are names by id."""
    wanted, record = found.wanted, found.record
    return {
        "day": found.day.isoformat(),
        "speaker": wanted.speaker,
        "country": wanted.country,
        "topic": wanted.topic,
        "since": wanted.since and wanted.since.isoformat(),
        "until": wanted.until and wanted.until.isoformat(),
        "server": found.server and str(found.server),
        "said": record.whole.said,
        "settled": record.whole.settled,
        "counts": _counts(record.whole),
        "kinds": {kind.value: _counts(tally) for kind, tally in record.kinds.items()},
        "months": [{"month": f"{month:%Y-%m}", **_counts(tally)} for month, tally in record.months.items()],
        "kept": _share(record.whole.share_kept),
        "kept_on_time": _share(record.whole.share_on_time),
        "moved_at_all": record.moved_at_all,
        "overdue": record.overdue,
        "delay": {"median_days": record.median_delay, "known": len(record.delays), "of": record.delayed},
        "suggested": _outcomes(record.suggested),
        "settled_by_itself": _outcomes(record.by_ourselves),
        "names": [{"name": name, "said": count} for name, count in record.speakers.items()],
        "left_out": record.left_out,
        "list": [_line(case, found.day, topics) for case in found.cases],
    }


def _counts(tally: Tally) -> dict[str, int]:
    return {standing.value: tally[standing] for standing in Standing}


def _share(share: Share | None) -> dict[str, float] | None:
    if share is None:
        return None
    parts = {"share": share.part, "low": share.low, "high": share.high}
    return {"count": share.count, "of": share.of, **{name: round(part, 4) for name, part in parts.items()}}


def _outcomes(counted: Mapping[Outcome, int]) -> dict[str, int]:
    return {outcome.value: count for outcome, count in counted.items()}


def _line(case: Case, day: date, topics: Mapping[str, str]) -> dict[str, Any]:
    return {**case_record(case, day, topics), **{name: cell(case) for name, cell in RECORD_COLUMNS.items()}}
