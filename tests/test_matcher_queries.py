"""The query language of a server's own topics: what holds, what is refused and where, and the index over many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.matcher.queries import (
    DEEPEST,
    LONGEST_QUERY,
    MOST_TERMS,
    Passage,
    QueryError,
    QueryIndex,
    handles_of,
    parse,
)


def passage(words: str = "", speaker: str | None = None, countries: str = "") -> Passage:
    return Passage(words, speaker, frozenset(countries.split()))


@pytest.mark.parametrize(
    ("query", "words", "holds"),
    [
        ("grain", "The Grain deal lapses on Friday.", True),
        ("grain", "Migraine sufferers gathered.", False),
        ("grain*", "Grains are shipped again.", True),
        ("grain", "Grains are shipped again.", False),
        ('"grain deal"', "The grain\ndeal lapses.", True),
        ('"grain deal"', "The deal on grain lapses.", False),
        ("“grain deal”", "A grain deal.", True),
        ("grain deal", "The deal on grain lapses.", True),
        ("grain AND deal", "The deal on grain lapses.", True),
        ("grain deal", "The grain lies in port.", False),
        ("grain OR wheat", "Wheat is cheap.", True),
        ("grain deal OR wheat", "Wheat is cheap.", True),
        ("(grain OR wheat) deal", "Wheat is cheap.", False),
        ("grain NOT wheat", "Grain and wheat.", False),
        ("grain -wheat", "Grain and maize.", True),
        ("grain NOT (wheat OR maize)", "Grain and maize.", False),
        ("NOT wheat grain", "Grain and maize.", True),
        ("cease-fire", "A cease-fire began.", True),
        ("Côte d'Ivoire", "In Côte d’Ivoire they vote.", True),
        ("or", "Now or never.", True),
        ("not", "Not today.", True),
    ],
)
def test_words_are_looked_for_as_the_page_says(query: str, words: str, holds: bool) -> None:  # noqa: FBT001  a table
    assert parse(query).holds(passage(words)) is holds


@pytest.mark.parametrize(
    ("query", "asked", "holds"),
    [
        ("speaker:Ode", passage("Lorem", "Ana Ode"), True),
        ('speaker:"Ana Ode"', passage("Lorem", "Ana Ode"), True),
        ("speaker:Ode", passage("Ode speaks", None), False),
        ("SPEAKER:ode*", passage("", "Ana Odegard"), True),
        ("country:UA", passage("", None, "UA RU"), True),
        ("country:ukraine", passage("", None, "UA"), True),
        ("country:Kyiv", passage("", None, "UA"), True),
        ('country:"United Kingdom"', passage("", None, "GB"), True),
        ("country:UA", passage("Ukraine", None, "PL"), False),
        ("country:UA grain", passage("grain", None, "UA"), True),
        ("-country:RU grain", passage("grain", None, "RU"), False),
    ],
)
def test_speakers_and_countries_are_asked_for(query: str, asked: Passage, holds: bool) -> None:  # noqa: FBT001  a table
    assert parse(query).holds(asked) is holds


@pytest.mark.parametrize(
    ("query", "at", "word"),
    [
        ("", 0, "at least one word"),
        ("   ", 0, "at least one word"),
        ("grain AND", 6, "missing"),
        ("OR grain", 0, "missing"),
        ("grain OR OR wheat", 9, "missing"),
        ("(grain wheat", 0, "not closed"),
        ("grain wheat)", 11, "no opening"),
        ("()", 0, "missing"),
        ('grain "wheat deal', 6, "quotation mark"),
        ("author:Ode", 0, "speaker: and country:"),
        ("speaker:", 0, "Say which"),
        ("speaker:(Ode)", 0, "Say which"),
        ("country:Atlantis", 8, "no country"),
        ("gr*in", 0, r"\*"),
        ("***", 0, "letter"),
        ("NOT grain", 0, "nearly everything"),
        ("grain OR NOT wheat", 0, "nearly everything"),
        ("grain -", 6, "missing|letter"),
        ("x" * (LONGEST_QUERY + 1), LONGEST_QUERY, "at most"),
        ("(" * (DEEPEST + 1) + "grain" + ")" * (DEEPEST + 1), DEEPEST, "deep"),
        ("a " * (MOST_TERMS + 1), 2 * MOST_TERMS, "at most"),
    ],
)
def test_a_fault_is_named_with_its_place(query: str, at: int, word: str) -> None:
    with pytest.raises(QueryError, match=word) as raised:
        parse(query)
    assert raised.value.at == at
    assert raised.value.length >= 1


def test_the_index_asks_only_what_can_hold_and_misses_nothing() -> None:
    queries = {
        "grain": "grain OR wheat*",
        "ode": "speaker:Ode",
        "ukraine": "country:UA NOT grain",
        "both": '"grain deal" AND country:TR',
    }
    index = QueryIndex({key: parse(query) for key, query in queries.items()})
    assert index.holding(passage("The grain deal", "Ana Ode", "TR")) == ("both", "grain", "ode")
    assert index.holding(passage("Wheatfields burn", None, "UA")) == ("grain", "ukraine")
    assert index.holding(passage("Nothing of the kind", "Ben Fall", "PL")) == ()


ATOMS = st.sampled_from(["grain", "wheat*", '"grain deal"', "speaker:ode", "country:UA", "talks", "-maize", "NOT gas"])
QUERIES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" ", " AND ", " OR "]), inner).map("".join),
        inner.map(lambda one: f"({one})"),
    ),
    max_leaves=8,
)
TEXTS = st.lists(st.sampled_from(["grain", "deal", "wheatear", "talks", "maize", "gas", "Ode", "the"]), max_size=8).map(
    " ".join
)


@given(query=QUERIES, text=TEXTS, speaker=st.sampled_from([None, "Ana Ode"]), country=st.sampled_from(["", "UA"]))
def test_the_index_answers_as_every_query_would_alone(query: str, text: str, speaker: str | None, country: str) -> None:
    asked = passage(text, speaker, country)
    try:
        node = parse(query)
    except QueryError:
        return
    assert handles_of(node)
    assert QueryIndex({"q": node}).holding(asked) == (("q",) if node.holds(asked) else ())


@given(st.text(alphabet='ab()"“*-: ANDORNTspeakcountry\t\n', max_size=60))
def test_any_text_is_read_or_refused_at_a_place_within_it(text: str) -> None:
    fault: QueryError | None = None
    try:
        parse(text)
    except QueryError as error:
        fault = error
    assert fault is None or (0 <= fault.at <= len(text) and fault.reason)
