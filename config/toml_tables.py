"""TOML files of `[[name]]` tables, with the line on which each table and key stands.

`tomllib` checks the file but forgets where things stood, so the text is walked once more for the lines.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

LARGEST_FILE = 4_000_000
"""Bytes; a list of topics or outlets is far smaller."""

_PIECE = re.compile(
    r"""
      "{3}(?:\\.|[^\\])*?"{3,5}      # text over several lines; up to two quotes may precede the closing three
    | '{3}.*?'{3,5}
    | "(?:\\.|[^"\\\n])*"
    | '[^'\n]*'
    | \#[^\n]*
    | \[\[|\]\]|[\[\]{}=\n]
    | [^\S\n]+
    | [^\s\[\]{}="'\#]+
    """,
    re.VERBOSE | re.DOTALL,
)
_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class FileError(Exception):
    """A file cannot be read at all; `str()` is one line that names the file and, where there is one, the line."""


@dataclass(frozen=True, slots=True)
class Table:
    """One `[[name]]` table: its values, and where it and each of its keys stand."""

    values: Mapping[str, object]
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, key: str) -> int:
        """Return the line of a key; that of the table where the key is missing."""
        return self.lines.get(key, self.line)


@dataclass(frozen=True, slots=True)
class _Header:
    """A header such as `[[topic]]` (or the top of the file, with an empty name) and the keys below it."""

    name: str
    line: int
    lines: dict[str, int] = field(default_factory=dict)


def read_text(path: Path) -> str:
    """Return the text of a file; raise `FileError` where it is missing, too large or not UTF-8."""
    try:
        raw = path.read_bytes() if path.stat().st_size <= LARGEST_FILE else None
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}); check the name and who may read it"
        raise FileError(message) from error
    if raw is None:
        message = f"{path} is larger than {LARGEST_FILE // 1_000_000} MB; this is not a list of topics or outlets"
        raise FileError(message)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"{path}, line {line}: is not UTF-8 text; save the file as UTF-8"
        raise FileError(message) from error


def replace_text(path: Path, change: Callable[[str], str]) -> None:
    """Put what `change` makes of a file's text in its place, all of it or nothing; raise `FileError` or `OSError`."""
    text = change(read_text(path))
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def read_tables(path: Path, name: str) -> tuple[Table, ...]:
    """Return the `[[name]]` tables of a TOML file in order; raise `FileError` for anything else in it."""
    text = read_text(path)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FileError(_syntax_error(path, text, str(error))) from error
    except RecursionError as error:
        message = f"{path}: brackets are nested too deeply; close each list with ]"
        raise FileError(message) from error
    except ValueError as error:  # Python reads no number of more than 4300 digits
        message = f"{path}: it holds a number with far too many digits"
        raise FileError(message) from error
    headers = list(_headers(text))
    for key, value in document.items():
        if key != name or not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            line = next((at for at in (_line_of_top_key(header, key) for header in headers) if at), 1)
            message = f'{path}, line {line}: "{key}" does not belong here; begin each entry with [[{name}]]'
            raise FileError(message)
    values = document.get(name, [])
    own = [header for header in headers if header.name == name]
    if not values:
        message = f"{path} holds no [[{name}]]; add at least one"
        raise FileError(message)
    if len(own) != len(values):  # written as name = [{…}, …]: all in one place
        line = next((header.lines[name] for header in headers if name in header.lines), 1)
        return tuple(Table(item, line) for item in values)
    return tuple(Table(item, header.line, header.lines) for item, header in zip(values, own, strict=True))


def _syntax_error(path: Path, text: str, message: str) -> str:
    found = _WHERE.search(message)
    line = found.group(1) if found and found.group(1) else text.rstrip("\n").count("\n") + 1
    what = _WHERE.sub("", message)
    return f"{path}, line {line}: is not TOML ({what}); check quotes, commas and brackets here and just above"


def _line_of_top_key(header: _Header, key: str) -> int | None:
    if header.name.split(".")[0] == key:
        return header.line
    return header.lines.get(key) if not header.name else None


def _headers(text: str) -> Iterator[_Header]:
    """Walk valid TOML and yield each header with the lines of its keys, the top of the file first."""
    header = _Header("", 1)
    name: str | None = None
    key = ""
    depth = 0
    in_value = False
    line = 1
    for piece in _PIECE.findall(text):
        if piece == "\n" and depth == 0:
            key, in_value = "", False
        elif in_value:
            depth += piece.count("[") + piece.count("{") if piece in ("[", "[[", "{") else 0
            depth -= piece.count("]") + piece.count("}") if piece in ("]", "]]", "}") else 0
        elif piece in ("[", "[["):
            yield header
            name = ""
        elif piece in ("]", "]]") and name is not None:
            header, name = _Header(name, line), None
        elif piece == "=":
            header.lines.setdefault(key.split(".")[0], line)
            in_value = True
        elif not piece.startswith("#"):
            word = piece.strip().strip("\"'")
            name = None if name is None else name + word
            key += word if name is None else ""
        line += piece.count("\n")
    yield header
