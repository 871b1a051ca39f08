"""Every command, field and form, with whatever a client may send: an answer, and never more than it may tell or do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from tests.driven import FOR_ANYBODY, FOR_MANAGERS
from tests.fuzzing import hostile, hunt
from tests.fuzzing_discord import LANGUAGES, WHO, Hunted, Sent, hunted_world
from tests.test_fuzz_files import opml

_COMMAND, _COMPONENT, _TYPING, _FORM = 2, 3, 4, 5
_TEXT, _WHOLE, _SWITCH, _USER, _CHANNEL, _ROLE, _MENTION, _NUMBER, _FILE = 3, 4, 5, 6, 7, 8, 9, 10, 11
_BUTTON, _SELECT, _INPUT, _USERS, _ROLES, _MENTIONS, _CHANNELS, _LABEL = 2, 3, 4, 5, 6, 7, 8, 18
_UPLOAD = 19
_BOUNDS = (0, -1, 1, 2, 7, 24, 25, 365, 2**31, 2**53 - 1, -(2**53), 2**63, 10**30)
_SHOWN_BY = Path(__file__).parents[1] / "bot"
WORDS = sorted({one for file in _SHOWN_BY.rglob("*.py") for one in re.findall(r'"([a-z]{1,12}\d?)"', file.read_text())})
"""Every word that stands alone in the bot's own code: among them all that its ids say."""


@pytest.fixture
def hunted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hunted]:
    with hunted_world(tmp_path, monkeypatch) as there:
        yield there


# --- commands ---------------------------------------------------------------------------------------------------


def _leaves(hunted: Hunted) -> dict[str, tuple[dict[str, Any], list[str], dict[str, Any]]]:
    """Every slash command by its whole name: its root, the words below it, and itself, as Discord knows them."""
    found = {}
    for name in (*FOR_ANYBODY, *FOR_MANAGERS):
        first, *more = name.split()
        root = hunted.world.env.backend.find_command(first, hunted.world.guild.id, type=1)
        node = root
        for word in more:
            node = next(one for one in node["options"] if one["name"] == word)
        found[name] = (root, more, node)
    return found


def _ids(hunted: Hunted) -> st.SearchStrategy[str]:
    """Ids of things of this server, of the other, and of nothing."""
    numbers = [
        *range(14),
        10**17,
        10**18 - 1,
        2**63,
        hunted.world.guild.id,
        hunted.elsewhere.id,
        hunted.world.channel.id,
    ]
    numbers += [hunted.people["victim"].id, hunted.people["neighbour"].id, hunted.people["manager"].id]
    return st.sampled_from([*map(str, numbers), "00", "٣", "-1", ""])


def _values(hunted: Hunted, option: dict[str, Any]) -> st.SearchStrategy[Any]:
    kind = option["type"]
    if kind == _WHOLE:
        return st.sampled_from(_BOUNDS)
    if kind == _NUMBER:
        return st.floats() | st.sampled_from(_BOUNDS)
    if kind == _SWITCH:
        return st.booleans()
    if kind in {_USER, _CHANNEL, _ROLE, _MENTION, _FILE}:
        return _ids(hunted).filter(lambda one: one.isascii() and one.isdecimal())
    offered = [one["value"] for one in option.get("choices", ())]
    known = [*offered, *hunted.values, "norland", "*", "Our topic", "1", "8", f"{hunted.world.channel.id}:norland"]
    return st.one_of(st.sampled_from(known), _ids(hunted), hostile(option.get("max_length", 4000)), hostile())


@st.composite
def _wanted(draw: st.DrawFn, hunted: Hunted, names: list[str]) -> tuple[str, dict[str, Any], bytes]:
    name = draw(st.sampled_from(names))
    _, _, leaf = _leaves(hunted)[name]
    given = {}
    for option in leaf.get("options", ()):
        if draw(st.integers(0, 9)) < (9 if option.get("required") else 5):
            given[option["name"]] = draw(_values(hunted, option))
    return name, given, draw(opml() if "import" in name else st.just(b""))


def _data(hunted: Hunted, name: str, given: dict[str, Any], file: bytes, typed: str | None = None) -> dict[str, Any]:
    """What Discord sends of a command; `typed` names the field that somebody is typing in."""
    root, below, leaf = _leaves(hunted)[name]
    options: list[dict[str, Any]] = []
    resolved: dict[str, dict[str, Any]] = {}
    for option in leaf.get("options", ()):
        if option["name"] not in given:
            continue
        value = given[option["name"]]
        if option["type"] == _FILE:
            _attach(hunted, resolved, value, file)
        elif option["type"] == _CHANNEL:
            _resolve_channel(resolved, value)
        one = {"name": option["name"], "type": option["type"], "value": value}
        options.append({**one, "focused": True} if option["name"] == typed else one)
    for word in reversed(below):
        kind = 1 if word == below[-1] else 2
        options = [{"name": word, "type": kind, "options": options}]
    found = {"id": root["id"], "name": root["name"], "type": 1, "options": options}
    return {**found, "resolved": resolved} if resolved else found


