"""The lines of a server's audit log, in words. Whatever people typed is made harmless and cut short."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.render import Setting, ago_stamp, person_words, plain
from bot.views.look import status_name
from bot.words import Words, marked
from watchers.audit import Change, Entry, Facts
from watchers.leaving import GRACE
from watchers.rating import Outcome

TopicName = Callable[[str], str]

_LONGEST_NAME, _LONGEST_QUERY = 60, 100
_SENTENCES: Mapping[Change, str] = {
    Change.ORDER_MADE: marked("🔔 {channel} follows **{topic}**."),
    Change.ORDER_CHANGED: marked("🔔 What {channel} hears of **{topic}** was changed: {parts}."),
    Change.ORDER_MOVED: marked("🔔 **{topic}** was moved from {before} to {channel}."),
    Change.ORDER_PAUSED: marked("⏸️ **{topic}** was paused in {channel}."),
    Change.ORDER_RESUMED: marked("▶️ **{topic}** was resumed in {channel}."),
    Change.ORDER_ENDED: marked("🔕 {channel} no longer follows **{topic}**."),
    Change.SETTLED: marked("⚙️ Settings: {parts}."),
    Change.TOPIC_WRITTEN: marked("🗂️ The topic **{name}** was written: {query}"),
    Change.TOPIC_CHANGED: marked("🗂️ The topic **{name}** was changed: {query}"),
    Change.TOPIC_DELETED: marked("🗂️ The topic **{name}** was deleted."),
    Change.FEED_ADDED: marked("📡 The feed **{name}** ({host}) was added."),
    Change.FEED_REMOVED: marked("📡 The feed **{name}** ({host}) was removed."),
    Change.ADDRESS_MADE: marked("🔗 A secret address for **{topic}** was made."),
    Change.ADDRESS_REVOKED: marked("🔗 The secret address for **{topic}** was ended."),
    Change.RATED: marked("☑️ {followup} was rated: {outcome}."),
    Change.RATING_UNDONE: marked("⤴️ The rating of {followup} was taken back: {outcome}."),
    Change.SUGGESTION_REJECTED: marked("👎 What the news suggests of {followup} was turned down: {outcome}."),
    Change.SUGGESTION_RECONSIDERED: marked("⤴️ What the news suggests of {followup} is shown again: {outcome}."),
    Change.NOTED: marked("📝 A note was written on {followup}."),
    Change.NOTE_DELETED: marked("🗑️ A note on {followup} was deleted by whoever wrote it."),
    Change.MUTED: marked("🔕 {followup} was muted."),
    Change.UNMUTED: marked("🔔 {followup} was unmuted."),
    Change.SPLIT: marked("✂️ {other} was split off from {followup}."),
    Change.JOINED: marked("🔗 {followup} and {other} were joined."),
    Change.RETURNED: marked("👋 I was let in again."),
}
_PARTS: Mapping[str, str] = {
    "kinds": marked("Kinds"),
    "speakers": marked("Speakers"),
    "countries": marked("Countries"),
    "dating": marked("How firmly dated"),
    "min_outlets": marked("How many outlets"),
    "role_id": marked("A role to ping"),
    "rhythm": marked("How often"),
    "at": marked("At which hour"),
    "digest_weekday": marked("On which weekday"),
    "lead_days": marked("Reminders"),
    "quiet": marked("Quiet hours"),
    "place": marked("Where"),
    "language": marked("Which language"),
}


def entry_line(entry: Entry, setting: Setting, topic_name: TopicName) -> str:
    """Return one entry in two lines: what was changed, then by whom and when. It measures at most 450."""
    say = setting.say
    by = say("Aide-Mémoire, by itself") if entry.user_id is None else person_words(entry.user_id, say)
    return f"{_what(entry, say, topic_name)}\n-# {by} · {ago_stamp(entry.at)}"


def _what(entry: Entry, say: Words, topic_name: TopicName) -> str:
    facts = entry.facts
    if entry.what is Change.FEEDS_IMPORTED:
        names = plain(str(facts["name"]), _LONGEST_QUERY)
        return say.many(
            "📡 {count} feed of a list was added: {names}",
            "📡 {count} feeds of a list were added: {names}",
            int(facts["count"]),
            names=names,
        )
    if entry.what is Change.LEFT:
        days = GRACE.days
        return say.many(
            "🚪 I was sent away. What is stored of this server is deleted {count} day later.",
            "🚪 I was sent away. What is stored of this server is deleted {count} days later.",
            days,
        )
    return say(_SENTENCES[entry.what], **_holes(facts, say, topic_name))


def _settled(facts: Facts, say: Words) -> str:
    """Return what a server settled anew, each with what it is now."""
    told: dict[str, tuple[str, str]] = {
        "zone": (say("Time zone"), plain(str(facts.get("zone", "")), _LONGEST_NAME).replace("_", " ")),
        "language": (say("Language in channels"), plain(str(facts.get("language", "")), _LONGEST_NAME)),
        "digest_hour": (say("At which hour"), f"{facts.get('digest_hour')}:00"),
        "notices_channel_id": (say("Notices"), f"<#{facts.get('notices_channel_id')}>"),
        "rater_role_id": (say("Raters"), f"<@&{facts.get('rater_role_id')}>"),
        "settles_itself": (
            say("Very sure outcomes"),
            say("settle by themselves") if facts.get("settles_itself") else say("wait for a person"),
        ),
    }
    return " · ".join(
        f"{name}: {value if facts[key] != '' else '–'}" for key, (name, value) in told.items() if key in facts
    )


def _parts(facts: Facts, say: Words) -> str:
    if "parts" not in facts:
        return _settled(facts, say)
    return " · ".join(say(_PARTS[part]) for part in str(facts["parts"]).split(",") if part in _PARTS)


def _holes(facts: Facts, say: Words, topic_name: TopicName) -> dict[str, str]:
    """Return what fills the holes of a sentence: each fact as Discord shows it, and the parts that were changed."""
    return {"parts": _parts(facts, say), **{name: _shown(name, facts[name], say, topic_name) for name in facts}}


def _shown(name: str, fact: str | int, say: Words, topic_name: TopicName) -> str:
    match name:
        case "channel" | "before":
            return f"<#{fact}>"
        case "followup" | "other":
            return f"`#{fact}`"
        case "outcome":
            return status_name(Outcome(str(fact)), say)
        case "topic":
            return plain(topic_name(str(fact)), _LONGEST_NAME)
        case "query":
            return plain(str(fact), _LONGEST_QUERY)
        case _:
            return plain(str(fact), _LONGEST_NAME)
