"""Lists of feeds as OPML: read without trust, written so that any reader takes them."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.opml import Listed, OpmlError, OpmlFault, feeds_in, written_opml

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXT = st.text(max_size=30)
ADDRESSES = st.text("abc/?&=\"'<>%ü", min_size=1, max_size=20).map(lambda path: f"https://meridian.example/{path}")

FEEDS = st.lists(
    st.builds(Listed, TEXT, ADDRESSES, st.sampled_from(["", "en", "pt-BR"]), st.sampled_from(["", "A", "<B>"]))
)
DOCUMENTS = st.binary(max_size=300) | st.text(max_size=100).filter(str.isprintable).map(
    lambda inner: f"<opml>{inner}</opml>".encode()
)


@given(FEEDS)
def test_what_is_written_is_read_again(feeds: list[Listed]) -> None:
    written = written_opml("Ours & <theirs>", feeds, NOON).encode()
    if not feeds:
        with pytest.raises(OpmlError):
            feeds_in(written)
        return
    first = {one.feed_url: one for one in reversed(feeds)}
    read = {one.feed_url: one for one in feeds_in(written)}
    assert list(read) == list(dict.fromkeys(one.feed_url for one in feeds))
    assert {url: one.language for url, one in read.items()} == {url: one.language for url, one in first.items()}
    plain = {url: one for url, one in first.items() if one.name.isprintable() and one.name == one.name.strip()}
    assert all(read[url].title == one.name for url, one in plain.items())


def test_a_list_is_opml_two_with_its_folders() -> None:
    feeds = [
        Listed("The Meridian", "https://meridian.example/rss", "en", "Ours"),
        Listed("Le Sud", "https://sud.example/rss?a=1&b=2", "fr", "Ours"),
        Listed("Loose", "https://loose.example/rss", ""),
    ]
    assert written_opml("Mine", feeds, NOON) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<opml version="2.0">\n'
        "  <head>\n"
        "    <title>Mine</title>\n"
        "    <dateCreated>Mon, 02 Mar 2026 12:00:00 GMT</dateCreated>\n"
        "  </head>\n"
        "  <body>\n"
        '    <outline text="Ours">\n'
        '      <outline type="rss" text="The Meridian" title="The Meridian" xmlUrl="https://meridian.example/rss"'
        ' language="en"/>\n'
        '      <outline type="rss" text="Le Sud" title="Le Sud" xmlUrl="https://sud.example/rss?a=1&amp;b=2"'
        ' language="fr"/>\n'
        "    </outline>\n"
        '    <outline type="rss" text="Loose" title="Loose" xmlUrl="https://loose.example/rss"/>\n'
        "  </body>\n"
        "</opml>\n"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1251"])
def test_a_document_may_be_in_the_encoding_it_names(encoding: str) -> None:
    name = "Мир" if encoding == "windows-1251" else "Gérard"
    named = encoding.removesuffix("-sig")
    document = (
        f'<?xml version="1.0" encoding="{named}"?><opml><outline text="{name}" xmlUrl="https://a.example/f"/></opml>'
    )
    (feed,) = feeds_in(document.encode(encoding))
    assert feed.title == name


@pytest.mark.parametrize(
    ("document", "fault", "line"),
    [
        (b"", OpmlFault.NO_XML, 1),
        (b"<opml>\n<body>", OpmlFault.NO_XML, 2),
        (b"<opml><outline text='\xff'/></opml>", OpmlFault.NO_XML, 1),
        (b"<?xml version='1.0' encoding='klingon'?><opml/>", OpmlFault.NO_XML, 1),
        (b"<?xml version='1.0' encoding='shift_jis'?><opml/>", OpmlFault.NO_XML, 1),
        (b"<html>\n</html>", OpmlFault.NO_OPML, 1),
        (b"<!DOCTYPE opml [\n<!ENTITY a 'b'>]><opml/>", OpmlFault.ENTITY, 2),
        (b"<opml/>", OpmlFault.EMPTY, None),
    ],
)
def test_what_is_no_list_is_told_with_its_line(document: bytes, fault: OpmlFault, line: int | None) -> None:
    with pytest.raises(OpmlError) as told:
        feeds_in(document)
    assert (told.value.fault, told.value.line) == (fault, line)
    assert "{" not in str(told.value)


@given(DOCUMENTS)
def test_nothing_but_a_fault_comes_of_any_document(document: bytes) -> None:
    with contextlib.suppress(OpmlError):
        feeds_in(document)


def test_a_deep_document_is_read_in_no_time() -> None:
    deep = b"<opml>" + b"<outline>" * 50_000 + b"<outline xmlUrl='https://a.example/f'/>" + b"</outline>" * 50_000
    assert len(feeds_in(deep + b"</opml>")) == 1
