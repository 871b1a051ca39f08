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
# What most of all HTML consists of; every repetition holds on to what it took, so that it fails at once where it fails.
_ATTRIBUTES = r"""(?![A-Za-z0-9:-])[^"'<>]*+(?:"[^"<>]*+"[^"'<>]*+|'[^'<>]*+'[^"'<>]*+)*+"""
_TAG = rf"(/?[A-Za-z][A-Za-z0-9:-]{{0,40}}+)(?:>|{_ATTRIBUTES}>)"
_SOUND_TAG = re.compile(f"<{_TAG}")
_SOUND_TAG_OR_COMMENT = re.compile(f"(?s)<(?:{_TAG}|!--.*?-->)")
_CLOSED_SILENCE = re.compile(f"<(?:{'|'.join(sorted(_SILENT))})[^<>]*/>", re.IGNORECASE)
# Bounded, so that an unclosed quotation mark costs at most this much before the tag is taken to end at its next ">".
_QUOTED_TAG = re.compile(r"""<(?:[^>"']++|"[^"]{0,4000}+"|'[^']{0,4000}+'){0,60}+>""")

_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u202a-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_OTHER_SPACES = re.compile(r"[^\S\n ]")
# Written with all that they must begin with, which the engine looks for first.
_SEVERAL_SPACES = re.compile("  +")
_BLANK_LINES = re.compile("\n\n\n+")
_ODD_SPACES = "\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029"
"""What `str.split` takes for spaces and what follows it would not."""
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
    markup = markup[:_MAX_MARKUP]
    text = _text_of_sound_html(markup)
    return clean_text(_text_of_any_html(markup) if text is None else text, limit)


_UNSOUND = "<"
_BETWEEN = "\x01"
"""Stands between the texts around tags while references are resolved: none reaches over it, and none makes one."""


class _WordsOfTags(dict[str | None, str]):
    """What each tag puts into the text, by its name as it is written, None in comments; `_UNSOUND`: no text follows."""

    def __missing__(self, written: str | None) -> str:
        if written is None:
            return ""
        name = written.lstrip("/").lower()
        closing = written.startswith("/")
        words = _UNSOUND if name in _SILENT and not closing else _words_of(name, closing=closing)
        if len(self) < _MOST_KEPT:
            self[written] = words
        return words


class _References(dict[str, str]):
    """What character references stand for, by what is written after the "&"."""

    def __missing__(self, written: str) -> str:
        try:
            words = html.unescape(f"&{written}")
        except ValueError:  # of thousands of digits, which Python makes no number of
            words = "\ufffd"
        if len(self) < _MOST_KEPT and len(written) <= _LONGEST_KEPT:
            self[written] = words
        return words


_MOST_KEPT = 1_000
_LONGEST_KEPT = 40
_words_of_tags = _WordsOfTags()
_references = _References()
_REFERENCE = re.compile(rf"&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;{_BETWEEN}]{{1,32}};?)")


def unescape(text: str) -> str:
    """Return text with its character references resolved, as `html.unescape` does (HTML, section 13.5), but faster.

    Of numbers beyond all characters those that are too long for `html.unescape` are resolved like the others.
    """
    if "&" not in text:
        return text
    pieces = _REFERENCE.split(text)
    pieces[1::2] = map(_references.__getitem__, pieces[1::2])
    return "".join(pieces)


def _text_of_sound_html(markup: str) -> str | None:
    """Return the text of HTML, not cleaned yet; None where a tag or sign is not sound, or it is too odd for this."""
    markup = _of_one_line(markup)
    pieces, names = _pieces(_SOUND_TAG, markup)
    text = "".join(pieces)
    if _UNSOUND in text:
        around = _pieces_around_asides(markup, pieces, names)
        if around is None:
            return None
        pieces, text = around, "".join(around)
    if "&" in text:
        if _BETWEEN in text:
            return None
        pieces[0::2] = unescape(_BETWEEN.join(pieces[0::2])).split(_BETWEEN)
        text = "".join(pieces)
    return text


def _pieces(tag: re.Pattern[str], markup: str) -> tuple[list[str], list[str | None]]:
    """Return the texts around tags, and between them what these put there; and the names of the tags.

    None is the name of a comment.
    """
    pieces = tag.split(markup)
    names: list[str | None] = pieces[1::2]
    pieces[1::2] = map(_words_of_tags.__getitem__, names)
    return pieces, names


