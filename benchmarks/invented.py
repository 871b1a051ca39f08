"""Follow-ups that nobody announced: made of statements that were read, with other names and other days."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from watchers.marks import marks_of
from watchers.matcher.english.actors import ACTOR_OF
from watchers.model import FollowUp, Interval, Telling, Timex

_SYLLABLES = ("ka", "lo", "mi", "ren", "tos", "var", "del", "bur", "shi", "nak", "pol", "em", "ar", "ti", "gus", "hon")
_NAME = re.compile(r"\b[A-Z][a-z]+\b")
_STAYS = 0.3
"""The share of names that stay as they are."""
_SOONEST = 20
"""The most days between the saying and the first day."""


def invented(models: Sequence[FollowUp], count: int, first: date, days: int) -> Iterator[Telling]:
    """Yield `count` tellings, each made of a model, due to begin on one of so many `days` from `first` on."""
    chance = random.Random(0)  # noqa: S311  names of a benchmark, no secret
    actors = sorted(name for name in ACTOR_OF if name[0].isupper() and " " not in name)

    def other(name: re.Match[str]) -> str:
        if chance.random() < _STAYS:
            return name.group()
        return chance.choice(actors) if name.group() in ACTOR_OF else "".join(chance.choices(_SYLLABLES, k=3)).title()

    for _ in range(count):
        model = chance.choice(models)
        telling = model.tellings[0]
        quote = _NAME.sub(other, model.quote)
        begins = first + timedelta(days=chance.randrange(days))
        due = None if model.due is None else Interval(begins, begins + (model.due.last - model.due.first))
        told_on = begins - timedelta(days=chance.randrange(_SOONEST))
        told = telling.statement
        statement = replace(told, start=0, end=len(quote), quote=quote, timex=_moved(told.timex, quote), due=due)
        marks = marks_of(statement, title="", text=quote)
        yield replace(telling, statement=statement, day=told_on, marks=marks)


def _moved(timex: Timex | None, quote: str) -> Timex | None:
    """Return a time where it stands among other names; None where it was taken for a name itself."""
    at = -1 if timex is None else quote.find(timex.text)
    return None if timex is None or at < 0 else replace(timex, start=at, end=at + len(timex.text))
