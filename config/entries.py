"""The entries of a list, read key by key: what is wrong with one is gathered with its file, line and cure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

from config.problems import did_you_mean, shown
from config.toml_tables import Table

_LONGEST_WORD = 80


class Entry:
    """One table of a list, read key by key; what is wrong is gathered with its line."""

    def __init__(self, path: Path, table: Table, problems: list[str]) -> None:
        """Read one table of the file at `path`; problems are added to `problems`, a line each."""
        self._path = path
        self._table = table
        self._problems = problems

    def complain(self, key: str, message: str) -> None:
        """Note what is wrong with a key, with file and line."""
        self._problems.append(f"{self._path}, line {self.line_of(key)}: {message}")

    def line_of(self, key: str) -> int:
        """Return the line of a key; that of the table where the key is missing."""
        return self._table.line_of(key)

    def has(self, *keys: str) -> bool:
        """Return whether any of `keys` holds something (that may have been complained of already)."""
        return any(self._table.values.get(key) for key in keys)

    def text(self, key: str, check: Callable[[str], str], meaning: str) -> str:
        """Return a text that must be there; `check` returns what is wrong with it, or nothing."""
        value = self._table.values.get(key)
        if key not in self._table.values:
            self.complain(key, f"{key} is missing; add it: {meaning}")
        elif not isinstance(value, str):
            self.complain(key, f"{key} is {_kind_of(value)}; it must be text in quotes: {meaning}")
        elif not value.strip() or "\n" in value.strip():
            self.complain(key, f"{key} must be one line of text: {meaning}")
        elif check(value.strip()):
            self.complain(key, f"{key} {check(value.strip())}")
        return value.strip() if isinstance(value, str) else ""

    def phrases(self, key: str) -> tuple[str, ...]:
        """Return a list of words and phrases; empty where the key is missing."""
        value = self._table.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(phrase, str) for phrase in value):
            self.complain(key, f'{key} must be a list of texts in quotes, such as {key} = ["ceasefire", "truce"]')
            return ()
        phrases = tuple(" ".join(phrase.split()) for phrase in value)
        for phrase in phrases:
            if not phrase.strip("*") or "*" in phrase[:-1] or len(phrase) > _LONGEST_WORD:
                fault = f"holds {shown(phrase)}; each entry is a word or phrase of up to {_LONGEST_WORD} characters"
                self.complain(key, f"{key} {fault}, with * at its end at most")
        return phrases

    def day(self, key: str, meaning: str) -> date | None:
        """Return a day; None where it is wrong, which is complained of, or where an optional one is missing."""
        value = self._table.values.get(key)
        if value is None:
            if meaning:
                self.complain(key, f"{key} is missing; add it: {meaning}")
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self.complain(key, f"{key} is {_kind_of(value)}; it must be a day without quotes, such as {key} = 2026-07-07")
        return None

    def switch(self, key: str) -> bool:
        """Return true or false; false where the key is missing."""
        value = self._table.values.get(key, False)
        if not isinstance(value, bool):
            self.complain(key, f"{key} is {_kind_of(value)}; it must be true or false, without quotes")
        return value is True

    def refuse_others(self, known: Mapping[str, object]) -> None:
        """Complain of keys that mean nothing here."""
        for key in self._table.values:
            if key not in known:
                hint = did_you_mean(key, known) or f"; known are {', '.join(known)}"
                self.complain(key, f"{shown(key)} is no key of this list{hint}")


class Once:
    """Sees to it that a value stands in one entry only."""

    def __init__(self, key: str) -> None:
        """Watch over the values of `key`."""
        self._key = key
        self._lines: dict[str, int] = {}

    def check(self, entry: Entry, value: str) -> None:
        """Complain where `value`, of whatever case, stood in an earlier entry."""
        first = self._lines.get(value.casefold())
        if value and first is not None:
            entry.complain(self._key, f"{self._key} {shown(value)} stands on line {first} already; remove one of them")
        self._lines.setdefault(value.casefold(), entry.line_of(self._key))


def _kind_of(value: object) -> str:
    kinds = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a table"}
    return kinds.get(type(value), "a date")


def no_longer_than(most: int) -> Callable[[str], str]:
    """Return a check that a text has no more than `most` characters."""
    return lambda value: f"has {len(value)} characters; at most {most} fit" if len(value) > most else ""
