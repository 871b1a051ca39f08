"""Reads plain feeds as feedparser does, some thirty times as fast; on anything doubtful it steps aside.

feedparser is the parser of record. This reader follows its rules, element by element and in the order of the document
(feedparser/mixin.py and namespaces/, version 6), for the part of them that everyday feeds need, and raises
`UnsureError` on all else, so that feedparser reads those. What must hold of a body to be read here:

- it is well-formed XML in UTF-8, or in an encoding of the list below that decodes without fault, with no DOCTYPE and so
  no entities of its own: feedparser, too, then reads it with a strict XML parser, and strict parsers agree;
- each prefix stands for one namespace and each unknown namespace for one prefix, and none borrows the usual prefix of
  another, for feedparser keeps one list of them for the whole document; names of elements are in ASCII;
- where an element carries a base address, links and ids are absolute, so that it does not matter;
- the root is rss, RDF or feed, and entries stand in nothing but ordinary elements;
- ids, links and times hold no elements, and titles and texts none that feedparser would take for a part of the feed
  (plain_markup.py); nothing is in base64;
- the times of entries are of a form whose reading is certain (stamps.py);
- where blanks stand before the XML declaration, feedparser uses its parser for malformed feeds, which decodes less:
  ids, links and titles then hold nothing that it would leave encoded.

Of 2,693 files of other projects' test suites, most of them odd on purpose, it takes 2,167, and of the 103 real ones
over 15 kB 89; ids, links, titles and times are those of feedparser in all (benchmarks/feeds_corpus.py). fastfeedparser
0.6.5 was tried in its place: equal in 90 % of the files with entries, and what differs cannot be told beforehand.

Elements that feedparser does not know, or whose meaning changes nothing here, may be anywhere (plain_names.py). A
property test holds the two readers to each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from watchers.feeds.plain_markup import XHTML, ends_nothing, inline_of, kind_of, markup_of, text_of
from watchers.feeds.plain_names import FOLLOWED, NOT_FOLLOWED, TEXTS_WITHOUT_EFFECT
from watchers.feeds.plain_xml import ATOM_1, Element, PlainDocument, attributes_of, given_attributes, open_plain
from watchers.feeds.raw import NO_STAMP, NOTHING, Markup, RawEntry, RawFeed
from watchers.feeds.stamps import UnsureError, first_usable, moment_of

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_RSS_1 = frozenset({"http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"})
_PAGE_KINDS = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})
_DEEPEST = 20
_EXTRA_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)(/*)(.*?)")
_ABSOLUTE = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[^\s?#;\[\]]*)?(?:\?[^\s#;\[\]]+)?(?:#[^\s;\[\]]+)?|(?:tag|urn):[^\s\[\]]+"
)
"""Addresses that stay as they are whatever address they are joined to."""
_SPECIAL = re.compile(r"""[<>"'\s]|&[#\w]*;""")
"""What the other parser of feedparser may leave as it is written."""
_REFERENCE = re.compile(r"&[#\w]+;")
_CUT_PARAMETER = re.compile(r"&([A-Za-z0-9_]+);")


def read_plain(body: bytes, charset: str | None = None) -> RawFeed:
    """Read the body of a feed that is plain in the sense above; raise `UnsureError` where it is not.

    `charset` is what the server calls its encoding where the body does not say; None: nobody says.
    """
    document = open_plain(body, charset)
    name = document.vocabulary.name(document.root.tag)
    walk = _Walk(document)
    walk.root(name)
    return RawFeed(walk.title, tuple(walk.entries), "plain", exact=name == "feed")


class _Draft:
    """What is known so far of the entry, or of the feed, that is being read."""

    __slots__ = ("contents", "depths", "kinds", "stamps", "values")

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.depths: dict[str, int] = {}
        self.kinds: dict[str, str] = {}
        self.stamps: dict[str, str] = {}
        self.contents: list[Markup] = []

    def store(self, name: str, value: str, depth: int) -> None:
        """Keep a value, unless one from nearer to the entry itself was kept before."""
        known = self.depths.get(name)
        if known is None or depth <= known:
            self.depths[name] = depth
            self.values[name] = value

    def entry(self) -> RawEntry:
        values, kinds = self.values, self.kinds
        title = Markup(values["title"], kinds["title"]) if values.get("title") else NOTHING
        summary = Markup(values["summary"], kinds.get("summary", "text/html")) if values.get("summary") else NOTHING
        stamp = first_usable(self.stamps, moment_of, values) if self.stamps else NO_STAMP
        link, identity = values.get("link", ""), values.get("id", "")
        return RawEntry(identity, link, title, summary, tuple(self.contents), stamp)


Action = Callable[["_Walk", Element, int], None]


