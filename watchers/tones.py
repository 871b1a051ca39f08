"""How a sentence tells what stands in it. Pure."""

from __future__ import annotations

from enum import IntFlag
from typing import Final


class Tone(IntFlag):
    """How a stretch of a sentence tells what stands in it. None of these: it is told as done."""

    COMING = 1
    BEHIND = 2
    """It lies behind the news: "following the talks"."""
    UNDONE = 4
    CALLED_OFF = 8
    PUT_OFF = 16
    IN_PART = 32
    BROKEN = 64
    EARLIER = 128
    """It is told of another day."""
    ACCUSED = 256
    ANNOUNCED = 512
    """It stands after words of announcing: said, and perhaps not done."""
    VOICE = 1024
    """It stands before words of announcing: who speaks."""
    PERHAPS = 2048
    """It may come, or may not."""


NOT_DONE: Final = Tone.COMING | Tone.UNDONE | Tone.CALLED_OFF | Tone.PUT_OFF
