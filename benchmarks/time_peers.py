"""The answers of other time taggers as TIMEX3 values.

As is the custom where taggers of another kind are scored on TimeML (SUTime's entry to TempEval-3 ran in a mode that
gives only what TIMEX3 can say), a peer's own answer is written in TIMEX3's letters: what it finds is kept, its
granularity is the one it names itself, and white space around a span is left off. In doubt it gets the better of it.

- dateparser gives an instant; its parser names the unit it was read from (`period`), to which the instant is cut.
- Recognizers-Text gives a value of nearly TIMEX3's form, and two candidates, one past and one to come, where the text
  leaves the year or week open. A program must choose: we score it with the candidate nearest to the day of writing,
  which suits it best of all, and with the past one. Ranges become the quarter or decade they are, else their length; a
  clock time without a day is put on the day of writing, a season without a year in that year.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, TypeAlias

from dateparser.date import DateDataParser
from dateparser.search import search_dates

Timex: TypeAlias = dict[str, object]
Candidate: TypeAlias = Mapping[str, str]
Choice: TypeAlias = Callable[[Sequence[Candidate], date], Candidate]

_CUT = {"year": "%Y", "month": "%Y-%m", "week": "%G-W%V", "day": "%Y-%m-%d", "time": "%Y-%m-%dT%H:%M"}
_PARTS = {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI"}
_RANGE = re.compile(r"\(.+,.+,(P.+)\)")
_QUARTER = re.compile(r"(\d{4})-(0[147]|10)-01")
_DECADE = re.compile(r"(\d{3})0-01-01")
_WITHOUT_DAY = re.compile(r"XXXX-(?:\d\d-)?WXX|XXXX-XX-")
_REFERENCES = ("PAST_REF", "PRESENT_REF", "FUTURE_REF")


def from_dateparser(text: str, day: date, prefer: str) -> Iterator[Timex]:
    """Yield what `dateparser.search` finds; `prefer` is its setting PREFER_DATES_FROM."""
    base = datetime.combine(day, time())
    settings: dict[str, object] = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": prefer, "RETURN_TIME_AS_PERIOD": True}
    parser = DateDataParser(languages=["en"], settings=settings)
    end = 0
    for words, when in search_dates(text, languages=["en"], settings=settings) or ():
        start = text.find(words, end)
        if start < 0:
            continue
        end = start + len(words)
        read = parser.get_date_data(words)
        kind = "TIME" if read.period in ("time", "part_of_day") else "DATE"
        yield {"start": start, "end": end, "type": kind, "value": _cut(when, read.period, read.part_of_day)}


def _cut(when: datetime, period: str, part_of_day: str | None) -> str:
    if period == "part_of_day" and part_of_day:
        return f"{when:%Y-%m-%d}T{_PARTS[part_of_day]}"
    if period == "quarter":
        return f"{when.year}-Q{(when.month + 2) // 3}"
    return when.strftime(_CUT[period])


def from_recognizers(text: str, found: Mapping[str, Any], choose: Choice) -> Timex | None:
    """Return an expression that Recognizers-Text found; None where it gave it no value."""
    day = date.fromisoformat(found["dct"][:10])
    candidates = [candidate for candidate in found["candidates"] if candidate and candidate["timex"]]
    if not candidates:
        return None
    words = text[found["start"] : found["end"]]
    kind, value = _placed(choose(candidates, day), day)
    return {
        "start": found["end"] - len(words.lstrip()),
        "end": found["start"] + len(words.rstrip()),
        "type": kind,
        "value": value,
    }


def past(candidates: Sequence[Candidate], _day: date) -> Candidate:
    """Choose the earliest candidate, which Recognizers-Text gives first."""
    return candidates[0]


def nearest(candidates: Sequence[Candidate], day: date) -> Candidate:
    """Choose the candidate nearest to the day of writing, the earlier where two are as near."""
    return min(candidates, key=lambda candidate: _distance(candidate, day))


def _distance(candidate: Candidate, day: date) -> int:
    try:
        return abs((date.fromisoformat(_first(candidate)) - day).days)
    except ValueError:
        return 0


def _first(candidate: Candidate) -> str:
    """Return the first day a candidate names, or nothing such as `not resolved`."""
    return (candidate.get("start") or candidate.get("value") or candidate.get("end") or "")[:10]


def _placed(candidate: Candidate, day: date) -> tuple[str, str]:
    value, kind, first = candidate["timex"], candidate["type"], _first(candidate)
    if between := _RANGE.fullmatch(value):
        return _range(between[1], first)
    if kind in ("set", "duration"):
        return kind.upper(), value
    if value in _REFERENCES:
        return "DATE", value
    on, _, at = value.partition("T")
    if _WITHOUT_DAY.match(on):
        on = first
    elif on.startswith("XXXX") and first[:4].isdigit():
        on = first[:4] + on[4:]
    elif on.isalpha():
        on = f"{day.year}-{on}"
    if not at:
        return "DATE", on
    return "TIME", f"{on or day.isoformat()}T{at}:00" if at.isdigit() else f"{on or day.isoformat()}T{at}"


def _range(length: str, first: str) -> tuple[str, str]:
    if length == "P3M" and (quarter := _QUARTER.fullmatch(first)):
        return "DATE", f"{quarter[1]}-Q{int(quarter[2]) // 3 + 1}"
    if length == "P10Y" and (decade := _DECADE.fullmatch(first)):
        return "DATE", decade[1]
    return "DURATION", length
