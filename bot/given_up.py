"""Why alerts were given up, in words for those who can mend it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.words import Words, marked
from watchers.model import GivenUp

# As `bot.rest.told` records it: Discord's HTTP status, its own code, its words.
_CODE = re.compile(r"\d{3} (\d+):")
_LACKING = {"50001", "50013", "160005"}
_WHY = {
    "10003": marked("that channel is gone"),
    "10008": marked("the message to be changed is gone"),
    "50035": marked("Discord refuses its form"),
}
_REFUSED = marked("Discord refuses it")
_NOT_READ = "its server reads that feed no more"


def why_in_words(given_up: GivenUp, missing: Sequence[str], say: Words) -> str:
    """Return why alerts were given up, as the end of a line.

    `missing` are the permissions that the bot lacks there now, by Discord's English names.
    """
    if given_up.reason == _NOT_READ:
        return say("this server no longer reads the feed that said it")
    if _code_of(given_up) in _LACKING:
        if not missing:
            return say("I lacked permissions there; now I have them")
        return say("I lack {permissions} there", permissions=say.all_of([f"**{say(name)}**" for name in missing]))
    return say(_WHY.get(_code_of(given_up), _REFUSED))


def _code_of(given_up: GivenUp) -> str:
    found = _CODE.match(given_up.reason)
    return "" if found is None else found[1]
