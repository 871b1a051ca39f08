"""`/topics`: what can be subscribed to, and the topics that a server writes itself."""

from __future__ import annotations

import asyncio

import discord
from discord import app_commands, ui

from bot.cogs.base import ServiceCog, choices, defer
from bot.errors import Refusal
from bot.render import measured, plain
from bot.services import Services
from bot.views.help import MANAGERS_ONLY
from bot.views.look import GREEN
from bot.views.pager import PageView, PageWish, page_of
from bot.views.topics import (
    LONGEST_TOPIC_NAME,
    DeleteTopicView,
    FaultView,
    NoteView,
    TopicDraft,
    TopicForm,
    Trial,
    TrialView,
    one_line,
)
from bot.words import Words
from config.catalogue import Topic
from watchers.audience import Guild, GuildTopic, GuildTopicWish
from watchers.matcher.queries import LONGEST_QUERY, QueryError, parse
from watchers.model import Told
from watchers.own_topics import end_own_topic, fitting, put_own_topic, told_lately
from watchers.ports import UnitOfWork
from watchers.rating import Case

MOST_TOPICS = 25
"""Topics that one server may write; as many as Discord offers to choose from."""
_PAGE_SIZE = 10
_EXAMPLES = 5


class Topics(ServiceCog):
    """The catalogue of topics, and those of each server."""

    topics = app_commands.Group(name="topics", description="What can be subscribed to")

    def __init__(self, services: Services) -> None:
        """Offer the list of topics."""
        super().__init__(services)
        self.listings = {"topics": self._page}

    @topics.command(name="list")
    async def list_topics(self, interaction: discord.Interaction) -> None:
        """List the topics a channel can subscribe to."""
        await defer(interaction)
        await self.show_first_page(interaction, "topics")

    @topics.command(extras=MANAGERS_ONLY)
    async def create(self, interaction: discord.Interaction) -> None:
        """Write a topic of this server's own, tried on last week's news before it is saved."""
        guild, say = await self.managed(interaction)
        if len(guild.topics) >= MOST_TOPICS:
            raise _too_many(say)
        await interaction.response.send_modal(TopicForm(TopicDraft(None, "", ""), say))

    @topics.command(extras=MANAGERS_ONLY)
    @app_commands.describe(topic="Which of this server's own topics")
    async def edit(self, interaction: discord.Interaction, topic: str) -> None:
        """Change the name or the query of one of this server's own topics."""
        guild, say = await self.managed(interaction)
        own = self._own(guild, topic, say)
        await interaction.response.send_modal(TopicForm(TopicDraft(own.number, own.wish.name, own.wish.query), say))

    @topics.command(extras=MANAGERS_ONLY)
    @app_commands.describe(topic="Which of this server's own topics")
    async def delete(self, interaction: discord.Interaction, topic: str) -> None:
        """Delete one of this server's own topics; asks first, and says what goes with it."""
        await defer(interaction)
        guild, say = await self.managed(interaction)
        own = self._own(guild, topic, say)
        orders = await self.services.store.look(lambda work: tuple(work.subscriptions.of_guild(guild.id)))
        channels = [order.wish.channel_id for order in orders if order.wish.topic == own.id]
        draft = TopicDraft(own.number, own.wish.name, own.wish.query)
        await interaction.followup.send(view=DeleteTopicView(draft, channels, say), ephemeral=True)

    @topics.command(extras=MANAGERS_ONLY)
    @app_commands.describe(query="Words, phrases, AND, OR, NOT, speaker:Lavrov, country:UA")
    async def test(self, interaction: discord.Interaction, query: app_commands.Range[str, 1, LONGEST_QUERY]) -> None:
        """Try a query on last week's news, and save nothing."""
        await defer(interaction)
        view = await self.tried(interaction, TopicDraft(None, "", one_line(query)))
        await interaction.followup.send(view=view, ephemeral=True)

    @edit.autocomplete("topic")
    @delete.autocomplete("topic")
    async def offer_own(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer this server's own topics that fit what has been typed."""
        guild = await self.guild(interaction)
        if guild is None or not interaction.permissions.manage_guild:
            return []
        fitting_ids = {topic.id for topic in self.services.topics_like(typed, guild)}
        return choices([(own.wish.name, own.id) for own in guild.topics if own.id in fitting_ids])

    @test.autocomplete("query")
    async def offer_queries(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the queries of this server's own topics, as something to begin with."""
        guild = await self.guild(interaction)
        if guild is None or not interaction.permissions.manage_guild:
            return []
        wanted = typed.strip().casefold()
        return choices(
            [(own.wish.query, own.wish.query) for own in guild.topics if wanted in own.wish.query.casefold()]
        )

    async def tried(self, interaction: discord.Interaction, draft: TopicDraft) -> ui.LayoutView:
        """Return what a draft would have brought, or what is wrong with it."""
        guild, say = await self.managed(interaction)
        setting = self.services.setting(guild, interaction.locale.value)
        if (fault := self._fault_of_name(draft, guild, say)) is not None:
            return FaultView(draft, fault, say)
        try:
            query = parse(draft.query)
        except QueryError as error:
            return FaultView(draft, say(error.fault, **_readable(error)), say, error)
        now = self.services.clock.now()
        told: tuple[Told, ...] = await self.services.store.look(lambda work: told_lately(work, guild.id, now))
        # Beside the loop: forty patterns over hundreds of paragraphs take their time.
        found = await asyncio.to_thread(fitting, query, told)
        examples: tuple[Case, ...] = await self.services.store.look(
            lambda work: tuple(work.cases.of(guild.id, found[:_EXAMPLES]))
        )
        trial = Trial(len(found), len({one.followup_id for one in told}), examples)
        return TrialView(draft, trial, setting)

    async def saved(self, interaction: discord.Interaction, draft: TopicDraft) -> ui.LayoutView:
        """Store a draft and return what has been agreed."""
        guild, say = await self.managed(interaction)
        wish = GuildTopicWish(guild.id, draft.name, draft.query, interaction.user.id)
        now = self.services.clock.now()

        def work(unit: UnitOfWork) -> tuple[GuildTopic, int] | str:
            there = unit.guilds.get(guild.id)
            fault = self._fault_of_name(draft, there, say)
            if draft.number is None and len(there.topics) >= MOST_TOPICS:
                raise _too_many(say)
            return fault or put_own_topic(unit, wish, now, draft.number)

        try:
            stored = await self.services.store.transact(work)
        except QueryError as error:
            return FaultView(draft, say(error.fault, **_readable(error)), say, error)
        if isinstance(stored, str):
            return FaultView(draft, stored, say)
        topic, fits = stored
        filed = say.many(
            "{count} follow-up of the last week is under it already.",
            "{count} follow-ups of the last week are under it already.",
            fits,
        )
        name = plain(topic.wish.name)
        follow = say("`/subscribe topic:{name}` lets a channel follow it.", name=name.replace("`", ""))
        return NoteView(f"✅ {say('Saved: {name}', name=f'**{name}**')}\n{filed}\n{follow}", GREEN)

    async def deleted(self, interaction: discord.Interaction, number: int) -> ui.LayoutView:
        """Remove a topic and return what has become of it."""
        guild, say = await self.managed(interaction)
        now, by = self.services.clock.now(), interaction.user.id
        gone = await self.services.store.transact(
            lambda work: end_own_topic(work, guild.id, f"own:{number}", now, by=by)
        )
        if gone is None:
            raise Refusal(say("That topic is gone already."))
        return NoteView(f"🗑️ {say('Deleted: {name}', name=f'**{plain(gone.wish.name)}**')}")

    def _own(self, guild: Guild, typed: str, say: Words) -> GuildTopic:
        """Return the topic of its own that a server's manager named; raise `Refusal` where there is none."""
        wanted = typed.strip().casefold()
        for own in guild.topics:
            if wanted in {own.id, own.wish.name.casefold()}:
                return own
        if not guild.topics:
            raise Refusal(say("This server has no topics of its own yet: `/topics create` writes one."))
        names = ", ".join(f"**{plain(own.wish.name)}**" for own in guild.topics[:5])
        message = say("“{typed}” is no topic of this server's own: {names}.", typed=plain(typed, 60), names=names)
        raise Refusal(message)

    def _fault_of_name(self, draft: TopicDraft, guild: Guild, say: Words) -> str | None:
        """Return what is wrong with a draft's name, None where nothing is or only its query is tried."""
        if measured(draft.name) > LONGEST_TOPIC_NAME:
            return say("A name has at most {most} characters.", most=LONGEST_TOPIC_NAME)
        own = None if draft.number is None else f"own:{draft.number}"
        if own is not None and own not in {topic.id for topic in guild.topics}:
            return say("This topic has been deleted meanwhile. `/topics create` writes it anew.")
        wanted = draft.name.casefold()
        others = [topic for topic in self.services.topics_of(guild) if topic.id != own]
        taken = {name.casefold() for topic in others for name in (topic.name, topic.id)}
        if draft.name and wanted in taken:
            return say("There is a topic of that name already. Choose another name.")
        return None

    async def _page(self, interaction: discord.Interaction, wish: PageWish) -> ui.LayoutView:
        """Return a page of topics, by name."""
        guild, setting = await self.there(interaction)
        say = setting.say
        topics = self.services.topics_like("", guild)
        own = {topic.id for topic in guild.topics} if guild else set()
        wish, pages = page_of(wish, len(topics), _PAGE_SIZE)
        shown = topics[wish.number * _PAGE_SIZE :][:_PAGE_SIZE]
        lines = [_line(topic, say, own=topic.id in own) for topic in shown]
        heading = say.many("{count} topic", "{count} topics", len(topics))
        foot = say("`/subscribe` follows one · `/topics create` writes your own")
        return PageView(f"🗂️ {heading}", lines, wish, pages, foot=foot, say=say)


def _line(topic: Topic, say: Words, *, own: bool) -> str:
    mark = f" · ✍️ {say('written here')}" if own else ""
    return f"**{plain(topic.name, 60)}**{mark}\n{plain(topic.about, 100)}"


def _readable(error: QueryError) -> dict[str, object]:
    """Return what fills the holes of a fault; what was typed is made harmless."""
    return {name: plain(hole, 60) if isinstance(hole, str) else hole for name, hole in error.holes.items()}


def _too_many(say: Words) -> Refusal:
    return Refusal(say("A server has at most {most} topics of its own: delete one first.", most=MOST_TOPICS))
