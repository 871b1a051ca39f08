"""The small language in which a server writes topics of its own: words, phrases, AND, OR, NOT, speakers and countries.

| in a query | what it asks of a statement |
| --- | --- |
| `grain` | the word in its quote, its paragraph or its headline, in any case, as a whole word |
| `grain*` | a word that begins so |
| `"grain corridor"` | the words together, in this order |
| `speaker:Lavrov`, `speaker:"Sergei Lavrov"` | the words in the speaker's name |
| `country:UA`, `country:Ukraine` | the country is its speaker's, or its quote names it |
| `a b`, `a AND b` | both |
| `a OR b` | at least one; AND binds more closely |
| `NOT a`, `-a` | not that |
| `( … )` | a query within a query |

Pure. A query is parsed once and asked often: `QueryIndex` asks only those of which a word stands in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from watchers.matcher.nations import country_called
from watchers.matcher.topics import pattern_of

LONGEST_QUERY: Final = 300
"""Characters of a query."""
MOST_TERMS: Final = 40
DEEPEST: Final = 10
"""How many brackets and NOTs may stand within each other."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<bracket>[()])|(?P<minus>-)(?=\S)|(?P<field>[A-Za-z]+):"""
    r"""|["“”](?P<phrase>[^"“”]*)(?P<closed>["“”])?|(?P<word>[^\s()"“”]+))"""
)
_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"\w")
_OPERATORS = frozenset({"AND", "OR", "NOT"})


class Fault(StrEnum):
    """Why a query cannot be read and what would be right, in words with named holes that may be translated."""

    TOO_LONG = "A query has at most {most} characters."
    TOO_WIDE = "Name at least one word that must be there: this takes in nearly everything."
    EMPTY = "Write at least one word."
    NOT_OPENED = "There is no opening bracket for this one."
    TOO_DEEP = "Brackets and NOT go at most {most} deep."
    NOT_CLOSED = "This bracket is not closed."
    TOO_MANY = "A query has at most {most} words and phrases."
    MISSING = "A word or phrase is missing here."
    NO_VALUE = "Say which {field}, as in {example}."
    QUOTE_NOT_CLOSED = "This quotation mark is not closed."
    NO_FIELD = "There is no {field}: here; there are speaker: and country:."
    NO_WORD = "A word begins with a letter or a figure."
    STAR_WITHIN = "A * stands only at the end of a word."
    NO_COUNTRY = "I know no country “{name}”: give its name or its two-letter code, as in country:UA."


class QueryError(Exception):
    """A query cannot be read; `str()` says in English why and what would be right."""

    def __init__(self, fault: Fault, at: int, length: int = 1, **holes: object) -> None:
        """Keep the fault with what fills its holes, and which characters of the query are at fault."""
        self.reason = fault.format(**holes)
        super().__init__(self.reason)
        self.fault = fault
        self.holes = holes
        self.at = at
        self.length = max(1, length)


@dataclass(frozen=True, slots=True)
class Passage:
    """What a query is asked of: the words around a statement, who speaks, and which countries it concerns."""

    words: str
    speaker: str | None
    countries: frozenset[str]
    """ISO 3166-1 alpha-2 codes: the speaker's and those the quote names."""


@dataclass(frozen=True, slots=True)
class Words:
    """A word, a beginning or a phrase, looked for in the words or in the speaker's name."""

    pattern: re.Pattern[str]
    handle: str
    """Its longest word in small letters, or the beginning of one."""
    begins: bool
    """`handle` is only the beginning of a word."""
    in_speaker: bool

    def holds(self, passage: Passage) -> bool:
        """Tell whether the passage has it."""
        text = passage.speaker if self.in_speaker else passage.words
        return text is not None and self.pattern.search(text) is not None


@dataclass(frozen=True, slots=True)
class Country:
    """A country that speaks or is named."""

    code: str

    def holds(self, passage: Passage) -> bool:
        """Tell whether the passage concerns it."""
        return self.code in passage.countries


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    part: Node

    def holds(self, passage: Passage) -> bool:
        """Tell whether the part does not hold."""
        return not self.part.holds(passage)


