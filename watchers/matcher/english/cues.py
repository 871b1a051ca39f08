"""Words by which English says that something is to come, has been, or is bound to a time. Data only.

A verb form stands in one list; what a list means is said above it. Lists of stems name forms in full, because
guessing endings would catch nouns.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# --- what a verb says of its time ---------------------------------------------------------------------------

MODALS = _words(
    """will shall would must should could may might can cannot won't ll 'll ’ll wont wouldn't couldn't shouldn't
    mustn't can't won’t wouldn’t couldn’t shouldn’t mustn’t can’t"""
)
FIRM_MODALS = _words("will shall would 'll ’ll won't")
PLANNED = _words(
    """set due scheduled slated expected likely unlikely planned poised bound supposed meant designed intended aiming
    hoping ready prepared preparing planning going seeking hopeful timed readying determined forecast projected
    tipped pencilled penciled earmarked about working threatening proposing considering predicting bracing awaiting
    anticipating"""
)
"""Participles and adjectives that point ahead, with or without a form of "be"."""

INTENT = _words(
    """plan plans intend intends aim aims hope hopes want wants seek seeks need needs expect expects wish wishes
    planned intended aimed hoped wanted needed sought agreed agree agrees pledged pledge pledges pledging vowed
    vow vows vowing promised promise promises promising undertook undertakes undertake committed commits commit
    committing decided decide decides offered offer offers threatened threaten threatens threatening proposed
    propose proposes urged urge urges urging called calls demanded demand demands demanding asked asks ordered
    orders order ordering invited invite invites inviting warned warns obliged required requires allowed allows
    told gave given gives giving get gets have has had 'd ask asking calling invites let wants guaranteed
    guarantee guarantees prepare prepares try tries start expected expecting resolved swore swears instructed instructs
    agreeing offering deciding undertaking authorizing authorising allowing forcing requiring inviting
    directed directs tasked authorised authorized empowered mandated compelled permitted forced persuaded pressed"""
)
"""Verbs whose "to …" lies ahead of them."""

ENDED = _words("failed fails refused met gathered managed came went arrived used flew travelled traveled sat rushed")
"""Verbs whose "to …" has happened with them, or never will."""

SCHEDULE = _words(
    """begins begin starts start resumes resume meets meet expires expire ends end opens open visits visit travels
    travel holds hold convenes convene kicks kick takes take arrives arrive heads concludes conclude hosts host
    votes vote runs leaves leave goes go gathers gather falls returns return reconvenes reconvene launches
    launch hands hand enters enter flies fly attends attend joins join lapses lapse closes close chairs chair
    signs sign addresses delivers deliver welcomes receives comes come"""
)
"""Present-tense verbs used of what is in the calendar."""

PRESENT_BE = _words("is are am 're ’re be being isn't aren't isn’t aren’t do does don't doesn't don’t doesn’t")

HOLIDAY_TRAPPINGS = (
    "sales|shopping|market|markets|party|tree|speech|address|message|messages|greetings|lights|holidays?|broadcast"
)
"""What a named day lends its name to: "the New Year's address", "Christmas sales"."""

DEMANDED = _words("demanded demands insisted insists requested requests required orders ordered")
SETS_DEADLINE = _words("gave give gives given set sets issued issues imposed imposes handed announced")
"""Verbs whose deadline runs from now."""

FULFILLED = _words("fulfilled kept broke broken honoured honored breached abandoned reneged")
"""Past verbs that leave nothing to come in the "to …" of the promise they are about."""

PAST_ACTS = (
    (
        "attacks?|strikes?|airstrikes?|move|capture|raids?|killings?|detention|arrests?|operation|remarks?"
        "|comments?|statement|shooting|bombings?|assault|incident|blast|explosion|seizure|abduction"
        "|ouster|assassination|massacre|coup|decision|announcement|reports?|clashes|invasion|resignation|ruling"
        "|verdict|judge?ment|victory|defeat|crash|fighting|violence|testimony|launch|unrest"
        "|death|deaths|earthquake|protests?|revolt|riots?|posts?|tweet|phone call"
    ),
)
"""Nouns whose weekday is the past one: "the attack on Saturday could …"."""

PRESENT = _words("includes include including features involves means requires says warns provides contains")
"""Present-tense verbs whose object may stand in the calendar: "which includes talks Tuesday"."""

WISHES = _words("plan plans intend intends aim aims hope hopes want wants seek seeks expect expects")
"""Present-tense verbs of intent: what they are about lies ahead."""

FORESEES = _words("expect expects vows pledges promises threatens")
"""Of these, whose object may be a noun, any time after them lies ahead: "vows a vote this week"."""

PLAN_NOUNS = _words(
    """plan plans deal agreement accord pledge pledges promise promises vow deadline decision proposal offer chance
    commitment months weeks days hours time ultimatum order bid effort efforts invitation intention hope hopes
    call calls demand demands right readiness willingness"""
)
"""Nouns whose "to …" lies ahead of them."""

PAST = _words(
    """was were had did been wasn't weren't hadn't didn't wasn’t weren’t hadn’t didn’t became began arose awoke
    blew bought caught clung forbade foresaw forgot hung heard hid lay mistook overheard oversaw overthrew
    overrode slept spun spat stuck strove swam swung understood undercut upheld withheld withstood retook
    rebuilt rewrote overran brought broke built came chose cut dealt drew drove fell felt fled flew fought found
    gave got grew held hit kept knew laid led left lost made meant met paid put ran rose sat saw sent shot
    showed shook spoke spent stood stole struck swept took taught thought threw told went quit split cast burst
    sped rode bore tore wore woke sang drank rang lit bent lent wept crept leapt dug overcame forgave froze
    grown given taken seen withdrew won wrote said beat hurt bid undertook overtook sank sprang shut slid sold
    sought set-up killed launched attacked"""
)

PARTICIPLES = _words(
    """been come become run gone done begun spoken written driven risen fallen known shown broken chosen stolen sworn
    flown drawn thrown hidden proven overcome forgotten forbidden undergone undertaken"""
)
"""Irregular participles that are no past forms: after "have" they tell what has been."""

MOVED = _words(
    """agreed delayed extended postponed scheduled set refused warned gave given moved pushed rescheduled promised
    pledged vowed failed granted announced allowed ordered told suspended paused renewed prolonged approved
    decided"""
)
"""Past verbs that set a time still to come: "postponed until 1 May"."""

ARRANGED = MOVED | _words(
    """cancelled canceled canceling cancelling confirmed scrapped called invited arranged organised organized convened
    proposed advanced requested"""
)
"""Past verbs whose object may be an event to come: "cancelled next month's summit"."""


ADJECTIVES_IN_ED = _words(
    """united armed limited need needed indeed unprecedented red bed hundred speed seed feed bleed breed embed shed
    proposed long-delayed long-awaited advanced so-called renewed unresolved combined alleged detailed expanded
    interested related sacred wicked naked agreed-upon determined sustained planned heated unified scheduled
    expected supposed intended designed poised slated prepared projected timed pencilled penciled earmarked
    hatred kindred exceed proceed succeed newly-elected u.s.-led saudi-led us-led unelected un-backed
    iran-backed u.s.-backed us-backed russian-backed backed-by disputed occupied besieged beleaguered embattled"""
)

# --- kinds ----------------------------------------------------------------------------------------------------

DEADLINE_PHRASES = (
    "deadlines?",
    "ultimatums?",
    "expir(?:e|es|ed|y|ation|ing)",
    "must",
    (
        "(?:has|have|had|having) (?:only |just |about |less than |more than |at least |until |till |up to "
        "|another |a couple |a (?:day|week|month|year|few|fortnight|deadline)|(?:two|three|four|five|six|\\d+) )"
    ),
    (
        "(?:needs?|needed|has|have|had|having) to (?!be (?:held|discuss)|hold|host|meet|visit|attend"
        "|travel|sign|address|join|begin|start|resume|send|go|take|speak|convene|discuss|gather|arrive"
        r"|deliver|receive|announce|unveil|open|leave|return|wait)\w+"
    ),
    "needed by",
    r"(?:was|were|been|is|are) (?:told|ordered|asked|urged|warned) (?:\S+ ){0,12}?to\b",
    r"ask(?:s|ed|ing)? (?!reporters|journalists)(?:\S+ ){1,5}?to\b",
    r"or (?:lose|else|risk)\b|or we\b",
    "requir(?:e|es|ed|ing)",
    "obliged",
    "time limit|cut-?off|grace period|time is running out|run(?:s|ning)? out|last chance|clock (?:is )?ticking",
    r"(?:call(?:s|ed|ing)? (?:up)?on|urg(?:e|es|ed|ing)|order(?:s|ed|ing)|press(?:ed|es|ing)) (?:\S+ ){1,8}?to\b",
    (
        r"(?:tell|told|tells) (?!reporters|journalists|that|the \w+ (?:that|it))(?:(?!that\b|he\b|she\b|it\b"
        r"|they\b)\S+ ){1,5}?to (?!reporters)"
    ),
    r"demand(?:s|ed|ing)?\b(?! for)",
    r"needs? (?:\S+ ){0,6}?(?:by|within|before)\b",
    r"either (?:\S+ ){1,12}?or\b",
    (
        r"(?:gave|give|gives|giving|given|allow(?:ed|s|ing)?|grant(?:ed|s|ing)?) (?:\S+ ){1,5}?(?:days?|weeks?"
        r"|months?|hours?"
        "|until|till|extension)"
    ),
    (
        r"extension (?:to|until|till|of)|extended? (?:\S+ ){0,4}?(?:to|until|till|by)|delay(?:ed"
        r"|s)? (?:\S+ ){0,2}?(?:to|until|till)"
    ),
    "or face|or else|lapses?",
    "exit date|pull-?out date|target date|due date",
    "figure out|will decide|decide (?:if|whether)|determine (?:if|whether|very|now)|time to ",
    r"(?:only|just) (?:\S+ ){0,2}(?:days|weeks|hours|months)(?: left|[’'] notice)",
    r"if (?:\S+ ){1,12}?(?:(?:is|are) not|isn[’']t|aren[’']t|fails?|refuses?) (?:\S+ ){0,10}?(?:by|within|before)",
)

EVENT_NOUNS = _words(
    """meeting meetings talks talk summit summits visit visits trip negotiations negotiation conference conferences
    hearing hearings session sessions round rounds vote votes voting referendum ballot election elections poll
    polls ceremony inauguration forum gathering call phone-call speech address exercise exercises drills drill
    manoeuvres maneuvers consultation consultations dialogue briefing debate signing celebrations parade tour
    anniversary assembly congress plenary roundtable announcement runoff run-off stop stopover voyage sit-down"""
)

EVENT_VERBS = _words(
    """meet meets meeting visit visits visiting travel travels travelling traveling hold holds holding host hosts
    hosting attend attends attending convene convenes reconvene reconvenes gather gathers resume resumes
    resuming discuss discusses discussing speak speaks address addresses testify testifies join joins fly flies
    flying arrive arrives arriving leave leaves chair chairs vote votes voting debate brief briefs kick kicks
    begin begins start starts open opens opening depart receive lead leads deliver put sign signs receives
    welcome welcomes tour tours unveil announce announces participate head heads heading conclude concludes
    close present presents swear sworn inaugurate go goes held hosted visited convened resumed announced
    unveiled meets-with sit consult sign-ceremony talk talks confer hear hears sitting see leaving"""
)

ACTS_OR_EVENTS = _words("begin start open leave deliver resume present return send")
"""Verbs of `EVENT_VERBS` that are an act where a person or state does them to something else than an event."""

OUTCOME_PHRASES = (
    "(?:un)?likely",
    "hop(?:e|es|ed|ing|eful)",
    "expect(?:s|ed|ing|ation|ations)?",
    "could|(?-i:may)|might|can",
    "predict(?:s|ed|ing|ion)?",
    "forecasts?|projected|estimated?",
    "aim(?:s|ed|ing)?",
    "possibl[ey]|probably|perhaps|potential",
    "wants?|seek(?:s|ing)?|seeking",
    "should|would like",
    "believes?|optimistic|confident|fear(?:s|ed)?|concern(?:s|ed)?",
    "target(?:s|ed|ing)?",
    "push for|press for|try to|trying to",
)

DOUBTFUL = r"could|(?-i:may)|might|unlikely|hop(?:e|es|ed|ing)|possibl[ey]|if|predict(?:s|ed)?|should|can|expects"
"""Before an event's verb these make an expectation of it."""

