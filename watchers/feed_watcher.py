"""Watches the feeds: fetch what is due, read what is new, decide who is told, commit once per article.

Nothing is decided from memory. An article is stored together with its statements, the changes to follow-ups and
the alerts they set off; the outcome of a poll is stored last. A crash in between makes the feed be read again, and
the keys of articles and alerts keep anything from being doubled.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from config.catalogue import Topic
from watchers import duplicates
from watchers.alerts import NEWS_LASTS, all_reminders, notices, notices_of_move
from watchers.audience import GuildTopic
from watchers.ending import tidy, weigh_article
from watchers.feed_model import Entry, FeedState, Fetched
from watchers.feeds import fulltext
from watchers.feeds.pace import next_poll
from watchers.feeds.parse import ParsedFeed, parse_feed
from watchers.joining import is_for_others, join, recognise, said_best
from watchers.marks import marks_of
from watchers.matcher.match import read_item
from watchers.matcher.nations import countries_in, country_of
from watchers.matcher.queries import Node, Passage, QueryError, QueryIndex, parse
from watchers.matcher.topics import TopicIndex, words_near
from watchers.model import Article, FollowUp, Statement, Telling, Told
from watchers.ports import Clock, Fetcher, FetchError, Store, UnitOfWork
from watchers.resolutions import News, read_news

AT_ONCE = 8
"""Feeds polled side by side."""
MOST_FEEDS = 500
"""Feeds taken on in one tick; the others are the longest overdue at the next."""
MOST_PAGES = 20
"""Pages fetched for full texts in one poll of a feed, so that a new feed does not bring a storm on its server."""

_SENTENCE_ENDS = (".", "!", "?", "…", ":", ";")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FeedNote:
    """One plain line about a feed."""

    outlet: str
    url: str
    line: str


@dataclass(frozen=True, slots=True)
class PollReport:
    """What a round of polling did."""

    feeds: int = 0
    """Feeds asked, whatever they answered."""
    articles: int = 0
    """Articles stored for the first time."""
    statements: int = 0
    followups: int = 0
    """Follow-ups opened."""
    merged: int = 0
    """Statements that repeat a known follow-up."""
    suggested: int = 0
    """Sure suggestions of how follow-ups ended."""
    failures: tuple[FeedNote, ...] = ()
    """Feeds or articles that could not be read, and why."""
    notes: tuple[FeedNote, ...] = ()
    """What was wrong with feeds that could be read all the same."""

    def __add__(self, other: PollReport) -> PollReport:
        """Return both reports as one."""
        return PollReport(
            self.feeds + other.feeds,
            self.articles + other.articles,
            self.statements + other.statements,
            self.followups + other.followups,
            self.merged + other.merged,
            self.suggested + other.suggested,
            self.failures + other.failures,
            self.notes + other.notes,
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement as it is told, with the topics it is about."""

    telling: Telling
    topics: tuple[str, ...]


