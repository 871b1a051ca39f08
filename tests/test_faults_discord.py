"""What Discord can do wrong, what was promised for each, and that nothing is lost and nothing said twice.

The deliverer, the messenger and discord.py's HTTP client are real, Discord is on loopback, and one clock drives what
waits. Faults of the gateway meet a real bot in a process of its own: see test_faults_gateway.py.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import rest
from tests.delivering import Desk, a_desk
from tests.loopback_discord import CHANNEL_ID, FORUM_ID, Mishap
from watchers.audience import AlertForm, Place

MESSAGES = r"/channels/\d+/messages"
POSTING = r"/channels/\d+/(messages|threads)"
EDITS = r"/channels/\d+/messages/\d+"
ALL_TRIES = 5
"""How often discord.py itself tries where Discord answers 500, 502 or 504."""
A_WHILE = timedelta(hours=1)
"""After which Discord remembers no nonce."""


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path, monkeypatch, notices=True) as there:
        yield there


async def forgotten(desk: Desk) -> None:
    """Let so much time pass that Discord remembers no nonce."""
    desk.discord.forget_nonces()
    desk.clock.advance(A_WHILE)


def each_once(desk: Desk) -> bool:
    return desk.told() == dict.fromkeys(desk.numbers, 1)


# --- 429 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("everywhere", [False, True])
async def test_a_storm_of_429s_is_waited_out(desk: Desk, *, everywhere: bool) -> None:
    """Promised: we wait as long as Discord asks, go on by ourselves, and each alert comes once."""
    storm = Mishap("POST", MESSAGES, times=12, acts=False, status=429, retry_after=2.5, everywhere=everywhere)
    desk.discord.mishaps.append(storm)
    await desk.tell(6)
    await desk.until_done()
    assert each_once(desk)
    assert storm.times == 0
    assert desk.swift.slept.count(2.5) == 12


@pytest.mark.parametrize("everywhere", [False, True])
async def test_a_long_wait_is_kept_by_the_outbox(desk: Desk, *, everywhere: bool) -> None:
    """Promised: where Discord asks for more than half a minute, the outbox waits, and nobody asks meanwhile."""
    desk.discord.mishaps.append(
        Mishap("POST", MESSAGES, acts=False, status=429, retry_after=600, everywhere=everywhere)
    )
    await desk.tell()
    deliverer = desk.a_deliverer()
    assert await deliverer.deliver() == 0
    begun = len(desk.posted())
    desk.clock.advance(timedelta(seconds=599))
    assert await deliverer.deliver() == 0
    assert len(desk.posted()) == begun
    desk.clock.advance(timedelta(seconds=2))
    assert await deliverer.deliver() == 1
    assert each_once(desk)
    searched = [call for call in desk.discord.calls if call.method == "GET" and "/messages" in call.path]
    assert not searched, "a refusal is no uncertainty"


# --- answers that leave us in doubt -----------------------------------------------------------------------


async def test_500s_for_a_while_only_delay(desk: Desk) -> None:
    """Promised: what Discord did not take is posted once it takes it, in the order in which it was decided."""
    desk.discord.mishaps.append(Mishap("POST", MESSAGES, times=33, acts=False, status=500))
    await desk.tell(4)
    await desk.until_done()
    assert each_once(desk)


async def test_a_502_after_acting_is_met_by_the_nonce(desk: Desk) -> None:
    """Promised: within Discord's memory of nonces, a repetition is answered with the message that is there."""
    desk.discord.mishaps.append(Mishap("POST", MESSAGES, times=ALL_TRIES, status=502))
    await desk.tell(2)
    await desk.until_done()
    assert each_once(desk)


MISHAPS = {
    "503 after acting": Mishap("POST", POSTING, status=503),
    "502 after acting": Mishap("POST", POSTING, times=ALL_TRIES, status=502),
    "connection lost after acting": Mishap("POST", POSTING, drop=True),
    "connection hangs after acting": Mishap("POST", POSTING, hang=True),
}