COMMITMENT_PHRASES = (
    "pledg(?:e|es|ed|ing)",
    "vow(?:s|ed|ing)?",
    "promis(?:e|es|ed|ing)",
    "commit(?:s|ted|ting|ment|ments)?",
    "undert(?:ake|akes|ook|aken)",
    "guarantee(?:s|d|ing)?",
    r"agree(?:s|d|ing)?(?: \w+)? (?:to|on|that)",
    "threaten(?:s|ed|ing)?",
    "decided to|has decided|have decided",
    "(?:re)?assur(?:e|es|ed|ing|ances?)",
    r"(?:agreement|accord|pact) (?:\S+ ){0,12}?to (?!be\b)\w+",
    r"(?:will|would) (?:take effect|(?:come|go|enter) into (?:effect|force)|re-?open|remain in place)",
    (
        r"will (?:not |also |then |\w+ly )?be (?:\w+ly )?\w+(?:ed|sent|held|put|given|built|cut|begun|withdrawn"
        r"|paid|brought|taken|made)"
    ),
    "plan(?:s|ned|ning)? to",
    "intend(?:s|ed)? to",
    r"announced? (?:that |plans |it |they |he |she |\w+day )",
    "(?:is|are) (?:going|ready|prepared|determined) to (?-i:[a-z])",
    "would (?:impose|retaliate|respond|withdraw|send|propose|recogni[sz]e|cut|halt|stop|release|lift|sign)",
)

