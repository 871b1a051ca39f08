"""What the news suggests, as cards and alerts show it: the sentence, where it stands, why, and what may be answered."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
from discord import ui

from bot.render import Setting, day_stamp
from bot.views.alert import AlertView
from bot.views.card import CardView, Reader
from bot.views.clue import LOOKS, REASONS, clue_text, near_text, sure_words
from bot.words import IN_ENGLISH, LANGUAGES, Words
from tests.factories import (
    MONDAY,
    THIS_WEEK,
    a_case,
    a_clue,
    a_followup,
    a_rating,
    a_statement,
    a_suggestion,
    a_telling,
)
from watchers import resolutions
from watchers.audience import Alert, AlertForm
from watchers.matcher.english.outcome_weights import KEPT
from watchers.model import Interval
from watchers.rating import OURSELVES, Case, Outcome

UTC = ZoneInfo("UTC")
SETTING = Setting(MONDAY, UTC, {"norland": "Norland"})
LATER = replace(SETTING, today=date(2026, 3, 9))
RATER = Reader(in_server=True, may_rate=True)
HOSTILE = "# *Gone* [x](https://x.example) @everyone <@7>\n> and away " + "w" * 500


def text_of(view: ui.LayoutView) -> str:
    return "\n".join(item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay))


def rows_of(view: ui.LayoutView) -> list[list[str]]:
    """The labels of the buttons, row by row."""
    rows = [item for item in view.walk_children() if isinstance(item, ui.ActionRow)]
    return [[button.label for button in map(_button, row.children)] for row in rows]


def _button(item: Any) -> Any:
    return item.item if isinstance(item, ui.DynamicItem) else item


def alert(form: AlertForm, case: Case, setting: Setting = SETTING) -> AlertView:
    return AlertView(Alert("key", form, (1,), guild_id=10, channel_id=20), (case,), setting)


def colour_of(view: ui.LayoutView) -> int:
    components: list[dict[str, Any]] = view.to_components()  # type: ignore[no-untyped-call] # discord.py gives no types
    return int(components[0]["accent_color"])


def suggested(outcome: Outcome = Outcome.KEPT, **clue: Any) -> Case:
    return a_case(suggestions=(a_suggestion(a_clue(outcome, **clue), suggestion_id=5),))


def settled_by_itself(outcome: Outcome = Outcome.KEPT) -> Case:
    rating = a_rating(outcome, rating_id=9, user_id=OURSELVES, happened_on=date(2026, 3, 5))
    return a_case(None, rating, accepted=(a_suggestion(a_clue(outcome), suggestion_id=5),))


# --- reasons --------------------------------------------------------------------------------------------------


def reasons_in(module: ModuleType) -> Iterator[str]:
    """Every string of several words in the functions of a module that is no docstring: they are reasons."""
    for function in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(function, ast.FunctionDef):
            said = [node.value for node in function.body if isinstance(node, ast.Expr)]
            for node in ast.walk(function):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in said:
                    yield node.value


def test_every_reason_that_reading_for_outcomes_gives_has_words() -> None:
    given = {one for one in reasons_in(resolutions) if " " in one.strip() and not one.startswith("but: ")}
    given -= {"on its", "within its"}  # the beginnings of reasons that have weights
    assert len(given) > 30
    assert (given | KEPT.keys()) - {"bias"} - REASONS.keys() == set()
    assert REASONS.keys() - given - KEPT.keys() == {"on its weeks", "within its weeks"} - KEPT.keys()


def test_reasons_against_it_stand_apart_and_unknown_ones_are_left_out() -> None:
    reasons = ("the sign of an older version", "on its day", "but: other actors", "the same matter", "much in common")
    text = clue_text(a_clue(reasons=reasons), SETTING, titled=False)
    assert text.endswith("\n-# For it: reported on its day · the same matter\n-# Against it: it names others")
    assert "-# " not in clue_text(a_clue(reasons=()), SETTING, titled=False).split("\n", 2)[-1].partition("-# ")[2]


@pytest.mark.parametrize("outcome", LOOKS)
def test_whatever_is_suggested_can_be_said_and_confirmed(outcome: Outcome) -> None:
    view = alert(AlertForm.SUGGESTED, suggested(outcome))
    assert text_of(view).startswith(f"### 🔎 It looks {outcome.value} (80%) · ⏳ Deadline")
    dots = "…" if outcome is Outcome.MOVED else ""
    assert rows_of(view) == [[f"Yes, {outcome.value}{dots}", "Not so", "More"]]


def test_nothing_is_said_to_be_certain() -> None:
    assert [sure_words(a_clue(confidence=sure), IN_ENGLISH) for sure in (0.8, 0.997, 1.0)] == ["80%", "99%", "99%"]
    assert {sure_words(a_clue(), Words(language)) for language in LANGUAGES} == {"80%", "80\xa0%"}


# --- the card -------------------------------------------------------------------------------------------------


def test_a_card_shows_the_sentence_where_it_stands_and_why() -> None:
    view = CardView(suggested(), SETTING, RATER)
    text = text_of(view)
    assert text.startswith("### 🔵 Pending")
    stamp = day_stamp(date(2026, 3, 5), UTC)
    assert (
        "🔎 It looks kept (80%)**\n> “Norland has withdrawn the last of its troops.”\n"
        f"-# [The Lantern](https://lantern.example/b-2) (lantern.example) · {stamp}\n"
        "-# For it: told as done · the same matter\n-# Against it: reported in its time"
    ) in text
    assert rows_of(view)[0] == ["Yes, kept", "Not so"]
    assert [item.emoji.name for item in map(_button, view.children[1].children)] == ["👍", "👎"]  # type: ignore[attr-defined]


def test_who_may_not_rate_sees_what_is_suggested_and_no_button_for_it() -> None:
    for reader in (Reader(in_server=True), Reader()):
        view = CardView(suggested(), SETTING, reader)
        assert "It looks kept" in text_of(view)
        assert not {"Yes, kept", "Not so"} & {label for row in rows_of(view) for label in row}


def test_near_misses_and_what_is_settled_are_not_suggested() -> None:
    near = a_case(suggestions=(a_suggestion(a_clue(confidence=0.5)),))
    settled = replace(suggested(), ratings=(a_rating(Outcome.BROKEN),))
    for case in (near, settled):
        view = CardView(case, SETTING, RATER)
        assert "🔎" not in text_of(view)
        assert rows_of(view)[0][0] == "Kept"


def test_a_sentence_from_outside_is_bounded_and_bends_nothing() -> None:
    case = suggested(quote=HOSTILE, outlet="[x](y) @here", url="javascript:alert(1)")
    for view in (CardView(case, SETTING, RATER), alert(AlertForm.SUGGESTED, case)):
        text = text_of(view)
        assert "\\# \\*Gone\\* \\[x\\]\\(https\\://x.example\\)" in text
        assert "@everyone" not in text
        assert "javascript" not in text
        assert "w" * 300 not in text
        assert "-# \\[x\\]\\(y\\) @\u200bhere · <t:" in text


def test_what_settled_by_itself_is_said_to_be_confirmed_by_nobody_and_names_no_user() -> None:
    case = settled_by_itself()
    card = CardView(case, SETTING, RATER)
    text = text_of(card)
    assert text.startswith("### ✅ Kept (unconfirmed) · ⏳ Deadline")
    assert f"✅ Kept on {day_stamp(date(2026, 3, 5), UTC)} — Aide-Mémoire, by itself, <t:" in text
    assert "It looks kept (80%)" in text
    assert rows_of(card)[0] == ["Yes, kept"]
    assert "Undo" in rows_of(card)[2]
    for form in (AlertForm.SUGGESTED, AlertForm.OVERDUE, AlertForm.WATCHED, AlertForm.SAID):
        shown = text_of(alert(form, case))
        assert "✅ Kept (unconfirmed)" in shown.splitlines()[0]
        assert "-# Settled by itself <t:" in shown
        assert ": nobody has confirmed it" in shown
        assert "<@0>" not in shown + text


def test_on_which_day_is_asked_once_the_last_day_has_passed() -> None:
    for outcome, today, asked in (
        (Outcome.KEPT, date(2026, 3, 7), True),
        (Outcome.PARTLY, date(2026, 3, 7), True),
        (Outcome.BROKEN, date(2026, 3, 7), False),
        (Outcome.KEPT, date(2026, 3, 6), False),
    ):
        view = CardView(a_case(None, a_rating(outcome)), replace(SETTING, today=today), RATER)
        assert ("On which day?" in rows_of(view)[1]) is asked
    undated = a_followup(statement=a_statement(due=None))
    assert "On which day?" not in rows_of(CardView(a_case(undated, a_rating()), LATER, RATER))[1]


# --- alerts ---------------------------------------------------------------------------------------------------


def test_an_alert_of_what_is_suggested_says_what_it_is_before_why() -> None:
    lines = text_of(alert(AlertForm.SUGGESTED, suggested())).splitlines()
    assert lines[:3] == [
        "### 🔎 It looks kept (80%) · ⏳ Deadline",
        "**Norland**",
        "> “Norland will withdraw its troops by Friday.”",
    ]
    assert lines[5:7] == ["🔎 **In the news**", "> “Norland has withdrawn the last of its troops.”"]


def test_a_suggested_move_names_its_day_and_asks_for_one_where_it_knows_none() -> None:
    named = suggested(Outcome.MOVED, due=Interval(date(2026, 5, 1), date(2026, 5, 2)))
    stamp = day_stamp(date(2026, 5, 2), UTC)
    view = alert(AlertForm.SUGGESTED, named)
    assert text_of(view).startswith(f"### 🔎 It looks moved to {stamp} (80%)")
    assert rows_of(view)[0][0] == "Yes, moved"


def test_what_was_answered_shows_in_the_alert_that_asked() -> None:
    kept = replace(suggested(), suggestions=(), ratings=(a_rating(user_id=7),), accepted=suggested().suggestions)
    view = alert(AlertForm.SUGGESTED, kept)
    assert text_of(view).startswith("### ✅ Kept · ⏳ Deadline\n-# Rated by <@7>, ")
    assert "Norland has withdrawn the last" in text_of(view)
    assert rows_of(view) == [["More"]]
    rejected = alert(AlertForm.SUGGESTED, a_case())
    assert text_of(rejected).startswith("### 🔎 Not so, said somebody here · ⏳ Deadline")
    assert rows_of(rejected) == [["More"]]
    moved = a_rating(Outcome.MOVED, due=THIS_WEEK)
    accepted = (a_suggestion(a_clue(Outcome.MOVED)),)
    assert text_of(alert(AlertForm.SUGGESTED, a_case(None, moved, accepted=accepted))).startswith("### 📆 Moved · ")
    against = a_case(None, a_rating(Outcome.BROKEN), accepted=(a_suggestion(),))
    assert "has withdrawn" not in text_of(alert(AlertForm.SUGGESTED, against))


def test_what_settled_by_itself_can_be_confirmed_or_undone_from_its_alert() -> None:
    assert rows_of(alert(AlertForm.SUGGESTED, settled_by_itself())) == [["Yes, kept", "Undo", "More"]]
    assert rows_of(alert(AlertForm.OVERDUE, settled_by_itself())) == [["Yes, kept", "Undo", "More"]]


def test_reminders_show_what_is_suggested_and_what_was_said_does_not() -> None:
    reminder = alert(AlertForm.REMINDER, suggested())
    assert "🔎 It looks kept (80%)" in text_of(reminder)
    assert rows_of(reminder) == [["Yes, kept", "Not so"], ["Broken", "Moved…", "More"]]
    said = alert(AlertForm.SAID, suggested())
    assert "🔎" not in text_of(said)
    assert rows_of(said) == [["Card", "Watch", "Remind me…"]]


def test_once_the_last_day_has_passed_it_asks_and_shows_what_came_closest() -> None:
    clues = [
        a_clue(confidence=0.6 - n / 10, quote=f"Convoy {n} has left, " + "and so on " * 20, outlet=f"Lantern {n}")
        for n in range(5)
    ]
    case = a_case(suggestions=tuple(a_suggestion(clue, suggestion_id=n) for n, clue in enumerate(clues)))
    view = alert(AlertForm.OVERDUE, case, LATER)
    text = text_of(view)
    assert text.startswith("### ❓ Did this happen? · ⏳ Deadline")
    assert "🔎 **Closest in the news, not sure**" in text
    assert [n for n in range(5) if f"[Lantern {n}]" in text] == [0, 1, 2]
    assert all(len(line) < 130 for line in text.splitlines() if line.startswith("- “Convoy"))
    assert rows_of(view) == [["Kept", "Kept late…", "Broken", "Moved…", "More"]]
    silent = alert(AlertForm.OVERDUE, a_case(), LATER)
    assert "-# 🔎 Nothing in the news that I read." in text_of(silent)


def test_what_is_sure_stands_before_what_is_near() -> None:
    case = a_case(suggestions=(a_suggestion(), a_suggestion(a_clue(confidence=0.4, quote="A near miss."))))
    text = text_of(alert(AlertForm.OVERDUE, case, LATER))
    assert "🔎 It looks kept (80%)" in text
    assert "near miss" not in text
    assert "A near miss." in near_text(case, LATER)


def test_a_reminder_before_the_last_day_asks_nothing() -> None:
    text = text_of(alert(AlertForm.REMINDER, a_case()))
    assert "🔎" not in text
    assert "Did this happen?" not in text


# --- moves ----------------------------------------------------------------------------------------------------


def told(quote: str, last: date, day: date, outlet: str) -> Any:
    telling = a_telling(a_statement(quote, due=Interval(last, last)), outlet=outlet)
    return replace(telling, day=day)


def moved(*more: Any) -> Case:
    first = told("Norland will withdraw its troops by Friday.", date(2026, 3, 6), MONDAY, "The Meridian")
    tellings = (first, *more)
    return a_case(replace(a_followup(1, *tellings), due=tellings[-1].statement.due))


def test_a_move_that_the_news_told_shows_with_what_it_was_before() -> None:
    case = moved(
        told("The withdrawal was postponed to 20 March.", date(2026, 3, 20), date(2026, 3, 4), "The Lantern"),
        told("The withdrawal was postponed to 27 March.", date(2026, 3, 27), date(2026, 3, 18), "*Harbour* Post"),
    )
    first, second, third = (day_stamp(date(2026, 3, day), UTC) for day in (6, 20, 27))
    view = alert(AlertForm.MOVED, case)
    assert text_of(view).startswith(f"### 📆 Moved: now due {third}, was {second} · ⏳ Deadline")
    assert rows_of(view) == [["Card", "Watch", "Remind me…"]]
    assert colour_of(view) == 0x8B5CF6
    on = [day_stamp(date(2026, 3, day), UTC) for day in (4, 18)]
    for shown in (text_of(view), text_of(CardView(case, SETTING, RATER))):
        assert (
            f"-# First said to be due on {first}\n-# Moved to {second} on {on[0]} (The Lantern)\n"
            f"-# Moved to {third} on {on[1]} (\\*Harbour\\* Post)"
        ) in shown


def test_of_many_moves_the_latest_are_told_and_of_none_nothing() -> None:
    days = [date(2026, 3, day) for day in (13, 20, 27)]
    case = moved(
        *(told(f"It was postponed to {day.day} March.", day, day.replace(day=day.day - 8), "L") for day in days)
    )
    text = text_of(CardView(case, SETTING, RATER))
    assert text.count("-# Moved to") == 2
    assert "First said to be due" in text
    assert "First said" not in text_of(CardView(moved(), SETTING, RATER))
    assert text_of(alert(AlertForm.MOVED, moved())).startswith("### 📆 Moved · ⏳ Deadline")


def test_what_was_overdue_and_the_news_moved_is_asked_about_no_more() -> None:
    case = moved(told("The withdrawal was postponed to 20 March.", date(2026, 3, 20), date(2026, 3, 8), "The Lantern"))
    assert text_of(alert(AlertForm.OVERDUE, case, LATER)).startswith("### 🔔 Due in 11 days")


def test_the_colours_of_what_is_told_differ() -> None:
    colours = [colour_of(alert(form, suggested())) for form in (AlertForm.SAID, AlertForm.SUGGESTED, AlertForm.MOVED)]
    assert len(set(colours)) == 3
    assert colour_of(alert(AlertForm.SUGGESTED, settled_by_itself())) == discord.Colour(0x16A34A).value
