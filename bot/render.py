"""Words for Discord: pure text, within Discord's limits, that no feed and no person can bend into markup.

Every text from outside goes through `plain`. Lengths are characters of the text as sent, escapes included.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from bot.views.look import kind_name, status_name
from bot.words import IN_ENGLISH, Words
from watchers.belongings import NOBODY
from watchers.feed_model import Reason
from watchers.model import FollowUp, Interval, Precision, Status, Telling
from watchers.rating import Case, Outcome, Rating

TEXT_LIMIT = 4000
"""Characters that all texts of one message may hold together (Discord's rule for Components V2)."""
QUOTE_LIMIT = 600
CHOICE_LIMIT = 100
LINE_LIMIT = 700
"""Characters of one follow-up in a list, so that five fit a page with room for its heading."""

_LINK_LIMIT = 500
_LONGEST_FACT = 100
_EVERY = 1_000_000
_LINK_LIMIT_IN_LISTS = 160
_MARKUP = re.compile(r"[\\*_~`|<>\[\]()#]|:(?=//)|^[-+]")
_ESCAPED = re.compile(r"\\([\\*_~`|<>\[\]()#:+-])")
# Invisible marks that turn the reading direction of what follows, used to make text read as it is not.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_ISOLATED, _OVER = "\u2068", "\u2069"
_RIGHT_TO_LEFT = {"R", "AL"}
_NAMES_ALL = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_UNPRINTABLE = {"Cc", "Cs"}  # control characters, and halves of characters, which no JSON may carry


@dataclass(frozen=True, slots=True)
class Setting:
    """What wording depends on besides its subject."""

    today: date
    """The server's calendar day; outside servers the operator's."""
    zone: ZoneInfo
    """The time zone of that day, in which last days end."""
    topics: Mapping[str, str]
    """Topic names by id: the catalogue's and the server's own."""
    say: Words = IN_ENGLISH
    """The words of whoever reads it."""


def measured(text: str) -> int:
    """Return the length of `text` in UTF-16 units, the strictest way Discord may count it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain(text: str, limit: int | None = None) -> str:
    """Return text from outside so that Discord shows it letter for letter, on one line.

    Stronger than `discord.utils.escape_markdown`, which leaves masked links half open and mentions whole:
    no markup, link, mention, timestamp or heading survives, and no mark that turns the reading direction. What reads
    from right to left is isolated (UAX 9, section 2.4): else a number behind it would be drawn before it.
    `limit` bounds the characters before escaping; the result measures at most twice that and two.
    """
    line = bare(text, limit)
    shown = _MARKUP.sub(lambda found: f"\\{found[0]}", line).replace("@", "@\N{ZERO WIDTH SPACE}")
    turned = not line.isascii() and any(unicodedata.bidirectional(one) in _RIGHT_TO_LEFT for one in line)
    return f"{_ISOLATED}{shown}{_OVER}" if turned else shown


def bare(text: str, limit: int | None = None) -> str:
    """Return text from outside on one line for places where Discord reads no markup, such as choices and names."""
    visible = "".join(c for c in text.translate(_TURNING) if c.isspace() or unicodedata.category(c) not in _UNPRINTABLE)
    line = " ".join(visible.split())
    return line if limit is None else shortened(line, limit)


def unplain(text: str) -> str:
    """Return what `plain` made Discord show, as it was before."""
    return _ESCAPED.sub(lambda found: found[1], text.translate(_TURNING)).replace("@\N{ZERO WIDTH SPACE}", "@")


def shortened(text: str, limit: int) -> str:
    """Return `text` in at most `limit` UTF-16 units, cut after a word where one ends near, with an ellipsis."""
    if measured(text) <= limit:
        return text
    cut = text.encode("utf-16-le", "surrogatepass")[: 2 * (limit - 1)].decode("utf-16-le", "ignore")
    at_a_word = cut.rfind(" ")
    return (cut[:at_a_word] if at_a_word > limit * 2 // 3 else cut).rstrip(" ,;:") + "…"


def reason_words(reason: Reason, say: Words = IN_ENGLISH) -> str:
    """Return why a feed or page could not be read, as a part of a sentence; what servers and feeds say is harmless."""
    return say(reason.words, **{name: plain(fact, _LONGEST_FACT) for name, fact in reason.facts})


def in_quotes(text: str) -> str:
    """Return `text` in quotation marks, unless it brings its own."""
    return text if any(mark in text for mark in '“”"') else f"“{text}”"


def day_stamp(day: date, zone: ZoneInfo) -> str:
    """Return a calendar day as a Discord timestamp.

    It points at noon in the operator's zone: the end of the day would read as the next day to everyone east.
    """
    return f"<t:{_unix(datetime.combine(day, time(12), zone))}:D>"


def time_left(day: date, zone: ZoneInfo) -> str:
    """Return how long it is to the end of a last day, as a Discord timestamp that keeps counting."""
    end = datetime.combine(day + timedelta(days=1), time(0), zone) - timedelta(seconds=1)
    return f"<t:{_unix(end)}:R>"


def moment_stamp(moment: datetime) -> str:
    """Return an instant as Discord shows it to each reader in their own zone, with how far off it is."""
    return f"<t:{_unix(moment)}:F> (<t:{_unix(moment)}:R>)"


def ago_stamp(moment: datetime) -> str:
    """Return how long ago an instant was, as a Discord timestamp."""
    return f"<t:{_unix(moment)}:R>"


def due_words(case: Case, setting: Setting, *, counted: bool = True) -> str:
    """Say when a follow-up is due, as firmly as its own words do; a day it was moved to is what a person gave.

    Where it is not `counted`, how far off the last day is is left out, because something beside it says so.
    """
    due = case.due
    if due is None:
        return setting.say("No date given")
    vague = (
        _vague_words(case.followup) if case.followup.precision is Precision.VAGUE and due == case.followup.due else ""
    )
    words = days_words(case.followup, due, setting, counted=counted)
    return f"{vague}{words}" if vague else f"{words[0].upper()}{words[1:]}"


def days_words(followup: FollowUp, due: Interval, setting: Setting, *, counted: bool = True) -> str:
    """Say how days bound a follow-up, with how far off the last is: `by 6 March (in 4 days)`, as Discord's stamps."""
    last = day_stamp(due.last, setting.zone) + (f" ({time_left(due.last, setting.zone)})" if counted else "")
    return bounds_words(followup, due, first=day_stamp(due.first, setting.zone), last=last, say=setting.say)


def bounds_words(followup: FollowUp, due: Interval, *, first: str, last: str, say: Words = IN_ENGLISH) -> str:
    """Say how `due` bounds a follow-up, with its days already in words: on, by, by about or between them."""
    if followup.precision is Precision.VAGUE and due == followup.due:
        return say("by about {day}", day=last)
    if due.first == due.last:
        return say("on {day}", day=last)
    if due.first <= followup.said_on:
        return say("by {day}", day=last)
    return say("between {first} and {last}", first=first, last=last)


def quote_block(followup: FollowUp) -> str:
    """Return the statement word for word as a block quote, bounded."""
    return f"> {in_quotes(plain(followup.quote, QUOTE_LIMIT))}"


def speaker_words(followup: FollowUp, say: Words = IN_ENGLISH) -> str:
    """Return who said it, or whose report it is where nobody is named."""
    if followup.speaker:
        return f"**{plain(followup.speaker, 80)}**"
    return f"**{say('Reported by {outlet}', outlet=plain(followup.tellings[0].outlet, 60))}**"


def topic_words(followup: FollowUp, setting: Setting) -> str:
    """Return the names of a follow-up's topics, at most six of them; empty where it has none.

    Topics that other servers wrote are not named.
    """
    known = [topic for topic in followup.topics if topic in setting.topics or ":" not in topic]
    names = [plain(setting.topics.get(topic, topic), 40) for topic in known]
    return " · ".join([*names[:6], *_and_more(len(names) - 6, setting.say)])


def source_words(followup: FollowUp, room: int, say: Words = IN_ENGLISH, *, most: int = _EVERY) -> str:
    """Return who reported it: each outlet once, linked, its host shown, at most `most` in at most `room` characters.

    What does not fit is counted at the end; nothing is left out in silence.
    """
    sources = _one_an_outlet(followup.tellings)
    shown: list[str] = []
    for source in sources[:most]:
        more = _and_more(len(sources) - len(shown) - 1, say)
        if measured(" · ".join([*shown, _source(source), *more])) > room:
            break
        shown.append(_source(source))
    return " · ".join([*shown, *_and_more(len(sources) - len(shown), say)])


def list_line(case: Case, setting: Setting, stands: str | None = None) -> str:
    """Return a follow-up in two lines of at most `LINE_LIMIT` characters, for lists and digests.

    Where it stands is said first, in the words of `stands` if given, unless it is simply pending, as most of a list is.
    """
    followup, say = case.followup, setting.say
    status = case.status_on(setting.today)
    stood = status_words(case, setting) if status is not Status.PENDING else ""
    stands = f"{stands or stood} · " if stands or stood else ""
    due = f"{stands}{kind_name(followup.kind, say)} · {due_words(case, setting)} · `#{followup.id}`"
    said = f"**{plain(followup.speaker, 50)}:** " if followup.speaker else ""
    lines = f"{due}\n{said}{in_quotes(plain(followup.quote, 140))}"
    first = followup.tellings[0]
    source = f" — {_linked(first.outlet, first.url, _LINK_LIMIT_IN_LISTS)}"
    others = len(followup.outlets) - 1
    more = f" {say.many('and {count} more', 'and {count} more', others)}" if others else ""
    return lines + source + more if measured(lines + source + more) <= LINE_LIMIT else lines


def source_line(telling: Telling, setting: Setting) -> str:
    """Return one outlet's report in a line: who, where and when."""
    return f"📰 {outlet_words(telling.outlet, telling.url, telling.day, setting)}"


def outlet_words(outlet: str, url: str | None, day: date, setting: Setting) -> str:
    """Return an outlet with where its article is, and its day."""
    return f"{_linked(outlet, url, _LINK_LIMIT_IN_LISTS)} · {day_stamp(day, setting.zone)}"


def telling_line(telling: Telling, setting: Setting) -> str:
    """Return one outlet's report in two lines of at most `LINE_LIMIT` characters, with its own words."""
    return f"{source_line(telling, setting)}\n{in_quotes(plain(telling.statement.quote, 140))}"


def choice_label(case: Case, say: Words = IN_ENGLISH) -> str:
    """Return a follow-up as an autocomplete choice: plain text (Discord reads no markup there), bounded."""
    followup = case.followup
    due = say("by {day}", day=say.day(case.due.last)) if case.due else say("no date")
    speaker = f"{followup.speaker}: " if followup.speaker else ""
    return bare(f"#{followup.id} · {due} · {speaker}{followup.quote}", CHOICE_LIMIT)


def status_words(case: Case, setting: Setting) -> str:
    """Return where a follow-up stands, with an icon that says the same without colour."""
    say = setting.say
    status = status_name(case.status_on(setting.today), say)
    ours = case.rating is not None and case.rating.is_ours and not case.is_open
    return say("{status} (unconfirmed)", status=status) if ours else status


def rating_line(rating: Rating, setting: Setting) -> str:
    """Return one rating: how it ended, and on which day, who said so, and when."""
    return f"{rating_words(rating, setting)} — {rater_words(rating, setting.say)}, {ago_stamp(rating.rated_at)}"


def rating_words(rating: Rating, setting: Setting) -> str:
    """Return how a follow-up ended, with the day to which it was moved or on which it was kept."""
    say, due, happened_on = setting.say, rating.wish.due, rating.wish.happened_on
    what = status_name(rating.outcome, say)
    if rating.outcome is Outcome.MOVED and due is not None:
        return f"{what} {say('to {day}', day=day_stamp(due.last, setting.zone))}"
    if happened_on is not None:
        return f"{what} {say('on {day}', day=day_stamp(happened_on, setting.zone))}"
    return what


def person_words(user_id: int, say: Words = IN_ENGLISH) -> str:
    """Return how somebody is named: by their id, which Discord shows as their name, if they are not forgotten."""
    return say("somebody who asked to be forgotten") if user_id == NOBODY else f"<@{user_id}>"


def rater_words(rating: Rating, say: Words = IN_ENGLISH) -> str:
    """Return who gave a rating: a person, or the bot, whom nobody has confirmed."""
    return say("Aide-Mémoire, by itself") if rating.is_ours else person_words(rating.wish.user_id, say)


def fitting(lines: Iterable[str], room: int, most: int) -> tuple[str, ...]:
    """Return the first of `lines` that fit in `room` characters together, `most` at the utmost."""
    shown: list[str] = []
    for line in lines:
        room -= measured(line)
        if room < 0 or len(shown) == most:
            break
        shown.append(line)
    return tuple(shown)


def safe_link(url: str | None, limit: int = _LINK_LIMIT) -> str | None:
    """Return a web address that can stand inside Discord's link markup, or None where it cannot safely."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        path = quote(parts._replace(scheme="", netloc="").geturl(), safe="!#$%&'*+,/:;=?@~-._")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # UnicodeError is one too: a broken host, port or character
        return None
    link = _NAMES_ALL.sub("%40", f"{parts.scheme}://{host}{port}{path}")
    plain_host = re.fullmatch(r"[a-z0-9.-]+", host) is not None
    return link if parts.scheme in {"http", "https"} and plain_host and len(link) <= limit else None


def _vague_words(followup: FollowUp) -> str:
    """Return the words that gave a vague time, quoted, so that nobody takes our day for theirs."""
    said = next((t.statement for t in followup.tellings if t.statement.quote == followup.quote), None)
    if said is None or said.timex is None:
        return ""
    return f"“{plain(said.timex.text, 60)}”: "


def _source(telling: Telling) -> str:
    return _linked(telling.outlet, telling.url, _LINK_LIMIT)


def _linked(name: str, url: str | None, limit: int) -> str:
    """Return an outlet as a link that shows where it leads; without a safe address, its name alone."""
    outlet, link = plain(name, 40), safe_link(url, limit)
    return f"[{outlet}]({link}) ({plain(urlsplit(link).hostname or '', 60)})" if link else outlet


def _one_an_outlet(tellings: Sequence[Telling]) -> tuple[Telling, ...]:
    """Return the first telling of each outlet, one with an address where it has any."""
    first: dict[str, Telling] = {}
    for telling in tellings:
        known = first.get(telling.outlet)
        if known is None or (known.url is None and telling.url is not None):
            first[telling.outlet] = telling
    return tuple(first.values())


def _and_more(count: int, say: Words = IN_ENGLISH) -> list[str]:
    """Return the note that `count` more are not shown; nothing where none is."""
    return [say.many("and {count} more", "and {count} more", count)] if count > 0 else []


def _unix(moment: datetime) -> int:
    """Return seconds since 1970, as Discord's timestamps count."""
    return int(moment.timestamp())
