"""One feed's poll: ask for it, read what changed, and decide how it stands from now on."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable

from watchers.feed_model import FeedState, Fetched, Intake, ParsedFeed, Reason
from watchers.feeds.course import after_answer, after_failure
from watchers.feeds.identity import memory_of
from watchers.feeds.jobs import parse_body
from watchers.feeds.pace import Bounds
from watchers.intake import IntakeWriter, intake_of
from watchers.poll_report import FeedNote, PollReport, PollResult
from watchers.ports import Clock, Fetcher, FetchError, Store, StoreDownError, WorkEndedError, Workers
from watchers.turns import QuickPlaces

AT_HAND = 64
"""Feeds asked and parsed side by side, the slow ones aside: what has been fetched waits in memory to be parsed."""
SLOW = 1.0
"""Seconds after which a poll counts as slow."""
_KNOWN_BEFORE = 2_000
"""Articles by which a feed from before there were memories is told again."""

_log = logging.getLogger(__name__)


class _UnreadableError(FetchError):
    """What a feed answered with is none."""


class Poller:
    """Polls feeds, one at a call."""

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        workers: Workers[object],
        clock: Clock,
        bounds: Bounds,
        *,
        holder: str,
        guarded: Fetcher | None = None,
    ) -> None:
        """Fetch with `fetcher`, parse with `workers`, and store what that brought of feeds that `holder` has in hand.

        `guarded` fetches what servers added, and trusts no private host; None: `fetcher` does that too.
        """
        self._store = store
        self._fetcher = fetcher
        self._guarded = guarded or fetcher
        self._workers = workers
        self._clock = clock
        self._bounds = bounds
        self._writer = IntakeWriter(store, clock, holder)
        self._quick = QuickPlaces(AT_HAND, SLOW)

    async def poll(self, feed: FeedState, stored: Callable[[], None]) -> PollReport:
        """Ask a feed, and store its new articles with how it stands now; only a failing store raises.

        Nothing is stored of one that is in another's hands by then.
        `stored` is called once there are articles to be read.
        """
        try:
            async with self._quick.taken():
                intake, parsed = await self._ask(feed)
        except _UnreadableError as error:
            return await self._fail(feed, error, PollResult.UNREADABLE)
        except FetchError as error:
            return await self._fail(feed, error, PollResult.HELD if error.held else PollResult.UNREACHABLE)
        except Exception as error:  # noqa: BLE001 - a fault in reading one feed must not cost the others
            _log.exception("a feed could not be read", extra=_facts(feed))
            why = Reason("the feed could not be read ({error})", error=type(error).__name__)
            return await self._fail(feed, FetchError(why), PollResult.UNREADABLE)
        try:
            kept = await self._writer.store(intake)
        except StoreDownError:
            raise
        except Exception as error:
            if not intake.articles:
                raise
            _log.exception("what a feed brought could not be stored", extra=_facts(feed))
            why = Reason("what it brought could not be stored ({error})", error=type(error).__name__)
            return await self._fail(feed, FetchError(why), PollResult.UNREADABLE)
        if not kept:
            _log.info("a feed took so long that another asks it now", extra=_facts(feed))
            return PollReport(feeds=1)
        if intake.articles:
            stored()
        notes = tuple(FeedNote(feed.outlet, feed.url, str(line)) for line in parsed.problems) if parsed else ()
        result = PollResult.UNCHANGED if parsed is None else PollResult.CHANGED
        return PollReport(feeds=1, results=(result,), notes=notes)

    async def _ask(self, feed: FeedState) -> tuple[Intake, ParsedFeed | None]:
        """Return what a feed brought, and what its body holds; None where it has not changed."""
        # Hosts that the operator trusts are for the operator's feeds: what a stranger names never reaches them.
        fetcher = self._fetcher if feed.public else self._guarded
        fetched = await fetcher.fetch(feed.address, etag=feed.etag, last_modified=feed.last_modified)
        body_hash = feed.body_hash if fetched.body is None else hashlib.sha256(fetched.body).hexdigest()
        if fetched.body is None or body_hash == feed.body_hash:
            after = after_answer(feed, fetched, None, body_hash, now=self._clock.now(), bounds=self._bounds)
            return Intake(feed, after), None
        parsed = await self._parse(feed, fetched, fetched.body)
        now = self._clock.now()
        after = after_answer(feed, fetched, parsed, body_hash, now=now, bounds=self._bounds)
        return intake_of(feed, after, parsed, now), parsed

    async def _parse(self, feed: FeedState, fetched: Fetched, body: bytes) -> ParsedFeed:
        memory = await self._memory(feed)
        now = self._clock.now()
        try:
            return await self._workers.run(parse_body, body, feed.source, now, fetched.content_type, memory)
        except (WorkEndedError, FetchError) as error:
            raise _UnreadableError(error.reason) from error

    async def _memory(self, feed: FeedState) -> bytes:
        if feed.last_success_at is None:
            return b""
        memory = await self._store.look(lambda work: work.feeds.memory(feed.id))
        if memory is not None:
            return memory
        return memory_of(await self._store.look(lambda work: work.articles.of_feed(feed.id, _KNOWN_BEFORE)))

    async def _fail(self, feed: FeedState, error: FetchError, result: PollResult) -> PollReport:
        """Record why a feed could not be read, and when to try again."""
        level = logging.INFO if error.held else logging.WARNING
        _log.log(
            level, "a feed gave nothing to read", extra={**_facts(feed), "result": result.value, "reason": str(error)}
        )
        after = after_failure(feed, error, now=self._clock.now(), bounds=self._bounds)
        await self._writer.store(Intake(feed, after))
        return PollReport(feeds=1, results=(result,), failures=(FeedNote(feed.outlet, feed.url, str(error)),))


def _facts(feed: FeedState) -> dict[str, object]:
    """Return what a log tells of a feed."""
    return {"feed": feed.id, "outlet": feed.outlet, "address": feed.address}