@dataclass(frozen=True, slots=True)
class Every:
    """What must hold together."""

    parts: tuple[Node, ...]

    def holds(self, passage: Passage) -> bool:
        """Tell whether every part holds."""
        return all(part.holds(passage) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Either:
    """Of which one is enough."""

    parts: tuple[Node, ...]

    def holds(self, passage: Passage) -> bool:
        """Tell whether any part holds."""
        return any(part.holds(passage) for part in self.parts)


Node = Words | Country | Not | Every | Either


def parse(query: str) -> Node:
    """Read a query; raise `QueryError` with the place of the first fault.

    A query that only says what must not be is refused, because it would take in nearly everything.
    """
    if len(query) > LONGEST_QUERY:
        raise QueryError(Fault.TOO_LONG, LONGEST_QUERY, len(query) - LONGEST_QUERY, most=LONGEST_QUERY)
    node = _Reader(query).read()
    if not _asks_for_something(node):
        raise QueryError(Fault.TOO_WIDE, 0, len(query))
    return node


@dataclass(frozen=True, slots=True)
class _Token:
    name: str
    text: str
    at: int
    length: int


class _Reader:
    """Reads one query from left to right, one token ahead."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._tokens = list(_tokens(query))
        self._next = 0
        self._terms = 0

    def read(self) -> Node:
        """Return the whole query."""
        if not self._tokens:
            raise QueryError(Fault.EMPTY, 0)
        node = self._either(0)
        if (left := self._ahead()) is not None:
            raise QueryError(Fault.NOT_OPENED, left.at, left.length)
        return node

    def _ahead(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _is_ahead(self, name: str) -> bool:
        ahead = self._ahead()
        return ahead is not None and ahead.name == name

    def _either(self, depth: int) -> Node:
        parts = [self._every(depth)]
        while self._is_ahead("OR"):
            self._next += 1
            parts.append(self._every(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _every(self, depth: int) -> Node:
        parts = [self._one(depth)]
        while (ahead := self._ahead()) is not None and ahead.name not in {"OR", ")"}:
            self._next += ahead.name == "AND"
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _one(self, depth: int) -> Node:
        token = self._ahead()
        if token is None or token.name in {"AND", "OR", ")"}:
            raise self._missing(token)
        self._next += 1
        if depth == DEEPEST:
            raise QueryError(Fault.TOO_DEEP, token.at, token.length, most=DEEPEST)
        if token.name == "NOT":
            return Not(self._one(depth + 1))
        if token.name == "(":
            node = self._either(depth + 1)
            if not self._is_ahead(")"):
                raise QueryError(Fault.NOT_CLOSED, token.at)
            self._next += 1
            return node
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise QueryError(Fault.TOO_MANY, token.at, token.length, most=MOST_TERMS)
        return self._field(token) if token.name == "field" else _words(token, in_speaker=False)

    def _missing(self, token: _Token | None) -> QueryError:
        if self._next == 0 or token is None or token.name == ")":
            before = self._tokens[self._next - 1] if self._next else token
        else:
            before = token
        at, length = (before.at, before.length) if before is not None else (0, 1)
        return QueryError(Fault.MISSING, at, length)

    def _field(self, field: _Token) -> Node:
        value = self._ahead()
        if value is None or value.name not in {"word", "phrase"}:
            example = _EXAMPLES[field.text]
            raise QueryError(Fault.NO_VALUE, field.at, field.length, field=field.text, example=example)
        self._next += 1
        if field.text == "speaker":
            return _words(value, in_speaker=True)
        return Country(_code(value))


_EXAMPLES: Final = {"speaker": "speaker:Lavrov", "country": "country:UA"}


def _tokens(query: str) -> Iterator[_Token]:
    at = 0
    while at < len(query.rstrip()):
        found = _TOKEN.match(query, at)
        if found is None:  # a minus, or a name and colon, with nothing behind
            start = at + len(query[at:]) - len(query[at:].lstrip())
            raise QueryError(Fault.MISSING, start, len(query) - start)
        yield _token(found)
        at = found.end()


def _token(found: re.Match[str]) -> _Token:
    group = found.lastgroup if found.lastgroup != "closed" else "phrase"
    start = found.start(group) if group else found.start()
    length = found.end() - start
    match group:
        case "bracket":
            return _Token(found["bracket"], found["bracket"], start, 1)
        case "minus":
            return _Token("NOT", "-", start, 1)
        case "phrase" if found["closed"] is None:
            raise QueryError(Fault.QUOTE_NOT_CLOSED, start - 1)
        case "phrase":
            return _Token("phrase", found["phrase"], start - 1, length + 1)
        case "field" if found["field"].lower() not in _EXAMPLES:
            raise QueryError(Fault.NO_FIELD, start, length, field=found["field"])
        case "field":
            return _Token("field", found["field"].lower(), start, length)
        case _:
            word = found["word"]
            return _Token(word if word in _OPERATORS else "word", word, start, length)


def _words(token: _Token, *, in_speaker: bool) -> Words:
    """Read a word or phrase; raise `QueryError` where it holds no letter or asks for the beginning of anything."""
    small = _WORD.findall(token.text.casefold())
    if not small or not _LETTERS.match(token.text.strip()):
        raise QueryError(Fault.NO_WORD, token.at, token.length)
    if "*" in token.text.strip().rstrip("*"):
        raise QueryError(Fault.STAR_WITHIN, token.at, token.length)
    begins = token.text.strip().endswith("*")
    whole = small[:-1] if begins and len(small) > 1 else small
    handle = max(whole, key=len)
    return Words(
        re.compile(rf"(?<!\w)(?:{pattern_of(token.text)})", re.IGNORECASE),
        handle,
        begins and len(small) == 1,
        in_speaker,
    )


def _code(token: _Token) -> str:
    """Return the country that a value names, by its code or by any of its names."""
    code = country_called(token.text)
    if code is None:
        raise QueryError(Fault.NO_COUNTRY, token.at, token.length, name=token.text)
    return code


def _asks_for_something(node: Node) -> bool:
    match node:
        case Not():
            return False
        case Every(parts):
            return any(_asks_for_something(part) for part in parts)
        case Either(parts):
            return all(_asks_for_something(part) for part in parts)
        case _:
            return True


def handles_of(node: Node) -> frozenset[str]:
    """Return words of which at least one stands in any passage that the query takes in.

    A word that is only begun ends in `*`; one that a speaker's name must hold begins with `@`; a country is its code
    after `#`. Empty only for what `parse` refuses.
    """
    match node:
        case Words(_, handle, begins, in_speaker):
            return frozenset({f"{'@' if in_speaker else ''}{handle}{'*' if begins else ''}"})
        case Country(code):
            return frozenset({f"#{code}"})
        case Every(parts):
            found = [handles for part in parts if (handles := handles_of(part))]
            return min(found, key=len, default=frozenset())
        case Either(parts):
            every = [handles_of(part) for part in parts]
            return frozenset().union(*every) if all(every) else frozenset()
        case Not():
            return frozenset()


class QueryIndex:
    """Many queries, each with its id, ready to be asked of passages; asking costs by what the text holds."""

    def __init__(self, queries: Mapping[str, Node]) -> None:
        """Sort the queries by the words without which they cannot hold."""
        self._queries = dict(queries)
        self._by_handle: dict[str, list[str]] = {}
        for key, node in self._queries.items():
            for handle in handles_of(node):
                self._by_handle.setdefault(handle, []).append(key)
        begun = {handle for handle in self._by_handle if handle.endswith("*")}
        self._lengths = sorted({len(handle.lstrip("@")) - 1 for handle in begun})

    def holding(self, passage: Passage) -> tuple[str, ...]:
        """Return the ids of the queries that take the passage in, sorted."""
        asked = {key for handle in self._handles_in(passage) for key in self._by_handle.get(handle, ())}
        return tuple(sorted(key for key in asked if self._queries[key].holds(passage)))

    def _handles_in(self, passage: Passage) -> Iterator[str]:
        yield from (f"#{code}" for code in passage.countries)
        yield from self._words_in(passage.words, "")
        yield from self._words_in(passage.speaker or "", "@")

    def _words_in(self, text: str, mark: str) -> Iterator[str]:
        words: Iterable[str] = set(_WORD.findall(text.casefold()))
        for word in words:
            yield f"{mark}{word}"
            yield from (f"{mark}{word[:length]}*" for length in self._lengths if length <= len(word))
