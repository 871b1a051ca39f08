"""Events with a day of their own, as the operator lists them: a TOML file of `[[event]]` tables.

The keys of a table are the fields of `Event`. Every mistake is named with file, line and cure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from config.entries import Entry
from config.toml_tables import read_tables


@dataclass(frozen=True, slots=True)
class Event:
    """A summit, an election, an expiry: something whose name stands for its days.

    `names` are compared without regard to case, as whole words. The events of other years have tables of their own
    and may share the name: which is meant is told by the year beside the name, or by the day of the text.
    """

    names: tuple[str, ...]
    first_day: date
    last_day: date
    """The first day again where it lasts one day."""


def read_events(path: Path, problems: list[str]) -> tuple[Event, ...]:
    """Return the events of a file, adding a line to `problems` for every mistake in one.

    Raise `FileError` where the file is no list of events at all.
    """
    events: list[Event] = []
    lines: dict[tuple[str, date], int] = {}
    for table in read_tables(path, "event"):
        entry = Entry(path, table, problems)
        names = entry.phrases("names")
        first_day = entry.day("first_day", "the day it begins, such as first_day = 2026-07-07")
        last_day = entry.day("last_day", "") or first_day
        entry.refuse_others(Event.__dataclass_fields__)
        if not names and not entry.has("names"):
            entry.complain("names", 'names must hold at least one entry, such as names = ["NATO summit"]')
        for name in names:
            if name.endswith("*"):
                entry.complain("names", f"names holds an entry that ends in *; write every form out: {name}")
        if first_day is None or last_day is None:
            continue
        if last_day < first_day:
            entry.complain("last_day", f"last_day {last_day} lies before first_day {first_day}; exchange or mend them")
        for name in names:
            key = (name.casefold(), first_day)
            if key in lines:
                entry.complain("names", f'names "{name}" on {first_day} stands on line {lines[key]} already')
            lines.setdefault(key, entry.line_of("names"))
        events.append(Event(names, first_day, max(first_day, last_day)))
    return tuple(events)
