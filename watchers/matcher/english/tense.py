"""English verbs by the time they speak of, for telling whether a bare "Friday" is the last one or the next.

`Lean` says what a word makes of the time that stands in its clause. Regular past forms need no entry: a word that
ends in -ed leans to the past unless it is listed.
"""

from __future__ import annotations

from enum import Enum
from typing import Final


class Lean(Enum):
    """What a word says of its clause's time."""

    PAST = "past"
    FUTURE = "future"
    """Will, shall: nothing overrules it."""
    LIKELY_FUTURE = "likely future"
    """Modals and present forms of intending."""
    PLEDGE = "pledge"
    """Intending, in a form that is a noun as well: plans, hopes, promises."""
    EVENT = "event"
    """Happening, in a present form: "talks resume Monday" looks ahead. Many are nouns as well."""
    PLAN = "plan"
    """A participle of planning: scheduled, expected, due."""
    SET = "set"
    """Past or planned, as its helper says: the talks are set, he set a date."""
    TO = "to"
    """Ahead where a verb follows, not where a place does."""
    HAVE = "have"
    BE = "be"
    PRESENT_BE = "present be"
    PAST_BE = "past be"
    STOP = "stop"
    """A mark that may end a sentence."""
    NOTHING = "nothing"
    """Ends in -ed and is no past form: Mohammed, hundred, need."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _lean(lean: Lean, words: str) -> dict[str, Lean]:
    return dict.fromkeys(words.split(), lean)


LEANS: Final[dict[str, Lean]] = {
    **_lean(
        Lean.PAST,
        "said told had did made took went came met gave began saw got held won lost led left became ran sat "
        "stood spoke wrote broke brought bought caught chose drew drove fell felt flew found fought forgot froze "
        "grew heard hid hit kept knew laid lay meant paid rode rose sank sang sent shot shook sold sought spent "
        "stole struck swore taught thought threw understood woke wore withdrew overthrew undertook fled been "
        "arose beat bent blew built burnt dealt dug fed forbade forgave ground hung knelt lit overcame rang sped "
        "stuck swept swung tore underwent upheld ago since says say",
    ),
    **_lean(Lean.PAST_BE, "was were"),
    **_lean(Lean.FUTURE, "will shall ll wo"),
    **_lean(
        Lean.LIKELY_FUTURE,
        "would could should must may might can cannot hoping intends intend expects expect wants want deadline "
        "until unless gonna ought threatens going",
    ),
    **_lean(
        Lean.PLEDGE, "plan plans hope hopes aim aims vow vows pledge pledges promise promises demand demands need needs"
    ),
    **_lean(
        Lean.PLAN,
        "looming upcoming impending scheduled expected due slated planned planning likely unlikely supposed poised "
        "tentatively projected forecast anticipated proposed earmarked timed pencilled penciled postponed delayed "
        "rescheduled",
    ),
    **_lean(Lean.SET, "set put cut read shut quit bound ready"),
    **_lean(
        Lean.EVENT,
        "meet meets resume resumes begin begins start starts open opens end ends expire expires convene convenes "
        "gather gathers arrive arrives visit visits travel travels leave leaves vote votes host hosts face faces "
        "hold holds kick kicks take takes conclude concludes fly flies head heads come comes go goes run runs "
        "sign signs launch launches return returns reopen reopens become becomes continue continues decide "
        "decides attend attends participate participates speak speaks deliver delivers address addresses assume "
        "assumes closes shuts lapse lapses falls wrap wraps sit sits join joins",
    ),
    **_lean(Lean.HAVE, "have has having ve"),
    **_lean(Lean.BE, "be being"),
    **_lean(Lean.PRESENT_BE, "is are am re"),
    **_lean(Lean.TO, "to"),
    **_lean(
        Lean.NOTHING,
        "hundred mohammed ahmed mohamed hamed saeed red indeed speed unprecedented united wounded alleged armed "
        "limited unarmed sacred naked wicked aged bed medical feed seed weed greed reed bleed breed unspecified "
        "so-called occupied disputed besieged mixed detailed heated sustained repeated divided combined related "
        "retired",
    ),
}

NOUN_MAKERS: Final = _set(
    "a an the this that these those his her its their our your my of in on at for from with by about over "
    "another any no some one two three first second last next new recent final each every s"
)
"""A word after one of these is a noun, or the adjective of one, not a verb."""

NO_INFINITIVE: Final = _set(
    "a an the his her its their our this that these those all some any one two three about him them us me"
)
"""After these, "to" points to a place or a person, not to a verb."""

NOT_OF_PURPOSE: Final = _set("according prior up thanks close next addition")
"""Before these, "to" is no infinitive."""

HEADS_OF_TO: Final = _set(
    "plan plans decision decisions agreement agreements deal deadline pledge promise vow offer order orders "
    "invitation ready able willing reluctant obliged time days weeks months hours years move bid intention "
    "intent chance not how when where whether what due and or only also then "
    "agreeing vowing pledging promising offering threatening hoping preparing aiming intending undertaking deciding "
    "proposal effort efforts readiness willingness ultimatum demand commitment"
)
"""Words whose own infinitive follows "to": it looks ahead, whatever the verb before them."""

HAPPENED: Final = _set(
    "attack attacks bombing bombings killing killings shooting explosion blast strike strikes raid assault crash quake "
    "earthquake ruling verdict declaration announcement statement remarks comments arrest arrests protest protests "
    "violence clash clashes incident disaster massacre invasion coup resignation defeat victory close closing rally "
    "decision report storm fire flight"
)
"""What has happened where a weekday owns it: Tuesday's attack."""

DEMANDS: Final = _set(
    "demanded told ordered urged asked called instructed required wanted warned vowed pledged promised agreed sought "
    "requested insisted threatened offered"
)
"""Past verbs whose limit lies ahead of them: demanded an answer by Friday."""

PUTS_OFF: Final = _set(
    "moved pushed postponed delayed adjourned deferred rescheduled shifted extended prolonged brought "
    "extending postponing delaying deferring moving pushing extend postpone delay defer extension"
)
"""Past verbs that set a new time, which lies ahead: moved to Friday."""

ZONED: Final = frozenset(("Eastern", "Pacific", "Central", "Mountain", "Moscow", "Beijing", "Tehran", "Kyiv", "Israel"))
"""Words of a time zone that may follow an hour: their capital letter begins no sentence."""

COMMANDS: Final = _set(
    "asked asks asking urged urges urging told tells telling ordered orders ordering called calls calling "
    "invited invites demanded demands wanted wants gave gives giving given forced allowed allows required "
    "requires directed instructed warned expected expects advised persuaded pressed pressing set needs need has "
    "have had leaves left allowing"
)
"""Verbs that make somebody else do what follows "to": that lies ahead of them."""
