from __future__ import annotations

import html
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.feeds import text as text_module
from watchers.feeds.text import clean_text, looks_like_html, one_line, text_of_html, text_of_plain, unescape


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<div>One.<div>Two.</div></div>", "One.\n\nTwo."),
        ("One.<br>Two.<br/><br />Three.", "One.\nTwo.\n\nThree."),
        ("<ul><li>One</li><li>Two</li></ul>after", "- One\n\n- Two\n\nafter"),
        ("wrapped\n   in the\tsource", "wrapped in the source"),
        ("A <b>bold</b>er word", "A bolder word"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("&lt;p&gt; &amp; &eacute; &#8217; &nbsp;x", "<p> & é \u2019 x"),
        ("a<script>if (x < y) {}</script>b", "a b"),
        ("a<style>p{}</style >b<SCRIPT>x</Script>c", "a b c"),
        ("a<script>never closed", "a"),
        ("a<script>x</scripts>b<style><b>c</b></style>d", "a b d"),
        ("a<script>'</script 'b>c", "a c"),
        ("a<svg/>b<!-- c --><svg>d</svg>e", "ab e"),
        ("a<!-- hidden <p> -->b", "ab"),
        ("a<!-- never closed", "a"),
        ("a<![CDATA[b]]>", "ab]]>"),
        ('<a title="x > y" href=z>link</a>', "link"),
        ('<a title="never closed>link</a>', "link"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("cut <a href=", "cut"),
        ("", ""),
    ],
)
def test_html_becomes_plain_text(markup: str, text: str) -> None:
    assert text_of_html(markup) == text


def test_what_cannot_be_seen_goes_and_what_writing_needs_stays() -> None:
    assert clean_text("a\x00b\x07c\u202ed\u2066e\u200bf\u00adg\ufeffh\ud800i") == "abcdefghi"
    assert clean_text("👩\u200d👧 می\u200cروم \u200f(א)") == "👩\u200d👧 می\u200cروم \u200f(א)"
    assert clean_text("a\r\nb\u2028c\x0bd") == "a\nb\nc\nd"


def test_lines_that_were_only_wrapped_are_joined_and_others_kept() -> None:
    assert text_of_plain("The minister said\nhe would go.\nThe talks\nfollow.\n\nEnd") == (
        "The minister said he would go.\nThe talks follow.\n\nEnd"
    )
    assert text_of_plain("Points:\n- one\n- two") == "Points:\n- one\n- two"


def test_plain_text_that_holds_html_is_found_out() -> None:
    assert looks_like_html("a<br>b")
    assert looks_like_html('x <IMG src="a.png"/>')
    assert not looks_like_html("1 < 2 > 0, <unknown> and a <b")


def test_texts_are_cut_between_words() -> None:
    assert one_line("one two three", 9) == "one two"
    assert one_line("onetwothree", 9) == "onetwothr"
    assert one_line(" one\n two ") == "one two"
    assert one_line("\x08one\u202e\u200b two\x00") == "one two"
    assert len(text_of_html("<p>word</p>" * 1_000, 100)) <= 100


@given(st.text(alphabet=st.sampled_from("<>/!-&;#'\" \n\tapbscriptl\u202e\ud800\x00é"), max_size=200))
def test_any_text_comes_out_clean(markup: str) -> None:
    for text in (text_of_html(markup), text_of_plain(markup)):
        assert clean_text(text) == text
        assert "\n\n\n" not in text
        assert not {"\u202e", "\ud800", "\x00", "\t"} & set(text)
        text.encode()


@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<b>", "<script>", "</script>", "<!--", "-->", "word ", "<li>", "'", '"']),
        max_size=40,
    )
)
def test_any_nesting_gives_words_only(tags: list[str]) -> None:
    assert "script" not in text_of_html("".join(tags))


# --- the fast way and the plain way -----------------------------------------------------------------------


