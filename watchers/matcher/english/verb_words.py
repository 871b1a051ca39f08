"""Words by which verbs are told from nouns and adjectives, and what lies ahead from what was. Data only."""

from __future__ import annotations

from watchers.matcher.english import cues
from watchers.matcher.english.present import PLAINLY_VERBS
from watchers.matcher.english.speakers import DETERMINERS, REPORTING

CONTRACTED = ("'ll", "’ll", "'re", "’re")
WOULD_OR_HAD = ("'d", "’d")
NOUN_BEFORE = DETERMINERS | frozenset(
    (
        *("this", "these", "those"),
        *("of", "in", "on", "at", "for", "from", "with", "by", "after", "before", "during", "under", "between"),
        *("no", "any", "each", "every", "next", "last", "new", "first", "second", "third", "official", "state"),
        *("annual", "key", "more", "further", "no", "upcoming", "planned", "latest", "current", "direct"),
        *("high-level", "peace", "trade", "nuclear"),
    )
)
ADJECTIVE_BEFORE = DETERMINERS | frozenset(
    ("this", "these", "those", "of", "on", "with", "against", "for", "from", "in", "into", "between", "under", "amid")
)
"""After these a word in -ed is an adjective: "the killing of exiled leaders"."""
NOT_VERBS = frozenset(
    (
        *("a", "an", "the", "his", "her", "its", "their", "our", "my", "your", "this", "that", "these", "those"),
        *("one", "two", "three", "four", "five", "six", "all", "any", "some", "u.s", "us", "which", "whom"),
        *("what", "him", "them", "it", "me", "you", "date", "each", "both", "many", "more", "most", "world"),
        *("least",),
    )
)
ADVERBS = frozenset(
    (
        *("not", "also", "still", "soon", "never", "even", "now", "only", "again", "formally", "officially"),
        *("be", "have", "been", "then", "already", "once", "further", "immediately", "quickly", "likely"),
        *("probably", "almost", "just", "being", "to", "actually", "certainly", "definitely", "eventually"),
        *("personally", "jointly", "together", "later"),
    )
)
GOALS = frozenset(("goal", "aim", "plan", "idea", "purpose", "goals", "aims", "intention", "task", "job", "point"))
OPENING_MARKS = "\"“‘'(—"
AIMS = frozenset(("to", "for", "on", "toward", "towards", "at"))
PERCEIVED = frozenset(
    ("seen", "heard", "felt", "reached", "located", "found", "contacted", "verified", "confirmed", "identified")
)
"""After "could be" these tell what happened: "could not be reached on Sunday"."""
SHOWN = frozenset(("seen", "pictured", "shown", "photographed"))
"""After "is" these tell what a picture shows."""
TO_BE = frozenset(("come", "follow"))
"""Of what lies ahead, whatever came before: "with the harder talks to come on Thursday"."""
BEFORE_PARTICIPLE = cues.PRESENT_BE | frozenset(
    ("was", "were", "been", "not", "also", "now", "still", "'m", "’m", "i'm", "i’m")
)
NOUN_AFTER = frozenset(("of", "are", "were", "have", "between", "against", "that"))
"""After these a word in -s is the plural of a noun: "votes of", "moves against"."""
NOT_SUBJECTS = frozenset(("and", "or", "to", "not", "as", "than", "peace", "trade", "security", "air", "press"))
"""After these a word in -s tells nothing of time: "talks and visits", "trade moves"."""
LISTENERS = frozenset(("reporters", "journalists", "lawmakers", "date", "parliament", "cnn", "reuters"))
LEANING = frozenset(
    (
        *("about", "ready", "set", "forecast", "prepared", "working", "bound", "going", "meant", "determined"),
        *("hopeful", "threatening", "proposing"),
    )
)
"""Words of `cues.PLANNED` that point ahead only with "to", "for" or "on" after them."""
SUPPOSED = frozenset(("believed", "thought", "known", "understood", "said", "alleged", "reported", "considered"))
"""Before "to" these tell what is or was: "believed to be", "said to have"."""
HAVING_DONE = frozenset(("after", "following", "since"))
SAID = frozenset(("said", "says", "told", "tells"))
NOUN_OR_VERB = frozenset(
    ("plan", "order", "hope", "aim", "offer", "demand", "promise", "pledge", "vow", "need", "agree")
)
NOUNS_OR_VERBS = frozenset(("plans", "hopes", "aims", "calls", "orders", "demands", "offers", "promises", "pledges"))
AFTER_PLANS = frozenset(
    ("in", "by", "of", "from", "with", "at", "against", "are", "were", "have", "will", "would", "that", "and", "at")
)
PLURALS = frozenset(
    (
        *(
            "i",
            "we",
            "they",
            "you",
            "who",
            "which",
            "that",
            "and",
            "or",
            "not",
            "never",
            "also",
            "both",
            "all",
            "people",
        ),
        *("men", "women", "still", "then", "to", "don't", "don’t", "now", "soon", "next", "police", "two", "three"),
    )
)
"""Words that a verb in its base form follows, beside plurals in -s and names."""
MONTHS = frozenset(
    (
        *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
        *("november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    )
)
STAYING = frozenset(("remain", "remains", "stay", "stays", "be", "become", "get", "keep"))
DID = frozenset(("did", "didn't", "didn’t"))
LIGHT = {
    **dict.fromkeys(
        ("take", "takes"), frozenset(("place", "effect", "office", "part", "over", "up", "power", "force"))
    ),
    **dict.fromkeys(("comes", "come"), frozenset(("into", "due", "to", "before"))),
}
"""Verbs that stand in the calendar only with one of these words after them."""
RUNNING = frozenset(("starting", "beginning", "commencing", "ending", "running", "effective", "expiring"))
PAST_INTENT = frozenset(("gave", "told", "sought", "undertook", "swore", "got", "had", "given"))
HAVING = frozenset(("have", "has", "'ve", "’ve", "having"))
VERBS = frozenset(("to", "was", "were")).union(
    cues.MODALS,
    cues.PRESENT_BE,
    cues.PLANNED,
    cues.INTENT,
    cues.SCHEDULE,
    cues.PRESENT,
    cues.PAST,
    REPORTING,
    RUNNING,
    HAVING,
    PLAINLY_VERBS,
)
TITLE_VERBS = cues.SCHEDULE | cues.EVENT_VERBS | frozenset(("end", "sign", "send", "make", "get", "join", "help"))
VERB_ENDINGS = ("ed", "ing", *CONTRACTED, *WOULD_OR_HAD)
"""No other words show a tense: the rest are passed over without being asked."""
ONLY_MEANT = cues.INTENT | cues.PLANNED
"""Of these even a form in -ed may tell of what is to come."""
