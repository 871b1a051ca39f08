"""`aide-memoire backup`, and `server export` and `import`: what is copied, given out and brought in."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.usage import FailedError
from storage.backup import BackupError, back_up
from storage.errors import DatabaseError


def backed_up(arguments: argparse.Namespace, database_url: str) -> str:
    """Copy the database into a file and say what the copy holds; raise `FailedError` where there is none."""
    try:
        copy = back_up(database_url, Path(arguments.file), overwrite=arguments.force)
    except (BackupError, DatabaseError) as error:
        raise FailedError(str(error)) from error
    size = f"{copy.size / 1e6:,.1f} MB"
    return f"{copy.file} is a sound copy of the database: {size}, {copy.tables} tables, {copy.rows:,} rows."
