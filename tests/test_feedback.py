"""`aide-memoire feedback export`: what people found wrong, as labelled articles."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import main
from bot.feedback import feedback_lines
from storage.engine import Database, open_database
from storage.migrate import upgrade
from tests.factories import MONDAY_NOON, a_statement, a_telling, an_article, an_outlet
from tests.storing import days, stored
from watchers.model import Statement
from watchers.ports import UnitOfWork
from watchers.rating import Fault, Flaw, Outcome, RatingWish
from watchers.reading import reading_text
from watchers.settling import settle

ARTICLE = an_article("Envoys met. Norland will leave by Friday. Sudria ‘will wait’.", title="Norland to leave")


def read(quote: str) -> Statement:
    """A statement as the matcher reads it in the article."""
    text, statement = reading_text(ARTICLE), a_statement(quote)
    start = text.index(quote)
    timex = statement.timex and replace(
        statement.timex, start=start + statement.timex.start, end=start + statement.timex.end
    )
    return replace(statement, start=start, end=start + len(quote), timex=timex)


async def complained(store: Database) -> None:
    """Two statements of one article, the first wrongly dated, the second no commitment; and one nobody minds."""

    def work(unit: UnitOfWork) -> None:
        unit.feeds.follow([an_outlet()], MONDAY_NOON)
        article = stored(unit, ARTICLE)
        quotes = ("Sudria ‘will wait’.", "Norland will leave by Friday.", "Envoys met.")
        second, first, _ = (unit.followups.open(article, a_telling(read(one)), ["norland"]).id for one in quotes)
        for user, due in ((1, days(4, 4)), (2, days(5, 5)), (3, days(5, 5)), (4, None)):
            unit.cases.find_fault(Fault(first, None, user, Flaw.WRONG_DATE, due), MONDAY_NOON)
        settle(unit, RatingWish(second, 10, 7, Outcome.DISMISSED), MONDAY_NOON)

    await store.transact(work)


async def test_articles_come_whole_with_places_and_what_was_said(store: Database) -> None:
    await complained(store)
    lines = list(feedback_lines(await store.look(lambda work: work.cases.complaints())))
    (found,) = [json.loads(line) for line in lines]
    assert {key: found[key] for key in ("date", "title", "outlet")} == {
        "date": "2026-03-02",
        "title": "Norland to leave",
        "outlet": "The Meridian",
    }
    assert [found["text"][one["start"] : one["end"]] for one in found["items"]] == [
        "Norland will leave by Friday.",
        "Sudria ‘will wait’.",
    ]
    dated, dismissed = found["items"]
    assert dated["feedback"] == [
        {"fault": "wrong date", "people": 2, "due_start": "2026-03-05", "due_end": "2026-03-05"},
        {"fault": "wrong date", "people": 1, "due_start": "2026-03-04", "due_end": "2026-03-04"},
        {"fault": "wrong date", "people": 1, "due_start": None, "due_end": None},
    ]
    assert (dated["due_start"], dated["due_end"]) == ("2026-03-02", "2026-03-06")
    assert dismissed["feedback"] == [{"fault": "not a commitment", "people": 1}]


async def test_of_an_article_without_its_text_the_quotes_are_left_in_their_places(store: Database) -> None:
    await complained(store)
    assert await store.transact(lambda work: work.articles.let_go_of_texts(MONDAY_NOON + timedelta(days=1), 9)) == 1
    (found,) = map(json.loads, feedback_lines(await store.look(lambda work: work.cases.complaints())))
    assert found["text"] == "Norland to leave\n\nNorland will leave by Friday.\n\nSudria ‘will wait’."
    assert [found["text"][one["start"] : one["end"]] for one in found["items"]] == [
        "Norland will leave by Friday.",
        "Sudria ‘will wait’.",
    ]
    dated = found["items"][0]
    assert found["text"][dated["timex_start"] : dated["timex_end"]] == "Friday"


def test_the_command_prints_a_line_an_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///bot.db")
    upgrade("sqlite:///bot.db")
    assert main(["feedback", "export"]) == 0
    assert capsys.readouterr().out == ""
    database = open_database("sqlite:///bot.db")
    asyncio.run(complained(database))
    database.close()
    assert main(["feedback", "export"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert len(json.loads(line)["items"]) == 2


def test_a_database_that_is_not_there_gets_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///no/such/folder/a.db")
    assert main(["feedback", "export"]) == 1
    assert "does not exist" in capsys.readouterr().err
