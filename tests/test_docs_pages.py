"""What the pages of docs/ say can be typed, set and seen is what the program understands, offers and stores."""

from __future__ import annotations

import argparse
import re
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cogs.reminders import MOST_OPEN_REMINDERS
from bot.cogs.topics import MOST_TOPICS
from bot.days import days_named
from bot.exports import MOST_CASES
from bot.feed_lists import LARGEST_LIST
from bot.pictures.timeline import MOST_ROWS
from bot.records import Found, document_of
from bot.scanning import LONGEST_SCANNED
from bot.setting_up import TOPICS_AT_MOST
from bot.showing import MOST_IN_A_FEED
from bot.usage import parser
from bot.views import rating, reminders
from bot.views.look import (
    KIND_NAMES,
    STANDING_ICONS,
    STANDING_NAMES,
    STATUS_NAMES,
    condition_name,
    kind_name,
    status_name,
)
from bot.views.order_draft import MOST_COUNTRIES, MOST_SPEAKERS
from bot.when import moment_named, recurrence_named
from config.catalogue import load_catalogue
from config.events import Event
from storage import guild_tables
from storage.tables import metadata
from tests.factories import MONDAY_NOON
from watchers.alerts import NEWS_LASTS
from watchers.audience import LocalHour, Section
from watchers.feed_memory import MOST_GUILD_FEEDS
from watchers.feeds.health import Condition
from watchers.feeds.pace import LONGEST_BACKOFF
from watchers.intake import STILL_NEWS
from watchers.matcher.match import read_article
from watchers.matcher.nations import countries_in
from watchers.matcher.queries import DEEPEST, LONGEST_QUERY, MOST_TERMS, Passage, QueryError, parse
from watchers.model import Precision
from watchers.record import ENOUGH, MOST, RecordWish, Standing, recorded

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
IN_LONDON = LocalHour(ZoneInfo("Europe/London"), 8)
NUMBERS = {3: "three", 5: "five", 10: "ten", 12: "twelve", 14: "fourteen", 15: "fifteen", 50: "fifty"}


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def checked(name: str, mark: str) -> list[tuple[str, ...]]:
    """The rows of the table that a page marks as checked, without code marks."""
    after = page(name).split(f"<!-- checked: {mark} -->\n\n")[1]
    lines = after.split("\n\n")[0].splitlines()[2:]
    return [tuple(cell.strip().strip("`") for cell in line.strip("|").split("|")) for line in lines]


def prose(name: str) -> str:
    return " ".join(page(name).split())


# --- what can be typed ----------------------------------------------------------------------------------------


def spoken(moment: datetime) -> str:
    there = moment.astimezone(IN_LONDON.zone)
    return f"{there:%A} {there.day} {there:%B %Y, %H:%M}"


@pytest.mark.parametrize(("typed", "comes"), checked("reminders.md", "moments"))
def test_a_time_comes_when_the_page_says(typed: str, comes: str) -> None:
    moment = moment_named(typed, last_day=None, at=IN_LONDON, now=MONDAY_NOON)
    assert moment is not None
    assert spoken(moment) == comes


@pytest.mark.parametrize(("typed", "comes"), checked("reminders.md", "counted"))
def test_a_time_counted_from_the_last_day_comes_when_the_page_says(typed: str, comes: str) -> None:
    moment = moment_named(typed, last_day=date(2026, 4, 10), at=IN_LONDON, now=MONDAY_NOON)
    assert moment is not None
    assert spoken(moment) == comes


@pytest.mark.parametrize(("typed", "first", "_then"), checked("reminders.md", "rhythms"))
def test_a_rhythm_begins_when_the_page_says(typed: str, first: str, _then: str) -> None:
    read = recurrence_named(typed, at=IN_LONDON, now=MONDAY_NOON)
    assert read is not None
    assert spoken(read[0]) == first


def span(first: date, last: date) -> str:
    """Days as the page writes them: 9 May 2026, 9 to 12 May 2026, 2 March to 9 May 2026."""
    ends = f"{last.day} {last:%B %Y}"
    if first == last:
        return ends
    begins = str(first.day) if first.month == last.month else f"{first.day} {first:%B}"
    return f"{begins} to {ends}"


