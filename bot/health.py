"""Whether the process is well, judged from what it last did. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from watchers.model import Backlog

PATIENCE: Final = timedelta(minutes=5)
"""How long the gateway may be away, a quick tick without a sign of life, and an alert wait before it is remarked."""
_PACES: Final = 10
"""Turns that a slow tick may miss."""
FRESH: Final = timedelta(seconds=60)
"""How old what a health file says may be."""


@dataclass(frozen=True, slots=True)
class Beat:
    """A tick and its last sign of life."""

    every: timedelta
    last: datetime
    """When a turn last went well, something was sent or polled, or, before any of it, when it began."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """What is known of the process at one moment."""

    now: datetime
    database: str | None
    """Why the database does not answer; None: it does."""
    beats: Mapping[str, Beat]
    """By tick; empty until the ticks began."""
    away_since: datetime | None
    """Since when the gateway is not connected; None: it is, or this process has none."""
    backlog: Backlog | None
    """What waits; None: the database does not say."""


@dataclass(frozen=True, slots=True)
class Health:
    """How the process is."""

    at: datetime
    problems: tuple[str, ...]
    """What makes it unwell, in words that name no secret; empty: it is well."""
    remarks: tuple[str, ...]
    """What somebody may want to know although it is well."""
    facts: Mapping[str, float | None]
    """Counts and seconds, by name."""

    @property
    def well(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def as_json(self) -> dict[str, object]:
        """Return it as a JSON object."""
        return {
            "status": "ok" if self.well else "failing",
            "at": self.at.isoformat(timespec="seconds"),
            "problems": list(self.problems),
            "remarks": list(self.remarks),
            **self.facts,
        }


def judge(vitals: Vitals) -> Health:
    """Judge whether a process is well.

    It is not where the database does not answer, a tick gave no sign of life for ten of its paces and five minutes at
    least, or the gateway was away for five minutes: a shorter while is everyday. Alerts that wait are remarked on
    only: starting anew would not send them sooner.
    """
    problems = [] if vitals.database is None else [f"the database does not answer: {vitals.database}"]
    for name, beat in vitals.beats.items():
        silent = vitals.now - beat.last
        if silent > max(PATIENCE, _PACES * beat.every):
            problems.append(f"the {name} tick gave no sign of life for {_said(silent)}")
    if vitals.away_since is not None and vitals.now - vitals.away_since > PATIENCE:
        problems.append(f"Discord's gateway has been away for {_said(vitals.now - vitals.away_since)}")
    remarks = []
    facts: dict[str, float | None] = {
        f"{name}_seconds_ago": _ago(vitals, beat.last) for name, beat in vitals.beats.items()
    }
    if vitals.backlog is not None:
        facts["alerts_waiting"] = vitals.backlog.alerts
        facts["oldest_alert_seconds"] = oldest = _ago(vitals, vitals.backlog.alert_since)
        facts["poll_lag_seconds"] = _ago(vitals, vitals.backlog.feed_since)
        if oldest is not None and oldest > PATIENCE.total_seconds():
            remarks.append(f"an alert has waited for {_said(timedelta(seconds=oldest))}")
    return Health(vitals.now, tuple(problems), tuple(remarks), facts)


def verdict(told: Mapping[str, object], now: datetime) -> tuple[bool, str]:
    """Return whether what `Health.as_json` once told is good news at `now`, and one line that says so.

    Raise `ValueError` where it is no such thing.
    """
    at, problems = told.get("at"), told.get("problems")
    age = now - datetime.fromisoformat(str(at))
    if age > FRESH:
        return False, f"nothing was heard for {_said(age)}: the process has ended, or hangs"
    found = problems if isinstance(problems, list) else ["it does not say how it is"]
    return told.get("status") == "ok", "; ".join(map(str, found)) or "all is well"


def _ago(vitals: Vitals, since: datetime | None) -> float | None:
    """Return the whole seconds since then; 0 where that is yet to come, None where there is nothing."""
    return None if since is None else max(0, round((vitals.now - since).total_seconds()))


def _said(span: timedelta) -> str:
    """Return a span in whole seconds or minutes."""
    seconds = round(span.total_seconds())
    return f"{seconds} s" if seconds < 2 * 60 else f"{seconds // 60} min"
