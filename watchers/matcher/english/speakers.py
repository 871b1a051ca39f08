"""Who speaks and how English says so: speech verbs, titles, bodies, names. Data only."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ABBREVIATIONS = _words(
    """mr mrs ms dr prof sen rep gov gen col lt sgt maj capt cmdr adm rev hon st jr sr inc corp ltd co vs etc no nos
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun u.s u.k u.n e.u
    d.c a.m p.m i.e e.g al sens reps gens messrs dept approx est min ph.d fig vol art"""
)
"""Words whose full stop ends no sentence."""

SPEECH_WORDS = _words(
    """said says say saying told tells tell telling added adds adding announced announces announcing announce warned
    warns warning warn stated stating declared declares declaring explained explains noted notes noting insisted
    insists stressed stresses stressing reiterated reiterates reaffirmed reaffirms confirmed confirms confirming
    emphasized emphasised emphasizes emphasises underlined underscored asserted asserts argued argues claimed
    claims acknowledged acknowledges admitted admits conceded concedes suggested suggests indicated indicates
    hinted predicted predicts forecast cautioned cautions replied replies responded answered tweeted tweets
    wrote writes posted asked urged urges called demanded demands reported reports revealed disclosed signaled
    signalled signals remarked commented concluded continued vowed vows pledged pledges promised promises
    threatened threatens boasted maintained contended alleged quipped recalled repeated repeats echoed
    proclaimed testified estimated believes believe thinks hopes hoped expects believed denied denies speaking
    assured assures reassured affirmed affirms tweeting posting writing expressed expresses voiced quoted
    insisting claiming suggesting explaining joked shouted insist mentioned reasserted re-asserted"""
)
"""Words that put words into somebody's mouth."""

REPORTING = SPEECH_WORDS - _words(
    """called demanded demands urged urges threatened threatens asked forecast states notes hopes hoped expects
    believes believe thinks believed reports vowed vows pledged pledges promised promises recalled quoted continued
    signals warning answered repeated repeats responded"""
)
"""Those whose time is that of the words themselves: "said on Friday" dates the report."""

PRONOUNS = _words("he she they it we i")
PERSONAL = _words("he she i")

TITLES = _words(
    """fm pm
    president vice prime minister premier chancellor secretary secretary-general general director director-general
    chief chairman chairwoman chair commissioner ambassador envoy representative spokesman spokeswoman
    spokesperson speaker senator sen sens rep reps congressman congresswoman lawmaker lawmakers governor mayor
    king queen prince princess emir sheikh sultan emperor pope ayatollah mr mrs ms miss dr sir lord lady dame
    professor prof gen col lt adm admiral colonel major lieutenant captain marshal judge justice adviser advisor
    aide diplomat leader head mediator rapporteur coordinator commander negotiator counterpart analyst economist expert
    strategist
    historian researcher author official officer deputy foreign defense defence finance interior economy trade
    state treasury energy former ex-president taoiseach tánaiste kaiser mp mep president-elect undersecretary
    under-secretary counsel attorney executive delegate correspondent reporter journalist lecturer fellow
    activist lawyer member founder presenter host billionaire businessman tycoon cleric bishop archbishop
    cardinal rabbi imam monsignor"""
)
"""Words that say what a person is, before the name."""

TITLE_ADJUNCTS = _words(
    """us u.s american uk british un eu nato french german russian ukrainian israeli iranian chinese japanese korean
    indian pakistani turkish syrian iraqi saudi egyptian polish italian spanish greek hungarian dutch swedish
    canadian mexican brazilian palestinian lebanese jordanian qatari kremlin white house national security
    acting deputy senior top chief outgoing incoming veteran special south north republican democratic
    conservative labour supreme vatican european united nations state department defense defence foreign
    pentagon ministry commerce industry agriculture health education transport oil petroleum environment climate
    development information internal external affairs immigration opposition lead presidential right-wing
    left-wing far-right then"""
)
"""Words that stand between or before titles and are no names."""

