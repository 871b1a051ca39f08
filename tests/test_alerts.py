from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import (
    MONDAY_NOON,
    a_case,
    a_clue,
    a_followup,
    a_rating,
    a_statement,
    a_suggestion,
    a_telling,
    a_wish,
)
from watchers.alerts import Notices, all_reminders, leads_of, notices, reminder_alert, reminders_for, spokesmen
from watchers.audience import (
    Alert,
    AlertForm,
    DueReminder,
    QuietHours,
    Reminder,
    Rhythm,
    Subscription,
    SubscriptionWish,
)
from watchers.model import FollowUp, Interval, Kind
from watchers.rating import Case, Outcome

NOW = MONDAY_NOON
FRIDAY = date(2026, 3, 6)


def a_subscription(number: int = 1, wish: SubscriptionWish | None = None) -> Subscription:
    return Subscription(number, wish or a_wish(), NOW)


def due_on(last: date) -> FollowUp:
    return a_followup(1, statement=a_statement(due=Interval(last, last)))


def at_eight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=UTC)


def told(
    *subscriptions: Subscription,
    followup: FollowUp | None = None,
    known: FollowUp | None = None,
    published: datetime = NOW,
    now: datetime = NOW,
) -> Notices:
    followup = followup or a_followup()
    telling = a_telling(published=published)
    return notices(followup, telling, subscriptions, known=[known] if known else [], now=now)


# --- who is told --------------------------------------------------------------------------------------------


def test_a_subscribed_channel_is_told_once_with_its_role() -> None:
    subscription = a_subscription(3, a_wish(channel_id=20, role_id=99))

    expected = Alert(
        "said:1:20", AlertForm.SAID, (1,), guild_id=10, channel_id=20, role_id=99, subscription_id=3, not_before=None
    )
    assert told(subscription).alerts == (expected,)


def test_a_channel_is_told_once_by_its_most_specific_order() -> None:
    everything = a_subscription(1, a_wish(topic="*", role_id=1))
    norland = a_subscription(2, a_wish(topic="norland", role_id=2))
    harbour = a_subscription(3, a_wish(topic="harbour", role_id=3))
    followup = a_followup(topics=("harbour", "norland"))

    assert [alert.role_id for alert in told(everything, harbour, norland, followup=followup).alerts] == [2]
    assert [alert.role_id for alert in told(everything, followup=followup).alerts] == [1]


def test_an_instant_order_speaks_before_a_daily_one_and_a_ping_before_none() -> None:
    daily = a_subscription(1, a_wish(topic="norland", rhythm=Rhythm.DAILY))
    silent = a_subscription(2, a_wish(topic="harbour"))
    loud = a_subscription(3, a_wish(topic="strait", role_id=9))
    followup = a_followup(topics=("harbour", "norland", "strait"))

    assert spokesmen(followup, [daily, silent, loud]) == (loud,)
    assert spokesmen(followup, [daily, silent]) == (silent,)
    assert spokesmen(followup, [daily]) == (daily,)


def test_each_channel_hears_by_its_own_order() -> None:
    one, two = a_subscription(1, a_wish(channel_id=21)), a_subscription(2, a_wish(channel_id=20, topic="*"))

    assert [alert.key for alert in told(one, two).alerts] == ["said:1:20", "said:1:21"]


def test_an_order_has_no_say_on_kinds_and_topics_it_leaves_out() -> None:
    events_only = a_subscription(1, a_wish(kinds=frozenset({Kind.EVENT})))
    elsewhere = a_subscription(2, a_wish(topic="harbour"))
    everything = a_subscription(3, a_wish(topic="*"))

    assert told(events_only, elsewhere) == Notices((), ())
    assert [alert.subscription_id for alert in told(events_only, everything).alerts] == [3]


def test_an_order_on_everything_hears_what_is_on_no_topic() -> None:
    assert len(told(a_subscription(1, a_wish(topic="*")), followup=a_followup(topics=())).alerts) == 1


@pytest.mark.parametrize("rhythm", [Rhythm.DAILY, Rhythm.WEEKLY])
def test_an_order_in_digests_gathers(rhythm: Rhythm) -> None:
    assert told(a_subscription(4, a_wish(rhythm=rhythm))) == Notices((), (4,))


def test_a_paused_order_has_no_say() -> None:
    paused = a_subscription(1, a_wish(topic="norland", paused=True))
    everything = a_subscription(2, a_wish(topic="*"))

    assert told(paused) == Notices((), ())
    assert [alert.subscription_id for alert in told(paused, everything).alerts] == [2]