# --- explicit promises, undated ---------------------------------------------------------------------------------

PROMISE_VERBS = (
    r"(?:pledg|vow|promis)(?:ed|ing)\b(?<!promising)",
    r"promising (?=to\b|that\b|an?\b|the\b|more\b|[$€£\"“‘\d])",
    r"(?:pledges|vows|promises)(?= (?:to|that|not|no|a|an|full|more|new|[$€£\"“‘\d])\b)",
    (
        r"(?<=we )(?:pledge|vow|promise)\b|(?<=I )(?:pledge|vow|promise)\b|(?<=they )(?:pledge|vow|promise)\b"
        r"|(?<=s )(?:pledge|vow|promise) (?:to|that)\b"
    ),
    r"commit(?:s|ted|ting)?(?: \w+)? (?:to\b|that\b|additional|another|more|[$€£]?\d)",
    r"undert(?:ake|akes|ook|aken|aking) (?:to|that)\b",
    r"(?<=will )guarantee\b",
    r"(?<=\bwe )assure\b|(?<=\bI )assure\b",
    r"guarantee(?:s|d) (?:that|to|its|the|his|their|it|they|he|she)\b",
    (
        r"agree(?:d|s|ing)?(?: (?!that\b|with\b)[\w’'.-]+){0,4}? (?:to|in principle)\b(?! (?:disagree"
        r"|comment|speak on"
        r"|under|by|our\b)|[.,;])"
    ),
    r"agreed (?:[\w ]{0,30}?)?(?:that|on (?:a|an|the))\b",
    (
        r"(?:re)?assur(?:es|ed|ing) (?:[^\s.;]+ ){1,10}?[\"“‘]?(?:will|would|won[’']t|remains? committed|(?:is|was"
        r"|are) committed|[\w]+[’']ll)\b"
    ),
    r"(?:re)?assur(?:es|ed|ing) (?:[^\s.;]+ ){1,4}?of (?:full |its |his |their |continued )*support\b",
    r"(?:re)?affirm(?:s|ed|ing) (?:\S+ ){0,6}?(?:will|would|commitment)\b",
    r"(?:swore|sworn) to\b",
)
PROMISE_NOUNS = (
    (
        r"(?:repeat(?:s|ed|ing)|reiterat(?:es|ed|ing)|reaffirm(?:s|ed|ing)|renew(?:s|ed|ing)|restat(?:es|ed|ing)"
        r"|express(?:es|ed|ing)|voic(?:es|ed|ing)|underscor(?:es|ed|ing)|made clear"
        r"|underlin(?:es|ed|ing)|stress(?:es|ed|ing)|affirm(?:s|ed|ing)|confirm(?:s|ed|ing)) "
        r"(?:(?:his|her|its|their|the|a|[\w-]+[’']s) )(?:[\w-]+ ){0,3}?(?:pledge|commitment|promise"
        r"|vow)s? (?:to|that)\b"
    ),
    r"(?:commitments?|pledges?|promises?|vows?|guarantees?|assurances?) (?:to|that|from|of|by)\b",
)
RESOLVES = (
    (
        "(?:will|would|shall|won[’']t|’ll|'ll)(?: not| never)? (?:not |never )?(?:rest|stop|yield|relent"
        "|cease|back down|give up) until"
    ),
    (
        r"""(?:will|would|shall|’ll|'ll) [“\"‘]?(?:\w+ly )?(?:respond|retaliate|hit back|strike back) (?:with|to"""
        r"|against|in kind)\b"
    ),
    (
        r"(?:(?:will|would) (?:not|never)|won[’']t) (?:\S+ ){1,6}?until (?:after )?(?:the|all|it|its|they|there|you"
        r"|a|[A-Z]\w+) (?:\w+ ){0,4}?(?:halts?|lifts?|withdraws?|releases?|agrees?|stops?|ends?|meets?"
        r"|compl(?:y|ies)|accepts?|is|are|has|have)\b"
    ),
)
_REPRISALS = (
    r"(?:face|pay|suffer|respond|retaliate|answer|strike|hit|destroy|impose|be met|revoke|withdraw|walk away|pull out"
    r"|cut|expel|attack|suspend|halt|raise|resort|deal|remain closed|move on"
    r"|take (?:action|measures|steps|corresponding|appropriate|countermeasures))"
)
ULTIMATUMS = (
    r"must (?:\S+ ){1,25}?or (?:else|face|it will|they will|we will|be|suffer|pay|risk)\b",
    r"\bor (?:else )?(?:you|they|it|he|she|we) will (?:face|pay|suffer|regret)\b",
    r"last (?:chance|warning) (?:\S+ ){1,20}?or\b",
    r"(?:an|the|his|her|its|their) ultimatum (?:to|that|for)\b",
    rf"(?:will|would) (?:not )?(?:\w+ly )?{_REPRISALS}\b(?: \S+){{0,25}}? (?:if|unless)\b",
    r"will only (?!(?:work|be|succeed|happen|get|make|grow|help|increase)\b)(?:\S+ ){1,12}?(?:if|when|once)\b",
    rf"\b(?:if|unless) (?:\S+ ){{2,25}}?(?:they|it|he|she|(?-i:[A-Z])\w+|forces) (?:will|would) {_REPRISALS}\b",
    (
        r"\b(?:if|unless) (?!(?:we|I)\b)(?:\S+ ){2,25}?(?:we|I)(?: will|[’']ll) (?!(?:see|know|talk|be|find|lose"
        r"|need|have|get"
        r"|fail|end|suffer|become|win)\b)"
    ),
    r"(?<!has )(?<!have )(?<!had )(?<!both )threaten(?:s|ed) (?:\S+ ){1,25}?(?:if|unless)\b",
    r"unless (?:\S+ ){1,12}?(?:would|will) (?:continue|resume|face|attack)\b",
)

