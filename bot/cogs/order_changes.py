"""What becomes of a draft when something below it is chosen or typed: values in, the changed draft out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.errors import Refusal
from bot.filters import country_called
from bot.render import measured, plain
from bot.views.order_draft import LONGEST_SPEAKERS, MOST_COUNTRIES, MOST_SPEAKERS, OrderDraft
from bot.views.subscriptions import SERVERS_LANGUAGE
from bot.words import Words
from watchers.audience import Dating, LocalHour, Place, QuietHours, Rhythm, SubscriptionWish
from watchers.model import Kind

_HOURS = re.compile(r"\D*(\d{1,2})(?::00)?(?!\d)\D+(\d{1,2})(?::00)?\D*")
_COMMAS = re.compile(r"[,،;\n]")
_MIDNIGHT = 24


def changed(draft: OrderDraft, action: str, values: Sequence[str]) -> OrderDraft:
    """Return a draft with what was chosen in the select of that name; the channel and the role are not among them."""
    return _with(draft, _CHANGES[action](draft.wish, values))


def named(draft: OrderDraft, speakers: str, countries: str, say: Words) -> OrderDraft:
    """Return a draft with the speakers and countries that were typed; raise `Refusal` where they are not understood."""
    names = tuple(dict.fromkeys(filter(None, (" ".join(part.split()) for part in _COMMAS.split(speakers)))))
    if len(names) > MOST_SPEAKERS or sum(map(measured, names)) > LONGEST_SPEAKERS:
        message = say(
            "At most {most} names, with {room} characters together: shorten or leave out some.",
            most=MOST_SPEAKERS,
            room=LONGEST_SPEAKERS,
        )
        raise Refusal(message)
    unfit = next((name for name in names if not re.search(r"\w", name)), None)
    if unfit is not None:
        raise Refusal(say("“{name}” is no name: write one as it stands in the news.", name=plain(unfit, 40)))
    codes = frozenset(country_called(part, say) for part in _COMMAS.split(countries) if part.strip())
    if len(codes) > MOST_COUNTRIES:
        raise Refusal(say("At most {most} countries: leave out some.", most=MOST_COUNTRIES))
    return _with(draft, replace(draft.wish, wants=replace(draft.wish.wants, speakers=names, countries=codes)))


def quieted(draft: OrderDraft, hours: str, say: Words) -> OrderDraft:
    """Return a draft with the quiet hours that were typed, none where nothing was; raise `Refusal` for other words."""
    if not hours.strip():
        return _with(draft, replace(draft.wish, quiet=None))
    found = _HOURS.fullmatch(hours)
    first, last = (int(found[1]), int(found[2])) if found else (_MIDNIGHT + 1, 0)
    if max(first, last) > _MIDNIGHT or first % _MIDNIGHT == last % _MIDNIGHT:
        message = say(
            "I do not understand “{typed}”. Write two different full hours of the day, as in 22-7 or 22:00 to 07:00.",
            typed=plain(hours, 40),
        )
        raise Refusal(message)
    return _with(draft, replace(draft.wish, quiet=QuietHours(first % _MIDNIGHT, last % _MIDNIGHT)))


def moved(draft: OrderDraft, channel_id: int, place: Place) -> OrderDraft:
    """Return a draft for another channel."""
    return _with(draft, replace(draft.wish, channel_id=channel_id, place=place))


def pinging(draft: OrderDraft, role_id: int | None) -> OrderDraft:
    """Return a draft that pings a role, or nobody."""
    return _with(draft, replace(draft.wish, role_id=role_id))


def _with(draft: OrderDraft, wish: SubscriptionWish) -> OrderDraft:
    return replace(draft, wish=wish, changed=draft.changed or wish != draft.wish)


def _kinds(wish: SubscriptionWish, values: Sequence[str]) -> SubscriptionWish:
    return replace(wish, wants=replace(wish.wants, kinds=frozenset(map(Kind, values))))


def _dating(wish: SubscriptionWish, values: Sequence[str]) -> SubscriptionWish:
    return replace(wish, wants=replace(wish.wants, dating=Dating(values[0])))


def _outlets(wish: SubscriptionWish, values: Sequence[str]) -> SubscriptionWish:
    return replace(wish, wants=replace(wish.wants, min_outlets=int(values[0])))


def _rhythm(wish: SubscriptionWish, values: Sequence[str]) -> SubscriptionWish:
    weekday = values[0].removeprefix(Rhythm.WEEKLY.value)
    if weekday.isdigit():
        return replace(wish, rhythm=Rhythm.WEEKLY, digest_weekday=int(weekday))
    return replace(wish, rhythm=Rhythm(values[0]))


def _hour(wish: SubscriptionWish, values: Sequence[str]) -> SubscriptionWish:
    return replace(wish, at=LocalHour(wish.at.zone, int(values[0])))


def _leads(wish: SubscriptionWish, values: Sequence[str]) -> SubscriptionWish:
    return replace(wish, lead_days=tuple(sorted(map(int, values), reverse=True)))


def _place(wish: SubscriptionWish, values: Sequence[str]) -> SubscriptionWish:
    return replace(wish, place=Place(values[0]))


def _language(wish: SubscriptionWish, values: Sequence[str]) -> SubscriptionWish:
    return replace(wish, language=None if values[0] == SERVERS_LANGUAGE else values[0])


_CHANGES: dict[str, Callable[[SubscriptionWish, Sequence[str]], SubscriptionWish]] = {
    "kinds": _kinds,
    "dating": _dating,
    "outlets": _outlets,
    "rhythm": _rhythm,
    "hour": _hour,
    "leads": _leads,
    "place": _place,
    "language": _language,
}
CHOICES = frozenset(_CHANGES)
"""The names of the selects that `changed` understands."""
