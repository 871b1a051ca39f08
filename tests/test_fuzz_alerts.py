"""Whatever feeds say comes as far as it may: stored, told in channels and lists, and harmless there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import strategies as st

from tests.driven_feeds import MERIDIAN
from tests.fuzzing import hunt
from tests.fuzzing_discord import LANGUAGES, Hunted, hunted_world
from tests.fuzzing_feeds import feeds, telling_feeds

_COMMAND = 2
_LISTS = ("recent", "pending", "due")


@pytest.fixture
def hunted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hunted]:
    with hunted_world(tmp_path, monkeypatch) as there:
        yield there


def test_what_feeds_say_is_told_harmlessly(hunted: Hunted) -> None:
    before = hunted.belongings("others")
    root = hunted.world.env.backend.find_command("followups", hunted.world.guild.id, type=1)

    def prove(body: bytes, language: str, listed: str) -> None:
        hunted.restore()
        hunted.world.locale = language
        hunted.fetcher.answers[MERIDIAN] = body
        assert hunted.faults(hunted.read_feeds(), answers=None) == []
        assert hunted.faults(hunted.deliver(), answers=None) == []
        for name, options in ((listed, []), ("show", [{"name": "followup", "type": 3, "value": "9"}])):
            data = {"id": root["id"], "name": "followups", "type": 1}
            sent = hunted.use("rater", _COMMAND, {**data, "options": [{"name": name, "type": 1, "options": options}]})
            assert hunted.faults(sent) == []
        assert hunted.belongings("others") == before

    hunt(
        *("alerts of feeds", prove),
        tries=25,
        share=2,
        body=telling_feeds() | feeds(),
        language=st.sampled_from(LANGUAGES),
        listed=st.sampled_from(_LISTS),
    )