@pytest.mark.parametrize(("typed", "days"), checked("reminders.md", "days"))
def test_days_are_understood_as_the_page_says(typed: str, days: str) -> None:
    found = days_named(typed, MONDAY_NOON.date())
    assert found is not None
    assert span(found.first, found.last) == days


@pytest.mark.parametrize(("expression", "days"), checked("reading.md", "due"))
def test_statements_fall_due_as_the_page_says(expression: str, days: str) -> None:
    summit = (Event(("NATO summit",), date(2026, 7, 7), date(2026, 7, 8)),)
    text = f"France and Germany will sign the treaty {expression}, the French foreign ministry said."
    (statement,) = read_article(text, MONDAY_NOON.date(), summit)
    assert statement.due is not None
    vague = ", vague" if statement.precision is Precision.VAGUE else ""
    assert span(statement.due.first, statement.due.last) + vague == days


# --- the query language ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("query", "inside", "outside"), checked("topics.md", "queries"))
def test_a_query_takes_in_and_leaves_out_what_the_page_says(query: str, inside: str, outside: str) -> None:
    node = parse(query)
    assert node.holds(Passage(inside, None, frozenset()))
    assert not node.holds(Passage(outside, None, frozenset()))


def said_by(speaker: str) -> Passage:
    return Passage("It will be done by Friday.", speaker, frozenset(countries_in(speaker)))


@pytest.mark.parametrize(("query", "inside", "outside"), checked("topics.md", "speakers"))
def test_a_query_for_speakers_does_as_well(query: str, inside: str, outside: str) -> None:
    node = parse(query)
    assert node.holds(said_by(inside))
    assert not node.holds(said_by(outside))


@pytest.mark.parametrize(("query", "says"), checked("topics.md", "faults"))
def test_a_query_that_cannot_be_read_is_answered_as_the_page_says(query: str, says: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(query)
    assert str(raised.value) == says


def test_the_precedence_is_as_the_page_says() -> None:
    written, meant = re.findall(r"`(grain deal OR wheat)` means `(.*?)`", prose("topics.md"))[0]
    texts = ["grain", "deal", "wheat", "grain deal", "grain wheat", "deal wheat", "grain deal wheat", "maize"]
    passages = [Passage(text, None, frozenset()) for text in texts]
    assert [parse(written).holds(one) for one in passages] == [parse(meant).holds(one) for one in passages]


# --- what is shown --------------------------------------------------------------------------------------------


def test_every_status_and_kind_is_explained_with_its_icon() -> None:
    first_cells = {line.split("|")[1].strip() for line in page("follow-ups.md").splitlines() if line.startswith("| ")}
    assert {status_name(one) for one in STATUS_NAMES} | {kind_name(one) for one in KIND_NAMES} <= first_cells


def test_every_standing_of_a_record_is_explained_in_its_order() -> None:
    rows = [(icon, name) for icon, name, _ in checked("record.md", "standings")]
    assert rows == [(STANDING_ICONS[one], STANDING_NAMES[one]) for one in Standing]


def test_every_key_of_a_records_document_is_explained() -> None:
    found = Found(RecordWish(), MONDAY_NOON.date(), None, 0, recorded([], MONDAY_NOON.date()), ())
    section = page("interfaces.md").split("## `aide-memoire record --json`")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert re.findall(r"`(\w+)`", " ".join(cells)) == list(document_of(found, {}))
    assert all(f"`{one.value}`" in section for one in Standing)


def test_every_button_of_a_card_is_named() -> None:
    text = prose("follow-ups.md")
    labels = {rating._OTHERS[deed][1] for deed in rating.Deed if deed in rating._OTHERS}
    labels |= {str(STATUS_NAMES[outcome]) for outcome in rating.OUTCOMES.values()} | {"Moved…"}
    missing = {label for label in labels if f"**{label}" not in text and f" {label} |" not in text}
    assert not missing


def test_every_answer_to_a_reminder_is_named() -> None:
    assert not [label for _, label in reminders._ANSWERS.values() if f"**{label}**" not in prose("reminders.md")]


def test_every_heading_of_a_digest_is_explained() -> None:
    assert not [one for one in Section if f" {one.value.capitalize()} |" not in page("digest.md")]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("record.md", f"the latest {MOST:,} do"),
        ("record.md", f"Below {NUMBERS[ENOUGH]} settled"),
        ("topics.md", f"a server may write up to {MOST_TOPICS} of its own"),
        ("topics.md", f"at most {LONGEST_QUERY} characters and {MOST_TERMS} words or phrases"),
        ("topics.md", f"at most {NUMBERS[DEEPEST]} deep"),
        ("follow-ups.md", f"up to {rating.LONGEST_NOTE} characters"),
        ("reminders.md", f"You may have {MOST_OPEN_REMINDERS} at a time"),
        ("reminders.md", f"at most {reminders.LONGEST_NOTE} characters"),
        ("quick-start.md", f"up to {NUMBERS[TOPICS_AT_MOST]} of more than sixty"),
        ("subscriptions.md", f"up to {NUMBERS[MOST_SPEAKERS]} names"),
        ("subscriptions.md", f"up to {NUMBERS[MOST_COUNTRIES]}, by name"),
        ("timeline.md", f"the {NUMBERS[MOST_ROWS]} that are due first"),
        ("calendars.md", f"of the {NUMBERS[MOST_IN_A_FEED]} latest follow-ups"),
        ("export.md", f"At most {MOST_CASES:,} at a time"),
        ("scan.md", f"the first {LONGEST_SCANNED:,} are read"),
    ],
)
def test_limits_are_those_of_the_program(name: str, words: str) -> None:
    assert words in prose(name)


