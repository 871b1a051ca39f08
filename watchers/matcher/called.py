"""What kind of thing a noun phrase names, told by its words alone: an outlet, a body, a person with titles."""

from __future__ import annotations

import re

from watchers.matcher.english.speakers import (
    BODY_WORDS,
    LEADING_TITLES,
    NAME_PARTICLES,
    OUTLETS,
    PHRASE_LINKS,
    ROLE_NOUNS,
    STATEMENT_NOUNS,
    TITLES,
    UNNAMED,
)
from watchers.matcher.names import split_titles
from watchers.matcher.phrases import POSSESSIVE, names_agents

_PRESS = frozenset(("news", "newspaper", "newspapers", "broadcaster", "magazine"))
_NOT_OUTLETS_ALONE = frozenset(("press", "post", "times", "news", "report", "media"))
"""Words of outlets' names that also begin other names."""
_ANONYMOUS = frozenset(("familiar", "matter", "talks", "close"))
"""Last words of "people familiar with the matter"."""
LINKS = frozenset(("in", "on", "of", "for", "from", "at"))
"""Small words after which a noun phrase says no more of whom it means."""
MANY_BEAR_IT = frozenset(("official", "spokesman", "spokeswoman", "spokesperson", "diplomat"))
ONE_OF_MANY = UNNAMED - LEADING_TITLES - {"minister"} | {"coordinator", "mediator", "spokesman", "chief"}
"""What somebody is called who may be named in a later sentence only."""
HIDDEN = frozenset(("official", "diplomat", "source", "adviser", "aide"))
"""What those are called who are quoted without their names."""
STANDS_FOR = re.compile(
    r"(?:[\w’'-]+ ){0,4}(?:spokes(?:man|woman|person)|aide|adviser|lawyer|official|source|ally)"
    r" (?:for|to|of|from|in|close) \w"
)
"""One who is named by whom he speaks for."""
PAPER = re.compile(
    r"(?:(?:The|the|An?|an?) )?(?:([A-Z][\w .’'-]*?) (?:joint )?(?:statement|communique|declaration|readout)"
    r"|(?:[a-z]+ ){0,2}(?:statement|communique|declaration|readout) (?:from|by|of) (.+))"
)
"""What is said in "a White House statement", "a statement from the Kremlin"."""
ACT = re.compile(r"[A-Z][a-z]+ing (?:an?|the|its|his|her|their) ")
"""Opens no name: "Removing a leader"."""
PAPERS = frozenset(("statement", "communique", "declaration", "readout"))
LONGEST_NAME = 3
"""Words; what is longer at the head of a headline is no name."""
IN_PLACE = re.compile(r"In [A-Z][\w’' -]{2,30}, ")


def is_outlet(lowered: list[str]) -> bool:
    """Tell whether a phrase names a news outlet, which is no speaker."""
    return (
        lowered[-1] in OUTLETS
        or not _PRESS.isdisjoint(lowered)
        or lowered[-1].endswith("news")
        or (lowered[0] in OUTLETS and lowered[0] not in _NOT_OUTLETS_ALONE)
    )


def is_body(words: list[str], lowered: list[str]) -> bool:
    """Tell whether a phrase names a body or group that can speak: "US officials", "a Western diplomat"."""
    if lowered[-1] in STATEMENT_NOUNS:
        return len(words) > 2  # noqa: PLR2004  "the statement" says nothing of whose it is
    last = lowered[-1]
    return (
        words[-1][0].isupper()
        or last in ROLE_NOUNS
        or last in BODY_WORDS
        or not _ANONYMOUS.isdisjoint(lowered)
        or names_agents(last)
        or (lowered[0] in ("a", "an", "one") and names_agents(f"{last}s"))
    )


def owned_name(words: list[str], lowered: list[str]) -> list[str] | None:
    """Return the name in "Ukraine's economy minister Yulia Svyrydenko": the owner is no part of it."""
    for position, word in enumerate(words[:-1]):
        if POSSESSIVE.search(word) and BODY_WORDS.isdisjoint(lowered[position + 1 :]):
            _, name = split_titles(words[position + 1 :])
            if len(name) > 1 and name[0].islower() and name[0] not in PHRASE_LINKS:
                name = name[1:]  # "Norway's rival Lund"
            if name and name[0][0].isupper():
                return name
    return None


def titled_name(words: list[str]) -> list[str] | None:
    """Return the name that follows a title, or None: "US Secretary of State Marco Rubio"."""
    titles, name = split_titles(words)
    name = name[: next((position for position, word in enumerate(name) if position and word in LINKS), len(name))]
    if not any(word.lower().strip(".,") in TITLES for word in titles) or not name:
        return None
    bodies = [position for position, word in enumerate(name) if word.lower().strip(".,") in BODY_WORDS]
    if not bodies:
        return name if name[0][0].isupper() or name[0] in NAME_PARTICLES else None
    rest = name[bodies[-1] + 1 :]  # "head of the Congress party Rahul Gandhi"
    return rest if len(rest) > 1 and all(word[0].isupper() for word in rest) else None
