"""Read a corpus of real feed files and compare what comes out with feedparser alone.

    python benchmarks/feeds_corpus.py [ARCHIVE]     (default: ../shared/feeds.tar.xz)

Each file is read in a process of its own, with five seconds and 300 MB over what the process begins with, and so is the
reference: `feedparser.parse` with its own settings. Compared are, in order, the key, link, title and time of each entry
that has a title or a text, as the rules at the top of watchers/feeds/parse.py have them; of those with one key, the
first.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import io
import os
import pickle
import resource
import sys
import tarfile
import time
import warnings
from calendar import timegm
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import feedparser

from watchers.feed_model import FeedSource
from watchers.feeds.document import MOST_PARSED
from watchers.feeds.parse import LONGEST_KEY, MOST_ENTRIES, parse_feed
from watchers.feeds.safety import clean_link
from watchers.feeds.text import looks_like_html, one_line, text_of_html, text_of_plain
from watchers.ports import FetchError

ARCHIVE = Path(__file__).parents[2] / "shared" / "feeds.tar.xz"
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
FEED = FeedSource("https://meridian.example/rss", "The Meridian", "UTC")
SECONDS = 5
MEGABYTES = 300

Sign = tuple[str, str | None, str, datetime]
"""What is compared of an entry: key, link, title, and when it was published."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one file came to."""

    parser: str = ""
    """What read it; empty: nothing could."""
    signs: tuple[Sign, ...] = ()
    listed: int = 0
    refusal: str = ""
    """Why it was refused, with its names left out."""
    exception: str = ""
    seconds: float = 0.0
    """Of processor time."""
    megabytes: float = 0.0
    """Used beyond what the process began with."""


def ours(body: bytes) -> Reading:
    """Read a body as the watchers do."""
    try:
        parsed = parse_feed(body, FEED, NOW)
    except FetchError as error:
        return Reading(refusal=error.reason.words)
    articles = [entry.article for entry in parsed.entries]
    signs = tuple((one.key, one.url, one.title, one.published) for one in articles)
    return Reading(parsed.parser, signs, parsed.listed)


def feedparser_alone(body: bytes) -> Reading:
    """Read a body with feedparser and nothing else."""
    document = feedparser.parse(io.BytesIO(body))
    if not document.get("version") and not document["entries"]:
        return Reading(refusal="no feed")
    entries = document["entries"][:MOST_PARSED]
    atom = str(document.get("version")).startswith("atom")
    links: dict[str, set[str]] = {}
    for entry in entries:
        links.setdefault(entry.get("id") or "", set()).add(entry.get("link") or "")
    shared = {identity for identity, known in links.items() if identity and len(known) > 1}
    signs: dict[str, Sign] = {}
    for entry in entries:
        title = one_line(_text(entry.get("title"), entry.get("title_detail"), atom=atom))
        texts = [_text(entry.get("summary"), entry.get("summary_detail"), atom=atom)]
        texts += [_text(part.get("value"), part, atom=atom) for part in entry.get("content", ())]
        if title or any(texts):
            key = _key(entry, title, shared)
            signs.setdefault(key, (key, _link(entry), title, _published(entry)))
    newest = sorted(signs.values(), key=lambda sign: sign[3], reverse=True)[:MOST_ENTRIES]
    return Reading("feedparser", tuple(newest), len(document["entries"]))


def _text(value: str | None, detail: Mapping[str, Any] | None, *, atom: bool) -> str:
    kind = (detail or {}).get("type") or ""
    if kind.startswith(("image/", "audio/", "video/", "application/octet-stream", "application/pdf")):
        return ""
    if kind == "text/plain" and atom:
        return text_of_plain(value or "")
    return text_of_html(value or "") if looks_like_html(value or "") else text_of_plain(html.unescape(value or ""))


def _key(entry: Mapping[str, Any], title: str, shared: set[str]) -> str:
    identity, link = entry.get("id") or "", entry.get("link") or ""
    if identity in shared:
        return _hashed(f"{identity}\n{link}")
    key = identity or link
    if not key:
        stamp = next((str(entry[name]) for name in ("published", "updated", "created") if name in entry), "")
        return _hashed(f"{title}\n{stamp}")
    return key if len(key) <= LONGEST_KEY and key.isprintable() else _hashed(key)


