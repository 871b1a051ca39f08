"""`aide-memoire feedback export`: what people found wrong, in the form of the sets by which the reading is judged.

One article a line: `{"id", "date", "title", "outlet", "text", "items": […]}`. An item is a statement as it was read,
with its characters in `text` and, as `feedback`, what was said of it. Nobody is named: people are counted. Where an
article's text has been let go, `text` is its title with the quotes of its items.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from watchers.model import Statement
from watchers.rating import Complaint, Flaw
from watchers.reading import reading_text


def feedback_lines(complaints: Sequence[Complaint]) -> Iterator[str]:
    """Yield a JSON object for each article that somebody found fault with; `complaints` stand by article and place."""
    for article_id, of_article in groupby(complaints, key=lambda one: one.article_id):
        text, group = _placed(list(of_article))
        article = group[0].article
        line = {
            "id": f"article-{article_id}",
            "date": article.day.isoformat(),
            "title": article.title,
            "outlet": article.outlet,
            "text": text,
            "items": [
                _item(followup_id, list(same))
                for followup_id, same in groupby(group, key=lambda one: one.fault.followup_id)
            ],
        }
        yield json.dumps(line, ensure_ascii=False)


def _placed(complaints: Sequence[Complaint]) -> tuple[str, list[Complaint]]:
    """Return the text of one article, as far as it is still there, and the complaints with their places in it."""
    text = reading_text(complaints[0].article)
    placed: list[Complaint] = []
    for one in complaints:
        statement = one.statement
        if text[statement.start : statement.end] != statement.quote:
            if statement.quote not in text:
                text = f"{text}\n\n{statement.quote}"
            statement = _moved(statement, text.index(statement.quote) - statement.start)
        placed.append(replace(one, statement=statement))
    return text, placed


def _moved(statement: Statement, by: int) -> Statement:
    """Return a statement so many characters further on in its text."""
    timex = statement.timex
    moved = None if timex is None else replace(timex, start=timex.start + by, end=timex.end + by)
    return replace(statement, start=statement.start + by, end=statement.end + by, timex=moved)


def _item(followup_id: int, complaints: Sequence[Complaint]) -> dict[str, object]:
    """Return one statement with what was said of it."""
    statement = complaints[0].statement
    timex, due = statement.timex, statement.due
    return {
        "quote": statement.quote,
        "kind": statement.kind.value,
        "timex": timex.text if timex else None,
        "due_start": due.first.isoformat() if due else None,
        "due_end": due.last.isoformat() if due else None,
        "precision": statement.precision.value,
        "speaker": statement.speaker,
        "conditional": statement.conditional,
        "start": statement.start,
        "end": statement.end,
        "timex_start": timex.start if timex else None,
        "timex_end": timex.end if timex else None,
        "followup": followup_id,
        "feedback": _said(complaints),
    }


def _said(complaints: Sequence[Complaint]) -> list[dict[str, object]]:
    """Return the faults that people found, each once with how many found it; the most often found first."""
    counted = Counter((one.fault.what, one.fault.due) for one in complaints)
    said: list[dict[str, object]] = []
    for (what, due), people in counted.most_common():
        found: dict[str, object] = {"fault": what.value, "people": people}
        if what is Flaw.WRONG_DATE:
            found["due_start"] = due.first.isoformat() if due else None
            found["due_end"] = due.last.isoformat() if due else None
        said.append(found)
    return said
