"""The interval table, row by row: what each wording of a time makes of the days a statement falls due."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.matcher.english.frames import BEFORE, NEEDS
from watchers.matcher.temporal import Due, TimeMention, due_interval, read_times
from watchers.model import Precision

WEDNESDAY = date(2026, 3, 4)
THURSDAY = date(2026, 12, 31)
SATURDAY = date(2026, 3, 7)
SUNDAY = date(2026, 3, 8)
LEAP_EVE = date(2028, 2, 28)


def due_of(sentence: str, anchor: date) -> Due | None:
    """Read the sentence; the time in [brackets] is the one asked about, or the only one."""
    marked = re.search(r"\[(.+?)\]", sentence)
    text = sentence.replace("[", "").replace("]", "")
    mentions = [
        m for m in read_times(text, anchor) if marked is None or (m.start < marked.end() - 1 and m.end > marked.start())
    ]
    assert mentions, f"no time found in {text!r}"
    return due_interval(mentions[0], text, anchor)


def days_of(sentence: str, anchor: date) -> str | None:
    due = due_of(sentence, anchor)
    return None if due is None else f"{due.interval.first} {due.interval.last}"


ROWS: dict[str, list[tuple[date, str, str]]] = {
    "today, tonight, tomorrow, overnight": [
        (WEDNESDAY, "The envoys will meet today.", "2026-03-04 2026-03-04"),
        (WEDNESDAY, "A vote is expected tonight.", "2026-03-04 2026-03-04"),
        (WEDNESDAY, "The minister travels tomorrow.", "2026-03-05 2026-03-05"),
        (THURSDAY, "They will sign tomorrow morning.", "2027-01-01 2027-01-01"),
        (LEAP_EVE, "They will sign tomorrow.", "2028-02-29 2028-02-29"),
        (WEDNESDAY, "Talks will go on overnight.", "2026-03-04 2026-03-05"),
        (WEDNESDAY, "They fly home the day after tomorrow.", "2026-03-06 2026-03-06"),
    ],
    "a bare weekday is the next one": [
        (WEDNESDAY, "The council will vote on Friday.", "2026-03-06 2026-03-06"),
        (WEDNESDAY, "The council votes Friday.", "2026-03-06 2026-03-06"),
        (WEDNESDAY, "The council will vote this Friday.", "2026-03-06 2026-03-06"),
        (WEDNESDAY, "The council will vote on Wednesday.", "2026-03-04 2026-03-04"),
        (WEDNESDAY, "The council will vote on Tuesday evening.", "2026-03-10 2026-03-10"),
        (THURSDAY, "Talks resume on Monday.", "2027-01-04 2027-01-04"),
        (WEDNESDAY, "Friday's summit will decide.", "2026-03-06 2026-03-06"),
    ],
    "by, until, no later than": [
        (WEDNESDAY, "Norland must answer by Friday.", "2026-03-04 2026-03-06"),
        (WEDNESDAY, "Norland has until 1 October.", "2026-03-04 2026-10-01"),
        (WEDNESDAY, "Norland must answer no later than next Tuesday.", "2026-03-04 2026-03-10"),
        (WEDNESDAY, "It must be done by mid-August.", "2026-03-04 2026-08-20"),
        (WEDNESDAY, "It must be done by June.", "2026-03-04 2026-06-30"),
        (WEDNESDAY, "The mandate runs through May 2027.", "2026-03-04 2027-05-31"),
        (WEDNESDAY, "It should be ready by 2028.", "2026-03-04 2028-12-31"),
        (WEDNESDAY, "The offer stands until the 12th.", "2026-03-04 2026-03-12"),
        (WEDNESDAY, "They should decide by Friday at the latest.", "2026-03-04 2026-03-06"),
        (WEDNESDAY, "The truce was extended to 30 June.", "2026-03-04 2026-06-30"),
    ],
    "before": [
        (WEDNESDAY, "Troops will leave before Friday.", "2026-03-04 2026-03-05"),
        (WEDNESDAY, "Troops will leave before April.", "2026-03-04 2026-03-31"),
        (WEDNESDAY, "Troops will leave before next week.", "2026-03-04 2026-03-08"),
        (WEDNESDAY, "They will press for it ahead of Monday's summit.", "2026-03-04 2026-03-08"),
        (WEDNESDAY, "Norland, which did not sign, must leave before Friday.", "2026-03-04 2026-03-05"),
        (WEDNESDAY, "They hope for a deal ahead of 1 May.", "2026-03-04 2026-04-30"),
        (WEDNESDAY, "Troops will leave before the end of the year.", "2026-03-04 2026-12-31"),
    ],
    "next weekday": [
        (WEDNESDAY, "They will meet next Friday.", "2026-03-13 2026-03-13"),
        (SUNDAY, "They will meet next Friday.", "2026-03-13 2026-03-13"),
        (THURSDAY, "They will meet next Monday.", "2027-01-04 2027-01-04"),
        (WEDNESDAY, "They will meet on Tuesday of next week.", "2026-03-10 2026-03-10"),
    ],
    "this week, month, year": [
        (WEDNESDAY, "They will meet this week.", "2026-03-04 2026-03-08"),
        (WEDNESDAY, "They will meet later this week.", "2026-03-04 2026-03-08"),
        (WEDNESDAY, "They will meet later this month.", "2026-03-04 2026-03-31"),
        (LEAP_EVE, "They will meet this month.", "2028-02-28 2028-02-29"),
        (WEDNESDAY, "They will meet this year.", "2026-03-04 2026-12-31"),
        (THURSDAY, "They will meet later this year.", "2026-12-31 2026-12-31"),
        (SATURDAY, "They will meet this week.", "2026-03-07 2026-03-08"),
    ],
    "next week, month, year": [
        (WEDNESDAY, "They will meet next week.", "2026-03-09 2026-03-15"),
        (THURSDAY, "They will meet next week.", "2027-01-04 2027-01-10"),
        (WEDNESDAY, "They will meet next month.", "2026-04-01 2026-04-30"),
        (date(2027, 12, 6), "They will meet next month.", "2028-01-01 2028-01-31"),
        (WEDNESDAY, "They will meet next year.", "2027-01-01 2027-12-31"),
        (WEDNESDAY, "They will meet in the new year.", "2027-01-01 2027-12-31"),
        (WEDNESDAY, "They will meet in the coming week.", "2026-03-09 2026-03-15"),
        (date(2028, 1, 31), "They will meet next month.", "2028-02-01 2028-02-29"),
    ],
    "early, mid, late in a week": [
        (WEDNESDAY, "They will meet early next week.", "2026-03-09 2026-03-11"),
        (WEDNESDAY, "They will meet in the middle of next week.", "2026-03-11 2026-03-12"),
        (WEDNESDAY, "They will meet late next week.", "2026-03-12 2026-03-15"),
        (WEDNESDAY, "They will meet midway or late in the week.", "2026-03-05 2026-03-08"),
    ],
    "early, mid, late in a month": [
        (WEDNESDAY, "They will meet in early April.", "2026-04-01 2026-04-10"),
        (WEDNESDAY, "They will meet in mid-April.", "2026-04-11 2026-04-20"),
        (WEDNESDAY, "They will meet in late April.", "2026-04-21 2026-04-30"),
        (WEDNESDAY, "They will meet early next month.", "2026-04-01 2026-04-10"),
        (WEDNESDAY, "They will meet in mid-to-late April.", "2026-04-11 2026-04-30"),
        (WEDNESDAY, "They will meet in early or mid April.", "2026-04-01 2026-04-20"),
        (WEDNESDAY, "They will meet late this month.", "2026-03-21 2026-03-31"),
        (date(2028, 1, 10), "They will meet in late February.", "2028-02-21 2028-02-29"),
    ],
    "the end of a span": [
        (WEDNESDAY, "They will finish at the end of next week.", "2026-03-13 2026-03-15"),
        (WEDNESDAY, "They will finish by the end of next week.", "2026-03-04 2026-03-15"),
        (WEDNESDAY, "They will finish by the end of the month.", "2026-03-04 2026-03-31"),
        (WEDNESDAY, "They will finish at the end of April.", "2026-04-21 2026-04-30"),
        (WEDNESDAY, "They will finish by the end of 2027.", "2026-03-04 2027-12-31"),
        (WEDNESDAY, "They will finish at the end of the year.", "2026-09-01 2026-12-31"),
        (WEDNESDAY, "They will finish by year's end.", "2026-03-04 2026-12-31"),
        (WEDNESDAY, "They will finish by year-end.", "2026-03-04 2026-12-31"),
        (WEDNESDAY, "They will finish by the end of the week.", "2026-03-04 2026-03-08"),
    ],
    "the beginning of a span": [
        (WEDNESDAY, "It opens at the beginning of next week.", "2026-03-09 2026-03-11"),
        (WEDNESDAY, "It opens at the start of May.", "2026-05-01 2026-05-10"),
        (WEDNESDAY, "It opens at the beginning of next year.", "2027-01-01 2027-04-30"),
    ],
    "weekends": [
        (WEDNESDAY, "They will talk this weekend.", "2026-03-07 2026-03-08"),
        (WEDNESDAY, "They will talk over the weekend.", "2026-03-07 2026-03-08"),
        (SATURDAY, "They will talk this weekend.", "2026-03-07 2026-03-08"),
        (WEDNESDAY, "They will talk next weekend.", "2026-03-14 2026-03-15"),
        (THURSDAY, "They will talk this weekend.", "2027-01-02 2027-01-03"),
    ],
    "within N units": [
        (WEDNESDAY, "It must comply within 90 days.", "2026-03-04 2026-06-02"),
        (WEDNESDAY, "It must comply in the next two weeks.", "2026-03-04 2026-03-18"),
        (WEDNESDAY, "It will send aid over the next five weeks.", "2026-03-04 2026-04-08"),
        (WEDNESDAY, "It will send aid within three months.", "2026-03-04 2026-06-04"),
        (date(2027, 11, 30), "It will send aid within three months.", "2027-11-30 2028-02-29"),
        (WEDNESDAY, "It will send aid within the week.", "2026-03-04 2026-03-11"),
        (WEDNESDAY, "It will send aid within a year.", "2026-03-04 2027-03-04"),
        (WEDNESDAY, "It will send aid in less than a week.", "2026-03-04 2026-03-11"),
        (WEDNESDAY, "It will send aid within twenty-one days.", "2026-03-04 2026-03-25"),
    ],
    "in N units": [
        (WEDNESDAY, "Sanctions take effect in six months.", "2026-09-04 2026-09-04"),
        (WEDNESDAY, "They will meet again in ten days.", "2026-03-14 2026-03-14"),
        (WEDNESDAY, "They will meet three weeks from now.", "2026-03-25 2026-03-25"),
        (WEDNESDAY, "They will meet two weeks from Friday.", "2026-03-20 2026-03-20"),
        (date(2028, 1, 31), "They will meet in one month.", "2028-02-29 2028-02-29"),
        (LEAP_EVE, "They will meet in a year.", "2029-02-28 2029-02-28"),
        (WEDNESDAY, "They vote in just over two weeks.", "2026-03-18 2026-03-18"),
    ],
    "deadlines of N units": [
        (WEDNESDAY, "He gave Norland a 50-day deadline.", "2026-03-04 2026-04-23"),
        (WEDNESDAY, "He gave Norland two weeks to answer.", "2026-03-04 2026-03-18"),
        (WEDNESDAY, "They have ten days to reach a deal.", "2026-03-04 2026-03-14"),
        (WEDNESDAY, "The Union was granted six more months.", "2026-03-04 2026-09-04"),
        (WEDNESDAY, "Norland set an 18-month timetable.", "2026-03-04 2027-09-04"),
    ],
    "in N to M units": [
        (WEDNESDAY, "They will meet in two to three weeks.", "2026-03-18 2026-03-25"),
        (WEDNESDAY, "They will meet in 10-14 days.", "2026-03-14 2026-03-18"),
        (WEDNESDAY, "They will decide within five or six days.", "2026-03-04 2026-03-10"),
    ],
    "hours": [
        (WEDNESDAY, "They will answer within hours.", "2026-03-04 2026-03-05"),
        (WEDNESDAY, "They will answer in the coming hours.", "2026-03-04 2026-03-05"),
        (WEDNESDAY, "They will answer within 24 hours.", "2026-03-04 2026-03-05"),
        (WEDNESDAY, "They will answer within 48 hours.", "2026-03-04 2026-03-06"),
        (WEDNESDAY, "They will answer in the next 72 hours.", "2026-03-04 2026-03-07"),
    ],
    "a couple of units": [
        (WEDNESDAY, "They will answer within a couple of days.", "2026-03-04 2026-03-06"),
        (WEDNESDAY, "They will answer in a couple of weeks.", "2026-03-18 2026-03-18"),
        (WEDNESDAY, "They will answer over the next couple of years.", "2026-03-04 2028-03-04"),
    ],
    "days": [
        (WEDNESDAY, "They will answer within days.", "2026-03-04 2026-03-11"),
        (WEDNESDAY, "It is a matter of days, he said.", "2026-03-04 2026-03-11"),
        (WEDNESDAY, "They will answer in a few days.", "2026-03-04 2026-03-11"),
        (WEDNESDAY, "They will answer over the next several days.", "2026-03-04 2026-03-11"),
        (WEDNESDAY, "They will answer in the coming days.", "2026-03-04 2026-03-11"),
        (WEDNESDAY, "They will answer in the days ahead.", "2026-03-04 2026-03-11"),
        (WEDNESDAY, "It is a matter of hours or days.", "2026-03-04 2026-03-11"),
    ],
    "weeks": [
        (WEDNESDAY, "They will answer in the coming weeks.", "2026-03-04 2026-04-01"),
        (WEDNESDAY, "They will answer within weeks.", "2026-03-04 2026-04-01"),
        (WEDNESDAY, "They will answer in several weeks.", "2026-03-04 2026-04-01"),
        (WEDNESDAY, "That process could take weeks.", "2026-03-04 2026-04-01"),
        (WEDNESDAY, "They will answer within the next few weeks.", "2026-03-04 2026-04-01"),
    ],
    "months": [
        (WEDNESDAY, "They will answer in the coming months.", "2026-03-04 2026-08-31"),
        (WEDNESDAY, "They will answer within months.", "2026-03-04 2026-08-31"),
        (WEDNESDAY, "They will answer in the coming weeks and months.", "2026-03-04 2026-08-31"),
        (WEDNESDAY, "They will answer a few months from now.", "2026-03-04 2026-08-31"),
    ],
    "a fortnight": [
        (WEDNESDAY, "They will answer within a fortnight.", "2026-03-04 2026-03-18"),
        (WEDNESDAY, "They will meet in a fortnight.", "2026-03-18 2026-03-18"),
        (WEDNESDAY, "A no-deal exit looms in two weeks' time.", "2026-03-18 2026-03-18"),
        (WEDNESDAY, "A no-deal exit looms in two weeks’ time.", "2026-03-18 2026-03-18"),
    ],
    "seasons": [
        (WEDNESDAY, "They will meet this summer.", "2026-06-01 2026-08-31"),
        (WEDNESDAY, "They will meet in the spring.", "2026-03-04 2026-05-31"),
        (WEDNESDAY, "They will meet in the autumn.", "2026-09-01 2026-11-30"),
        (WEDNESDAY, "They will meet in the fall of 2027.", "2027-09-01 2027-11-30"),
        (WEDNESDAY, "They will meet this winter.", "2026-12-01 2027-02-28"),
        (WEDNESDAY, "They will finish by next spring.", "2026-03-04 2027-05-31"),
    ],
    "halves and quarters": [
        (WEDNESDAY, "It opens in the first half of 2027.", "2027-01-01 2027-06-30"),
        (WEDNESDAY, "It opens in the second half of the year.", "2026-07-01 2026-12-31"),
        (WEDNESDAY, "It opens in the second half of next year.", "2027-07-01 2027-12-31"),
        (WEDNESDAY, "It opens in Q3 2026.", "2026-07-01 2026-09-30"),
        (WEDNESDAY, "It opens in the fourth quarter.", "2026-10-01 2026-12-31"),
        (WEDNESDAY, "It opens in the first quarter of next year.", "2027-01-01 2027-03-31"),
        (WEDNESDAY, "It opens in the second half of May.", "2026-05-16 2026-05-31"),
        (WEDNESDAY, "It opens in the first half of next month.", "2026-04-01 2026-04-15"),
        (WEDNESDAY, "It opens next quarter.", "2026-04-01 2026-06-30"),
    ],
    "named days": [
        (WEDNESDAY, "The truce holds until Christmas.", "2026-03-04 2026-12-25"),
        (WEDNESDAY, "They will meet on Christmas Eve.", "2026-12-24 2026-12-24"),
        (WEDNESDAY, "They will free prisoners by Easter.", "2026-03-04 2026-04-05"),
        (WEDNESDAY, "They will free prisoners on Good Friday.", "2026-04-03 2026-04-03"),
        (WEDNESDAY, "They will free prisoners by New Year's Eve.", "2026-03-04 2026-12-31"),
        (WEDNESDAY, "The exit comes on Halloween.", "2026-10-31 2026-10-31"),
        (date(2026, 1, 20), "Talks are to be held during Ramadan.", "2026-02-18 2026-03-19"),
        (WEDNESDAY, "A truce is planned until the end of Ramadan.", "2026-03-04 2026-03-19"),
        (WEDNESDAY, "A truce is planned for Eid al-Adha.", "2026-05-27 2026-05-29"),
        (WEDNESDAY, "They will gather on Thanksgiving Day.", "2026-11-26 2026-11-26"),
        (WEDNESDAY, "They will vote on Election Day.", "2026-11-03 2026-11-03"),
    ],
    "from, starting, as of, after, effective": [
        (WEDNESDAY, "Tariffs apply from Monday.", "2026-03-09 2026-03-09"),
        (WEDNESDAY, "Tariffs apply starting 1 May.", "2026-05-01 2026-05-01"),
        (WEDNESDAY, "Tariffs apply as of next month.", "2026-04-01 2026-04-30"),
        (WEDNESDAY, "Talks will go on after Friday.", "2026-03-06 2026-03-06"),
        (WEDNESDAY, "He resigns, effective June 30.", "2026-06-30 2026-06-30"),
    ],
    "X or Y, X to Y, between X and Y": [
        (WEDNESDAY, "Talks are set for Thursday and Friday.", "2026-03-05 2026-03-06"),
        (WEDNESDAY, "Talks are set for Monday or Tuesday.", "2026-03-09 2026-03-10"),
        (WEDNESDAY, "Talks are set for Tuesday, Wednesday and Thursday.", "2026-03-10 2026-03-12"),
        (WEDNESDAY, "The summit is on June 20-21.", "2026-06-20 2026-06-21"),
        (WEDNESDAY, "The summit is on 20–21 June.", "2026-06-20 2026-06-21"),
        (WEDNESDAY, "The site will close between May 23 and 25.", "2026-05-23 2026-05-25"),
        (WEDNESDAY, "The site will close between 23 May and 2 June.", "2026-05-23 2026-06-02"),
        (WEDNESDAY, "The site will close on 23 or 24 May.", "2026-05-23 2026-05-24"),
        (WEDNESDAY, "He will visit from Sunday to Tuesday.", "2026-03-08 2026-03-10"),
        (WEDNESDAY, "It will open in May or June.", "2026-05-01 2026-06-30"),
        (THURSDAY, "It will close December 31-January 2.", "2026-12-31 2027-01-02"),
        (WEDNESDAY, "They have a week, or a week and a half.", "2026-03-04 2026-03-15"),
    ],
    "months, years and bare dates": [
        (WEDNESDAY, "The summit is set for October 2027.", "2027-10-01 2027-10-31"),
        (WEDNESDAY, "The alliance meets in 2028.", "2028-01-01 2028-12-31"),
        (WEDNESDAY, "They will sign on 9 July 2026.", "2026-07-09 2026-07-09"),
        (WEDNESDAY, "They will sign on July 9, 2026.", "2026-07-09 2026-07-09"),
        (WEDNESDAY, "They will sign on 2026-07-09.", "2026-07-09 2026-07-09"),
        (WEDNESDAY, "They will sign on Nov. 25.", "2026-11-25 2026-11-25"),
        (WEDNESDAY, "They will sign on the 9th of July.", "2026-07-09 2026-07-09"),
        (WEDNESDAY, "They will sign on 3 March.", "2027-03-03 2027-03-03"),
        (WEDNESDAY, "They will sign on 29 February.", "2028-02-29 2028-02-29"),
        (WEDNESDAY, "They will meet in January.", "2027-01-01 2027-01-31"),
        (WEDNESDAY, "They will meet in March.", "2026-03-04 2026-03-31"),
        (WEDNESDAY, "They will meet in the week of 6 April.", "2026-04-06 2026-04-12"),
        (WEDNESDAY, "They will meet in the third week of this month.", "2026-03-16 2026-03-22"),
        (WEDNESDAY, "They will meet on the first Monday of May.", "2026-05-04 2026-05-04"),
        (WEDNESDAY, "They could meet on the 12th.", "2026-03-12 2026-03-12"),
        (WEDNESDAY, "They will meet on Tuesday, 10 March.", "2026-03-10 2026-03-10"),
    ],
    "the deadline itself": [
        (WEDNESDAY, "The March 20 deadline will not move.", "2026-03-20 2026-03-20"),
        (WEDNESDAY, "Friday's deadline stands.", "2026-03-06 2026-03-06"),
        (WEDNESDAY, "They face a deadline of 1 May.", "2026-05-01 2026-05-01"),
        (WEDNESDAY, "The deadline is next Tuesday.", "2026-03-10 2026-03-10"),
        (WEDNESDAY, "They talk ahead of a June 10 deadline.", "2026-06-10 2026-06-10"),
    ],
    "not before": [
        (WEDNESDAY, "The vote could come as early as Friday.", "2026-03-06 2026-03-06"),
        (WEDNESDAY, "The vote will not come until December.", "2026-12-01 2026-12-31"),
        (WEDNESDAY, "A decision is unlikely before next month.", "2026-04-01 2026-04-30"),
        (WEDNESDAY, "The vote will come on Friday at the earliest.", "2026-03-06 2026-03-06"),
        (WEDNESDAY, "The vote was postponed to 12 May.", "2026-05-12 2026-05-12"),
        (WEDNESDAY, "They will have to wait until October.", "2026-10-01 2026-10-31"),
    ],
    "takes, is valid for, is left": [
        (WEDNESDAY, "The transfer will take three weeks.", "2026-03-04 2026-03-25"),
        (WEDNESDAY, "The waiver is valid for 90 days.", "2026-03-04 2026-06-02"),
        (WEDNESDAY, "Only ten days are left.", "2026-03-04 2026-03-14"),
    ],
    "N units from a day the text gives": [
        (WEDNESDAY, "They must leave [within 60 days] of 10 March.", "2026-03-10 2026-05-09"),
        (WEDNESDAY, "Ministers meet on 11 March and leaders will meet [three days later].", "2026-03-14 2026-03-14"),
    ],
    "this week on a Sunday": [
        (SUNDAY, "They will vote this week.", "2026-03-09 2026-03-15"),
        (SUNDAY, "They will vote later this week.", "2026-03-09 2026-03-15"),
        (SUNDAY, "They will vote early this week.", "2026-03-09 2026-03-11"),
        (SUNDAY, "They will vote by the end of this week.", "2026-03-08 2026-03-15"),
        (SUNDAY, "They vote this week and [next week].", "2026-03-16 2026-03-22"),
        (SUNDAY, "They will vote next week.", "2026-03-09 2026-03-15"),
        (date(2026, 12, 27), "They will vote this week.", "2026-12-28 2027-01-03"),
    ],
    "before an event on a day": [
        (WEDNESDAY, "They will decide before the meeting on 7 May.", "2026-03-04 2026-05-06"),
        (WEDNESDAY, "They will decide ahead of the Odense summit on 7 July.", "2026-03-04 2026-07-06"),
        (WEDNESDAY, "They will decide ahead of the 24 June summit.", "2026-03-04 2026-06-23"),
        (WEDNESDAY, "They will decide before talks in Doha on Sunday.", "2026-03-04 2026-03-07"),
        (WEDNESDAY, "They will decide prior to the elections set for 12 April.", "2026-03-04 2026-04-11"),
        (WEDNESDAY, "They will decide at the meeting on 7 May.", "2026-05-07 2026-05-07"),
        (WEDNESDAY, "They will decide after the meeting on 7 May.", "2026-05-07 2026-05-07"),
        (WEDNESDAY, "They had met before, and will meet on 7 May.", "2026-05-07 2026-05-07"),
    ],
    "moved from one day to another": [
        (WEDNESDAY, "The vote was moved from 12 April [to 22 May].", "2026-05-22 2026-05-22"),
        (WEDNESDAY, "The vote will be moved from Thursday [to Friday].", "2026-03-06 2026-03-06"),
        (WEDNESDAY, "The vote was brought forward from 12 June [to 22 May].", "2026-05-22 2026-05-22"),
        (WEDNESDAY, "They will sit from Monday to Wednesday.", "2026-03-09 2026-03-11"),
    ],
    "what was told before it": [
        (WEDNESDAY, "They will meet on 7 May and vote [the following Monday].", "2026-05-11 2026-05-11"),
        (WEDNESDAY, "They will meet on 7 May and vote [the same day].", "2026-05-07 2026-05-07"),
        (WEDNESDAY, "They will meet on 7 May and vote [the next day].", "2026-05-08 2026-05-08"),
        (WEDNESDAY, "They will meet on 7 May and vote [two days afterwards].", "2026-05-09 2026-05-09"),
    ],
    "dates with slashes, weeks by their first day": [
        (WEDNESDAY, "The deadline is 13/04/2026.", "2026-04-13 2026-04-13"),
        (WEDNESDAY, "They must answer by 04/13/2026.", "2026-03-04 2026-04-13"),
        (WEDNESDAY, "They will meet in the week beginning 9 March.", "2026-03-09 2026-03-15"),
        (WEDNESDAY, "They will meet the week after next.", "2026-03-16 2026-03-22"),
        (WEDNESDAY, "They will meet on Tuesday week.", "2026-03-17 2026-03-17"),
    ],
    "a fiscal year": [
        (WEDNESDAY, "The money is for fiscal 2027.", "2027-01-01 2027-12-31"),
        (WEDNESDAY, "The money is for next fiscal year.", "2027-01-01 2027-12-31"),
        (WEDNESDAY, "Washington set the money aside for fiscal 2027.", "2026-10-01 2027-09-30"),
        (WEDNESDAY, "Washington will pay in the next fiscal year.", "2026-10-01 2027-09-30"),
        (date(2026, 11, 4), "Washington will pay in the next fiscal year.", "2027-10-01 2028-09-30"),
        (WEDNESDAY, "Tokyo will pay this fiscal year.", "2026-03-04 2026-03-31"),
        (date(2026, 4, 1), "Tokyo will pay this fiscal year.", "2026-04-01 2027-03-31"),
        (WEDNESDAY, "Canberra will pay this fiscal year.", "2026-03-04 2026-06-30"),
    ],
}


@pytest.mark.parametrize(
    ("anchor", "sentence", "expected"),
    [case for cases in ROWS.values() for case in cases],
    ids=lambda value: str(value)[:60],
)
def test_a_row_of_the_table(anchor: date, sentence: str, expected: str) -> None:
    assert days_of(sentence, anchor) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "An accord will come soon.",
        "They will meet in the near future.",
        "The council meets every month.",
        "The ministers hold weekly talks.",
        "The war began last year.",
        "It will end what started two weeks ago.",
        "The 44-year-old will travel.",
        "He is on a three-day visit.",
        "They were held for two hours.",
        "Sales for the year will fall.",
        "They had to leave within 60 days of 10 March 2019.",
        "The vote was moved from 12 April.",
        "It has been on the agenda since Monday.",
        "The sector will grow in the coming years.",
        "The treaty of 1987 will be kept.",
        "It would be the first visit in ten years.",
    ],
)
def test_what_bounds_nothing(sentence: str) -> None:
    mentions = read_times(sentence, WEDNESDAY)
    assert [due_interval(mention, sentence, WEDNESDAY) for mention in mentions] == [None] * len(mentions)


@pytest.mark.parametrize(
    ("sentence", "precision"),
    [
        ("They will answer by Friday.", Precision.EXACT),
        ("They will answer within 48 hours.", Precision.EXACT),
        ("They will answer within days.", Precision.VAGUE),
        ("They will answer in the coming weeks.", Precision.VAGUE),
        ("They will answer early next month.", Precision.EXACT),
    ],
)
def test_precision(sentence: str, precision: Precision) -> None:
    due = due_of(sentence, WEDNESDAY)
    assert due is not None
    assert due.precision is precision


def test_a_due_interval_names_the_rules_that_made_it() -> None:
    due = due_of("Norland must answer by Friday.", WEDNESDAY)
    assert due is not None
    assert due.rules == ("weekday", "by")


@pytest.mark.parametrize("shift", range(7))
def test_a_bare_weekday_is_never_behind_the_anchor(shift: int) -> None:
    anchor = WEDNESDAY + timedelta(days=shift)
    due = due_of("The council will vote on Friday.", anchor)
    assert due is not None
    assert due.interval.first == due.interval.last
    assert due.interval.first.weekday() == 4
    assert 0 <= (due.interval.first - anchor).days < 7


def test_words_are_counted_from_the_anchor_and_not_from_the_day_of_reading() -> None:
    text = "He said that they will sign within two weeks."
    mention = read_times(text, WEDNESDAY)[-1]
    due = due_interval(mention, text, date(2026, 3, 2))
    assert due is not None
    assert due.interval.last == date(2026, 3, 16)


RELATIVE = st.sampled_from(
    [
        "They will meet on Friday.",
        "They will meet next week.",
        "They will meet late next week.",
        "They will meet within ten days.",
        "They will meet this weekend.",
        "They will meet by the end of this week.",
        "They will meet in three weeks.",
    ]
)


@given(sentence=RELATIVE, day=st.dates(date(1900, 1, 1), date(2099, 1, 1)), weeks=st.integers(1, 40))
def test_whole_weeks_later_everything_relative_is_whole_weeks_later(sentence: str, day: date, weeks: int) -> None:
    shift = timedelta(weeks=weeks)
    here, there = due_of(sentence, day), due_of(sentence, day + shift)
    assert here is not None
    assert there is not None
    assert (there.interval.first - here.interval.first, there.interval.last - here.interval.last) == (shift, shift)


WORDS = (
    "by until within in the next last this week weeks month year 3 12 2027 0000 9999 31 99 May March Friday "
    "and or to - , . end of early late mid a few couple days hours from after before deadline 5 p.m. : 30 "
    "second quarter half Q3 Easter fiscal Ramadan ago later every two hundred thousand million ' s 1990s "
    "February 29 election day nineteen ninety new"
)
PIECES = st.lists(st.sampled_from(WORDS.split()), max_size=25).map(" ".join)


@given(text=PIECES | st.text(max_size=200), day=st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_no_text_breaks_it(text: str, day: date) -> None:
    end = 0
    for mention in read_times(text, day):
        assert text[mention.start : mention.end] == mention.text == mention.timex.text
        assert end <= mention.start < mention.end <= mention.reach
        end = mention.end
        _check_order(mention, due_interval(mention, text, day), day)


def _check_order(mention: TimeMention, due: Due | None, day: date) -> None:
    if mention.span is not None:
        assert mention.span.first <= mention.span.last
    if due is not None:
        assert due.interval.last >= day


def test_the_words_a_frame_is_looked_for_by_are_in_whatever_it_fits() -> None:
    sentences = [sentence.lower() for cases in ROWS.values() for _, sentence, _ in cases]
    sentences += [
        "it was postponed to ",
        "do so in the runup to ",
        "it is renewed until ",
        "a time limit of ",
        "nothing till ",
    ]
    before = [sentence[:end] + " " for sentence in sentences for end in range(len(sentence)) if sentence[end] == " "]
    fits = [(name, words) for name, _, pattern in BEFORE for words in before if pattern.search(words)]
    assert {name for name, _ in fits} >= {"by", "before", "from", "before_event", "moved_from", "put_off_to"}
    assert all(any(need in words for need in NEEDS.get(name, ("",))) for name, words in fits)