BODY_WORDS = _words(
    """ministry department council union nations states state house government administration office commission
    committee parliament congress senate embassy court agency organization organisation party group army forces
    military command coalition alliance movement front league bank fund forum federation republic kingdom
    emirates guard guards police institute university center centre foundation association company corporation
    service authority board kremlin pentagon palace downing street secretariat delegation mission officials
    official diplomats sources source leaders ministers lawmakers analysts experts spokesman spokeswoman
    spokesperson negotiators envoys mediators rebels militants insurgents troops senators republicans democrats
    people member members countries country nations powers parties sides statement report communique media tv
    television news agency post times journal reuters cnn bbc afp xinhua tass interfax bloomberg assembly
    brotherhood bureau team press chamber cabinet chiefs staff services affairs"""
)
"""Head words of bodies: what follows or carries them is no person."""

OUTLETS = _words(
    """reuters afp ap cnn bbc xinhua tass interfax bloomberg npr axios politico guardian telegraph times post journal
    haaretz ynet yonhap kyodo ria novosti newspaper newspapers magazine media outlet outlets website report
    reports reporter reporters news channel broadcaster television tv radio daily spiegel monde
    figaro nbc cbs abc msnbc sun mail mirror agence france-presse fox irna fars tasnim sana anadolu al-jazeera
    jazeera arabiya press"""
)
"""News outlets and what they are called: one cited as a source is no speaker."""

NAME_PARTICLES = _words("de da del della di du van von der den bin ibn al el la le dos abu ben ter af")
DETERMINERS = _words(
    """a an the one some several many most all both two three four five six dozens his her its their our my"""
)

DESCRIBERS = _words(
    """senior top high-ranking unnamed anonymous western diplomatic official military local chief joint one another
    other foreign state-run intelligence government security israeli russian ukrainian american british french
    german european iranian chinese japanese arab palestinian syrian iraqi turkish turkish-backed kurdish saudi
    egyptian indian pakistani mexican canadian republican democratic administration party defense defence north
    south central eastern northern southern opposition rebel bipartisan financial economic political regional
    crown presidential ruling governing newspaper magazine broadcaster eurozone visiting african asian latin pacific-rim
    prime deputy former new young acting outgoing incoming transitional interim exiled caretaker armed elected"""
)
"""Small-letter words that may stand inside a subject's noun phrase."""

ROLE_NOUNS = _words(
    """official officials spokesman spokeswoman spokesperson spokespeople minister ministers ministry president premier
    chancellor envoy envoys diplomat diplomats source sources analyst analysts expert experts leader leaders
    government administration king queen prince ambassador secretary negotiator negotiators mediator mediators
    senators lawmakers lawmaker senator council commission committee union group groups alliance bloc army
    military forces militants rebels insurgents movement party parties sides side nations countries powers
    allies members states state authorities statement communique declaration kremlin pope vatican organization
    organisation agency body court parliament republicans democrats congress delegation delegations chief head
    adviser aide aides coordinator commander commanders representative representatives people opposition team
    office department general adviser service company bank fund readout embassy mission regime junta faction
    summit cabinet police mayor governor speaker coalition presidency premier regulator watchdog navy ruler monarch
    ambassadors advisers spokeswomen secretaries monarchy chiefs premiers consul lawyer panel board authority
    ministries agencies families taskforce wing hosts exiles residents protesters factions organisers organizers
    commissioner commissioners director directors delegate"""
)
"""Small-letter nouns that can head the subject of speech."""

STATEMENT_NOUNS = _words("statement communique declaration readout report document letter text tweet post")

