"""How a demonstration is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import signal


def stop_at_ctrl_c() -> None:
    """Have Ctrl-C cancel the current task, once: a second one must not cut short how the parts are closed."""
    task = asyncio.current_task()

    def stop() -> None:
        if task is not None and not task.cancelling():
            task.cancel()

    # Windows has no such handlers in asyncio; there KeyboardInterrupt comes as it will.
    with contextlib.suppress(NotImplementedError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop)
