"""What the operator would read of what a test has logged."""

from __future__ import annotations

import pytest

from bot.blotting import Blotter
from bot.log import TEXT, formatter


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Return every record as a line with its facts."""
    lines = formatter(TEXT, Blotter())
    return "\n".join(lines.format(record) for record in caplog.records)
