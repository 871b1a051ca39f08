"""Two thousand distinct feeds of real size, made from the feeds that real outlets wrote.

    python benchmarks/feeds/corpus.py               # make them, and say what they are like

The sources are the whole feeds among `../shared/feeds.tar.xz`, each used as often as every other, so that formats,
encodings, markup and sizes are spread as they are there. A made feed has the beginning and end of one source, and
entries of it and of others that declare the same namespaces; each entry keeps its markup and text and gets an
identity, an address, a title and a stamp of its own. Their number is spread about 27 as their outlets' are.

The stamps lie within the last 66 hours, as a news outlet's do. Without this our first pass would have less to do than
others': it skips what is older than a few days as back pages, and peers store it all.

The same sources, number of feeds, seed and hour give the same bytes. They are kept in a temporary folder, found again
by a hash of what they were made from, for at most six hours.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from statistics import mean, quantiles
from xml.sax.saxutils import quoteattr

from benchmarks.feeds.rewriting import Identity, owned
from benchmarks.feeds.sources import Item, Kind, Source, read_sources
from benchmarks.material import SHARED, heading, missing

ARCHIVE = SHARED / "feeds.tar.xz"
FEEDS = 2_000
ENTRIES = 27
"""Mean number of entries."""
FEWEST, MOST = 3, 150
LEAN = 1.35
"""Sources with many entries are given more of them by this power, which brings the mean size to 100 kB."""
SPREAD = 0.35
"""How far numbers of entries made from one source lie apart: the standard deviation of their logarithm."""
OWN = 0.7
"""The share of entries that come from the source a feed begins and ends with."""
HOURS = 6
"""How long made feeds are kept; their newest entries are at most so old."""
OLDEST = timedelta(hours=60)
PACKING = 6
"""The level of gzip, zlib's own default."""

_NAME = "aide-memoire-feeds-"
_HTML = re.compile(rb"(?:&lt;|<)(?:p|a|br|img|div|span|em|ul)\b")


@dataclass(frozen=True, slots=True)
class Made:
    """A feed as it lies in the folder: `NUMBER.xml`, and packed as `NUMBER.xml.gz`."""

    number: int
    kind: Kind
    encoding: str
    entries: int
    size: int
    packed: int
    first: int
    """The byte at which its first entry begins."""
    cdata: int
    """Entries that hold CDATA."""
    html: int
    """Entries that hold HTML: escaped, in CDATA or as XHTML."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The feeds of a folder, by number."""

    folder: Path
    feeds: tuple[Made, ...]

    def path(self, number: int) -> Path:
        """Return where a feed lies."""
        return self.folder / f"{number}.xml"


