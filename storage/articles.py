"""The articles read so far, and those that wait to be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, select, update

from storage.feeds import FEED, feed_of
from storage.inserting import insert_unless_known
from storage.leases import NO_LEASE, Leases, free
from storage.loading import telling_of
from storage.numbers import is_one_of, listed
from storage.retention import TEXT_IS_THERE, have_texts_before, let_go_of_texts
from storage.seeing import feeds_of, seen_with
from storage.tables import articles, feeds, followups, tellings
from watchers.feed_memory import Claim
from watchers.feed_model import Stage, Waiting
from watchers.model import Article, Told

_ARTICLE = (
    articles.c.key,
    articles.c.outlet.label("of_outlet"),
    articles.c.url.label("link"),
    articles.c.title,
    articles.c.body,
    articles.c.published,
    articles.c.day,
)
_READ = (
    update(articles)
    .where(is_one_of(articles.c.id, "some"), articles.c.waits_for.is_not(None))
    .values(waits_for=None, **NO_LEASE)
    .returning(articles.c.id)
)

_WAITING = (
    select(articles.c.id.label("article_id"), *_ARTICLE, *FEED)
    .join(feeds, feeds.c.id == articles.c.feed_id)
    .where(is_one_of(articles.c.id, "some"))
    .order_by(articles.c.id)
)


class SqlArticles(Leases):
    """The table `articles`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        super().__init__(connection, articles)
        self._connection = connection

    def of_feed(self, feed_id: int, limit: int) -> Sequence[Article]:
        """Return the latest `limit` articles of a feed, the newest first."""
        query = select(*_ARTICLE).where(articles.c.feed_id == feed_id).order_by(articles.c.id.desc()).limit(limit)
        return [_article(row) for row in self._connection.execute(query).mappings()]

    def add(self, new: Sequence[tuple[int, Article, Stage]], seen_at: datetime) -> int:
        """Store articles, each with its feed's id and what it waits for; return how many were new.

        An article whose key its feed has shown before is left as it was.
        """
        if not new:
            return 0
        rows = [
            {
                "feed_id": feed_id,
                "key": article.key,
                "outlet": article.outlet,
                "url": article.url,
                "title": article.title,
                "body": article.text,
                "published": article.published,
                "day": article.day,
                "seen_at": seen_at,
                "waits_for": stage.value,
            }
            for feed_id, article, stage in new
        ]
        unless_known = insert_unless_known(self._connection, articles, "feed_id", "key")
        return self._connection.execute(unless_known, rows).rowcount

    def take(self, stages: Sequence[Stage], claim: Claim, limit: int) -> Sequence[Waiting]:
        """Take articles in hand that are in nobody's, in the order of storing.

        They wait for the first of `stages` for which any do.
        """
        for stage in stages:
            waiting = select(articles.c.id).where(
                articles.c.waits_for == stage.value, articles.c.waits_for.is_not(None)
            )
            first = waiting.where(free(articles, claim.now)).order_by(articles.c.id).limit(limit)
            taken = self._connection.scalars(self.taking(first, claim).returning(articles.c.id)).all()
            if taken:
                rows = self._connection.execute(_WAITING, {"some": listed(taken)}).mappings()
                return [Waiting(row["article_id"], feed_of(row), _article(row), stage) for row in rows]
        return ()

    def complete(self, article_id: int, text: str | None, stage: Stage) -> None:
        """Let an article that waits for its page wait for `stage` from now on, in nobody's hands.

        It gets the whole text where there is one. One that waits for its page no more is left as it is.
        """
        values = {"waits_for": stage.value, **NO_LEASE} | ({} if text is None else {"body": text})
        waits = (articles.c.id == article_id, articles.c.waits_for == Stage.PAGE.value)
        self._connection.execute(update(articles).where(*waits).values(values))

    def text_at(self, url: str) -> str | None:
        """Return the longest text of an article with this address that waits for its page no more; None: none.

        One that was let go counts as none.
        Of public feeds alone: no server puts words under the addresses that others read.
        """
        done = articles.c.waits_for.is_(None) | (articles.c.waits_for != Stage.PAGE.value)
        query = select(articles.c.body).join(feeds).where(articles.c.url == url, done, TEXT_IS_THERE, feeds.c.public)
        return self._connection.scalars(query.order_by(func.length(articles.c.body).desc()).limit(1)).one_or_none()

    def read(self, article_ids: Sequence[int]) -> frozenset[int]:
        """Mark articles as read; return those that waited to be read until now."""
        return frozenset(self._connection.scalars(_READ, {"some": listed(article_ids)}))

    def told_since(self, guild_id: int, since: datetime, limit: int) -> Sequence[Told]:
        """Return what was read in articles published since then, the latest `limit` a server sees, the newest first."""
        seen = seen_with(followups.c.feed_id, feeds_of(self._connection, guild_id))
        newest = select(tellings).join(followups, followups.c.id == tellings.c.followup_id).where(seen)
        latest = newest.order_by(tellings.c.id.desc()).limit(limit).subquery()
        read = select(latest, articles.c.body).join(articles, articles.c.id == latest.c.article_id)
        rows = self._connection.execute(read.where(latest.c.published >= since).order_by(latest.c.id.desc()))
        return [Told(row.followup_id, telling_of(row), row.body) for row in rows]

    def have_texts_before(self, before: datetime) -> bool:
        """Tell whether there are articles stored before then whose texts have not been let go."""
        return have_texts_before(self._connection, before)

    def let_go_of_texts(self, before: datetime, limit: int) -> int:
        """Empty the texts of the next `limit` articles stored before then; return how many it came to.

        The oldest come first. One that waits to be read is passed: it keeps its text for good.
        """
        return let_go_of_texts(self._connection, before, limit)


def _article(row: RowMapping) -> Article:
    return Article(
        key=row["key"],
        outlet=row["of_outlet"],
        url=row["link"],
        title=row["title"],
        text=row["body"],
        published=row["published"],
        day=row["day"],
    )