class FeedWatcher:
    """Polls the feeds that are due and turns their new articles into follow-ups and alerts."""

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        clock: Clock,
        topics: Sequence[Topic],
        *,
        interval: timedelta = timedelta(minutes=15),
        read: Callable[[str, date], Sequence[Statement]] = read_item,
    ) -> None:
        """Watch over the feeds in `store`, each every `interval`; `read` finds the statements of a text."""
        self._store = store
        self._fetcher = fetcher
        self._clock = clock
        self._topics = TopicIndex(topics)
        self._own_topics = QueryIndex({})
        self._own_topics_state = 0
        self._interval = interval
        self._read = read

    async def poll_due(self) -> PollReport:
        """Poll every feed whose time has come; return what that brought.

        A feed or article that fails is reported and stops no other; only a failing store raises.
        """
        now = self._clock.now()
        due = await self._store.look(lambda work: work.feeds.due(now, MOST_FEEDS))
        if due:
            await self._learn_own_topics()
        places = asyncio.Semaphore(AT_ONCE)

        async def poll(feed: FeedState) -> PollReport:
            async with places:
                return await self._poll(feed)

        outcomes = await asyncio.gather(*(poll(feed) for feed in due), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        await tidy(self._store, now.date())
        return sum((outcome for outcome in outcomes if isinstance(outcome, PollReport)), PollReport())

    async def _learn_own_topics(self) -> None:
        """Take note of the topics that servers wrote or changed since the last round."""
        known = self._own_topics_state
        self._own_topics_state, topics = await self._store.look(lambda work: work.guilds.all_topics(known))
        if self._own_topics_state != known:
            self._own_topics = own_index(topics)

    async def _poll(self, feed: FeedState) -> PollReport:
        """Ask one feed, read what is new, and record how it went last of all."""
        try:
            fetched = await self._fetcher.fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified)
            parsed, body_hash = await self._parse(feed, fetched)
        except FetchError as error:
            return await self._fail(feed, error)
        except Exception as error:  # noqa: BLE001 - a fault in reading one feed must not cost the others
            _log.exception("The feed %s could not be read", feed.url)
            return await self._fail(feed, FetchError(f"the feed could not be read ({type(error).__name__})"))
        report = PollReport(feeds=1)
        if parsed is not None:
            notes = tuple(FeedNote(feed.outlet, feed.url, line) for line in parsed.problems)
            report += PollReport(notes=notes) + await self._take_in(feed, parsed)
        if report.failures:
            # Without these the server sends the feed anew, and what could not be stored is tried again.
            fetched, body_hash = replace(fetched, etag=None, last_modified=None), None
        await self._record(
            feed,
            etag=fetched.etag,
            last_modified=fetched.last_modified,
            body_hash=body_hash,
            again=next_poll(self._clock.now(), interval=self._interval, failures=0, url=feed.url),
        )
        return report

    async def _fail(self, feed: FeedState, error: FetchError) -> PollReport:
        """Record why a feed could not be read, and when to try again."""
        _log.warning("%s (%s): %s", feed.outlet, feed.url, error.reason)
        again = next_poll(
            self._clock.now(),
            interval=self._interval,
            failures=feed.failures + 1,
            url=feed.url,
            retry_after=error.retry_after,
        )
        await self._record(
            feed,
            etag=feed.etag,
            last_modified=feed.last_modified,
            body_hash=feed.body_hash,
            again=again,
            error=error.reason,
        )
        return PollReport(feeds=1, failures=(FeedNote(feed.outlet, feed.url, error.reason),))

    async def _record(
        self,
        feed: FeedState,
        *,
        etag: str | None,
        last_modified: str | None,
        body_hash: str | None,
        again: datetime,
        error: str | None = None,
    ) -> None:
        outcome = PollOutcome(feed.id, etag, last_modified, body_hash, self._clock.now(), again, error)
        await self._store.transact(lambda work: work.feeds.record(outcome))

    async def _parse(self, feed: FeedState, fetched: Fetched) -> tuple[ParsedFeed | None, str | None]:
        """Return the feed's entries and the hash of its body; no entries where nothing has changed."""
        if fetched.body is None:
            return None, feed.body_hash
        body_hash = hashlib.sha256(fetched.body).hexdigest()
        if body_hash == feed.body_hash:
            return None, body_hash
        now = self._clock.now()
        return await asyncio.to_thread(parse_feed, fetched.body, feed, now, fetched.content_type), body_hash

    async def _take_in(self, feed: FeedState, parsed: ParsedFeed) -> PollReport:
        """Read and store the articles not seen before, the oldest first."""
        keys = [entry.article.key for entry in parsed.entries]
        unseen = await self._store.look(lambda work: work.articles.unseen(feed.id, keys))
        fresh = [entry for entry in parsed.entries if entry.article.key in unseen]
        pages = self._pages_wanted(feed, fresh)
        report = PollReport()
        for entry in reversed(fresh):
            article = entry.article
            if article.key in pages:
                article = await fulltext.complete(article, self._fetcher)
            report += await self._take_in_article(feed, article)
        return report

    def _pages_wanted(self, feed: FeedState, fresh: Sequence[Entry]) -> frozenset[str]:
        """Return the keys of the summaries whose page is worth a visit: recent ones, the newest first."""
        if not feed.full_text:
            return frozenset()
        horizon = self._clock.now() - NEWS_LASTS
        summaries = [one.article for one in fresh if one.is_summary and one.article.published >= horizon]
        return frozenset(article.key for article in summaries[:MOST_PAGES])

    async def _take_in_article(self, feed: FeedState, article: Article) -> PollReport:
        """Read one article and store all it brings in one transaction; without statements where it cannot be read."""
        failures: tuple[FeedNote, ...] = ()
        findings: tuple[Finding, ...] = ()
        news: News | None = None
        try:
            findings, news = await asyncio.to_thread(self._read_through, article)
        except Exception as error:  # noqa: BLE001 - a fault in reading one article must not cost the others
            failures = (_article_failure(feed, article, "read", error),)
        now = self._clock.now()
        store = partial(store_article, feed_id=feed.id, article=article, findings=findings, news=news, now=now)
        try:
            return replace(await self._store.transact(store), failures=failures)
        except Exception as error:  # noqa: BLE001 - a database that is down shows when the poll itself is recorded
            return PollReport(failures=(*failures, _article_failure(feed, article, "stored", error)))

    def _read_through(self, article: Article) -> tuple[tuple[Finding, ...], News]:
        """Return what an article says of the future, and what it tells as news of what was said before."""
        text = reading_text(article)
        statements = self._read(text, article.day)
        findings = tuple(self._finding(article, statement, text) for statement in statements)
        return findings, read_news(text, article.day, statements)

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
        own = self._own_topics.holding(passage_of(statement, article.title, text, telling.countries))
        return Finding(telling, (*self._topics.topics_of(statement, article.title, text), *own))


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