def plainly(markup: str) -> str:
    """Read HTML as `text_of_html` does, one tag after another and without its short cuts."""
    pieces: list[str] = []
    at = 0
    while (opening := markup.find("<", at)) >= 0:
        pieces.append(html.unescape(re.sub(r"\s+", " ", markup[at:opening])))
        piece, at = text_module._tag(markup, opening)
        pieces.append(piece)
    pieces.append(html.unescape(re.sub(r"\s+", " ", markup[at:])))
    return cleaned_plainly("".join(pieces))


def cleaned_plainly(text: str) -> str:
    visible = text_module._INVISIBLE.sub("", text_module._LINE_ENDS.sub("\n", text))
    spaced = re.sub(r"[^\S\n]+", " ", visible)
    return re.sub(r" ?\n ?", "\n", re.sub(r" ?\n(?: ?\n)+ ?", "\n\n", spaced)).strip()


TOKENS = st.sampled_from(
    [
        *[
            "<p>",
            "</p>",
            "<b>",
            "<br />",
            "<script>",
            "</script>",
            "<!--",
            "-->",
            "<li>",
            "</ p>",
            "<1>",
            "<svg/>",
            "<style",
            "</style>",
            "<style a='b'>",
            "<title/>",
            "<!--->",
            "</scripts>",
            "<br\n/>",
        ],
        *[
            '<a href="x>y">',
            "<a title='",
            "<IMG src=\"a\" alt='b>'>",
            "<![CDATA[",
            "]]>",
            "<sc",
            "ript>",
            "<td>",
            "<",
            ">",
        ],
        *[
            "word ",
            " ",
            "\n",
            "\t",
            "\r\n",
            "&amp;",
            "&nbsp;",
            "&#10;",
            "&lt;",
            "&am",
            "p;",
            "'",
            '"',
            "/",
            "\xa0",
            "\x85",
        ],
        *["\x01", "\x1c", "\x0b", "&#1;", "&#13;", "&not", "in;", "\u202e", "\x00", "\u2028", "\u00e9", "\ud800", "  "],
    ]
)


@given(st.lists(TOKENS, max_size=14).map("".join))
def test_the_short_cuts_change_nothing(markup: str) -> None:
    assert text_of_html(markup) == plainly(markup)
    assert clean_text(markup) == cleaned_plainly(markup)


@pytest.mark.parametrize(
    "piece",
    ["<", "<a", "</", "<a '", '<a "', "<a>", "<script></script>", "<!---->", "<" * 9 + ">", "&#10;", "\xa0\n", "<p>x"],
)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    def seconds(times: int) -> float:
        start = time.process_time()
        text_of_html(piece * times)
        return time.process_time() - start

    assert min(seconds(60_000) for _ in range(2)) < 40 * min(seconds(6_000) for _ in range(3)) + 0.2


# --- character references ---------------------------------------------------------------------------------


@given(
    st.lists(
        st.sampled_from(
            [
                *["&", "#", "x", "X", ";", "&amp", "&amp;", "&not", "&notin;", "&notit;", "&#8217;", "&#x2019", "&#0;"],
                *["&#128;", "&#xD800;", "&#1;", "&#10;", "&#1114112;", "&CounterClockwiseContourIntegral;", "&nbsp;"],
                *["\n", "\t", "\f", " ", "<", "a", "7", "é", "\x01", "&a\x01mp;", "&amp\x01b", "&lt;p&gt;"],
            ]
        ),
        max_size=30,
    ).map("".join)
    | st.text(alphabet="&#xampltgq;0123456789 \n\x01", max_size=60)
)
def test_references_are_resolved_as_the_standard_library_does(text: str) -> None:
    assert unescape(text) == html.unescape(text)


def test_a_number_of_thousands_of_digits_is_no_character_like_any_that_is_too_large() -> None:
    assert text_of_html(f"<p>a&#{'1' * 5_000};b</p>") == text_of_html("<p>a&#1114112;b</p>") == "a\ufffdb"
