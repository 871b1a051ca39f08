"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

# SQLite numbers rows by itself only in a column it calls INTEGER; PostgreSQL's INTEGER would run out.
RowId = BigInteger().with_variant(Integer(), "sqlite")
# Discord's ids have 64 bits.
DiscordId = BigInteger


def storable(text: str) -> str:
    """Return `text` with what no database can hold (NUL, half a surrogate pair) replaced.

    Each such character becomes one other, so that offsets into the text stay right.
    """
    try:
        text.encode("utf-8")  # as nearly every text can be
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


class PlainText(TypeDecorator[str]):
    """Text from anywhere, made storable on its way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace what cannot be stored."""
        del dialect
        return None if value is None else storable(value)


class UtcInstant(TypeDecorator[datetime]):
    """A timezone-aware instant, always in UTC when read; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Bring the instant to UTC; SQLite, which knows no zones, holds it without one."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"an instant needs its time zone: {value.isoformat()} has none"
            raise ValueError(message)
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)
