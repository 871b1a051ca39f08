"""What English words do, as the CAMEO codebook counts acts. Data only.

Codes and their order are those of CAMEO 1.1b3 (Schrodt, Gerner and Yilmaz: Conflict and Mediation Event Observations,
Event and Actor Codebook, March 2012, chapter 6). The codebook says how they are put together: cooperation that lies
ahead is an intention (03), what is asked for an appeal (02) or a demand (10), what is denied a refusal (12), hostile
acts held out as a warning a threat (13); so an act is written here once, with the code it has when it is done.

`PLOVER_OF` follows the Open Event Data Alliance's CAMEO2PLOVER-2021 with the fifteen event types of the later codebook:
DEMAND and appeals are REQUEST, CONCEDE and RETREAT are YIELD, INVESTIGATE and DISAPPROVE are ACCUSE, FIGHT is
DEMAND ASSAULT.
The manual lists sanctions (163) under SANCTION, where the 2021 table still has COERCE; the manual is followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ROOT_NAMES = {
    "01": "make public statement",
    "02": "appeal",
    "03": "express intent to cooperate",
    "04": "consult",
    "05": "engage in diplomatic cooperation",
    "06": "engage in material cooperation",
    "07": "provide aid",
    "08": "yield",
    "09": "investigate",
    "10": "demand",
    "11": "disapprove",
    "12": "reject",
    "13": "threaten",
    "14": "protest",
    "15": "exhibit force posture",
    "16": "reduce relations",
    "17": "coerce",
    "18": "assault",
    "19": "fight",
    "20": "use unconventional mass violence",
}
"""What the codebook calls each root: the first two digits of a code."""

PLOVER_OF = {
    "02": "REQUEST",
    "03": "AGREE",
    "04": "CONSULT",
    "05": "SUPPORT",
    "06": "COOPERATE",
    "07": "AID",
    "08": "YIELD",
    "09": "ACCUSE",
    "10": "REQUEST",
    "11": "ACCUSE",
    "12": "REJECT",
    "13": "THREATEN",
    "14": "PROTEST",
    "15": "MOBILIZE",
    "16": "SANCTION",
    "17": "COERCE",
    "1712": "ASSAULT",
    "175": "ASSAULT",
    "18": "ASSAULT",
    "19": "ASSAULT",
    "191": "COERCE",
    "192": "COERCE",
    "20": "ASSAULT",
}
"""PLOVER's event type, by the longest beginning of a code that stands here. PLOVER has none for statements (01)."""

_STANCES = """
04    036   026   106   125   -
045   039   028   108   126   -
05    032   022   102   120   -
06    031   021   101   121   -
061   0311  0211  1011  1211  -
062   0312  0212  1012  1212  -
063   0313  0213  1013  121   -
064   0314  0214  1014  121   -
07    033   023   103   122   -
071   0331  0231  1031  1221  -
072   0332  0232  1032  1222  -
073   0333  0233  1033  1223  -
074   0334  0234  1034  1224  -
08    035   025   105   124   -
081   0351  0251  1051  1241  -
082   0352  0252  1052  1242  -
083   034   024   104   123   -
0831  0341  0241  1041  1231  -
0832  0342  0242  1042  1232  -
0833  0343  0243  1043  1233  -
0834  0344  0244  1044  1234  -
084   0353  0253  1053  1243  -
085   0354  0254  1054  1244  -
086   0355  0255  1055  1245  -
087   0356  0256  1056  1246  -
037   037   027   107   127   -
038   038   028   108   126   -
039   039   028   108   126   -
03    03    02    10    12    -
13    13    10    10    0356  138
14    14    02    10    0252  133
15    15    10    10    0356  138
16    16    10    10    03    131
160   160   10    10    032   1313
161   161   10    10    032   1313
162   162   10    10    033   1311
163   163   022   102   0354  1312
164   164   10    10    036   134
165   165   10    10    038   135
166   166   10    10    0355  136
17    17    10    10    035   131
171   171   10    10    0353  131
172   172   10    10    0351  132
1721  1721  10    10    0351  1321
1722  1722  10    10    0351  1322
1723  1723  10    10    0351  1323
1724  1724  10    10    0351  1324
173   173   0213  1013  0353  137
174   174   10    10    035   131
175   175   10    10    035   137
18    18    10    10    0356  1383
19    19    10    10    0356  138
191   191   10    10    0356  1381
192   192   10    10    0356  1382
194   194   10    10    0356  1384
195   195   10    10    0356  1384
20    20    10    10    0356  138
204   204   10    10    0356  1385
"""

