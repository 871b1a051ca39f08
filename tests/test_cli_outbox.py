"""`aide-memoire outbox`: what waits and what was given up, shown, tried again and dropped."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

import pytest

from bot.cli import main
from storage.engine import open_database
from storage.migrate import upgrade
from tests.command_line import house, one_line
from tests.factories import MONDAY_NOON
from tests.fakes import FakeClock
from tests.storing import an_alert, minutes
from watchers.audience import Alert, AlertForm, Delivery, Posted
from watchers.ports import UnitOfWork

__all__ = ["house"]
T = TypeVar("T")
URL = "sqlite:///aide-memoire.db"
LINE = "Discord said \x1b[31mno"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.outbox_cli.SystemClock", partial(FakeClock, minutes(2)))


def stored(work: Callable[[UnitOfWork], T]) -> T:
    upgrade(URL)
    database = open_database(URL)
    try:
        return asyncio.run(database.transact(work))
    finally:
        database.close()


def an_outbox() -> None:
    """1 was given up, 2 is tried again, 3 was sent, 4 is a person's, 5 is on its way."""

    def work(unit: UnitOfWork) -> None:
        for number in (1, 2, 3, 5):
            unit.outbox.put(replace(an_alert(f"a{number}", channel_id=20 + number), guild_id=9 + number), MONDAY_NOON)
            if number == 3:
                unit.outbox.put(Alert("a4", AlertForm.PERSONAL, user_id=7, not_before=minutes(60)), MONDAY_NOON)
        of = {one.alert.key: one for one in unit.outbox.lease(MONDAY_NOON, worker="w", until=minutes(3), limit=9)}
        unit.outbox.give_up(of["a1"], LINE)
        unit.outbox.retry(of["a2"], minutes(30), "503", unsure=True)
        unit.outbox.sent(of["a3"], Posted(23, 2**62), MONDAY_NOON)

    stored(work)


def leased() -> list[Delivery]:
    return stored(lambda work: list(work.outbox.lease(minutes(2), worker="v", until=minutes(3), limit=9)))


def rows(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    return [line.split() for line in capsys.readouterr().out.splitlines()]


def test_what_has_not_arrived_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    an_outbox()
    assert main(["outbox", "list"]) == 0
    head, *listed = rows(capsys)
    assert head == ["id", "what", "where", "state", "tries", "since", "next", "try", "last", "error"]
    since = ["2026-03-02", "12:00", "UTC"]
    assert listed == [
        [
            *["1", "said", "channel", "21", "given", "up", "1"],
            *since,
            *["Discord", "said", "[31mno"],
        ],
        [*["2", "said", "channel", "22", "waiting", "1"], *since, *["2026-03-02", "12:30", "UTC", "503"]],
        [*["4", "personal", "person", "7", "waiting", "0"], *since, *["2026-03-02", "13:00", "UTC"]],
        [*["5", "said", "channel", "25", "waiting", "0"], *since, *["on", "its", "way"]],
    ]


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--state", "given-up"], [1]),
        (["--state", "sent"], [3]),
        (["--state", "waiting", "--channel", "22"], [2]),
        (["--server", "10"], [1]),
        (["--server", "99"], []),
    ],
)
def test_a_list_is_narrowed_and_printed_as_json(
    capsys: pytest.CaptureFixture[str], options: list[str], ids: list[int]
) -> None:
    an_outbox()
    assert main(["outbox", "list", "--json", *options]) == 0
    assert [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()] == ids


def test_json_holds_all_that_is_known_and_no_id_that_would_be_rounded(capsys: pytest.CaptureFixture[str]) -> None:
    an_outbox()
    assert main(["outbox", "list", "--json", "--state", "sent"]) == 0
    sent = json.loads(capsys.readouterr().out)
    assert (sent["message_id"], sent["channel_id"], sent["form"]) == (str(2**62), "23", "said")
    assert sent["sent_at"] == "2026-03-02T12:00:00+00:00"
    assert main(["outbox", "list", "--json", "--channel", "22"]) == 0
    assert json.loads(capsys.readouterr().out)["unsure_since"] == "2026-03-02T12:00:00+00:00"


def test_what_is_left_out_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    an_outbox()
    assert main(["outbox", "list", "--json", "--limit", "3"]) == 0
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 3
    assert "1 more are left out; --limit 4 brings them all" in captured.err


def test_an_empty_outbox_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    upgrade(URL)
    assert main(["outbox", "list"]) == 0
    assert capsys.readouterr().out == "Nothing is there.\n"


def test_what_is_put_back_is_sent_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    an_outbox()
    assert leased() == []
    assert main(["outbox", "retry", "1", "2", "4"]) == 0
    assert capsys.readouterr().out == "3 alerts put back to wait.\n"
    again = {one.alert.key: one for one in leased()}
    assert set(again) == {"a1", "a2", "a4"}
    assert again["a2"].attempts == 0
    assert again["a2"].unsure_since == MONDAY_NOON


def test_what_was_given_up_is_put_back_of_one_server_or_of_all(capsys: pytest.CaptureFixture[str]) -> None:
    an_outbox()
    assert main(["outbox", "retry", "--given-up", "--server", "11"]) == 0
    assert capsys.readouterr().out == "0 alerts put back to wait.\n"
    assert main(["outbox", "retry", "--given-up"]) == 0
    assert capsys.readouterr().out == "1 alert put back to wait.\n"
    assert [one.alert.key for one in leased()] == ["a1"]


def test_what_cannot_be_put_back_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    an_outbox()
    assert main(["outbox", "retry", "1", "3", "5", "99"]) == 1
    captured = capsys.readouterr()
    assert captured.out == "1 alert put back to wait.\n"
    assert [line.split(": ", 1)[-1] for line in captured.err.splitlines()] == [
        "alert 3 is sent already",
        "alert 5 is on its way just now; look again in a minute",
        "there is no alert 99",
    ]


def test_what_is_dropped_is_never_sent_and_says_who_dropped_it(capsys: pytest.CaptureFixture[str]) -> None:
    an_outbox()
    assert main(["outbox", "drop", "2", "1"]) == 1
    captured = capsys.readouterr()
    assert captured.out == "1 alert dropped.\n"
    assert "alert 1 is given up already" in captured.err
    assert main(["outbox", "list", "--json", "--channel", "22"]) == 0
    assert json.loads(capsys.readouterr().out)["last_error"] == "dropped by the operator"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["retry"], "name the alerts by their ids"),
        (["retry", "1", "--given-up"], "and not both"),
        (["retry", "1", "--server", "10"], "--server goes with --given-up"),
        (["retry", "one"], '"one" is not a whole number from 1'),
        (["drop"], "the following arguments are required: ID"),
        (["list", "--state", "lost"], "invalid choice: 'lost'"),
        (["list", "--channel", "general"], '"general" is not an id'),
    ],
)
def test_wrong_usage_is_said_on_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    upgrade(URL)
    assert main(["outbox", *arguments]) == 2
    assert complaint in one_line(capsys)
