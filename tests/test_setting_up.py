"""What set-up gathers fits into an id and comes out as it went in; what it changes is what was chosen."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.setting_up import PACKED, TOPICS_AT_MOST, Draft, changes, first_draft, in_channel, unpacked
from bot.views.setup import SetUpItem
from bot.words import LANGUAGES
from bot.zones import available_zones
from tests.factories import a_wish
from watchers.audience import Guild, LocalHour, Rhythm, Subscription, SubscriptionWish
from watchers.model import Kind

AT = LocalHour(ZoneInfo("Europe/Paris"), 7)
TOPICS = [f"topic-{number}" for number in range(60)] + [f"own:{number}" for number in range(9)]
IDS = st.none() | st.integers(1, 2**63 - 1)


def stored(*wishes: SubscriptionWish) -> list[Subscription]:
    return [Subscription(number, wish, datetime(2026, 3, 2, tzinfo=UTC)) for number, wish in enumerate(wishes, 1)]


@given(
    st.builds(
        Draft,
        zone=st.sampled_from(available_zones()),
        hour=st.integers(0, 23),
        language=st.sampled_from(sorted(LANGUAGES)),
        channel_id=IDS,
        topics=st.lists(st.sampled_from(["*", *TOPICS]), max_size=TOPICS_AT_MOST, unique=True).map(tuple),
        kinds=st.frozensets(st.sampled_from(Kind), min_size=1),
        rhythm=st.sampled_from(Rhythm),
        rater_role_id=IDS,
        notices_channel_id=IDS,
        settles_itself=st.booleans(),
    )
)
def test_a_draft_outlives_its_packing_within_the_limit_of_an_id(draft: Draft) -> None:
    packed = draft.packed()
    assert re.fullmatch(PACKED, packed)
    assert len(f"setup:language:{packed}") <= 100
    assert SetUpItem.__discord_ui_compiled_template__.fullmatch(f"setup:topics0:{packed}")
    assert unpacked(packed, TOPICS) == draft


@pytest.mark.parametrize("forged", ["FILa1LYAAABg", "gAAAAAAAAAA", "AAAAAAAAAA", "AAAAAAAAAAé"])
def test_what_stands_for_no_id_is_no_draft(forged: str) -> None:
    packed = Draft("UTC", 8, channel_id=7).packed()
    assert re.fullmatch(PACKED, packed)
    assert not re.fullmatch(PACKED, packed.replace("AAAAAAAAAAc", forged))


def test_a_message_that_was_open_before_outcomes_could_settle_by_themselves_still_works() -> None:
    draft = Draft("UTC", 8, topics=("norland",), rater_role_id=6)
    assert draft.packed().count(".") == 8
    assert not unpacked(draft.packed(), TOPICS).settles_itself
    chosen = draft.with_choice("settling", ["s"])
    assert chosen.settles_itself
    assert not chosen.with_choice("settling", ["-"]).settles_itself


def test_a_topic_that_is_gone_is_left_out() -> None:
    packed = Draft("UTC", 8, topics=("norland", "sudria")).packed()
    assert unpacked(packed, ["sudria"]).topics == ("sudria",)


def test_no_two_zones_share_a_mark() -> None:
    assert {unpacked(Draft(zone, 8).packed(), ()).zone for zone in available_zones()} == set(available_zones())


def test_every_topic_makes_the_others_idle() -> None:
    assert Draft("UTC", 8).with_topics(["a", "*", "b"]).topics == ("*",)
    assert Draft("UTC", 8).with_topics(["a", "b", "a"]).topics == ("a", "b")


def test_a_new_server_begins_here_at_the_operators_hour() -> None:
    draft = first_draft(Guild(10), [], 20, AT, "fr")
    assert draft == Draft("Europe/Paris", 7, "fr", 20)


def test_a_server_set_up_before_begins_with_what_it_has() -> None:
    guild = Guild(10, "Europe/Paris", "de", 7, notices_channel_id=5, rater_role_id=6, settles_itself=True)
    orders = stored(a_wish(channel_id=30, topic="norland", rhythm=Rhythm.DAILY, kinds=frozenset({Kind.EVENT})))
    draft = first_draft(guild, orders, 20, AT, "fr")
    assert (draft.language, draft.channel_id, draft.topics) == ("de", 30, ("norland",))
    assert (draft.kinds, draft.rhythm) == (frozenset({Kind.EVENT}), Rhythm.DAILY)
    assert (draft.notices_channel_id, draft.rater_role_id, draft.settles_itself) == (5, 6, True)


def test_where_it_is_asked_for_comes_first_if_that_channel_follows_something() -> None:
    orders = stored(a_wish(channel_id=30, topic="norland"), a_wish(channel_id=40, topic="sudria"))
    assert first_draft(Guild(10), orders, 40, AT, "en").topics == ("sudria",)


def test_a_channel_that_follows_nothing_keeps_what_was_chosen() -> None:
    draft = Draft("UTC", 8, topics=("norland",), rhythm=Rhythm.WEEKLY)
    assert in_channel(draft, 50, []).topics == ("norland",)
    assert in_channel(draft, 50, []).rhythm is Rhythm.WEEKLY


def test_orders_beyond_those_shown_are_let_be() -> None:
    orders = stored(*(a_wish(topic=f"topic-{number}") for number in range(7)))
    draft = in_channel(Draft("UTC", 8), 20, orders)
    assert len(draft.topics) == TOPICS_AT_MOST
    changed = changes(draft.with_topics(["topic-0"]), 10, 7, AT, orders)
    assert [order.wish.topic for order in changed.ended] == [f"topic-{number}" for number in range(1, 5)]
    assert [wish.topic for wish in changed.wishes] == ["topic-0"]


def test_a_channel_that_follows_a_topic_and_every_topic_loses_neither_unasked() -> None:
    orders = stored(a_wish(topic="*"), a_wish(topic="norland"))
    draft = in_channel(Draft("UTC", 8), 20, orders)
    assert changes(draft, 10, 7, AT, orders).ended == ()


def test_other_channels_are_not_touched() -> None:
    orders = stored(a_wish(channel_id=30, topic="norland"))
    changed = changes(Draft("UTC", 8, channel_id=20, topics=("norland",)), 10, 7, AT, orders)
    assert changed.ended == ()
    assert [(wish.channel_id, wish.at, wish.created_by) for wish in changed.wishes] == [(20, AT, 7)]


def test_a_draft_without_a_channel_changes_nothing() -> None:
    with pytest.raises(ValueError, match="without a channel"):
        changes(Draft("UTC", 8, topics=("norland",)), 10, 7, AT, [])
