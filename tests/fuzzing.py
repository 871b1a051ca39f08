"""How long and how hard the fuzz tests try, and the hostile words they all draw from.

Every target hands one property to `hunt`. Short (as part of every test run), it tries as many examples as the target
asks for. Long (`make fuzz`), it goes on with fresh examples until its share of `FUZZ_MINUTES` is over, and tells how
many there were. What broke once is remembered in `.hypothesis`, which is not committed: what was found is written down
as an `@example`, or as a test beside the code that was mended.
"""

from __future__ import annotations

import functools
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from hypothesis.database import DirectoryBasedExampleDatabase

_MINUTES = float(os.environ.get("FUZZ_MINUTES", "0"))
_SHARES = 23
"""In how many parts the time of the long form is divided; targets with many kinds of input have several."""
_REMEMBERED = Path(__file__).parents[1] / ".hypothesis" / "fuzz"
_A_ROUND = 200
"""Examples of the long form between two looks at the clock."""

# Not why an example fails: that takes longer than to find one.
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)

IS_LONG = _MINUTES > 0


def hunt(
    name: str,
    prove: Callable[..., object],
    *,
    tries: int,
    share: int = 1,
    found: Sequence[Mapping[str, Any]] = (),
    **drawn: st.SearchStrategy[Any],
) -> None:
    """Prove something of examples: `tries` of them, or as many as `share` parts of the long form's time allow.

    `prove` is called with what the strategies of `drawn` draw, by name; and first with what was `found` to break it.
    """
    tried = 0

    @functools.wraps(prove)
    def counted(**example_: Any) -> None:
        nonlocal tried
        tried += 1
        prove(**example_)

    began = time.monotonic()
    until = began + 60 * _MINUTES * share / _SHARES
    try:
        _round(counted, tries, found, drawn)
        while time.monotonic() < until:
            _round(counted, _A_ROUND, (), drawn)
    finally:
        print(f"fuzz {name}: {tried} examples in {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)  # noqa: T201 - `make fuzz` is run for these lines


def _round(
    prove: Callable[..., None],
    tries: int,
    found: Sequence[Mapping[str, Any]],
    drawn: Mapping[str, st.SearchStrategy[Any]],
) -> None:
    """Try so many examples, fresh ones each time, with settings that suit slow worlds."""
    trying: Any = given(**drawn)(prove)
    for one in found:
        trying = example(**one)(trying)
    settings(
        max_examples=tries,
        derandomize=False,
        deadline=None,
        phases=_PHASES,
        database=DirectoryBasedExampleDatabase(_REMEMBERED) if IS_LONG else None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )(trying)()


# --- hostile words --------------------------------------------------------------------------------------------

SNARE = "666000666000666000"
"""The number in every hostile mention, so that one that is alive is told from the bot's own."""
TRAP = "evil.example"
"""The host in every hostile link."""
CANARY = "zwyxcanary"
"""Stands in everything that belongs to another server or another person, and in nothing else."""

MENTIONS: tuple[str, ...] = (
    "@everyone",
    "@here",
    f"<@{SNARE}>",
    f"<@!{SNARE}>",
    f"<@&{SNARE}>",
    f"<#{SNARE}>",
    f"</kick:{SNARE}>",
)
MENTIONS += (f"<t:{SNARE}:R>", f"<a:x:{SNARE}>", f"<:x:{SNARE}>", "<id:customize>")
LINKS: tuple[str, ...] = (
    f"[click](https://{TRAP}/)",
    f"https://{TRAP}/a?b=c#d",
    f"<https://{TRAP}>",
    f"[a]( <http://{TRAP}> 'b')",
)
LINKS += (f"\\[x](https://{TRAP})", f"`](https://{TRAP})`", f"HTTPS://{TRAP}", f"http:\\//{TRAP}", f"](//{TRAP})")
MARKS = ("`", "```", "``", "**", "||", "~~", "_", "\\", "\\\\", "> ", "# ", "-# ", "- ", "1. ", "\n", "\r\n", "\u2028")
UNSEEN = ("\u202e", "\u202d", "\u2066", "\u2069", "\u200b", "\u200d", "\ufeff", "\x00", "\x1b[31m", "\x85", "\u00ad")
SCRIPTS = ("وزارة الخارجية", "Z͑ͫa̴l̷g̸ó", "👩🏽‍🚀🇺🇦", "ﷺ", "İstanbul", "ß", "\U0010ffff", "\u0301")
NUMBERS = (
    "0",
    "-1",
    "1",
    "2",
    "3",
    str(10**30),
    str(2**63),
    str(2**64),
    "1e999",
    "NaN",
    "-0",
    "٣",
    "²",
    "0x10",
    "1_000",
)
DAYS: tuple[str, ...] = (
    "31 February",
    "9999-12-31",
    "0001-01-01",
    "in 10000000000 years",
    "in 99999999999999999999 days",
    "-1 days",
)
DAYS += ("tomorrow", "Friday", "in 3 days", "20 March 2027", "every monday", "24:61", "13:37", "2026-13-45", "22-7")
QUERIES: tuple[str, ...] = (
    "%",
    "_",
    "' OR 1=1 --",
    '"; DROP TABLE feeds; --',
    "\\%",
    "NOT",
    "(((((",
    "a AND",
    '"',
    "country:",
    "NEAR",
)
QUERIES += ("country:UA AND grain", "grain OR (", "a" * 200, "(a+)+$", "*", "a*", "-" * 50, "^$")
FORMS = ("{0}", "{name}", "{", "}", "%s", "%(x)s", "%n", "${jndi:ldap://x}", "{{7*7}}", "{0.__class__}")
ADDRESSES: tuple[str, ...] = (
    f"https://{TRAP}/rss",
    "http://127.0.0.1/",
    "file:///etc/passwd",
    "https://[::1",
    "http://a:99999/",
    "//x",
)
ADDRESSES += ("javascript:alert(1)", "https://" + "a" * 300 + ".example", "http://\ud800.example", "https://xn--\x00")

PIECES = (*MENTIONS, *LINKS, *MARKS, *UNSEEN, *SCRIPTS, *NUMBERS, *DAYS, *QUERIES, *FORMS, *ADDRESSES)


def letters() -> st.SearchStrategy[str]:
    """Any text, halves of characters among it."""
    return st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


def hostile(most: int = 4000) -> st.SearchStrategy[str]:
    """Text that means harm, of at most so many characters: one piece, some in a row, anything at all, or very long."""
    pieces = st.sampled_from(PIECES)
    rows = st.lists(pieces | letters() | st.sampled_from((" ", "word", "Norland")), min_size=1, max_size=8)
    long = st.builds(lambda piece, times: piece * times, pieces, st.integers(1, most))
    return st.one_of(pieces, rows.map("".join), letters(), long).map(lambda text: text[:most])


def sendable(text: str) -> str:
    """Return text as JSON may carry it to the bot: without the halves of characters."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