def test_an_instant_order_hears_when_as_many_outlets_as_it_asks_for_have_told() -> None:
    careful = a_subscription(1, a_wish(min_outlets=2))
    once = a_followup(1, a_telling())
    twice = a_followup(1, a_telling(), a_telling(outlet="Gazette"))

    assert told(careful, followup=once) == Notices((), ())
    assert [alert.key for alert in told(careful, followup=twice, known=once).alerts] == ["said:1:20"]


def test_a_digest_gathers_when_as_many_outlets_as_it_asks_for_have_told_and_not_again() -> None:
    careful = a_subscription(1, a_wish(min_outlets=2, rhythm=Rhythm.DAILY))
    tellings = [a_telling(outlet=name) for name in ("Meridian", "Gazette", "Herald")]
    once, twice, thrice = (a_followup(1, *tellings[:number]) for number in (1, 2, 3))

    assert told(careful, followup=once).gatherings == ()
    assert told(careful, followup=twice, known=once).gatherings == (1,)
    assert told(careful, followup=thrice, known=twice).gatherings == ()


def test_what_is_said_in_quiet_hours_waits_for_their_end() -> None:
    quiet = a_subscription(1, a_wish(quiet=QuietHours(11, 14)))
    awake = a_subscription(2, a_wish(channel_id=21, quiet=QuietHours(13, 14)))

    waits = {alert.channel_id: alert.not_before for alert in told(quiet, awake).alerts}

    assert waits == {20: NOW + timedelta(hours=2), 21: None}


@pytest.mark.parametrize(
    ("published", "expected"), [(NOW - timedelta(days=3), 1), (NOW - timedelta(days=3, seconds=1), 0)]
)
def test_old_news_alerts_nobody(published: datetime, expected: int) -> None:
    notice = told(a_subscription(), a_subscription(2, a_wish(channel_id=21, rhythm=Rhythm.DAILY)), published=published)

    assert (len(notice.alerts), len(notice.gatherings)) == (expected, expected)


def test_what_is_past_alerts_nobody_and_the_last_day_is_not_past() -> None:
    assert told(a_subscription(), followup=due_on(NOW.date() - timedelta(days=1))) == Notices((), ())
    assert len(told(a_subscription(), followup=due_on(NOW.date())).alerts) == 1


def test_past_is_past_where_the_readers_are() -> None:
    midnight_ago = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    followup = due_on(date(2026, 3, 2))
    tokyo = a_subscription(2, a_wish(channel_id=21, zone="Asia/Tokyo"))

    notice = told(a_subscription(), tokyo, followup=followup, now=midnight_ago)

    assert [alert.channel_id for alert in notice.alerts] == [20]


def test_a_retelling_gathers_only_for_channels_that_did_not_want_it_before() -> None:
    norland = a_subscription(1, a_wish(channel_id=20, topic="norland", rhythm=Rhythm.DAILY))
    harbour = a_subscription(2, a_wish(channel_id=20, topic="harbour", rhythm=Rhythm.DAILY))
    other = a_subscription(3, a_wish(channel_id=21, topic="harbour", rhythm=Rhythm.DAILY))
    before = a_followup(topics=("norland",))
    after = replace(before, topics=("harbour", "norland"))

    assert told(norland, harbour, other, followup=after, known=before).gatherings == (3,)
    assert told(norland, followup=before, known=before).gatherings == ()


# --- reminders ----------------------------------------------------------------------------------------------


def test_reminders_fall_on_their_days_at_the_hour() -> None:
    reminders = reminders_for(a_case(due_on(FRIDAY)), a_subscription(5), NOW)

    assert [(one.key, one.fires_at) for one in reminders] == [
        ("remind:1:20:1:2026-03-06", at_eight(date(2026, 3, 5))),
        ("remind:1:20:0:2026-03-06", at_eight(FRIDAY)),
        ("remind:1:20:-1:2026-03-06", at_eight(date(2026, 3, 7))),
    ]
    assert {(one.followup_id, one.subscription_id, one.user_id) for one in reminders} == {(1, 5, None)}


def test_only_reminders_still_ahead_are_planned() -> None:
    planned = reminders_for(a_case(due_on(FRIDAY)), a_subscription(), at_eight(FRIDAY))

    assert [one.lead_days for one in planned] == [-1]


MOVED = a_rating(Outcome.MOVED, due=Interval(date(2026, 3, 20), date(2026, 3, 20)))


