"""The few tags of a web page that speak of it, read without trust.

Whatever the page, the time this takes is proportional to its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from watchers.feeds.text import unescape

_TAG = re.compile(r"<(a|base|link|meta|script|title)((?:\s[^<>]{0,4000})?)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![a-z:-])([a-z:-]{1,40}+)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'>]++))""", re.IGNORECASE)
_CHARSET = re.compile(
    rb"""charset\s{0,9}=\s{0,9}["']?((?:iso-?8859|windows|koi8|euc)-\w{1,4}|big5|gb(?:k|2312|18030)|shift_jis)\b""",
    re.IGNORECASE,
)
"""What pages are written in beside UTF-8; Python knows more encodings, some of which take quadratic time."""
_HEAD = 2_048


@dataclass(frozen=True, slots=True)
class Tag:
    """An opening tag with what follows it."""

    name: str
    """In lower case."""
    attributes: Mapping[str, str]
    """By their names in lower case; the first where one stands twice."""
    end: int
    """Where it ends in the page."""


def readable(page: bytes, most: int) -> str:
    """Return the first `most` bytes of a page as text, without its comments."""
    declared = _CHARSET.search(page[:_HEAD])
    try:
        text = page[:most].decode(declared[1].decode("ascii") if declared else "utf-8", "replace")
    except LookupError:
        text = page[:most].decode("utf-8", "replace")
    return _without_comments(text)


def _without_comments(text: str) -> str:
    kept: list[str] = []
    at = 0
    while (opening := text.find("<!--", at)) >= 0:
        kept.append(text[at:opening])
        closing = text.find("-->", opening)
        if closing < 0:
            return "".join(kept)
        at = closing + 3
    kept.append(text[at:])
    return "".join(kept)


def tags(text: str) -> Iterator[Tag]:
    """Give out the tags of a page that say something of it, in their order; those within scripts are none."""
    at = 0
    while (found := _TAG.search(text, at)) is not None:
        attributes: dict[str, str] = {}
        for name, *values in _ATTRIBUTE.findall(found[2]):
            attributes.setdefault(name.lower(), unescape(next(filter(None, values), "")).strip())
        tag = Tag(found[1].lower(), attributes, found.end())
        yield tag
        at = found.end() if tag.name != "script" else found.end() + len(content(text, tag))


def content(text: str, tag: Tag, most: int | None = None) -> str:
    """Return what stands between a tag and its end: at most `most` characters, all the rest where it has no end."""
    last = len(text) if most is None else tag.end + most
    closing = re.compile(f"</{tag.name}", re.IGNORECASE).search(text, tag.end, last)
    return text[tag.end : closing.start() if closing else last]
