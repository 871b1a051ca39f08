"""APScheduler reads the machine's clock by itself; here it is given another."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any

import pytest


def point_apscheduler_at(now: Callable[[], datetime], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let APScheduler's modules read `now` where they ask `datetime.now`."""

    class AnyDatetime(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, datetime)

        def __call__(cls, *args: Any, **kwargs: Any) -> datetime:
            return datetime(*args, **kwargs)  # noqa: DTZ001 - the caller's own arguments, zone and all

        def __getattr__(cls, name: str) -> Any:
            return getattr(datetime, name)

    class SetDatetime(metaclass=AnyDatetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return now().astimezone(tz) if tz else now().replace(tzinfo=None)

    for name, module in list(sys.modules.items()):
        if name.startswith("apscheduler") and getattr(module, "datetime", None) is datetime:
            monkeypatch.setattr(module, "datetime", SetDatetime)
