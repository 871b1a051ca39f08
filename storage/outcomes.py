"""What the news suggests of how follow-ups ended, and what servers answer to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from storage.aliases import present_number
from storage.inserting import insert_unless_known
from storage.loading import load_suggestions, suggestion_of
from storage.outcome_tables import answers, suggestions
from watchers.rating import Clue, Outcome, Suggestion


class SqlOutcomes:
    """The tables `suggestions` and `answers`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def suggest(self, followup_id: int, article_id: int, clue: Clue, now: datetime) -> Suggestion:
        """Store what a sentence of an article suggests of how a follow-up ended."""
        row = {
            "followup_id": followup_id,
            "article_id": article_id,
            "outcome": clue.outcome.value,
            "due_start": clue.due and clue.due.first,
            "due_end": clue.due and clue.due.last,
            "confidence": clue.confidence,
            "reasons": list(clue.reasons),
            "quote_start": clue.start,
            "quote_end": clue.end,
            "quote": clue.quote,
            "day": clue.day,
            "outlet": clue.outlet,
            "url": clue.url,
            "title": clue.title,
            "found_at": now,
        }
        stored = self._connection.execute(insert(suggestions).values(row).returning(*suggestions.c)).one()
        return suggestion_of(stored)

    def suggestion(self, suggestion_id: int) -> Suggestion | None:
        """Return a suggestion by its number, or None where there is none."""
        found = self._connection.execute(select(suggestions).where(suggestions.c.id == suggestion_id)).one_or_none()
        return None if found is None else suggestion_of(found)

    def of(self, followup_id: int) -> Sequence[Suggestion]:
        """Return what is suggested of a follow-up, the most confident first, then the earliest."""
        return load_suggestions(self._connection, [followup_id]).get(followup_id, [])

    def forget(self, suggestion_ids: Iterable[int]) -> None:
        """Remove suggestions, with the answers to them."""
        gone = sorted(set(suggestion_ids))
        if gone:
            self._connection.execute(delete(suggestions).where(suggestions.c.id.in_(gone)))

    def answer(self, guild_id: int, suggestion_id: int, *, accepted: bool, by: int, now: datetime) -> bool:
        """Store a server's answer to a suggestion; return False where it has answered before."""
        key = {"guild_id": guild_id, "suggestion_id": suggestion_id}
        row = {**key, "accepted": accepted, "user_id": by, "answered_at": now}
        once = insert_unless_known(self._connection, answers, *key).values(row)
        return self._connection.execute(once.returning(answers.c.guild_id)).one_or_none() is not None

    def refused_by(self, followup_id: int) -> frozenset[int]:
        """Return the servers that refused something suggested of a follow-up."""
        refused = (
            select(answers.c.guild_id)
            .join(suggestions, suggestions.c.id == answers.c.suggestion_id)
            .where(suggestions.c.followup_id == followup_id, answers.c.accepted.is_(False))
        )
        return frozenset(self._connection.scalars(refused))

    def forget_accepted(self, guild_id: int, followup_id: int) -> None:
        """Let a server be asked again about what it accepted of a follow-up."""
        present = present_number(self._connection, followup_id)
        its_own = select(suggestions.c.id).where(suggestions.c.followup_id == present)
        there = (answers.c.guild_id == guild_id, answers.c.accepted, answers.c.suggestion_id.in_(its_own))
        self._connection.execute(delete(answers).where(*there))

    def forget_rejected(self, guild_id: int, followup_id: int, outcome: Outcome) -> None:
        """Let a server be asked again whether a follow-up ended in the way that it rejected."""
        alike = (suggestions.c.followup_id == followup_id, suggestions.c.outcome == outcome.value)
        those = answers.c.suggestion_id.in_(select(suggestions.c.id).where(*alike))
        self._connection.execute(delete(answers).where(answers.c.guild_id == guild_id, ~answers.c.accepted, those))
