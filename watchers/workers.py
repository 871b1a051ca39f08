"""Stub."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class SameProcess:
    """Stub."""

    def __init__(self, context: object) -> None:
        """Stub."""
        self._context = context

    async def run(self, job: Callable[..., T], *args: Any, seconds: float = 5.0, urgent: bool = True) -> T:
        """Stub."""
        del seconds, urgent
        return await asyncio.to_thread(job, self._context, *args)