def _attach(hunted: Hunted, resolved: dict[str, Any], name: str, file: bytes) -> None:
    cdn = hunted.world.env.backend.cdn
    stored = cdn.store_attachment(
        int(name) if name.isdecimal() else 1, hunted.world.channel.id, "feeds.opml", file, None
    )
    hunted._blobs = len(cdn._blobs)
    resolved.setdefault("attachments", {})[name] = stored


def _resolve_channel(resolved: dict[str, Any], name: str) -> None:
    base = {"id": name, "type": 0, "name": "x", "permissions": "8", "parent_id": None}
    resolved.setdefault("channels", {})[name] = base


# --- what follows an answer ---------------------------------------------------------------------------------------


def _fields(nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        yield from _fields([node["component"]] if node["type"] == _LABEL else node.get("components", []))
        if "custom_id" in node:
            yield node


def _filled_in(draw: st.DrawFn, hunted: Hunted, form: dict[str, Any]) -> dict[str, Any]:
    """What Discord sends of a form, filled in by somebody who means harm."""

    def one(field: dict[str, Any]) -> dict[str, Any]:
        told = {"type": field["type"], "custom_id": field["custom_id"], "id": 1}
        if field["type"] == _INPUT:
            return {**told, "value": draw(hostile(field.get("max_length", 4000)) | st.sampled_from(hunted.values))}
        return {**told, "values": draw(_choices(hunted, field))}

    nodes = [{"type": _LABEL, "id": 1, "component": one(field)} for field in _fields(form["components"])]
    return {"custom_id": form["custom_id"], "components": nodes}


def _choices(hunted: Hunted, shown: dict[str, Any]) -> st.SearchStrategy[list[str]]:
    offered = [one["value"] for one in shown.get("options", ())]
    one = st.one_of(st.sampled_from([*offered, "x"]), st.sampled_from(hunted.values), _ids(hunted), hostile(100))
    return st.lists(one, min_size=shown.get("min_values", 1), max_size=shown.get("max_values", 1) + 1)


def _resolved(kind: int, values: list[str]) -> dict[str, Any]:
    if kind == _CHANNELS:
        base = {"type": 0, "name": "x", "permissions": "8", "parent_id": None}
        return {"resolved": {"channels": {one: {**base, "id": one} for one in values}}}
    if kind == _ROLES:
        base = {"name": "x", "color": 0, "hoist": False, "position": 1, "permissions": "0", "managed": False}
        base |= {"mentionable": False, "flags": 0, "colors": {"primary_color": 0}}
        return {"resolved": {"roles": {one: {**base, "id": one} for one in values}}}
    return {}


def _press(draw: st.DrawFn, hunted: Hunted, who: str, shown: list[dict[str, Any]], at: int) -> Sent:
    """Press one of the components shown, or choose from it."""
    used = shown[at]
    data = {"custom_id": used["custom_id"], "component_type": used["type"]}
    if used["type"] != _BUTTON:
        values = draw(_choices(hunted, used))
        data |= {"values": values, **_resolved(used["type"], [one for one in values if one.isdecimal()])}
    return hunted.use(who, _COMPONENT, data, shown)


def _go_on(draw: st.DrawFn, hunted: Hunted, who: str, sent: Sent) -> None:
    """Use what an answer shows, up to three times, and look at each answer."""
    for _ in range(draw(st.integers(0, 3))):
        if sent.form is not None:
            sent = hunted.use(who, _FORM, _filled_in(draw, hunted, sent.form), [])
        else:
            shown = sent.components()[:40]
            if not shown:
                return
            sent = _press(draw, hunted, who, shown, draw(st.integers(0, len(shown) - 1)))
        assert hunted.faults(sent) == []


def _unchanged(hunted: Hunted, who: str, before: dict[str, dict[str, list[Any]]]) -> None:
    assert hunted.belongings("others") == before["others"]
    if who in {"stranger", "private"}:
        assert hunted.belongings("ours") == before["ours"]


def _all_belongings(hunted: Hunted) -> dict[str, dict[str, list[Any]]]:
    return {owner: hunted.belongings(owner) for owner in ("others", "ours")}


# --- the hunts ------------------------------------------------------------------------------------------------------


def test_commands(hunted: Hunted) -> None:
    names = sorted(_leaves(hunted))
    before = _all_belongings(hunted)

    def prove(who: str, wanted: tuple[str, dict[str, Any], bytes], language: str, data: Any) -> None:
        hunted.restore()
        hunted.world.locale = language
        name, given, file = wanted
        sent = hunted.use(who, _COMMAND, _data(hunted, name, given, file))
        assert hunted.faults(sent) == []
        _go_on(data.draw, hunted, who, sent)
        assert hunted.faults(hunted.deliver(), answers=None) == []
        _unchanged(hunted, who, before)

    hunt(
        *("commands", prove),
        tries=60,
        share=3,
        who=st.sampled_from(WHO),
        wanted=_wanted(hunted, names),
        language=st.sampled_from(LANGUAGES),
        data=st.data(),
    )


def test_typing(hunted: Hunted) -> None:
    fields = [
        (name, option["name"])
        for name, (_, _, leaf) in sorted(_leaves(hunted).items())
        for option in leaf.get("options", ())
        if option.get("autocomplete")
    ]

    def prove(who: str, at: tuple[str, str], typed: str, others: str, language: str) -> None:
        hunted.restore()
        hunted.world.locale = language
        name, field = at
        _, _, leaf = _leaves(hunted)[name]
        given = {one["name"]: others for one in leaf["options"] if one["type"] == _TEXT}
        sent = hunted.use(who, _TYPING, _data(hunted, name, {**given, field: typed}, b"", field))
        assert hunted.faults(sent) == []

    hunt(
        *("typing", prove),
        tries=60,
        who=st.sampled_from(WHO),
        at=st.sampled_from(fields),
        typed=hostile(),
        others=hostile(100),
        language=st.sampled_from(LANGUAGES),
    )


@st.composite
def _forged(draw: st.DrawFn, hunted: Hunted) -> str:
    """An id as it was shown, with some of its words, numbers and the rest made up; or one that only fits a pattern."""
    kinds = list(hunted.world.env.bot._connection._view_store._dynamic_items)
    if draw(st.integers(0, 3)) == 0:
        fitting: str = draw(st.from_regex(draw(st.sampled_from(kinds)), fullmatch=True))
        return fitting[:100]
    parts = re.split(r"(\d+|[a-z]+)", draw(st.sampled_from(hunted.seeds)))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(parts) - 1))
        if parts[at].isdigit():
            parts[at] = draw(_ids(hunted))
        elif parts[at].isalpha() and at > 1:
            parts[at] = draw(st.sampled_from(WORDS))
        else:
            parts[at] += draw(hostile(20))
    return "".join(parts)[:100]


