"""What belongs to a server or to a person, as far as the rest of the house must know (see storage/belongings.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

NOBODY = -1
"""Stands where the id of a person stood who asked to be forgotten: nobody's, and neither the bot's own nor the
operator's word, which is 0 (`watchers.rating.OURSELVES`)."""


class Belongings(Protocol):
    """All that is stored of one server, and all that is stored of one person."""

    def delete_guild(self, guild_id: int, limit: int) -> Mapping[str, int]:
        """Delete up to `limit` rows of what a server owns; return how many went from which table, without the zeros.

        Nothing returned says that nothing is left. Until then call it again, each time in a transaction of its own, so
        that nobody waits for long. What was settled for the whole server, and with it when it sent the bot away, goes
        last: a process that is killed on the way finds the rest again.
        """

    def of_person(self, user_id: int) -> Mapping[str, int]:
        """Count the rows that hold a person's id, by table, without the zeros."""

    def forget_person(self, user_id: int) -> Mapping[str, int]:
        """Delete what is a person's own, and put `NOBODY` where they acted for a server; return the rows by table.

        Their reminders, the messages sent to them alone, notes, watches, zone, language and what they called wrongly
        read are deleted. Ratings, answers, mutes, orders, topics, feeds, secret addresses, partings and the audit log
        are the server's: they stay, and say no more who it was.
        """