_WILL = r"(?:will|would|won[’']t|wouldn[’']t|shall|is going to|are going to|[’']ll)"
CONDITIONAL_ACTS = (
    (
        rf"(?<=\w ){_WILL} (?:\S+ ){{1,22}}?(?:if|unless|until|as long as|so long as|only when|should|as soon as|once"
        r"|when|in exchange for|in return for|(?:the|any) (?:day|hour|moment))\b"
    ),
    r"\bcan expect (?:\S+ ){1,20}?(?:if|unless|until)\b",
    r"\bor else\b|\beither (?:\S+ ){1,25}?or\b|\blast (?:chance|warning|one)\b",
    (
        r"\b(?:if|unless|until|as long as|so long as|once|should|as soon as) (?:\S+ ){2,25}?(?:[^\s,]+ )?"
        rf"{_WILL} (?!be (?:a|the)\b)\w"
    ),
    r"\b(?:only|not) (?:\S+ ){1,10}?(?:if|until|unless)\b",
    r"\bwarn(?:s|ed|ing)? (?:\S+ ){1,15}?(?:if|unless|or)\b",
    r"\b(?:refus(?:es|ed|ing)|insist(?:s|ed|ing)?) (?:\S+ ){1,15}?(?:if|until|unless)\b",
)
"""Somebody's act that hangs on another's: told of one who can act, "we will leave unless they …" binds him."""
LOOSE_PROMISES = (
    r"(?:recommit|re-commit)(?:s|ted|ting)?\b",
    r"(?:to |continu\w+ to )(?:pledge|vow|promise)\b",
    r"(?:pledges|vows|promises)(?= (?!by\b|from\b|and\b|of\b|made\b|were\b|are\b)[a-z])",
    r"(?:is|are|was|were|been) committed\b(?! to\b)",
    (
        r"(?:sign(?:s|ed|ing)?|reach(?:es|ed|ing)?|announc(?:es|ed|ing)|struck|clinch\w*|seal\w*|finali[sz]\w+"
        r"|approv\w+) (?:an? |the )?(?:[\w-]+ ){0,4}(?:agreement|deal|accord|pact|treaty)s?\b"
    ),
    (
        r"(?:agreement|deal|accord|pact) (?:\S+ ){0,6}?"
        r"(?:to (?!be\b)|that (?:will|would)|under which|calling for|will see)"
    ),
    r"(?:will|would) (?:honou?r|abide by|respect|stick to|stand by|uphold|adhere to)\b",
    r"(?:stand|stands|standing) by (?:its|his|her|their|our)\b",
    r"give(?:s|n)? (?:its|his|her|their|our) word\b",
    r"agree(?:d|s|ing)? (?:\S+ ){1,8}?(?:to|that)\b",
    r"(?:truce|ceasefire|cease-fire|deal|it|this|plan)s? (?:had been|has been|was|were|have been) agreed\b",
    r"promising (?:[\w-]+ ){1,4}to\b",
    r"committed (?:\S+ ){1,5}?to\b",
    r"offer(?:s|ed|ing) to\b",
    r"(?:commitments?|pledges?|vows?|promises?|assurances?)\b",
    r"reach(?:es|ed|ing)? (?:an? |the )?(?:[\w-]+ )?(?:consensus|understanding)\b",
)
"""Words that promise in some sentences and not in others: never alone."""

