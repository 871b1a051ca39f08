"""The small web server: secret addresses that answer, and nothing else that does."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from icalendar import Calendar

from bot.errors import StartError
from bot.pulse import Pulse
from bot.services import Services
from bot.web import ATOM, CALENDAR, JSON, addresses, serving
from config.catalogue import Catalogue
from config.settings import SettingsError, WebSettings, load_settings
from storage.engine import Database, open_database
from tests.child_bot import ChildBot
from tests.factories import MONDAY_NOON, a_topic
from tests.fakes import FakeClock
from tests.loopback_discord import LoopbackDiscord
from tests.migrated import new_database
from tests.storing import days, opened, telling
from watchers.audience import Guild, LocalHour, Share
from watchers.ports import UnitOfWork
from watchers.rating import Outcome, RatingWish

HERE = 10
TOKEN = "a-secret-that-nobody-can-guess-43-characters"
PUBLIC = "https://news.example"


@dataclass
class Web:
    """A running server and a client of it."""

    database: Database
    clock: FakeClock
    base: str
    client: aiohttp.ClientSession

    async def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes, Mapping[str, str]]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.request(method, f"{self.base}{path}", headers=named) as answer:
            return answer.status, await answer.read(), answer.headers

    async def share(self, token: str = TOKEN, guild_id: int = HERE, topic: str = "*") -> str:
        share = Share(token, guild_id, topic, 7)
        await self.database.transact(lambda work: work.shares.open(share, MONDAY_NOON))
        return f"/s/{token}/"


@asynccontextmanager
async def a_web(tmp_path: Path) -> AsyncIterator[Web]:
    url = new_database(tmp_path / "bot.db")
    database, clock = open_database(url), FakeClock()
    catalogue = Catalogue((a_topic("norland", "Norland"),), ())
    services = Services(database, clock, catalogue, LocalHour(ZoneInfo("UTC"), 8), PUBLIC)
    try:
        async with (
            serving(services, WebSettings("127.0.0.1", 0, PUBLIC), Pulse(database, clock)) as port,
            aiohttp.ClientSession() as client,
        ):
            yield Web(database, clock, f"http://127.0.0.1:{port}", client)
    finally:
        database.close()


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Web]:
    async with a_web(tmp_path) as there:
        yield there


async def test_a_share_is_read_as_calendar_and_as_feeds(web: Web) -> None:
    await opened(web.database, telling("Norland will leave the port.", due=days(2, 9)))
    place = await web.share()
    status, body, headers = await web.get(place + CALENDAR)
    assert (status, headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert [entry["SUMMARY"] for entry in Calendar.from_ical(body).walk("VEVENT")] == ["Norland: will leave the port."]
    status, body, headers = await web.get(place + JSON)
    assert (status, headers["Content-Type"]) == (200, "application/feed+json; charset=utf-8")
    assert json.loads(body)["feed_url"] == addresses(PUBLIC, TOKEN)[JSON] == f"{PUBLIC}/s/{TOKEN}/feed.json"
    status, body, headers = await web.get(place + ATOM)
    assert (status, headers["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    assert b"Norland: will leave the port." in body


async def test_only_what_a_server_shares_is_seen_and_as_it_sees_it(web: Web) -> None:
    first = await opened(web.database, telling("Norland will wait.", due=days(2, 9)), "norland")
    await opened(web.database, telling("Sudria will wait.", due=days(2, 9), speaker="Sudria"), "sudria")
    await web.database.transact(lambda work: work.cases.rate(RatingWish(first.id, 11, 7, Outcome.KEPT), MONDAY_NOON))
    here = await web.share(topic="norland")
    there = await web.share("the-address-of-the-other-server", 11, "norland")
    _, ours, _ = await web.get(here + CALENDAR)
    _, theirs, _ = await web.get(there + CALENDAR)
    assert ours.count(b"BEGIN:VEVENT") == theirs.count(b"BEGIN:VEVENT") == 1
    assert b"Kept" not in ours
    assert b"SUMMARY:Kept" in theirs


async def test_the_words_are_in_the_servers_language_and_the_days_in_its_zone(web: Web) -> None:
    await opened(web.database, telling(due=days(2, 2)))
    place = await web.share()
    settled = Guild(HERE, zone="Pacific/Kiritimati", language="de")
    await web.database.transact(lambda work: work.guilds.put(settled))
    _, body, _ = await web.get(place + JSON)
    assert json.loads(body)["language"] == "de"
    first = json.loads(body)["items"][0]["content_text"].splitlines()[0]
    assert first == "Frist · Überfällig · Am 2. März 2026"  # in Kiritimati it is the 3rd


def _rate(work: UnitOfWork, *, kept: RatingWish, now: datetime) -> None:
    work.cases.rate(kept, now)


async def test_an_unchanged_share_costs_no_body(web: Web) -> None:
    followup = await opened(web.database, telling(due=days(2, 9)))
    place = await web.share()
    for name in (CALENDAR, ATOM, JSON):
        _, _, headers = await web.get(place + name)
        web.clock.advance(timedelta(hours=1))
        status, body, again = await web.get(place + name, If_None_Match=headers["ETag"])
        assert (status, body, again["ETag"]) == (304, b"", headers["ETag"])
        weak = await web.get(place + name, If_None_Match=f'"other", W/{headers["ETag"]}')
        assert weak[0] == 304
        assert (await web.get(place + name, If_None_Match='"other"'))[0] == 200
        kept = RatingWish(followup.id, HERE, 7, Outcome.KEPT)
        await web.database.transact(partial(_rate, kept=kept, now=web.clock.now()))
        assert (await web.get(place + name, If_None_Match=headers["ETag"]))[0] == 200


async def test_a_head_request_is_answered_without_a_body(web: Web) -> None:
    status, body, headers = await web.get(await web.share() + CALENDAR, method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0


async def test_what_is_not_shared_what_was_revoked_and_what_never_was_look_alike(web: Web) -> None:
    place = await web.share()
    await web.share("another-that-was-revoked-by-its-server", 11)
    await web.database.transact(lambda work: work.shares.close(11, "*"))
    answers = [
        await web.get(path)
        for path in (
            f"/s/another-that-was-revoked-by-its-server/{CALENDAR}",
            f"/s/{TOKEN[:-1]}/{CALENDAR}",
            f"/s/{TOKEN[:-1]}x/{CALENDAR}",
            f"/s/short/{CALENDAR}",
            f"/s/{'%00' * 30}/{CALENDAR}",
            f"{place}calendar.exe",
            f"{place}..%2f..%2fhealth",
            "/s/",
            "/",
            "/s",
            "/favicon.ico",
        )
    ]
    assert {(status, body) for status, body, _ in answers} == {(404, b"404: Not Found")}


async def test_nothing_can_be_sent_to_it(web: Web) -> None:
    place = await web.share()
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert (await web.get(place + CALENDAR, method=method))[0] == 405


async def test_answers_are_kept_out_of_shared_caches_search_engines_and_referrers(web: Web) -> None:
    place = await web.share()
    for path in (place + CALENDAR, "/nowhere"):
        _, _, headers = await web.get(path)
        assert headers["Cache-Control"].startswith("private")
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Server"] == "aide-memoire"
        assert "Set-Cookie" not in headers


async def test_one_address_is_answered_so_often_a_minute(web: Web) -> None:
    place, other = await web.share(), await web.share("the-address-of-the-other-server", 11)
    statuses = [(await web.get(place + JSON))[0] for _ in range(14)]
    assert statuses == [200] * 12 + [429] * 2
    _, _, headers = await web.get(place + CALENDAR)
    assert headers["Retry-After"] == "61"
    assert (await web.get(other + JSON))[0] == 200
    web.clock.advance(timedelta(minutes=1))
    assert (await web.get(place + JSON))[0] == 200


async def test_strangers_are_answered_so_often_a_minute_too(web: Web) -> None:
    async def guess(number: int) -> int:
        return (await web.get(f"/s/{number:043}/{CALENDAR}"))[0]

    statuses = [await guess(number) for number in range(602)]
    assert statuses == [404] * 600 + [429] * 2
    assert (await web.get("/health"))[0] == 200


async def test_health_says_whether_the_database_answers(web: Web, tmp_path: Path) -> None:
    status, body, _ = await web.get("/health")
    assert (status, json.loads(body)["status"]) == (200, "ok")
    place = await web.share()
    with closing(sqlite3.connect(tmp_path / "bot.db")) as other:
        other.execute("DROP TABLE shares")
        other.execute("ALTER TABLE feeds RENAME TO hidden")
    status, body, headers = await web.get(place + CALENDAR)
    assert (status, headers["Retry-After"]) == (503, "60")
    assert body == b"The database does not answer."
    status, body, _ = await web.get("/health")
    told = json.loads(body)
    assert (status, told["status"]) == (503, "failing")
    assert "the database does not answer" in told["problems"][0]


async def test_an_address_is_never_logged(web: Web, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await web.get(await web.share() + CALENDAR)
    assert TOKEN not in caplog.text


async def test_a_port_that_is_taken_stops_the_start_with_one_line(web: Web) -> None:
    port = int(web.base.rsplit(":", 1)[1])
    services = Services(web.database, web.clock, Catalogue((), ()), LocalHour(ZoneInfo("UTC"), 8))
    with pytest.raises(StartError, match=rf"WEB_PORT {port} at 127\.0\.0\.1 cannot be listened at"):
        async with serving(services, WebSettings("127.0.0.1", port, PUBLIC), Pulse(web.database, web.clock)):
            pass


async def test_two_readers_at_once_are_both_answered(web: Web) -> None:
    for _ in range(20):
        await opened(web.database, telling(due=days(2, 9)))
    place = await web.share()
    answers = await asyncio.gather(*(web.get(place + CALENDAR) for _ in range(10)))
    assert {(status, body) for status, body, _ in answers} == {(200, answers[0][1])}


async def test_the_bot_serves_from_its_start_to_its_end(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = str(free.getsockname()[1])
    async with LoopbackDiscord() as discord, aiohttp.ClientSession() as client:
        child = ChildBot(tmp_path, api_url=discord.api_url, feed_url="http://127.0.0.1:9/rss")
        child._environment |= {"WEB_PORT": port, "PUBLIC_URL": PUBLIC}
        try:
            await child.start()
            await asyncio.wait_for(discord.identified.wait(), 30)
            async with client.get(f"http://127.0.0.1:{port}/health") as answer:
                assert (await answer.json())["status"] == "ok"
            assert await child.terminate() == 0
        finally:
            await child.clean_up()


# --- settings ---------------------------------------------------------------------------------------------


def test_it_is_off_unless_a_port_is_set_and_then_listens_on_this_machine_alone() -> None:
    assert load_settings({"PUBLIC_URL": PUBLIC}, None).web is None
    assert load_settings({"WEB_PORT": "8080"}, None).web == WebSettings("127.0.0.1", 8080, "http://localhost:8080")
    everywhere = {"WEB_PORT": "80", "WEB_HOST": "[::]", "PUBLIC_URL": f"{PUBLIC}/bot/"}
    assert load_settings(everywhere, None).web == WebSettings("::", 80, f"{PUBLIC}/bot")


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("WEB_PORT", "0", "1 to 65535"),
        ("WEB_PORT", "65536", "1 to 65535"),
        ("WEB_PORT", "http", "1 to 65535"),
        ("WEB_HOST", "http://0.0.0.0", "127.0.0.1"),
        ("PUBLIC_URL", "news.example", "https://news.example.org"),
        ("PUBLIC_URL", "ftp://news.example", "https://news.example.org"),
        ("PUBLIC_URL", "https://news.example/?a=b", "https://news.example.org"),
        ("PUBLIC_URL", "https://[::1", "https://news.example.org"),
    ],
)
def test_a_wrong_setting_is_named_with_what_would_be_right(name: str, value: str, right: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"WEB_PORT": "8080"} | {name: value}, None)
    (problem,) = caught.value.problems
    assert problem.startswith(f"{name} holds ")
    assert right in problem
