"""Which follow-ups a new telling could repeat: a bounded number of them, however many there are.

For each mark a bounded stretch of the index is read: of what is dated the soonest, of what is undated the latest told.
So a mark that fills the news costs no more than any other; a rare one, which says more, is read whole.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import groupby

from sqlalchemy import Boolean, Connection, Date, Float, TextClause, bindparam, select, text

from storage.columns import PlainText
from storage.loading import interval_of, telling_of
from storage.seeing import EVERYBODYS
from storage.tables import followups, tellings
from watchers.duplicates import MOST_JUDGED
from watchers.evidence import weight_of
from watchers.followup_index import MOST_TELLINGS
from watchers.model import FollowUp, Interval, Kind, Precision

MOST_CANDIDATES = MOST_JUDGED + 4
"""Follow-ups loaded to be weighed: those whose shared marks say most. What a telling repeats is among the first few."""
MOST_READ = 60
"""Rows of the index read for one mark."""
_MARKS_AT_A_TIME = 8
_NO_MARK = ("", 0.0)
_CROWDED = 1 / 4
"""What a mark that has more rows counts: who else has it is not known, and it says little."""
_LEAST_SHARE = 1 / 5
"""Of what the likest shares: who shares less is not weighed beside it."""

_OF_ONE_MARK = """
    SELECT followup_id, CAST(:weight{number} AS FLOAT) * CASE WHEN EXISTS (
        SELECT 1 FROM followup_marks
        WHERE mark = :mark{number} AND undated = :undated AND own_feed = :own_feed AND last_day >= :first
        LIMIT 1 OFFSET {most}
    ) THEN {crowded} ELSE 1.0 END AS weight FROM (
        SELECT followup_id, first_day FROM followup_marks
        WHERE mark = :mark{number} AND undated = :undated AND own_feed = :own_feed AND last_day >= :first
        ORDER BY last_day {way} LIMIT {most}
    ) AS read{number} WHERE first_day <= :last"""
_OF_ALL = """
    SELECT followup_id, sum(weight) AS shared FROM ({each}) AS found
    GROUP BY followup_id ORDER BY shared DESC, followup_id LIMIT {most}"""


# The tellings of each beyond its latest ones begin before this moment.
_EARLIEST = (
    select(tellings.c.published)
    .where(tellings.c.followup_id == followups.c.id)
    .order_by(tellings.c.published.desc())
    .limit(1)
    .offset(MOST_TELLINGS - 1)
    .correlate(followups)
    .scalar_subquery()
)
_OWN = ("id", "kind", "quote", "speaker", "due_start", "due_end", "precision", "conditional", "said_on", "feed_id")
_WITH_TELLINGS = (
    select(*(followups.c[name].label(f"own_{name}") for name in _OWN), *tellings.c)
    .join(tellings, tellings.c.followup_id == followups.c.id)
    .where(followups.c.id.in_(bindparam("some", expanding=True)))
    .where(_EARLIEST.is_(None) | (tellings.c.published >= _EARLIEST))
    .order_by(followups.c.id, tellings.c.published, tellings.c.id)
)


def candidates(
    connection: Connection, marks: Collection[str], window: Interval, *, undated: bool, feed_id: int | None
) -> list[FollowUp]:
    """Return those that share the most telling marks, the likest first: their latest tellings and none of their topics.

    Those that everybody hears of and, with `feed_id`, before them those of that feed, which is not public; neither
    takes room from the other. Dated ones count where their due interval meets `window`; `undated` asks for undated
    ones said (first, last or in between) within `window` instead.
    """
    wanted = sorted(set(marks))
    ids = _nearest(connection, wanted, window, undated=undated, own_feed=EVERYBODYS)
    if feed_id is not None:
        ids = _nearest(connection, wanted, window, undated=undated, own_feed=feed_id) + ids
    found: dict[int, FollowUp] = {}
    rows = connection.execute(_WITH_TELLINGS, {"some": ids})
    for followup_id, each in groupby(rows, key=lambda row: int(row.own_id)):
        told = list(each)
        row = told[0]
        found[followup_id] = FollowUp(
            id=followup_id,
            kind=Kind(row.own_kind),
            quote=row.own_quote,
            speaker=row.own_speaker,
            due=interval_of(row.own_due_start, row.own_due_end),
            precision=Precision(row.own_precision),
            conditional=row.own_conditional,
            topics=(),
            said_on=row.own_said_on,
            tellings=tuple(map(telling_of, told)),
            feed_id=row.own_feed_id,
        )
    return [found[followup_id] for followup_id in ids]


def _nearest(
    connection: Connection, marks: Sequence[str], window: Interval, *, undated: bool, own_feed: int
) -> list[int]:
    if not marks:
        return []
    # Rounded up, so that few questions are put together: that takes longer than their answers.
    places = -len(marks) // _MARKS_AT_A_TIME * -_MARKS_AT_A_TIME
    weighed = [*((mark, weight_of(mark)) for mark in marks), *[_NO_MARK] * (places - len(marks))]
    values = {"undated": undated, "own_feed": own_feed, "first": window.first, "last": window.last}
    values |= {f"mark{number}": mark for number, (mark, _) in enumerate(weighed)}
    values |= {f"weight{number}": weight for number, (_, weight) in enumerate(weighed)}
    found = connection.execute(_reading(places, undated=undated), values).all()
    return [row.followup_id for row in found if row.shared >= _LEAST_SHARE * found[0].shared]


@lru_cache(maxsize=512)
def _reading(marks: int, *, undated: bool) -> TextClause:
    """Return the question for so many marks, written out."""
    way = "DESC" if undated else "ASC"
    each = " UNION ALL".join(
        _OF_ONE_MARK.format(number=number, way=way, most=MOST_READ, crowded=_CROWDED) for number in range(marks)
    )
    question = text(_OF_ALL.format(each=each, most=MOST_CANDIDATES))
    return question.bindparams(
        bindparam("undated", type_=Boolean),
        bindparam("first", type_=Date),
        bindparam("last", type_=Date),
        *(bindparam(f"mark{number}", type_=PlainText) for number in range(marks)),
        *(bindparam(f"weight{number}", type_=Float) for number in range(marks)),
    )