@pytest.mark.parametrize(
    ("case", "wish"),
    [
        (a_case(a_followup(1, statement=a_statement(due=None))), a_wish()),
        (a_case(due_on(FRIDAY)), a_wish(kinds=frozenset({Kind.EVENT}))),
        (a_case(due_on(FRIDAY)), a_wish(paused=True)),
        (a_case(due_on(FRIDAY)), a_wish(rhythm=Rhythm.DAILY)),
        (a_case(due_on(FRIDAY), muted_by=7), a_wish()),
        (a_case(due_on(FRIDAY), a_rating(Outcome.KEPT)), a_wish()),
        (a_case(due_on(FRIDAY), MOVED, a_rating(Outcome.WITHDRAWN)), a_wish()),
    ],
    ids=["undated", "unwanted", "paused", "in digests", "muted", "kept", "moved, then withdrawn"],
)
def test_some_have_no_reminders(case: Case, wish: SubscriptionWish) -> None:
    assert reminders_for(case, a_subscription(1, wish), NOW) == ()


def test_what_a_server_moved_is_reminded_of_on_its_new_day() -> None:
    keys = [one.key for one in reminders_for(a_case(due_on(FRIDAY), MOVED), a_subscription(), NOW)]

    assert keys == [f"remind:1:20:{lead}:2026-03-20" for lead in (1, 0, -1)]


def test_each_server_is_reminded_of_a_follow_up_as_it_sees_it() -> None:
    here, there = a_subscription(1, a_wish()), a_subscription(2, a_wish(guild_id=11, channel_id=30))
    followup = due_on(FRIDAY)
    cases = {10: a_case(followup, a_rating(Outcome.KEPT)), 11: a_case(followup)}

    assert {one.subscription_id for one in all_reminders(followup, [here, there], cases, NOW)} == {2}


def test_reminders_keep_the_local_hour_through_clock_changes() -> None:
    berlin = a_subscription(1, a_wish(zone="Europe/Berlin"))
    sunday = date(2026, 3, 29)  # clocks go forward on this day

    before, on, after = reminders_for(a_case(due_on(sunday)), berlin, NOW)

    assert [one.fires_at.hour for one in (before, on, after)] == [7, 6, 6]
    assert {one.fires_at.astimezone(berlin.wish.at.zone).hour for one in (before, on, after)} == {8}


def a_due_reminder(
    lead: int, *, last: date = FRIDAY, wish: SubscriptionWish | None = None, case: Case | None = None
) -> DueReminder:
    case = case or a_case(due_on(last))
    key = f"remind:1:20:{lead}:{last}"
    reminder = Reminder(key, at_eight(last - timedelta(days=lead)), 1, 5, lead)
    return DueReminder(7, reminder, case, a_subscription(5, wish or a_wish(role_id=9)))


def test_a_reminder_in_time_reminds_and_the_day_after_it_is_overdue() -> None:
    forms = {
        lead: alert and (alert.form, alert.key, alert.role_id)
        for lead in (1, 0, -1)
        for alert in [reminder_alert(a_due_reminder(lead), at_eight(FRIDAY - timedelta(days=lead)))]
    }

    assert forms == {
        1: (AlertForm.REMINDER, "remind:1:20:1:2026-03-06", 9),
        0: (AlertForm.REMINDER, "remind:1:20:0:2026-03-06", 9),
        -1: (AlertForm.OVERDUE, "remind:1:20:-1:2026-03-06", 9),
    }


@pytest.mark.parametrize(
    ("woken", "speaks"),
    [
        (at_eight(date(2026, 3, 6)) - timedelta(minutes=1), [1]),
        (at_eight(date(2026, 3, 6)), [0]),
        (at_eight(date(2026, 3, 6)) + timedelta(hours=15), [0]),
        (at_eight(date(2026, 3, 7)) - timedelta(hours=7), []),
        (at_eight(date(2026, 3, 7)), [-1]),
        (at_eight(date(2026, 3, 20)), [-1]),
    ],
)
def test_after_downtime_only_the_latest_reminder_speaks(woken: datetime, speaks: list[int]) -> None:
    due = [a_due_reminder(lead) for lead in (1, 0, -1) if at_eight(FRIDAY - timedelta(days=lead)) <= woken]

    spoken = [one.reminder.lead_days for one in due if reminder_alert(one, woken)]

    assert spoken == speaks