PIECES_OF_PROMISE = frozenset(("pledg", "vow", "promis", "commit", "undert", "guarantee", "assur"))
PIECES_OF_RESOLVE = frozenset(("until", "respond", "retaliate", "hit back", "strike back"))
PIECES_OF_ULTIMATUM = frozenset(
    (
        *("must", " if", "if ", "unless", "last chance", "last warning", "ultimatum", "will only "),
        *("will face", "will pay", "will suffer", "will regret"),
    )
)
PIECES_OF_CONDITION = frozenset(
    (
        *(" if", "if ", "until", "unless", "as long", "as soon", "when", "should", "once", "in exchange", "in return"),
        *("the day", "the hour", "the moment", "any day", "any hour", "any moment", "or else", "either"),
        *("last chance", "last warning", "last one", "warn"),
    )
)
PIECES_OF_LOOSE = frozenset(
    (
        *("agree", "deal", "accord", "pact", "treat", "honor", "honour", "abide", "respect", "stick", "uphold"),
        *("adhere", "stand by", "stands by", "standing by", " word", "offer", "consensus", "understanding"),
    )
)
"""Every phrase of a family has one of these pieces in it, whatever the size of its letters: no sentence without one
is searched for the phrases."""

# --- conditions -----------------------------------------------------------------------------------------------