STANCES: dict[str, tuple[str, ...]] = {
    line.split()[0]: tuple(line.split()[1:]) for line in _STANCES.strip().splitlines()
}
"""From an act to its code when it lies ahead, is asked for, demanded, denied, threatened; `-`: the code for denying.

By the longest beginning of the act's code. A two-digit answer keeps the digits that follow it in the act's own code
where the root is the same (190 ahead is 190). To deny a hostile act is to yield: "will not strike" is an intent to
de-escalate (0356)."""


def _classes(text: str) -> Iterator[tuple[str, list[str]]]:
    for line in text.strip().splitlines():
        name, *words = line.split()
        yield name, words


_IRREGULAR = """
meet met|hold held|begin began begun|sit sat|send sent|give gave given|build built|sell sold|buy bought|pay paid
leave left|withdraw withdrew withdrawn|quit quit|cut cut|break broke broken|make made|take took taken|bring brought
strike struck stricken|hit hit|shoot shot|speak spoke spoken|fly flew flown|go went gone|come came|let let|put put
lend lent|free freed|set set|fight fought|stand stood|step stepped|set-up set-up|lead led|win won|seek sought
find found|get got gotten|hear heard|swear swore sworn|keep kept|lay laid|shut shut|draw drew drawn|see saw seen|run ran
drop dropped|ship shipped|stop stopped|ban banned|plan planned|swap swapped|commit committed|transfer transferred
refer referred|confer conferred|slap slapped|tap tapped|kick kicked|deter deterred|expel expelled|stem stemmed
veto vetoed|rebuild rebuilt|overthrow overthrew overthrown|undertake undertook undertaken|retake retook retaken
teach taught|tell told|say said|think thought|rise rose risen|fall fell fallen|wind wound|feed fed|scrap scrapped
"""
_FORMS = {words.split()[0]: words.split()[1:] for line in _IRREGULAR.strip().splitlines() for words in line.split("|")}
_DOUBLED = _words(
    """sit quit cut hit let put set stop ship drop ban plan swap commit transfer refer confer slap tap deter expel get
    shut win run begin step scrap"""
)


def forms_of(verb: str) -> frozenset[str]:
    """Return the forms of an English verb: "send" gives send, sends, sending and sent."""
    if verb.endswith("y") and verb[-2] not in "aeiou":
        third, past = f"{verb[:-1]}ies", f"{verb[:-1]}ied"
    else:
        third = f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else f"{verb}s"
        past = f"{verb}d" if verb.endswith("e") else f"{verb}ed"
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb
    ongoing = f"{verb}{verb[-1]}ing" if verb in _DOUBLED else f"{stem}ing"
    return frozenset({verb, third, ongoing, *_FORMS.get(verb, (past,))})