def test_who_is_reminded_at_all_is_asked_once_whether_it_happened() -> None:
    def leads(*chosen: int) -> list[int | None]:
        wish = a_wish(lead_days=chosen)
        return [one.lead_days for one in reminders_for(a_case(due_on(FRIDAY)), a_subscription(1, wish), NOW)]

    assert leads(0, 1) == [1, 0, -1]
    assert leads(1, -1) == [1, -1]
    assert leads(0, -7) == [0, -7], "asked a week after, as it was chosen"
    assert leads() == []


def test_the_question_is_not_asked_where_the_news_has_told() -> None:
    saturday = at_eight(FRIDAY + timedelta(days=1))
    asked, chosen = a_due_reminder(-1, wish=a_wish(lead_days=(1,))), a_due_reminder(-1)
    told = a_case(due_on(FRIDAY), suggestions=(a_suggestion(),))
    guessed = a_case(due_on(FRIDAY), suggestions=(a_suggestion(a_clue(confidence=0.4)),))

    for due, case, comes in ((asked, asked.case, True), (asked, guessed, True), (asked, told, False)):
        alert = reminder_alert(replace(due, case=case), saturday)
        assert (alert is not None and alert.form is AlertForm.OVERDUE) == comes
    assert reminder_alert(replace(chosen, case=told), saturday) is not None, "that day was asked for"


@given(st.sets(st.integers(-3, 10), min_size=1), st.integers(0, 40 * 24))
def test_however_long_it_slept_each_channel_hears_at_most_once(leads: set[int], hours: int) -> None:
    wish = a_wish(lead_days=tuple(leads))
    woken = datetime(2026, 2, 20, tzinfo=UTC) + timedelta(hours=hours)
    due = [
        a_due_reminder(lead, wish=wish) for lead in leads_of(wish) if at_eight(FRIDAY - timedelta(days=lead)) <= woken
    ]

    spoken = [one for one in due if reminder_alert(one, woken)]

    assert len(spoken) <= 1
    last_is_due = any(one.reminder.lead_days == min(leads_of(wish)) for one in due)
    assert spoken or not last_is_due, "the last of them is never swallowed"


def test_a_reminder_whose_order_or_follow_up_has_changed_is_silent() -> None:
    now = at_eight(FRIDAY)

    assert reminder_alert(a_due_reminder(0, wish=a_wish(lead_days=(1,))), now) is None
    assert reminder_alert(a_due_reminder(0, wish=a_wish(kinds=frozenset({Kind.EVENT}))), now) is None
    assert reminder_alert(replace(a_due_reminder(0), subscription=None), now) is None
    assert reminder_alert(replace(a_due_reminder(0), case=None), now) is None


@pytest.mark.parametrize(
    ("case", "wish"),
    [
        (a_case(due_on(FRIDAY), a_rating(Outcome.BROKEN)), a_wish()),
        (a_case(due_on(FRIDAY), muted_by=7), a_wish()),
        (a_case(due_on(FRIDAY)), a_wish(paused=True)),
        (a_case(due_on(FRIDAY)), a_wish(rhythm=Rhythm.WEEKLY)),
    ],
    ids=["rated", "muted", "paused", "in digests"],
)
def test_a_reminder_that_nobody_wants_any_more_is_silent(case: Case, wish: SubscriptionWish) -> None:
    assert reminder_alert(a_due_reminder(0, case=case, wish=wish), at_eight(FRIDAY)) is None


def test_a_reminder_in_quiet_hours_waits_for_their_end() -> None:
    alert = reminder_alert(a_due_reminder(0, wish=a_wish(quiet=QuietHours(22, 9))), at_eight(FRIDAY))

    assert alert is not None
    assert alert.not_before == at_eight(FRIDAY) + timedelta(hours=1)


@pytest.mark.parametrize("case", [None, a_case(a_followup(4))])
def test_a_personal_reminder_goes_to_the_person(case: Case | None) -> None:
    reminder = Reminder("p-1", NOW, case.followup.id if case else None, user_id=7, note="Call Vadehavn")

    alert = reminder_alert(DueReminder(1, reminder, case, None), NOW)

    ids = (4,) if case else ()
    key = f"personal:p-1:{int(NOW.timestamp())}"
    assert alert == Alert(key, AlertForm.PERSONAL, ids, user_id=7, note="Call Vadehavn")


def test_each_return_of_a_personal_reminder_is_an_alert_of_its_own() -> None:
    returns = [
        reminder_alert(DueReminder(1, Reminder("p-1", NOW + timedelta(days=day), user_id=7), None, None), NOW)
        for day in (0, 1)
    ]

    assert len({alert.key for alert in returns if alert}) == 2
