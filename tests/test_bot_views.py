"""Messages as laid out: whatever was said, by however many, they fit Discord's limits and ping nobody unasked."""

from __future__ import annotations

import json
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
from bot.views.alert import AlertView, mentions_of
from bot.views.card import CardView, Reader
from bot.views.pager import PageButton, PageView, PageWish, page_of
from tests import openapi
from tests.factories import MONDAY, THIS_WEEK, a_case, a_followup, a_statement, a_telling
from watchers.audience import Alert, AlertForm, Section
from watchers.model import Kind, Precision
from watchers.rating import Case

SETTING = Setting(MONDAY, ZoneInfo("UTC"), {"norland": "Norland"})
ONE_FORMS = [AlertForm.SAID, AlertForm.REMINDER, AlertForm.OVERDUE, AlertForm.WATCHED]
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


def view_of(form: AlertForm, *cases: Case, role_id: int | None = None, note: str | None = None) -> AlertView:
    if form is AlertForm.DIGEST:
        return AlertView(a_digest(*sections_of(len(cases)), role_id=role_id), cases, SETTING)
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
    return a_case(a_followup(draw(st.integers(1, 10**15)), *told, topics=topics))


@pytest.mark.parametrize("form", [*ONE_FORMS, AlertForm.PERSONAL])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=cases(), note=st.none() | HOSTILE)
def test_any_alert_fits(form: AlertForm, case: Case, note: str | None) -> None:
    assert_fits(AlertView(an_alert(form, role_id=2**63 - 1, note=note), (case,), SETTING))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=cases())
def test_any_card_fits(case: Case) -> None:
    assert_fits(CardView(case, SETTING))


@pytest.mark.parametrize("count", [0, 1, 3, 60])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=cases())
def test_any_digest_fits_and_counts_what_it_leaves_out(count: int, case: Case) -> None:
    view = view_of(AlertForm.DIGEST, *(case,) * count)
    assert_fits(view)
    shown = text_of(view).count(f" · `#{case.followup.id}`")
    assert shown == count or f"-# and {count - shown} more: " in text_of(view)


@openapi.needs_document
@pytest.mark.parametrize("form", FORMS)
def test_the_largest_alert_is_valid_to_discord(form: AlertForm) -> None:
    statement = a_statement(
        "قال الوزير 🇺🇦 *_~` " * 60, speaker="الوزير " * 40, precision=Precision.VAGUE, conditional=True
    )
    told = [
        a_telling(statement, outlet=f"Outlet {n}", url=f"https://outlet-{n}.example/{'x' * 300}") for n in range(40)
    ]
    followup = a_followup(10**15, *told, topics=tuple("t" * 60 + str(n) for n in range(12)))
    view = view_of(form, *(a_case(followup),) * 30, role_id=5, note="n" * 300)
    assert_fits(view)
    assert openapi.faults(Call({"components": components_of(view), "flags": 1 << 15})) == []


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


def test_a_digest_has_each_heading_once_before_its_follow_ups() -> None:
    numbered = [a_case(a_followup(number)) for number in (1, 2, 3)]
    alert = a_digest(Section.DUE_TODAY, Section.DUE_TODAY, Section.SETTLED)
    text = text_of(AlertView(alert, tuple(numbered), SETTING))
    places = [text.index(words) for words in ("Due today", "`#1`", "`#2`", "Settled", "`#3`")]
    assert places == sorted(places)
    assert text.count("Due today") == text.count("Settled") == 1


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
    colours = {components_of(view_of(form, a_case()))[0]["accent_color"] for form in FORMS}
    assert len(heads) == len(colours) == len(FORMS)


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


def test_a_follow_up_that_is_gone_does_not_break_its_alert() -> None:
    assert_fits(AlertView(an_alert(AlertForm.DIGEST), (), SETTING))


def test_a_worst_case_page_fits() -> None:
    line = "x" * 700
    assert_fits(PageView("h" * 300, [line] * 5, PageWish("pending", 3, "f" * 80), 9, foot="12 more are overdue"))
