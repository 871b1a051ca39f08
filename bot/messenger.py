"""Puts alerts before people through Discord's REST interface: in a channel, in threads, in a forum, in private."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import discord
from discord import ui

from bot import rest
from bot.cogs.permissions import PostingPlace, missing_in
from bot.history import find_message, find_post
from bot.outline import headline
from bot.render import Setting, bare, measured, shortened
from bot.rest import told
from bot.services import Services
from bot.views.alert import alert_view, mentions_of
from bot.views.editing import edit_message
from bot.views.look import KIND_NAMES
from bot.views.mark import mark_of
from bot.words import IN_ENGLISH
from watchers.audience import FOR_MANAGERS, ON_ONE_FOLLOW_UP, Delivery, Place, Posted
from watchers.ports import SendError, SendForbiddenError, SendNeverError
from watchers.rating import Case

log = logging.getLogger(__name__)

T = TypeVar("T")

LONGEST_NAME = 100
"""Characters of a thread's name (Discord's limit)."""


@dataclass(frozen=True, slots=True)
class _Letter:
    """An alert as it is to be posted."""

    delivery: Delivery
    setting: Setting
    view: ui.LayoutView
    mentions: discord.AllowedMentions
    nonce: str


class DiscordMessenger:
    """The `Messenger` of the house on Discord.

    It reads nothing from the client's cache but which permissions are lacking, once Discord has said that some are,
    and which channels are forums with which tags.
    """

    def __init__(self, client: discord.Client, services: Services) -> None:
        """Send through `client`, worded by `services`."""
        self._client = client
        self._services = services

    async def post(self, delivery: Delivery, nonce: str) -> Posted:
        """Post an alert where its order wants it, or to its person, unless it turns out to be there already.

        Discord drops a second one with the same nonce for a few minutes. Where an earlier attempt may have come
        through, what was posted since is looked through first.
        """
        alert, setting = delivery.alert, await self._setting_of(delivery)
        letter = _Letter(delivery, setting, alert_view(delivery, setting), mentions_of(alert), nonce)
        if alert.channel_id is None:
            return await self._in_private(letter)
        match self._place_of(delivery, alert.channel_id):
            case Place.FORUM:
                return await self._in_forum(letter, alert.channel_id)
            case Place.THREADS if alert.form in ON_ONE_FOLLOW_UP:
                return await self._in_threads(letter, alert.channel_id)
            case _:
                return await self._in_channel(letter, alert.channel_id)

    async def edit(self, delivery: Delivery) -> Posted:
        """Bring a posted alert up to date."""
        message_id, there = delivery.message_id, delivery.posted_in
        if message_id is None or there is None:
            message = f"alert {delivery.alert.key} has not been posted, so it cannot be edited"
            raise SendNeverError(message)
        view, mentions = alert_view(delivery, await self._setting_of(delivery)), mentions_of(delivery.alert)
        with self._naming_what_is_lacking(delivery, there):
            await self._awake(there, lambda: told(edit_message(self._client, there, message_id, view, mentions)))
        return Posted(there, message_id)

    # --- in each place ----------------------------------------------------------------------------------------

    async def _in_private(self, letter: _Letter) -> Posted:
        """Post to a person; their direct message is opened first."""
        alert = letter.delivery.alert
        if alert.user_id is None:
            message = f"alert {alert.key} names neither a channel nor a person"
            raise SendNeverError(message)
        direct = await rest.open_direct(self._client, alert.user_id)
        return await self._found(letter, direct) or await self._send(letter, direct)

    async def _in_channel(self, letter: _Letter, channel_id: int) -> Posted:
        """Post in a channel; what Discord finds to be a forum, before the gateway has told so, gets a post."""
        try:
            return await self._found(letter, channel_id) or await self._send(letter, channel_id)
        except SendNeverError as error:
            if rest.code_of(error) != rest.NO_TEXT_CHANNEL:
                raise
        return await self._in_forum(letter, channel_id)

    async def _in_threads(self, letter: _Letter, channel_id: int) -> Posted:
        """Post in the follow-up's thread; the first alert stands in the channel and has the thread opened below it.

        Where a thread is not to be had, the alert stands in the channel, and nothing is lost.
        """
        if found := await self._found(letter, letter.delivery.thread_id, channel_id):
            begins = found.channel_id == channel_id and letter.delivery.thread_id is None
            return replace(found, lacking=await self._thread_below(found, letter)) if begins else found
        lacking: tuple[str, ...] = ()
        if letter.delivery.thread_id is not None:
            try:
                return await self._in_thread(letter, channel_id, letter.delivery.thread_id)
            except SendForbiddenError as error:
                lacking = error.permissions
            except SendNeverError as error:
                facts = {"alert": letter.delivery.alert.key, "channel": channel_id, "reason": str(error)}
                log.warning("an alert goes beside its thread", extra=facts)
        posted = await self._send(letter, channel_id)
        return replace(posted, lacking=lacking or await self._thread_below(posted, letter))

    async def _in_thread(self, letter: _Letter, channel_id: int, thread_id: int) -> Posted:
        """Post in a thread; one that is not there, or not any more, is opened first."""
        try:
            return await self._send(letter, thread_id)
        except SendNeverError as error:
            if rest.code_of(error) != rest.UNKNOWN_CHANNEL:
                raise
        with self._naming_what_is_lacking(letter.delivery, channel_id):
            await rest.open_thread(self._client, channel_id, thread_id, _name_of(letter))
        return await self._send(letter, thread_id)

    async def _thread_below(self, posted: Posted, letter: _Letter) -> tuple[str, ...]:
        """Open the thread of an alert just posted; return the permissions lacking for that.

        Whatever else keeps it from being opened, the first reminder opens it.
        """
        try:
            with self._naming_what_is_lacking(letter.delivery, posted.channel_id):
                await rest.open_thread(self._client, posted.channel_id, posted.message_id, _name_of(letter))
        except SendForbiddenError as error:
            return error.permissions
        except SendError as error:
            facts = {"alert": letter.delivery.alert.key, "channel": posted.channel_id, "reason": str(error)}
            log.warning("the thread of an alert is not open yet", extra=facts)
        return ()

    async def _in_forum(self, letter: _Letter, forum_id: int) -> Posted:
        """Post in the follow-up's own post; what has none becomes the first message of one."""
        delivery = letter.delivery
        if found := await self._found(letter, delivery.thread_id) or await self._found_post(letter, forum_id):
            return found
        if delivery.thread_id is not None:
            try:
                return await self._send(letter, delivery.thread_id)
            except SendNeverError as error:
                if rest.code_of(error) != rest.UNKNOWN_CHANNEL:
                    raise
        name = _name_of(letter)
        with self._naming_what_is_lacking(delivery, forum_id):
            tags = self._tags_of(letter, forum_id)
            return await rest.open_post(self._client, forum_id, letter.view, letter.mentions, name=name, tags=tags)

    # --- whether it is there already --------------------------------------------------------------------------

    async def _found(self, letter: _Letter, *channel_ids: int | None) -> Posted | None:
        """Return where an alert stands in one of these channels and threads already, None where it is not found.

        Where we may not read what was posted there, its nonce alone keeps it from being posted twice.
        """
        delivery = letter.delivery
        if delivery.unsure_since is None:
            return None
        key = delivery.alert.key
        for channel_id in channel_ids:
            if channel_id is None:
                continue
            channel = self._client.get_channel(channel_id)
            if isinstance(channel, PostingPlace) and not _may_be_read(channel):
                facts = {"alert": key, "channel": channel_id}
                log.warning("an alert may stand already where no history may be read", extra=facts)
            with _where_there_is_one():
                found = await find_message(self._client, channel_id, mark_of(key), delivery.unsure_since)
                if found is not None:
                    log.info("an alert stands there already", extra={"alert": key, "channel": channel_id})
                    return found
        return None

    async def _found_post(self, letter: _Letter, forum_id: int) -> Posted | None:
        """Return the first message of the post that an alert has begun already, None where we know of none."""
        delivery, since = letter.delivery, letter.delivery.unsure_since
        if since is None or delivery.alert.guild_id is None:
            return None
        ending = _ending_of(delivery.cases[0]) if delivery.alert.form in ON_ONE_FOLLOW_UP else _name_of(letter)
        mark = mark_of(delivery.alert.key)
        return await find_post(self._client, delivery.alert.guild_id, forum_id, mark, since, ending=ending)

    # --- how --------------------------------------------------------------------------------------------------

    async def _send(self, letter: _Letter, channel_id: int) -> Posted:
        """Post in a channel or thread, which is woken where it sleeps."""
        client, view, mentions, nonce = self._client, letter.view, letter.mentions, letter.nonce
        with self._naming_what_is_lacking(letter.delivery, channel_id):
            return await self._awake(
                channel_id, lambda: rest.post_message(client, channel_id, view, mentions, nonce=nonce)
            )

    async def _awake(self, thread_id: int, call: Callable[[], Awaitable[T]]) -> T:
        """Do something in a thread, and once more after waking it where it was archived."""
        try:
            return await call()
        except SendNeverError as error:
            if not rest.is_asleep(error):
                raise
        await rest.wake(self._client, thread_id)
        return await call()

    def _place_of(self, delivery: Delivery, channel_id: int) -> Place:
        """Return how an alert stands in its channel; its order may have moved to another one since."""
        wish = delivery.subscription.wish if delivery.subscription else None
        asked = wish.place if wish is not None and wish.channel_id == channel_id else Place.CHANNEL
        known = self._client.get_channel(channel_id)
        if known is None or delivery.alert.form in FOR_MANAGERS:
            return asked
        if isinstance(known, discord.ForumChannel):
            return Place.FORUM
        return Place.THREADS if asked is Place.THREADS and isinstance(known, discord.TextChannel) else Place.CHANNEL

    def _tags_of(self, letter: _Letter, forum_id: int) -> tuple[int, ...]:
        """Return the forum's tag that is called as the kind of the follow-up, in English or in the order's language.

        A forum that wants a tag and has none so called is given its first one, so that the alert is not lost.
        """
        forum = self._client.get_channel(forum_id)
        if not isinstance(forum, discord.ForumChannel):
            return ()
        free = [tag for tag in forum.available_tags if not tag.moderated]
        called: set[str] = set()
        if letter.delivery.alert.form in ON_ONE_FOLLOW_UP:
            kind = letter.delivery.cases[0].followup.kind
            called = {say(KIND_NAMES[kind]).casefold() for say in (IN_ENGLISH, letter.setting.say)}
        found = [tag.id for tag in free if called & {tag.name.casefold(), tag.name.casefold().removesuffix("s")}]
        return tuple(found[:1] or ([free[0].id] if forum.flags.require_tag and free else []))

    @contextlib.contextmanager
    def _naming_what_is_lacking(self, delivery: Delivery, channel_id: int) -> Iterator[None]:
        """Let a refusal name the permissions that the channel's own settings keep from us, where we see them."""
        try:
            yield
        except SendForbiddenError as error:
            above = delivery.alert.channel_id or 0
            channel = self._client.get_channel(channel_id) or self._client.get_channel(above)
            if not isinstance(channel, PostingPlace):
                raise
            named = missing_in(channel, self._place_of(delivery, above))
            raise SendForbiddenError(str(error), named or error.permissions) from error

    async def _setting_of(self, delivery: Delivery) -> Setting:
        """Return what an alert's wording depends on: its order's language before its server's, or its person's own."""
        alert = delivery.alert
        if alert.user_id is not None:
            return (await self._services.reader(alert.user_id, alert.guild_id, None)).setting
        language = delivery.subscription.wish.language if delivery.subscription else None
        return self._services.setting(delivery.guild, language)


