"""The labelled texts that weights are learnt from and the matcher is judged by.

Four kinds: the labelled sets beside the checkout (`../shared/gold`); labels of ours for texts beside the checkout,
kept in `labels/` by offsets alone, because the texts are their publishers'; and, needing nothing else, invented
articles of our own (`articles/`) and the passages of `tests/corpus`. Labels follow the same page of definitions
throughout.
"""

from __future__ import annotations

import html
import json
import re
import tarfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.material import SHARED, stream
from tests.matcher_corpus import FOLDER, LEAD

HERE = Path(__file__).parent
_FOR_KINDS = HERE / "articles" / "kinds.jsonl"
READ_ON = date(2026, 3, 2)
"""The day of those passages that name none."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a passage of an article is: `statement`, `neutral` (of no account either way) or `nothing`."""

    start: int
    end: int
    dated: bool
    verdict: str
    kind: str | None
    time: tuple[int, int] | None
    """The characters of its time; None where undated."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One article with what is known of it."""

    source: str
    key: str
    day: date
    text: str
    judged: tuple[Judged, ...]
    complete: bool
    """Whether every statement of the article is labelled: what is not labelled is then nothing."""


def gold(name: str) -> Iterator[Labelled]:
    """Yield the articles of a labelled set beside the checkout: `seeds`, `train` or `dev`."""
    for row in _rows(SHARED / "gold" / f"{name}.jsonl"):
        yield _complete(name, row, row["text"])


def invented() -> Iterator[Labelled]:
    """Yield our own articles, those of `invented_for_kinds` aside."""
    for path in sorted((HERE / "articles").glob("*.jsonl")):
        for row in _rows(path) if path != _FOR_KINDS else ():
            yield _complete("invented", row, row["text"])


def invented_for_kinds() -> Iterator[Labelled]:
    """Yield our own articles that show kinds: as nearly every sentence states something, they teach nothing else."""
    for row in _rows(_FOR_KINDS):
        yield _complete("invented", row, row["text"])


def passages() -> Iterator[Labelled]:
    """Yield the passages of the tests' corpus."""
    for path in sorted(FOLDER.glob("*.toml")):
        if path.stem in {"speakers", "times"}:
            continue
        tables = tomllib.loads(path.read_text("utf-8"))
        for name, rows in tables.items():
            for number, row in enumerate(rows):
                yield _passage(f"{path.stem}-{name}-{number}", row, lead=name == "passage")


def _passage(key: str, row: dict[str, Any], *, lead: bool) -> Labelled:
    day = row.get("published", READ_ON)
    if "kind" not in row:
        return Labelled("passages", key, day, (LEAD if lead else "") + row["text"], (), complete=True)
    at = row["text"].find(row["time"]) if row.get("time") else -1
    time = (at, at + len(row["time"])) if at >= 0 else None
    judged = Judged(0, len(row["text"]), bool(row.get("time")), "statement", row["kind"], time)
    return Labelled("passages", key, day, row["text"], (judged,), complete=True)


def ours() -> Iterator[Labelled]:
    """Yield the texts beside the checkout that we labelled."""
    texts = {"clusters": _clusters, "temporal": _temporal, "stream": _stream, "events": _events}
    for name, read in texts.items():
        known = {key: (day, text) for key, day, text in read()}
        for row in _rows(HERE / "labels" / f"{name}.jsonl"):
            day, text = known[row["id"]]
            if "items" in row:
                yield _complete(name, {**row, "date": day}, text)
            else:
                yield Labelled(
                    name,
                    row["id"],
                    date.fromisoformat(day),
                    text,
                    tuple(map(_candidate, row["judged"])),
                    complete=False,
                )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _complete(source: str, row: dict[str, Any], text: str) -> Labelled:
    judged = tuple(_item(item) for item in row["items"])
    return Labelled(source, row["id"], date.fromisoformat(row["date"]), text, judged, complete=True)


def _item(item: dict[str, Any]) -> Judged:
    dated = item.get("due_end") is not None
    return Judged(
        item["start"],
        item["end"],
        dated,
        "neutral" if item.get("neutral") else "statement",
        item["kind"],
        (item["timex_start"], item["timex_end"]) if dated else None,
    )


def _candidate(row: dict[str, Any]) -> Judged:
    time = (row["start"], row["end"]) if row["dated"] else None
    return Judged(row["start"], row["end"], row["dated"], row["verdict"], row.get("kind"), time)


def _clusters() -> Iterator[tuple[str, str, str]]:
    with tarfile.open(SHARED / "clusters.tar.xz") as archive:
        for member in archive:
            found = archive.extractfile(member) if member.isfile() else None
            for row in json.load(found) if found is not None else ():
                text, title = row["text"], row["title"]
                yield row["id"], row["date"], text if text.startswith(title[:30]) else f"{title}\n\n{text}"


def _temporal() -> Iterator[tuple[str, str, str]]:
    with tarfile.open(SHARED / "temporal" / "tbaq.tar.xz") as archive:
        for member in archive:
            found = archive.extractfile(member) if member.name.endswith(".tml") else None
            if found is None:
                continue
            raw = found.read().decode("utf-8", "replace")
            made = re.search(r'<TIMEX3[^>]*functionInDocument="(?:CREATION_TIME|PUBLICATION_TIME)"[^>]*>', raw)
            day = re.search(r'value="(\d{4}-\d\d-\d\d)', made.group()) if made else None
            body = re.search(r"<TEXT>(.*?)</TEXT>", raw, re.DOTALL)
            if day and body:
                text = html.unescape(re.sub(r"<[^>]+>", "", body.group(1))).strip()
                paragraphs = [re.sub(r"\s+", " ", each).strip() for each in re.split(r"\n\s*\n", text)]
                joined = "\n\n".join(paragraphs) if "\n\n" in text else re.sub(r"[ \t]+", " ", text)
                yield Path(member.name).stem, day.group(1), joined


def _stream() -> Iterator[tuple[str, str, str]]:
    for item in stream():
        yield item.key, item.day.isoformat(), item.text


def _events() -> Iterator[tuple[str, str, str]]:
    for row in _rows(SHARED / "stream" / "events_2025.jsonl"):
        yield str(row["n"]), row["date"], row["text"]
