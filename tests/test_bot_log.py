"""The log: one line a record, and no secret in any."""

from __future__ import annotations

import logging
import sys
from datetime import date

from bot.log import OneLine


def formatted(record: logging.LogRecord) -> str:
    return OneLine(("bG9v.token", "")).format(record)


def a_record(message: str, *, with_trace: bool = False) -> logging.LogRecord:
    trace = sys.exc_info() if with_trace else None
    return logging.LogRecord("bot", logging.WARNING, __file__, 1, message, None, trace)


def test_a_record_is_time_level_place_and_message() -> None:
    record = a_record("all is well")
    record.created = 1772452800.5
    assert formatted(record) == "2026-03-02T12:00:00+00:00 WARNING bot: all is well"


def test_line_breaks_and_stack_traces_stay_on_the_line() -> None:
    try:
        date.fromisoformat("first\nsecond")
    except ValueError:
        line = formatted(a_record("a\nb", with_trace=True))
    assert "\n" not in line
    assert "a ⏎ b ⏎ Traceback" in line
    assert "⏎ ValueError: " in line


def test_the_token_is_blotted_out() -> None:
    line = formatted(a_record("Authorization: Bot bG9v.token!"))
    assert "bG9v" not in line
    assert "Bot [secret]!" in line
