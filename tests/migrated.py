"""An empty SQLite database at this version's tables, made once and copied: migrating takes a second, copying none."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from storage.migrate import upgrade


def new_database(file: Path) -> str:
    """Put an empty, migrated database where `file` is to be; return its address."""
    file.write_bytes(_template())
    return f"sqlite:///{file}"


@functools.cache
def _template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "migrated.db"
        upgrade(f"sqlite:///{file}")
        return file.read_bytes()
