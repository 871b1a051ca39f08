"""What Alembic runs to reach the database: it works on the connection and in the transaction it is given."""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from storage.guild_tables import guilds


def render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Draft a migration in plain types, so that it means the same when the house's own types have changed."""
    return f"sa.{item.impl_instance!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=guilds.metadata,  # of the tables of both modules
    render_item=render,
    # SQLite changes a table by copying it.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
