"""Stub."""

from __future__ import annotations

from watchers.ports import Clock, Fetcher


class Robots:
    """Stub."""

    def __init__(self, fetcher: Fetcher, clock: Clock) -> None:
        """Stub."""