@pytest.mark.parametrize("name", MISHAPS)
@pytest.mark.parametrize("place", ["channel", "threads", "forum", "direct"])
async def test_in_doubt_for_long_the_message_is_found_by_its_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, name: str
) -> None:
    """Promised: once Discord has forgotten the nonce, we look before we post again, wherever the alert stands."""
    monkeypatch.setattr(rest, "ANSWER_WITHIN", 0.3)
    where = Place.CHANNEL if place == "direct" else Place(place)
    async with a_desk(tmp_path, monkeypatch, place=where) as desk:
        mishap = MISHAPS[name]
        desk.discord.mishaps.append(replace(mishap, times=1 if place == "forum" else mishap.times))
        (number,) = await desk.tell(form=AlertForm.PERSONAL if place == "direct" else AlertForm.SAID)
        assert await desk.a_deliverer().deliver() == 0
        assert desk.told() == {number: 1}
        await forgotten(desk)
        await desk.until_done()
        assert each_once(desk)
        assert len(desk.posted()) == (ALL_TRIES if (name, place == "forum") == ("502 after acting", False) else 1)
        assert len(desk.discord.threads) == (place in {"threads", "forum"})
        assert [state for _, state, _ in desk.states()] == ["sent"]


async def test_a_successor_finds_what_the_killed_one_had_posted(desk: Desk) -> None:
    """Promised: whoever takes over after a crash and a long time looks first, and the alert can be edited by it."""
    (number,) = await desk.tell()
    until = desk.clock.now() + timedelta(minutes=1)
    (delivery,) = await desk.database.transact(
        lambda work: work.outbox.lease(desk.clock.now(), worker="bot", until=until, limit=1)
    )
    posted = await desk.messenger.post(delivery, "n" * 25)
    await forgotten(desk)
    deliverer = desk.a_deliverer()
    await deliverer.take_back()
    await desk.until_done()
    assert each_once(desk)
    await desk.reword(number)
    await desk.until_done()
    assert desk.discord.messages[posted.message_id]["edited_timestamp"] is not None


@pytest.mark.parametrize(("before", "after"), [(30, 450), (0, 900), (600, 120)])
async def test_it_is_found_in_a_busy_channel(desk: Desk, before: int, after: int) -> None:
    """Promised: it is found among the last 500 messages, and among the 500 from the doubtful moment on."""
    desk.discord.chatter(CHANNEL_ID, before)
    desk.clock.advance(timedelta(minutes=2))
    desk.discord.mishaps.append(Mishap("POST", MESSAGES, drop=True))
    await desk.tell()
    await desk.a_deliverer().deliver()
    desk.discord.chatter(CHANNEL_ID, after)
    await forgotten(desk)
    await desk.until_done()
    assert each_once(desk)


async def test_a_clock_that_was_an_hour_ahead_hides_nothing(desk: Desk) -> None:
    """Promised: our clock may have been an hour ahead of Discord's when the doubt began."""
    desk.discord.mishaps.append(Mishap("POST", MESSAGES, drop=True))
    await desk.tell()
    discords = desk.clock.now()
    desk.discord._now = lambda: discords
    desk.clock.advance(timedelta(hours=1))
    await desk.a_deliverer().deliver()
    await forgotten(desk)
    await desk.until_done()
    assert each_once(desk)


@pytest.mark.parametrize("drop", [False, True])
async def test_a_forum_that_we_do_not_know_to_be_one_gets_its_post_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, drop: bool
) -> None:
    """Promised: where Discord finds a channel to be a forum, before the gateway has told so, it gets one post."""
    async with a_desk(tmp_path, monkeypatch, place=Place.CHANNEL, channel_id=FORUM_ID) as desk:
        desk.discord.mishaps.append(Mishap("POST", rf"/channels/{FORUM_ID}/threads", drop=drop))
        await desk.tell()
        await desk.until_done()
        assert each_once(desk)
        assert len(desk.discord.threads) == 1


async def test_a_post_that_fell_asleep_meanwhile_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promised: posts of a forum are looked for among the archived ones too."""
    async with a_desk(tmp_path, monkeypatch, place=Place.FORUM) as desk:
        desk.discord.mishaps.append(Mishap("POST", rf"/channels/{FORUM_ID}/threads", drop=True))
        await desk.tell()
        await desk.a_deliverer().deliver()
        (post,) = desk.discord.threads
        desk.discord.archive(post)
        await forgotten(desk)
        await desk.until_done()
        assert each_once(desk)
        assert len(desk.discord.threads) == 1


async def test_where_history_may_not_be_read_the_nonce_is_what_there_is(desk: Desk) -> None:
    """Promised: without the permission to read, an alert is still not lost, nor doubled while the nonce is known."""
    desk.discord.history_may_be_read = False
    desk.discord.mishaps.append(Mishap("POST", MESSAGES, drop=True))
    await desk.tell()
    await desk.until_done()
    assert each_once(desk)


async def test_a_hung_connection_holds_nobody_for_longer_than_a_lease(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promised: a request that is never answered is given up in time, and the others go on."""
    monkeypatch.setattr(rest, "ANSWER_WITHIN", 0.3)
    desk.discord.mishaps.append(Mishap("POST", MESSAGES, acts=False, hang=True))
    await desk.tell(3)
    await desk.until_done()
    assert each_once(desk)
    assert len(desk.posted()) == 4


