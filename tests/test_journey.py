"""Three real articles on one day's diplomacy, from their feeds to one alert for each follow-up.

The articles lie beside the checkout and are not part of it; without them this is skipped.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from html import escape
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from config.catalogue import Outlet, load_catalogue
from config.settings import load_settings
from tests import openapi
from tests.discord_world import World, discord_world, text_of
from tests.factories import a_wish
from tests.loopback import LOOPBACK, FeedServer, Item, rss
from watchers.feeds.fetch import HttpFetcher
from watchers.followup_index import FollowUpIndex
from watchers.marks import marks_of
from watchers.matcher.match import read_article
from watchers.model import FollowUp, Telling
from watchers.rating import CaseFilter

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "gold" / "seeds.jsonl"
BEGIN = datetime(2025, 4, 18, 6, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not SEEDS.exists(), reason="the three labelled articles are not beside the project")


def seeds() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SEEDS.read_text("utf-8").splitlines()]


class Newsroom:
    """The three outlets; nothing has appeared yet."""

    def __init__(self, server: FeedServer) -> None:
        self._server = server
        self.outlets = [
            Outlet(seed["outlet"], self._serve(seed["outlet"]), "en", "UTC", full_text=False) for seed in seeds()
        ]

    def publish(self) -> None:
        for seed in seeds():
            paragraphs = "".join(f"<p>{escape(part)}</p>" for part in seed["text"].split("\n") if part.strip())
            at = datetime.combine(date.fromisoformat(seed["date"]), time(9), UTC)
            link = f"https://news.example/{seed['id']}"
            self._serve(seed["outlet"], Item(seed["title"], paragraphs, at, seed["id"], link))

    def _serve(self, outlet: str, *items: Item) -> str:
        return self._server.serve(f"/{outlet}", rss(*items, title=outlet))


@pytest.fixture
async def newsroom() -> AsyncIterator[Newsroom]:
    async with FeedServer() as server:
        yield Newsroom(server)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, newsroom: Newsroom) -> AsyncIterator[World]:
    settings = load_settings({}, None)
    topics = load_catalogue(settings.topics_file, settings.outlets_file).topics
    async with (
        HttpFetcher(LOOPBACK) as fetcher,
        discord_world(
            tmp_path, monkeypatch, fetcher=fetcher, topics=topics, outlets=newsroom.outlets, start=BEGIN
        ) as there,
    ):
        yield there


async def read_all(world: World, newsroom: Newsroom) -> tuple[FollowUp, ...]:
    """Subscribe the channel, let the articles appear and be read on the second day; return what is tracked."""
    await world.follow(
        a_wish(guild_id=world.guild.id, channel_id=world.channel.id, topic="ukraine-peace", lead_days=(1, 0, -1))
    )
    newsroom.publish()
    await world.pass_time(timedelta(days=1, hours=8))
    page = await world.database.look(lambda work: work.cases.page(CaseFilter(), None, BEGIN.date(), offset=0, limit=50))
    return tuple(case.followup for case in page.items)


async def test_the_seeds_are_exactly_their_labelled_follow_ups(world: World, newsroom: Newsroom) -> None:
    followups = await read_all(world, newsroom)
    assert len(followups) == 4
    number_of: defaultdict[str, set[int]] = defaultdict(set)
    outlets_of: defaultdict[str, set[str]] = defaultdict(set)
    for seed in seeds():
        for label in seed["items"]:
            number_of[label["group"]] |= {
                followup.id
                for followup in followups
                for telling in followup.tellings
                if telling.outlet == seed["outlet"] and label["quote"] in telling.statement.quote
            }
            outlets_of[label["group"]].add(seed["outlet"])
    assert sorted(map(len, number_of.values())) == [1, 1, 1, 1]
    assert len(set.union(*number_of.values())) == 4
    by_number = {followup.id: followup for followup in followups}
    for group, numbers in number_of.items():
        assert set(by_number[min(numbers)].outlets) == outlets_of[group]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_the_seeds_arrive_they_are_the_same_follow_ups(order: tuple[int, ...]) -> None:
    index = FollowUpIndex()
    numbers: defaultdict[str, set[int]] = defaultdict(set)
    for seed in (seeds()[position] for position in order):
        day = date.fromisoformat(seed["date"])
        for statement in read_article(seed["text"], day):
            marks = marks_of(statement, title=seed["title"], text=seed["text"])
            when = datetime.combine(day, time(9), UTC)
            number = index.place(Telling(seed["outlet"], None, seed["title"], statement, when, day, marks))
            (group,) = [label["group"] for label in seed["items"] if label["start"] == statement.start]
            numbers[group].add(number)
    in_the_end = [{index.number_of(number) for number in placed} for placed in numbers.values()]
    assert [len(each) for each in in_the_end] == [1, 1, 1, 1]
    assert len(set.union(*in_the_end)) == 4


async def test_each_follow_up_of_the_seeds_is_alerted_once_and_reminded_of(world: World, newsroom: Newsroom) -> None:
    followups = await read_all(world, newsroom)
    alerts = world.texts()
    assert len(alerts) == 4
    for followup in followups:
        (alert,) = [text for text in alerts if f"`#{followup.id}`" in text]
        assert followup.speaker is not None
        assert followup.speaker in alert
        assert all(outlet in alert for outlet in followup.outlets)

    listed = text_of((await world.analyst.slash(world.channel, "followups pending")).response)
    shown = [f"#{followup.id}" for followup in followups]
    assert [listed.index(number) for number in shown] == sorted(listed.index(number) for number in shown)

    await world.pass_time(timedelta(days=14))
    later = world.texts()[4:]
    for followup in followups:
        assert len([text for text in later if f"`#{followup.id}`" in text]) == 3
    assert len(later) == 12
    assert [fault for call in world.env.http_requests for fault in openapi.faults(call)] == []
