"""Whatever was said, in whatever language it is told: it fits what Discord takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from discord import ui
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.render import CHOICE_LIMIT, LINE_LIMIT, Setting, choice_label, list_line, measured
from bot.views.alert import AlertView
from bot.views.card import CardView, Reader
from bot.views.digest import DigestView
from bot.views.help import SUBJECTS
from bot.views.order_draft import OrderDraft
from bot.views.pager import PageView, PageWish
from bot.views.setup import _KINDS, _RHYTHMS
from bot.views.subscriptions import OrderView
from bot.words import LANGUAGES, Words
from tests.crawling import parts_of
from tests.test_bot_order_draft import drafts
from tests.test_bot_views import (
    EVERYTHING,
    ONE_FORMS,
    SETTING,
    a_digest,
    an_alert,
    assert_fits,
    cases,
    sections_of,
    the_largest_case,
)
from watchers.audience import AlertForm
from watchers.rating import Case

LIMITS = {"label": 80, "placeholder": 150}
OPTION_LIMIT = 100
readings = st.sampled_from(sorted(LANGUAGES)).map(lambda language: replace(SETTING, say=Words(language)))
bounded = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def too_long_in(view: ui.LayoutView) -> Iterator[str]:
    """The labels, placeholders and choices that Discord would refuse, besides the texts."""
    components: list[dict[str, Any]] = view.to_components()  # type: ignore[no-untyped-call] # discord.py gives no types
    for part in parts_of(components):
        yield from (str(part[key]) for key, limit in LIMITS.items() if measured(str(part.get(key) or "")) > limit)
        for option in part.get("options", []):
            texts = (str(option.get(key) or "") for key in ("label", "description"))
            yield from (text for text in texts if measured(text) > OPTION_LIMIT)


def assert_all_fits(view: ui.LayoutView) -> None:
    assert_fits(view)
    assert list(too_long_in(view)) == []


@pytest.mark.parametrize("form", [*ONE_FORMS, AlertForm.PERSONAL])
@bounded
@given(case=cases(), setting=readings)
def test_any_alert_fits_in_any_language(form: AlertForm, case: Case, setting: Setting) -> None:
    assert_all_fits(AlertView(an_alert(form, note="n" * 300), (case,), setting))


@bounded
@given(case=cases(), setting=readings, reader=st.sampled_from([EVERYTHING, Reader()]))
def test_any_card_fits_in_any_language(case: Case, setting: Setting, reader: Reader) -> None:
    assert_all_fits(CardView(case, setting, reader))


@bounded
@given(case=cases(), setting=readings, count=st.sampled_from([1, 3, 60]))
def test_any_digest_fits_in_any_language(case: Case, setting: Setting, count: int) -> None:
    assert_all_fits(DigestView(a_digest(*sections_of(count)), (case,) * count, setting))


@bounded
@given(case=cases(), setting=readings)
def test_any_line_of_a_list_fits_in_any_language(case: Case, setting: Setting) -> None:
    line = list_line(case, setting)
    assert measured(line) <= LINE_LIMIT
    assert measured(choice_label(case, setting.say)) <= CHOICE_LIMIT
    assert_all_fits(PageView("h" * 300, [line] * 5, PageWish("pending", 1, ""), 3, say=setting.say))


@settings(max_examples=100, deadline=None)
@given(draft=drafts(), setting=readings, ending=st.booleans())
def test_any_subscription_fits_in_any_language(draft: OrderDraft, setting: Setting, *, ending: bool) -> None:
    assert_all_fits(OrderView(draft, "T" * 80, setting, ending=ending and draft.order_id is not None))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_largest_of_each_fits(language: str) -> None:
    setting = replace(SETTING, say=Words(language))
    largest = the_largest_case()
    for view in (
        *(AlertView(an_alert(form, role_id=5, note="n" * 300), (largest,), setting) for form in ONE_FORMS),
        DigestView(a_digest(*sections_of(60)), (largest,) * 60, setting),
        *(CardView(largest, setting, reader) for reader in (EVERYTHING, Reader(in_server=True), Reader())),
    ):
        assert_all_fits(view)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_explains_a_choice_is_not_cut(language: str) -> None:
    """Where a menu has no room for all of an explanation it would end with an ellipsis."""
    say = Words(language)
    explained = [*(one.about for one in SUBJECTS), *(about for _, about in (*_KINDS.values(), *_RHYTHMS.values()))]
    assert [said for said in map(say, explained) if measured(said) > OPTION_LIMIT] == []
