"""Words that say the same act or thing, so that two tellings in different words can be seen to agree.

Each line is one class: its name, then the stems (see `duplicates.stem`) that belong to it. `QUIET` are words that
carry no evidence: they stand in every report, whatever it is about.
"""

from __future__ import annotations

import re

_CLASSES = """
deal      deal accord agreement pact treaty memorandum arrangement settlement
truce     truce ceasefire cease-fire armistice pause cessation
sign      sign ink conclud complet finalis finaliz clinch seal reach signature
meet      meet meeting talk summit negotiat negotiation conferenc dialogu discuss discussion convene round
meet      session confer huddle reunit gather
visit     visit travel trip fly arriv arrival tour host embark receiv head invit invitation
vote      vote ballot referendum
elect     elect election poll
decid     decid decision determin figur assess
quit      quit exit withdraw withdrawal leav pullout pull evacuat evacuation halt abandon
strike    strike bomb bombing airstrike attack hit raid intervene intervention invad invasion assault action
defend    defend protect safeguard rescue rescu aid
sanction  sanction embargo blacklist
tariff    tariff duty levy levi
pay       pay price consequenc cost
send      send deliver delivery supply suppli ship shipment provid provision donat offer
money     fund funding loan billion million aid
releas    releas free swap exchang hostag prisoner captive detaine
troop     troop soldier forc military army navy
court     court courtroom courthous trial hearing arraign arraignment judge judg tribunal judicial
court     appear appearance appearanc
expir     expir expiry laps
extend    extend extension prolong renew renewal rollov postpon delay defer
deadline  deadline ultimatum cutoff
announc   announc announcement unveil publish present presentation
launch    launch start begin commenc open opening resum resumption reopen
close     clos closur shut
brief     brief briefing remark
yield     yield surrender capitulat concede
unrest    protest protester demonstrat demonstrator rioter riot unrest crackdown
run       run govern rul administer control oversee takeover
end       eliminat eradicat crush dismantl
retaliate retaliat reprisal countermeasur
oil       oil crude petroleum energy
build     build boost strengthen bolster deepen upgrad expand
drill     drill exercise exerciz maneuver manoeuvr wargame
"""

ACT_OF: dict[str, str] = {stem: line.split()[0] for line in _CLASSES.strip().splitlines() for stem in line.split()[1:]}
"""From each stem to the name of its class."""

_QUIET_STEMS = """
a about after again against all also am amid an and any are around as asid at away back be because been before
being between both but by can come could day did do does down during each early even ever every few first five for
four from further get give go going good government had has have he her here him his hold how i if in into is it
its just keep last late later leader least like likely made make many may me might minister minist month more
morning most much must my need new news next no nor not now of off official offici old on once one only or other
our out over own part people per plan president presid prime put read reportedly report said same say saturday
say says second secretary senior set several shall she should since six so some soon speak spokesman spokesperson
spokeswoman statement still sunday monday tuesday wednesday thursday friday such take tell ten than that the their
them then there these they thing third this those three thus time to today told tomorrow tonight too top toward
towards two under until up upon us use very view want warn was way we week weekend well were what when where
whether which while who whom whose why will with within without would year yet you your january february march
april june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
expect hope schedul vow pledg promis promiz threat threaten commit undertak guarante assur agre intend aim seek ask
call demand urg add ahead afternoon even evening foreign coming com among across along ready near nearly country
nation national international state world global mr mrs ms dr sir general head chief former acting interim
"""

QUIET = frozenset(_QUIET_STEMS.split())
"""Stems that say nothing of what a statement is about."""

_OFFICES = (
    r"(?:vice[- ])?president|(?:prime )?minister|premier|chancellor|leader|chief|head|chair(?:man|woman)?|mayor"
    r"|governor|envoy|ambassador|mediator|advis[eo]r|secretary|judge|member|commander|socialist|democrat|republican"
)
"""What somebody can be or act as."""
_IN_OFFICE = rf"(?! (?:an? |the )?(?:[\w’‘'“”\"-]+ ){{0,2}}[’‘'\"“]?(?:{_OFFICES})\b)"

BACKGROUND = re.compile(
    r"(?:[,;–—]\s*|\s)"
    r"(?:(?:just |only |less than |more than )?(?:hours|days|weeks|months|years|an? (?:day|week|month|year)) )?"
    rf"(?:after|following|amid|amidst|despite|since|because|while|as{_IN_OFFICE}|whereas|although|though|even as"
    r"|in response to)\s"
    r"(?!if\b)"
    r"|\s(?:who|which)\s"
)
"""Where words begin that tell what happened around an act: "… will meet on Monday, days after the raid".

What follows if the act is not done is no background: "… decide within days, because if not, we will move on". Nor is
what somebody is to be: "will be sworn in as interim president".
"""

_LIGHT_VERBS = """
hold holds holding pay pays paying embark embarks face faces facing begin begins start starts resume resumes
attend attends join joins open opens conduct undergo continue continues conclude receive receives do does bring
kick set seek seeks work lead leads stage mount deliver issue issues push press
"""
LIGHT = frozenset(_LIGHT_VERBS.split())
"""Verbs that leave it to a noun to say what is done: to hold talks, to pay a visit, to face trial."""

AKIN: dict[str, str] = {"!visit": "!meet", "!sign": "!deal", "!truce": "!deal"}
"""Acts that shade into another: who visits meets, who signs makes a deal."""

GIVES_WORD = re.compile(r"\b(?:warn|threat|vow|pledg|promis)(?:s|e[ds]?|en(?:s|ed|ing)?|ing|ed)?\b", re.IGNORECASE)
"""Words by which somebody gives his word, or a warning."""

ORDINALS = {
    word: str(number)
    for number, words in enumerate(
        (
            "first 1st one i",
            "second 2nd two ii",
            "third 3rd three iii",
            "fourth 4th four iv",
            "fifth 5th five",
            "sixth 6th six",
            "seventh 7th seven",
            "eighth 8th eight",
            "ninth 9th nine",
            "tenth 10th ten",
            "eleventh 11th",
            "twelfth 12th",
        ),
        start=1,
    )
    for word in words.split()
}
"""From words that tell one of several from the others to its number."""
_ORDINAL = "|".join(sorted((word for word in ORDINALS if word not in ("one", "i")), key=len, reverse=True))
ROUND = re.compile(
    rf"\b(\d+(?:st|nd|rd|th)|{_ORDINAL})[ -](?:and final )?"
    r"(?:round|phase|stage|tranche|batch|session|day|summit|meeting|package|instal(?:l)?ment|wave|group|convoy|flight|"
    r"leg|part|hearing|vote|reading|ballot|exchange|swap)s?\b"
    rf"|\b(?:phase|stage|round|tranche|part) (\d+|one|{_ORDINAL})\b",
    re.IGNORECASE,
)
"""Which of several: the second round, phase two."""

REFUSED = re.compile(
    r"\b(?:will not|won[’']t|would not|wouldn[’']t|never|refus\w+ to|not to|no longer|cannot|can[’']t)\b", re.IGNORECASE
)
"""By which an act is refused."""