class _Walk:
    """Goes through a document from its beginning to its end, as a strict XML parser calls feedparser."""

    def __init__(self, document: PlainDocument) -> None:
        self.entries: list[RawEntry] = []
        self.title = ""
        self._document = document
        self._vocabulary = document.vocabulary
        self._actions: dict[str, Action | None] = {}
        self._feed = _Draft()
        self._draft = self._feed
        self._in_feed = False
        self._in_entry = False
        self._has_content = False
        self._title_depth = -1

    def root(self, name: str) -> None:
        """Read the document from its outermost element, of which `name` is the name."""
        namespaces = self._document.namespaces
        # feedparser takes the version from the first namespace that tells one, and a few things depend on it.
        if name == "feed":
            if namespaces & _RSS_1:
                raise UnsureError
            self._in_feed = True
        elif name == "rdf_rdf":
            if self._document.loose or ATOM_1 in namespaces or not self._document.at_root & _RSS_1:
                raise UnsureError
        elif name != "rss":
            raise UnsureError
        attributes_of(self._document.root)
        self.children(self._document.root, 2)

    def children(self, element: Element, depth: int) -> None:
        """Read the elements within one; `depth` is theirs, the outermost element having 1."""
        if depth > _DEEPEST:
            raise UnsureError
        actions = self._actions
        for child in element:
            tag = child.tag
            if tag not in actions:
                actions[tag] = self._action(tag)
            action = actions[tag]
            if action is not None:
                action(self, child, depth)
            elif len(child):  # of no effect itself; what it holds may have one
                self.children(child, depth + 1)

    def _action(self, tag: str) -> Action | None:
        name = self._vocabulary.name(tag)
        if name in FOLLOWED:
            return _ACTIONS[name]
        if name in NOT_FOLLOWED:
            raise UnsureError
        return _Walk.flat if name in TEXTS_WITHOUT_EFFECT else None

    def flat(self, element: Element, _depth: int) -> None:
        """Take no notice of a text."""
        if len(element):
            self._kind_and_text(element, "text/plain")

    def channel(self, element: Element, depth: int) -> None:
        if self._in_entry or any(name not in {_ABOUT, _LANGUAGE} for name, _ in given_attributes(element)):
            raise UnsureError
        self._in_feed = True
        self.children(element, depth + 1)
        self._in_feed = False

    def item(self, element: Element, depth: int) -> None:
        if self._in_entry:
            raise UnsureError
        self._draft = draft = _Draft()
        for name, value in given_attributes(element):
            if name == _ABOUT:
                if value:
                    draft.values["id"] = value
            elif name != _LANGUAGE:
                raise UnsureError
        self._in_entry = True
        self._title_depth = -1
        self.children(element, depth + 1)
        self._in_entry = self._has_content = False
        self._draft = self._feed
        self.entries.append(draft.entry())

    def named(self, element: Element, depth: int) -> None:
        """Read a title."""
        if self._store_title(element, depth):
            self._title_depth = depth

    def media_title(self, element: Element, depth: int) -> None:
        self._store_title(element, depth)

    def _store_title(self, element: Element, depth: int) -> str:
        kind, value = self._kind_and_text(element, "text/plain", exactly=True)
        self._keep_title(value, kind, depth)
        return value

    def _keep_title(self, value: str, kind: str, depth: int) -> None:
        if -1 < self._title_depth <= depth:
            return
        if self._document.loose and _REFERENCE.search(value):
            raise UnsureError
        if self._in_entry:
            self._draft.store("title", value, depth)
            self._draft.kinds["title"] = kind
        elif self._in_feed:
            self.title = value

    def link(self, element: Element, _depth: int) -> None:
        if len(element):
            raise UnsureError
        if not self._in_entry:
            return
        own = attributes_of(element)
        address = own.get("url", own.get("uri", own.get("href"))) or own.get("href")
        if address is not None:
            rel, kind = own.get("rel", "alternate").lower(), own.get("type", "text/html").lower()
            if rel == "alternate" and kind in _PAGE_KINDS:
                self._draft.values["link"] = self._resolved(address)
            return
        text = text_of(element)
        if "&" in text:
            text = _CUT_PARAMETER.sub(r"&\g<1>", text.replace("&amp;", "&"))
        self._draft.values["link"] = self._resolved(text) if text else ""

    def _resolved(self, address: str) -> str:
        """Return an address as feedparser would join it to the base address, which must not matter."""
        if self._document.based and not _ABSOLUTE.fullmatch(address):
            raise UnsureError
        if self._document.loose and _SPECIAL.search(address):
            raise UnsureError
        return _EXTRA_SLASHES.sub(r"\1\3", address) if ":///" in address else address

    def guid(self, element: Element, depth: int) -> None:
        text = text_of(element)
        if not self._in_entry:
            return
        if self._document.loose and ("&" in text or _SPECIAL.search(text)):
            raise UnsureError
        is_link = attributes_of(element).get("ispermalink", "true") == "true"
        if is_link:
            text = self._resolved(text) if text else ""
            self._draft.values.setdefault("link", text)
        self._draft.store("id", text, depth)

    def described(self, element: Element, depth: int) -> None:
        """Read a description; a second text of an entry counts as its content."""
        if self._has_summary() and not self._has_content:
            self.content(element, depth)
        else:
            self._store_summary(element, "text/html", depth)

    def abstract(self, element: Element, depth: int) -> None:
        self._store_summary(element, "text/plain", depth)

    def summary(self, element: Element, depth: int) -> None:
        if self._has_summary() and not self._has_content:
            self.content(element, depth)
            return
        kind, value = self._kind_and_text(element, "text/plain")
        if self._in_entry or self._in_feed:
            self._draft.store("summary", value, depth)
            self._draft.kinds["summary"] = kind

    def _has_summary(self) -> bool:
        return "summary" in self._draft.values

    def _store_summary(self, element: Element, usual: str, depth: int) -> None:
        kind, value = self._kind_and_text(element, usual)
        if self._in_entry:
            self._draft.store("summary", value, depth)
            self._draft.kinds["summary"] = kind

    def _kind_and_text(self, element: Element, usual: str, *, exactly: bool = False) -> tuple[str, str]:
        """Return the type of a text and the text; `exactly` is whether its markup, too, must be feedparser's."""
        kind = kind_of(element, usual)
        if kind != XHTML and not len(element):
            return kind, text_of(element)
        if self._document.loose or not ends_nothing(element, self._vocabulary):
            raise UnsureError
        if kind == XHTML and not exactly:
            return kind, markup_of(element, self._document)
        return XHTML, inline_of(element, self._document, escaped=kind == XHTML)

    def content(self, element: Element, _depth: int) -> None:
        self._store_content(element, "text/plain")

    def encoded(self, element: Element, _depth: int) -> None:
        self._store_content(element, "text/html")

    def _store_content(self, element: Element, usual: str) -> None:
        self._has_content = True
        kind, value = self._kind_and_text(element, usual)
        if self._in_entry:
            self._draft.contents.append(Markup(value, kind))
        self._draft.values.setdefault("summary", value)

    def published(self, element: Element, depth: int) -> None:
        self._store_stamp("published", element, depth)

    def updated(self, element: Element, depth: int) -> None:
        self._store_stamp("updated", element, depth)

    def created(self, element: Element, depth: int) -> None:
        self._store_stamp("created", element, depth)

    def _store_stamp(self, name: str, element: Element, depth: int) -> None:
        text = text_of(element)
        if self._in_entry:
            self._draft.store(name, text, depth)
            self._draft.stamps[name] = text

    def image(self, element: Element, depth: int) -> None:
        """Pass over a picture; in the head of a feed it has a title and a link of its own."""
        if self._in_entry and len(element):
            raise UnsureError
        self._title_depth = -1
        for child in element:
            name = self._vocabulary.name(child.tag)
            if len(child) or name not in _OF_IMAGES:
                raise UnsureError
            if name == "title" and text_of(child):
                self._title_depth = depth + 1

    def text_input(self, element: Element, depth: int) -> None:
        if self._in_entry:
            raise UnsureError
        self.image(element, depth)

    def source(self, element: Element, depth: int) -> None:
        """Pass over where an entry was taken from."""
        if not self._in_entry:
            raise UnsureError
        self._title_depth = -1
        for child in element:
            name = self._vocabulary.name(child.tag)
            if (len(child) and name not in _PEOPLE) or name not in _OF_SOURCES:
                raise UnsureError
            if name == "title" and text_of(child):
                self._title_depth = depth + 1

    def unsure(self, _element: Element, _depth: int) -> None:
        raise UnsureError