def _may_be_read(channel: PostingPlace) -> bool:
    """Whether we may read the history of a channel; where we may not, Discord gives an empty one."""
    return channel.permissions_for(channel.guild.me).read_message_history


@contextlib.contextmanager
def _where_there_is_one() -> Iterator[None]:
    """Look for an alert in a channel or thread that may not be there, or that we may not see: then it is not found."""
    try:
        yield
    except SendNeverError as error:
        log.info("nothing is to be found there", extra={"reason": str(error)})


def _name_of(letter: _Letter) -> str:
    """Return the name of an alert's thread or post: who said what, or of which day and topic the digest is."""
    delivery, setting = letter.delivery, letter.setting
    if delivery.alert.form in ON_ONE_FOLLOW_UP:
        case = delivery.cases[0]
        ending = _ending_of(case)
        return _fitting(headline(case, setting.say), LONGEST_NAME - len(ending)) + ending
    day = setting.say("Your digest · {day}", day=setting.say.day(setting.today, with_weekday=True))
    topic = delivery.subscription.wish.topic if delivery.subscription else ""
    return _fitting(f"{day} · {setting.topics[topic]}" if topic in setting.topics else day, LONGEST_NAME)


def _ending_of(case: Case) -> str:
    """Return how the names of a follow-up's threads end, and of no other's."""
    return f" · #{case.followup.id}"


def _fitting(text: str, room: int) -> str:
    """Return text from outside on one line in at most `room` of Discord's characters."""
    line, limit = bare(text), room
    while measured(shortened(line, limit)) > room:
        limit -= 1
    return shortened(line, limit)
