"""`aide-memoire backup`, and `server export` and `import`: what is copied, given out and brought in."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

from bot.asking import looked_up, transacted
from bot.opening import SystemClock
from bot.usage import FailedError
from config.settings import Settings
from storage.archive import bring_in as stored
from storage.archive import give_out as given_out
from storage.archive_form import LARGEST, ArchiveError, parsed
from storage.backup import BackupError, back_up
from storage.errors import DatabaseError
from storage.unit_of_work import SqlUnitOfWork

Complain = Callable[[str], None]
"""Says something on one line of standard error."""


def backed_up(arguments: argparse.Namespace, database_url: str) -> str:
    """Copy the database into a file and say what the copy holds; raise `FailedError` where there is none."""
    try:
        copy = back_up(database_url, Path(arguments.file), overwrite=arguments.force)
    except (BackupError, DatabaseError) as error:
        raise FailedError(str(error)) from error
    size = f"{copy.size / 1e6:,.1f} MB"
    return f"{copy.file} is a sound copy of the database: {size}, {copy.tables} tables, {copy.rows:,} rows."


def give_out(arguments: argparse.Namespace, settings: Settings, complain: Complain) -> None:
    """Write all that a server owns as JSON; raise `FailedError` where it cannot be read or written."""
    found = looked_up(lambda work: given_out(cast("SqlUnitOfWork", work), arguments.server), settings.database_url)
    _write(arguments.file, found)
    what = ", ".join(f"{name} {len(found[name])}" for name in ("topics", "orders", "feeds", "shares", "said"))
    complain(f"the server {arguments.server} has: {what}")


def bring_in(arguments: argparse.Namespace, settings: Settings, complain: Complain) -> bool:
    """Store what such a file holds; return whether some of it was left. `FailedError`: nothing was stored."""
    try:
        with sys.stdin.buffer if arguments.file == "-" else Path(arguments.file).open("rb") as source:
            document = parsed(source.read(LARGEST + 1))
        now = SystemClock().now()
        result = transacted(
            lambda work: stored(cast("SqlUnitOfWork", work), document, now, arguments.server), settings.database_url
        )
    except OSError as error:
        message = f"{arguments.file} cannot be read ({error.strerror})"
        raise FailedError(message) from error
    except ArchiveError as error:
        message = f"{arguments.file}: {error}; nothing was stored"
        raise FailedError(message) from error
    what = ", ".join(f"{name} {count}" for name, count in result.counts.items())
    complain(f"the server {result.guild_id} has what the file holds: {what}")
    if result.left is None:
        return False
    complain(f"not found here, and so not stored: what is said of {len(result.left['said'])} follow-ups")
    for one in result.left["said"]:
        complain(f"  {one['said_on']}: {one['quote'][:100]!r}")
    if arguments.left:
        _write(arguments.left, result.left)
    return True


def _write(file: str, found: object) -> None:
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    if file == "-":
        sys.stdout.buffer.write(text.encode())
        return
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"{file} cannot be written ({error.strerror})"
        raise FailedError(message) from error