_OF_IMAGES = frozenset(["title", "link", "url", "description", "width", "height", "name", "href"])
_PEOPLE = frozenset({"author", "contributor"})
_OF_SOURCES = frozenset(
    [
        "title",
        "id",
        "link",
        "updated",
        "published",
        "subtitle",
        "rights",
        "icon",
        "logo",
        "generator",
        "category",
        "author",
        "contributor",
    ]
)
_ACTIONS: dict[str, Action] = {
    "abstract": _Walk.abstract,
    "channel": _Walk.channel,
    "content": _Walk.content,
    "content_encoded": _Walk.encoded,
    "created": _Walk.created,
    "dc_date": _Walk.updated,
    "dc_description": _Walk.described,
    "dc_title": _Walk.named,
    "dcterms_created": _Walk.created,
    "dcterms_issued": _Walk.published,
    "dcterms_modified": _Walk.updated,
    "description": _Walk.described,
    "entry": _Walk.item,
    "feed": _Walk.unsure,
    "guid": _Walk.guid,
    "id": _Walk.guid,
    "image": _Walk.image,
    "issued": _Walk.published,
    "item": _Walk.item,
    "itunes_summary": _Walk.summary,
    "lastbuilddate": _Walk.updated,
    "link": _Walk.link,
    "media_description": _Walk.described,
    "media_title": _Walk.media_title,
    "modified": _Walk.updated,
    "pubdate": _Walk.published,
    "published": _Walk.published,
    "rss": _Walk.unsure,
    "source": _Walk.source,
    "summary": _Walk.summary,
    "textinput": _Walk.text_input,
    "title": _Walk.named,
    "updated": _Walk.updated,
}
