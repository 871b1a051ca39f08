"""Many numbers as one parameter: a statement with a place for each costs more to fill in than to answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _EachOf(FunctionElement[int]):
    """The numbers of a parameter as rows."""

    type = BigInteger()
    inherit_cache = True


@compiles(_EachOf, "sqlite")
def _on_sqlite(element: _EachOf, compiler: SQLCompiler, **given: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **given)}))"  # noqa: S608 - a parameter's place


@compiles(_EachOf, "postgresql")
def _on_postgresql(element: _EachOf, compiler: SQLCompiler, **given: Any) -> str:
    listed = compiler.process(element.clauses, **given)
    return f"(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST({listed} AS JSON)))"  # noqa: S608 - (as above)


def is_one_of(column: ColumnElement[int], name: str) -> ColumnElement[bool]:
    """Return whether a column is among the numbers given as the parameter `name`, as `listed` writes them."""
    return column.bool_op("IN")(_EachOf(bindparam(name, type_=Text)))


def listed(numbers: Iterable[int]) -> str:
    """Return numbers as such a parameter."""
    return json.dumps(list(numbers))