_VERBS = """
meet      meet confer consult huddle parley convene reconvene gather assemble sit
talk      talk speak discuss negotiate renegotiate bargain haggle
phone     phone telephone
visit     visit tour
travel    travel fly head arrive journey
go        go come return fly travel
attend    attend join participate
host      host receive welcome greet
hold      hold convene reconvene chair open
start     start begin resume restart reopen launch relaunch continue kick enter pursue conduct
mediate   mediate broker arbitrate facilitate
say       announce publish unveil brief testify
utter     present address deliver release make issue outline give announce publish unveil lay
sign      sign ink initial conclude finalise finalize seal clinch reach ratify strike complete adopt approve
sign      implement honour honor uphold forge endorse join accept finish agree draft restore
recognise recognise recognize
back      back support endorse defend champion stand
apologise apologise apologize
help      help assist aid
work      work
send      send provide give deliver supply donate offer ship dispatch grant pledge furnish allocate contribute
send      disburse dispense transfer commit extend lend increase boost double invest spend pay pour fund finance
send      hand earmark get promise vow
arm       arm equip train
rebuild   rebuild reconstruct
cooperate cooperate co-operate collaborate partner coordinate co-ordinate
trade     trade buy purchase sell export import invest
build     build construct expand develop deepen strengthen boost bolster enhance upgrade increase
share     share exchange swap
extradite extradite
release   release repatriate
return    return free
exchange  exchange swap
handover  hand turn
allow     allow admit let permit grant accept
lift      lift ease remove waive relax loosen drop scrap suspend cut lower reduce end terminate unfreeze roll cancel
stop      stop halt end cease suspend pause freeze cancel postpone delay discontinue call stem break abandon
withdraw  withdraw pull evacuate retreat leave quit exit remove
disarm    disarm demobilise demobilize denuclearise denuclearize
dismantle dismantle decommission destroy surrender scrap abandon relinquish curb disarm
reduce    reduce cut downsize draw slash scale trim
declare   declare announce observe respect honour honor extend renew prolong maintain implement uphold proclaim begin
keep      extend renew prolong maintain keep
settle    settle resolve solve defuse overcome
reform    reform amend overhaul revise change rewrite repeal introduce pass enact approve implement adopt
resign    resign
reject    reject oppose block refuse rebuff
veto      veto
impose    impose slap expand tighten toughen reimpose re-impose restore levy introduce raise enforce hike widen snap
impose    adopt approve announce apply extend renew prolong charge put agree prepare propose pass enact place maintain
impose    double triple increase hit decide
sanction  sanction blacklist
boycott   boycott skip shun
sever     sever cut break downgrade suspend freeze review
recall    recall withdraw summon
close     close shut
expel     expel oust evict
strike    attack strike bomb bombard raid
shell     shell
hit       retaliate
fight     fight invade
launch    launch carry conduct wage start begin resume stage prepare mount continue unleash
seize     seize confiscate impound nationalise nationalize expropriate
occupy    occupy annex capture
invade    invade
blockade  blockade besiege
test      test detonate
launchm   launch fire test-fire
deploy    deploy mobilise mobilize mass station send dispatch reinforce move position order call
arrest    arrest detain jail imprison prosecute charge
deport    deport
ban       ban outlaw
protest   protest demonstrate
investigate investigate probe
sue       sue
vote      vote
respond   respond act
leave     leave quit exit withdraw pull abandon scrap tear renounce walk terminate
reopen    reopen open
step      step stand bow
upgrade   upgrade restore normalise normalize establish re-establish improve repair mend resume strengthen deepen
upgrade   boost
cap       freeze
stage     stage hold
hand      hand relinquish relinquishes cede transfer
lead      lead head
kill      kill assassinate execute
enrich    enrich
"""

_NOMINALS = """
withdraw  withdrawal pullout pull-out evacuation
release   release
exchange  exchange swap
dismantle dismantlement disarmament decommissioning
deploy    deployment mobilisation mobilization
lift      lifting easing removal
impose    imposition
sign      signing ratification conclusion
start     resumption start launch opening
reopen    reopening
send      delivery deliveries
settle    settlement resolution
stop      halt cessation suspension end
"""
"""Nouns that take an object as their verbs do: "the withdrawal of its troops"."""

