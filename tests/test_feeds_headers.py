from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from watchers.feeds.headers import MOST_SECONDS, fresh_for, linked, retry_after, validator

URL = "https://meridian.example/news/rss"
NOON = "Mon, 02 Mar 2026 12:00:00 GMT"
ONE = "Mon, 02 Mar 2026 13:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=300"}, 300),
        ({"Cache-Control": "public, MAX-AGE=300, must-revalidate"}, 300),
        ({"Cache-Control": 'max-age="300"'}, 300),
        ({"cache-control": "max-age=300", "Age": "100"}, 200),
        ({"Cache-Control": "max-age=300", "Age": "500"}, 0),
        ({"Cache-Control": "max-age=300", "Age": "soon"}, 300),
        ({"Cache-Control": "max-age=300, max-age=60"}, 60),
        ({"Cache-Control": "max-age=soon"}, 0),
        ({"Cache-Control": "max-age"}, 0),
        ({"Cache-Control": "max-age=" + "9" * 300}, MOST_SECONDS),
        ({"Cache-Control": "s-maxage=300"}, None),
        ({"Cache-Control": "public"}, None),
        ({"Cache-Control": "no-cache, max-age=300"}, 0),
        ({"Cache-Control": "no-store"}, 0),
        ({"Cache-Control": 'no-cache="set-cookie", max-age=300'}, 0),
        ({"Cache-Control": "max-age=300", "Expires": ONE, "Date": NOON}, 300),
        ({"Expires": ONE, "Date": NOON}, 3_600),
        ({"Expires": ONE, "Date": NOON, "Age": "600"}, 3_000),
        ({"Expires": NOON, "Date": ONE}, 0),
        ({"Expires": ONE}, None),
        ({"Expires": "0", "Date": NOON}, 0),
        ({"Expires": "-1"}, 0),
    ],
)
def test_how_long_an_answer_is_fresh(headers: dict[str, str], seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert fresh_for(CIMultiDict(headers)) == expected


@pytest.mark.parametrize(
    ("value", "hub"),
    [
        ('<https://hub.example/>; rel="hub"', "https://hub.example/"),
        ("<https://hub.example/>;rel=hub", "https://hub.example/"),
        ('<https://hub.example/>; REL="self HUB"', "https://hub.example/"),
        ('<a,b>; rel=self, <//hub.example/x;y>; title="a, <b>"; rel="hub"', "https://hub.example/x;y"),
        ('<hub>; rel="hub"', "https://meridian.example/news/hub"),
        ('<javascript:alert(1)>; rel=hub, <https://hub.example/>; rel="hub"', "https://hub.example/"),
        ('<https://hub.example/>; rel="next"; rel="hub"', None),
        ('<https://hub.example/>; rel="hubs"', None),
        ("https://hub.example/; rel=hub", None),
        ("<https://[hub/>; rel=hub", None),
        ("", None),
    ],
)
def test_what_a_link_header_names(value: str, hub: str | None) -> None:
    assert linked([value], "hub", URL) == hub


def test_the_first_of_several_link_headers_counts() -> None:
    assert linked(["<a>; rel=self", "<b>; rel=hub", "<c>; rel=hub"], "hub", URL) == "https://meridian.example/news/b"
    assert linked([], "hub", URL) is None


@given(value=st.text(alphabet='<>;,="\\ \trelhub/:.?@[]\udc80é', max_size=200))
def test_a_link_header_never_fails_and_leads_only_to_the_web(value: str) -> None:
    found = linked([value], "hub", URL)
    assert found is None or urlsplit(found).scheme in {"http", "https"}


def test_a_long_link_header_takes_no_time() -> None:
    for hostile in ("<a>" + " " * 8_000, "<" * 8_000, "<a>;" * 2_000, '<a>; b="' * 1_000, "<a>" + ";a =" * 2_000):
        assert linked([hostile] * 20, "hub", URL) is None


@given(st.dictionaries(st.sampled_from(["Cache-Control", "Expires", "Date", "Age"]), st.text(max_size=60)))
def test_freshness_is_bounded_whatever_the_headers_hold(headers: dict[str, str]) -> None:
    lasts = fresh_for(headers)
    assert lasts is None or timedelta(0) <= lasts <= timedelta(seconds=MOST_SECONDS)


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_wait_is_bounded_whatever_is_asked(value: str, date: str) -> None:
    wait = retry_after(value, date)
    assert wait is None or timedelta(0) <= wait <= timedelta(seconds=MOST_SECONDS)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ('"a-1"', '"a-1"'),
        ('W/"a-1"', 'W/"a-1"'),
        ('"\udce9"', None),
        ('"é"', None),
        ('"\x01"', None),
        ("x" * 1_001, None),
        (None, None),
    ],
)
def test_a_validator_is_kept_where_it_can_be_sent_back(value: str | None, kept: str | None) -> None:
    assert validator(value) == kept
