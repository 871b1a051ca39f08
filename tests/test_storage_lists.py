"""Every list with every filter, page by page, beside a plain model of it; on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from tests.factories import MONDAY_NOON
from tests.storing import minutes, open_one, telling
from watchers.model import Interval, Kind
from watchers.rating import Case, CaseFilter, Listing, Outcome, Rating, RatingWish

TODAY = MONDAY_NOON.date()
HERE, THERE = 10, 11
SPEAKERS = (None, "Ada Berg", "The Élysée (100%)")
QUOTES = ("Norland will leave the port.", "100% of  the ferries sail again.", "Berg_haus must open.")

few_days = st.integers(-9, 10)
intervals = st.tuples(few_days, st.integers(0, 4)).map(
    lambda drawn: Interval(TODAY + timedelta(days=drawn[0] - drawn[1]), TODAY + timedelta(days=drawn[0]))
)


@dataclass(frozen=True)
class Said:
    """A follow-up to be opened."""

    quote: str
    speaker: str | None
    kind: Kind
    due: Interval | None
    topics: frozenset[str]
    countries: tuple[str, ...]
    days_ago: int


@dataclass(frozen=True)
class Word:
    """What a server does about a follow-up; None takes its last word back."""

    which: int
    guild_id: int
    outcome: Outcome | None
    due: Interval | None


sayings = st.builds(
    Said,
    st.sampled_from(QUOTES),
    st.sampled_from(SPEAKERS),
    st.sampled_from(Kind),
    st.none() | intervals,
    st.frozensets(st.sampled_from(["norland", "sudria"])),
    st.sampled_from([(), ("FR",), ("FR", "UA"), ("UA",)]),
    st.integers(0, 3),
)
which, servers = st.integers(0, 9), st.sampled_from([HERE, THERE])
words = (
    st.builds(Word, which, servers, st.none() | st.sampled_from(Outcome), st.none())
    | st.builds(Word, which, servers, st.just(Outcome.MOVED), intervals)
    | st.builds(Word, which, st.just(HERE), st.just(Outcome.MOVED), intervals)
)
untils = few_days.map(lambda number: TODAY + timedelta(days=number))
filters = st.builds(
    CaseFilter,
    st.just(Listing.PENDING),
    st.sampled_from([None, None, "*", "norland", "westland"]),
    st.none() | st.sampled_from(Kind),
    st.sampled_from([None, None, "BERG", "berg ada", "élysée", "100%", "port"]),
    st.sampled_from([None, None, "FR", "UA", "DE"]),
    st.sampled_from([None, None, "berg", "the PORT", "100%", "_", "x"]),
    st.none() | untils,
)


# --- the model --------------------------------------------------------------------------------------------


def passes(wanted: CaseFilter, case: Case) -> bool:
    """Tell whether a case fits everything that a filter names, whichever list it asks for."""
    followup = case.followup
    speaker = (followup.speaker or "").casefold()
    anywhere = f"{followup.quote}\n{speaker}".casefold()
    return (
        (wanted.topic in {None, "*"} or wanted.topic in followup.topics)
        and wanted.kind in {None, followup.kind}
        and all(word in speaker for word in (wanted.speaker or "").casefold().split())
        and all(word in anywhere for word in (wanted.text or "").casefold().split())
        and (wanted.country is None or wanted.country in followup.countries)
        and (wanted.until is None or (case.due is not None and case.due.last <= wanted.until))
    )


def newest_first(case: Case) -> tuple[date, int]:
    return case.followup.said_on, case.followup.id


def model(cases: Sequence[Case], wanted: CaseFilter) -> list[Case]:
    """Return the list that `wanted` describes."""
    fitting = [case for case in cases if passes(wanted, case)]
    is_open = [case for case in fitting if case.is_open]
    dated = sorted(
        ((case.due.last, *newest_first(case), case) for case in is_open if case.due is not None),
        key=lambda key: key[:3],
    )
    match wanted.listing:
        case Listing.PENDING:
            undated = sorted((case for case in is_open if case.due is None), key=newest_first, reverse=True)
            return [key[3] for key in dated if key[0] >= TODAY] + undated
        case Listing.DUE:
            end = wanted.until or TODAY + timedelta(days=7)
            return [key[3] for key in dated if TODAY <= key[0] <= end]
        case Listing.OVERDUE:
            return [key[3] for key in reversed(dated) if key[0] < TODAY]
        case Listing.RECENT:
            return sorted(fitting, key=newest_first, reverse=True)
        case Listing.SETTLED:
            rated = [(case.rating.rated_at, case.followup.id, case) for case in fitting if case.rating is not None]
            return [key[2] for key in sorted(rated, key=lambda key: key[:2], reverse=True)]


# --- the store beside it ----------------------------------------------------------------------------------


@contextmanager
def to_be_forgotten(store: Database) -> Iterator[SqlUnitOfWork]:
    """Work in a transaction that is rolled back."""
    with store._writing.connect() as connection:
        yield SqlUnitOfWork(connection)


def fill(work: SqlUnitOfWork, said: Sequence[Said], words: Sequence[Word]) -> Callable[[int | None], list[Case]]:
    """Store what was said and what servers did about it; return what the model makes of it for a server."""
    followups = [
        open_one(
            work,
            telling(
                one.quote,
                due=one.due,
                kind=one.kind,
                speaker=one.speaker,
                countries=one.countries,
                published=MONDAY_NOON - timedelta(days=one.days_ago),
            ),
            *(one.topics or {"elsewhere"}),
        )
        for one in said
    ]
    ratings: dict[tuple[int, int], list[Rating]] = {}
    for number, word in enumerate(words):
        followup = followups[word.which % len(followups)]
        stack = ratings.setdefault((word.guild_id, followup.id), [])
        if word.outcome is not None:
            due = word.due if word.outcome is Outcome.MOVED else None
            wish = RatingWish(followup.id, word.guild_id, 7, word.outcome, due)
            stack.append(work.cases.rate(wish, minutes(number // 2)))
        elif work.cases.undo(word.guild_id, followup.id, minutes(number)) is not None:
            stack.pop()

    def cases(guild_id: int | None) -> list[Case]:
        return [Case(one, tuple(ratings.get((guild_id or 0, one.id), ()))) for one in followups]

    return cases


slow = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@slow
@given(
    said=st.lists(sayings, min_size=1, max_size=10),
    words=st.lists(words, max_size=10),
    narrowed=filters,
    until=st.none() | untils,
    size=st.integers(1, 4),
    enough=st.none() | st.integers(1, 9),
)
def test_paging_through_any_list_gives_what_the_model_has_each_once_and_in_order(
    store: Database,
    *,
    said: list[Said],
    words: list[Word],
    narrowed: CaseFilter,
    until: date | None,
    size: int,
    enough: int | None,
) -> None:
    with to_be_forgotten(store) as work:
        cases = fill(work, said, words)
        for listing, asked, guild_id in product(Listing, (CaseFilter(until=until), narrowed), (HERE, THERE, None)):
            wanted = replace(asked, listing=listing)
            expected = model(cases(guild_id), wanted)
            overdue = model(cases(guild_id), replace(wanted, listing=Listing.OVERDUE))
            more = len(overdue) if listing is Listing.PENDING else 0
            most = 99 if enough is None else enough
            found: list[Case] = []
            for offset in range(0, min(len(expected) + size, most), size):
                page = work.cases.page(wanted, guild_id, TODAY, offset=offset, limit=size, enough=enough)
                found += page.items
                assert (page.total, page.overdue) == (min(len(expected), most), min(more, most))
            assert found == expected[: len(found)]
            assert len(found) >= min(len(expected), most)


@slow
@given(
    said=st.lists(sayings, min_size=1, max_size=10),
    words=st.lists(words, max_size=10),
    days=intervals,
    topic=st.sampled_from(["*", "norland", "sudria"]),
    guild_id=servers,
)
def test_what_falls_due_within_days_is_what_the_model_has(
    store: Database, *, said: list[Said], words: list[Word], days: Interval, topic: str, guild_id: int
) -> None:
    with to_be_forgotten(store) as work:
        seen = fill(work, said, words)(guild_id)
        expected = {
            case.followup.id
            for case in seen
            if case.is_open and case.due is not None and days.first <= case.due.last <= days.last
            if topic in {"*", *case.followup.topics}
        }
        found = work.cases.due_within(guild_id, topic, days)
        assert {case.followup.id for case in found} == expected
        assert len(found) == len(expected)
        lasts = [case.due.last for case in found if case.due is not None]
        assert lasts == sorted(lasts)
