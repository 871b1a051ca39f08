"""Words for Discord: nothing from outside becomes markup, and every limit holds whatever the text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render import (
    CHOICE_LIMIT,
    LINE_LIMIT,
    Setting,
    choice_label,
    day_stamp,
    due_words,
    list_line,
    measured,
    plain,
    quote_block,
    safe_link,
    shortened,
    source_words,
    speaker_words,
    status_words,
    time_left,
    unplain,
)
from tests.factories import MONDAY, a_case, a_followup, a_statement, a_telling
from watchers.model import Interval, Kind, Precision

KYIV = ZoneInfo("Europe/Kyiv")
SETTING = Setting(MONDAY, ZoneInfo("UTC"), {"norland": "Norland"})
ARABIC = "\u0642\u0627\u0644 \u0627\u0644\u0648\u0632\u064a\u0631"  # written right to left
ANY_TEXT = st.text(max_size=900)
UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[*_~`|<>\[\]()#]")


def seconds(stamp: str) -> int:
    found = re.search(r"<t:(\d+):", stamp)
    assert found is not None
    return int(found[1])


@pytest.mark.parametrize(
    "hostile",
    [
        "**loud** _and_ ~~struck~~ ||hidden|| `code`",
        "[free gifts](https://evil.example)",
        "<@123456789> <@&5> <#9> </help:1> <t:0:R> <:a:1> <https://evil.example>",
        "# Heading",
        "> quoted",
        "\\*not escaped twice\\*",
    ],
)
def test_no_markup_survives(hostile: str) -> None:
    assert not UNESCAPED.search(plain(hostile))


@pytest.mark.parametrize("mention", ["@everyone", "@here", "<@&5>"])
def test_mentions_are_broken(mention: str) -> None:
    assert mention not in plain(f"Hello {mention}!")


def test_bare_links_are_not_clickable() -> None:
    assert "https://" not in plain("see https://evil.example/now")


def test_a_list_mark_at_the_start_is_text() -> None:
    assert plain("- item") == "\\- item"
    assert plain("a - b") == "a - b"


def test_line_breaks_and_control_characters_go() -> None:
    assert plain("one\n\n# two\x00\x1b[31m\tthree") == "one \\# two\\[31m three"


def test_marks_that_turn_the_reading_direction_go_and_the_script_stays() -> None:
    assert plain(f"\u202egnp.exe \u2066{ARABIC}\u2069") == f"\u2068gnp.exe {ARABIC}\u2069"


def test_what_reads_from_right_to_left_stands_apart_from_what_stands_beside_it() -> None:
    assert plain(f"*{ARABIC}", 4) == f"\u2068\\*{ARABIC[:2]}…\u2069"
    assert unplain(plain(ARABIC)) == ARABIC
    assert plain("Środa – 3") == "Środa – 3"


def test_halves_of_characters_go() -> None:
    assert plain("a\ud800b") == "ab"


@given(ANY_TEXT, st.integers(min_value=1, max_value=600))
def test_plain_text_is_bounded_and_harmless(text: str, limit: int) -> None:
    safe = plain(text, limit)
    assert measured(safe) <= 2 * limit + 2
    assert "\n" not in safe
    assert "@everyone" not in safe
    assert not UNESCAPED.search(safe)


@given(ANY_TEXT, st.integers(min_value=1, max_value=300))
def test_shortening_keeps_the_beginning(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert measured(short) <= limit
    assert text.startswith(short.removesuffix("…").rstrip()) or measured(text) <= limit


def test_shortening_cuts_after_a_word() -> None:
    assert shortened("one two three four", 15) == "one two three…"


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://meridian.example/a?b=c#d", "https://meridian.example/a?b=c#d"),
        ("https://meridian.example/a_(b)", "https://meridian.example/a_%28b%29"),
        ("https://meridian.example/a b<c>", "https://meridian.example/a%20b%3Cc%3E"),
        ("https://münchen.example/ä", "https://xn--mnchen-3ya.example/%C3%A4"),
        ("https://meridian.example:8080/", "https://meridian.example:8080/"),
        ("https://meridian.example/@everyone/@Here/@eve", "https://meridian.example/%40everyone/%40Here/@eve"),
        ("https://user:secret@meridian.example/", "https://meridian.example/"),
        ("javascript:alert(1)", None),
        ("ftp://meridian.example/", None),
        ("https://", None),
        ("https://[::1", None),
        ("https://meridian.example:port/", None),
        ("https://bad host.example/", None),
        ("https://meridian.example/\ud800", None),
        ("https://meridian.example/" + "x" * 600, None),
        (None, None),
    ],
)
def test_links_stay_inside_their_brackets(url: str | None, link: str | None) -> None:
    assert safe_link(url) == link


@given(st.text(max_size=120))
def test_no_address_breaks_out_of_its_link(path: str) -> None:
    link = safe_link(f"https://meridian.example/{path}")
    assert link is None or not re.search(r"[\s()<>\[\]]", link)


def test_a_day_reads_as_that_day_in_the_operators_zone_and_far_around_it() -> None:
    stamp = datetime.fromtimestamp(seconds(day_stamp(date(2026, 3, 6), KYIV)), UTC)
    for zone in ("America/Los_Angeles", "UTC", "Europe/Kyiv", "Asia/Tokyo"):
        assert stamp.astimezone(ZoneInfo(zone)).date() == date(2026, 3, 6)


def test_time_runs_out_at_the_end_of_the_last_day() -> None:
    end = datetime.fromtimestamp(seconds(time_left(date(2026, 3, 6), KYIV)), KYIV)
    assert end == datetime(2026, 3, 6, 23, 59, 59, tzinfo=KYIV)


def test_the_end_of_a_day_of_clock_change_is_its_end() -> None:
    end = datetime.fromtimestamp(seconds(time_left(date(2026, 3, 29), KYIV)), KYIV)
    assert end == datetime(2026, 3, 29, 23, 59, 59, tzinfo=KYIV)


DAY = "<t:1772798400:D>"
LEFT = "(<t:1772841599:R>)"


@pytest.mark.parametrize(
    ("due", "precision", "words"),
    [
        (Interval(MONDAY, date(2026, 3, 6)), Precision.EXACT, f"By {DAY} {LEFT}"),
        (Interval(date(2026, 3, 6), date(2026, 3, 6)), Precision.EXACT, f"On {DAY} {LEFT}"),
        (Interval(date(2026, 3, 4), date(2026, 3, 6)), Precision.EXACT, f"Between <t:1772625600:D> and {DAY} {LEFT}"),
        (Interval(MONDAY, date(2026, 3, 6)), Precision.VAGUE, f"“Friday”: by about {DAY} {LEFT}"),
        (None, Precision.NONE, "No date given"),
    ],
)
def test_a_due_time_is_worded_as_firmly_as_it_was_said(due: Interval | None, precision: Precision, words: str) -> None:
    assert due_words(a_case(a_followup(statement=a_statement(due=due, precision=precision))), SETTING) == words


def test_the_speaker_is_named_or_else_the_outlet() -> None:
    assert speaker_words(a_followup()) == "**Norland**"
    assert speaker_words(a_followup(statement=a_statement(speaker=None))) == "**Reported by The Meridian**"


def test_the_quote_is_a_block_of_its_own() -> None:
    quoted = quote_block(a_followup(statement=a_statement("We will *act*\n# soon.")))
    assert quoted == "> “We will \\*act\\* \\# soon.”"


def test_sources_are_links_that_show_where_they_lead() -> None:
    told = [a_telling(outlet=name, url=f"https://{name.lower()}.example/1") for name in ("Gazette", "Herald")]
    assert source_words(a_followup(1, *told), 500) == (
        "[Gazette](https://gazette.example/1) (gazette.example) · [Herald](https://herald.example/1) (herald.example)"
    )


def test_an_outlet_that_told_twice_stands_once_with_its_link() -> None:
    told = [a_telling(outlet="Gazette", url=url) for url in (None, "https://gazette.example/2")]
    assert source_words(a_followup(1, *told), 500) == "[Gazette](https://gazette.example/2) (gazette.example)"


def test_forty_sources_fit_and_the_rest_are_counted() -> None:
    told = [a_telling(outlet=f"Outlet {n}", url=f"https://outlet-{n}.example/{'x' * 60}") for n in range(40)]
    words = source_words(a_followup(1, *told), 1400)
    shown = words.count("](https://")
    assert measured(words) <= 1400
    assert shown >= 10
    assert words.endswith(f"and {40 - shown} more")


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT), min_size=1, max_size=40), st.integers(min_value=20, max_value=1400))
def test_sources_never_outgrow_their_room(outlets: list[tuple[str, str]], room: int) -> None:
    told = [a_telling(outlet=name, url=f"https://meridian.example/{path}") for name, path in outlets]
    assert measured(source_words(a_followup(1, *told), room)) <= room


@given(quote=ANY_TEXT, speaker=st.none() | ANY_TEXT, outlet=ANY_TEXT, kind=st.sampled_from(Kind))
def test_a_line_of_a_list_is_bounded(quote: str, speaker: str | None, outlet: str, kind: Kind) -> None:
    statement = a_statement(quote, kind=kind, speaker=speaker, precision=Precision.VAGUE)
    line = list_line(a_case(a_followup(10**12, a_telling(statement, outlet=outlet))), SETTING)
    assert measured(line) <= LINE_LIMIT
    assert len(line.splitlines()) == 2


def test_a_link_of_a_list_shows_its_host() -> None:
    line = list_line(a_case(a_followup(1, a_telling(outlet="The Meridian", url="https://trap.example/a"))), SETTING)
    assert line.endswith("— [The Meridian](https://trap.example/a) (trap.example)")


@given(quote=ANY_TEXT, speaker=st.none() | ANY_TEXT)
def test_a_choice_is_bounded_and_begins_with_the_number(quote: str, speaker: str | None) -> None:
    label = choice_label(a_case(a_followup(42, statement=a_statement(quote, speaker=speaker))))
    assert label.startswith("#42 · by 6 March 2026")
    assert len(label) <= CHOICE_LIMIT


@pytest.mark.parametrize(
    ("day", "words"),
    [(5, "🔵 Pending"), (6, "🟠 Due today"), (7, "🔴 Overdue")],
)
def test_a_status_is_told_in_words_too(day: int, words: str) -> None:
    assert status_words(a_case(), replace(SETTING, today=date(2026, 3, day))) == words
