from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import MONDAY_NOON, a_followup, a_statement, a_telling, a_wish
from watchers.alerts import Notices, digest, notices, reminder_alert, reminders_for, spokesmen
from watchers.audience import (
    Alert,
    AlertForm,
    DigestBasket,
    DueReminder,
    LocalHour,
    Reminder,
    Rhythm,
    Subscription,
    SubscriptionWish,
)
from watchers.model import FollowUp, Interval, Kind

UTC_ZONE = ZoneInfo("UTC")
AT_EIGHT = LocalHour(UTC_ZONE)
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
    return notices(followup, telling, subscriptions, known=known, at=AT_EIGHT, now=now)


# --- who is told --------------------------------------------------------------------------------------------


def test_a_subscribed_channel_is_told_once_with_its_role() -> None:
    subscription = a_subscription(3, a_wish(channel_id=20, role_id=99))

    assert told(subscription).alerts == (Alert("said:1:20", AlertForm.SAID, 20, None, 99, (1,), 3, None),)


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


def test_a_daily_order_gathers() -> None:
    assert told(a_subscription(4, a_wish(rhythm=Rhythm.DAILY))) == Notices((), (4,))


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
    tokyo = LocalHour(ZoneInfo("Asia/Tokyo"))

    assert notices(followup, a_telling(), [a_subscription()], known=None, at=AT_EIGHT, now=midnight_ago).alerts
    assert not notices(followup, a_telling(), [a_subscription()], known=None, at=tokyo, now=midnight_ago).alerts


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
    reminders = reminders_for(due_on(FRIDAY), a_subscription(5), AT_EIGHT, NOW)

    assert [(one.key, one.fires_at) for one in reminders] == [
        ("remind:1:20:1:2026-03-06", at_eight(date(2026, 3, 5))),
        ("remind:1:20:0:2026-03-06", at_eight(FRIDAY)),
        ("remind:1:20:-1:2026-03-06", at_eight(date(2026, 3, 7))),
    ]
    assert {(one.followup_id, one.subscription_id, one.user_id) for one in reminders} == {(1, 5, None)}


def test_only_reminders_still_ahead_are_planned() -> None:
    assert [one.lead_days for one in reminders_for(due_on(FRIDAY), a_subscription(), AT_EIGHT, at_eight(FRIDAY))] == [
        -1
    ]


def test_undated_and_unwanted_follow_ups_have_no_reminders() -> None:
    undated = a_followup(1, statement=a_statement(due=None))
    events_only = a_subscription(1, a_wish(kinds=frozenset({Kind.EVENT})))

    assert reminders_for(undated, a_subscription(), AT_EIGHT, NOW) == ()
    assert reminders_for(due_on(FRIDAY), events_only, AT_EIGHT, NOW) == ()


def test_reminders_keep_the_local_hour_through_clock_changes() -> None:
    berlin = LocalHour(ZoneInfo("Europe/Berlin"), 8)
    sunday = date(2026, 3, 29)  # clocks go forward on this day

    before, on, after = reminders_for(due_on(sunday), a_subscription(), berlin, NOW)

    assert [one.fires_at.hour for one in (before, on, after)] == [7, 6, 6]
    assert {one.fires_at.astimezone(berlin.zone).hour for one in (before, on, after)} == {8}


def test_an_hour_the_clocks_skip_comes_after_the_gap() -> None:
    assert LocalHour(ZoneInfo("Europe/Berlin"), 2).on(date(2026, 3, 29)) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def a_due_reminder(
    lead: int, *, last: date = FRIDAY, wish: SubscriptionWish | None = None, followup: FollowUp | None = None
) -> DueReminder:
    followup = followup or due_on(last)
    key = f"remind:1:20:{lead}:{last}"
    reminder = Reminder(key, at_eight(last - timedelta(days=lead)), 1, 5, lead, None, None)
    return DueReminder(7, reminder, followup, a_subscription(5, wish or a_wish(role_id=9)))


def test_a_reminder_in_time_reminds_and_the_day_after_it_is_overdue() -> None:
    forms = {
        lead: alert and (alert.form, alert.key, alert.role_id)
        for lead in (1, 0, -1)
        for alert in [reminder_alert(a_due_reminder(lead), AT_EIGHT, at_eight(FRIDAY - timedelta(days=lead)))]
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

    spoken = [one.reminder.lead_days for one in due if reminder_alert(one, AT_EIGHT, woken)]

    assert spoken == speaks


def test_a_late_reminder_that_none_follows_tells_that_the_day_has_passed() -> None:
    late = a_due_reminder(1, wish=a_wish(lead_days=(1,)))

    alert = reminder_alert(late, AT_EIGHT, at_eight(date(2026, 3, 9)))

    assert alert is not None
    assert alert.form is AlertForm.OVERDUE


@given(st.sets(st.integers(-3, 10), min_size=1), st.integers(0, 40 * 24))
def test_however_long_it_slept_each_channel_hears_at_most_once(leads: set[int], hours: int) -> None:
    wish = a_wish(lead_days=tuple(leads))
    woken = datetime(2026, 2, 20, tzinfo=UTC) + timedelta(hours=hours)
    due = [a_due_reminder(lead, wish=wish) for lead in leads if at_eight(FRIDAY - timedelta(days=lead)) <= woken]

    spoken = [one for one in due if reminder_alert(one, AT_EIGHT, woken)]

    assert len(spoken) <= 1
    last_is_due = any(one.reminder.lead_days == min(leads) for one in due)
    assert spoken or not last_is_due, "the last of them is never swallowed"


def test_a_reminder_whose_order_or_follow_up_has_changed_is_silent() -> None:
    now = at_eight(FRIDAY)

    assert reminder_alert(a_due_reminder(0, wish=a_wish(lead_days=(1,))), AT_EIGHT, now) is None
    assert reminder_alert(a_due_reminder(0, wish=a_wish(kinds=frozenset({Kind.EVENT}))), AT_EIGHT, now) is None
    assert reminder_alert(replace(a_due_reminder(0), subscription=None), AT_EIGHT, now) is None
    assert reminder_alert(replace(a_due_reminder(0), followup=None), AT_EIGHT, now) is None


@pytest.mark.parametrize("followup", [None, a_followup(4)])
def test_a_personal_reminder_goes_to_the_person(followup: FollowUp | None) -> None:
    reminder = Reminder("p-1", NOW, followup.id if followup else None, None, None, 7, "Call Vadehavn")

    alert = reminder_alert(DueReminder(1, reminder, followup, None), AT_EIGHT, NOW)

    ids = (4,) if followup else ()
    assert alert == Alert("personal:p-1", AlertForm.PERSONAL, None, 7, None, ids, None, "Call Vadehavn")


# --- digests ------------------------------------------------------------------------------------------------


def test_a_digest_goes_out_at_the_hour_of_the_local_day() -> None:
    tokyo = LocalHour(ZoneInfo("Asia/Tokyo"), 8)
    basket = DigestBasket(a_subscription(5, a_wish(role_id=9, rhythm=Rhythm.DAILY)), (3, 4))
    eight_there = datetime(2026, 3, 2, 23, tzinfo=UTC)

    assert digest(basket, tokyo, eight_there - timedelta(seconds=1)) is None
    assert digest(basket, tokyo, eight_there) == Alert(
        "digest:5:2026-03-03", AlertForm.DIGEST, 20, None, 9, (3, 4), 5, None
    )


def test_an_empty_basket_makes_no_digest() -> None:
    assert digest(DigestBasket(a_subscription(), ()), AT_EIGHT, NOW) is None
