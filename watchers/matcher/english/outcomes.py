"""What English says of things done, undone, put off and still to come, for telling how a follow-up ended.

Words are plain; who reads them takes them by their stems, so that one form of a regular word is enough. An act has
every word by which its planning or its doing is told: "to be sworn in" is answered by "is inaugurated".
"""

from __future__ import annotations

from typing import Final

_ACTS = """
install   swear|sworn|sworn-in|inaugurate|inauguration|take office|takes office|took office|assume office
install   assume the office|assumes the office|becomes president|becomes prime minister|succeed|succeeds
vote      override|adopt|ratify|reject|vote down|votes down|voted down
vote      vote|elect|election|ballot|poll|referendum|re-election|reelection|by-election|plebiscite|runoff|run-off
runoff    run-off|runoff|second round|rematch|final round|third round|fourth round|round of voting
meet      meet|met|meeting|talks|summit|negotiate|negotiation|convene|gather|huddle|session|dialogue
meet      conference
visit     visit|travel|trip|tour|fly|flew|arrive|arrival|pilgrimage|visitor
effect    effect|into force|in force|takes force|enters force|enter force|entered force|entry into force|operation
effect    come into operation|imposed
tariff    tariff|duty|duties|levy
sign      sign|signature|ink|initial
deal      agreement|deal|accord|treaty|pact|memorandum|compromise|settlement
agree     agree|reach|clinch|accept|finalise|finalize|conclude
truce     truce|ceasefire|cease-fire|armistice|cessation|pause in fighting
release   release|free|swap|exchange|hand over|hands over|handed over|handing over|return|repatriate|handover|liberate
hostage   hostage|captive|prisoner|detainee|bodies|remains of
strike    strike|airstrike|bomb|bombing|bombardment|shell|raid|attack|offensive|incursion|missile
clash     clash|shootout|exchange fire|exchanged fire|exchange of fire|fighting|firefight|gunfight|hostilities
clash     skirmish|open fire|opened fire|battle
withdraw  withdraw|withdrew|withdrawal|pull out|pulls out|pulled out|pullout|pull back|pulls back|evacuate|evacuation
withdraw  leave|left|exit|vacate
quit      resign|resignation|step down|steps down|stepped down|quit|quits
recognise recognise|recognize|recognition
sanction  sanction|embargo|blacklist|penalty|penalties
expel     expel|deport|expulsion|deportation|extradite|extradition
close     close|shut|closure|shutdown|cease operations|disband|dissolve|dissolution|abolish|abolition
open      reopen|open|unveil|inaugurate|opening
resume    resume|resumption|restart|restore|restoration|reopen
begin     begin|began|begun|start|commence|kick off|kicks off|kicked off|get under way|launch|outset
end       end|expire|lapse|expiration|expiry|run out|runs out|ran out|conclude|conclusion|lift|terminate|termination
extend    extend|extension|prolong|renew|renewal|roll over|prolongation
join      join|accession|accede|member|membership
emergency emergency|curfew|martial law
pay       pay|paid|disburse|transfer|compensate|compensation|loan
send      arrive|arrival|send|sent|deliver|delivery|ship|shipment|supply|dispatch|deploy|deployment|provide|arm
pass      pass|approve|adopt|ratify|ratification|enact|approval|endorse|endorsement|adoption
publish   publish|unveil|publication|disclose|declassify|disclosure
ban       ban|prohibit|outlaw|prohibition
arrest    arrest|detain|capture|custody|seize
convict   convict|sentence|verdict|ruling|acquit|acquittal|rules
host      host|hold|held|organise|organize|take place|takes place|took place|stage|convene|hosting
hike      raise|increase|double|hike|rise
cut       cut|reduce|slash|lower|reduction
build     build|built|construct|construction
acquire   acquire|acquisition|buy|bought|purchase|take over|takes over|took over|takeover
crown     conclave|pope|papal|coronation|crowned
search    search|hunt
mourn     mourn|mourning|funeral|bury|buried|burial|laid to rest
walkout   walkout|walk out|walks out|walked out|general strike|stoppage
disarm    disarm|disarmament|demilitarise|demilitarize|demilitarisation|demilitarization
trial     hearing|trial|testify|testimony
landfall  landfall
retaliate retaliate|retaliation|retaliatory|respond|response|counterattack|reprisal|countermeasure
"""

