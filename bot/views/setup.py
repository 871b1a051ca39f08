"""`/setup` as people see it: one message that moves from step to step, and what it ends with.

Whatever has been chosen stands in the ids of the message's own parts (see bot/setting_up.py), so they work after a
restart of the bot as before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, Protocol, Self, cast

import discord
from discord import ui
from discord.ext import commands

from bot import render
from bot.errors import answered
from bot.invite import Need
from bot.render import Setting
from bot.setting_up import PACKED, SETTLES, TOPICS_AT_MOST, Draft
from bot.views import look
from bot.views.editing import edit_answer
from bot.views.form import Form
from bot.views.lasting import chosen
from bot.words import LANGUAGES, Words, marked
from bot.zones import local_time
from watchers.audience import Rhythm
from watchers.model import Kind

ANOTHER_ZONE = "another"
"""The choice of a zone that opens a form to type one."""

_OPTIONS = 25
_TOPIC_MENUS = 4
_LONGEST_ZONE = 60
_TEXT_CHANNELS = [discord.ChannelType.text, discord.ChannelType.news]
_RHYTHMS = {
    Rhythm.INSTANT: (marked("At once"), marked("Each as soon as it is said, with reminders before it is due")),
    Rhythm.DAILY: (marked("Every morning"), marked("One digest a day, at the hour you chose")),
    Rhythm.WEEKLY: (marked("Every Monday"), marked("One digest a week, at the hour you chose")),
}
_KINDS = {
    Kind.DEADLINE: (marked("Deadlines"), marked("Something must be done by a day")),
    Kind.COMMITMENT: (marked("Commitments"), marked("Somebody says that they will do something")),
    Kind.EVENT: (marked("Events"), marked("Something is planned for a day")),
    Kind.EXPECTATION: (marked("Expectations"), marked("Somebody expects something to happen")),
}

_SETTLING = marked("What settles by itself is marked as unconfirmed, and about one in twenty of it is wrong.")


class Step(IntEnum):
    """The pages of the message, in order."""

    CLOCK = 1
    CHANNEL = 2
    TOPICS = 3
    TELLING = 4
    PEOPLE = 5


_TITLES = {
    Step.CLOCK: marked("Clock"),
    Step.CHANNEL: marked("Channel"),
    Step.TOPICS: marked("Topics"),
    Step.TELLING: marked("Kinds"),
    Step.PEOPLE: marked("People"),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What the pages show besides the draft."""

    say: Words
    now: datetime
    topics: Sequence[tuple[str, str]]
    """Id and name of every topic that the server may follow, every topic together first."""
    zones: Sequence[str] = ()
    """The zones on offer, the likeliest first."""
    again: bool = False
    """Whether the server has been set up before."""
    lacking: tuple[Need, ...] = ()
    """What the bot lacks to post in the chosen channel."""
    lacking_for_notices: tuple[Need, ...] = ()
    complaint: str = ""
    """What was wrong with the last choice; empty where nothing was."""


class Guide(Protocol):
    """What can take the next step: the cog."""

    async def go_on(self, interaction: discord.Interaction, what: str, packed: str, chosen: Sequence[str]) -> None:
        """Answer a button or a menu of the message; raise `Refusal` where the person may not."""

    async def name_zone(self, interaction: discord.Interaction, packed: str, typed: str) -> None:
        """Take a time zone that somebody typed."""


class SetUpItem(ui.DynamicItem[ui.Item[ui.LayoutView]], template=rf"setup:(?P<what>[a-z]+\d?):(?P<draft>{PACKED})"):
    """Any button or menu of `/setup`. All it knows stands in its id, so it outlives restarts of the bot."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild it from its id."""
        del interaction, match
        return cls(item)

    async def callback(self, interaction: discord.Interaction) -> None:
        """Take the step it stands for."""
        async with answered(interaction):
            data = cast("dict[str, Any]", interaction.data)
            _, what, packed = data["custom_id"].split(":", 2)
            await guide_of(interaction).go_on(interaction, what, packed, chosen(interaction))