CONDITIONS = (
    "(?i:unless)",
    "(?i:provided (?:that|the|it|they))",
    r"(?i:must (?:\S+ ){1,25}?or (?:else|face|it will|they will|we will|be|suffer|pay|risk)\b)",
    r"(?i:\bor (?:else )?(?:you|they|we|it) (?:will|go) )",
    "on (?:the )?(?:condition|premise) (?:that|of (?!anonymity))",
    "in exchange for|in return for",
    "as long as",
    "only (?:if|when|after)",
    "in (?:the )?(?:case|event) (?:of|that)",
    r"once (?:a|the|an) \w+",
    (
        "(?:will|would|won[’']t)(?: not| never)? (?!rest|stop|relent)(?!not rest"
        r"|not stop)(?:\S+ ){1,6}?(?:until after|until (?!(?:next|the end|late|early|mid|at least|\d|January"
        "|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday"
        r"|Wednesday|Thursday|Friday|Saturday|Sunday|after))\w+)"
    ),
    "assuming",
    r"should (?:it|they|he|she|the \w+|[A-Z]\w+) (?:not |fail|refuse|choose|decide|agree)",
)
NO_CONDITION_BEFORE_IF = _words(
    """even as ask asked asking see sees decide decides determine whether know unclear wonder wondered only what
    questioned say check doubt decided deciding figure"""
)