# --- refusals ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (403, 50001)])
async def test_a_missing_permission_is_told_to_those_who_can_give_it(desk: Desk, status: int, code: int) -> None:
    """Promised: it is given up with the reason, the server's managers hear of it once, and the others go on."""
    desk.discord.mishaps.append(
        Mishap("POST", rf"/channels/{CHANNEL_ID}/messages", times=2, acts=False, status=status, code=code)
    )
    refused = await desk.tell(2)
    await desk.until_done()
    told = await desk.tell()
    await desk.until_done()
    assert desk.told() == {**dict.fromkeys(refused, 0), **dict.fromkeys(told, 1)}
    states = {key: (state, reason) for key, state, reason in desk.states()}
    notices = [key for key in states if key.startswith("notice:")]
    assert len(notices) == 1
    assert states[notices[0]][0] == "sent"
    for number in refused:
        state, reason = states[f"said:{number}:{CHANNEL_ID}"]
        assert state == "given up"
        assert reason is not None
        assert str(code) in reason


async def test_a_deleted_channel_takes_only_its_own_alerts_with_it(desk: Desk) -> None:
    """Promised: what was for a channel that is gone is given up with the reason; what is for others is not."""
    desk.discord.delete_channel(CHANNEL_ID)
    (gone,) = await desk.tell()
    (told,) = await desk.tell(form=AlertForm.PERSONAL)
    await desk.until_done()
    assert desk.told() == {gone: 0, told: 1}
    (_, state, reason), *_ = desk.states()
    assert (state, "10003" in (reason or "")) == ("given up", True)


async def test_what_discord_finds_invalid_is_given_up_with_its_words(desk: Desk) -> None:
    """Promised: a form that Discord will never take is not sent for ever, and the next alert goes on."""
    desk.discord.mishaps.append(Mishap("POST", MESSAGES, acts=False, status=400, code=50035))
    bad, good = await desk.tell(2)
    await desk.until_done()
    assert desk.told() == {bad: 0, good: 1}
    assert "50035" in (desk.states()[0][2] or "")


# --- edits ------------------------------------------------------------------------------------------------


async def test_a_message_that_somebody_deleted_is_not_posted_again(desk: Desk) -> None:
    """Promised: whoever deletes an alert does not want it: its edit is given up with the reason, now and later."""
    (number,) = await desk.tell()
    await desk.until_done()
    desk.discord.messages.clear()
    for _ in range(2):
        await desk.reword(number)
        await desk.until_done()
    assert desk.discord.messages == {}
    assert len(desk.posted()) == 1
    assert "10008" in (desk.states()[0][2] or "")


async def test_two_rewordings_make_one_edit_and_one_that_is_in_doubt_is_repeated(desk: Desk) -> None:
    """Promised: rewordings before a delivery make one edit; an edit may be repeated, for it changes nothing twice."""
    (number,) = await desk.tell()
    await desk.until_done()
    for _ in range(2):
        await desk.reword(number)
    desk.discord.mishaps.append(Mishap("PATCH", EDITS, drop=True))
    await desk.until_done()
    assert each_once(desk)
    edits = [call for call in desk.discord.calls if call.method == "PATCH"]
    assert len(edits) == 2
    assert not [call for call in desk.discord.calls if call.method == "GET" and "/messages" in call.path]


async def test_an_edit_keeps_the_mark(desk: Desk) -> None:
    """Promised: what was edited is found again as well."""
    (number,) = await desk.tell()
    await desk.until_done()
    (message,) = desk.discord.messages.values()
    before = [one["id"] for one in message["components"]]
    await desk.reword(number)
    await desk.until_done()
    (message,) = desk.discord.messages.values()
    assert [one["id"] for one in message["components"]] == before
    assert max(before) >= 1 << 30


async def test_a_channel_too_busy_to_be_looked_through_is_named_in_the_log(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """Promised: where not all could be looked through, the operator can read of it, and the alert is not lost."""
    desk.discord.mishaps.append(Mishap("POST", MESSAGES, acts=False, drop=True))
    desk.discord.chatter(CHANNEL_ID, 1)
    await desk.tell()
    await desk.a_deliverer().deliver()
    desk.discord.chatter(CHANNEL_ID, 1200)
    with caplog.at_level(logging.WARNING):
        await forgotten(desk)
        await desk.until_done()
    assert "too busy to be looked through" in caplog.text
    assert each_once(desk)
