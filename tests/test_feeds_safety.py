from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.feeds.safety import clean_link, is_public_address, refusal


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - judged, not bound to
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "",
        "meridian.example",
        "127.0.0.1.5",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "93.184.216.34",
        "100.63.255.255",
        "100.128.0.1",
        "172.32.0.1",
        "2606:2800:220:1:248:1893:25c8:1946",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
    ],
)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public_address(address)


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://meridian.example/a?b=c&d#e", "https://meridian.example/a?b=c&d#e"),
        (" HTTP://meridian.example/a ", "HTTP://meridian.example/a"),
        ("https://meridian.example/a b<c>", "https://meridian.example/a%20b%3Cc%3E"),
        ("https://meridian.example/é", "https://meridian.example/%C3%A9"),
        ("https://meridian.example/%C3%A9", "https://meridian.example/%C3%A9"),
        ("https://meridian.example/\u202egpj", "https://meridian.example/gpj"),
        ("java\nscript:alert(1)", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://meridian.example/", None),
        ("//meridian.example/", None),
        ("/a", None),
        ("https://", None),
        ("https://meridian.example@evil.example/", None),
        ("https://[::1", None),
        ("https://meridian.example/" + "x" * 2_000, None),
        ("", None),
        (None, None),
    ],
)
def test_links_that_may_be_shown(url: str | None, link: str | None) -> None:
    assert clean_link(url) == link


@given(st.text(max_size=80).map("https://meridian.example/".__add__) | st.text(max_size=80))
def test_a_clean_link_is_plain_ascii_on_the_web_and_clean_again(url: str) -> None:
    link = clean_link(url)
    if link is not None:
        assert link.isascii()
        assert " " not in link
        assert urlsplit(link).scheme in {"http", "https"}
        assert clean_link(link) == link


@pytest.mark.parametrize(
    "url", ["https://meridian.example/rss", "http://meridian.example:80/", "https://1.1.1.1:443/x"]
)
def test_addresses_that_may_be_tried(url: str) -> None:
    assert refusal(url) is None


def test_an_allowed_host_may_have_any_port_and_no_other_host_with_it() -> None:
    allowed = frozenset({"localhost"})

    assert refusal("http://localhost:8080/rss", allowed) is None
    assert refusal("http://LOCALHOST:8080/rss", allowed) is None
    assert str(refusal("http://127.0.0.1/rss", allowed)) == "127.0.0.1 is not an address on the public internet"
    assert refusal("file://localhost/etc/passwd", allowed) is not None
