"""newsboat, reloading everything with ten threads and ending; its start is part of what it takes."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess

from benchmarks.feeds.asked import CHANGED, FIRST, UNCHANGED, Task, serve, task

_CONFIGURATION = "reload-threads 10\nauto-reload no\n"


def main() -> None:
    """Serve the driver."""
    given = task()
    (given.folder / "urls").write_text("\n".join(given.urls), "ascii")
    (given.folder / "config").write_text(_CONFIGURATION, "ascii")
    serve(len(given.urls), dict.fromkeys((FIRST, UNCHANGED, CHANGED), lambda: _reload(given)))


def _reload(given: Task) -> int:
    program = shutil.which("newsboat") or "newsboat"
    files = ("-u", given.folder / "urls", "-c", given.folder / "cache.db", "-C", given.folder / "config")
    subprocess.run([program, *files, "-x", "reload"], check=True, stdout=subprocess.DEVNULL)
    with sqlite3.connect(given.folder / "cache.db") as cache:
        count: int = cache.execute("SELECT count(*) FROM rss_item").fetchone()[0]
    return count


if __name__ == "__main__":
    main()