def _as_shown(draw: st.DrawFn, hunted: Hunted, custom_id: str) -> dict[str, Any]:
    """A component with this id, of the kind that ids like it have; what it offers may be gone, or another server's."""
    like = custom_id.split(":")[:2]
    kind = next((one["type"] for one in hunted.shown if one["custom_id"].split(":")[:2] == like), _BUTTON)
    if kind == _BUTTON:
        return {"type": _BUTTON, "custom_id": custom_id, "label": "x", "style": 2}
    if kind != _SELECT:
        return {"type": kind, "custom_id": custom_id}
    offered = next(one["options"] for one in hunted.shown if one["custom_id"].split(":")[:2] == like)
    numbers = [] if not any(one["value"].isdecimal() for one in offered) else draw(st.lists(_numbers(), max_size=3))
    options = [*offered, *({"label": "x", "value": str(one)} for one in numbers)]
    return {"type": _SELECT, "custom_id": custom_id, "options": options, "max_values": draw(st.integers(1, 3))}


def _numbers() -> st.SearchStrategy[int]:
    return st.integers(0, 14) | st.sampled_from((10**17, 10**18 - 1))


def test_forged_ids(hunted: Hunted) -> None:
    before = _all_belongings(hunted)
    patterns = list(hunted.world.env.bot._connection._view_store._dynamic_items)

    def prove(who: str, ids: list[str], language: str, data: Any) -> None:
        hunted.restore()
        hunted.world.locale = language
        shown = [_as_shown(data.draw, hunted, one) for one in dict.fromkeys(ids)]
        sent = _press(data.draw, hunted, who, shown, 0)
        known = any(pattern.fullmatch(shown[0]["custom_id"]) for pattern in patterns)
        assert hunted.faults(sent, answers=1 if known else None) == []
        _go_on(data.draw, hunted, who, sent)
        assert hunted.faults(hunted.deliver(), answers=None) == []
        _unchanged(hunted, who, before)

    hunt(
        *("forged ids", prove),
        tries=120,
        share=3,
        who=st.sampled_from(WHO),
        ids=st.lists(_forged(hunted), min_size=1, max_size=3),
        language=st.sampled_from(LANGUAGES),
        data=st.data(),
    )
