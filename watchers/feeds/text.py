"""HTML and stray text from the web to plain text that is safe to store, read and show.

One linear pass over the characters, whatever the input: nothing here looks back or tries again, so broken and
hostile HTML costs no more than good HTML.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

MAX_TEXT = 200_000
"""Longest text kept of one article, in characters: about 35,000 words."""
MAX_TITLE = 500
"""Longest title kept, in characters."""

_MAX_MARKUP = 10 * MAX_TEXT

_SILENT = frozenset({"script", "style", "template", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "svg"})
"""Elements whose content is no text for a reader."""
_PARAGRAPH = re.compile(
    "address|article|aside|blockquote|body|caption|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|"
    "footer|form|h[1-6]|header|hr|legend|main|nav|ol|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul"
)
_CELLS = frozenset({"td", "th", "option", "button", "label"})

_TAG_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9:-]*)")
# What most of all HTML consists of; every repetition holds on to what it took, so that it fails at once where it fails.
_WORDS_AND_TAG = re.compile(
    r"""([^<]*+)<(/?)([A-Za-z][A-Za-z0-9:-]{0,40}+)(?![A-Za-z0-9:-])[^"'>]*+(?:"[^">]*+"[^"'>]*+)*+>"""
)
# Bounded, so that an unclosed quotation mark costs at most this much before the tag is taken to end at its next ">".
_QUOTED_TAG = re.compile(r"""<(?:[^>"']++|"[^"]{0,4000}+"|'[^']{0,4000}+'){0,60}+>""")

_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u202a-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_SEVERAL_SPACES = re.compile("  +")
_BLANK_LINES = re.compile("\n{3,}")
_HARD_WRAP = re.compile(r"(?<![.!?…:;\"\u201d\u2019)\n])\n(?![\n•*-])")
_MARKUP = re.compile(
    r"</?(?:a|abbr|applet|article|b|blink|blockquote|br|center|code|dd|div|dl|dt|em|embed|figure|font|frame|frameset|h[1-6]|"
    r"hr|i|iframe|img|li|link|meta|object|ol|p|pre|q|script|section|small|span|strong|style|sub|sup|table|td|tr|u|ul)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


def looks_like_html(text: str) -> bool:
    """Return whether text that calls itself plain holds HTML after all, as feeds often do."""
    return _MARKUP.search(text, 0, _MAX_MARKUP) is not None


def text_of_html(markup: str, limit: int = MAX_TEXT) -> str:
    """Return the plain text of HTML, at most `limit` characters.

    Paragraphs are parted by a blank line, list items begin with "- " on their own line, entities are resolved,
    scripts and styles are gone. Unclosed tags are taken as browsers take them.
    """
    # Line ends inside a paragraph of HTML are mere spaces.
    markup = " ".join(markup[:_MAX_MARKUP].split())
    pieces: list[str] = []
    at = 0
    while True:
        found = _WORDS_AND_TAG.match(markup, at)
        mark = _mark_of(found[2], found[3]) if found is not None else None
        if found is not None and mark is not None:
            words, at = found[1], found.end()
        else:
            opening = markup.find("<", at)
            if opening < 0:
                break
            words = markup[at:opening]
            mark, at = _tag(markup, opening)
        if words:
            pieces.append(html.unescape(words) if "&" in words else words)
        if mark:
            pieces.append(mark)
    pieces.append(html.unescape(markup[at:]))
    return clean_text("".join(pieces), limit)


@lru_cache(1_024)
def _mark_of(closing: str, name: str) -> str | None:
    """Return what a sound tag puts into the text; None where what follows it is no text."""
    lower = name.lower()
    return None if lower in _SILENT and not closing else _mark(lower, closing=bool(closing))


def _tag(markup: str, opening: int) -> tuple[str, int]:
    """Return what the tag at `opening` puts into the text, and where reading goes on."""
    if markup.startswith("<!--", opening):
        return "", _after("-->", markup, opening + 4)
    if markup.startswith("<![CDATA[", opening):
        return "", opening + 9
    name = _TAG_NAME.match(markup, opening + 1)
    if name is None:
        if markup.startswith(("<!", "<?", "</"), opening):
            return "", _after(">", markup, opening)
        return "<", opening + 1
    quoted = _QUOTED_TAG.match(markup, opening)
    end = quoted.end() if quoted else _after(">", markup, opening)
    tag = name[1].lower()
    closing = name[0].startswith("/")
    if tag in _SILENT and not closing and not markup.startswith("/>", end - 2):
        return " ", _after_silence(tag, markup, end)
    return _mark(tag, closing=closing), end


def _mark(tag: str, *, closing: bool) -> str:
    if tag == "br":
        return "\n"
    if tag == "li":
        return "\n" if closing else "\n- "
    if _PARAGRAPH.fullmatch(tag):
        return "\n\n"
    return " " if tag in _CELLS else ""


def _after(mark: str, markup: str, start: int) -> int:
    """Return the place after the next `mark`; the end where there is none, as browsers do."""
    found = markup.find(mark, start)
    return len(markup) if found < 0 else found + len(mark)


def _after_silence(tag: str, markup: str, start: int) -> int:
    closing = re.compile(f"</{tag}", re.IGNORECASE).search(markup, start)
    return len(markup) if closing is None else _after(">", markup, closing.end())


def text_of_plain(text: str, limit: int = MAX_TEXT) -> str:
    """Return plain text cleaned, with lines that were only wrapped joined again."""
    text = text[:_MAX_MARKUP]
    if not text.isprintable():
        text = _HARD_WRAP.sub(" ", _LINE_ENDS.sub("\n", text))
    return clean_text(text, limit)


def clean_text(text: str, limit: int = MAX_TEXT) -> str:
    """Return text without what cannot be seen, its spaces and blank lines in order, at most `limit` characters.

    Control characters, bidirectional overrides, zero-width spaces, soft hyphens and lone surrogates go; joiners
    and direction marks stay, because emoji and Persian, Arabic and Hebrew words need them.
    """
    text = text.replace("\xa0", " ")
    if not text.replace("\n", "").isprintable():
        text = _SPACES.sub(" ", _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)))
    if "  " in text:
        text = _SEVERAL_SPACES.sub(" ", text)
    if "\n" in text:
        text = _BLANK_LINES.sub("\n\n", "\n".join([line.strip(" ") for line in text.split("\n")]))
    settled = text.strip()
    return settled if len(settled) <= limit else _cut(settled, limit)


def one_line(text: str, limit: int = MAX_TITLE) -> str:
    """Return text as one line of at most `limit` characters, for titles and messages."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else _cut(flat, limit)


def _cut(text: str, limit: int) -> str:
    """Cut before the last whole word, unless a single word fills the text."""
    space = text.rfind(" ", limit - 100, limit)
    return text[: space if space > 0 else limit].rstrip()
