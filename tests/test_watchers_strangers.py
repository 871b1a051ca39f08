"""What servers add is read by the fetcher that trusts no private host, and by no other."""

from __future__ import annotations

from pathlib import Path

from storage.engine import open_database
from storage.migrate import upgrade
from tests.driven_feeds import A_FEED, MERIDIAN
from tests.factories import MONDAY_NOON, an_outlet
from tests.fakes import FakeClock, ScriptedFetcher
from watchers.feed_model import GuildFeedWish
from watchers.feed_watcher import FeedWatcher
from watchers.ports import UnitOfWork
from watchers.reading import ArticleReader
from watchers.workers import SameProcess

PUBLIC = "https://lantern.example/rss"


async def test_only_the_operators_feeds_reach_hosts_that_the_operator_trusts(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    upgrade(url)
    database = open_database(url)

    def follow(work: UnitOfWork) -> None:
        work.feeds.follow([an_outlet("The Lantern", PUBLIC)], MONDAY_NOON)
        wish = GuildFeedWish(10, MERIDIAN, "The Meridian", "en", "UTC", full_text=False, added_by=7)
        work.guild_feeds.add(wish, MONDAY_NOON)

    await database.transact(follow)
    trusted, guarded = ScriptedFetcher({PUBLIC: A_FEED}), ScriptedFetcher({MERIDIAN: A_FEED})
    workers, clock = SameProcess(ArticleReader(())), FakeClock()
    report = await FeedWatcher(database, trusted, workers, clock, guarded=guarded).poll_due()
    database.close()
    assert (trusted.asked, guarded.asked) == ([PUBLIC], [MERIDIAN])
    assert report.failures == ()
