from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import MONDAY_NOON, a_feed
from tests.loopback import Item, rss
from watchers.feed_model import ParsedFeed
from watchers.feeds.parse import is_summary, parse_feed
from watchers.feeds.safety import clean_link
from watchers.model import Article
from watchers.ports import FetchError

SAMPLES = Path(__file__).parent / "data" / "feeds"
NOW = MONDAY_NOON


def parse(body: bytes, *, time_zone: str = "UTC", content_type: str = "") -> ParsedFeed:
    return parse_feed(body, a_feed(time_zone=time_zone).source, NOW, content_type)


def articles(body: bytes, *, time_zone: str = "UTC") -> list[Article]:
    return [entry.article for entry in parse(body, time_zone=time_zone).entries]


def why_not(body: bytes) -> str:
    with pytest.raises(FetchError) as caught:
        parse(body)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def said(parsed: ParsedFeed) -> list[str]:
    return [str(problem) for problem in parsed.problems]


# --- good feeds -------------------------------------------------------------------------------------------


def test_an_rss_feed_as_it_should_be_read() -> None:
    parsed = parse((SAMPLES / "meridian.rss").read_bytes())
    first, second, third = (entry.article for entry in parsed.entries)

    assert parsed.problems == ()
    assert first == Article(
        key="meridian-1001",
        outlet="The Meridian",
        url="https://meridian.example/world/norland-sudria?utm=1&x=2",
        title="Norland & Sudria: \u2018talks by Friday\u2019",
        text=(
            "Answer wanted\n\nNorland\u2019s envoy, Ada Vell, said:\n“We will have an answer by Friday.”\n\n"
            "- first point\n\n- second <point>\n\nInvisible override and bell."
        ),
        published=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        day=date(2026, 3, 2),
    )
    assert (second.title, second.url) == ("قمة في الشمال 🇳🇴 🤝", None)
    assert second.text == "سيلتقي الوزيران في الخامس من مارس. 👍🏽"
    assert third.key == "https://meridian.example/world/harbour"
    assert third.published == datetime(2026, 2, 28, tzinfo=UTC)


def test_an_atom_feed_as_it_should_be_read() -> None:
    first, second = articles((SAMPLES / "courier.atom").read_bytes())

    assert (first.key, first.title, first.url) == (
        "urn:courier:2",
        "Sudria <signs> nothing",
        "https://courier.example/2",
    )
    assert first.text == "Sudria will sign the accord next week.\n\nNobody objected."
    assert first.published == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert second.title == "Less than <b>three</b> days"
    assert second.published == datetime(2026, 3, 1, 13, tzinfo=UTC), "published comes before updated"


def test_an_rdf_feed_in_latin_1_as_it_should_be_read() -> None:
    (article,) = articles((SAMPLES / "gazette.rdf").read_bytes())

    assert (article.title, article.url) == ("Café diplomacy", "https://gazette.example/a")
    assert article.published == datetime(2026, 3, 2, 6, tzinfo=UTC)


def test_the_charset_of_the_server_counts_where_the_feed_names_none() -> None:
    body = rss(Item("Café")).decode().replace(' encoding="utf-8"', "").encode("latin-1")

    (entry,) = parse(body, content_type="text/xml; charset=iso-8859-1").entries

    assert entry.article.title == "Café"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_wide_encodings_are_read(encoding: str) -> None:
    body = rss(Item("Café 🤝")).decode().replace(' encoding="utf-8"', "").encode(encoding)

    assert [article.title for article in articles(body)] == ["Café 🤝"]


def test_a_feed_without_entries_is_a_feed() -> None:
    parsed = parse(rss())

    assert (parsed.entries, parsed.problems, parsed.listed, parsed.per_day) == ((), (), 0, None)


# --- dates ------------------------------------------------------------------------------------------------


def test_an_article_without_a_date_counts_from_when_it_is_first_seen() -> None:
    parsed = parse(rss(Item("Undated"), Item("Dated", published=NOW - timedelta(hours=1))))

    assert [entry.article.published for entry in parsed.entries] == [NOW, NOW - timedelta(hours=1)]
    assert said(parsed) == ["entries without a usable date, counted from when first seen: 1"]