def made_corpus(archive: Path = ARCHIVE, count: int = FEEDS, *, seed: int = 1, now: datetime | None = None) -> Corpus:
    """Return `count` feeds, made now where they do not lie in the temporary folder. `now`: None for the present."""
    moment = now or datetime.now(UTC)
    newest = moment.replace(hour=moment.hour // HOURS * HOURS, minute=0, second=0, microsecond=0)
    digest = hashlib.sha256(archive.read_bytes())
    for file in ("corpus.py", "rewriting.py", "sources.py"):
        digest.update(Path(__file__).with_name(file).read_bytes())
    digest.update(f"{count} {seed} {newest.isoformat()}".encode())
    place = Path(tempfile.gettempdir())
    folder = place / f"{_NAME}{digest.hexdigest()[:16]}"
    if not (folder / "feeds.json").is_file():
        _remove_stale(place)
        _make(read_sources(archive), folder, count, seed, newest)
    rows: list[dict[str, object]] = json.loads((folder / "feeds.json").read_text("utf-8"))
    return Corpus(folder, tuple(Made(**{**row, "kind": Kind(row["kind"])}) for row in rows))  # type: ignore[arg-type]


def _remove_stale(place: Path) -> None:
    for folder in place.glob(f"{_NAME}*"):
        if folder.stat().st_mtime < time.time() - HOURS * 3600:
            shutil.rmtree(folder, ignore_errors=True)


def _make(sources: Sequence[Source], folder: Path, count: int, seed: int, newest: datetime) -> None:
    folder.mkdir(exist_ok=True)
    rows = []
    for made, body in composed(sources, count, seed, newest):
        path = folder / f"{made.number}.xml"
        stamp = newest.timestamp()
        for file, content in ((path, body), (path.with_suffix(".xml.gz"), packed(body))):
            file.write_bytes(content)
            os.utime(file, (stamp, stamp))
        rows.append(asdict(made))
    (folder / "feeds.json").write_text(json.dumps(rows), "utf-8")


def packed(body: bytes) -> bytes:
    """Return a body as it travels."""
    return gzip.compress(body, PACKING, mtime=0)


def composed(sources: Sequence[Source], count: int, seed: int, newest: datetime) -> Iterator[tuple[Made, bytes]]:
    """Yield the feeds with their bodies; `newest` is no older than their newest entry."""
    chance = random.Random(seed)  # noqa: S311 - the same feeds each time, no secret
    mates = {source.name: _mates(source, sources) for source in sources}
    for number, (source, entries) in enumerate(_plan(sources, count, chance)):
        yield _composed(number, source, _drawn(source, mates[source.name], entries, chance), chance, newest)


def _plan(sources: Sequence[Source], count: int, chance: random.Random) -> Sequence[tuple[Source, int]]:
    """Return for each feed the source it is made after and its number of entries, `ENTRIES` in the mean."""
    turns: list[Source] = []
    while len(turns) < count:
        turns += chance.sample(sources, len(sources))
    sizes = [len(source.items) ** LEAN * chance.lognormvariate(0, SPREAD) for source in turns[:count]]
    factor, entries = 1.0, [ENTRIES]
    for _ in range(20):  # bounded numbers shift the mean, so it is approached
        entries = [min(max(round(size * factor), FEWEST), MOST) for size in sizes]
        factor *= ENTRIES / mean(entries)
    return list(zip(turns, entries, strict=False))


def _mates(source: Source, sources: Sequence[Source]) -> Sequence[Source]:
    """Return the other sources whose entries may stand in this one's feed."""
    return [
        other
        for other in sources
        if other is not source
        and other.kind is source.kind
        and other.encoding == source.encoding == "utf-8"
        and all(source.namespaces.get(name, space) == space for name, space in other.namespaces.items())
        and other.namespaces.get("xmlns") == source.namespaces.get("xmlns")
    ]


def _drawn(
    source: Source, mates: Sequence[Source], entries: int, chance: random.Random
) -> Sequence[tuple[Source, Item]]:
    """Return the entries of a feed: its source's in turn, and now and then another's."""
    own = cycle([(source, item) for item in chance.sample(source.items, len(source.items))])
    others = [(mate, item) for mate in mates for item in mate.items]
    return [chance.choice(others) if others and chance.random() > OWN else next(own) for _ in range(entries)]


def _composed(
    number: int, source: Source, drawn: Sequence[tuple[Source, Item]], chance: random.Random, newest: datetime
) -> tuple[Made, bytes]:
    ages = sorted(chance.uniform(0, OLDEST.total_seconds()) for _ in drawn)
    written = [
        owned(item, identity(number, place, newest - timedelta(seconds=round(age))))
        for place, ((_, item), age) in enumerate(zip(drawn, ages, strict=True))
    ]
    spaces = _further_spaces(source, {mate.name: mate for mate, _ in drawn})
    head = source.head[: source.root_end] + spaces + source.head[source.root_end :]
    head, entries, tail = (_encoded(part, source.encoding) for part in (head, b"\n".join(written), source.tail))
    body = head + entries + tail
    cdata, html = sum(b"<![CDATA[" in one for one in written), sum(_HTML.search(one) is not None for one in written)
    sizes = len(body), len(packed(body))
    return Made(number, source.kind, source.encoding, len(drawn), *sizes, len(head), cdata, html), body


def identity(number: int, place: int | str, stamp: datetime) -> Identity:
    """Return what the entry of a feed at a place (or of that name) is known by."""
    return Identity(address(number, place), f"({number}/{place})", stamp)


def address(number: int, place: int | str) -> str:
    """Return the address of that entry."""
    return f"https://outlet-{number}.example/news/{hashlib.sha256(f'{number} {place}'.encode()).hexdigest()[:20]}"


def _further_spaces(source: Source, mates: Mapping[str, Source]) -> bytes:
    """Return the namespaces that entries of others need and the source does not declare."""
    wanted = {name: space for mate in mates.values() for name, space in mate.namespaces.items()}
    return "".join(
        f" {name}={quoteattr(space)}" for name, space in sorted(wanted.items()) if name not in source.namespaces
    ).encode()


def _encoded(text: bytes, encoding: str) -> bytes:
    return text if encoding == "utf-8" else text.decode().encode(encoding, "xmlcharrefreplace")


def described(feeds: Sequence[Made]) -> Iterator[str]:
    """Yield lines on what the feeds are like."""
    sizes, entries = sorted(feed.size for feed in feeds), [feed.entries for feed in feeds]
    cuts = [sizes[0], *(round(cut) for cut in _cuts(sizes)), sizes[-1]]
    yield f"{len(feeds):,} feeds, {sum(sizes) / 1e6:,.0f} MB ({sum(f.packed for f in feeds) / 1e6:,.0f} MB packed)"
    yield f"  size: mean {mean(sizes) / 1e3:,.0f} kB; least, 5 %, 25 %, median, 75 %, 95 %, most: " + ", ".join(
        f"{cut / 1e3:,.0f}" for cut in cuts
    )
    yield f"  entries: {sum(entries):,}, mean {mean(entries):.1f}, {min(entries)} to {max(entries)} a feed"
    for name, counted in (("format", Counter(f.kind for f in feeds)), ("encoding", Counter(f.encoding for f in feeds))):
        shares = ", ".join(f"{one} {number / len(feeds):.1%}" for one, number in counted.most_common())
        yield f"  {name}: {shares}"
    cdata, html = (sum(some) / sum(entries) for some in zip(*((f.cdata, f.html) for f in feeds), strict=True))
    yield f"  entries with CDATA {cdata:.0%}, with HTML in texts {html:.0%}"


def _cuts(sizes: Sequence[int]) -> Sequence[float]:
    twentieths = quantiles(sizes, n=20)
    return [twentieths[place] for place in (0, 4, 9, 14, 18)]


def main() -> int:
    """Make the feeds and say what they are like; return 0."""
    heading("Feeds of real size")
    if missing(ARCHIVE, "Feeds of real size"):
        return 0
    corpus = made_corpus()
    print(f"In {corpus.folder}, made of {len(read_sources(ARCHIVE))} outlets' feeds:")
    print(*described(corpus.feeds), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
