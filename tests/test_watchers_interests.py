"""What an order takes always comes through one of its doors: said of any order and any follow-up."""

from __future__ import annotations

import re
import sys
from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.factories import THIS_WEEK, a_followup, a_statement, a_telling, a_wish
from watchers.alerts import spokesmen
from watchers.audience import Dating, Subscription, SubscriptionWish, Wants
from watchers.interests import Filing, Offer, filing_of, offer_of
from watchers.model import FollowUp, Kind, Precision

# Few of each, so that what is wanted is often there; letters whose case is more than one pair.
NAMES = st.sampled_from(
    ["Ada Berg", "BERG", "Élysée", "élysée palace", "\u017ftraße", "STRAẞE", "Kelvin", "İnci", "\u0131nci", "?!"]
)
NAMED = st.one_of(NAMES, st.text(st.sampled_from("aAbB éÉßẞ\u017fsSkK\u212aiİ\u0131I'-"), min_size=1, max_size=6))
COUNTRIES = st.frozensets(st.sampled_from(["FR", "UA", "US"]))
TOPICS = st.frozensets(st.sampled_from(["norland", "grain", "own:7"]), max_size=2)

wishes = st.builds(
    lambda wants, topic, paused: replace(a_wish(topic=topic, paused=paused), wants=wants),
    st.builds(
        Wants,
        kinds=st.frozensets(st.sampled_from(Kind), min_size=1),
        speakers=st.lists(NAMED, max_size=2).map(tuple),
        countries=COUNTRIES,
        dating=st.sampled_from(Dating),
        min_outlets=st.integers(1, 3),
    ),
    st.sampled_from(["*", "norland", "grain", "own:7"]),
    st.booleans(),
)


@st.composite
def followups(draw: st.DrawFn) -> FollowUp:
    due = draw(st.sampled_from([None, THIS_WEEK]))
    statement = a_statement(
        kind=draw(st.sampled_from(Kind)),
        due=due,
        speaker=draw(st.none() | NAMED | st.lists(NAMED, min_size=2, max_size=3).map(" ".join)),
        precision=draw(st.sampled_from(Precision)),
    )
    outlets = draw(st.integers(1, 3))
    told = (a_telling(statement, outlet=f"Outlet {each}", countries=tuple(draw(COUNTRIES))) for each in range(outlets))
    return a_followup(1, *told, topics=tuple(sorted(draw(TOPICS))))


def comes_through(filing: Filing, offer: Offer) -> bool:
    """What the store asks of a filed order."""
    fits = filing.kinds & offer.kinds and filing.min_outlets <= offer.outlets and filing.firmness <= offer.firmness
    return bool(fits and filing.doors & offer.doors)


@settings(max_examples=500, deadline=None)
@given(wishes, st.lists(followups(), min_size=1, max_size=3))
@example(a_wish(), [a_followup()])
def test_whoever_speaks_for_a_channel_comes_through_a_door(wish: SubscriptionWish, states: list[FollowUp]) -> None:
    order = Subscription(1, wish, states[0].tellings[0].published)
    if any(spokesmen(each, [order]) for each in states):
        assert comes_through(filing_of(wish), offer_of(states))


def test_what_differs_in_one_thing_stays_outside() -> None:
    telling = a_telling(a_statement(speaker="Envoy Ada Berg"), countries=("FR",))
    followup = a_followup(1, telling, topics=("norland",))
    offer = offer_of([followup])
    wanted = Wants(speakers=("Ada Berg",), countries=frozenset({"FR"}))
    assert comes_through(filing_of(replace(a_wish(topic="norland"), wants=wanted)), offer)
    for other in (
        replace(wanted, speakers=("Ada Bergman",)),
        replace(wanted, speakers=(), countries=frozenset({"UA"})),
        replace(wanted, kinds=frozenset({Kind.EVENT})),
        replace(wanted, min_outlets=2),
    ):
        assert not comes_through(filing_of(replace(a_wish(topic="norland"), wants=other)), offer), other
    assert not comes_through(filing_of(replace(a_wish(topic="grain"), wants=wanted)), offer)
    assert not comes_through(filing_of(replace(a_wish(topic="norland", paused=True), wants=wanted)), offer)
    undated = a_followup(1, a_telling(a_statement(due=None, precision=Precision.NONE)), topics=("norland",))
    assert not comes_through(filing_of(a_wish(topic="norland", dating=Dating.DATED)), offer_of([undated]))


def test_letters_that_are_the_same_but_for_case_open_the_same_door() -> None:
    """Of every letter there is: for otherwise who asked for a name in capitals would hear nothing."""
    for number in range(sys.maxunicode + 1):
        letter = chr(number)
        if not re.match(r"\w", letter):
            continue
        for other in {letter.lower(), letter.upper(), letter.casefold(), letter.title(), letter.upper().lower()}:
            if len(other) == 1 and other != letter and re.fullmatch(re.escape(letter), other, re.IGNORECASE):
                assert doors_of(letter) & doors_of(other), (letter, other)


def doors_of(name: str) -> frozenset[str]:
    return offer_of([a_followup(1, a_telling(a_statement(speaker=name)))]).doors - ALWAYS_OPEN


ALWAYS_OPEN = offer_of([a_followup(1, a_telling(a_statement(speaker=None)))]).doors
