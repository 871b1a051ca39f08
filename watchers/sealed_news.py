"""News on its way from the process that read it, opened only where a follow-up may be told of.

Many articles tell of nothing that is followed. To take them in whole would cost the bot's own process more than all
else that it does with an article.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass

from watchers.open_index import Asked, asked_by
from watchers.resolutions import News


@dataclass(frozen=True, slots=True)
class SealedNews:
    """An article read for outcomes, and what it asks the index of what is expected."""

    asked: Asked
    has_statements: bool
    packed: bytes

    def opened(self) -> News:
        """Return the article."""
        news: News = pickle.loads(self.packed)  # noqa: S301 - sealed by ourselves
        return news


def sealed(news: News) -> SealedNews:
    """Return news ready to be sent."""
    return SealedNews(asked_by(news), bool(news.statements), pickle.dumps(news, pickle.HIGHEST_PROTOCOL))
