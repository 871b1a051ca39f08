"""Follow-ups as feeds, for readers of news: Atom (RFC 4287) and JSON Feed 1.1. Pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from bot import outline
from bot.render import Setting
from bot.showing import Shown
from bot.views.look import KIND_NAMES, STATUS_NAMES
from watchers.rating import Case

_ATOM = "http://www.w3.org/2005/Atom"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def atom_feed(shown: Shown, setting: Setting, address: str) -> bytes:
    """Return an Atom feed; `address` is where it is read."""
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": setting.say.language})
    _say(feed, "title", shown.name)
    _say(feed, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, address)}")
    _say(feed, "updated", _newest(shown).isoformat())
    SubElement(feed, "link", {"rel": "self", "href": address, "type": "application/atom+xml"})
    _say(SubElement(feed, "author"), "name", "Aide-Mémoire")
    for case in shown.cases:
        entry = SubElement(feed, "entry")
        _say(entry, "title", _title(case, setting))
        _say(entry, "id", f"urn:uuid:{outline.lasting_id(case, shown.guild_id)}")
        _say(entry, "updated", _changed(case, shown).isoformat())
        _say(entry, "published", case.followup.tellings[0].published.isoformat())
        if url := _first_link(case):
            SubElement(entry, "link", {"rel": "alternate", "href": url})
        SubElement(entry, "category", {"term": case.followup.kind.value})
        for topic in _topics(case, setting):
            SubElement(entry, "category", {"term": topic})
        _say(entry, "content", _text(case, setting), type="text")
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def json_feed(shown: Shown, setting: Setting, address: str) -> bytes:
    """Return a JSON Feed; `address` is where it is read."""
    items = []
    for case in shown.cases:
        item = {
            "id": f"urn:uuid:{outline.lasting_id(case, shown.guild_id)}",
            "title": _title(case, setting),
            "content_text": _text(case, setting),
            "date_published": case.followup.tellings[0].published.isoformat(),
            "date_modified": _changed(case, shown).isoformat(),
            "tags": [case.followup.kind.value, *_topics(case, setting)],
        }
        items.append({**item, "external_url": url} if (url := _first_link(case)) else item)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": shown.name,
        "feed_url": address,
        "language": setting.say.language,
        "authors": [{"name": "Aide-Mémoire"}],
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False).encode()


def _title(case: Case, setting: Setting) -> str:
    return f"{outline.due_in_words(case, setting.say)} · {outline.headline(case, setting.say)}"


def _text(case: Case, setting: Setting) -> str:
    """Return what an entry says: what it is and where it stands, who said what, who reported it."""
    say = setting.say
    status = STATUS_NAMES[case.status_on(setting.today)]
    told = (
        f"{outline.on_one_line(one.outlet)}: {outline.link(one) or say('no link')}" for one in outline.sources(case)
    )
    lines = [
        f"{say(KIND_NAMES[case.followup.kind])} · {say(status)} · {outline.due_in_words(case, say)}",
        f"{outline.who(case, say)}: “{outline.what(case)}”",
        *told,
        *outline.unconfirmed(case, say),
        *outline.suggested(case, say),
    ]
    return _printable("\n".join(lines))


def _first_link(case: Case) -> str | None:
    return next(filter(None, map(outline.link, case.followup.tellings)), None)


def _topics(case: Case, setting: Setting) -> list[str]:
    return [setting.topics[topic] for topic in case.followup.topics if topic in setting.topics]


def _changed(case: Case, shown: Shown) -> datetime:
    return outline.changed_at(case, shown.revisions.get(case.followup.id))


def _newest(shown: Shown) -> datetime:
    return max((_changed(case, shown) for case in shown.cases), default=_NEVER)


def _say(parent: Element, tag: str, text: str, **attributes: str) -> None:
    SubElement(parent, tag, attributes).text = _printable(text)


def _printable(text: str) -> str:
    """Return `text` without the characters that XML cannot hold."""
    return "".join(c for c in text if c == "\n" or c.isprintable())
