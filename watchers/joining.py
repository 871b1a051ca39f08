"""Follow-ups that turn out to be one, and one that turns out to be two: what the news and what moderators decide.

All of it in the transaction that stores why, so that nobody ever sees half of it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from watchers import duplicates
from watchers.deadline_watcher import replan
from watchers.duplicates import Match, Rulings, says_more
from watchers.expectations import expected_of
from watchers.model import FollowUp, Telling
from watchers.moves import cue_in, moves_to
from watchers.ports import UnitOfWork

_PAIR = 2


@dataclass(frozen=True, slots=True)
class Parted:
    """A follow-up that was split."""

    kept: FollowUp
    """With the number it had."""
    new: FollowUp


def recognise(work: UnitOfWork, telling: Telling, feed_id: int | None) -> Match | None:
    """Return the known follow-up that a telling repeats, with the others it shows to be the same; None: it is new.

    What everybody hears (`feed_id` of None, as in `FeedState.scope`) is compared with what is everybody's alone. What
    a feed says that is not public is compared with what that feed said, and where it repeats none of that, with what is
    everybody's: to such a match (`is_for_others`) nothing may be added. What somebody parted is not put together again.
    """
    probe = duplicates.probe(telling)
    candidates = work.followups.candidates(probe.marks, probe.window, undated=probe.undated, feed_id=feed_id)
    alike = (
        _among(work, telling, [one for one in candidates if one.feed_id == each])
        for each in dict.fromkeys((feed_id, None))
    )
    return next((match for match in alike if match is not None), None)


def is_for_others(match: Match, feed_id: int | None) -> bool:
    """Whether what a telling repeats is heard by more than hear that telling: it is left as it is then."""
    return match.followup.feed_id != feed_id


def _among(work: UnitOfWork, telling: Telling, candidates: Sequence[FollowUp]) -> Match | None:
    match = duplicates.find(telling, candidates)
    if match is None or not match.also:
        return match
    held_apart = work.joining.parted([one.id for one in candidates])
    return duplicates.find(telling, candidates, Rulings(apart=held_apart)) if held_apart else match


def said_best(tellings: Sequence[Telling]) -> Telling:
    """Return the telling whose words, speaker and days a follow-up takes, as if they were told in this order.

    It is the first, until one moves the days, is firmer in time, or is as firm and names the speaker at last. What was
    moved keeps its new days.
    """
    best, moved = tellings[0], cue_in(tellings[0].statement) is not None
    for telling in tellings[1:]:
        if moves_to(telling, best.statement.due) is not None:
            best, moved = telling, True
        elif says_more(telling.statement, best.statement) and (
            not moved or telling.statement.due == best.statement.due
        ):
            best = telling
    return best


def join(work: UnitOfWork, one: int, other: int, now: datetime) -> FollowUp | None:
    """Make two follow-ups one, under the older number; return it, None where either is not there or they are one.

    Those of different feeds that are not public, or of one and of everybody, are never one: nor are they joined here.
    Reminders are planned anew, and what was posted of either says what is known of both.
    """
    found = {each.id: each for number in (one, other) if (each := work.followups.get(number)) is not None}
    if len(found) != _PAIR or len({each.feed_id for each in found.values()}) > 1:
        return None
    older, newer = sorted(found)
    told = sorted((*found[older].tellings, *found[newer].tellings), key=lambda telling: telling.published)
    joined = work.joining.join(older, newer, said_best(told))
    work.expectations.file(joined.id, expected_of(joined))
    replan(work, joined, now)
    work.outbox.reword(joined.id)
    return joined


def split(
    work: UnitOfWork, followup_id: int, report_ids: Collection[int], *, guild_id: int, by: int, now: datetime
) -> Parted | None:
    """Make some reports of a follow-up one of their own; return both, None where not both have a report then.

    Nobody is told anew of what they were told of before; what was posted says what is left, and reminders are planned.
    """
    known = work.followups.get(followup_id)
    reports = work.joining.reports(known.id) if known is not None else ()
    gone = [telling for number, telling in reports if number in report_ids]
    left = [telling for number, telling in reports if number not in report_ids]
    if known is None or not gone or not left:
        return None
    kept, new = work.joining.split(known.id, report_ids, said_best(gone), said_best(left))
    work.joining.part(kept.id, new.id, guild_id=guild_id, user_id=by, now=now)
    for each in (kept, new):
        work.expectations.file(each.id, expected_of(each))
        replan(work, each, now)
    work.outbox.reword(kept.id)
    return Parted(kept, new)
