"""`/setup`: five steps from an invited bot to the first alert. For those who manage the server."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import app_commands

from bot.cogs.base import ServiceCog, defer, for_managers, managed_server
from bot.delivery import nonce_of
from bot.invite import Need, missing
from bot.render import plain
from bot.setting_up import TOPICS_AT_MOST, Draft, changes, first_draft, in_channel, unpacked
from bot.views.setup import (
    ANOTHER_ZONE,
    ExampleView,
    OutcomeView,
    Scene,
    SetUpView,
    Step,
    ZoneForm,
    menu_of,
    show,
)
from bot.words import words_for
from bot.zones import likely_zones, zone_called
from watchers.alerts import EVERY_TOPIC
from watchers.audience import Guild, Subscription
from watchers.deadline_watcher import end_subscription, put_subscription, settle_guild
from watchers.ports import UnitOfWork

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is stored of a server."""

    guild: Guild
    orders: tuple[Subscription, ...]


@dataclass(frozen=True, slots=True)
class _Stored:
    """What a finished draft has changed."""

    guild: Guild
    again: frozenset[str]
    ended: tuple[str, ...]
    """Ids of the topics that the channel follows no more."""


class SetUp(ServiceCog):
    """The guided first run, and its repetition."""

    @app_commands.command()
    @for_managers
    async def setup(self, interaction: discord.Interaction) -> None:
        """Set me up for this server in five short steps."""
        await self.begin(interaction)

    async def begin(self, interaction: discord.Interaction) -> None:
        """Show the first step."""
        _refuse_strangers(interaction)
        await defer(interaction)
        there, known = _server_of(interaction), await self._known(interaction)
        here = interaction.channel_id if isinstance(interaction.channel, discord.TextChannel) else None
        say = words_for(interaction.locale.value, there.preferred_locale.value)
        draft = first_draft(known.guild, known.orders, here, self.services.hours(known.guild), say.language)
        await interaction.followup.send(
            view=SetUpView(Step.CLOCK, draft, self._scene(interaction, draft, known)), ephemeral=True
        )

    async def go_on(self, interaction: discord.Interaction, what: str, packed: str, chosen: Sequence[str]) -> None:
        """Answer a button or a menu of the message: take the choice, and show the step it leads to."""
        _refuse_strangers(interaction)
        say = words_for(interaction.locale.value)
        if what == "zone" and list(chosen) == [ANOTHER_ZONE]:
            await interaction.response.send_modal(ZoneForm(packed, say))
            return
        await interaction.response.defer()
        known = await self._known(interaction)
        draft = unpacked(packed, (topic for topic, _ in self._topics(known.guild)))
        if what == "done":
            await self._finish(interaction, draft, known)
            return
        draft, complaint = self._with_choice(draft, what, chosen, known, interaction)
        scene = self._scene(interaction, draft, known, complaint=complaint)
        await show(interaction, SetUpView(_step_after(what), draft, scene))

    async def name_zone(self, interaction: discord.Interaction, packed: str, typed: str) -> None:
        """Take a time zone that somebody typed, or offer those they may have meant."""
        _refuse_strangers(interaction)
        await interaction.response.defer()
        known = await self._known(interaction)
        draft = unpacked(packed, (topic for topic, _ in self._topics(known.guild)))
        say = words_for(interaction.locale.value)
        zone, like = zone_called(typed, self.services.clock.now())
        named = plain(typed, 60)
        complaint = ""
        if zone is not None:
            draft = replace(draft, zone=zone)
        elif like:
            complaint = say("I am not sure which zone “{name}” is. Those that fit are in the menu now.", name=named)
        else:
            complaint = say("I know no zone “{name}”. Type a city such as Geneva, or UTC+2.", name=named)
        scene = self._scene(interaction, draft, known, complaint=complaint)
        await show(interaction, SetUpView(Step.CLOCK, draft, replace(scene, zones=(*like, *scene.zones))))

    # --- what is shown --------------------------------------------------------------------------------------

    async def _known(self, interaction: discord.Interaction) -> _Known:
        guild_id = _server_of(interaction).id

        def look(work: UnitOfWork) -> _Known:
            return _Known(work.guilds.get(guild_id), tuple(work.subscriptions.of_guild(guild_id)))

        return await self.services.store.look(look)

    def _topics(self, guild: Guild) -> list[tuple[str, str]]:
        """Return id and name of the catalogue's topics and the server's own, by name."""
        named = [(topic.id, topic.name) for topic in self.services.catalogue.topics]
        named += [(topic.id, topic.wish.name) for topic in guild.topics]
        return sorted(named, key=lambda topic: topic[1].casefold())

    def _scene(self, interaction: discord.Interaction, draft: Draft, known: _Known, *, complaint: str = "") -> Scene:
        server, say = _server_of(interaction), words_for(interaction.locale.value)
        every = (EVERY_TOPIC, say("Everything"))
        return Scene(
            say=say,
            now=self.services.clock.now(),
            topics=(every, *self._topics(known.guild)),
            zones=likely_zones(interaction.locale.value, server.preferred_locale.value),
            again=known.guild.zone is not None,
            lacking=_lacking(server, draft.channel_id),
            lacking_for_notices=_lacking(server, draft.notices_channel_id),
            complaint=complaint,
        )

    def _with_choice(
        self, draft: Draft, what: str, chosen: Sequence[str], known: _Known, interaction: discord.Interaction
    ) -> tuple[Draft, str]:
        """Return the draft with what was chosen in one menu, and what was wrong with the choice."""
        if what == "channel":
            return in_channel(draft, int(chosen[0]), known.orders), ""
        if what.startswith("topics"):
            return self._with_topics(draft, int(what[-1]), chosen, known, interaction)
        return draft.with_choice(what, chosen), ""

    def _with_topics(
        self, draft: Draft, menu: int, chosen: Sequence[str], known: _Known, interaction: discord.Interaction
    ) -> tuple[Draft, str]:
        """Return the draft with the topics of one menu changed; beyond five the first five stand."""
        of_menu = menu_of(self._scene(interaction, draft, known).topics, menu)
        kept = [topic for topic in draft.topics if topic not in of_menu and topic != EVERY_TOPIC]
        wanted = draft.with_topics([*kept, *chosen])
        if len(wanted.topics) <= TOPICS_AT_MOST:
            return wanted, ""
        say = words_for(interaction.locale.value)
        at_most = say("That is more than {count}. `/subscribe` adds others later.", count=TOPICS_AT_MOST)
        return draft.with_topics(wanted.topics[:TOPICS_AT_MOST]), at_most

    # --- the end --------------------------------------------------------------------------------------------

    async def _finish(self, interaction: discord.Interaction, draft: Draft, known: _Known) -> None:
        """Store what was chosen, post a test alert, and say what comes next."""
        server = _server_of(interaction)
        scene = self._scene(interaction, draft, known)
        channel = server.get_channel(draft.channel_id or 0)
        if not isinstance(channel, discord.TextChannel) or scene.lacking:
            complaint = scene.say("The channel is gone. Choose another.") if channel is None else ""
            await show(interaction, SetUpView(Step.CHANNEL, draft, replace(scene, complaint=complaint)))
            return
        if not draft.topics:
            complaint = scene.say("Choose at least one topic.")
            await show(interaction, SetUpView(Step.TOPICS, draft, replace(scene, complaint=complaint)))
            return
        stored = await self._store(draft, server.id, interaction.user.id)
        test = await self._post_example(channel, interaction, stored.guild)
        names = dict(scene.topics)
        done = []
        if stored.ended:
            ended = scene.say.all_of([f"**{plain(names.get(topic, topic), 80)}**" for topic in stored.ended])
            done.append(scene.say("It follows {topics} no longer.", topics=ended))
        await show(interaction, OutcomeView(draft, scene, done, test))

    async def _store(self, draft: Draft, guild_id: int, user_id: int) -> _Stored:
        """Store everything in one transaction; the server's other orders go by its new clock."""
        now = self.services.clock.now()

        def work(unit: UnitOfWork) -> _Stored:
            before = unit.guilds.get(guild_id)
            guild = replace(
                before,
                zone=draft.zone,
                digest_hour=draft.hour,
                language=draft.language,
                rater_role_id=draft.rater_role_id,
                notices_channel_id=draft.notices_channel_id,
                settles_itself=draft.settles_itself,
            )
            at = self.services.hours(guild)
            decided = changes(draft, guild_id, user_id, at, unit.subscriptions.of_guild(guild_id))
            for order in decided.ended:
                end_subscription(unit, guild_id, order.id, by=user_id, now=now)
            settle_guild(unit, guild, now, before=self.services.hours(before), after=at, by=user_id)
            for wish in decided.wishes:
                put_subscription(unit, wish, now, by=user_id)
            return _Stored(guild, decided.again, tuple(order.wish.topic for order in decided.ended))

        return await self.services.store.transact(work)

    async def _post_example(
        self, channel: discord.TextChannel, interaction: discord.Interaction, guild: Guild
    ) -> str | None:
        """Post the test alert in the server's language; return its address, None where Discord refused it."""
        # One for each message of ours, however often its button is pressed.
        asked_in: Any = interaction.message or interaction
        try:
            sent = await channel.send(
                view=ExampleView(self.services.setting(guild)), nonce=nonce_of(f"example:{asked_in.id}")
            )
        except discord.HTTPException as error:
            log.warning("a test alert could not be posted", extra={"guild": guild.id, "reason": str(error)})
            return None
        return sent.jump_url


def _step_after(what: str) -> Step:
    """Return the step that a button or menu leads to."""
    if what.startswith("go"):
        return Step(int(what[-1]))
    if what.startswith("topics"):
        return Step.TOPICS
    steps = {"channel": Step.CHANNEL, "check": Step.CHANNEL, "kinds": Step.TELLING, "rhythm": Step.TELLING}
    steps |= dict.fromkeys(("raters", "settling", "notices"), Step.PEOPLE)
    return steps.get(what, Step.CLOCK)


def _server_of(interaction: discord.Interaction) -> discord.Guild:
    if interaction.guild is None:
        raise app_commands.NoPrivateMessage
    return interaction.guild


def _refuse_strangers(interaction: discord.Interaction) -> None:
    """Raise outside servers, or where somebody no longer manages one; the message may be older than their role."""
    _server_of(interaction)
    managed_server(interaction)


def _lacking(server: discord.Guild, channel_id: int | None) -> tuple[Need, ...]:
    """Return what the bot lacks to post in a channel; a channel that it cannot find lacks everything."""
    if channel_id is None:
        return ()
    channel = server.get_channel(channel_id)
    return missing(0 if channel is None else channel.permissions_for(server.me).value)
