"""An article read: what it says of the future, and what it tells as news of what was said before.

Pure, and done in another process (see workers.py): it is most of what an article costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from config.catalogue import Topic
from watchers.marks import marks_of
from watchers.matcher.match import read_item
from watchers.matcher.nations import countries_in, country_of
from watchers.matcher.queries import Passage
from watchers.matcher.topics import TopicIndex, words_near
from watchers.model import Article, Statement, Telling, Told
from watchers.resolutions import read_news
from watchers.sealed_news import SealedNews, sealed

_SENTENCE_ENDS = (".", "!", "?", "…", ":", ";")


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement as it is told, with the topics it is about."""

    telling: Telling
    topics: tuple[str, ...]
    passage: Passage
    """What the topics that servers wrote are asked of."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an article holds."""

    findings: tuple[Finding, ...]
    news: SealedNews


class ArticleReader:
    """Reads articles by the catalogue's topics."""

    def __init__(self, topics: Sequence[Topic], read: Callable[[str, date], Sequence[Statement]] = read_item) -> None:
        """Read for `topics`; `read` finds the statements of a text."""
        self._topics = TopicIndex(topics)
        self._read = read

    def read_through(self, article: Article) -> Reading:
        """Return what an article says."""
        text = reading_text(article)
        statements = self._read(text, article.day)
        findings = tuple(self._finding(article, statement, text) for statement in statements)
        return Reading(findings, sealed(read_news(text, article.day, statements)))

    def _finding(self, article: Article, statement: Statement, text: str) -> Finding:
        telling = Telling(
            outlet=article.outlet,
            url=article.url,
            title=article.title,
            statement=statement,
            published=article.published,
            day=article.day,
            marks=marks_of(statement, title=article.title, text=text),
            countries=countries_of(statement, text),
        )
        topics = self._topics.topics_of(statement, article.title, text)
        return Finding(telling, topics, passage_of(statement, article.title, text, telling.countries))


def read_article(reader: ArticleReader, article: Article) -> Reading:
    """Read an article, as a job for a worker."""
    return reader.read_through(article)


def rehearse(reader: ArticleReader) -> None:
    """Read an article once, so that all that the matcher looks up in later ones is loaded."""
    day = date(2026, 3, 2)
    text = (
        "Norland will withdraw its troops from the border of Sudria by Friday, its foreign minister Ane Holt said on "
        "Monday. The parties must sign the accord within two weeks, or sanctions follow. Ostmark met the deadline that "
        "the council had set for last month, and postponed the talks to 20 April, or until after Ramadan."
    )
    reader.read_through(Article("rehearsal", "", None, "Norland promises", text, datetime(2026, 3, 2, tzinfo=UTC), day))


def countries_of(statement: Statement, text: str) -> tuple[str, ...]:
    """Return the country a statement's speaker speaks for, where one is known, and those that its quote names."""
    speaks = country_of(statement.speaker, text)
    return tuple(dict.fromkeys((*((speaks,) if speaks else ()), *countries_in(statement.quote))))


def passage_of(statement: Statement, title: str, text: str, countries: Iterable[str]) -> Passage:
    """Return what the topics that servers wrote are asked of."""
    return Passage(words_near(statement, title, text), statement.speaker, frozenset(countries))


def passage_told(told: Told) -> Passage:
    """Return the same of a telling that is stored, with the article it was read in."""
    telling = told.telling
    return passage_of(telling.statement, telling.title, _read_together(telling.title, told.text), telling.countries)


def reading_text(article: Article) -> str:
    """Return what is read of an article: its headline as a sentence of its own, then its text."""
    return _read_together(article.title, article.text)


def _read_together(title: str, text: str) -> str:
    if not title or not text:
        return title or text
    stop = "" if title.endswith(_SENTENCE_ENDS) else "."
    return f"{title}{stop}\n\n{text}"
