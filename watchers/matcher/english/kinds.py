"""Words by which English says how firmly something is to come, and what sort of act it is. Data only.

A word stands in one list of `PUT`, and in one of `DONE`: the first that holds it counts.
"""

from __future__ import annotations

from typing import Final

from watchers.matcher.english import cues


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PUT: Final[dict[str, frozenset[str]]] = {
    "promised": _words(
        """pledge pledges pledged pledging vow vows vowed vowing promise promises promised promising agree agrees agreed
        agreeing commit commits committed committing commitment undertake undertakes undertook undertaking guarantee
        guarantees guaranteed assured assures decided decides decide decision threatened threatens threatening threaten
        offered offers offer offering refused refuses refusing willing resolved swore agreement approved"""
    ),
    "demanded": _words(
        """urged urges urging urge called calls calling demanded demands demanding demand ordered orders order asked
        asks asking told requires required requiring must obliged instructed directed should needs need needed
        requested forced pressed compelled mandated insisted insists insisting warned warns supposed"""
    ),
    "hedged": _words(
        """expected expects expect expecting likely unlikely hope hopes hoped hoping hopeful could may might possible
        possibly probably perhaps aim aims aimed aiming want wants wanted seek seeks seeking sought trying try tries
        believe believes believed predicted predicts forecast projected optimism hopefully think thinks
        anticipate anticipates anticipated estimates estimated confident optimistic wish
        wishes tipped poised bound effort efforts bid target targeted goal potential potentially pace track chance fear
        fears feared fearing cannot can can't can’t ready proposed proposes proposal proposing prepared considering"""
    ),
    "planned": _words(
        """plan plans planned planning intend intends intended intention going determined preparing prepare prepares
        readying about"""
    ),
    "set": _words("set scheduled due slated timed pencilled penciled earmarked designed meant"),
    "firm": _words(
        """will would shall won't won’t wouldn't wouldn’t i'll we'll he'll she'll they'll it'll i’ll we’ll he’ll she’ll
        they’ll it’ll"""
    ),
    "told": _words("announced announces announcing announce declared declares confirmed confirms said says"),
}
"""How what is to come is put, and by which words."""

AUXILIARIES: Final = (
    cues.MODALS
    | cues.PRESENT_BE
    | _words(
        """to was were been be being have has had having not never also still soon then now again only already both
        all either jointly even just i'll we'll he'll she'll they'll it'll i’ll we’ll he’ll she’ll they’ll it’ll
        we're we’re they're they’re i'm i’m it's it’s he's he’s she's she’s there's there’s"""
    )
)
"""Words that stand before a verb of their group, and none of them its subject save where contracted."""
LEADING: Final = frozenset[str]().union(*(words for name, words in PUT.items() if name != "told"))
"""Words that a group of verbs may open with: "agreed to", "are expected to"."""
TOWARDS: Final = _words("to on for")
"""What follows them before another verb or a noun of what is done."""

LIMITS: Final = _words(
    "by until till before within over during from starting beginning after following through for in on at this next"
)
"""Words before a time that say how it bounds."""
DEADLINE_WORDS: Final = _words(
    """deadline deadlines ultimatum cutoff cut-off expire expires expired expiry expiring lapse lapses limit
    time-limit extension extended extend extends grace window"""
)

RUNS: Final = _words(
    """begin begins beginning start starts starting resume resumes resuming open opens opening continue continues
    conclude concludes end ends ending close closes kick kicks take takes taken occur last lasts run runs go goes come
    comes reopen reopens launch launches follow follows happen"""
)
"""Verbs that are an event's where an event is their subject or object, and an act where something else is."""
HOLDS: Final = _words(
    "hold holds holding held have conduct conducted stage staged organise organize convened do make made"
)
"""Verbs that are an event's with an event for their object."""
LASTS: Final = _words("take takes taking need needs last lasts require requires")
"""Verbs that with a length of time say how long something is to last."""
COMES: Final = _words("take takes taking taken go goes come comes coming going enter enters kick kicks put")
EFFECT: Final = _words("effect force into in")
"""After these verbs, these words say that something is in force: "takes effect", "kicks in"."""
PLACES: Final = _words("a the in at an there here back")
"""Words after a form of "be" that is no auxiliary."""
NO_OBJECT: Final = _words(
    """on in at by for from to with until till before after within over during next this later today tonight
    tomorrow and or between of as early late again soon when if about around no not only off out up down into through
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december"""
)
"""Words after a verb that are not the beginning of its object."""
ELSEWHERE: Final = _words("at during before after until till from by against on")
"""Words after which no object of the verb before them stands."""
DONE: Final[dict[str, frozenset[str]]] = {
    "outcome": _words(
        """become becomes reach reached finalise finalize complete completed happen occur rise fall grow remain stay
        settle resolve avoid get lead help see die collapse win lose reduce allow work"""
    ),
    "meet": _words(
        """meet meets meeting met visit visits visiting visited travel travels travelling traveling attend attends
        attending convene convenes reconvene reconvenes gather gathers gathering discuss discusses discussing speak
        speaks speaking address addresses testify testifies fly flies flying arrive arrives arriving chair chairs vote
        votes voting debate debates brief briefs tour tours receive receives welcome welcomes participate host hosts
        hosting hosted confer consult consults talk talks negotiate negotiated negotiating sit sits hear heard hears
        inaugurate inaugurated sworn elect inspect march rally play face faces compete appear head heads heading depart
        departs"""
    ),
    "say": _words(
        """announce announces announcing announced unveil unveils unveiled present presents deliver delivers publish
        publishes published release report issue issued say tell"""
    ),
}
"""Sorts of acts, and verbs that are of one of them whatever their object."""
ROLES: Final = _words(
    """officials official ministers minister ministry president premier leaders leader government administration envoy
    envoys diplomats team delegation parliament council committee lawmakers army forces troops court union secretary
    commission board kremlin group sides parties rebels inspectors king prince spokesman chief company bank party
    authorities countries states"""
)
"""Nouns of those who act."""
