"""`aide-memoire outbox`: what waits and what was given up, tried again or dropped. Each returns whether it failed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime

from bot.asking import looked_up, transacted
from bot.opening import SystemClock
from bot.terminal import console, printable
from bot.usage import UsageError
from config.settings import Settings
from watchers.outbox_records import AlertState, OutboxPage, OutboxRecord, OutboxWish

Complain = Callable[[str], None]
"""Says what is wrong, on one line of standard error."""

_STATES: dict[str | None, frozenset[AlertState]] = {
    None: frozenset({AlertState.WAITING, AlertState.GIVEN_UP}),
    **{state.value.replace(" ", "-"): frozenset({state}) for state in AlertState},
}
_HEADS = ("id", "what", "where", "state", "tries", "since", "next try", "last error")


def show(arguments: argparse.Namespace, settings: Settings, complain: Complain) -> bool:
    """Print what waits and what was given up, or what is asked for, the oldest first."""
    wish = OutboxWish(_STATES[arguments.state], arguments.channel, arguments.server, arguments.limit)
    page = looked_up(lambda work: work.outbox.page(wish), settings.database_url)
    if arguments.json:
        for record in page.items:
            console().out(json.dumps(_plain(record), ensure_ascii=False), highlight=False)
    else:
        _print_table(page, SystemClock().now())
    if left_out := page.total - len(page.items):
        complain(f"{left_out} more are left out; --limit {page.total} brings them all")
    return False


def retry(arguments: argparse.Namespace, settings: Settings, complain: Complain) -> bool:
    """Let alerts be tried at once, as if never before: those named, or all that were given up."""
    now = SystemClock().now()
    if bool(arguments.ids) == arguments.given_up:
        message = "name the alerts by their ids, as `outbox list` shows them, or give --given-up, and not both"
        raise UsageError(message)
    if arguments.given_up:
        done = transacted(lambda work: work.outbox.try_given_up(arguments.server, now), settings.database_url)
        _report(f"{_counted(done)} put back to wait.")
        return False
    if arguments.server is not None:
        message = "--server goes with --given-up; an id says enough"
        raise UsageError(message)
    done = transacted(lambda work: work.outbox.try_now(arguments.ids, now), settings.database_url)
    _report(f"{_counted(done)} put back to wait.")
    return _complain_of_others(arguments.ids, done, settings, complain)


def drop(arguments: argparse.Namespace, settings: Settings, complain: Complain) -> bool:
    """Give alerts up that wait."""
    done = transacted(lambda work: work.outbox.drop(arguments.ids), settings.database_url)
    _report(f"{_counted(done)} dropped.")
    return _complain_of_others(arguments.ids, done, settings, complain)


def _complain_of_others(ids: Sequence[int], done: Sequence[int], settings: Settings, complain: Complain) -> bool:
    """Say of each alert that was named and is not `done` why not; return whether there was any."""
    others = sorted(set(ids) - set(done))
    states = looked_up(lambda work: work.outbox.states(others), settings.database_url) if others else {}
    for id_ in others:
        state = states.get(id_)
        if state is None:
            complain(f"there is no alert {id_}")
        elif state is AlertState.WAITING:
            complain(f"alert {id_} is on its way just now; look again in a minute")
        else:
            complain(f"alert {id_} is {state.value} already")
    return bool(others)


def _print_table(page: OutboxPage, now: datetime) -> None:
    out = console()
    if not page.items:
        out.print("Nothing is there.")
        return
    rows = [_HEADS, *(tuple(map(printable, _cells(one, now))) for one in page.items)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        out.out(line.rstrip(), highlight=False)


def _cells(one: OutboxRecord, now: datetime) -> tuple[str, ...]:
    """Return a row of the table."""
    what = f"{one.form.value}, to be edited" if one.message_id and one.state is AlertState.WAITING else one.form.value
    where = f"channel {one.channel_id}" if one.channel_id is not None else f"person {one.user_id}"
    if one.leased_until is not None and one.leased_until > now:
        upcoming = "on its way"
    elif one.state is AlertState.WAITING:
        upcoming = "now" if one.not_before <= now else _moment(one.not_before)
    else:
        upcoming = ""
    return (
        str(one.id),
        what,
        where,
        one.state.value,
        str(one.attempts),
        _moment(one.created_at),
        upcoming,
        one.last_error or "",
    )


def _plain(record: OutboxRecord) -> dict[str, object]:
    """Return an alert as JSON knows it: Discord's ids as text, which JavaScript would round, instants as ISO 8601."""
    ids = ("guild_id", "channel_id", "user_id", "message_id")
    return {
        name: value.isoformat()
        if isinstance(value, datetime)
        else str(value)
        if name in ids and value is not None
        else value
        for name, value in asdict(record).items()
    }


def _counted(done: Sequence[int]) -> str:
    return "1 alert" if len(done) == 1 else f"{len(done)} alerts"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _report(line: str) -> None:
    console().print(line, soft_wrap=True)