def test_there_are_as_many_topics_and_feeds_as_the_pages_say() -> None:
    catalogue = load_catalogue(ROOT / "config" / "topics.toml", ROOT / "config" / "outlets.toml")
    assert 60 < len(catalogue.topics) < 70
    assert 80 < len(catalogue.outlets) < 90
    assert sum(outlet.language != "en" for outlet in catalogue.outlets) == 2


# --- what is stored, set and depended on ----------------------------------------------------------------------


def test_the_page_on_privacy_names_every_table_and_says_which_hold_people() -> None:
    assert guild_tables.people.metadata is metadata
    said = {name: people == "yes" for name, _, people in checked("privacy.md", "tables")}
    personal = {"user_id", "created_by", "added_by"}
    assert said == {
        name: name == "people" or bool(personal & set(table.columns.keys())) for name, table in metadata.tables.items()
    }


def test_every_setting_is_explained() -> None:
    offered = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    assert sorted(name for name, _ in checked("operating.md", "settings")) == sorted(offered)


def test_every_command_of_the_command_line_is_explained() -> None:
    (several,) = [one for one in parser()._actions if isinstance(one, argparse._SubParsersAction)]
    assert sorted(name for name, _ in checked("operating.md", "commands")) == sorted(several.choices)


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    names = {re.split(r"[\[<>=]", one)[0].lower() for one in wanted}
    reasons = page("architecture.md").split("## What we depend on")[1].lower()
    assert not [name for name in names if f"\n| {name}" not in reasons]


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_links_out_of_the_root_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / name).read_text("utf-8"))
    assert not [target for target in targets if not (ROOT / target).exists()]


def test_feeds_of_servers_are_bounded_as_the_page_says() -> None:
    told = prose("feeds.md")
    assert f"A server may add {MOST_GUILD_FEEDS} feeds." in told
    assert f"of up to {LARGEST_LIST // 1_000_000} MB" in told
    assert f"published in the last {NUMBERS[NEWS_LASTS.days]} days is tracked" in told
    assert f"what is older than {NUMBERS[STILL_NEWS // timedelta(hours=1)]} hours" in told
    assert NUMBERS[LONGEST_BACKOFF // timedelta(hours=1)] == "twelve"


def test_how_feeds_fare_is_marked_as_the_page_says() -> None:
    marks = re.findall(r"^\| (\S+ [A-Z][a-z ]+) \|", page("feeds.md"), re.MULTILINE)
    assert set(marks) == {condition_name(one) for one in Condition}
