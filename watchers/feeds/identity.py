"""What makes an entry one and the same between polls, although its feed rewrites ids, links, titles or dates. Pure.

An entry is known if its key is known (its id, else its link, else a hash: parse.py). Where the key is new, it is known
all the same if what else it has agrees with one known entry in one of these ways:

- **the same link and the same stamp** to the second: an id was rewritten, perhaps with the headline or the text. Where
  there is no stamp, the title takes its place; where several entries of one body share a link, the title must agree
  too.
- **the same link, title and text**: ids and dates were rewritten, as feeds do that stamp everything anew.
- **the same title and text**, if the text is long enough to be telling (`TELLING` characters), or else the stamp
  agrees: the feed moved, or lists an article under two addresses.

So a daily column with the same title but another text and link is new; so is one whose text is a short formula too, for
its stamp is new. A live page at one link with a new id, title and stamp each day is new each day: three of its four
signs say so, and an article missed is worse than one read twice (what it tells twice is one follow-up anyway). With its
id unchanged it is the same entry, as its feed says.

Links are compared without what does not lead elsewhere: scheme, "www.", fragment, a closing slash, and parameters that
only track readers. Titles and texts are compared as they are shown, in lower case and without spaces.

A memory is bytes: a byte for its form, the number of entries that the latest body listed (4 bytes, little-endian), then
for each entry four marks of 64 bits (`Marks`), those of the latest body first, in its order. It holds all of these and
the `MOST_REMEMBERED` that were listed last before them. What is usual is fast: a body of known entries is told by the
front part alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from itertools import count
from struct import Struct, unpack

from watchers.model import Article

MOST_REMEMBERED = 2_000
"""Entries remembered that a feed no longer lists."""
TELLING = 200
"""Characters, without spaces, from which on a text stands for its article whatever its date."""

_HEAD = Struct("<BI")
_FORM = 1
_FOUR = Struct("<4Q")
_SIZE = _FOUR.size
_LONGEST_COMPARED = 4_000
_NONE = 0

_PLACE = re.compile(r"https?://(?:www\.)?([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.IGNORECASE | re.DOTALL)
_TRACKING = re.compile(
    r"(?:utm|at|pk|mtm|ns)_\w*|fbclid|[dg]clid|msclkid|yclid|igshid|mc_[ce]id|cmpid|ocid|icid|ncid|smid|xtor|cmp|campaign|"
    r"partner|rss|source|ref|ref_src|traffic_source|wt_mc|_hsenc|_hsmi|__twitter_impression",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Marks:
    """What an entry is told again by: hashes of 64 bits; 0: it has no such mark."""

    key: int
    place: int
    """Its link and its stamp."""
    page: int
    """Its link, title and text."""
    text: int
    """Its title and text."""


@lru_cache(2_048)
def canonical(link: str) -> str:
    """Return a link as links are compared: those that lead to the same page are the same."""
    found = _PLACE.match(link)
    if found is None:
        return link
    host, path, query, fragment = found.groups()
    kept = "&".join(sorted(one for one in (query or "").split("&") if one and not _tracks(one)))
    # A fragment that begins so is the address of a page made by a script.
    page = f"#{fragment}" if fragment and fragment.startswith(("!", "/")) else ""
    return f"{host.lower().removesuffix(':80').removesuffix(':443')}{path.rstrip('/')}?{kept}{page}"


def _tracks(parameter: str) -> bool:
    return _TRACKING.fullmatch(parameter.partition("=")[0]) is not None


def shared_links(entries: Iterable[tuple[str, str | None]]) -> frozenset[str]:
    """Return the links, in their canonical form, that several entries of one body have; each is its title and link."""
    uses = Counter(link for _, link in {(title, canonical(link)) for title, link in entries if link})
    return frozenset(link for link, count in uses.items() if count > 1)


def place_mark(link: str | None, stamp: datetime | None, title: str, shared: frozenset[str] = frozenset()) -> int:
    """Return the mark of where an entry stands and since when.

    `link` is None where it has none, `stamp` where it has none that is usable; `shared` are the links of several.
    """
    if not link:
        return _NONE
    place = canonical(link)
    when = "" if stamp is None else str(int(stamp.timestamp()))
    return _mark("place", place, when, title if not when or place in shared else "")


def key_mark(key: str) -> int:
    """Return the mark of a key."""
    return _mark("key", key)


def marks_of(article: Article, key: int, place: int, stamp: datetime | None) -> Marks:
    """Return the marks of an entry.

    `key` is its `key_mark`, `place` its `place_mark`, and `stamp` its own time (None: none).
    """
    title, text = _bare(article.title), _bare(article.text)
    words = blake2b(b"\0".join((title, text)), digest_size=16).digest()
    page = _mark_of(canonical(article.url).encode("utf-8", "surrogatepass") + words) if article.url else _NONE
    if _tells(text):
        told = _mark_of(words)
    elif text and title and stamp is not None:
        told = _mark_of(words + str(int(stamp.timestamp())).encode())
    else:
        told = _NONE
    return Marks(key, place, page, told)


def _bare(text: str) -> bytes:
    """Return a text that is clean (text.py), and so has no white space but these two, without it and in lower case."""
    return text[:_LONGEST_COMPARED].casefold().encode("utf-8", "surrogatepass").translate(None, b" \n")


def _tells(text: bytes) -> bool:
    """Return whether a bare text has `TELLING` characters; in UTF-8 none takes more than four bytes."""
    size = len(text)
    return size >= 4 * TELLING or (size >= TELLING and len(text.decode("utf-8", "surrogatepass")) >= TELLING)


def _mark(*parts: str) -> int:
    return _mark_of("\0".join(parts).encode("utf-8", "surrogatepass"))


def _mark_of(told: bytes) -> int:
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "little") or 1


def memory_of(articles: Sequence[Article]) -> bytes:
    """Return the memory of a feed from its stored articles, the newest first: as if its latest body had listed them."""
    memory = Memory(b"")
    for article in articles[:MOST_REMEMBERED]:
        place = place_mark(article.url, article.published, article.title)
        memory.meet(marks_of(article, key_mark(article.key), place, article.published))
    return memory.after()


class Memory:
    """What a feed listed before, and what it lists now, while one body of it is read."""

    def __init__(self, memory: bytes) -> None:
        """Take what was remembered; empty, or of another form: nothing."""
        form, front = _HEAD.unpack_from(memory) if len(memory) >= _HEAD.size else (0, 0)
        known = memory[_HEAD.size :] if form == _FORM else b""
        self._known = known if len(known) % _SIZE == 0 else b""
        self._front = self._known[: front * _SIZE]
        self._at = dict(zip(_numbers(self._front)[0::4], count()))
        self._signs: frozenset[int] | None = None
        self._listed: dict[int, bytes] = {}
        self._met: set[int] = set()

    def recall(self, key: int, place: int) -> bool:
        """Return whether an entry is known by its key and stands where it stood, so that nothing more need be asked.

        It is then among those listed now.
        """
        at = self._at.get(key)
        if at is None and self._signs is None:
            self._look_further()
            at = self._at.get(key)
        if at is None:
            return False
        marks = self._known[at * _SIZE : (at + 1) * _SIZE]
        if _FOUR.unpack(marks)[1] != place:
            return False
        self._listed.setdefault(key, marks)
        return True

    def meet(self, marks: Marks) -> bool:
        """Take an entry as listed now, and return whether it is new."""
        remembered = self._look_further() if self._signs is None else self._signs
        signs = {marks.place, marks.page, marks.text} - {_NONE}
        known = (
            marks.key in self._at
            or marks.key in self._listed
            or not signs.isdisjoint(self._met)
            or not signs.isdisjoint(remembered)
        )
        self._listed.setdefault(marks.key, _FOUR.pack(marks.key, marks.place, marks.page, marks.text))
        self._met |= signs
        return not known

    def _look_further(self) -> frozenset[int]:
        """Gather the keys and signs of everything remembered, and return the signs."""
        numbers = _numbers(self._known)
        self._at = dict(zip(numbers[0::4], count()))
        self._signs = frozenset(numbers[1::4]) | frozenset(numbers[2::4]) | frozenset(numbers[3::4])
        return self._signs

    def after(self) -> bytes:
        """Return what is to be remembered from now on: what it was, where nothing has changed."""
        listed = b"".join(self._listed.values())
        if listed == self._front:
            older = self._known[len(listed) :]
        else:
            front = len(self._front) // _SIZE
            came_back = any(self._at.get(key, 0) >= front for key in self._listed)
            rest = self._known if came_back else self._front
            dropped = [rest[at : at + _SIZE] for at in range(0, len(rest), _SIZE)]
            older = b"".join(one for one in dropped if _FOUR.unpack(one)[0] not in self._listed)
            older += self._known[len(rest) :]
        return _HEAD.pack(_FORM, len(self._listed)) + listed + older[: MOST_REMEMBERED * _SIZE]


def _numbers(known: bytes) -> tuple[int, ...]:
    return unpack(f"<{len(known) // 8}Q", known)
