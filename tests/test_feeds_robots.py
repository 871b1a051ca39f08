from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import ScriptedFetcher
from watchers.feed_model import Fetched, Reason
from watchers.feeds.robots import MOST_KEPT, MOST_SITES, Leave, Robots, Rules
from watchers.ports import FetchError

PAGE = "https://meridian.example/world/a-1?x=1"
ROBOTS = "https://meridian.example/robots.txt"
DAY, HOUR = 86_400.0, 3_600.0


@pytest.mark.parametrize(
    ("rules", "given"),
    [
        ("", True),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: *\nDisallow: /world/", False),
        ("User-agent: *\nDisallow: /sport/", True),
        ("User-agent: *\nDisallow: /*?x=", False),
        ("User-agent: *\nDisallow: /\nAllow: /world/", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Aide-Memoire\nAllow: /", True),
        ("User-agent: AIDE-MEMOIRE\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: Aide-Memoire/2.0\nDisallow: /", False),
        ("User-agent: Other\nUser-agent: Aide-Memoire\nDisallow: /", False),
        ("User-agent: Other\nDisallow: /", True),
        ("User-agent: Aide\nDisallow: /", True),
        ("User-agent: Aide-Memoire\nUser-agent: Other\n\nSitemap: https://x.example/s.xml\nDisallow: /", False),
        ("User-agent: Aide-Memoire\nDisallow: /sport\nUser-agent: Other\nDisallow: /", True),
        ("user-agent : aide-memoire # us\n disallow : /world # not this", False),
        ("User-agent *\nDisallow /", False),
        ("\ufeffUser-agent: *\r\nDisallow: /\r\n", False),
        ("Disallow: /", True),
        ("<!doctype html><p>There is no such page.</p>", True),
    ],
)
def test_what_a_robots_txt_allows(rules: str, *, given: bool) -> None:
    assert Rules(rules.encode()).on(PAGE) == Leave(given)


def test_a_delay_between_pages_is_told() -> None:
    rules = Rules(b"User-agent: *\nCrawl-delay: 7.5\nDisallow: /x\nUser-agent: Other\nCrawl-delay: 90")
    assert rules.on(PAGE) == Leave(given=True, pause=timedelta(seconds=7.5))
    assert Rules(b"User-agent: *\nCrawl-delay: soon").on(PAGE).pause is None


@given(st.binary(max_size=400), st.text(max_size=40))
def test_whatever_it_holds_it_is_read(body: bytes, path: str) -> None:
    Rules(b"user-agent: *\n" + body).on("https://meridian.example/" + path)


def test_agents_times_rules_are_not_kept() -> None:
    agents = "".join(f"user-agent: a{number}\n" for number in range(10_000))
    rules = "".join(f"disallow: /{number}\n" for number in range(10_000))
    assert Rules((agents + rules).encode()).weight == 0


class Timer:
    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


def robots(answer: bytes | Fetched | Exception) -> tuple[Robots, ScriptedFetcher, Timer]:
    fetcher, timer = ScriptedFetcher({ROBOTS: answer}), Timer()
    return Robots(fetcher, monotonic=timer.monotonic), fetcher, timer


def failed(status: int | None) -> FetchError:
    return FetchError(Reason("no"), status=status)


async def test_a_site_is_asked_once_a_day() -> None:
    rules, fetcher, timer = robots(b"User-agent: *\nDisallow: /world/")
    given = await asyncio.gather(*(rules.leave(PAGE) for _ in range(3)))
    assert [one.given for one in given] == [False] * 3
    assert (await rules.leave("https://Meridian.example/sport/b-2")).given
    timer.now = DAY - 1
    await rules.leave(PAGE)
    assert fetcher.asked == [ROBOTS]

    fetcher.answers[ROBOTS] = b""
    timer.now = DAY
    assert (await rules.leave(PAGE)).given
    assert fetcher.asked == [ROBOTS] * 2


async def test_each_site_has_its_own() -> None:
    rules, fetcher, _ = robots(b"User-agent: *\nDisallow: /")
    for url in (PAGE, "http://meridian.example/a", "https://meridian.example:443/a", "https://desk@other.example/a"):
        await rules.leave(url)
    assert fetcher.asked == [
        ROBOTS,
        "http://meridian.example/robots.txt",
        "https://meridian.example:443/robots.txt",
        "https://other.example/robots.txt",
    ]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
async def test_a_site_without_one_allows_everything_for_a_day(status: int) -> None:
    rules, fetcher, timer = robots(failed(status))
    assert (await rules.leave(PAGE)).given
    timer.now = DAY - 1
    assert (await rules.leave(PAGE)).given
    assert fetcher.asked == [ROBOTS]


@pytest.mark.parametrize("status", [None, 429, 500, 503])
async def test_a_site_that_cannot_say_allows_nothing_for_an_hour(status: int | None) -> None:
    rules, fetcher, timer = robots(failed(status))
    assert not (await rules.leave(PAGE)).given
    timer.now = HOUR - 1
    assert not (await rules.leave(PAGE)).given
    assert fetcher.asked == [ROBOTS]

    fetcher.answers[ROBOTS] = b""
    timer.now = HOUR
    assert (await rules.leave(PAGE)).given


async def test_earlier_rules_stand_while_a_site_cannot_be_reached() -> None:
    rules, fetcher, timer = robots(b"User-agent: *\nDisallow: /sport/")
    await rules.leave(PAGE)
    fetcher.answers[ROBOTS] = failed(503)
    timer.now = DAY
    assert (await rules.leave(PAGE)).given
    assert not (await rules.leave("https://meridian.example/sport/")).given


async def test_the_sites_kept_are_bounded_in_number_and_size() -> None:
    fetcher = ScriptedFetcher({f"https://s{n}.example/robots.txt": b"User-agent: *\n" for n in range(MOST_SITES + 50)})
    rules = Robots(fetcher)
    for number in range(MOST_SITES + 50):
        await rules.leave(f"https://s{number}.example/")
    assert len(rules._sites) == MOST_SITES
    large = "User-agent: *\n" + "Disallow: /private/\n" * (MOST_KEPT // 40)
    for number in range(5):
        fetcher.answers[f"https://l{number}.example/robots.txt"] = large.encode()
        await rules.leave(f"https://l{number}.example/")
    assert sum(site.rules.weight for site in rules._sites.values() if site.rules) <= MOST_KEPT
