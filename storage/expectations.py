"""What open follow-ups lead one to expect, filed by keys so that an article soon finds the few it may tell of.

Under a key no more follow-ups are filed than it takes to find none by it (see `open_index.most_under`), so that what
is read for an article does not grow with what is stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from storage.guild_tables import states
from storage.inserting import insert_unless_known
from storage.numbers import is_one_of, listed
from storage.outcome_tables import expectation_keys, expectations
from storage.seeing import EVERYBODYS
from storage.tables import followups
from watchers.expectations import MEMORY, PATIENCE, Expected
from watchers.model import Interval
from watchers.open_index import Asked, keys_of, likeliest, most_under, uncrowded
from watchers.tones import Tone

_TIDIED = "expectations tidied"  # its value is a day by its proleptic Gregorian ordinal
_DAY = timedelta(days=1)
_MOST_OWN = 2000
"""Rows of feeds that are not public that are read for what everybody hears, however many servers file there."""
_SETS = (
    *("actors", "parties", "acts", "all_acts", "names", "named", "things", "figures"),
    *("demanded", "threatened", "truce_of"),
)

_FILED = select(expectations.c.followup_id, expectations.c.expected).where(
    is_one_of(expectations.c.followup_id, "some")
)
_FEED: BindParameter[int] = bindparam("own_feed")
_SHARING = (
    select(expectation_keys.c.key, func.count().label("sharing"))
    .where(is_one_of(expectation_keys.c.key, "some"), expectation_keys.c.own_feed == _FEED)
    .group_by(expectation_keys.c.key)
)
_FOUND = (
    select(
        expectation_keys.c.key,
        expectation_keys.c.own_feed,
        expectation_keys.c.followup_id,
        (expectations.c.due_start <= bindparam("day")) & (expectations.c.due_end >= bindparam("day_before")),
    )
    .join(expectations, expectations.c.followup_id == expectation_keys.c.followup_id)
    .where(is_one_of(expectation_keys.c.key, "some"), expectations.c.until >= bindparam("day"))
)
_UNDER = _FOUND.where(expectation_keys.c.own_feed == _FEED)
_UNDER_OWN = _FOUND.where(expectation_keys.c.own_feed > EVERYBODYS).limit(_MOST_OWN)
_ANY_OWN = select(exists().where(followups.c.feed_id.is_not(None)))


class SqlExpectations:
    """The tables `expectations` and `expectation_keys`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def file(self, followup_id: int, expected: Expected) -> None:
        """File what a follow-up leads one to expect, instead of what was filed of it.

        What is of a feed that is not public crowds only keys of its own.
        """
        was_filed = delete(expectations).where(expectations.c.followup_id == followup_id)
        if self._connection.execute(was_filed).rowcount:
            self.hide(followup_id)
        its_feed = self._connection.scalar(select(followups.c.feed_id).where(followups.c.id == followup_id))
        own_feed = its_feed or EVERYBODYS
        row = {
            "followup_id": followup_id,
            "until": expected.until,
            "due_start": expected.due and expected.due.first,
            "due_end": expected.due and expected.due.last,
            "expected": _packed(expected),
        }
        self._connection.execute(insert(expectations), row)
        keys = sorted(keys_of(expected))
        shared = self._connection.execute(_SHARING, {"some": listed(keys), "own_feed": own_feed})
        sharing = {row.key: row.sharing for row in shared}
        found_by = [key for key in keys if sharing.get(key, 0) <= most_under(key)]
        rows = [{"key": key, "own_feed": own_feed, "followup_id": followup_id} for key in found_by]
        if rows:
            self._connection.execute(insert(expectation_keys), rows)

    def filed(self, followup_ids: Iterable[int]) -> Mapping[int, Expected]:
        """Return what is filed of these; of what is over, or was never filed, there is nothing."""
        some = sorted(set(followup_ids))
        found = self._connection.execute(_FILED, {"some": listed(some)}) if some else ()
        return {row.followup_id: _unpacked(row.expected) for row in found}

    def near(self, asked: Asked, feed_id: int | None) -> Mapping[int, tuple[int, ...]]:
        """Return the follow-ups that an article may tell of, as `OpenIndex.near` does; they are few.

        What a feed says that is not public tells of its own follow-ups alone; what everybody hears (`feed_id` of None)
        tells of all, and what is everybody's is found as if there were nothing else.
        """
        own_feed = EVERYBODYS if feed_id is None else feed_id
        found = self._near(asked, _UNDER, {"own_feed": own_feed})
        if feed_id is None and self._connection.scalar(_ANY_OWN):
            found |= self._near(asked, _UNDER_OWN, {})
        return found

    def _near(self, asked: Asked, question: Select[Any], given: Mapping[str, int]) -> dict[int, tuple[int, ...]]:
        under: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        in_time: dict[int, bool] = {}
        keys = listed(sorted(asked.keys))
        asking = {"some": keys, "day": asked.day, "day_before": asked.day - _DAY, **given}
        for key, own_feed, number, is_its_time in self._connection.execute(question, asking):
            under[key, own_feed].append(number)
            in_time[number] = bool(is_its_time)
        shelves: defaultdict[int, list[int]] = defaultdict(list)
        for (key, _), shelf in under.items():
            shelves[key] += uncrowded({key: shelf}).get(key, ())
        return likeliest(asked, shelves, in_time)

    def hide(self, followup_id: int) -> None:
        """Let no article find a follow-up until it is filed anew."""
        self._connection.execute(delete(expectation_keys).where(expectation_keys.c.followup_id == followup_id))

    def unfiled(self, day: date, *, after: int, limit: int) -> Sequence[int]:
        """Return the first `limit` follow-ups after one of which nothing is filed, but still expected on `day`."""
        filed = select(literal(1)).where(expectations.c.followup_id == followups.c.id)
        dated = followups.c.due_end >= day - PATIENCE
        undated = followups.c.due_end.is_(None) & (followups.c.said_on >= day - MEMORY)
        wanted = select(followups.c.id).where(followups.c.id > after, dated | undated, ~filed.exists())
        return self._connection.scalars(wanted.order_by(followups.c.id).limit(limit)).all()

    def tidied_on(self) -> date | None:
        """Return the last day on which what was over was forgotten; None: never yet."""
        number = self._connection.scalar(select(states.c.value).where(states.c.name == _TIDIED))
        return None if number is None else date.fromordinal(number)

    def tidy(self, day: date) -> None:
        """Forget what is over on `day`, and note that day."""
        over = select(expectations.c.followup_id).where(expectations.c.until < day)
        self._connection.execute(delete(expectation_keys).where(expectation_keys.c.followup_id.in_(over)))
        self._connection.execute(delete(expectations).where(expectations.c.until < day))
        self._connection.execute(insert_unless_known(self._connection, states, "name").values(name=_TIDIED, value=0))
        self._connection.execute(update(states).where(states.c.name == _TIDIED).values(value=day.toordinal()))


def _packed(expected: Expected) -> dict[str, Any]:
    return {
        "said_on": expected.said_on.isoformat(),
        "due": expected.due and [expected.due.first.isoformat(), expected.due.last.isoformat()],
        "weights": dict(expected.weights),
        "whole": expected.whole,
        "truce": expected.truce,
        "tones": int(expected.tones),
        "conditional": expected.conditional,
        "lasts": expected.lasts,
        **{name: sorted(getattr(expected, name)) for name in _SETS},
    }


def _unpacked(packed: Mapping[str, Any]) -> Expected:
    return Expected(
        said_on=date.fromisoformat(packed["said_on"]),
        due=packed["due"] and Interval(*map(date.fromisoformat, packed["due"])),
        weights=packed["weights"],
        whole=packed["whole"],
        truce=packed["truce"],
        tones=Tone(packed["tones"]),
        conditional=packed["conditional"],
        lasts=packed["lasts"],
        **{name: frozenset(packed[name]) for name in _SETS},
    )