_NOUNS = """
talks      talks negotiation negotiations dialogue consultation consultations parley discussions
meeting    meeting meetings summit summits conference conferences session sessions roundtable gathering sit-down
meeting    round rounds forum assembly retreat plenary
visit      visit visits trip trips tour stopover voyage visiting
call       phone telephone phone-call
mediation  mediation
speech     speech address statement announcement briefing declaration testimony remarks
paper      report details findings results recommendations plan plans proposal proposals roadmap blueprint document
paper      appeal
paper      strategy warning budget review decision parliament congress lawmakers reporters assembly text
deal       deal deals agreement agreements accord accords pact pacts treaty treaties memorandum protocol convention
deal       contract contracts charter arrangement
ties       ties relations relationship relationships partnership
embassy    embassy embassies consulate consulates mission missions posts
envoy      ambassador ambassadors diplomats diplomat attache attaché envoys envoy
delegation delegation team minister secretary delegates negotiators negotiator officials
alliance   alliance allies ally nato
military   military
arms       weapons weapon arms tanks tank missiles ammunition munitions jets f-16s howitzers artillery shells drones
arms       weaponry interceptors launchers rockets batteries patriots rifles armour armor helicopters defenses
arms       defences
money      money funds fund funding loan loans billion million bn grant grants bailout financing investment euros
money      dollars
money      tranche trillion
relief     food medicine medicines relief vaccines supplies tents wheat grain doctors medical humanitarian
aid        aid assistance help support
troops     troops soldiers forces force army brigade battalion warships warship carrier fleet navy marines squadron
troops     personnel reservists units destroyer bombers submarines submarine aircraft fighters military
peacekeepers peacekeepers peacekeeping
inspectors inspectors observers monitors inspections experts investigators verification
convoys    convoys convoy corridor corridors crossings access
intelligence intelligence
trade      trade exports imports oil gas pipeline pipelines electricity energy goods flights rail railway crude
captives   hostages hostage prisoners prisoner captives captive detainees detainee girls abductees inmates sailors
captives   bodies remains
property   assets property artefacts ship tanker vessel vessels reserves
sanctions  sanctions sanction embargo embargoes tariffs tariff duties duty levies levy curbs penalties quotas
sanctions  countermeasures
ban        ban bans restrictions restriction
blockade   blockade siege
curfew     curfew
emergency  emergency martial
truce      truce ceasefire cease-fire armistice hostilities cessation pause
fighting   fighting attacks attack strikes strike airstrikes bombing bombardment shelling offensive operations
fighting   operation
fighting   assault violence aggression hostilities raids raid invasion invasions war killing violence
arsenal    warheads arsenal stockpile stockpiles centrifuges reactor weapons missiles nukes
nuclear    nuclear enrichment uranium programme program denuclearisation denuclearization
site       site base
dispute    dispute disputes conflict conflicts crisis row standoff differences war issue issues impasse peace
territory  territory city town province territories land
law        law laws constitution policy legislation bill bills reform reforms measures package rules
rights     rights
power      power presidency premiership office role post
elections  election elections referendum vote votes ballot poll polls runoff run-off polling
hearing    hearing trial hearings inauguration parade ceremony anniversary funeral wedding holiday
missile    missile missiles satellite rocket icbm
test       test tests launch launches
drills     drills drill exercises exercise manoeuvres maneuvers war-games wargames
protests   protests protest demonstration demonstrations rally rallies march marches
walkout    walkout stoppage
inquiry    inquiry investigation probe
union      union eu bloc organisation organization council body membership
asylum     asylum
plot       proposal plan resolution
people     migrants refugees
cooperation cooperation co-operation collaboration
retaliation retaliation revenge
together   with together alongside
down       down aside
"""

_REFINED = """
arms        military|lethal|defensive|defence|defense|security|air-defence|anti-tank|missile + aid
arms        military|anti-aircraft|air + money|arms
relief      humanitarian|food|medical|relief|emergency|flood|earthquake|famine|disaster + aid|money
money       financial|economic|development|budget|bilateral|climate|reconstruction + aid
tradedeal   trade|free-trade|commercial|economic|tariff|investment|gas|grain|energy|oil|customs|fishing|phase + deal
tradedeal   rare-earth|minerals|mineral|tax|wto + deal
peacedeal   peace|hostage|truce|ceasefire|cease-fire|armistice|disarmament + deal
peace       peace + dispute
armsdeal    defence|defense|military|security|weapons|arms + deal
ties        diplomatic|bilateral + ties
joint       joint|multinational|bilateral + drills
embassy     diplomatic + embassy
hunger      hunger + fighting
labour      general|labour|labor|rail|workers|doctors|pilots|teachers|dock|port|transport + fighting
trade       trade|economic|commercial|business + ties|cooperation
military    military|defence|defense|security + ties|cooperation
intelligence intelligence|information|counter-terrorism + cooperation
nuclear     nuclear + test|deal|site|fighting
rights      human + rights
travelban   travel|visa|entry + ban
sanctions   trade|import|export|arms|oil|grain|fishing + ban
"""