def _hashed(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _link(entry: Mapping[str, Any]) -> str | None:
    try:
        return clean_link(urljoin(FEED.url, entry["link"])) if entry.get("link") else None
    except ValueError:
        return None


def _published(entry: Mapping[str, Any]) -> datetime:
    for name in ("published_parsed", "updated_parsed", "created_parsed"):
        parsed = entry[name] if name in entry else None  # noqa: SIM401 - `get` would answer with another stamp
        try:
            moment = datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
        except (ValueError, OverflowError):
            continue
        if moment is not None and moment.year > 1970:  # noqa: PLR2004 - a clock that was never set
            return moment if moment <= NOW + timedelta(hours=1) else NOW
    return NOW


def apart(read: Callable[[bytes], Reading], body: bytes) -> Reading:
    """Read a body in a process that is ended at five seconds and 300 MB."""
    receiving, sending = os.pipe()
    child = os.fork()
    if not child:
        os.close(receiving)
        _read_within_limits(read, body, sending)
    os.close(sending)
    with os.fdopen(receiving, "rb") as stream:
        answer = stream.read()
    os.waitpid(child, 0)
    return pickle.loads(answer) if answer else Reading(exception="ended: over its time or memory")  # noqa: S301


def _read_within_limits(read: Callable[[bytes], Reading], body: bytes, sending: int) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF)
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (pages + MEGABYTES * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        reading = read(body)
    except Exception as error:  # noqa: BLE001 - what must not happen is counted
        reading = Reading(exception=repr(error)[:200])
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    used = (after.ru_maxrss - before.ru_maxrss) / 1024
    measured = Reading(reading.parser, reading.signs, reading.listed, reading.refusal, reading.exception, seconds, used)
    with os.fdopen(sending, "wb") as stream:
        pickle.dump(measured, stream)
    os._exit(0)


def files(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and bytes of each file of an archive."""
    with tarfile.open(archive) as opened:
        for member in opened:
            file = opened.extractfile(member) if member.isfile() else None
            if file is not None:
                yield member.name, file.read()


def timed(bodies: list[bytes], read: Callable[[bytes], object]) -> float:
    """Return the processor time in milliseconds that reading takes on average, the best of three rounds."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        for body in bodies:
            read(body)
        best = min(best, time.process_time() - start)
    return 1_000 * best / max(1, len(bodies))


def main() -> None:
    """Print the comparison."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("archive", nargs="?", type=Path, default=ARCHIVE)
    archive: Path = options.parse_args().archive
    if not archive.exists():
        sys.exit(f"{archive} is not here")
    warnings.simplefilter("ignore")
    readings: dict[str, tuple[Reading, Reading]] = {}
    real: list[bytes] = []
    for name, body in files(archive):
        readings[name] = apart(ours, body), apart(feedparser_alone, body)
        if len(body) > 20_000 and readings[name][0].parser and readings[name][1].parser:  # noqa: PLR2004
            real.append(body)
    report(readings)
    mean = sum(map(len, real)) / len(real) / 1_000
    print(f"\n{len(real)} feeds over 20 kB, {mean:.0f} kB on average, milliseconds of processor time each:")
    print(f"  ours, nothing known      {timed(real, lambda body: parse_feed(body, FEED, NOW)):6.2f}")
    known = {body: parse_feed(body, FEED, NOW).memory for body in real}
    print(f"  ours, all known          {timed(real, lambda body: parse_feed(body, FEED, NOW, '', known[body])):6.2f}")
    print(f"  feedparser alone         {timed(real, lambda body: feedparser.parse(io.BytesIO(body))):6.2f}")


def report(readings: Mapping[str, tuple[Reading, Reading]]) -> None:
    """Print what came of the files."""
    mine = {name: pair[0] for name, pair in readings.items()}
    read = {name: one for name, one in mine.items() if one.parser}
    theirs = {name: alone for name, (_, alone) in readings.items() if alone.parser}
    both = [name for name in theirs if name in read]
    differing = [name for name in both if read[name].signs != theirs[name].signs]
    print(f"files                      {len(mine)}")
    print(f"read                       {len(read)}   {dict(Counter(one.parser for one in read.values()))}")
    print(f"exceptions                 {sum(bool(one.exception) for one in mine.values())}")
    print(f"read by feedparser alone   {len(theirs)}, {sum(bool(theirs[name].listed) for name in theirs)} with entries")
    print(f"  of these refused here    {len(theirs) - len(both)}")
    print(f"  equal                    {len(both) - len(differing)} of {len(both)}")
    for name in differing:
        print(f"  differs: {name}")
        for own, other in zip((*read[name].signs, None), (*theirs[name].signs, None), strict=False):
            if own != other:
                print(f"    ours {own}\n    feedparser {other}"[:600])
                break
    for reason, count in Counter(one.refusal for one in mine.values() if one.refusal).most_common():
        print(f"refused {count:4}   {reason}")
    for name, one in mine.items():
        if one.exception:
            print(f"exception: {name}: {one.exception}")
    slowest = max(mine, key=lambda name: mine[name].seconds)
    largest = max(mine, key=lambda name: mine[name].megabytes)
    print(f"slowest                    {mine[slowest].seconds:.2f} s   {slowest}")
    print(f"most memory                {mine[largest].megabytes:.0f} MB   {largest}")


if __name__ == "__main__":
    main()
