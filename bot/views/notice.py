"""Notices to those who manage a server."""

from __future__ import annotations

from discord import ui

from bot.render import ago_stamp, plain, reason_words
from bot.views import look
from bot.words import Words
from watchers.feed_notices import FeedNotice
from watchers.feeds.health import Condition, Turn
from watchers.feeds.safety import host_of

_SHOWN_AS = {Turn.FAILING: Condition.FAILING, Turn.STOPPED: Condition.STOPPED, Turn.RECOVERED: Condition.READING}


class NoticeView(ui.LayoutView):
    """Words of our own, in the language of the server when they were decided."""

    def __init__(self, note: str, say: Words) -> None:
        """Lay out what the notice says; it is in Discord's markdown already."""
        super().__init__(timeout=None)
        heading = f"### ⚠️ {say('For those who manage this server')}"
        self.add_item(ui.Container(ui.TextDisplay(heading), ui.TextDisplay(note), accent_colour=look.AMBER))


class FeedNoticeView(ui.LayoutView):
    """What became of a feed."""

    def __init__(self, notice: FeedNotice, say: Words) -> None:
        """Lay out the notice, in the language of the server as it is now."""
        super().__init__(timeout=None)
        shown = _SHOWN_AS[notice.turn]
        heading, told, so = _words(notice, say)
        host = host_of(notice.url)
        texts = (
            f"### {look.CONDITION_ICONS[shown]} {heading}",
            f"**{plain(notice.outlet, 80)}** · {plain(host, 80)}\n{told}",
            f"-# {so}",
        )
        self.add_item(ui.Container(*map(ui.TextDisplay, texts), accent_colour=look.CONDITION_COLOURS[shown]))


def _words(notice: FeedNotice, say: Words) -> tuple[str, str, str]:
    """Return a notice's heading, what it tells, and what can be done."""
    since = ago_stamp(notice.since) if notice.since else "?"
    reason = reason_words(notice.reason, say) if notice.reason else ""
    match notice.turn:
        case Turn.STOPPED:
            told = say("Its server says that it is gone for good, so I ask it no more.")
            own = say("`/feeds status` lets you ask it again, `/feeds remove` takes it from your list.")
            so = say("It is one of the operator's feeds, who can replace it.") if notice.public else own
            return say("A feed is gone"), told, so
        case Turn.RECOVERED:
            told = say("It could not be read since {ago}; what it still lists from then is read now.", ago=since)
            return say("A feed is read again"), told, say("`/feeds status` tells how all of them are.")
        case _:
            told = say("It cannot be read since {ago}: {reason}.", ago=since, reason=reason)
            so = say("I go on asking, ever less often, and tell you when it is read again. `/feeds status` says more.")
            return say("A feed has failed for a day"), told, so
