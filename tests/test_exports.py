"""Tables and records for other programs, and feeds for readers of news: complete, harmless, and of a size."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.exports import Exported, Format, as_csv, as_json, case_record, export_file, record_of
from bot.render import Setting
from bot.showing import Shown
from bot.syndication import atom_feed, json_feed
from tests.factories import (
    MONDAY,
    MONDAY_NOON,
    a_case,
    a_clue,
    a_followup,
    a_rating,
    a_statement,
    a_suggestion,
    a_telling,
)
from watchers.model import Interval
from watchers.rating import OURSELVES, Case, Note, Outcome, Revision

TOPICS = {"norland": "Norland"}
SETTING = Setting(MONDAY, ZoneInfo("UTC"), TOPICS)
ATOM = "{http://www.w3.org/2005/Atom}"
MOVED_TO = Interval(date(2026, 3, 20), date(2026, 3, 21))
HOSTILE = st.text(max_size=60) | st.sampled_from(
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", '"=1"', "\x00=1"]
)


def rated() -> Case:
    ratings = (a_rating(Outcome.MOVED, due=MOVED_TO), a_rating(Outcome.KEPT, rating_id=2, user_id=2**62))
    return a_case(a_followup(), *ratings, notes=(Note(1, 1, 10, 7, 'Ask, "them"\nagain', MONDAY_NOON),))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def row(case: Case) -> dict[str, str]:
    (only,) = rows(as_csv([case], MONDAY, TOPICS))
    return only


# --- records ----------------------------------------------------------------------------------------------


def test_a_record_says_how_the_server_sees_it() -> None:
    record = case_record(rated(), MONDAY, TOPICS)
    assert record["status"] == "kept"
    assert (record["due_start"], record["due_end"]) == ("2026-03-20", "2026-03-21")
    assert (record["said_due_start"], record["said_due_end"]) == ("2026-03-02", "2026-03-06")
    assert record["topics"] == ["Norland"]
    assert [one["outcome"] for one in record["ratings"]] == ["moved", "kept"]
    assert record["ratings"][0]["moved_to_end"] == "2026-03-21"
    assert record["ratings"][1]["by"] == str(2**62)
    assert [note["text"] for note in record["notes"]] == ['Ask, "them"\nagain']
    assert set(record_of(a_followup())) < set(record)


@pytest.mark.parametrize(("day", "status"), [(2, "pending"), (6, "due"), (7, "overdue")])
def test_an_unrated_one_stands_where_the_day_puts_it(day: int, status: str) -> None:
    assert case_record(a_case(), date(2026, 3, day), TOPICS)["status"] == status


def test_a_record_has_the_codes_of_analysts() -> None:
    statement = a_statement("Iran will sign the agreement with Iraq by Friday.", speaker="Iran")
    record = record_of(a_followup(statement=statement))
    assert record["edtf"] == "2026-03-02/2026-03-06"
    assert record["speaker_country"] == "IR"
    assert record["countries"] == ["IR", "IQ"]


def test_a_document_counts_what_it_leaves_out() -> None:
    document = json.loads(as_json([a_case()], MONDAY, TOPICS, total=7))
    assert (document["day"], document["total"], len(document["followups"])) == ("2026-03-02", 7, 1)


def suggested() -> Case:
    return a_case(suggestions=(a_suggestion(a_clue(due=MOVED_TO)), a_suggestion(a_clue(confidence=0.3))))


def settled_by_itself() -> Case:
    return a_case(None, a_rating(user_id=OURSELVES, happened_on=date(2026, 3, 5)))


def test_what_the_news_suggests_stands_beside_what_was_rated() -> None:
    assert case_record(suggested(), MONDAY, TOPICS)["suggestion"] == {
        "outcome": "kept",
        "confidence": 0.8,
        "evidence": "Norland has withdrawn the last of its troops.",
        "reasons": ["the act is told as done", "the same matter", "but: within its days"],
        "outlet": "The Lantern",
        "url": "https://lantern.example/b-2",
        "title": "Troops gone",
        "date": "2026-03-05",
        "moved_to_start": "2026-03-20",
        "moved_to_end": "2026-03-21",
    }
    for nothing in (a_case(), rated(), a_case(suggestions=(a_suggestion(a_clue(confidence=0.3)),))):
        assert case_record(nothing, MONDAY, TOPICS)["suggestion"] is None


def test_what_settled_by_itself_was_rated_by_no_user() -> None:
    (rating,) = case_record(settled_by_itself(), MONDAY, TOPICS)["ratings"]
    assert (rating["by"], rating["happened_on"]) == ("aide-memoire", "2026-03-05")
    assert row(settled_by_itself())["rated_by"] == "aide-memoire"
    assert case_record(rated(), MONDAY, TOPICS)["ratings"][1]["happened_on"] is None


# --- tables -----------------------------------------------------------------------------------------------


def test_a_table_has_a_line_for_each_with_the_last_word_on_it() -> None:
    found = row(rated())
    assert found["id"] == "1"
    assert (found["status"], found["rated"], found["ratings"]) == ("kept", "kept", "2")
    assert found["rated_by"] == str(2**62)
    assert found["conditional"] == "no"
    assert found["outlets"] == "The Meridian"
    assert found["links"] == "https://meridian.example/a-1"
    assert found["notes"] == 'Ask, "them"\nagain'


def test_new_columns_stand_behind_those_that_programs_know() -> None:
    found = row(suggested())
    assert list(found)[-6:] == [
        *("notes", "happened_on", "suggested", "suggested_confidence", "suggested_evidence", "suggested_url"),
    ]
    assert list(found.values())[-4:] == [
        *("kept", "0.8", "Norland has withdrawn the last of its troops.", "https://lantern.example/b-2"),
    ]
    assert row(settled_by_itself())["happened_on"] == "2026-03-05"
    assert list(row(rated()).values())[-5:] == [""] * 5


def test_what_is_not_known_is_empty() -> None:
    found = row(a_case(a_followup(statement=a_statement(due=None, speaker=None))))
    assert {found[name] for name in ("speaker", "due_start", "due_end", "edtf", "rated", "rated_at", "notes")} == {""}


@settings(deadline=None)
@given(quote=HOSTILE, speaker=HOSTILE, outlet=HOSTILE, topic=HOSTILE, note=HOSTILE)
def test_no_cell_is_a_formula_to_a_spreadsheet(quote: str, speaker: str, outlet: str, topic: str, note: str) -> None:
    told = a_telling(a_statement(quote, speaker=speaker), outlet=outlet)
    clue = a_clue(quote=quote, url=outlet)
    case = a_case(a_followup(1, told), notes=(Note(1, 1, 10, 7, note, MONDAY_NOON),), suggestions=(a_suggestion(clue),))
    text = as_csv([case], MONDAY, {"norland": topic})
    for cells in csv.reader(io.StringIO(text, newline="")):
        assert not [cell for cell in cells if cell.strip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


@settings(deadline=None)
@given(quote=HOSTILE, speaker=HOSTILE)
def test_a_table_gives_back_what_was_said_but_for_the_apostrophe(quote: str, speaker: str) -> None:
    found = row(a_case(a_followup(1, a_telling(a_statement(quote, speaker=speaker)))))
    assert found["quote"].removeprefix("'") == quote.replace("\0", "").removeprefix("'")
    assert found["speaker"].removeprefix("'") == speaker.replace("\0", "").removeprefix("'")


# --- files ------------------------------------------------------------------------------------------------


def file_of(form: Format, limit: int, count: int = 200) -> Exported | None:
    return export_file("follow-ups", form, [a_case()] * count, MONDAY, TOPICS, total=count, limit=limit)


def test_a_table_is_marked_as_utf_8_for_excel() -> None:
    exported = file_of(Format.CSV, 10**7)
    assert exported is not None
    assert exported.name == "follow-ups.csv"
    assert exported.content.startswith(b"\xef\xbb\xbfid,")


@pytest.mark.parametrize("form", Format)
def test_what_is_too_long_is_zipped_and_what_is_too_long_even_so_is_not_given(form: Format) -> None:
    whole = file_of(form, 10**7)
    assert whole is not None
    zipped = file_of(form, len(whole.content) - 1)
    assert zipped is not None
    assert zipped.name == f"follow-ups.{form}.zip"
    with zipfile.ZipFile(io.BytesIO(zipped.content)) as archive:
        assert archive.namelist() == [whole.name]
        assert archive.read(whole.name) == whole.content
    assert len(zipped.content) < len(whole.content) / 10
    assert file_of(form, len(zipped.content) - 1) is None


# --- feeds ------------------------------------------------------------------------------------------------


def of(*cases: Case) -> Shown:
    return Shown("Norland", 10, cases, {1: Revision(2, MONDAY_NOON + timedelta(days=1))})


def entries(shown: Shown) -> list[Any]:
    root = ET.fromstring(atom_feed(shown, SETTING, "https://news.example/s/t/feed.atom"))  # noqa: S314 - our own
    assert root.tag == f"{ATOM}feed"
    for needed in ("title", "id", "updated", "author", "link"):
        assert root.find(f"{ATOM}{needed}") is not None
    return root.findall(f"{ATOM}entry")


def test_both_feeds_say_the_same() -> None:
    (entry,) = entries(of(rated()))
    feed = json.loads(json_feed(of(rated()), SETTING, "https://news.example/s/t/feed.json"))
    (item,) = feed["items"]
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://news.example/s/t/feed.json"
    assert entry.find(f"{ATOM}id").text == item["id"]
    assert (
        entry.find(f"{ATOM}title").text
        == item["title"]
        == ("Between 20 March 2026 and 21 March 2026 · Norland: will withdraw its troops by Friday.")
    )
    assert entry.find(f"{ATOM}content").text == item["content_text"]
    assert "Deadline · Kept" in item["content_text"]
    assert entry.find(f"{ATOM}link").get("href") == item["external_url"] == "https://meridian.example/a-1"
    assert entry.find(f"{ATOM}updated").text == item["date_modified"] == "2026-03-03T12:00:00+00:00"
    assert item["date_published"] == "2026-03-02T12:00:00+00:00"
    assert item["tags"] == ["deadline", "Norland"]


def test_feeds_say_what_nobody_has_confirmed() -> None:
    def said(case: Case) -> str:
        (item,) = json.loads(json_feed(of(case), SETTING, "https://news.example"))["items"]
        assert entries(of(case))[0].find(f"{ATOM}content").text == item["content_text"]
        return str(item["content_text"])

    assert said(suggested()).endswith(
        "\nIt looks moved to 21 March 2026 (80%): “Norland has withdrawn the last of its troops.”\n"
        "The Lantern: https://lantern.example/b-2"
    )
    unsafe = a_suggestion(a_clue(quote="One\nline.", url="javascript:alert(1)"))
    assert said(a_case(suggestions=(unsafe,))).endswith("\nIt looks kept (80%): “One line.”\nThe Lantern: no link")
    assert said(settled_by_itself()).endswith("\nSettled by itself: nobody has confirmed it")
    for nothing in (a_case(), rated()):
        assert said(nothing).endswith("The Meridian: https://meridian.example/a-1")


def test_an_empty_feed_is_a_feed() -> None:
    assert entries(of()) == []
    assert json.loads(json_feed(of(), SETTING, "https://news.example"))["items"] == []


@settings(deadline=None)
@given(
    quote=st.text(max_size=80), speaker=st.text(max_size=40), outlet=st.text(max_size=40), topic=st.text(max_size=40)
)
def test_feeds_hold_whatever_was_said(quote: str, speaker: str, outlet: str, topic: str) -> None:
    told = a_telling(a_statement(quote, speaker=speaker), outlet=outlet, url="javascript:alert(1)")
    shown = Shown(topic, 10, (a_case(a_followup(1, told)),), {})
    setting = replace(SETTING, topics={"norland": topic})
    (entry,) = entries(shown)
    assert entry.find(f"{ATOM}link") is None
    (item,) = json.loads(json_feed(shown, setting, "https://news.example"))["items"]
    assert "external_url" not in item
