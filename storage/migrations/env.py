"""What Alembic runs to reach the database: it works on the connection and in the transaction it is given."""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from storage import guild_tables, interest_tables, outcome_tables
from storage.migrate import comparable

(METADATA,) = {
    guild_tables.guilds.metadata,
    interest_tables.interests.metadata,
    outcome_tables.suggestions.metadata,
}
"""Of the tables of all modules."""


def render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Draft a migration in plain types, so that it means the same when the house's own types have changed."""
    return f"sa.{item.impl_instance!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_item=render,
    include_object=comparable,
    # SQLite changes a table by copying it.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