# --- background, neutral ----------------------------------------------------------------------------------------

BACKGROUND = (
    (
        "last (?:month|year|spring|summer|autumn|fall|winter|january|february|march|april|may|june|july"
        "|august|september|october|november|december)"
    ),
    r"(?:in|since|after|before|during) (?:19|20)\d\d",
    r"(?:\w+ )?(?:days?|weeks?|months?|years?|decades?) (?:ago|earlier)",
    (
        "(?:earlier|previously|originally|once|long) (?:agreed|pledged|vowed|promised|committed|threatened"
        "|this (?:year|month))"
    ),
    "in recent (?:weeks|months|years)",
    r"during (?:his|her|the|its) (?:\w+ ){0,2}campaigns?",
    r"in spite of (?:\w+ ){0,3}(?:promises?|pledges?|assurances?|commitments?)",
    "campaign (?:promises?|pledges?|vow)",
    r"(?:took|taking|entered|entering) office (?:promising|pledging|vowing)|ran for (?:office|president|re-election)",
    r"(?:year|month|week)s?-old (?:tweet|post|video|message|interview)|resurfaced",
    (
        r"(?:broke|broken|breaking|fail(?:ed|ing|s)? to|fell short|violat\w+|renege\w*|kept|keep"
        r"|honou?r(?:ed)?|fulfil\w*|backed away|unfulfilled|despite|breach\w*"
        r"|abandon\w*) (?:\w+ ){0,4}(?:promises?|pledges?|commitments?|agreements?|vows?|assurances?)"
    ),
    "earlier this (?:year|month)",
    "(?:in|last) (?:january|february|march|april|june|july|august|september|october|november|december),?",
)
