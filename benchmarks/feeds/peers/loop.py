"""The loop of every tutorial: `feedparser.parse(url)`, one after the other."""

from __future__ import annotations

import feedparser

from benchmarks.feeds.asked import FIRST, serve, task


def main() -> None:
    """Serve the driver."""
    urls = task().urls
    serve(len(urls), {FIRST: lambda: sum(len(feedparser.parse(url).entries) for url in urls)})


if __name__ == "__main__":
    main()
