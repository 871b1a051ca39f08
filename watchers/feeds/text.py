"""HTML and stray text from the web to plain text that is safe to store, read and show.

One linear pass over the characters, whatever the input: nothing here looks back or tries again, so broken and
hostile HTML costs no more than good HTML.
"""

from __future__ import annotations

import html
import re

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
# Bounded, so that an unclosed quotation mark costs at most this much before the tag is taken to end at its next ">".
_QUOTED_TAG = re.compile(r"""<(?:[^>"']++|"[^"]{0,4000}+"|'[^']{0,4000}+'){0,60}+>""")

_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u202a-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_ANY_SPACE = re.compile(r"\s+")
_BLANK_LINES = re.compile(r" ?\n(?: ?\n)+ ?")
_LINE_EDGE = re.compile(r" ?\n ?")
_HARD_WRAP = re.compile(r"(?<![.!?…:;\"\u201d\u2019)\n])\n(?![\n•*-])")
_MARKUP = re.compile(
    r"</?(?:a|abbr|article|b|blockquote|br|center|code|dd|div|dl|dt|em|figure|font|h[1-6]|hr|i|img|li|ol|p|pre|q|"
    r"section|small|span|strong|sub|sup|table|td|tr|u|ul)(?:\s[^<>]*)?/?>",
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
    markup = markup[:_MAX_MARKUP]
    pieces: list[str] = []
    at = 0
    while (opening := markup.find("<", at)) >= 0:
        pieces.append(_words(markup[at:opening]))
        piece, at = _tag(markup, opening)
        pieces.append(piece)
    pieces.append(_words(markup[at:]))
    return clean_text("".join(pieces), limit)


def _words(raw: str) -> str:
    """Resolve entities; line ends inside a paragraph of HTML are mere spaces."""
    return html.unescape(_ANY_SPACE.sub(" ", raw)) if raw else ""


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
    return clean_text(_HARD_WRAP.sub(" ", _LINE_ENDS.sub("\n", text[:_MAX_MARKUP])), limit)


def clean_text(text: str, limit: int = MAX_TEXT) -> str:
    """Return text without what cannot be seen, its spaces and blank lines in order, at most `limit` characters.

    Control characters, bidirectional overrides, zero-width spaces, soft hyphens and lone surrogates go; joiners
    and direction marks stay, because emoji and Persian, Arabic and Hebrew words need them.
    """
    visible = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    spaced = _SPACES.sub(" ", visible)
    settled = _LINE_EDGE.sub("\n", _BLANK_LINES.sub("\n\n", spaced)).strip()
    return settled if len(settled) <= limit else _cut(settled, limit)


def one_line(text: str, limit: int = MAX_TITLE) -> str:
    """Return text as one line of at most `limit` characters, for titles and messages."""
    flat = _ANY_SPACE.sub(" ", text).strip()
    return flat if len(flat) <= limit else _cut(flat, limit)


def _cut(text: str, limit: int) -> str:
    """Cut before the last whole word, unless a single word fills the text."""
    space = text.rfind(" ", limit - 100, limit)
    return text[: space if space > 0 else limit].rstrip()
