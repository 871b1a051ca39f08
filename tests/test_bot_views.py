"""Messages as laid out: whatever was said, by however many, they fit Discord's limits and ping nobody unasked."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
from discord import ui
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.render import TEXT_LIMIT, Setting, measured
from bot.views import look
from bot.views.alert import AlertView, mentions_of
from bot.views.card import CardView, Reader
from bot.views.clue import REASONS
from bot.views.digest import DigestView
from bot.views.pager import PageButton, PageView, PageWish, page_of
from bot.views.rating import CardButton, Deed, On, Press
from bot.words import IN_ENGLISH
from tests import openapi
from tests.factories import (
    MONDAY,
    MONDAY_NOON,
    THIS_WEEK,
    a_case,
    a_clue,
    a_followup,
    a_rating,
    a_statement,
    a_suggestion,
    a_telling,
)
from watchers.audience import ON_ONE_FOLLOW_UP, Alert, AlertForm, Section
from watchers.model import Interval, Kind, Precision, Status
from watchers.rating import OURSELVES, Case, Clue, Note, Outcome, Rating

SETTING = Setting(MONDAY, ZoneInfo("UTC"), {"norland": "Norland"})
EVERYTHING = Reader(in_server=True, may_rate=True, may_schedule=True)
ONE_FORMS = [*ON_ONE_FOLLOW_UP, AlertForm.WATCHED]
FORMS = [*ONE_FORMS, AlertForm.DIGEST, AlertForm.PERSONAL]


@dataclass(frozen=True)
class Call:
    """A message on its way to Discord."""

    json: dict[str, Any]
    method: str = "POST"
    path: str = "/channels/20/messages"


def an_alert(form: AlertForm = AlertForm.SAID, *, role_id: int | None = None, note: str | None = None) -> Alert:
    user_id = 7 if form is AlertForm.PERSONAL else None
    channel_id = None if user_id else 20
    return Alert("key", form, (1,), channel_id=channel_id, user_id=user_id, role_id=role_id, note=note)


def a_digest(*sections: Section, role_id: int | None = None) -> Alert:
    alert = an_alert(AlertForm.DIGEST, role_id=role_id)
    return replace(alert, followup_ids=tuple(range(1, len(sections) + 1)), sections=sections)


def sections_of(count: int) -> tuple[Section, ...]:
    """As many headings as follow-ups, in the order in which a digest has them."""
    every = tuple(Section)
    return tuple(every[number * len(every) // count] for number in range(count))


def view_of(form: AlertForm, *cases: Case, role_id: int | None = None, note: str | None = None) -> ui.LayoutView:
    if form is AlertForm.DIGEST:
        return DigestView(a_digest(*sections_of(len(cases)), role_id=role_id), cases, SETTING)
    return AlertView(an_alert(form, role_id=role_id, note=note), cases, SETTING)


def components_of(view: ui.LayoutView) -> list[dict[str, Any]]:
    components: list[dict[str, Any]] = view.to_components()  # type: ignore[no-untyped-call] # discord.py gives no types
    return components


def pings_of(alert: Alert) -> object:
    return mentions_of(alert).to_dict()


def text_of(view: ui.LayoutView) -> str:
    return "\n".join(item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay))


def assert_fits(view: ui.LayoutView) -> None:
    texts = [item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay)]
    assert all(texts)
    assert sum(map(measured, texts)) <= TEXT_LIMIT
    assert view.total_children_count <= openapi.COMPONENT_LIMIT
    json.dumps(components_of(view)).encode()


SCRIPTS = st.sampled_from(
    ["plain words ", "*_~`|<>[]()#", "قال الوزير ", "🇺🇦🤝🏽", "@everyone ", "\u202e", "\ud800", "é"]
)
HOSTILE = st.text(max_size=300) | st.lists(SCRIPTS, max_size=120).map("".join)


@st.composite
def clues(draw: st.DrawFn) -> Clue:
    outcome = draw(st.sampled_from([one for one in Outcome if one is not Outcome.DISMISSED]))
    return a_clue(
        outcome,
        confidence=draw(st.sampled_from([0.997, 0.5])),
        due=draw(st.sampled_from([THIS_WEEK, None])) if outcome is Outcome.MOVED else None,
        quote=draw(HOSTILE),
        outlet=draw(HOSTILE),
        url=f"https://lantern.example/{draw(HOSTILE)[:150]}",
        reasons=tuple(draw(st.lists(st.sampled_from(sorted(REASONS)), max_size=9))),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    statement = a_statement(
        draw(HOSTILE),
        kind=draw(st.sampled_from(Kind)),
        due=draw(st.sampled_from([THIS_WEEK, None])),
        speaker=draw(st.none() | HOSTILE),
        precision=draw(st.sampled_from(Precision)),
        conditional=draw(st.booleans()),
    )
    outlets = draw(st.lists(HOSTILE, min_size=1, max_size=40))
    told = [a_telling(statement, outlet=name, url=f"https://meridian.example/{name[:200]}") for name in outlets]
    topics = tuple(draw(st.lists(st.text(min_size=1, max_size=80), max_size=12)))
    followup = a_followup(draw(st.integers(1, 10**15)), *told, topics=topics)
    ratings = [
        a_rating(
            outcome,
            rating_id=2**60,
            user_id=draw(st.sampled_from([OURSELVES, 2**63 - 1])),
            due=THIS_WEEK if outcome is Outcome.MOVED else None,
            happened_on=MONDAY if outcome is Outcome.KEPT else None,
        )
        for outcome in draw(st.lists(st.sampled_from(Outcome), max_size=9))
    ]
    written = draw(st.lists(HOSTILE.filter(str.strip), max_size=6))
    notes = tuple(Note(1, 1, 10, 2**63 - 1, text, MONDAY_NOON) for text in written)
    suggestions = tuple(
        a_suggestion(draw(clues()), suggestion_id=2**60 + number) for number in range(draw(st.integers(0, 5)))
    )
    answered = draw(st.integers(0, len(suggestions)))
    return a_case(
        followup,
        *ratings,
        notes=notes,
        muted_by=draw(st.none() | st.just(2**63 - 1)),
        suggestions=suggestions[answered:],
        accepted=suggestions[:answered],
    )


@pytest.mark.parametrize("form", [*ONE_FORMS, AlertForm.PERSONAL])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=cases(), note=st.none() | HOSTILE)
def test_any_alert_fits(form: AlertForm, case: Case, note: str | None) -> None:
    assert_fits(AlertView(an_alert(form, role_id=2**63 - 1, note=note), (case,), SETTING))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=cases())
def test_any_card_fits(case: Case) -> None:
    assert_fits(CardView(case, SETTING, EVERYTHING))
    assert_fits(CardView(case, SETTING, Reader()))


@pytest.mark.parametrize("count", [0, 1, 3, 60])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=cases())
def test_any_digest_fits_and_counts_what_it_leaves_out(count: int, case: Case) -> None:
    view = view_of(AlertForm.DIGEST, *(case,) * count)
    assert_fits(view)
    shown = text_of(view).count(f" · `#{case.followup.id}`")
    left_out = [int(number) for number in re.findall(r"^-# and (\d+) more: `/", text_of(view), re.MULTILINE)]
    assert min(count, 5) <= shown <= 15
    assert shown + sum(left_out) == count


def the_largest_case(*ratings: Rating) -> Case:
    """600 characters of quote, 40 tellings, names written right to left, nine notes, and an event."""
    statement = a_statement(
        "قال الوزير 🇺🇦 *_~` " * 60,
        kind=Kind.EVENT,
        speaker="الوزير " * 40,
        precision=Precision.VAGUE,
        conditional=True,
    )
    told = [
        a_telling(statement, outlet=f"Outlet {n}", url=f"https://outlet-{n}.example/{'x' * 300}") for n in range(40)
    ]
    followup = a_followup(10**15, *told, topics=tuple("t" * 60 + str(n) for n in range(12)))
    notes = tuple(Note(1, 10**15, 10, 2**63 - 1, "*ملاحظة* " * 60, MONDAY_NOON) for _ in range(9))
    # Markup, which takes twice its length, and as many moves as a card tells of.
    clue = a_clue(
        quote="*_~`" * 200, outlet="|" * 60, url=f"https://{'o' * 60}.example/{'x' * 80}", reasons=(*LONG_REASONS,)
    )
    suggestions = tuple(a_suggestion(clue, suggestion_id=2**60 + number) for number in range(5))
    return a_case(followup, *ratings, notes=notes, muted_by=2**63 - 1, suggestions=suggestions, accepted=suggestions)


LONG_REASONS = sorted(REASONS, key=len)[-3:]


@openapi.needs_document
@pytest.mark.parametrize("form", FORMS)
def test_the_largest_alert_is_valid_to_discord(form: AlertForm) -> None:
    for ratings in ((), (a_rating(Outcome.MOVED, due=THIS_WEEK),), (a_rating(Outcome.BROKEN),)):
        view = view_of(form, *(the_largest_case(*ratings),) * 30, role_id=5, note="n" * 300)
        assert_fits(view)
        assert openapi.faults(Call({"components": components_of(view), "flags": 1 << 15})) == []


@openapi.needs_document
@pytest.mark.parametrize("reader", [EVERYTHING, replace(EVERYTHING, watches=True), Reader(in_server=True), Reader()])
def test_the_largest_card_is_valid_to_discord(reader: Reader) -> None:
    moved = tuple(a_rating(Outcome.MOVED, rating_id=2**60 + n, due=THIS_WEEK) for n in range(9))
    view = CardView(the_largest_case(*moved), SETTING, reader)
    assert_fits(view)
    assert openapi.faults(Call({"components": components_of(view), "flags": 1 << 15})) == []


def test_a_card_that_is_nothing_but_markup_still_fits_and_counts_what_it_leaves_out() -> None:
    statement = a_statement("*" * 900, speaker="_" * 200, precision=Precision.VAGUE, conditional=True)
    url = f"https://{'o' * 60}.example/{'x' * 80}"
    told = [a_telling(statement, outlet=f"{n:02}" + "|" * 60, url=url) for n in range(40)]
    notes = tuple(Note(1, 1, 10, 2**63 - 1, "~" * 500, MONDAY_NOON) for _ in range(9))
    followup = a_followup(10**15, *told, topics=tuple("`" * 60 + str(n) for n in range(12)))
    moved = [a_rating(Outcome.MOVED, user_id=2**63 - 1, due=Interval(MONDAY, MONDAY)) for _ in range(9)]
    clue = a_clue(quote="*" * 900, outlet="|" * 60, url=url, reasons=tuple(LONG_REASONS))
    suggestions = (a_suggestion(clue),)
    case = a_case(followup, *moved, notes=notes, muted_by=2**63 - 1, suggestions=suggestions)
    view = CardView(case, SETTING, EVERYTHING)
    assert_fits(view)
    assert "🔎" in text_of(view)
    assert sum(map(measured, text_of(view).splitlines())) > TEXT_LIMIT - 600  # so that the bounds are tried
    shown = text_of(view).count("📰")
    assert shown >= 1
    assert f"and {40 - shown} more" in text_of(view)


def test_a_card_shows_the_latest_ratings_and_notes_and_counts_the_older() -> None:
    ratings = [a_rating(Outcome.MOVED, rating_id=n, user_id=n, due=THIS_WEEK) for n in range(1, 9)]
    notes = tuple(Note(n, 1, 10, 7, f"note {n}", MONDAY_NOON) for n in range(1, 6))
    text = text_of(CardView(a_case(a_followup(), *ratings, notes=notes), SETTING, EVERYTHING))
    assert re.findall(r"<@(\d)>, ", text) == ["8", "7", "6", "5", "4", "7", "7", "7"]
    assert "and 3 older" in text
    assert "note 5" in text
    assert "note 2" not in text
    assert "and 2 older" in text


def test_a_topic_that_another_server_wrote_is_not_named() -> None:
    followup = a_followup(topics=("norland", "own:4", "own:5", "lost"))
    setting = replace(SETTING, topics={"norland": "Norland", "own:5": "Our straits"})
    for view in (CardView(a_case(followup), setting), AlertView(an_alert(), (a_case(followup),), setting)):
        assert text_of(view).endswith(("-# `#1` · Norland · Our straits · lost", "open the card there."))
        assert "own:4" not in text_of(view)


@pytest.mark.parametrize("status", [*Status, *Outcome])
def test_every_status_has_a_colour_and_an_icon_of_its_own_and_a_word(status: Status | Outcome) -> None:
    for table in (look.COLOURS, look.STATUS_ICONS, look.STATUS_NAMES):
        assert list(table.values()).count(table[status]) == 1
    assert look.status_name(status).endswith(look.STATUS_NAMES[status])


def test_what_is_settled_takes_the_colour_of_how_it_ended_in_every_alert() -> None:
    kept = a_case(a_followup(), a_rating(Outcome.KEPT))
    for form in ONE_FORMS:
        view = view_of(form, kept)
        assert components_of(view)[0]["accent_color"] == look.COLOURS[Outcome.KEPT]
        assert "✅ Kept" in text_of(view).splitlines()[0]


@settings(deadline=None)
@given(
    deed=st.sampled_from(Deed),
    number=st.integers(1, 10**18 - 1),
    on=st.sampled_from(On),
    more=st.integers(0, 9 * 10**18 - 1),
)
def test_a_button_carries_all_it_knows(deed: Deed, number: int, on: On, more: int) -> None:
    press = Press(deed, number, on, more)
    button = CardButton(press, IN_ENGLISH)
    found = CardButton.__discord_ui_compiled_template__.fullmatch(button.custom_id)
    assert found is not None
    assert len(button.custom_id) <= 100
    assert Press(Deed(found["deed"]), int(found["id"]), On(found["on"]), int(found["more"])) == press


def test_an_alert_says_who_said_what_by_when_and_who_reports_it() -> None:
    text = text_of(AlertView(an_alert(), (a_case(),), SETTING))
    for part in (
        "⏳ Deadline",
        "**Norland**",
        "> “Norland will withdraw its troops by Friday.”",
        "By <t:1772798400:D> (<t:1772841599:R>)",
        "[The Meridian](https://meridian.example/a-1) (meridian.example)",
        "`#1` · Norland",
    ):
        assert part in text
    assert "Conditional" not in text


def test_a_condition_is_said_to_be_one() -> None:
    assert "Conditional" in text_of(
        AlertView(an_alert(), (a_case(a_followup(statement=a_statement(conditional=True))),), SETTING)
    )


def test_a_long_quote_is_cut_at_six_hundred_characters() -> None:
    text = text_of(AlertView(an_alert(), (a_case(a_followup(statement=a_statement("word " * 200))),), SETTING))
    quoted = text.split("“")[1].split("”")[0]
    assert 550 < len(quoted) <= 600
    assert quoted.endswith("…")


def test_each_form_looks_different() -> None:
    heads = {text_of(view_of(form, a_case())).splitlines()[0] for form in FORMS}
    # A reminder of one's own comes by direct message, where nothing tells of moves.
    in_channels = [form for form in FORMS if form is not AlertForm.PERSONAL]
    colours = {components_of(view_of(form, a_case()))[0]["accent_color"] for form in in_channels}
    assert (len(heads), len(colours)) == (len(FORMS), len(in_channels))


@pytest.mark.parametrize(
    ("days_before", "words"), [(0, "Due today"), (1, "Due tomorrow"), (2, "Due in 2 days"), (7, "Due in 7 days")]
)
def test_a_reminder_says_how_many_days_are_left(days_before: int, words: str) -> None:
    setting = Setting(THIS_WEEK.last - timedelta(days=days_before), ZoneInfo("UTC"), {})
    text = text_of(AlertView(an_alert(AlertForm.REMINDER), (a_case(),), setting))
    assert text.startswith(f"### 🔔 {words} · ⏳ Deadline")


def test_a_personal_reminder_shows_the_note_and_needs_no_followup() -> None:
    text = text_of(AlertView(an_alert(AlertForm.PERSONAL, note="call *them*"), (), SETTING))
    assert "> call \\*them\\*" in text


def test_a_role_is_pinged_only_where_the_subscription_says_so() -> None:
    hostile = a_case(a_followup(statement=a_statement("<@&5> @everyone <@7> will act.")))
    assert pings_of(an_alert()) == {"parse": [], "roles": []}
    assert "<@&" not in text_of(AlertView(an_alert(), (hostile,), SETTING)).replace("\\<@", "")
    assert pings_of(an_alert(role_id=5)) == {"parse": [], "roles": ["5"]}
    assert text_of(AlertView(an_alert(role_id=5), (hostile,), SETTING)).startswith("<@&5>")


@given(
    number=st.integers(0, 99_999),
    total=st.integers(0, 10**6),
    size=st.integers(1, 25),
)
def test_a_page_that_is_asked_for_exists(number: int, total: int, size: int) -> None:
    wish, pages = page_of(PageWish("pending", number, ""), total, size)
    assert 0 <= wish.number < pages
    assert (pages - 1) * size < max(total, 1) <= pages * size


@settings(deadline=None)
@given(text=st.text(max_size=60), number=st.integers(0, 99_999))
def test_a_page_button_carries_its_wish_within_the_limit(text: str, number: int) -> None:
    button = PageButton(PageWish("pending", number, f"01234567:commitment:{text}"), "Next")
    custom_id = button.custom_id
    assert len(custom_id) <= 100
    found = PageButton.__discord_ui_compiled_template__.fullmatch(custom_id)
    assert found is not None
    assert (found[1], int(found[2]), found[3]) == ("pending", number, f"01234567:commitment:{text}")


def test_only_a_list_of_several_pages_has_buttons() -> None:
    alone = PageView("Things", ["one"], PageWish("things", 0, ""), 1)
    assert not [item for item in alone.walk_children() if isinstance(item, ui.ActionRow)]
    first = PageView("Things", ["one"], PageWish("things", 0, ""), 2)
    buttons = [item.item for item in first.walk_children() if isinstance(item, ui.DynamicItem)]
    assert [(button.label, button.disabled) for button in buttons] == [("◀ Back", True), ("Next ▶", False)]
    assert_fits(first)
    assert isinstance(first.children[1], discord.ui.ActionRow)


def test_a_worst_case_page_fits() -> None:
    line = "x" * 700
    assert_fits(PageView("h" * 300, [line] * 5, PageWish("pending", 3, "f" * 80), 9, foot="12 more are overdue"))
