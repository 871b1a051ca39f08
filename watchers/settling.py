"""What a rating sets off: those who watch are told, alerts are worded anew, reminders planned anew.

All of it in the transaction that stores the rating, so that none of it can be missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from watchers.audience import Alert, AlertForm
from watchers.audit import Change
from watchers.deadline_watcher import replan
from watchers.model import Interval
from watchers.ports import UnitOfWork
from watchers.rating import OURSELVES, Case, Fault, Flaw, Outcome, Rating, RatingWish, Suggestion


def news_for_watchers(rating: Rating, watchers: Iterable[int], *, by: int, undone: bool = False) -> tuple[Alert, ...]:
    """Return what those who watch a follow-up hear of a rating, or of its being taken back.

    `by` is who gave it or took it back, who need not be told.
    """
    wish = rating.wish
    return tuple(
        Alert(
            key=f"watched:{wish.followup_id}:{user_id}:{rating.id}" + (":undone" if undone else ""),
            form=AlertForm.WATCHED,
            followup_ids=(wish.followup_id,),
            guild_id=wish.guild_id,
            user_id=user_id,
        )
        for user_id in watchers
        if user_id != by
    )


def settle(work: UnitOfWork, wish: RatingWish, now: datetime) -> Rating | None:
    """Rate a follow-up for a server; return the rating that stands now, or None where there is no such follow-up.

    Saying again what was said last changes nothing, unless somebody confirms what nobody had said. Who calls it no
    commitment says so to those who mend the reading as well.
    """
    found = work.cases.of(wish.guild_id, [wish.followup_id])
    if not found:
        return None
    last = found[0].rating
    confirms = last is not None and last.wish.user_id == OURSELVES != wish.user_id
    if last is not None and _say_the_same(last.wish, wish) and not confirms:
        return last
    rating = work.cases.rate(wish, now)
    if wish.outcome is Outcome.DISMISSED:
        work.cases.find_fault(_no_commitment(wish), now)
    facts = {"followup": rating.wish.followup_id, "outcome": rating.outcome.value}
    work.changes.note(wish.guild_id, wish.user_id, Change.RATED, facts, now)
    _pass_on(work, found[0], rating, by=wish.user_id, now=now)
    return rating


def confirm(
    work: UnitOfWork, guild_id: int, suggestion_id: int, *, by: int, now: datetime, due: Interval | None = None
) -> Rating | None:
    """Rate a follow-up for a server as a suggestion has it; return the rating, None where there is no such suggestion.

    What one who confirms says is that person's own rating; `by` may be `OURSELVES`. A second answer changes nothing
    but the rating. `due` are the new days of what was moved, where the sentence does not name them.
    """
    suggestion = _seen(work, guild_id, suggestion_id)
    if suggestion is None:
        return None
    found = suggestion.clue
    done = found.outcome in {Outcome.KEPT, Outcome.PARTLY}
    wish = RatingWish(
        suggestion.followup_id, guild_id, by, found.outcome, found.due or due, found.day if done else None
    )
    work.outcomes.answer(guild_id, suggestion_id, accepted=True, by=by, now=now)
    return settle(work, wish, now)


def reject(work: UnitOfWork, guild_id: int, suggestion_id: int, *, by: int, now: datetime) -> bool:
    """Have a server not be shown a suggestion again; return False where there is none, or it has been answered.

    What other sentences suggested alike by then is rejected with it: who says "not so" is not asked again by each of
    ten outlets.
    """
    suggestion = _seen(work, guild_id, suggestion_id)
    if suggestion is None or not work.outcomes.answer(guild_id, suggestion_id, accepted=False, by=by, now=now):
        return False
    for case in work.cases.of(guild_id, [suggestion.followup_id]):
        for other in case.suggestions:
            if other.clue.outcome is suggestion.clue.outcome and other.clue.is_sure:
                work.outcomes.answer(guild_id, other.id, accepted=False, by=by, now=now)
    facts = {"followup": suggestion.followup_id, "outcome": suggestion.clue.outcome.value}
    work.changes.note(guild_id, by, Change.SUGGESTION_REJECTED, facts, now)
    work.outbox.reword(suggestion.followup_id, guild_id=guild_id)
    return True


def reconsider(work: UnitOfWork, guild_id: int, suggestion_id: int, *, by: int, now: datetime) -> bool:
    """Have a server be shown again what it rejected with a suggestion; return False where there is no suggestion."""
    suggestion = _seen(work, guild_id, suggestion_id)
    if suggestion is None:
        return False
    work.outcomes.forget_rejected(guild_id, suggestion.followup_id, suggestion.clue.outcome)
    facts = {"followup": suggestion.followup_id, "outcome": suggestion.clue.outcome.value}
    work.changes.note(guild_id, by, Change.SUGGESTION_RECONSIDERED, facts, now)
    work.outbox.reword(suggestion.followup_id, guild_id=guild_id)
    return True


def take_back(
    work: UnitOfWork, guild_id: int, followup_id: int, rating_id: int, *, by: int, now: datetime
) -> Rating | None:
    """Take back a server's last rating; return it, or None where `rating_id` is not the last one any more."""
    found = work.cases.of(guild_id, [followup_id])
    last = found[0].rating if found else None
    if last is None or last.id != rating_id:
        return None
    work.cases.undo(guild_id, followup_id, now)
    work.outcomes.forget_accepted(guild_id, followup_id)
    if last.outcome is Outcome.DISMISSED:
        work.cases.drop_fault(followup_id, last.wish.user_id, Flaw.NO_COMMITMENT)
    facts = {"followup": last.wish.followup_id, "outcome": last.outcome.value}
    work.changes.note(guild_id, by, Change.RATING_UNDONE, facts, now)
    _pass_on(work, found[0], last, by=by, now=now, undone=True)
    return last


