"""What the operator reads: standard logging, one line a record, without secrets."""

from __future__ import annotations

import logging
from datetime import UTC, datetime


class OneLine(logging.Formatter):
    """Formats each record as one line of UTC time, level, place and message, stack traces included."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        """Keep the words that must never be written; empty ones are ignored."""
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = tuple(secret for secret in secrets if secret)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        """Return the record's instant as ISO 8601 in UTC, to the second."""
        del datefmt
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")

    def format(self, record: logging.LogRecord) -> str:
        """Return the whole record, with its stack trace, on one line and with secrets blotted out."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return " ⏎ ".join(part for part in line.splitlines() if part.strip())


def configure_logging(level: str, secrets: tuple[str, ...] = ()) -> None:
    """Send every record of `level` and above to standard error, as `OneLine` writes it."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # A tick that finds its predecessor still running is skipped by design; the library would warn each time.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # At INFO discord.py tells of each gateway session; what matters of it is logged by the client.
    logging.getLogger("discord").setLevel(max(logging.WARNING, logging.getLogger().level))
