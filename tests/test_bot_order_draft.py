"""A draft stands in the ids of its message, whatever it holds; what is typed into it is understood or told."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cogs.order_changes import named, quieted
from bot.errors import Refusal
from bot.render import Setting, measured
from bot.views.order_draft import LONGEST_SPEAKERS, OrderDraft, Tab, packed, pieces, together, unpacked
from bot.views.order_words import reminder_words, what_words
from bot.views.subscriptions import OrderView
from bot.words import IN_ENGLISH, Words
from tests.factories import MONDAY, a_wish
from watchers.audience import Dating, LocalHour, Place, QuietHours, Rhythm, SubscriptionWish, Wants
from watchers.matcher.english.countries import COUNTRY_OF
from watchers.model import Kind

UTC = ZoneInfo("UTC")
SETTING = Setting(MONDAY, UTC, {})
IDS = st.integers(1, 2**63 - 1)
COUNTRIES = sorted({code for code in COUNTRY_OF.values() if code})


@st.composite
def drafts(draw: st.DrawFn) -> OrderDraft:
    letters = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
    speakers = draw(st.lists(letters, max_size=5))
    while sum(map(measured, speakers)) > LONGEST_SPEAKERS:
        speakers.pop()
    wish = SubscriptionWish(
        guild_id=10,
        channel_id=draw(IDS),
        topic=draw(st.sampled_from(["*", "own:123456789", "t" * 40])),
        created_by=7,
        at=LocalHour(UTC, draw(st.integers(0, 23))),
        wants=Wants(
            draw(st.frozensets(st.sampled_from(Kind), min_size=1)),
            tuple(speakers),
            draw(st.frozensets(st.sampled_from(COUNTRIES), max_size=15)),
            draw(st.sampled_from(Dating)),
            draw(st.integers(1, 10)),
        ),
        role_id=draw(st.none() | IDS),
        rhythm=draw(st.sampled_from(Rhythm)),
        digest_weekday=draw(st.integers(0, 6)),
        lead_days=tuple(draw(st.lists(st.sampled_from([14, 7, 3, 2, 1, 0, -1, -7]), unique=True))),
        quiet=draw(st.none() | st.builds(QuietHours, st.integers(0, 11), st.integers(12, 23))),
        place=draw(st.sampled_from(Place)),
        language=draw(st.sampled_from([None, "uk"])),
        paused=draw(st.booleans()),
    )
    return OrderDraft(wish, draw(st.none() | st.integers(1, 10**12)), draw(st.sampled_from(Tab)), draw(st.booleans()))


def ids_in(view: ui.LayoutView) -> Iterator[str]:
    for item in view.walk_children():
        custom_id = getattr(item, "custom_id", None)
        if isinstance(custom_id, str):
            yield custom_id


@settings(max_examples=200, deadline=None)
@given(draft=drafts(), threads=st.booleans(), ending=st.booleans())
def test_any_draft_stands_in_the_ids_of_its_message(draft: OrderDraft, *, threads: bool, ending: bool) -> None:
    view = OrderView(draft, "Norland", SETTING, threads_possible=threads, ending=ending and draft.order_id is not None)
    ids = list(ids_in(view))
    assert len(set(ids)) == len(ids)
    assert all(measured(each) <= 100 and each == each.strip() for each in ids)
    assert unpacked(together(sorted(ids)), guild_id=10, user_id=7, zone=UTC) == draft


@given(text=st.text())
def test_any_text_comes_together_again_from_its_pieces(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    assert together(f"o:save:{number}:{piece}" for number, piece in enumerate(pieces(text))) == text


@pytest.mark.parametrize("text", ["", "{}", "[]", "x", '{"c":1}', '{"c":1,"t":"*","h":8,"T":"when","l":5}', "null"])
def test_what_is_no_draft_is_told_from_one(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        unpacked(text, guild_id=10, user_id=7, zone=UTC)


def test_a_draft_is_packed_as_messages_already_posted_have_it() -> None:
    draft = OrderDraft(a_wish(speakers=("Ana Ode",), countries=frozenset({"UA", "FR"}), role_id=5), 3, Tab.WHEN)
    text = '{"c":20,"t":"norland","h":8,"o":3,"T":"when","s":["Ana+Ode"],"n":"FRUA","r":5,"l":[1,0,-1]}'
    assert packed(draft) == text
    assert unpacked(text, guild_id=10, user_id=7, zone=UTC) == draft


@pytest.mark.parametrize(
    ("language", "typed", "codes"),
    [
        ("fr", "Allemagne, Royaume-Uni", {"DE", "GB"}),
        ("uk", "Україна، німеччина", {"UA", "DE"}),
        ("de", "UK, usa, Kyiv", {"GB", "US", "UA"}),
        ("en", "it\nGermany; south korea", {"IT", "DE", "KR"}),
    ],
)
def test_countries_are_understood_in_the_readers_language_in_english_and_by_code(
    language: str, typed: str, codes: set[str]
) -> None:
    assert named(OrderDraft(a_wish()), "", typed, Words(language)).wish.wants.countries == codes


@pytest.mark.parametrize("code", COUNTRIES)
def test_every_country_is_known_by_its_code(code: str) -> None:
    assert named(OrderDraft(a_wish()), "", code.lower(), IN_ENGLISH).wish.wants.countries == {code}


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [("22-7", 22, 7), ("22:00–07:00", 22, 7), ("from 9 to 17", 9, 17), ("22 h bis 6 h", 22, 6), ("24 - 6", 0, 6)],
)
def test_quiet_hours_are_read_as_people_write_them(typed: str, first: int, last: int) -> None:
    assert quieted(OrderDraft(a_wish()), typed, IN_ENGLISH).wish.quiet == QuietHours(first, last)


@given(typed=st.text(max_size=30))
def test_any_hours_are_read_or_told(typed: str) -> None:
    try:
        quiet = quieted(OrderDraft(a_wish()), typed, IN_ENGLISH).wish.quiet
    except Refusal:
        return
    assert quiet is None or (0 <= quiet.first < 24 and 0 <= quiet.last < 24 and quiet.first != quiet.last)


def test_an_unchanged_draft_is_not_called_changed() -> None:
    draft = OrderDraft(a_wish(), 1)
    assert not quieted(draft, "", IN_ENGLISH).changed
    assert quieted(draft, "22-7", IN_ENGLISH).changed


def test_lead_times_that_no_select_offers_are_said_all_the_same() -> None:
    words = reminder_words(a_wish(lead_days=(30, 1, -5)), IN_ENGLISH)
    assert words == "reminders 30 days before, the day before and 5 days after at 08:00"


def test_a_question_that_nobody_chose_is_announced() -> None:
    words = reminder_words(a_wish(lead_days=(1, 0)), IN_ENGLISH)
    assert words == (
        "reminders the day before and on the last day at 08:00, and the day after the question whether it happened"
    )


def test_what_a_person_typed_is_shown_harmless() -> None:
    assert "**" not in what_words(Wants(speakers=("**x**", "<@1>")), IN_ENGLISH).replace("\\*", "")
