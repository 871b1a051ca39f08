"""What an article suggests of how known follow-ups ended: stored, told, and settled where a server lets it.

All of it in the transaction that stores the article. What the follow-ups told in it lead one to expect is filed first;
then the article is compared with the few others that it may tell of, as `history.py` does with a stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial

from watchers.alerts import spokesmen, suggested
from watchers.expectations import expected_of, told_best
from watchers.feed_model import Waiting
from watchers.model import Article, FollowUp, Interval
from watchers.ports import Store, UnitOfWork
from watchers.rating import OURSELVES, Case, Clue, Outcome, Suggestion
from watchers.resolutions import MOST_NEAR, Resolution, resolve
from watchers.sealed_news import SealedNews
from watchers.settling import confirm

CERTAIN = 0.94
"""The confidence from which on a follow-up settles by itself where a server allows it: of 21 labelled ones 20 were
right, and of 18 in months that no weight was learnt from 17."""
MOST_SURE = 10
"""Sure suggestions that are kept of one follow-up."""
_BATCH = 100
"""Follow-ups filed in one transaction, so that no other writer waits long."""


def weigh_article(work: UnitOfWork, waiting: Waiting, news: SealedNews, now: datetime) -> int:
    """File what a stored article leads one to expect, and store what it suggests; return how much of that is sure.

    What begins in it, or moves, is not compared with it.
    """
    article_id, article = waiting.id, waiting.article
    told = work.followups.told_in(article_id) if news.has_statements else {}
    begun = file_again(work, told) if told else frozenset[int]()
    found_near = work.expectations.near(news.asked, waiting.feed.scope)
    near = {number: places for number, places in found_near.items() if number not in begun}
    if not near:
        return 0
    opened = news.opened()
    filed = work.expectations.filed(near)
    sure = 0
    for number, places in near.items():
        found = resolve(filed[number], opened.of(places), told.get(number, ()))
        if found is not None:
            sure += _suggest(work, number, found, article_id=article_id, article=article, now=now)
    return sure


def file_again(work: UnitOfWork, followup_ids: Iterable[int]) -> frozenset[int]:
    """File what follow-ups lead one to expect by now, where that has changed; return those that begin, or have moved.

    What was suggested as sure of a time that has been moved since is forgotten.
    """
    followups = work.followups.some(followup_ids)
    filed = work.expectations.filed(one.id for one in followups)
    begun: set[int] = set()
    for followup in followups:
        number, expected = followup.id, expected_of(followup)
        known = filed.get(number)
        if known == expected:
            continue
        work.expectations.file(number, expected)
        if known is None or _are_apart(known.due, expected.due):
            begun.add(number)
            work.outcomes.forget(one.id for one in work.outcomes.of(number) if one.clue.is_sure)
    return frozenset(begun)


def _are_apart(one: Interval | None, other: Interval | None) -> bool:
    return one is not None and other is not None and (one.last < other.first or other.last < one.first)


async def tidy(store: Store, day: date) -> None:
    """Forget, once a day, what is expected of nothing any more; the first time, file what was told before."""
    before = await store.look(lambda work: work.expectations.tidied_on())
    if before is not None and before >= day:
        return
    last = 0
    while before is None and (some := await store.look(partial(_unfiled, day=day, after=last))):
        await store.transact(partial(file_again, followup_ids=some))
        last = some[-1]
    await store.transact(lambda work: work.expectations.tidy(day))


def _unfiled(work: UnitOfWork, *, day: date, after: int) -> Sequence[int]:
    return work.expectations.unfiled(day, after=after, limit=_BATCH)


# --- suggesting -------------------------------------------------------------------------------------------


def clue_of(found: Resolution, article: Article) -> Clue:
    """Return what was found in an article, with where that was."""
    return Clue(
        found.outcome,
        found.due,
        found.confidence,
        found.reasons,
        found.start,
        found.end,
        found.quote,
        article.day,
        article.outlet,
        article.url,
        article.title,
    )


def is_worth_keeping(clue: Clue, known: Iterable[Suggestion]) -> bool:
    """Tell whether a clue is kept beside what is known of its follow-up.

    A sure one is where none of its outcome is as sure; a near miss where it is among the closest, each told once.
    """
    alike = [one.clue for one in known if one.clue.is_sure == clue.is_sure]
    if clue.is_sure:
        return all(clue.confidence > each.confidence for each in alike if each.outcome is clue.outcome)
    before = [each for each in alike if _rank(each) <= _rank(clue)]
    return len(before) < MOST_NEAR and all(each.quote != clue.quote for each in before)


def surplus(known: Iterable[Suggestion]) -> list[int]:
    """Return the suggestions of one follow-up that are no longer kept, by number."""
    ordered = sorted(known, key=lambda one: (*_rank(one.clue), one.id))
    sure = [one.id for one in ordered if one.clue.is_sure]
    closest: dict[str, int] = {}
    for one in ordered:
        if not one.clue.is_sure:
            closest.setdefault(one.clue.quote, one.id)
    kept = {*sure[:MOST_SURE], *list(closest.values())[:MOST_NEAR]}
    return [one.id for one in ordered if one.id not in kept]


def _rank(clue: Clue) -> tuple[float, date]:
    return -clue.confidence, clue.day


def _suggest(
    work: UnitOfWork, followup_id: int, found: Resolution, *, article_id: int, article: Article, now: datetime
) -> bool:
    """Store what was found of a follow-up where it is worth keeping, and tell of it; return whether it is sure.

    An article older than the telling is no evidence of it.
    """
    clue, known = clue_of(found, article), work.outcomes.of(followup_id)
    if not is_worth_keeping(clue, known):
        return False
    followup = work.followups.get(followup_id)
    if followup is None or article.published < told_best(followup).published:
        return False
    suggestion = work.outcomes.suggest(followup_id, article_id, clue, now)
    work.outcomes.forget(surplus((*known, suggestion)))
    if not clue.is_sure:
        return False
    if clue.outcome is Outcome.MOVED and all(clue.confidence > one.clue.confidence for one in known):
        work.expectations.hide(followup_id)  # its new time is followed where that is told
    _tell(work, followup, suggestion, article.published, now)
    return True


# --- telling and settling ---------------------------------------------------------------------------------


def _tell(work: UnitOfWork, followup: FollowUp, suggestion: Suggestion, published: datetime, now: datetime) -> None:
    """Settle a follow-up by a sure suggestion where that is wanted, tell the channels of it, and word alerts anew.

    A server where something surer is known already, or where it is settled, is left alone.
    """
    wanting = work.subscriptions.wanting(followup)
    there = {one.wish.guild_id for one in wanting} | work.joining.servers(followup.id)
    cases = work.cases.by_guild(followup.id, there)
    shown = {guild_id: case for guild_id, case in cases.items() if _is_shown(suggestion, case)}
    speaking = [one for one in spokesmen(followup, wanting) if one.wish.guild_id in shown]
    settling = {one.wish.guild_id for one in speaking if _settles(work, shown[one.wish.guild_id], one.wish.guild_id)}
    for guild_id in sorted(shown):
        if guild_id in settling:
            confirm(work, guild_id, suggestion.id, by=OURSELVES, now=now)
        else:
            work.outbox.reword(followup.id, guild_id=guild_id)
    work.outbox.put_all(suggested(followup, suggestion.clue, speaking, shown, published=published, now=now), now)


def _is_shown(suggestion: Suggestion, case: Case) -> bool:
    return case.suggestion is not None and case.suggestion.id == suggestion.id


def _settles(work: UnitOfWork, case: Case, guild_id: int) -> bool:
    """Tell whether a server lets what is shown settle by itself: where nobody there has said otherwise before."""
    clue = case.suggestion.clue if case.suggestion is not None else None
    if clue is None or clue.confidence < CERTAIN or (clue.outcome is Outcome.MOVED and clue.due is None):
        return False
    followup_id = case.followup.id
    if not work.guilds.get(guild_id).settles_itself or guild_id in work.outcomes.refused_by(followup_id):
        return False
    revision = work.cases.revisions(guild_id, [followup_id]).get(followup_id)
    undone = revision is not None and revision.number > len(case.ratings)
    return not undone and all(one.wish.user_id == OURSELVES for one in case.ratings)