def own_index(topics: Iterable[GuildTopic]) -> QueryIndex:
    """Return the topics that servers wrote, ready to be asked; one that can no longer be read is left out."""
    queries: dict[str, Node] = {}
    for topic in topics:
        try:
            queries[topic.id] = parse(topic.wish.query)
        except QueryError as error:
            _log.warning("the topic %s of server %d is not read: %s", topic.id, topic.wish.guild_id, error)
    return QueryIndex(queries)


def _article_failure(feed: FeedState, article: Article, what: str, error: Exception) -> FeedNote:
    _log.error("The article %r of %s could not be %s", article.key, feed.url, what, exc_info=error)
    line = f"the article “{article.title[:80]}” could not be {what} ({type(error).__name__})"
    return FeedNote(feed.outlet, feed.url, line)


def reading_text(article: Article) -> str:
    """Return what is read of an article: its headline as a sentence of its own, then its text."""
    return _read_together(article.title, article.text)


def _read_together(title: str, text: str) -> str:
    if not title or not text:
        return title or text
    stop = "" if title.endswith(_SENTENCE_ENDS) else "."
    return f"{title}{stop}\n\n{text}"


def store_article(
    work: UnitOfWork,
    *,
    feed_id: int,
    article: Article,
    findings: Sequence[Finding],
    news: News | None = None,
    now: datetime,
) -> PollReport:
    """Store an article with all it sets off; nothing where the feed has shown it before.

    `news` is the article read for how follow-ups ended; None: it could not be read.
    """
    article_id = work.articles.add(feed_id, article, now)
    if article_id is None:
        return PollReport()
    topics = {finding.telling: finding.topics for finding in findings}

    def known(telling: Telling) -> bool | None:
        return False if _retell(work, article_id, Finding(telling, topics[telling]), now=now) else None

    def opened(telling: Telling) -> bool:
        _open(work, article_id, Finding(telling, topics[telling]), now=now)
        return True

    new = sum(duplicates.in_turn([finding.telling for finding in findings], known, opened))
    sure = weigh_article(work, article_id, article, news, now) if news is not None else 0
    merged = len(findings) - new
    return PollReport(articles=1, statements=len(findings), followups=new, merged=merged, suggested=sure)


def _open(work: UnitOfWork, article_id: int, finding: Finding, *, now: datetime) -> None:
    """Open a follow-up, and tell those who want to hear."""
    followup = work.followups.open(article_id, finding.telling, finding.topics)
    _tell(work, followup, finding.telling, known=(), now=now)


def _retell(work: UnitOfWork, article_id: int, finding: Finding, *, now: datetime) -> bool:
    """Tell a known follow-up again, and those who want to hear; return whether there is one."""
    telling = finding.telling
    feed_id = work.articles.scope_of(article_id)
    match = recognise(work, telling, feed_id)
    if match is None:
        return False
    if is_for_others(match, feed_id):
        return True
    parts = [one for number in (match.followup.id, *match.also) if (one := work.followups.get(number)) is not None]
    known = parts[0]
    for other in parts[1:]:
        known = join(work, known.id, other.id, now) or known
    best = match.better if len(parts) == 1 else said_best((*known.tellings, telling)) is telling
    followup = work.followups.retell(known.id, article_id, telling, finding.topics, best=best)
    if telling.outlet not in known.outlets or (known.quote, known.due) != (followup.quote, followup.due):
        work.outbox.reword(known.id)
    _tell(work, followup, telling, known=parts, moved=match.moved is not None and best, now=now)
    return True


def _tell(
    work: UnitOfWork,
    followup: FollowUp,
    telling: Telling,
    *,
    known: Sequence[FollowUp],
    moved: bool = False,
    now: datetime,
) -> None:
    """Put alerts into the outbox, follow-ups into baskets, and plan the reminders.

    `known` is the follow-up as it was: nothing where it is new, several where this telling joined them.
    """
    wanting = work.subscriptions.wanting(followup)
    cases = work.cases.by_guild(followup.id, {one.wish.guild_id for one in wanting})
    told = [notices(followup, telling, wanting, known=known, now=now)]
    if moved:
        before = work.outbox.told(followup.id)
        told.append(notices_of_move(followup, telling, wanting, cases=cases, told=before, now=now))
    for each in told:
        for alert in each.alerts:
            work.outbox.put(alert, now)
        for subscription_id in each.gatherings:
            work.subscriptions.gather(subscription_id, followup.id)
    reminders = all_reminders(followup, wanting, cases, now)
    if any(one.due != followup.due for one in known):
        work.reminders.replan(followup.id, reminders)
    else:
        work.reminders.plan(reminders)
