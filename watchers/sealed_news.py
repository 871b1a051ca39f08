"""News on its way from the process that read it: sentence by sentence, and opened only where a follow-up may be told.

Most sentences of most articles tell of nothing that is followed. To take them all in would cost the bot's own process
more than all else that it does with an article.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from dataclasses import dataclass, replace

from watchers.open_index import Asked, asked_by
from watchers.resolutions import News


@dataclass(frozen=True, slots=True)
class SealedNews:
    """An article read for outcomes, and what it asks the index of what is expected."""

    asked: Asked
    has_statements: bool
    frame: bytes
    """The article without its sentences."""
    sentences: tuple[bytes, ...]

    def of(self, sentences: Iterable[int]) -> News:
        """Return the article with some of its sentences alone, as `News.of` does."""
        frame: News = pickle.loads(self.frame)  # noqa: S301 - sealed by ourselves
        return replace(frame, sentences=tuple(pickle.loads(self.sentences[each]) for each in sentences))  # noqa: S301


def sealed(news: News) -> SealedNews:
    """Return news ready to be sent."""
    frame, *sentences = (
        pickle.dumps(part, pickle.HIGHEST_PROTOCOL) for part in (replace(news, sentences=()), *news.sentences)
    )
    return SealedNews(asked_by(news), bool(news.statements), frame, tuple(sentences))
