"""The texts of articles are let go after a while; what was read in them stays: follow-ups, tellings, quotes, titles.

It is done some at a time, so that nobody waits long to write, however much there is the first time; how far it has come
stands in the store.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from watchers.ports import Store, UnitOfWork

TOGETHER = 250
"""Articles whose texts are let go in one transaction: some hundredths of a second."""
AT_A_TURN = 5_000
"""Articles come to in one turn at most; the next goes on from there."""


def texts_kept_since(today: date, days: int) -> datetime | None:
    """Return from when on articles keep their texts for `days`, in UTC: a day's beginning, so that it stays for a day.

    None, where days are 0: all keep them for ever.
    """
    return datetime.combine(today - timedelta(days=days), time(), UTC) if days else None


async def let_go_of_texts(store: Store, now: datetime, days: int) -> int:
    """Empty the texts of articles that were stored before; return how many articles it came to.

    What still waits to be read keeps its text. Where there is nothing to do, nothing is written.
    """
    before = texts_kept_since(now.date(), days)
    if before is None or not await store.look(lambda work: work.articles.have_texts_before(before)):
        return 0
    seen, come_to = TOGETHER, 0
    while seen == TOGETHER and come_to < AT_A_TURN:
        seen = await store.transact(partial(_some, before=before), alone=False)
        come_to += seen
    return come_to


def _some(work: UnitOfWork, *, before: datetime) -> int:
    return work.articles.let_go_of_texts(before, TOGETHER)