_ACTS = """
040  meet meet+meeting meet+talks hold+meeting start+meeting +meeting stage+meeting attend+meeting host+meeting
040  go+meeting go+talks
040  travel+meeting lead+delegation
041  phone phone+call hold+call +call
042  visit travel visit+meeting attend +visit start+visit hold+visit send+delegation send+envoy travel+visit
043  host host+visit host+delegation
046  talk hold+talks start+talks +talks talk+talks attend+talks host+talks lead+talks travel+talks meet+deal talk+deal
046  start+deal
045  mediate mediate+talks mediate+truce mediate+deal mediate+peace mediate+peacedeal start+mediation
010  say utter+speech utter+paper say+paper +speech
057  sign+deal +deal keep+deal declare+deal
061  sign+tradedeal +tradedeal meet+tradedeal start+tradedeal
061  trade trade+arms trade+trade build+trade start+trade upgrade+trade share+trade send+trade reopen+trade
062  sign+armsdeal +armsdeal +joint hold+joint start+joint launch+joint build+military upgrade+military stage+joint
062  cooperate+military declare+military
061  cooperate+trade
064  cooperate+intelligence share+intelligence send+intelligence share+money
063  extradite
060  cooperate +cooperation work+together start+cooperation build+cooperation upgrade+cooperation
054  recognise
050  upgrade+ties build+ties start+ties reopen+embassy upgrade+embassy back back+deal reopen+ties
050  keep+ties
050  back+alliance keep+alliance build+alliance
051  back+aid
055  apologise
070  help+aid send+aid start+aid build+aid keep+aid
071  send+money start+money rebuild help+money build+money
072  send+arms arm build+arms start+arms trade+arms keep+arms
073  send+relief start+relief
074  send+peacekeepers deploy+peacekeepers
075  send+asylum allow+asylum
0841 return+captives release+captives exchange+captives share+captives handover+captives release
0842 return+property release+property handover+property
085  lift+sanctions stop+sanctions lift+travelban lift+ban
0813 lift+curfew
0814 lift+emergency
0872 lift+blockade stop+blockade
0861 allow+peacekeepers
0862 allow+inspectors
0863 allow+convoys allow+relief allow+aid reopen+convoys
0871 declare+truce sign+truce sign+peacedeal +truce keep+truce start+truce
087  stop+fighting stop+dispute stop+test stop+drills stop+missile
087  lift+fighting
0873 dismantle+arsenal dismantle+nuclear dismantle+site dismantle+arms dismantle+missile disarm+troops reduce+troops
0873 reduce+arsenal
0873 stop+nuclear cap+nuclear reduce+nuclear disarm
0874 withdraw+troops withdraw+territory withdraw+military
037  settle settle+dispute settle+deal settle+talks +peace sign+peace declare+peace build+peace settle+peace
037  start+peace
0831 resign step+power hand+power leave+power step+down
0832 reform+law
0833 send+rights allow+rights
090  investigate start+inquiry launch+inquiry +inquiry hold+inquiry
115  sue
120  reject
127  reject+deal reject+plot reject+peacedeal
129  veto
125  reject+talks reject+meeting boycott+meeting boycott+talks boycott+speech boycott+visit
163  impose+sanctions sanction +sanctions send+sanctions declare+sanctions keep+sanctions start+sanctions
163  launch+sanctions
163  boycott impose+travelban stop+trade ban+trade
160  leave+deal leave+union leave+tradedeal leave+peacedeal leave+armsdeal leave+alliance leave+meeting stop+ties
160  stop+deal
161  sever+ties recall+envoy expel+envoy close+embassy recall+embassy
162  stop+aid reduce+aid lift+aid stop+money reduce+money
1622 stop+arms
1623 stop+relief
164  stop+talks leave+talks stop+meeting stop+visit
166  expel
1661 expel+peacekeepers withdraw+peacekeepers
1662 expel+inspectors withdraw+inspectors
190  fight launch+fighting
138  hit +retaliation launch+retaliation respond+fighting respond+troops
195  strike strike+site strike+territory
194  shell
190  kill
192  occupy occupy+territory invade
191  blockade impose+blockade
150  +drills hold+drills start+drills launch+drills test launchm+missile launch+missile test+missile
150  test+nuclear
150  hold+test launch+test start+test stage+drills
154  deploy+troops deploy+arms
173  arrest
174  deport deport+people
1711 seize seize+property
172  ban
1723 impose+curfew
1724 declare+emergency impose+emergency
141  protest +protests hold+protests start+protests stage+protests keep+protests
143  +labour hold+labour start+labour launch+labour stage+labour +walkout
142  +hunger start+hunger launch+hunger
128  enrich start+nuclear
-    +elections vote hold+elections +hearing hold+hearing start+elections
"""

ALL_CODES_DONE = frozenset(code for code, _ in _classes(_ACTS) if code != "-")
"""Every act that words can name, by the code it has when it is done."""
ACTS: dict[str, str] = {act: code for code, acts in _classes(_ACTS) for act in acts}
"""From `verb`, `verb+noun` or `+noun` (by their classes) to the act's code; `-`: an act for which CAMEO has no code."""


