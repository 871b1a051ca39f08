"""The lines of the audit log: whatever people and feeds called things, it pings nobody, links nowhere and fits."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render import Setting, measured
from bot.views.audit import entry_line
from tests.factories import MONDAY_NOON
from watchers.audit import Change, Entry, Facts, bounded

SETTING = Setting(MONDAY_NOON.date(), ZoneInfo("UTC"), {})
HOSTILE = "@everyone <@7> <@&8> **x** [news](https://evil.example) https://evil.example \u202exe.gpj\n# Read this"
NUMBERS: Facts = {"channel": 3001, "before": 3002, "followup": 1, "other": 2, "count": 3, "outcome": "kept"}


def line_of(what: Change, typed: str) -> str:
    texts = dict.fromkeys(("topic", "name", "query", "host", "zone", "language"), typed)
    facts = bounded({**NUMBERS, **texts, "rater_role_id": 2**63 - 1, "notices_channel_id": 2**63 - 1})
    return entry_line(Entry(1, 10, 20, what, facts, MONDAY_NOON), SETTING, lambda topic: topic)


@pytest.mark.parametrize("what", Change)
def test_what_people_typed_is_harmless(what: Change) -> None:
    line = line_of(what, HOSTILE)
    for harm in ("@everyone", "<@7>", "<@&8>", "**x**", "](", "https://", "\u202e", "\n#"):
        assert harm not in line


@given(st.sampled_from(Change), st.text(max_size=300) | st.text("*_<@🇺🇦", min_size=200, max_size=300))
def test_a_line_fits_whatever_people_typed(what: Change, typed: str) -> None:
    line = line_of(what, typed)
    assert measured(line) <= 450
    assert line.count("\n") == 1
