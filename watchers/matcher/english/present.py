"""Verbs in the form that goes with he, she and it, by which English tells what is in the calendar. Data only.

"The pause runs out on Thursday" lies ahead, in whatever verb; forms that are as often the plural of a noun stand
apart, because only what surrounds them tells.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PLAINLY_VERBS: Final = _words(
    """accepts accuses achieves acts adapts adds addresses adjourns adopts advises affects agrees allows announces
    answers appears applies appoints approaches approves argues arrives arises asks assembles assigns assumes attends
    awaits backs bans becomes begins believes belongs bids binds boards boycotts breaks brings broadens builds
    buys carries casts ceases celebrates chairs chooses closes coincides collapses combines comes commences commits
    compels competes completes comprises concerns concludes condemns confers confirms considers consists contains
    continues convenes counts covers creates crosses culminates cuts dates decides declares defers defends
    delivers demands denies departs depends describes deserves determines discusses dissolves draws drops eases elapses
    elects embarks emerges enables ends enters entitles envisages envisions establishes examines exceeds excludes exits
    expects expires explains extends faces falls files finalises finalizes finishes flies focuses follows
    forbids gathers gets gives goes grants greets grows happens hears helps holds hosts imposes improves
    inaugurates includes increases informs insists inspects intends introduces invites involves joins jumps keeps kicks
    knows lacks lands lapses lasts launches lays leads leaves lets lies lifts limits looks loses maintains makes
    marks marries means meets merges moves needs negotiates obliges observes obtains occurs opens operates opposes
    overlaps oversees owes passes pays peaks permits picks plays postpones prepares presents presides prevents
    proceeds produces prohibits proposes provides publishes puts quits raises ratifies reaches reads readies receives
    reconvenes recognises recognizes reconsiders reduces refuses releases remains removes renews reopens replaces
    requires resigns resumes retires returns reviews rotates says schedules seeks seems sees selects sends
    serves sets settles shifts shows shuts signs sits speaks spends stages stands starts stays steps stipulates stops
    strips submits succeeds summons suspends swears swings takes tells terminates testifies threatens
    tours travels treats tries turns undergoes undertakes unfolds unveils urges visits votes waits wants warns
    welcomes widens wins winds wishes withdraws witnesses works wraps writes yields"""
)
"""Forms that are verbs more often than not after a subject."""

RARELY_TIMED: Final = _words(
    """accuses appears argues believes belongs comprises concerns considers consists contains depends describes
    deserves explains insists knows lacks lies looks means needs opposes owes refuses remains requires says
    seeks seems sees shows stands tells threatens urges wants warns wishes accepts condemns demands denies"""
)
"""Of these, states and sayings: a day beside them dates no entry of the calendar."""
