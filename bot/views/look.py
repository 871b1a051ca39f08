"""The one home of colours and icons: everything of one status looks alike, wherever it stands.

A colour never says alone what a word does not say beside it, and an icon is never shown without its word.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.words import IN_ENGLISH, Words, marked
from watchers.audience import Section
from watchers.feeds.health import Condition
from watchers.model import Kind, Status
from watchers.rating import Outcome
from watchers.record import Standing

BLUE, AMBER, RED, GREEN, LIME = 0x3B82F6, 0xF59E0B, 0xDC2626, 0x16A34A, 0x84CC16
BROWN, SLATE, GREY, VIOLET, TEAL = 0x7F1D1D, 0x64748B, 0x9CA3AF, 0x8B5CF6, 0x0D9488

COLOURS: Mapping[Status | Outcome, int] = {
    Status.PENDING: BLUE,
    Status.DUE: AMBER,
    Status.OVERDUE: RED,
    Outcome.KEPT: GREEN,
    Outcome.PARTLY: LIME,
    Outcome.BROKEN: BROWN,
    Outcome.MOVED: VIOLET,
    Outcome.WITHDRAWN: SLATE,
    Outcome.DISMISSED: GREY,
}
STATUS_ICONS: Mapping[Status | Outcome, str] = {
    Status.PENDING: "🔵",
    Status.DUE: "🟠",
    Status.OVERDUE: "🔴",
    Outcome.KEPT: "✅",
    Outcome.PARTLY: "☑️",
    Outcome.BROKEN: "❌",
    Outcome.MOVED: "📆",
    Outcome.WITHDRAWN: "↩️",
    Outcome.DISMISSED: "🚫",
}
STATUS_NAMES: Mapping[Status | Outcome, str] = {
    Status.PENDING: marked("Pending"),
    Status.DUE: marked("Due today"),
    Status.OVERDUE: marked("Overdue"),
    Outcome.KEPT: marked("Kept"),
    Outcome.PARTLY: marked("Partly kept"),
    Outcome.BROKEN: marked("Broken"),
    Outcome.MOVED: marked("Moved"),
    Outcome.WITHDRAWN: marked("Withdrawn"),
    Outcome.DISMISSED: marked("Not a commitment"),
}
STANDING_COLOURS: Mapping[Standing, int] = {
    Standing.KEPT: GREEN,
    Standing.LATE: TEAL,
    Standing.PARTLY: LIME,
    Standing.MISSED: BROWN,
    Standing.WITHDRAWN: SLATE,
    Standing.MOVED: VIOLET,
    Standing.OPEN: BLUE,
}
STANDING_ICONS: Mapping[Standing, str] = {
    Standing.KEPT: "✅",
    Standing.LATE: "🕓",
    Standing.PARTLY: "☑️",
    Standing.MISSED: "❌",
    Standing.WITHDRAWN: "↩️",
    Standing.MOVED: "📆",
    Standing.OPEN: "🔵",
}
STANDING_NAMES: Mapping[Standing, str] = {
    Standing.KEPT: marked("Kept on time"),
    Standing.LATE: marked("Kept late"),
    Standing.PARTLY: marked("Partly kept"),
    Standing.MISSED: marked("Missed"),
    Standing.WITHDRAWN: marked("Withdrawn"),
    Standing.MOVED: marked("Moved"),
    Standing.OPEN: marked("Not rated yet"),
}
KIND_ICONS: Mapping[Kind, str] = {
    Kind.DEADLINE: "⏳",
    Kind.COMMITMENT: "🤝",
    Kind.EVENT: "📅",
    Kind.EXPECTATION: "🔭",
}
KIND_NAMES: Mapping[Kind, str] = {
    Kind.DEADLINE: marked("Deadline"),
    Kind.COMMITMENT: marked("Commitment"),
    Kind.EVENT: marked("Event"),
    Kind.EXPECTATION: marked("Expectation"),
}
SECTION_ICONS: Mapping[Section, str] = {
    Section.DUE_TODAY: "🟠",
    Section.DUE_THIS_WEEK: "🗓️",
    Section.NEWLY_SAID: "🆕",
    Section.OVERDUE: "🔴",
    Section.SETTLED: "☑️",
}
SECTION_NAMES: Mapping[Section, str] = {
    Section.DUE_TODAY: marked("Due today"),
    Section.DUE_THIS_WEEK: marked("Due this week"),
    Section.NEWLY_SAID: marked("Newly said"),
    Section.OVERDUE: marked("Overdue"),
    Section.SETTLED: marked("Settled"),
}

CONDITION_COLOURS: Mapping[Condition, int] = {
    Condition.READING: GREEN,
    Condition.NEW: SLATE,
    Condition.FAILING: RED,
    Condition.STOPPED: GREY,
}
CONDITION_ICONS: Mapping[Condition, str] = {
    Condition.READING: "🟢",
    Condition.NEW: "⚪",
    Condition.FAILING: "🔴",
    Condition.STOPPED: "⚫",
}
CONDITION_NAMES: Mapping[Condition, str] = {
    Condition.READING: marked("Read well"),
    Condition.NEW: marked("Not read yet"),
    Condition.FAILING: marked("Failing"),
    Condition.STOPPED: marked("Gone for good"),
}


def status_name(status: Status | Outcome, say: Words = IN_ENGLISH) -> str:
    """Return a status with its icon: `🟠 Due today`."""
    return f"{STATUS_ICONS[status]} {say(STATUS_NAMES[status])}"


def standing_name(standing: Standing, say: Words = IN_ENGLISH) -> str:
    """Return how something counts in a record, with its icon: `🕓 Kept late`."""
    return f"{STANDING_ICONS[standing]} {say(STANDING_NAMES[standing])}"


def kind_name(kind: Kind, say: Words = IN_ENGLISH) -> str:
    """Return a kind with its icon, as headings show it: `⏳ Deadline`."""
    return f"{KIND_ICONS[kind]} {say(KIND_NAMES[kind])}"


def condition_name(condition: Condition, say: Words = IN_ENGLISH) -> str:
    """Return how a feed fares, with its icon: `🟢 Read well`."""
    return f"{CONDITION_ICONS[condition]} {say(CONDITION_NAMES[condition])}"


def section_name(section: Section, say: Words = IN_ENGLISH) -> str:
    """Return a heading of a digest with its icon: `🆕 Newly said`."""
    return f"{SECTION_ICONS[section]} {say(SECTION_NAMES[section])}"