def test_an_article_dated_in_the_future_counts_from_when_it_is_first_seen() -> None:
    parsed = parse(
        rss(Item("Ahead", published=NOW + timedelta(days=2)), Item("Ahead too", published=NOW + timedelta(hours=2)))
    )

    assert {entry.article.published for entry in parsed.entries} == {NOW}
    assert said(parsed) == ["entries dated in the future, counted from when first seen: 2"]


def test_a_clock_a_little_fast_is_no_future() -> None:
    stamp = NOW + timedelta(minutes=59)

    assert [article.published for article in articles(rss(Item("Fast", published=stamp)))] == [stamp]


@pytest.mark.parametrize("stamp", ["yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "99999-01-01", "Mon, 99 Foo 2026"])
def test_an_unusable_date_is_no_date(stamp: str) -> None:
    body = rss(Item("Odd", published=NOW)).replace(b"Mon, 02 Mar 2026 12:00:00 +0000", stamp.encode())

    assert [article.published for article in articles(body)] == [NOW]


def test_the_day_is_the_outlets_own() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    body = rss(Item("Late", published=late))

    assert [article.day for article in articles(body)] == [date(2026, 3, 1)]
    assert [article.day for article in articles(body, time_zone="Asia/Tokyo")] == [date(2026, 3, 2)]


def test_a_stamp_without_a_time_is_that_day_where_the_outlet_is() -> None:
    body = rss(Item("Day", published=NOW)).replace(b"Mon, 02 Mar 2026 12:00:00 +0000", b"2026-03-01")

    (article,) = articles(body, time_zone="America/New_York")

    assert article.day == date(2026, 3, 1)
    assert article.published == datetime(2026, 3, 1, 5, tzinfo=UTC)


# --- keys -------------------------------------------------------------------------------------------------


def test_the_key_is_the_id_else_the_link_else_title_and_date() -> None:
    link = "https://meridian.example/a"
    by_id, by_link, by_title = (
        articles(rss(item))[0].key
        for item in (Item("A", guid="id-1", link=link), Item("A", link=link), Item("A", published=NOW))
    )

    assert (by_id, by_link) == ("id-1", link)
    assert by_title.startswith("sha256:")
    assert articles(rss(Item("A", "other text", published=NOW)))[0].key == by_title
    assert articles(rss(Item("B", published=NOW)))[0].key != by_title


def test_a_long_key_is_hashed() -> None:
    key = articles(rss(Item("A", guid="x" * 201)))[0].key

    assert key.startswith("sha256:")
    assert len(key) <= 200


def test_entries_that_share_an_id_but_not_a_link_are_told_apart() -> None:
    items = [Item(name, guid="https://meridian.example/", link=f"https://meridian.example/{name}") for name in "ab"]

    one, two = articles(rss(*items))

    assert {one.title, two.title} == {"a", "b"}
    assert one.key != two.key


def test_an_entry_repeated_in_one_body_is_one_article() -> None:
    assert len(articles(rss(Item("A", guid="1"), Item("A", guid="1")))) == 1


# --- text -------------------------------------------------------------------------------------------------


def test_a_text_of_ten_megabytes_is_bounded() -> None:
    (article,) = articles(rss(Item("Long", "<p>word word</p>" * 357_000)))

    assert 190_000 < len(article.text) <= 200_000


def test_an_article_without_text_keeps_its_title_and_one_without_either_is_left_out() -> None:
    parsed = parse(rss(Item("Only a title", "", published=NOW), Item(None, "<p> </p>"), Item("", "<img src='x'>")))

    assert [(entry.article.title, entry.article.text) for entry in parsed.entries] == [("Only a title", "")]
    assert said(parsed) == ["entries without title and text, left out: 2"]


@pytest.mark.parametrize(
    ("text", "whole_element", "expected"),
    [
        ("A short word.", True, True),
        ("Long enough. " * 50, True, False),
        ("Long enough. " * 50, False, True),
        ("Long enough. " * 200, False, False),
        ("Long enough. " * 200 + "and then …", True, True),
        ("Long enough. " * 200 + "and then [...]", True, True),
        ("Long enough. " * 200 + "Continue reading", False, True),
    ],
)
def test_what_counts_as_a_summary(text: str, whole_element: bool, expected: bool) -> None:  # noqa: FBT001 - a table
    assert is_summary(text, whole_element=whole_element) is expected


def test_an_entry_without_a_link_has_none() -> None:
    assert [article.url for article in articles(rss(Item("A", published=NOW)))] == [None]


def test_markup_that_means_harm_is_no_title() -> None:
    (article,) = articles(rss(Item("Talks <script>alert(1)</script>begin", published=NOW)))

    assert article.title == "Talks begin"


@given(st.from_regex(r"https?://[a-z.\-]{1,9}(:80|@)?(/[ a-zé%&#/.~\[]{0,6})?(\?[a-z=&#]{0,4})?", fullmatch=True))
def test_a_link_that_needs_no_cleaning_is_what_cleaning_makes_of_it(link: str) -> None:
    for article in articles(rss(Item("A", guid="1", link=link))):
        assert article.url == clean_link(urljoin("https://meridian.example/rss", link.strip()))


def test_what_a_worker_sends_is_what_it_read() -> None:
    dated, undated = Item("A", "one", guid="1", published=NOW), Item("B", link="https://meridian.example/b")
    read = parse_feed(rss(dated, undated), a_feed().source, NOW)

    assert pickle.loads(pickle.dumps(read)) == read  # noqa: S301 - our own
    assert {entry.dated for entry in read.entries} == {True, False}


# --- how often ---------------------------------------------------------------------------------------------


def test_how_many_entries_a_day_is_counted_up_to_now() -> None:
    hourly = [Item(f"{n}", guid=f"{n}", published=NOW - timedelta(hours=n)) for n in range(1, 49)]

    assert parse(rss(*hourly)).per_day == pytest.approx(24)
    assert parse(rss(*hourly[24:])).per_day == pytest.approx(20 / 44 * 24), "it fell silent a day ago"
    assert parse(rss(hourly[0])).per_day is None
    assert parse(rss(*(Item(f"{n}", guid=f"{n}", published=NOW) for n in range(9)))).per_day == pytest.approx(9 * 24)


# --- what is no feed --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "https://meridian.example/rss answered with an empty page"),
        (b"\xef\xbb\xbf \n", "https://meridian.example/rss answered with an empty page"),
        (b"<!DOCTYPE html><html><p>Hi", "https://meridian.example/rss is a web page, not a feed"),
        (b"\n<!-- x --><HTML lang=en>", "https://meridian.example/rss is a web page, not a feed"),
        (b'{"version": "x"}', "https://meridian.example/rss is JSON, but not a JSON Feed"),
        (b'{"version": ', "https://meridian.example/rss is not proper JSON, so it cannot be read as a JSON Feed"),
        (b"just words", "https://meridian.example/rss is not XML, so it is no RSS or Atom feed"),
        (b"/etc/passwd", "https://meridian.example/rss is not XML, so it is no RSS or Atom feed"),
        (b"<svg><g/></svg>", "https://meridian.example/rss is XML, but neither RSS nor Atom"),
    ],
)
def test_what_is_no_feed_is_told_in_words(body: bytes, reason: str) -> None:
    assert why_not(body) == reason


def test_the_body_is_never_taken_for_the_name_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(rss(Item("Local secret")))

    assert "not XML" in why_not(str(file).encode())


def test_a_feed_cut_off_before_its_first_entry_is_told_in_words() -> None:
    assert "is cut off or not proper XML (line 1: " in why_not(rss(Item("A"))[:90])


def test_a_feed_cut_off_later_gives_the_entries_that_are_whole() -> None:
    body = rss(*(Item(f"Title {n}", f"Text {n}", published=NOW) for n in range(3)))
    cut = body[: body.rindex(b"Text 2") + 3]

    parsed = parse(cut)

    assert {entry.article.title for entry in parsed.entries} == {"Title 0", "Title 1"}
    assert len(parsed.problems) == 1
    assert "read as far as it goes" in said(parsed)[0]


def test_a_feed_with_an_html_entity_is_read_all_the_same() -> None:
    parsed = parse(rss(Item("A", published=NOW)).replace(b"<title>A<", b"<title>Caf&eacute; &nbsp;&<"))

    assert [entry.article.title for entry in parsed.entries] == ["Café &"]
