"""The articles read so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from storage.columns import storable
from storage.inserting import insert_unless_known
from storage.loading import telling_of
from storage.tables import articles, tellings
from watchers.model import Article, Told


class SqlArticles:
    """The table `articles`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def unseen(self, feed_id: int, keys: Sequence[str]) -> frozenset[str]:
        """Return those of `keys` that this feed has not shown before."""
        query = select(articles.c.key).where(articles.c.feed_id == feed_id, articles.c.key.in_(keys))
        seen = set(self._connection.scalars(query))
        return frozenset(key for key in keys if storable(key) not in seen)

    def add(self, feed_id: int, article: Article, seen_at: datetime) -> int | None:
        """Store an article; return its id, or None where the feed's key is known already."""
        row = {
            "feed_id": feed_id,
            "key": article.key,
            "outlet": article.outlet,
            "url": article.url,
            "title": article.title,
            "body": article.text,
            "published": article.published,
            "day": article.day,
            "seen_at": seen_at,
        }
        new = insert_unless_known(self._connection, articles, "feed_id", "key").returning(articles.c.id)
        return self._connection.scalars(new, row).one_or_none()

    def told_since(self, since: datetime, limit: int) -> Sequence[Told]:
        """Return what was read in articles published since then, the latest `limit` of it, the newest first."""
        latest = select(tellings).order_by(tellings.c.id.desc()).limit(limit).subquery()
        read = select(latest, articles.c.body).join(articles, articles.c.id == latest.c.article_id)
        rows = self._connection.execute(read.where(latest.c.published >= since).order_by(latest.c.id.desc()))
        return [Told(row.followup_id, telling_of(row), row.body) for row in rows]