NEVER_NAMES = _words(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december jan feb mar apr jun jul aug sept oct nov dec the a an but and or in on
    at as if when while although though after before yet so then still also meanwhile however earlier later
    since for from with by to this that these those his her its their our my both all some many most no not it
    he she they we i you what who why how where there here asked speaking quoting according despite during under
    over between amid following ahead last next first second north south east west middle new islamic summit
    agreement treaty deal accord plan war peace talks street avenue river sea bay gulf strip islands island
    airport port city province region district day week christmas easter ramadan lake mount cape fort port
    saint twitter facebook truth social congress parliament muslim christian jewish arab western asian european
    african american britons americans europeans up out off more now here sign subscribe click read watch share
    advertisement continue about newsletter menu
    until unless because once whether peninsula"""
)
"""Capitalised words that begin or belong to no person's name."""

NO_ADJECTIVES = _words(
    """and but or as while where when which who whom in at on by for to from with of so then yet because after before
    since until though although if unless not also about over under between among amid despite per via like"""
)
"""Small words that say nothing of whom they stand before."""

DAYS = _words("monday tuesday wednesday thursday friday saturday sunday")

PHRASE_LINKS = _words("of for from and in on with familiar matter talks close briefed to")
"""Small words that may stand inside the noun phrase of a speaker: "people familiar with the talks"."""

SUBJECT_OPENERS = _words(
    """north south islamic congress parliament american americans european arab western some both all many most the a
    an new he she they it we"""
)
"""Words of `NEVER_NAMES` that may open a subject at the head of a sentence."""

GROUP_NOUNS = _words(
    """countries sides nations states parties governments neighbours neighbors allies rivals powers leaders ministers
    presidents men delegations movements factions camps groups capitals bodies armies forces teams companies envoys
    negotiators rivals partners foes enemies"""
)
"""What two or more named before are called together: "the two countries", "both sides"."""
PEOPLE_NOUNS = _words("leaders ministers presidents men envoys negotiators women officials")
"""Those of them that mean people."""
GROUP_OPENERS = _words("the two three four both all these those of its his her their")
"""Words that may stand before them there."""

LEADING_TITLES = _words("president prime minister premier chancellor king emir leader ruler")
"""What the one who leads a country is called; "leader" may stand for each."""

KIN = _words("wife husband lady daughter son sister brother father mother widow in-law son-in-law daughter-in-law")
"""Words that make somebody another bearer of a well-known surname."""

FEMALE = _words("she ms mrs miss lady spokeswoman chairwoman congresswoman queen princess dame madam businesswoman")
MALE = _words("he mr sir lord spokesman chairman congressman king prince pope emir sheikh sultan")
"""Words that tell whether "he" or "she" can be meant."""

PORTFOLIOS = _words(
    """foreign defence defense interior finance trade industry commerce economy agriculture health education justice
    transport oil petroleum environment climate development information internal external affairs immigration energy
    intelligence security culture tourism labor labour science technology"""
)
"""What ministers and ministries are for."""

REPEATED_HEADS = _words(
    """alliance bloc ministry agency council commission committee organization organisation union group coalition
    movement court fund bank embassy parliament party service body watchdog"""
)
"""Heads of bodies by which alone they are called again."""
NICKNAMES = {"alliance": "nato", "bloc": "eu"}
"""What a body is called whose name has no such word."""

UNNAMED = _words(
    """official spokesman spokeswoman spokesperson diplomat minister president premier chancellor analyst expert source
    adviser envoy ambassador leader secretary negotiator commander lawmaker senator economist"""
)
"""What one unnamed person is called: "a senior official"."""

HEADED_OFFICES = _words(
    """chief envoy adviser advisor coordinator commissioner ambassador minister secretary negotiator leader head
    commander spokesman spokeswoman spokesperson representative"""
)
"""Titles before which a small word says of what: "rights chief", "nuclear watchdog chief"."""

PLAN_VERBS = (
    *("wants?", "wanted", "plans?", "planned", "hopes?", "hoped", "aims?", "aimed", "intends?", "intended", "seeks?"),
    *("sought", "expects?", "expected", "offers?", "offered", "proposes?", "proposed", "orders", "invites?", "invited"),
    *("gave", "granted", "gives?", "grants", "decides", "approves", "keeps to", "sticks? to", "stuck to", "agrees?"),
    *("agreed", "undertook", "fears?", "feared", "(?:is|are|was|were) (?:planning|hoping|seeking|aiming)"),
    *("(?:has|have|had) (?:scheduled|given)", "order", "postpones?", "extends", "suspends", "imposes", "convenes"),
    *("pencilled in", "penciled in", "brought forward", "brings forward", "put off", "pushed back", "blocked out"),
    *("slapped", "billed", "floating", "pledging", "vowing", "promising", "threatening", "seeking", "planning"),
)
"""Verbs, as patterns, whose subject has a plan or has decided."""
DECISION_VERBS = (
    *("decided", "approved", "ordered", "ruled", "named", "imposed", "barred", "banned", "postponed", "delayed"),
    *("extended", "suspended", "scheduled", "rescheduled", "set", "moved", "convened", "summoned", "unveiled"),
)
"""Those whose form also stands after what they are done to."""
PLURAL_VERBS = _words(
    """give want plan hope aim intend seek expect offer propose order invite agree fear postpone"""
) | {"stick to"}
"""Those that are verbs only after more than one."""
