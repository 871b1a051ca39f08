"""What the operator reads: one line a record, for people or as JSON, without secrets. structlog's one home.

Everybody else logs with the standard library: what happened is the message, in words that stay the same, and its facts
go into `extra`, from where they come into the line (`alert=said:7 channel=3001`) or the JSON object. So the floors
below need no library for it, and what discord.py and aiohttp log comes out the same way.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import EventDict, WrappedLogger

TEXT, JSON = "text", "json"
_FACTS: Final = ExtraAdder()
_ITS_OWN: Final = ("time", "level", "logger", "event")
# A tick that finds its predecessor still running is skipped by design; the library would warn each time.
# At INFO discord.py tells of each gateway session; what matters of it is logged by the client. At DEBUG it writes
# whole payloads and SQLAlchemy whole rows, in which stand tokens that nobody could blot out.
_QUIETER: Final = {"apscheduler": logging.ERROR, "discord": logging.WARNING, "sqlalchemy": logging.WARNING}


def configure_logging(level: str, form: str, blot: Callable[[str], str]) -> None:
    """Send every record of `level` and above to standard error.

    `form` is `text` (one line a record, for people) or `json` (one object a line); `blot` takes the secrets out.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(form, blot))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, least in _QUIETER.items():
        logging.getLogger(name).setLevel(max(least, logging.getLogger().level))


def formatter(form: str, blot: Callable[[str], str]) -> logging.Formatter:
    """Return what makes a line of a record, in a form that `configure_logging` knows."""
    write = _as_json if form == JSON else _as_text

    def written(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
        return blot(write(event))

    return ProcessorFormatter(
        foreign_pre_chain=[_with_facts, structlog.processors.format_exc_info],
        processors=[ProcessorFormatter.remove_processors_meta, written],
    )


def _with_facts(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Put what every record has first, then its facts; one of the same name loses."""
    record: logging.LogRecord = event["_record"]
    own = {
        "time": datetime.fromtimestamp(record.created, UTC),
        "level": record.levelname,
        "logger": record.name,
        "event": event["event"],
    }
    return {**own, **_FACTS(logger, method, event), **own}


def _as_json(event: MutableMapping[str, Any]) -> str:
    """Return one JSON object: time (ISO 8601, UTC, milliseconds), level, logger, event, facts, `exception` as text."""
    return json.dumps(
        {**event, "time": event["time"].isoformat(timespec="milliseconds")}, default=str, ensure_ascii=False
    )


def _as_text(event: MutableMapping[str, Any]) -> str:
    """Return time (ISO 8601 in UTC, to the second), level, place, what happened, facts and stack trace, on one line."""
    time, level, logger, said = (event.pop(name) for name in _ITS_OWN)
    trace = event.pop("exception", "")
    facts = "".join(f" {name}={_shown(value)}" for name, value in event.items())
    whole = f"{time.isoformat(timespec='seconds')} {level} {logger}: {said}{facts}\n{trace}"
    return " ⏎ ".join(part for part in whole.splitlines() if part.strip())


def _shown(value: object) -> str:
    """Return a fact as a word, in quotes where it holds spaces."""
    shown = str(value)
    return json.dumps(shown, ensure_ascii=False) if not shown or any(sign.isspace() for sign in shown) else shown
