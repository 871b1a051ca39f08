"""lemon24/reader with ten workers and its own SQLite file, as its documentation has it."""

from __future__ import annotations

from reader import make_reader

from benchmarks.feeds.asked import CHANGED, FIRST, UNCHANGED, serve, task


def main() -> None:
    """Serve the driver."""
    given = task()
    reader = make_reader(str(given.folder / "reader.sqlite"))
    for url in given.urls:
        reader.add_feed(url)

    def update() -> int:
        # All of them each time: left to itself it would wait for their hour.
        reader.update_feeds(workers=10, scheduled=False)
        return reader.get_entry_counts().total or 0

    serve(len(given.urls), dict.fromkeys((FIRST, UNCHANGED, CHANGED), update))


if __name__ == "__main__":
    main()
