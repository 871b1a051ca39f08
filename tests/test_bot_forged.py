"""What a forged client once sent, or could: found by `make fuzz`, and refused in plain words ever since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fuzzing_discord import Hunted, Sent, alive, hunted_world

COMMAND, COMPONENT = 2, 3
BUTTON, SELECT = 2, 3
NOT_OFFERED = "That choice is no longer offered. Open the list once more."
SELECTS = ("opencard", "feeds:open", "foundfeed", "orders:open", "help:subject", "reminder:choose", "part:1")


@pytest.fixture
def hunted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hunted]:
    with hunted_world(tmp_path, monkeypatch) as there:
        yield there


def said(sent: Sent) -> str:
    return repr([call.json for call in sent.calls])


def pressed(hunted: Hunted, who: str, custom_id: str) -> Sent:
    shown = {"type": BUTTON, "custom_id": custom_id, "label": "x", "style": 2}
    return hunted.use(who, COMPONENT, {"custom_id": custom_id, "component_type": BUTTON}, [shown])


@pytest.mark.parametrize("values", [["999"], [""], [], ["1", "2", "3"], ["9" * 30], ["٣"]])
def test_what_no_menu_offers_cannot_be_chosen(hunted: Hunted, values: list[str]) -> None:
    for custom_id in SELECTS:
        shown: dict[str, Any] = {"type": SELECT, "custom_id": custom_id, "options": [{"label": "x", "value": "1"}]}
        data = {"custom_id": custom_id, "component_type": SELECT, "values": values}
        sent = hunted.use("manager", COMPONENT, data, [shown])
        assert hunted.faults(sent) == []
        assert NOT_OFFERED in said(sent), custom_id


def test_what_is_offered_can_be_chosen(hunted: Hunted) -> None:
    shown = {"type": SELECT, "custom_id": "opencard", "options": [{"label": "x", "value": "1"}]}
    data = {"custom_id": "opencard", "component_type": SELECT, "values": ["1"]}
    assert "Norland will leave port 0." in said(hunted.use("stranger", COMPONENT, data, [shown]))


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("timeline", {"name": "weeks", "type": 4, "value": 2**31}),
        ("timeline", {"name": "weeks", "type": 4, "value": 0}),
        ("export", {"name": "format", "type": 3, "value": "exe"}),
        ("remind", {"name": "note", "type": 3, "value": "x" * 4000}),
    ],
)
def test_what_a_command_does_not_declare_is_refused(hunted: Hunted, name: str, option: dict[str, Any]) -> None:
    root = hunted.world.env.backend.find_command(name, hunted.world.guild.id, type=1)
    sent = hunted.use("stranger", COMMAND, {"id": root["id"], "name": name, "type": 1, "options": [option]})
    assert hunted.faults(sent) == []
    assert "That command has just changed." in said(sent)


TOO_LARGE = "setup:a:pzpxn.8.en.FILa1LYAAABg.zahj2.f.i.."
"""A draft with a channel whose number is larger than any id."""


@pytest.mark.parametrize(
    "custom_id", ["found:0:00000000", "found:0:20269999", "record:csv:", "setup:zone:x", TOO_LARGE]
)
def test_ids_that_say_nothing_are_answered(hunted: Hunted, custom_id: str) -> None:
    known = [kind.fullmatch(custom_id) for kind in hunted.world.env.bot._connection._view_store._dynamic_items]
    assert hunted.faults(pressed(hunted, "manager", custom_id), answers=1 if any(known) else None) == []


def test_an_answer_that_is_changed_names_nobody(hunted: Hunted) -> None:
    sent = pressed(hunted, "manager", "page:topics:0:")
    edits = [call.json for call in sent.calls if call.path.endswith("/messages/@original")]
    assert [one["allowed_mentions"] for one in edits] == [{"parse": []}]


@pytest.mark.parametrize(
    ("text", "living"),
    [
        ("@everyone", ["@everyone"]),
        (r"\<@666000666000666000>", []),
        (r"\\<@666000666000666000>", ["<@666000666000666000"]),
        ("`<@666000666000666000>`", []),
        ("``<@666000666000666000>`", []),
        ("`<@666000666000666000>", ["<@666000666000666000"]),
        ("[The Meridian](https://evil.example/a)", ["https://evil.example"]),
        ("[The Meridian](https://evil.example/a) (evil.example)", []),
        ("[The Meridian](https://meridian.example/evil.example) (meridian.example)", []),
        (r"https\://evil.example", []),
        ("see https://evil.example now", ["https://evil.example"]),
    ],
)
def test_what_lives_in_a_text_is_seen(text: str, living: list[str]) -> None:
    assert alive(text) == living
