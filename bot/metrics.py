"""Figures for Prometheus: prometheus-client's one home. No label names a server, a channel, a person or a topic."""

from __future__ import annotations

from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.observing import Sending
from watchers.model import Backlog
from watchers.poll_report import PollReport

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SENDS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)
_TRANSACTIONS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_TURNS = (0.01, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300)


class Metrics:
    """Counts what it hears of (a `bot.observing.Observer`), and adds what waits when it is asked."""

    def __init__(self) -> None:
        """Begin at nothing."""
        own = self._registry = CollectorRegistry()
        self._polls = Counter("aide_memoire_polls", "Feeds asked, by result.", ["result"], registry=own)
        self._articles = Counter("aide_memoire_articles", "Articles stored for the first time.", registry=own)
        self._statements = Counter("aide_memoire_statements", "Statements read.", registry=own)
        self._followups = Counter("aide_memoire_followups", "Follow-ups opened.", registry=own)
        self._merged = Counter("aide_memoire_merged", "Statements that repeat a known follow-up.", registry=own)
        self._sends = Counter(
            "aide_memoire_sends", "Attempts to send, by result and reason.", ["result", "why"], registry=own
        )
        self._send_seconds = Histogram(
            "aide_memoire_send_seconds", "Seconds of an attempt to send.", buckets=_SENDS, registry=own
        )
        self._transactions = Histogram(
            "aide_memoire_transaction_seconds",
            "Seconds of a transaction, its wait for others included.",
            ["kind", "result"],
            buckets=_TRANSACTIONS,
            registry=own,
        )
        self._turns = Histogram(
            "aide_memoire_tick_seconds", "Seconds of a tick's turn.", ["tick", "result"], buckets=_TURNS, registry=own
        )
        self._poll_lag = Gauge(
            "aide_memoire_poll_lag_seconds", "Seconds that the longest overdue feed waits.", registry=own
        )
        self._waiting = Gauge("aide_memoire_outbox_waiting", "Alerts that wait, those not due yet too.", registry=own)
        self._oldest = Gauge(
            "aide_memoire_outbox_oldest_seconds", "Seconds that the oldest alert which is due waits.", registry=own
        )

    def expect(self, tick: str, every: timedelta) -> None:
        """Show a tick before its first turn."""
        del every
        self._turns.labels(tick, "done")

    def turned(self, tick: str, seconds: float, *, failed: bool) -> None:
        """Count a turn."""
        self._turns.labels(tick, _result(failed=failed)).observe(seconds)

    def polled(self, report: PollReport) -> None:
        """Count what a round of polling did."""
        for result in report.results:
            self._polls.labels(result.value).inc()
        self._articles.inc(report.articles)
        self._statements.inc(report.statements)
        self._followups.inc(report.followups)
        self._merged.inc(report.merged)

    def sent(self, sending: Sending) -> None:
        """Count an attempt to send."""
        self._sends.labels(sending.result.value, sending.why.value).inc()
        self._send_seconds.observe(sending.seconds)

    def stored(self, seconds: float, *, writing: bool, failed: bool) -> None:
        """Count a transaction."""
        self._transactions.labels("write" if writing else "read", _result(failed=failed)).observe(seconds)

    def exposition(self, backlog: Backlog | None, now: datetime) -> bytes:
        """Return all figures in Prometheus' text format.

        `backlog` is what waits at `now`; None: the database does not say, and these figures are not a number.
        """
        nothing = float("nan") if backlog is None else 0.0
        self._waiting.set(nothing if backlog is None else backlog.alerts)
        self._oldest.set(_seconds(now, backlog.alert_since if backlog else None, nothing))
        self._poll_lag.set(_seconds(now, backlog.feed_since if backlog else None, nothing))
        return generate_latest(self._registry)


def _result(*, failed: bool) -> str:
    return "failed" if failed else "done"


def _seconds(now: datetime, since: datetime | None, nothing: float) -> float:
    return nothing if since is None else max(0.0, (now - since).total_seconds())
