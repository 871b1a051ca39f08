"""How this process keeps house with its memory: what stays is looked through no more, what goes is given back."""

from __future__ import annotations

import contextlib
import ctypes
import gc

_M_MMAP_THRESHOLD = -3
"""As in <malloc.h> of glibc, mallopt(3)."""
_LARGE = 65_536
"""Bytes from which on what is asked for is given back to the system at once when it goes: bodies of feeds and pages."""
_YOUNG, _MIDDLE, _OLD = 10_000, 20, 20
"""The collector's thresholds. Its defaults (700, 10, 10) make it look through the many objects of a feed, none of
which is part of a circle, again and again."""


def settle() -> None:
    """Take what has been loaded for what stays; to be called once, when everything is joined and nothing runs yet.

    The collector would look through all of it now and then, some 90 MB, and hold up the event loop for that long. Where
    the C library is not glibc, only that is seen to.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)
