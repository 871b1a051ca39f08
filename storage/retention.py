"""The texts of old articles, let go in the order in which they were stored.

How far that has come stands in `states`, so that it takes one row to see whether there is more, however much is stored.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select, update

from storage.guild_tables import states
from storage.inserting import insert_unless_known
from storage.numbers import is_one_of, listed
from storage.tables import articles

_PASSED = "article texts let go"  # its value is the number of the last article that was passed
_LAST_PASSED = select(func.coalesce(func.max(states.c.value), 0)).where(states.c.name == _PASSED).scalar_subquery()
_AHEAD = select(articles.c.id, articles.c.seen_at).where(articles.c.id > _LAST_PASSED).order_by(articles.c.id)
_EMPTY = (
    update(articles)
    .where(is_one_of(articles.c.id, "some"), articles.c.waits_for.is_(None), articles.c.body != "")
    .values(body="")
)
TEXT_IS_THERE = (articles.c.body != "") | (articles.c.id > _LAST_PASSED)
"""Whether an article's text is what it was; one that never had any still tells so."""


def have_texts_before(connection: Connection, before: datetime) -> bool:
    """Tell whether the next article in turn was stored before then."""
    first = connection.execute(_AHEAD.limit(1)).one_or_none()
    return first is not None and first.seen_at < before


def let_go_of_texts(connection: Connection, before: datetime, limit: int) -> int:
    """Empty the texts of the next articles up to the first that was stored since; return how many were passed."""
    # Whoever locks this row first goes first, so that two processes pass no article twice, and none waits for ever.
    connection.execute(insert_unless_known(connection, states, "name").values(name=_PASSED, value=0))
    connection.execute(select(states.c.value).where(states.c.name == _PASSED).with_for_update())
    passed: list[int] = []
    for row in connection.execute(_AHEAD.limit(limit)):
        if row.seen_at >= before:
            break
        passed.append(row.id)
    if passed:
        connection.execute(_EMPTY, {"some": listed(passed)})
        connection.execute(update(states).where(states.c.name == _PASSED).values(value=passed[-1]))
    return len(passed)