class ZoneForm(Form):
    """Asks for a time zone in words."""

    def __init__(self, packed: str, say: Words) -> None:
        """Ask for the zone of the draft in `packed`."""
        super().__init__(say("Time zone"))
        self._packed = packed
        self._typed: ui.TextInput[ZoneForm] = ui.TextInput(
            custom_id="zone", placeholder="Geneva · Europe/Zurich · UTC+2", max_length=_LONGEST_ZONE
        )
        words = say("A city, the name of a zone, or its distance from UTC")
        self.ask(say("Which time zone?"), self._typed, words)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Hand over what was typed."""
        async with answered(interaction):
            await guide_of(interaction).name_zone(interaction, self._packed, self._typed.value)


def guide_of(interaction: discord.Interaction) -> Guide:
    """Return what takes the steps."""
    return cast("Guide", cast("commands.Bot", interaction.client).get_cog("SetUp"))


async def show(interaction: discord.Interaction, view: ui.LayoutView) -> None:
    """Put a page in the place of the one whose part was used; the interaction must have been deferred."""
    await edit_answer(interaction, view)


class SetUpView(ui.LayoutView):
    """One step of `/setup`."""

    def __init__(self, step: Step, draft: Draft, scene: Scene) -> None:
        """Lay out a step with what has been chosen so far."""
        super().__init__(timeout=None)
        self._draft, self._scene, self._say = draft, scene, scene.say
        self._box: ui.Container[SetUpView] = ui.Container(
            accent_colour=look.AMBER if scene.complaint or scene.lacking else look.BLUE
        )
        heading = self._say("Set-up {number}/{count}", number=step.value, count=len(Step))
        self._text(f"### 🧭 {heading} · {self._say(_TITLES[step])}")
        {
            Step.CLOCK: self._clock,
            Step.CHANNEL: self._channel,
            Step.TOPICS: self._topics,
            Step.TELLING: self._telling,
            Step.PEOPLE: self._people,
        }[step]()
        if scene.complaint:
            self._text(f"⚠️ {scene.complaint}")
        self._box.add_item(self._ways(step))
        self.add_item(self._box)

    def _clock(self) -> None:
        say, draft = self._say, self._draft
        if self._scene.again:
            self._text(say("This server has been set up before. What you choose now takes the place of what was."))
        else:
            self._text(say("I read the news and hold people to what they say they will do. Five short steps."))
        self._text(f"**{say('Time zone')}**")
        names = list(dict.fromkeys((draft.zone, *self._scene.zones)))[: _OPTIONS - 1]
        zones = [
            _option(name.replace("_", " "), name, local_time(name, self._scene.now, say), chosen=name == draft.zone)
            for name in names
        ]
        self._menu("zone", [*zones, _option(say("Another…"), ANOTHER_ZONE, say("Type a city or a zone"))])
        self._text(f"**{say('Hour of reminders and digests')}**")
        self._menu("hour", [_option(f"{hour:02}:00", str(hour), chosen=hour == draft.hour) for hour in range(24)])
        self._text(f"**{say('Language in channels')}**")
        named = LANGUAGES.items()
        self._menu("language", [_option(name, tag, chosen=tag == draft.language) for tag, name in named])

    def _channel(self) -> None:
        say, channel_id = self._say, self._draft.channel_id
        self._text(say("Where shall I post?"))
        menu: ui.ChannelSelect[SetUpView] = ui.ChannelSelect(
            custom_id=self._id("channel"), channel_types=_TEXT_CHANNELS, placeholder=say("Choose a channel")
        )
        self._chosen(menu, channel_id, discord.SelectDefaultValueType.channel)
        self._row(menu)
        if self._scene.lacking:
            self._lacking(channel_id, self._scene.lacking)
            self._row(self._button("check", f"🔄 {say('Check again')}"))
        elif channel_id is not None:
            self._text(f"✅ {say('I may post in {channel}.', channel=f'<#{channel_id}>')}")

    def _lacking(self, channel_id: int | None, lacking: Iterable[Need]) -> None:
        names = self._say.all_of([f"**{self._say(need.name)}**" for need in lacking])
        there = f"<#{channel_id}>"
        said = self._say("I cannot post in {channel} yet: I lack {permissions}.", channel=there, permissions=names)
        cure = self._say("Open *Edit Channel* → *Permissions*, add me, and allow what is named here.")
        self._text(f"🔴 {said}\n{cure}")

    def _topics(self) -> None:
        say = self._say
        there = f"<#{self._draft.channel_id}>"
        self._text(say("What shall {channel} follow? Up to {count}.", channel=there, count=TOPICS_AT_MOST))
        menus = _in_menus(self._scene.topics)
        for number, part in enumerate(menus):
            options = [_option(name, topic, chosen=topic in self._draft.topics) for topic, name in part]
            letters = say("Choose topics")
            if len(menus) > 1:
                letters = " … ".join(re.split(r"[\s,:]", name, maxsplit=1)[0] for _, name in (part[0], part[-1]))
            self._menu(f"topics{number}", options, least=0, most=TOPICS_AT_MOST, placeholder=letters)
        if sum(map(len, menus)) < len(self._scene.topics):
            self._text(f"-# {say('There are more: `/topics` lists them and `/subscribe` takes them.')}")

    def _telling(self) -> None:
        say, draft = self._say, self._draft
        self._text(f"**{say('What do you want to hear of?')}**")
        kinds = [
            _option(say(name), kind.value, say(about), chosen=kind in draft.kinds)
            for kind, (name, about) in _KINDS.items()
        ]
        self._menu("kinds", kinds, most=len(kinds))
        self._text(f"**{say('When?')}**")
        rhythms = [
            _option(say(name), rhythm.value, say(about), chosen=rhythm is draft.rhythm)
            for rhythm, (name, about) in _RHYTHMS.items()
        ]
        self._menu("rhythm", rhythms)

    def _people(self) -> None:
        say, draft = self._say, self._draft
        may_rate = say("Who may rate what was kept and what was broken, beside those with *Manage Messages*?")
        self._text(f"**{say('Raters')}**\n{may_rate}")
        roles: ui.RoleSelect[SetUpView] = ui.RoleSelect(
            custom_id=self._id("raters"), placeholder=say("Nobody else"), min_values=0
        )
        self._chosen(roles, draft.rater_role_id, discord.SelectDefaultValueType.role)
        self._row(roles)
        self._settling()
        warned = say("Where shall I say when I may not post somewhere?")
        self._text(f"**{say('Notices')}**\n{warned}")
        channels: ui.ChannelSelect[SetUpView] = ui.ChannelSelect(
            custom_id=self._id("notices"), channel_types=_TEXT_CHANNELS, placeholder=say("Nowhere"), min_values=0
        )
        self._chosen(channels, draft.notices_channel_id, discord.SelectDefaultValueType.channel)
        self._row(channels)
        if self._scene.lacking_for_notices:
            self._lacking(draft.notices_channel_id, self._scene.lacking_for_notices)
        self._box.add_item(ui.Separator())
        self._text(order_words(draft, dict(self._scene.topics), say))

    def _settling(self) -> None:
        say, settles = self._say, self._draft.settles_itself
        self._text(f"**{say('Outcomes told by the news')}**\n{say(_SETTLING)}")
        by_people = _option(say("A person confirms it"), "-", chosen=not settles)
        by_itself = _option(say("Let very sure ones settle by themselves"), SETTLES, chosen=settles)
        self._menu("settling", [by_people, by_itself])

    def _ways(self, step: Step) -> ui.ActionRow[SetUpView]:
        """Return the buttons that lead on and back; on only from a step that is complete."""
        say, draft = self._say, self._draft
        complete = {
            Step.CHANNEL: draft.channel_id is not None and not self._scene.lacking,
            Step.TOPICS: bool(draft.topics),
        }.get(step, True)
        buttons = [] if step is Step.CLOCK else [self._button(f"go{step - 1}", f"◀ {say('Back')}")]
        if step is Step.PEOPLE:
            buttons.append(self._button("done", f"✅ {say('Done')}", style=discord.ButtonStyle.success))
        else:
            on = self._button(f"go{step + 1}", f"{say('Next')} ▶", style=discord.ButtonStyle.primary)
            on.disabled = not complete
            buttons.append(on)
        return ui.ActionRow(*buttons)

    # --- parts ----------------------------------------------------------------------------------------------

    def _id(self, what: str) -> str:
        return f"setup:{what}:{self._draft.packed()}"

    def _text(self, text: str) -> None:
        self._box.add_item(ui.TextDisplay(text))

    def _row(self, item: ui.Item[SetUpView]) -> None:
        self._box.add_item(ui.ActionRow(item))

    def _button(
        self, what: str, label: str, *, style: discord.ButtonStyle = discord.ButtonStyle.secondary
    ) -> ui.Button[SetUpView]:
        return ui.Button(label=label, custom_id=self._id(what), style=style)

    def _menu(
        self, what: str, options: list[discord.SelectOption], *, least: int = 1, most: int = 1, placeholder: str = ""
    ) -> None:
        self._row(
            ui.Select(
                custom_id=self._id(what),
                options=options,
                min_values=least,
                max_values=min(most, len(options)),
                placeholder=render.shortened(placeholder, 150) or None,
            )
        )

    def _chosen(
        self, menu: ui.ChannelSelect[Any] | ui.RoleSelect[Any], chosen: int | None, kind: discord.SelectDefaultValueType
    ) -> None:
        """Show in a menu what has been chosen."""
        if chosen is not None:
            # Its id as text: Discord's OpenAPI document takes no numbers here, and discord.py passes on what it gets.
            menu.default_values = [discord.SelectDefaultValue(id=cast("int", str(chosen)), type=kind)]


class OutcomeView(ui.LayoutView):
    """What `/setup` ends with."""

    def __init__(self, draft: Draft, scene: Scene, done: Sequence[str], test: str | None) -> None:
        """Say what was `done`; `test` is the address of the test alert, None where it could not be posted."""
        super().__init__(timeout=None)
        say = scene.say
        heading = say("Changed as you chose") if scene.again else say("All set")
        order = order_words(draft, dict(scene.topics), say)
        there = f"<#{draft.channel_id}>"
        if test is None:
            posted = f"⚠️ {say('I could not post a test alert in {channel}: look at my permissions.', channel=there)}"
        else:
            posted = f"🧪 {say('A test alert stands in {channel}.', channel=there)}"
        comes = say("What is said on these topics comes there by itself, and again when it falls due.")
        more = say("`/followups pending` shows what is under way; `/subscriptions` changes every detail.")
        box: ui.Container[OutcomeView] = ui.Container(accent_colour=look.GREEN)
        for text in (f"### ✅ {heading}", order, *done):
            box.add_item(ui.TextDisplay(text))
        box.add_item(ui.Separator())
        box.add_item(ui.TextDisplay(posted))
        if test is not None:
            box.add_item(ui.ActionRow(ui.Button(label=say("Show me"), url=test)))
        box.add_item(ui.Separator())
        box.add_item(ui.TextDisplay(f"**{say('What comes next')}**\n- {comes}\n- {more}"))
        self.add_item(box)


class ExampleView(ui.LayoutView):
    """The test alert: an invented follow-up, so that people see what an alert looks like."""

    def __init__(self, setting: Setting) -> None:
        """Lay out the invented follow-up in the words of `setting`."""
        super().__init__(timeout=None)
        say = setting.say
        heading = say("Test: this is what an alert looks like")
        speaker = say("Norland's foreign minister")
        quote = say("We will publish the full text of the canal treaty within a week.")
        last = setting.today + timedelta(days=7)
        due = f"{render.day_stamp(last, setting.zone)} ({render.time_left(last, setting.zone)})"
        invented = say("I invented it: it stands in no list, and nobody is reminded of it.")
        texts = [
            f"### 🧪 {heading}",
            f"**{speaker}**\n> {render.in_quotes(quote)}",
            f"🗓️ {say('By {day}', day=due)}",
            f"-# {invented}",
        ]
        self.add_item(ui.Container(*map(ui.TextDisplay, texts), accent_colour=look.BLUE))


def order_words(draft: Draft, names: dict[str, str], say: Words) -> str:
    """Return what has been chosen, in one line for each side of it."""
    topics = say.all_of([f"**{render.plain(names.get(topic, topic), 80)}**" for topic in draft.topics])
    every = len(draft.kinds) == len(Kind)
    kinds = say("All kinds") if every else say.all_of([say(_KINDS[kind][0]) for kind in Kind if kind in draft.kinds])
    rhythm = say(_RHYTHMS[draft.rhythm][0])
    clock = f"{draft.hour:02}:00 {draft.zone.replace('_', ' ')}"
    return f"<#{draft.channel_id}> · {topics}\n-# {kinds} · {rhythm} · {clock} · {LANGUAGES[draft.language]}"


def _in_menus(topics: Sequence[tuple[str, str]]) -> list[Sequence[tuple[str, str]]]:
    """Return the topics in as many menus as a message has room for."""
    return [topics[start : start + _OPTIONS] for start in range(0, len(topics), _OPTIONS)][:_TOPIC_MENUS]


def menu_of(topics: Sequence[tuple[str, str]], number: int) -> frozenset[str]:
    """Return the ids of the topics in one of the menus."""
    menus = _in_menus(topics)
    return frozenset(topic for topic, _ in menus[number]) if number < len(menus) else frozenset()


def _option(label: str, value: str, about: str = "", *, chosen: bool = False) -> discord.SelectOption:
    return discord.SelectOption(
        label=render.shortened(label, render.CHOICE_LIMIT),
        value=value,
        description=render.shortened(about, render.CHOICE_LIMIT) or None,
        default=chosen,
    )