def _by_word(text: str, forms: Callable[[str], Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Return for each form of each word the classes it is in, in the order of `text`."""
    found: dict[str, tuple[str, ...]] = {}
    for name, words in _classes(text):
        for word in words:
            for form in forms(word):
                found[form] = (*found.get(form, ()), name)
    return found


def _as_is(word: str) -> tuple[str]:
    return (word,)


def _refined() -> Iterator[tuple[tuple[str, str], str]]:
    for line in _REFINED.strip().splitlines():
        name, rest = line.split(maxsplit=1)
        adjectives, _, nouns = rest.partition(" + ")
        for adjective in adjectives.split("|"):
            for noun in nouns.split("|"):
                yield (adjective, noun), name


VERB_CLASSES = _by_word(_VERBS, forms_of)
"""From each form of a verb to its classes."""
NOMINALS = _by_word(_NOMINALS, _as_is)
"""From each noun that takes an object to the classes of its verb."""
NOUN_CLASSES = _by_word(_NOUNS, _as_is)
"""From each noun to its classes."""
REFINED = dict(_refined())
"""From an adjective and the class of a noun after it to a narrower class: "military aid" is arms."""

# --- words around the act -----------------------------------------------------------------------------------

MODALS = _words("will would shall 'll ’ll won't won’t wouldn't wouldn’t")
WEAK_MODALS = _words("could can may might should must cannot can't can’t")
LEADS = _words(
    """set due expected scheduled slated planned plan plans planning intend intends intended intention agreed agree
    agrees agreeing pledged pledge pledges pledging vowed vow vows vowing promised promise promises promising
    undertook undertakes committed commits commit committing commitment decided decides decision going ready
    prepared preparing hope hopes hoped hoping aims aim aimed aiming wants want seeking seek seeks is are was
    were likely threatened threaten threatens threatening invited invites urged urges urging told ordered orders
    asked asks called calls calling demanded demands demanding warned must have has had need needs needed
    required obliged until deadline days weeks months hours offered offers proposed proposes refused refuses
    refusing guaranteed guarantees guarantee assured swore sworn poised determined agreement accord deal bid
    willing willingness appealed appeals failed fails supposed meant readying about"""
)
"""Words whose "to …" is what will, must or may be done."""
AUXILIARIES = _words("is are was were have has had must until about days weeks months hours agreement accord deal bid")
"""Those that lead up to a "to …" alone: "were to meet" lies ahead, "were bombed" does not."""
FILLERS = _words(
    """” “ not never be been also soon then further now again both either jointly together only still always all start
    begin continue have it them him her you us"""
)
"""Words that stand between an auxiliary and its verb."""
NEGATIONS = _words("not never won't won’t wouldn't wouldn’t cannot can't can’t nor no refuse refuses refused") | (
    _words("refusing denied denies rejected rejects declined declines unlikely ruled without against")
)
DEMANDS = _words(
    """demand demands demanded demanding insist insists insisted insisting orders ordered ordering must require
    requires required told tells instruct instructed compel"""
)
APPEALS = _words(
    """urge urges urged urging ask asks asked asking appeal appeals appealed appealing request requests requested call
    calls called calling press presses pressed pushing push implore implored plead pleaded encourage encouraged
    should invite invited"""
)
THREATS = _words("threaten threatens threatened threatening warn warns warned warning else otherwise suffer")
LIMITS = _words("deadline deadlines until ultimatum days weeks months hours week month year")
"""What an actor is given, who must act by then."""
GIVES = _words("give gives gave given giving set sets issued issues issue imposed has have had")
EXPIRY = _words("expire expires expired expiring expiry expiration lapse lapses lapsed runs")
"""Words for a time that runs out by itself: nobody demands anything."""
OWN = _words("we i we've i've we'd i'd we’ve i’ve ourselves")
"""Subjects whose "must" binds the speaker, not another."""
PROMISES = _words(
    """pledge pledges pledged pledging vow vows vowed vowing promise promises promised promising commit commits
    committed committing commitment agree agrees agreed agreeing undertake undertook guarantee guarantees
    guaranteed assure assured assures assurances reaffirmed affirmed swore"""
)
BOUNDARIES = _words(
    "while when after before because although though if unless which who whose whereas since but until that"
)
"""Words that begin another clause."""
HOPEFUL = _words("hope hopes hoped hoping hopeful optimistic confident")
FEARFUL = _words("fear fears feared pessimistic unlikely doubt doubts doubtful sceptical skeptical")
HOSTILE_ROOTS = _words("13 14 15 16 17 18 19 20")
"""Roots of acts against somebody: threatened rather than promised."""

DETERMINERS = _words(
    """the a an this these those its his her their our my your another any no of next last first second final new
    former recent major on in from by between"""
)
"""After these a word is a noun, whatever else it may be: "set the stage", "the next visit"."""
REPORTED_TO = _words("reporters journalists us lawmakers parliament television radio tv")
"""Whom one tells without ordering anything."""
MORE_TIME = _words("more extra additional extension extend extended another")
