"""A subscription in words: what comes, when, and where."""

from __future__ import annotations

from collections.abc import Mapping

from bot.render import Setting, plain
from bot.views.look import KIND_ICONS
from bot.words import LANGUAGES, Words, marked
from watchers.alerts import leads_of
from watchers.audience import Dating, Place, QuietHours, Rhythm, SubscriptionWish, Wants
from watchers.model import Kind

KIND_PLURALS: Mapping[Kind, str] = {
    Kind.DEADLINE: marked("Deadlines"),
    Kind.COMMITMENT: marked("Commitments"),
    Kind.EVENT: marked("Events"),
    Kind.EXPECTATION: marked("Expectations"),
}
DATINGS: Mapping[Dating, str] = {
    Dating.ANY: marked("With or without a date"),
    Dating.DATED: marked("Only with a date"),
    Dating.EXACT: marked("Only with an exact date"),
}
LEADS: Mapping[int, str] = {
    14: marked("two weeks before"),
    7: marked("a week before"),
    3: marked("three days before"),
    2: marked("two days before"),
    1: marked("the day before"),
    0: marked("on the last day"),
    -1: marked("the day after"),
    -7: marked("a week after"),
}
PLACES: Mapping[Place, str] = {
    Place.CHANNEL: marked("In the channel"),
    Place.THREADS: marked("A thread for each follow-up"),
    Place.FORUM: marked("A post for each follow-up"),
}


def what_words(wants: Wants, say: Words) -> str:
    """Say what an order asks of follow-ups: `Deadlines and Events · only with a date · by “Ode”`."""
    kinds = [f"{KIND_ICONS[kind]} {say(KIND_PLURALS[kind])}" for kind in Kind if kind in wants.kinds]
    every = len(wants.kinds) == len(Kind)
    parts = [say("Everything said of the future") if every else say.all_of(kinds)]
    if wants.dating is not Dating.ANY:
        parts.append(say(DATINGS[wants.dating]))
    if wants.speakers:
        parts.append(say("said by {names}", names=say.any_of([plain(name) for name in wants.speakers])))
    if wants.countries:
        names = say.any_of(sorted(say.country(code) for code in wants.countries))
        parts.append(say("concerning {names}", names=names))
    if wants.min_outlets > 1:
        parts.append(say.many("from {count} outlet on", "from {count} outlets on", wants.min_outlets))
    return " · ".join(parts)


def rhythm_words(wish: SubscriptionWish, say: Words) -> str:
    """Say how often an order is served."""
    match wish.rhythm:
        case Rhythm.INSTANT:
            return say("At once")
        case Rhythm.DAILY:
            return say("A digest every day at {hour}", hour=hour_words(wish.at.hour))
        case Rhythm.WEEKLY:
            day = say.weekday(wish.digest_weekday)
            return say("A digest every week ({day}) at {hour}", day=day, hour=hour_words(wish.at.hour))


def when_words(wish: SubscriptionWish, say: Words) -> str:
    """Say when an order is served and reminds, by the clock of its server."""
    parts = [rhythm_words(wish, say)]
    if wish.rhythm is Rhythm.INSTANT:
        parts.append(reminder_words(wish, say))
    if wish.quiet is not None:
        parts.append(say("quiet {hours}", hours=quiet_words(wish.quiet)))
    return " · ".join([*parts, plain(wish.at.zone.key)])


def reminder_words(wish: SubscriptionWish, say: Words) -> str:
    """Say when an order reminds of what falls due."""
    if not wish.lead_days:
        return say("no reminders")
    days = [say(LEADS[lead]) if lead in LEADS else _counted(lead, say) for lead in sorted(wish.lead_days, reverse=True)]
    told = say("reminders {days} at {hour}", days=say.all_of(days), hour=hour_words(wish.at.hour))
    if set(leads_of(wish)) == set(wish.lead_days):
        return told
    return say("{reminders}, and the day after the question whether it happened", reminders=told)


def _counted(lead: int, say: Words) -> str:
    if lead > 0:
        return say.many("{count} day before", "{count} days before", lead)
    return say.many("{count} day after", "{count} days after", -lead)


def where_words(wish: SubscriptionWish, setting: Setting) -> str:
    """Say where an order's alerts stand, whom they ping, and in which language."""
    say = setting.say
    parts = [f"<#{wish.channel_id}>"]
    if wish.place is not Place.CHANNEL:
        parts.append(say(PLACES[wish.place]))
    if wish.role_id is not None:
        parts.append(say("pings {role}", role=f"<@&{wish.role_id}>"))
    if wish.language is not None:
        parts.append(LANGUAGES.get(wish.language, wish.language))
    return " · ".join(parts)


def hour_words(hour: int) -> str:
    """Return an hour of the day: 08:00."""
    return f"{hour:02}:00"


def quiet_words(quiet: QuietHours) -> str:
    """Return quiet hours: 22:00 to 07:00, with a dash."""
    return f"{hour_words(quiet.first)}–{hour_words(quiet.last)}"