def set_muted(work: UnitOfWork, guild_id: int, followup_id: int, *, muted: bool, by: int, now: datetime) -> None:
    """Let a server hear no more reminders of a follow-up, or hear them again; `by` is who says so."""
    found = work.cases.of(guild_id, [followup_id])
    if found and (found[0].muted_by is not None) != muted:
        work.cases.mute(guild_id, followup_id, by if muted else None)
        what = Change.MUTED if muted else Change.UNMUTED
        work.changes.note(guild_id, by, what, {"followup": found[0].followup.id}, now)
        replan(work, found[0].followup, now, guild_id=guild_id)


def write_note(work: UnitOfWork, guild_id: int, followup_id: int, text: str, *, by: int, now: datetime) -> None:
    """Store what somebody wrote on a follow-up that their server sees."""
    for case in work.cases.of(guild_id, [followup_id]):
        work.cases.add_note(guild_id, case.followup.id, by, text, now)
        work.changes.note(guild_id, by, Change.NOTED, {"followup": case.followup.id}, now)


def delete_note(work: UnitOfWork, guild_id: int, note_id: int, *, by: int, now: datetime) -> bool:
    """Delete a note that somebody wrote themselves; return False where there is none of that number that is theirs."""
    followup_id = work.cases.delete_note(guild_id, note_id, by)
    if followup_id is not None:
        work.changes.note(guild_id, by, Change.NOTE_DELETED, {"followup": followup_id}, now)
    return followup_id is not None


def _seen(work: UnitOfWork, guild_id: int, suggestion_id: int) -> Suggestion | None:
    """Return a suggestion of a follow-up that a server sees."""
    found = work.outcomes.suggestion(suggestion_id)
    return found if found is not None and work.cases.of(guild_id, [found.followup_id]) else None


def _pass_on(work: UnitOfWork, case: Case, rating: Rating, *, by: int, now: datetime, undone: bool = False) -> None:
    guild_id, followup_id = rating.wish.guild_id, rating.wish.followup_id
    for alert in news_for_watchers(rating, work.cases.watchers(guild_id, followup_id), by=by, undone=undone):
        work.outbox.put(alert, now)
    work.outbox.reword(followup_id, guild_id=guild_id)
    replan(work, case.followup, now, guild_id=guild_id)


def _say_the_same(last: RatingWish, wish: RatingWish) -> bool:
    """Tell whether a wish says what was said last; one that names no day says nothing against the day that stands."""
    same_day = wish.happened_on in {None, last.happened_on}
    return (last.outcome, last.due) == (wish.outcome, wish.due) and same_day


def _no_commitment(wish: RatingWish) -> Fault:
    return Fault(wish.followup_id, wish.guild_id, wish.user_id, Flaw.NO_COMMITMENT)
