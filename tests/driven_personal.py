"""Scenarios: reminders of one's own, one's time zone, and what is found in a text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.views.reminders import Answer, Step, StepButton
from bot.words import IN_ENGLISH
from tests.discord_world import World, buttons_of, text_of
from tests.driven_cards import alerted
from tests.everything import Scenario, drives, said_after, typing
from tests.storing import days, opened, telling

BY_FRIDAY = "Norland will withdraw its troops by Friday."
PLEDGE = "The foreign minister pledged to ratify the treaty."


async def kept(world: World, **options: Any) -> Any:
    """A reminder that has been set; the message that says so."""
    return (
        await world.analyst.slash(world.channel, "remind", **{"when": "in 3 days", "note": "look", **options})
    ).response


async def come(world: World, **options: Any) -> Any:
    """The direct message of a reminder that has come."""
    await kept(world, when="in 1 hour", **options)
    await world.pass_time(timedelta(hours=4))
    return world.analyst.user.dm_channel.last_message


def now_of(message: Any, world: World) -> Any:
    return next(one for one in world.analyst.user.dm_channel.history() if one.id == message.id)


@drives("/remind", *(typing("/remind", field) for field in ("when", "every", "followup")))
async def remind(world: World) -> None:
    await opened(world.database, telling("Norland will leave the port.", due=days(2, 9)))

    async def offered(field: str, typed: str, **filled: str) -> list[str]:
        found = await world.analyst.autocomplete(world.channel, "remind", field, typed, **filled)
        return [one["value"] for one in found]

    assert await offered("followup", "port") == ["1"]
    assert "two days before" in await offered("when", "", followup="1")
    assert (await offered("every", "every third day"))[0] == "every third day"
    answer = await world.analyst.slash(world.channel, "remind", when="two days before", followup="1", note="look")
    assert answer.ephemeral
    assert "I will send you a direct message" in said_after(answer)
    assert "Every weekday at 09:00" in text_of(await kept_again(world))
    for options, line in (({}, "What shall I remind you of?"), ({"note": "x"}, "When shall I remind you?")):
        assert line in said_after(await world.analyst.slash(world.channel, "remind", **options))


async def kept_again(world: World) -> Any:
    options = {"every": "every weekday 9:00", "note": "look"}
    return (await world.analyst.slash(world.channel, "remind", **options)).response


@drives(
    "/reminders", "PageButton reminders", "ReminderSelect", "StepButton change", "StepButton cancel", "form WhenForm"
)
async def ones_reminders(world: World) -> None:
    for _ in range(9):
        await kept(world)
    shown = (await world.analyst.slash(world.channel, "reminders")).response
    assert "📌 9 open reminders" in text_of(shown)
    await world.analyst.click(shown, label="Next ▶")
    assert "Page 2 of 2" in text_of(shown)
    await world.analyst.select(shown, ["9"], custom_id="reminder:choose")
    assert "> look" in text_of(shown)
    form = await world.analyst.click(shown, label="Change…")
    assert said_after(form) == "Remind me"
    await world.analyst.submit_modal(form, {"note": "look twice"})
    assert "> look twice" in text_of(shown)
    await world.analyst.click(shown, label="Cancel")
    assert "Cancelled: it will not come." in text_of(shown)


@drives("StepButton show")
async def shown_by_a_button(world: World) -> None:
    """No message has this button today; the select answers in its place, and older messages may have it."""
    await kept(world)
    message = await world.shown(world.channel, StepButton(1, Step.SHOW, IN_ENGLISH))
    await world.analyst.click(message, label="Show")
    assert "> look" in text_of(world.channel.history()[-1])


_LABELS = {
    Answer.DONE: ("Done", "✅ Done"),
    Answer.HOUR: ("1 hour", "⏰ Comes again <t:1772470800:F> (<t:1772470800:R>)"),
    Answer.TOMORROW: ("Tomorrow", "⏰ Comes again <t:1772524800:F> (<t:1772524800:R>)"),
    Answer.DEADLINE: ("At the deadline", "⏰ Comes again <t:1773043200:F> (<t:1773043200:R>)"),
}


def _of_answer(answer: Answer, label: str, words: str) -> Scenario:
    @drives(f"AnswerButton {answer}")
    async def scenario(world: World) -> None:
        await opened(world.database, telling("Norland will leave the port.", due=days(2, 9)))
        message = await come(world, followup="1")
        await world.analyst.user.click(message, label=label)
        assert text_of(now_of(message, world)).endswith(words)

    scenario.__name__ = f"answered_{answer}"
    return scenario


for _answer, (_label, _words) in _LABELS.items():
    _of_answer(_answer, _label, _words)


@drives("AnswerButton other", "form WhenForm")
async def answered_with_another_time(world: World) -> None:
    message = await come(world)
    form = await world.analyst.user.click(message, label="Another time…")
    await world.analyst.user.submit_modal(form, {"typed": "9 May 14:00", "note": "other words"})
    assert "⏰ Comes again <t:1778335200:F>" in text_of(now_of(message, world))
    assert list(buttons_of(now_of(message, world))) == ["Change…", "Cancel"]


@drives("RemindButton", "form WhenForm")
async def asked_below_an_alert(world: World) -> None:
    form = await world.analyst.click(await alerted(world), label="Remind me…")
    answer = await world.analyst.submit_modal(form, {"preset": ["one day before"]})
    assert "Norland will leave the port." in said_after(answer)
    unread = await world.analyst.submit_modal(
        await world.analyst.click(world.channel.history()[-1], label="Remind me…"), {"typed": "blue"}
    )
    assert "I do not understand “blue”" in said_after(unread)


@drives("/timezone", typing("/timezone", "zone"))
async def ones_time_zone(world: World) -> None:
    found = await world.analyst.autocomplete(world.channel, "timezone", "zone", "geneva")
    assert [one["value"] for one in found][:1] == ["Europe/Zurich"]
    assert "no time zone of your own" in said_after(await world.analyst.slash(world.channel, "timezone"))
    chosen = await world.analyst.slash(world.channel, "timezone", zone="Europe/Zurich")
    assert "✅ Your time zone is **Europe/Zurich**" in said_after(chosen)
    refused = await world.analyst.slash(world.channel, "timezone", zone="Zzzz")
    assert "I know no zone “Zzzz”" in said_after(refused)


@drives("/scan", typing("/scan", "day"), "FoundButton dated", "FoundButton asking", "form WhenForm")
async def a_text_is_read(world: World) -> None:
    found = await world.analyst.autocomplete(world.channel, "scan", "day", "yester")
    assert [one["value"] for one in found] == ["yesterday"]
    shown = (await world.analyst.slash(world.channel, "scan", text=f"{BY_FRIDAY} {PLEDGE}", day="yesterday")).response
    assert "🔎 2 statements" in text_of(shown)
    reminded = await world.analyst.click(shown, label="Remind me")
    assert BY_FRIDAY in said_after(reminded)
    form = await world.analyst.click(shown, label="Remind me…")
    answer = await world.analyst.submit_modal(form, {"preset": ["in 3 days"], "note": PLEDGE})
    assert PLEDGE in said_after(answer)
    assert "Give either a `text` or a `link`" in said_after(await world.analyst.slash(world.channel, "scan"))


@drives("menu Find deadlines")
async def a_message_is_read(world: World) -> None:
    message = await world.moderator.send(world.channel, BY_FRIDAY)
    answer = await world.analyst.context_menu(world.channel, "Find deadlines", message)
    assert answer.ephemeral
    assert "🔎 1 statement" in said_after(answer)
