"""`aide-memoire feedback export`: what people found wrong, in the form of the sets by which the reading is judged.

One article a line: `{"id", "date", "title", "outlet", "text", "items": […]}`. An item is a statement as it was read,
with its characters in `text` and, as `feedback`, what was said of it. Nobody is named: people are counted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from watchers.rating import Complaint, Flaw
from watchers.reading import reading_text


def feedback_lines(complaints: Sequence[Complaint]) -> Iterator[str]:
    """Yield a JSON object for each article that somebody found fault with; `complaints` stand by article and place."""
    for article_id, of_article in groupby(complaints, key=lambda one: one.article_id):
        group = list(of_article)
        article = group[0].article
        line = {
            "id": f"article-{article_id}",
            "date": article.day.isoformat(),
            "title": article.title,
            "outlet": article.outlet,
            "text": reading_text(article),
            "items": [
                _item(followup_id, list(same))
                for followup_id, same in groupby(group, key=lambda one: one.fault.followup_id)
            ],
        }
        yield json.dumps(line, ensure_ascii=False)


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
