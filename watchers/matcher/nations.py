"""Which countries a text names and for which one a speaker speaks, in ISO 3166-1 alpha-2. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watchers.matcher.english.countries import COUNTRY_OF, GIVEN_NAMES, SURNAMES
from watchers.matcher.english.speakers import BODY_WORDS, TITLE_ADJUNCTS, TITLES

_CODES = frozenset(filter(None, COUNTRY_OF.values()))
_WORD = re.compile(r"[^\W\d_](?:[\w’'-]|\.(?=\w)|(?<=\.\w)\.)*")
_POSSESSIVE = re.compile(r"[’']s?\Z")
_LONGEST = max(len(name.split()) for name in COUNTRY_OF)
_MENTIONS = 12
"""So many mentions of a speaker are looked at for a country beside them."""
_BESIDE = 70
"""Characters before or after a name in which its country can stand."""
_END = re.compile(r"(?<![A-Z])[.!?;:“”\"()](?=\s|\Z)|\n")
_LINKS = frozenset({"of", "for", "and", "the", "to", "on", "affairs", "a", "an", "former", "then", "its", "his"})


def countries_in(text: str) -> tuple[str, ...]:
    """Return the codes of the countries that `text` names, each once, in order."""
    return tuple(dict.fromkeys(code for code, _, _ in _countries(text)))


def country_called(name: str) -> str | None:
    """Return the code of the country that `name` names or is the code of, in any case; None where there is none."""
    code = name.strip().upper()
    if code in _CODES:
        return code
    named = countries_in(name) or countries_in(name.title()) or countries_in(code)
    return named[0] if named else None


def country_of(speaker: str | None, text: str) -> str | None:
    """Return the country that `speaker` speaks for, or None where none is known.

    A name that holds a country is of it ("US State Department", "a top Ukrainian official"). Anybody else is of the
    country that `text` names beside him: "French Foreign Minister Ana Ode", "Ana Ode, Iran's chief negotiator".
    """
    if speaker is None:
        return None
    named = countries_in(speaker)
    if named:
        return named[0]
    start, looked = text.find(speaker), 0
    while start >= 0 and looked < _MENTIONS:
        found = _before(text, start) or _after(text, start + len(speaker))
        if found is not None:
            return found
        start, looked = text.find(speaker, start + len(speaker)), looked + 1
    return None


def _countries(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the countries named in `text` with the characters that name them."""
    words = list(_WORD.finditer(text))
    at = 0
    while at < len(words):
        length, code = _named_at(text, words, at)
        if code and not _is_personal(text, words, at, length):
            yield code, words[at].start(), words[at + length - 1].end()
        at += length


def _named_at(text: str, words: list[re.Match[str]], at: int) -> tuple[int, str]:
    first = words[at].group()
    if not (first[0].isupper() or first[0] in "éÅ"):
        return 1, ""
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        name = text[words[at].start() : words[at + length - 1].end()]
        for form in (name, _POSSESSIVE.sub("", name), _hyphenated(name)):
            if form in COUNTRY_OF:
                return length, COUNTRY_OF[form]
    return 1, ""


def _hyphenated(name: str) -> str:
    """Return what stands before the hyphen of the last word: "US-brokered", "South Korean-led"."""
    head, hyphen, tail = name.rpartition("-")
    return head if hyphen and tail.isalpha() and tail.islower() else name


def _is_personal(text: str, words: list[re.Match[str]], at: int, length: int) -> bool:
    """Tell whether a country's name is part of a person's: "Jordan Bardella", "Vernon Jordan"."""
    if length > 1:
        return False
    name = words[at].group()
    if name in GIVEN_NAMES and at + 1 < len(words) and text[words[at].end() : words[at + 1].start()] == " ":
        after = words[at + 1].group()
        if after[0].isupper() and after not in COUNTRY_OF and not _is_office(after):
            return True
    if name in SURNAMES and at > 0 and text[words[at - 1].end() : words[at].start()] == " ":
        before = words[at - 1].group()
        return (
            before[0].isupper()
            and before[1:].islower()
            and before not in COUNTRY_OF
            and not _is_office(before)
            and at > 1
        )
    return False


def _is_office(word: str) -> bool:
    plain = _POSSESSIVE.sub("", word).lower()
    return plain in TITLES or plain in TITLE_ADJUNCTS or plain in BODY_WORDS


def _before(text: str, start: int) -> str | None:
    """Return the country in what leads up to a name: "Iran's foreign minister, " or "French President "."""
    lead = text[max(0, start - _BESIDE) : start]
    ends = [found.end() for found in _END.finditer(lead)]
    lead = lead[ends[-1] :] if ends else lead
    found = list(_countries(lead))
    if not found:
        return None
    code, begins, ends_at = found[-1]
    between = lead[ends_at:]
    words = _WORD.findall(between)
    previous = _WORD.findall(lead[:begins])
    titled = any(word.lower() in TITLES for word in words)
    of_office = bool(previous) and previous[-1].lower() in {"of", "the", "for"} and not titled
    if not all(word.lower() in _LINKS or _is_office(word) or word.islower() for word in words) or len(words) > 6:  # noqa: PLR2004
        return None
    if "," in between.rstrip(" ,") or between.count(",") > 1:
        return None
    return code if titled or (of_office and any(word.lower() in TITLES for word in previous)) else None


def _after(text: str, end: int) -> str | None:
    """Return the country in what follows a name: ", the Iranian foreign minister," or " of Turkey"."""
    tail = text[end : end + _BESIDE]
    stop = _END.search(tail)
    tail = tail[: stop.start()] if stop is not None else tail
    if tail.startswith(" of "):
        found = list(_countries(tail[4:]))
        return found[0][0] if found and found[0][1] <= len("the ") else None
    if not tail.startswith(", "):
        return None
    phrase = tail[2:].split(",", 1)[0]
    words = _WORD.findall(phrase)
    if not any(word.lower() in TITLES for word in words[:8]):
        return None
    for code, begins, _ in _countries(phrase):
        lead = _WORD.findall(phrase[:begins])
        if all(word.lower() in _LINKS or _is_office(word) or word.islower() for word in lead) and not (
            {"said", "says", "told", "who", "as", "when"} & {word.lower() for word in lead}
        ):
            return code
    return None
