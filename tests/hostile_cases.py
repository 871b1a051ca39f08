"""What is promised of every server in hostile_web.py: in words for the table, and as what the database holds then."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.hostile_web import host
from watchers.feed_model import FeedState
from watchers.model import Article

LEAST = timedelta(minutes=15)
"""How often a feed is asked that answers well."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a feed."""

    feed: FeedState
    articles: tuple[Article, ...]
    asked: tuple[datetime, ...]
    """When its server was asked."""

    @property
    def says(self) -> str:
        """Why it is not read, or how much of it was."""
        told = str(self.feed.last_error) if self.feed.last_error else f"read: {len(self.articles)} articles"
        places = f", now at {self.feed.moved_to}" if self.feed.moved_to else ""
        return told + places + (", stopped" if self.feed.stopped else "")


Check = Callable[[Fate], bool]


@dataclass(frozen=True, slots=True)
class Case:
    """A feed that means harm, or fares badly, and what is promised of it."""

    name: str
    promised: str
    says: str
    """A pattern for all that `Fate.says`."""
    check: Check = lambda _: True
    url: str | None = None
    """None: its own host's front page."""

    def kept(self, fate: Fate) -> bool:
        """Return whether what was promised is what happened."""
        return re.fullmatch(self.says, fate.says) is not None and self.check(fate)


def address(case: Case, port: int) -> str:
    return case.url or f"http://{host(case.name)}:{port}/"


PRIVATE = r".+ is not an address on the public internet"
PRIVATE_ADDRESSES = (
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://localhost/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://198.18.0.1/",
    "http://[::1]/",
    "http://[::]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[ff02::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a00:1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    f"http://{host('inner')}/",
    f"http://{host('rebinding')}/",
)


def _not_before(wait: timedelta) -> Check:
    """Return a check that a server was asked once, and will not be again for `wait`."""
    return lambda fate: len(fate.asked) == 1 and fate.feed.next_poll_at - fate.asked[0] >= wait - timedelta(minutes=1)


def _asked_ever_less(fate: Fate) -> bool:
    times = len(fate.asked)
    return times > 1 and fate.feed.next_poll_at - fate.asked[-1] >= LEAST * 2**times


def _asked_once(fate: Fate) -> bool:
    return len(fate.asked) == 1


def _harmless(fate: Fate) -> bool:
    titles = {article.title for article in fate.articles}
    links = {article.url for article in fate.articles}
    texts = {article.text for article in fate.articles}
    unclean = re.compile(r"[\x00-\x08\x0e-\x1f\u202a-\u202e\u2066-\u2069]|<|alert")
    return (
        titles == {"Norland signs a treaty", "A trap"}
        and not any(link and not link.startswith(("http://", "https://")) for link in links)
        and not any(unclean.search(text) for text in texts)
    )


def _no_secret(fate: Fate) -> bool:
    return not any(word in article.title + article.text for article in fate.articles for word in ("root:", "secret"))


READ = "read: 1 articles"
LATE = r".+ did not answer in time .+"
NO_HTTP = r".+ (is not proper HTTP|broke off the connection)"
TOO_LARGE = r"the (feed|answer) is larger than 10 MB"
BOMB = r".+ blow up to an enormous size"
ROUND = r"the address is redirected more than 5 times"
BREAKS_OFF = r"the answer breaks off before its end"
REFUSED_PORT = r"port \d+ of .+ is not a web port \(80 or 443\)"
NO_ADDRESS = r".+ is not a web address.*"

