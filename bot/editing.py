"""`aide-memoire split` and `join`: which reports are one follow-up, as the operator has it, for all servers."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime

from bot.asking import transacted
from bot.opening import SystemClock
from bot.usage import FailedError
from watchers.joining import join, split
from watchers.ports import UnitOfWork

OPERATOR = 0
"""Whose word a split is that was made on the command line, and in whose server."""


def edited(arguments: argparse.Namespace, database_url: str) -> str:
    """Do what the command says; return what came of it, or raise `FailedError`."""
    now = SystemClock().now()
    if arguments.command == "join":
        return transacted(lambda work: _join(work, arguments.one, arguments.other, now), database_url)
    return transacted(lambda work: _split(work, arguments.number, arguments.reports, now), database_url)


def _join(work: UnitOfWork, one: int, other: int, now: datetime) -> str:
    if len({each.feed_id for each in work.followups.some((one, other))}) > 1:
        message = f"#{one} and #{other} cannot be one: a feed that servers added themselves says only one of them"
        raise FailedError(message)
    joined = join(work, one, other, now)
    if joined is None:
        message = f"#{one} and #{other} are one already, or one of them is not there"
        raise FailedError(message)
    return f"#{joined.id} has the reports of both: {len(joined.tellings)}"


def _split(work: UnitOfWork, number: int, positions: Sequence[int], now: datetime) -> str:
    """Split off the reports at these places, counted from 1, the oldest first."""
    followup = work.followups.get(number)
    if followup is None:
        message = f"there is no follow-up #{number}"
        raise FailedError(message)
    reports = work.joining.reports(followup.id)
    if max(positions) > len(reports):
        message = f"#{followup.id} has no report {max(positions)}, only {len(reports)}"
        raise FailedError(message)
    chosen = [reports[position - 1][0] for position in positions]
    parts = split(work, followup.id, chosen, guild_id=OPERATOR, by=OPERATOR, now=now)
    if parts is None:
        message = f"#{followup.id} must keep at least one of its {len(reports)} reports"
        raise FailedError(message)
    return f"#{parts.new.id} has {len(parts.new.tellings)} of the reports, #{parts.kept.id} keeps the others"
