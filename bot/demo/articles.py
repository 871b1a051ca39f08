"""The demonstration's news: invented states and people, told in the register of the wires.

Marovia and Kestria do not exist, nor do the Orsa strait, the three outlets or anybody quoted. The weekdays fit
a run that begins on a Monday; nothing here names a calendar date, so that any Monday will do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from config.catalogue import Topic

NORTHLIGHT = "Northlight Wire"
QUAYSIDE = "The Quayside Observer"
BLUE_HERON = "Blue Heron Radio"

TOPICS = (
    Topic(
        id="orsa-strait",
        name="Orsa strait dispute",
        about="The quarrel of Marovia and Kestria over the Orsa strait.",
        words=("Orsa strait", "strait of Orsa", "patrol boat*", "sailor*"),
    ),
    Topic(
        id="orsa-site",
        name="Marovian nuclear file",
        about="Inspections of the enrichment site at Orsa.",
        words=("enrichment", "nuclear", "inspector*"),
        actors=("International Atomic Energy Agency", "IAEA"),
    ),
    Topic(
        id="fisheries",
        name="EU-Marovia fisheries accord",
        about="The accord on fishing between the European Union and Marovia.",
        words=("fisheries accord", "fishing accord", "fisheries agreement"),
    ),
)


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """An article and when it appears."""

    outlet: str
    day: int
    """Days after the first Monday."""
    at: time
    """UTC."""
    slug: str
    title: str
    body: str
    """HTML, hostile bits and all; an empty line parts paragraphs."""

    def published(self, first: date) -> datetime:
        """Return when it appears in a run that begins on `first`, in UTC."""
        return datetime.combine(first + timedelta(days=self.day), self.at, UTC)

    def html(self) -> str:
        """Return the body as the feed carries it."""
        return "".join(f"<p>{' '.join(paragraph.split())}</p>" for paragraph in self.body.split("\n\n"))


ARTICLES = (
    DemoArticle(
        NORTHLIGHT,
        0,
        time(7, 40),
        "orsa-site-ultimatum",
        "Agency loses patience with Marovia over Orsa site",
        """
        IAEA chief Ilse Brandvold said on Monday that Marovia has until Thursday to reopen its enrichment site at Orsa
        to inspectors or be reported to the Security Council.

        Inspectors were turned away at the gate in the spring, and the cameras inside went dark soon after.
        """,
    ),
    DemoArticle(
        QUAYSIDE,
        0,
        time(14, 20),
        "watchdog-marovia",
        "Nuclear watchdog raises pressure on Marovia",
        """
        The International Atomic Energy Agency has given Marovia until Thursday to let inspectors back into the
        enrichment site at Orsa, its director Ilse Brandvold told reporters in Vienna.

        Marovia's mission in Vienna declined to comment.
        """,
    ),
    DemoArticle(
        BLUE_HERON,
        1,
        time(9, 5),
        "geneva-talks-set",
        "Marovia and Kestria back at the table",
        """
        Envoys of Marovia and Kestria will meet in Geneva on Friday for direct talks on the Orsa strait, United Nations
        mediator Mateus Reis said.

        Both sides lost boats in a clash in the winter, and each has blamed the other.
        """,
    ),
    DemoArticle(
        NORTHLIGHT,
        1,
        time(15, 45),
        "geneva-talks-confirmed",
        "Kestria confirms Geneva meeting on Orsa strait",
        """
        Kestria's foreign ministry confirmed on Tuesday that its envoys will meet those of Marovia in Geneva on Friday
        for talks on the Orsa strait.

        The ministry did not say who would lead its delegation.
        """,
    ),
    DemoArticle(
        QUAYSIDE,
        2,
        time(10, 30),
        "tarvik-pledge",
        "Kestrian president speaks of Orsa strait",
        """
        Kestria will withdraw its patrol boats from the Orsa strait within 30 days, President Oona Tarvik pledged in a
        televised address on Wednesday.

        “We will not rest until every one of our detained sailors is home,” Tarvik said.
        """,
    ),
    DemoArticle(
        BLUE_HERON,
        2,
        time(12, 10),
        "lighthouse-keepers",
        "The last keepers of the Orsa lights",
        """
        For forty years Bettina Holm and her brother kept the lamps of the strait burning through every storm.

        The lamps were automated long ago, but the logbooks survived, and a museum in the old port shows them.
        """,
    ),
    DemoArticle(
        NORTHLIGHT,
        3,
        time(11, 15),
        "fisheries-accord",
        "EU and Marovia close to fisheries accord",
        """
        The fisheries accord between the European Union and Marovia is expected to be signed next week, the EU's chief
        negotiator Henrike Lauter said on Thursday.

        Quotas for herring had held up the text for most of the winter.
        """,
    ),
    DemoArticle(
        QUAYSIDE,
        4,
        time(8, 50),
        "fisheries-signing",
        "Fisheries accord with Marovia all but done",
        """
        The European Union hopes to sign the fisheries accord with Marovia by the end of next week, chief negotiator
        Henrike Lauter told journalists in Brussels.
        """,
    ),
    DemoArticle(
        BLUE_HERON,
        4,
        time(16, 10),
        "council-vote",
        # What a careless or hostile feed may hold: a script, another system's markup, a mention of everybody, an
        # escape that clears a terminal, and an override that turns the writing round.
        "Council divided on Orsa observers \u202etey\u202c <script>alert(1)</script>",
        """
        Kestrian ambassador Piet Aldersen told reporters that the United Nations Security Council will vote on Monday
        on sending observers to the [bold red]Orsa strait[/bold red] @everyone.

        <script>document.title = 'taken over'</script>Two earlier drafts were vetoed.
        """,
    ),
    DemoArticle(
        NORTHLIGHT,
        4,
        time(17, 25),
        "geneva-talks-held",
        "Marovia and Kestria talk for six hours in Geneva",
        """
        Envoys of Marovia and Kestria met in Geneva on Friday for six hours of direct talks on the Orsa strait.

        Neither side spoke to the press on leaving.
        """,
    ),
    DemoArticle(
        QUAYSIDE,
        5,
        time(9, 25),
        "how-the-strait-was-charted",
        "How the Orsa strait was charted",
        """
        The first reliable chart of the strait was drawn in 1788 by a surveyor who had never been to sea.

        His deadline had passed two years before, and the admiralty paid him half of what it had promised.
        """,
    ),
)
