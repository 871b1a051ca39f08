"""Whom a pronoun can mean, by what an article tells of a name."""

from __future__ import annotations

from watchers.matcher.called import LINKS
from watchers.matcher.english.actors import ACTOR_OF
from watchers.matcher.english.speakers import BODY_WORDS, FEMALE, MALE, PERSONAL, UNNAMED
from watchers.matcher.names import Names


def may_mean(names: Names, pronoun: str, name: str) -> bool:
    """Tell whether a pronoun can mean whom the article names so, or one unnamed: "a senior official"."""
    words = name.split(" ")
    cut = next((place for place, word in enumerate(words) if place and word in LINKS), len(words))
    last = words[cut - 1]  # "an official from the organization"
    if pronoun not in PERSONAL:
        return not names.is_person(name) and (pronoun != "it" or last.rstrip("s") not in UNNAMED)
    if last in UNNAMED:
        return True
    if not names.is_person(name):
        return " " not in name and name.istitle() and name not in ACTOR_OF and last.lower() not in BODY_WORDS
    titles = names.titles_of(name) | names.titles_of(last)
    other, own = (FEMALE, MALE) if pronoun == "he" else (MALE, FEMALE)
    return pronoun == "i" or titles.isdisjoint(other) or not titles.isdisjoint(own)