ACTS: Final[dict[str, tuple[str, ...]]] = {}
"""From each word or phrase to the acts it can tell of."""
for _line in _ACTS.strip().splitlines():
    _name, _words = _line.split(maxsplit=1)
    for _word in _words.split("|"):
        ACTS[_word] = (*ACTS.get(_word, ()), _name)

LOOSE_ACTS: Final = frozenset(
    "begin end effect host send open hike cut pay deal agree extend pass build release".split()  # noqa: SIM905  data
)
"""Acts that say little of what is done without the thing they are done to."""


LIGHT_ACTS: Final = frozenset(["!begin", "!end", "!effect", "!host", "!open", "!resume"])
"""Acts that need a noun to say what is done: "the talks will begin"."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


FIRMLY_COMING: Final = _set(
    "will would shall could may might should must ll scheduled schedule expected expect upcoming due slated plan "
    "planned cannot"
)
"""Words that put their whole clause ahead: "the talks are scheduled for Monday"."""
PERHAPS: Final = _set("may might could should threaten consider propose")
IF: Final = _set("if unless whether")
COMING: Final = FIRMLY_COMING | _set(
    "proposal propose potential possible possibly urge demand seek sought vow pledge promise threat threaten warn "
    "intend  intention intent hope aim prepare preparation draft likely consider want offer request invite invitation "
    "call  prospect pending await ultimatum willing ready towards negotiate discuss effort pathway bid"
)
"""Words before an act that is yet to come."""
ANNOUNCING: Final = _set(
    "announce announces announced announcing say says said declare declares declared tells told confirms confirmed "
    "states  stated stating reports reported claims claimed orders ordered decides decided approves approved agree "
    "agrees agreed  warns warned urges urged vows vowed pledges pledged threatens threatened promises promised"
)
"""Words, letter for letter, that tell of an act without its being done."""
COMMITTING: Final = _set(
    "orders ordered decides decided approves approved agree agrees agreed vows vowed pledges pledged threatens "
    "threatened  promises promised"
)
"""Those of them whose speaker binds himself, and so is one of the actors."""
UNDOING: Final = _set(
    "not no never without fail failure refuse refusal reject rejection unable deny block veto cannot neither nor oppose"
)
CALLING_OFF: Final = _set(
    "cancel cancelled cancellation scrap scrapped abandon suspend suspension rescind revoke withdraw withdrew halt "
    "annul  shelve overturn backtrack repeal terminate pulls"
)
PUTTING_OFF: Final = _set(
    "postpone postponement delay defer deferral reschedule extend extension prolong renew renewal"
)
PARTLY: Final = _set("partial partially partly limited")
BREAKING: Final = _set("break breaks broke broken collapse breakdown end unravel renege repudiate abandon")
EARLIER: Final = _set("yesterday previously earlier last ago former anniversary recall had")
ACCUSING: Final = _set("accuse allege alleged claim blame deny suspect suspected")

BEHIND: Final = _set("after following amid citing despite since because due marking")
"""Words after which a sentence tells what lies behind its news."""
AHEAD: Final = _set("before ahead if unless until")
"""Words after which it tells what may come."""
TURNING: Final = _set("while which who where when but")
"""Words that open a clause of its own."""

LASTING: Final = tuple(
    f" {words}" for words in ("until", "till", "for", "through", "another", "for the next", "extended to")
)
"""Words right before a time until which something lasts."""

MONTHS: Final = _set(
    "january february march april may june july august september october november december jan feb mar apr jun jul "
    "aug  sep sept oct nov dec"
)
DAYS: Final = _set(
    "monday tuesday wednesday thursday friday saturday sunday today tomorrow tonight yesterday week month year day "
    "weeks  months years days hours hour minutes minute noon midnight morning evening afternoon night"
)
UNITS: Final = _set("hour day week month year minute")
"""What a number of them is a length of time."""
ORDINALS: Final = {
    "first": "1st",
    "second": "2nd",
    "third": "3rd",
    "fourth": "4th",
    "fifth": "5th",
    "sixth": "6th",
    "final": "final",
}
