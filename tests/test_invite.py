"""The least permissions, the links that ask for them, and what the command line and the guide say of both."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from bot.cli import main
from bot.invite import NEEDS, Feature, missing, person_link, server_link, wanted

GUIDE = Path(__file__).parents[1] / "docs" / "going-live.md"
ID = 1234567890123456789


def asked(link: str) -> dict[str, str]:
    parts = urlsplit(link)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "discord.com", "/oauth2/authorize")
    return {key: values[0] for key, values in parse_qs(parts.query).items()}


def test_the_names_are_those_of_discord_py() -> None:
    for need in NEEDS:
        (named,) = [name for name, held in discord.Permissions(need.bit) if held]
        called = {"view_channel": "View Channel", "read_messages": "View Channel"}
        assert called.get(named, named.replace("_", " ").title()).lower() == need.name.lower()


def test_a_server_is_asked_for_the_least() -> None:
    every = asked(server_link(ID))
    assert every["scope"] == "bot applications.commands"
    assert every["client_id"] == str(ID)
    held = discord.Permissions(int(every["permissions"]))
    assert held.send_messages
    assert held.embed_links
    assert not held.administrator
    assert not held.mention_everyone
    assert not held.manage_guild


@pytest.mark.parametrize("feature", [Feature.FILES, Feature.HISTORY, Feature.THREADS, Feature.EVENTS])
def test_what_is_not_wanted_is_not_asked_for(feature: Feature) -> None:
    lean = int(asked(server_link(ID, [feature]))["permissions"])
    assert {need.feature for need in NEEDS if not lean & need.bit} == {feature}


def test_alerts_cannot_be_left_out() -> None:
    assert [need.feature for need in wanted(tuple(Feature))] == [Feature.ALERTS] * 3


def test_a_person_is_asked_for_nothing() -> None:
    assert asked(person_link(ID)) == {"client_id": str(ID), "integration_type": "1", "scope": "applications.commands"}


def test_what_is_lacking_is_named_in_order() -> None:
    held = discord.Permissions(send_messages=True).value
    assert [need.name for need in missing(held)] == ["View Channel", "Embed Links"]
    assert missing(discord.Permissions.all().value, tuple(Feature)) == ()


def test_the_command_line_takes_the_id_from_the_token(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_TOKEN", "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.abc.def")
    assert main(["invite", "--without", "events"]) == 0
    said = capsys.readouterr().out
    assert server_link(ID, [Feature.EVENTS]) in said
    assert person_link(ID) in said
    assert "Embed Links" in said
    assert "Create Events" not in said
    assert "abc" not in said


@pytest.mark.parametrize("token", ["", "bG9v.abc.def", "!.abc.def"])
def test_without_an_id_it_says_how_to_give_one(
    token: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_TOKEN", token)
    assert main(["invite"]) == 2
    assert capsys.readouterr().err.startswith("aide-memoire: DISCORD_TOKEN ")


@pytest.mark.parametrize("typed", ["0", "-1", "x", "9" * 20, "\uff11\uff12"])
def test_an_id_that_is_none_is_refused(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["invite", f"--application={typed}"]) == 2
    assert "is not an id" in capsys.readouterr().err
    assert main(["invite", "--application", str(ID)]) == 0


def test_the_guide_shows_every_permission_with_its_reason() -> None:
    text = GUIDE.read_text("utf-8")
    for need in NEEDS:
        assert f"| *{need.name}* | {need.reason} |" in text
