"""An article's statements become follow-ups, tellings of known ones, alerts and reminders: in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from watchers import duplicates
from watchers.alerts import all_reminders, notices, notices_of_move
from watchers.ending import weigh_article
from watchers.feed_model import Stage, Waiting
from watchers.joining import is_for_others, join, recognise, said_best
from watchers.model import FollowUp, Telling
from watchers.poll_report import PollReport
from watchers.ports import UnitOfWork
from watchers.rating import Case
from watchers.reading import Finding, Reading


def track(work: UnitOfWork, read: Sequence[tuple[Waiting, Reading | None]], now: datetime) -> Sequence[PollReport]:
    """Mark stored articles as read, in turn with all that each sets off; nothing of one that has been read meanwhile.

    The reading is None where an article could not be read. What lay on the back pages of a new feed is tracked, and
    alerts nobody.
    """
    waited = work.articles.read([waiting.id for waiting, _ in read])
    return [_track(work, waiting, reading, now) if waiting.id in waited else PollReport() for waiting, reading in read]


def _track(work: UnitOfWork, waiting: Waiting, reading: Reading | None, now: datetime) -> PollReport:
    if reading is None:
        return PollReport(articles=1)
    article_id, quiet = waiting.id, waiting.stage is Stage.CATCHING_UP
    feed_id = waiting.feed.scope
    findings = {finding.telling: finding for finding in reading.findings}

    def known(telling: Telling) -> bool | None:
        return False if _retell(work, article_id, findings[telling], feed_id, quiet=quiet, now=now) else None

    def opened(telling: Telling) -> bool:
        _open(work, article_id, findings[telling], quiet=quiet, now=now)
        return True

    new = sum(duplicates.in_turn([finding.telling for finding in reading.findings], known, opened))
    sure = weigh_article(work, waiting, reading.news, now)
    count = len(reading.findings)
    return PollReport(articles=1, statements=count, followups=new, merged=count - new, suggested=sure)


def _open(work: UnitOfWork, article_id: int, finding: Finding, *, quiet: bool, now: datetime) -> None:
    """Open a follow-up, and tell those who want to hear."""
    followup = work.followups.open(article_id, finding.telling, finding.topics)
    _tell(work, followup, finding.telling, known=(), quiet=quiet, now=now)


def _retell(
    work: UnitOfWork, article_id: int, finding: Finding, feed_id: int | None, *, quiet: bool, now: datetime
) -> bool:
    """Tell a known follow-up again, and those who want to hear; return whether there is one.

    One that more hear of than of the article's feed is left as it is.
    """
    telling = finding.telling
    match = recognise(work, telling, feed_id)
    if match is None or is_for_others(match, feed_id):
        return match is not None
    parts = [one for number in (match.followup.id, *match.also) if (one := work.followups.get(number)) is not None]
    known = parts[0]
    for other in parts[1:]:
        known = join(work, known.id, other.id, now) or known
    best = match.better if len(parts) == 1 else said_best((*known.tellings, telling)) is telling
    followup = work.followups.retell(known.id, article_id, telling, finding.topics, best=best)
    if telling.outlet not in known.outlets or (known.quote, known.due) != (followup.quote, followup.due):
        work.outbox.reword(known.id)
    _tell(work, followup, telling, known=parts, moved=match.moved is not None and best, quiet=quiet, now=now)
    return True


def _tell(
    work: UnitOfWork,
    followup: FollowUp,
    telling: Telling,
    *,
    known: Sequence[FollowUp],
    moved: bool = False,
    quiet: bool,
    now: datetime,
) -> None:
    """Put alerts into the outbox, follow-ups into baskets, and plan the reminders.

    `known` is the follow-up as it was: nothing where it is new, several where this telling joined them. Where it is
    `quiet`, only reminders come of it.
    """
    wanting = work.subscriptions.wanting(followup, *known)
    guilds = {one.wish.guild_id for one in wanting}
    # Nobody has made anything of what is new.
    cases = work.cases.by_guild(followup.id, guilds) if known else {each: Case(followup) for each in guilds}
    told = [] if quiet else [notices(followup, telling, wanting, known=known, now=now)]
    if moved and not quiet:
        before = work.outbox.told(followup.id)
        told.append(notices_of_move(followup, telling, wanting, cases=cases, told=before, now=now))
    for each in told:
        work.outbox.put_all(each.alerts, now)
        work.subscriptions.gather(each.gatherings, followup.id)
    reminders = all_reminders(followup, wanting, cases, now)
    if any(one.due != followup.due for one in known):
        work.reminders.replan(followup.id, reminders)
    else:
        work.reminders.plan(reminders)