def _pieces_around_asides(markup: str, pieces: list[str], names: list[str | None]) -> list[str] | None:
    """Return the pieces of HTML without comments and what elements hold that are no text; None: that is not certain."""
    if "<!--" in markup:
        if markup.find("-->", markup.rfind("<!--") + 4) < 0:
            return None
        pieces, names = _pieces(_SOUND_TAG_OR_COMMENT, markup)
        if not any(_UNSOUND in piece for piece in pieces):
            return pieces
    return None if _CLOSED_SILENCE.search(markup) else _pieces_around_silence(pieces, names)


def _pieces_around_silence(pieces: list[str], names: list[str | None]) -> list[str] | None:
    """Return the pieces of HTML without what elements hold that are no text; None where that is not certain."""
    kept = pieces[:1]
    silent = ""
    for name, between, words in zip(names, pieces[1::2], pieces[2::2], strict=True):
        if not silent and name is not None and between == _UNSOUND:
            silent, ended = f"/{name.lower()}", "</" in words
            kept.append(" ")
        elif not silent:
            ended = False
            kept += (between, words)
        elif name is None:  # what is commented out may end it
            return None
        elif name.lower().startswith(silent):
            silent, ended = "", False
            kept.append(words)
        else:
            ended = "</" in words
        if ended:  # perhaps by an end that is no sound tag
            return None
    return None if any(_UNSOUND in piece for piece in kept) else kept


def _of_one_line(text: str) -> str:
    """Return HTML without line ends, which are mere spaces, in a paragraph as in a tag."""
    if any(odd in text for odd in _ODD_SPACES):
        return " ".join(text.split())
    return text.replace("\n", " ").replace("\t", " ").replace("\r", " ")


def _text_of_any_html(markup: str) -> str:
    """Return the text of HTML, not cleaned yet, one tag after another."""
    markup = " ".join(markup.split())
    pieces: list[str] = []
    at = 0
    while (opening := markup.find("<", at)) >= 0:
        pieces.append(unescape(markup[at:opening]))
        sound = _SOUND_TAG.match(markup, opening)
        if sound is not None and (words := _words_of_tags[sound[1]]) != _UNSOUND:
            at = sound.end()
        else:
            words, at = _tag(markup, opening)
        pieces.append(words)
    pieces.append(unescape(markup[at:]))
    return "".join(pieces)


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
    return _words_of(tag, closing=closing), end


def _words_of(tag: str, *, closing: bool) -> str:
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
    if text.isprintable():  # so it is one line, all of which can be seen
        return _settled(_SEVERAL_SPACES.sub(" ", text), limit)
    return clean_text(_HARD_WRAP.sub(" ", _LINE_ENDS.sub("\n", text)), limit)


def clean_text(text: str, limit: int = MAX_TEXT) -> str:
    """Return text without what cannot be seen, its spaces and blank lines in order, at most `limit` characters.

    Control characters, bidirectional overrides, zero-width spaces, soft hyphens and lone surrogates go; joiners
    and direction marks stay, because emoji and Persian, Arabic and Hebrew words need them.
    """
    text = text.replace("\xa0", " ")
    if not text.replace("\n", "").isprintable():
        text = _OTHER_SPACES.sub(" ", _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)))
    text = _SEVERAL_SPACES.sub(" ", text)
    if "\n" in text:
        text = _BLANK_LINES.sub("\n\n", "\n".join([line.strip(" ") for line in text.split("\n")]))
    return _settled(text, limit)


def _settled(text: str, limit: int) -> str:
    settled = text.strip()
    return settled if len(settled) <= limit else _cut(settled, limit)


def one_line(text: str, limit: int = MAX_TITLE) -> str:
    """Return text as one line of at most `limit` characters, without what cannot be seen, for titles and messages."""
    flat = " ".join((text if text.isprintable() else _INVISIBLE.sub("", text)).split())
    return flat if len(flat) <= limit else _cut(flat, limit)


def _cut(text: str, limit: int) -> str:
    """Cut before the last whole word, unless a single word fills the text."""
    space = text.rfind(" ", limit - 100, limit)
    return text[: space if space > 0 else limit].rstrip()