CASES: Sequence[Case] = (
    *(Case(url, "refused", rf"{PRIVATE}|{NO_ADDRESS}", url=url) for url in PRIVATE_ADDRESSES),
    Case("to-loopback", "refused", PRIVATE),
    Case("to-mapped-loopback", "refused", PRIVATE),
    Case("to-metadata", "refused", PRIVATE),
    Case("to-inner-name", "refused", PRIVATE),
    Case("to-another-port", "refused", REFUSED_PORT),
    Case("port 22", "refused", REFUSED_PORT, url=f"http://{host('public')}:22/"),
    Case("port 8080", "refused", REFUSED_PORT, url=f"https://{host('public')}:8080/"),
    Case("to-a-file", "refused", NO_ADDRESS),
    Case("to-gopher", "refused", NO_ADDRESS),
    Case("loop", "given up after 5 redirects", ROUND, lambda fate: len(fate.asked) % 6 == 0),
    Case("ping", "given up after 5 redirects", ROUND),
    Case("nowhere", "refused", r".+ redirects, but does not say where"),
    Case("moved", "moves at the third poll", rf"{READ}, now at http://new-home\..+"),
    Case("moved-308", "moves at the third poll", rf"{READ}, now at http://new-home\..+"),
    Case("moved-for-now", "read, and stays", READ),
    Case("gone", "asked no more", r"the feed is gone for good \(410\), stopped", _asked_once),
    Case("missing", "asked ever less", r"there is nothing at this address \(404\)", _asked_ever_less),
    Case("failing", "asked ever less", r"the server failed \(500\)", _asked_ever_less),
    Case("busy", "left alone for a day", r"the server is busy \(503\)", _not_before(timedelta(days=1))),
    Case("busy-until", "left alone for a day", r"the server is busy \(503\)", _not_before(timedelta(days=1))),
    Case("too-often", "left alone for a day", r".+ come less often \(429\)", _not_before(timedelta(days=1))),
    Case("odd-status", "said", r"the server answered with status 299"),
    Case("unasked-304", "said", r".*nothing.* \(304\)"),
    Case("web-page", "said", r".+ is a web page, not a feed"),
    Case("web-page-as-rss", "said", r".+ is a web page, not a feed"),
    Case("picture", "said", r".+ is not XML.*"),
    Case("json", "said", r".+ JSON.*"),
    Case("nothing", "said", r".+ empty page"),
    Case("feed-as-html", "read", READ),
    Case("feed-as-video", "read", READ),
    Case("silent", "given up in time", LATE),
    Case("stalled", "given up in time", LATE),
    Case("dripping-head", "given up in time", LATE),
    Case("dripping-body", "given up in time", LATE),
    Case("endless", "cut off at 10 MB", rf"{TOO_LARGE}|{LATE}"),
    Case("endless-chunks", "cut off at 10 MB", rf"{TOO_LARGE}|{LATE}"),
    Case("endless-head", "cut off", NO_HTTP),
    Case("endless-line", "cut off", NO_HTTP),
    Case("endless-100", "given up", rf"{LATE}|{NO_HTTP}"),
    Case("flood-of-headers", "cut off", NO_HTTP),
    Case("huge-header", "cut off", NO_HTTP),
    Case("no-http", "said", NO_HTTP),
    Case("noise", "said", NO_HTTP),
    Case("promises-more", "said", BREAKS_OFF),
    Case("promises-gigabytes", "refused or cut off", rf"{TOO_LARGE}|{BREAKS_OFF}"),
    Case("broken-chunks", "said", rf"{BREAKS_OFF}|{NO_HTTP}"),
    Case("hangs-up", "said", NO_HTTP),
    Case("gzip-bomb", "cut off at 10 MB", TOO_LARGE),
    Case("deflate-bomb", "cut off at 10 MB", TOO_LARGE),
    Case("br-bomb", "cut off at 10 MB", TOO_LARGE),
    Case("zstd-bomb", "cut off at 10 MB", TOO_LARGE),
    Case("false-gzip", "said", r"the answer says it is packed with gzip, but it cannot be unpacked"),
    Case("unknown-packing", "said", r"the answer is packed in a way we did not ask for \(exi\)"),
    Case("laughs", "refused", BOMB),
    Case("quadratic", "refused", BOMB),
    Case("file-entity", "read without the file", r"read: \d articles|.+", _no_secret),
    Case("web-entity", "read without the page", r"read: \d articles|.+", _no_secret),
    Case("outer-dtd", "read without the page", r"read: \d articles|.+", _no_secret),
    Case("deep", "refused", r".+ has more than 100,000 elements"),
    Case("less-deep", "read or refused in time", r"read: \d articles|.+"),
    Case("deep-text", "read or refused in time", r"read: \d articles|.+"),
    Case("crowded", "its first entries are read", r"read: (?!0 )\d{1,4} articles"),
    Case("attributes", "refused, or ended", r".+ thousands of attributes|.+ took longer than 5 seconds"),
    Case("masked", "read as plain text, without traps", r"read: 2 articles", _harmless),
)
