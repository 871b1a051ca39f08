"""The log: one line a record, for people or machines, and no secret in any."""

from __future__ import annotations

import html
import json
import logging
import sys
from datetime import date
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blotting import BLOT, Blotter, secrets_of
from bot.log import JSON, TEXT, formatter
from config.settings import load_settings

SECRET = "bG9v/tok&en \"of' ours+ü"
SHARE = "a-secret-that-nobody-can-guess-43-characters"


def formatted(record: logging.LogRecord, form: str = TEXT) -> str:
    return formatter(form, Blotter(("bG9v.token", ""))).format(record)


def a_record(message: str, *args: object, with_trace: bool = False, **facts: object) -> logging.LogRecord:
    trace = sys.exc_info() if with_trace else None
    record = logging.LogRecord("bot", logging.WARNING, __file__, 1, message, args, trace)
    record.created = 1772452800.5
    record.__dict__.update(facts)
    return record


def test_a_record_is_time_level_place_and_message() -> None:
    assert formatted(a_record("all is %s", "well")) == "2026-03-02T12:00:00+00:00 WARNING bot: all is well"


def test_facts_follow_what_happened() -> None:
    line = formatted(a_record("an alert waits", alert="said:7", channel=3001, reason="500 0: no\nidea"))
    assert line.endswith('bot: an alert waits alert=said:7 channel=3001 reason="500 0: no\\nidea"')


def test_line_breaks_and_stack_traces_stay_on_the_line() -> None:
    try:
        date.fromisoformat("first\nsecond")
    except ValueError:
        line = formatted(a_record("a\nb", with_trace=True))
    assert "\n" not in line
    assert "a ⏎ b ⏎ Traceback" in line
    assert "⏎ ValueError: " in line


def test_as_json_a_record_is_one_object() -> None:
    try:
        date.fromisoformat("first\nsecond")
    except ValueError:
        line = formatted(a_record("an alert waits", with_trace=True, alert="said:7", channel=3001, date=date.min), JSON)
    assert "\n" not in line
    told: dict[str, Any] = json.loads(line)
    trace = told.pop("exception")
    assert "Traceback" in trace
    assert trace.splitlines()[-1].startswith("ValueError: ")
    assert told == {
        "time": "2026-03-02T12:00:00.500+00:00",
        "level": "WARNING",
        "logger": "bot",
        "event": "an alert waits",
        "alert": "said:7",
        "channel": 3001,
        "date": "0001-01-01",
    }


def test_a_fact_cannot_pass_for_what_a_record_is() -> None:
    told = json.loads(formatted(a_record("an alert waits", event="all is well", level="INFO", time="never"), JSON))
    assert (told["event"], told["level"], told["time"][:4]) == ("an alert waits", "WARNING", "2026")


def test_a_record_stays_as_it_was_for_other_handlers() -> None:
    record = a_record("all is %s", "well")
    assert formatted(record) == formatted(record)


def test_the_token_is_blotted_out() -> None:
    line = formatted(a_record("Authorization: Bot bG9v.token!"))
    assert "bG9v" not in line
    assert "Bot [secret]!" in line


@pytest.mark.parametrize("form", [TEXT, JSON])
def test_a_secret_goes_in_every_form_it_may_be_written_in(form: str) -> None:
    body = json.dumps({"body": json.dumps({"token": SECRET})})
    try:
        raise ValueError(SECRET)  # noqa: TRY301 - for its traceback
    except ValueError:
        record = a_record(
            "%s %s",
            [SECRET, quote(SECRET, safe=""), quote(SECRET).lower(), quote_plus(SECRET), html.escape(SECRET)],
            body,
            with_trace=True,
            fact=SECRET,
            facts={"nested": SECRET},
        )
    line = formatter(form, Blotter((SECRET,))).format(record)
    assert line.count(BLOT) >= 9
    assert "bg9v" not in line.lower()
    assert "ours" not in line


@pytest.mark.parametrize(
    "text",
    [
        f"GET /s/{SHARE}/calendar.ics",
        f"redirect=%2Fs%2F{SHARE}%2Ffeed.atom",
        f'{{"hub.callback": "https:\\/\\/news.example\\/hub\\/{SHARE}"}}',
        f"hub.mode=subscribe&hub.secret={SHARE}&hub.topic=x",
        f"{{'hub.secret': '{SHARE}'}}",
        f"POST /webhooks/1001/{SHARE}: 404",
        f"https://discord.com/api/v10/interactions/77/{SHARE}/callback",
        f"headers: Authorization: Bearer {SHARE}",
        f"DETAIL: Key (token)=({SHARE}) already exists.",
        f"postgresql+psycopg://bot:{SHARE}@db.example/news",
    ],
)
def test_what_is_a_secret_by_its_place_goes_too(text: str) -> None:
    blotted = Blotter()(text)
    assert SHARE not in blotted
    assert BLOT in blotted


def test_what_is_none_stays() -> None:
    text = "https://news.example/s/world/talks-in-norland: Bot 7 answers; ratio 3:4@home, key=word"
    assert Blotter(("", "abc"))(text) == text


def test_what_the_operator_set_is_known_by_its_settings() -> None:
    environ = {
        "DISCORD_TOKEN": "bG9v.invented.a-key-of-27-characters-abc",
        "DATABASE_URL": "postgresql://bot:p%40ss%2Fword@db.example/news",
    }
    blot = Blotter(secrets_of(load_settings(environ, None)))
    assert blot("password p@ss/word or p%40ss%2fword, token a-key-of-27-characters-abc") == (
        f"password {BLOT} or {BLOT}, token {BLOT}"
    )


@given(secret=st.text(min_size=6, max_size=60), around=st.text(max_size=20))
def test_no_secret_is_ever_left(secret: str, around: str) -> None:
    told = f"{around}{secret}{around}"
    for form in (told, quote(told, safe=""), json.dumps(told)):
        left = Blotter((secret,))(form)
        assert secret not in left.replace(BLOT, "")
