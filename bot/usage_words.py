"""The words of --help that go beyond what each option says."""

from __future__ import annotations

PROGRAM = "aide-memoire"

MAIN_HELP = f"""\
start here:
  {PROGRAM} demo                       see the whole thing work; needs no token and no account
  {PROGRAM} read article.txt --date 2026-03-02
                                          see what one article promises, and by when
  {PROGRAM} doctor                     check the set-up, and how to mend it
  {PROGRAM} run                        connect to Discord and work

Settings come from the environment and from a file .env in the working directory; .env.example explains each.
`{PROGRAM} COMMAND --help` teaches one command.
"""

WATCH_HELP = f"""\
It needs DATABASE_URL, the same as the bot's, and no token. Each takes other feeds and articles; what one had in hand
that dies is taken up by the others within LEASE_SECONDS.

examples:
  WATCHERS=apart {PROGRAM} run &
  {PROGRAM} watch &
  {PROGRAM} watch &
"""

READ_HELP = f"""\
examples:
  {PROGRAM} read article.txt --date 2026-03-02
  {PROGRAM} read - --date 2026-03-02 --title "Talks set for Friday" < article.txt
  {PROGRAM} read article.txt --date 2026-03-02 --why
  {PROGRAM} read --jsonl < articles.jsonl > statements.jsonl

with --why, for each sentence that names a time or promises something:
  + what was read, - what was passed over; the rule or reason; how much spoke for it (above 0 it is read), and the five
  traits that weighed most. docs/reading.md tells what the traits mean. = names the earlier statement that is told
  again, with what speaks for that and what against.

with --jsonl, one JSON object a line:
  in    {{"id": "a1", "date": "2026-03-02", "title": "…", "outlet": "…", "text": "…"}}
  out   {{"id": "a1", "statements": [{{"start": 0, "end": 42, "quote": "…", "kind": "deadline",
         "timex": {{"start": 30, "end": 41, "text": "by Friday", "type": "DATE", "value": "2026-03-06"}},
         "due_start": "2026-03-02", "due_end": "2026-03-06", "precision": "exact", "speaker": "…",
         "conditional": false, "rules": ["…"], "followup": "f1",
         "edtf": "2026-03-02/2026-03-06", "cameo": "139", "plover": "THREATEN",
         "speaker_country": "IT", "countries": ["IT"]}}]}}
  Offsets are characters of "text". Statements with the same "followup" report the same thing.
  A line that cannot be used is named on standard error, the rest goes on, and the exit code is 1.
"""

TIMES_HELP = f"""\
example:
  {PROGRAM} times --jsonl < docs.jsonl > times.jsonl

one JSON object a line:
  in    {{"doc": "d1", "dct": "2026-03-02", "text": "They met last Friday and will meet in May."}}
  out   {{"doc": "d1", "start": 9, "end": 20, "text": "last Friday", "type": "DATE", "value": "2026-02-27"}}
"""

OUTCOMES_HELP = f"""\
example:
  {PROGRAM} outcomes --jsonl < stream.jsonl > outcomes.jsonl

Articles come oldest first. Each statement is followed through those after it, and each follow-up gets one line once
nothing more is expected to tell of it, or at the end:
  in    {{"id": "a1", "date": "2026-03-02", "title": "…", "outlet": "…", "text": "…"}}
  out   {{"followup": "f1", "statements": [{{"id": "a1", "start": 0, "end": 42, "quote": "…"}}], "kind": "deadline",
         "speaker": "…", "due_start": "2026-03-02", "due_end": "2026-03-06",
         "history": [{{"date": "2026-03-02", "what": "said", "id": "a1", "due_start": "…", "due_end": "…"}}],
         "outcome": "kept", "evidence": {{"id": "a7", "start": 0, "end": 58, "quote": "…"}}, "confidence": 0.91,
         "reasons": ["…"], "near": []}}
  The outcome is kept, partly, broken, moved, withdrawn or open; open says only that nothing was found that is sure
  enough, and "near" then holds what came closest. A line that cannot be used is named on standard error, the rest goes
  on, and the exit code is 1.
"""

FOLLOWUPS_HELP = f"""\
examples:
  {PROGRAM} followups
  {PROGRAM} followups --topic iran-nuclear --kind deadline
  {PROGRAM} followups --json --limit 1000 > followups.jsonl
"""

EXPORT_HELP = f"""\
examples:
  {PROGRAM} export --format csv > followups.csv
  {PROGRAM} export --format json --list settled --server 81384788765712384 > settled.json

a follow-up is shown as nobody's, without ratings and notes, or with --server as that server sees it. In a CSV file,
text that a spreadsheet would take for a formula has an apostrophe before it. docs/interfaces.md explains each field.
"""

RECORD_HELP = f"""\
examples:
  {PROGRAM} record --speaker "Ada Berg"
  {PROGRAM} record --country UA --since 2025-01-01 --until 2025-12-31
  {PROGRAM} record --speaker "foreign minister" --chart record.png
  {PROGRAM} record --speaker "Ada Berg" --server 81384788765712384 --json > record.json
  {PROGRAM} record --since 2025-01-01 --chart everything.png

counted are commitments and deadlines with a date, and only what people of one Discord server said of how they ended;
what the news suggests is told apart. Where only one server has rated anything it is that one. docs/record.md tells what
counts as what, and how to quote it.
"""

FEEDS_HELP = f"""\
examples:
  {PROGRAM} feeds check
  {PROGRAM} feeds check --feed https://news.un.org/feed/subscribe/en/news/all/rss.xml
  {PROGRAM} feeds status
  {PROGRAM} feeds export feeds.opml
  {PROGRAM} feeds import feeds.opml

A feed that stopped, because its server said that it is gone for good, is read again once it answers to
`feeds check --feed`.
"""

OUTBOX_HELP = f"""\
examples:
  {PROGRAM} outbox list
  {PROGRAM} outbox list --state given-up --server 81384788765712384
  {PROGRAM} outbox list --json --limit 100000 > outbox.jsonl
  {PROGRAM} outbox retry 118 121
  {PROGRAM} outbox retry --given-up --server 81384788765712384
  {PROGRAM} outbox drop 118

Works while the bot runs, which takes up within seconds what is put back. What was given up long ago is told as if it
were new: look at it first.
"""

SPLIT_HELP = f"""\
examples:
  {PROGRAM} split 12 --reports 2 3
  {PROGRAM} join 12 14

The follow-ups are those of all servers: what was posted of them is edited, and reminders are planned anew.
"""

BACKUP_HELP = f"""\
The copy is what the database was at one instant; it is checked, and put in its place whole. To restore it, stop the
bot and put it where DATABASE_URL points.

examples:
  {PROGRAM} backup backup.db
  {PROGRAM} backup --force /mnt/backups/monday.db
"""

SERVER_HELP = f"""\
examples:
  {PROGRAM} server export --server 81384788765712384 server.json
  {PROGRAM} server import server.json
  {PROGRAM} server import --server 81384788765712385 --left left.json server.json

An import is stored as a whole or not at all, touches one server alone, and changes nothing when it is done again. What
is said of follow-ups finds them by their words, days and articles; what is not found is told, and may be tried again
once they have been read. Personal reminders are people's own and stay where they are.
"""

FEEDBACK_HELP = f"""\
One article a line: its text, and each statement that somebody called no commitment or wrongly dated, with its place in
the text, the right days where somebody gave them, and how many people say so.

examples:
  {PROGRAM} feedback export > feedback.jsonl
"""

DEMO_HELP = f"""\
examples:
  {PROGRAM} demo
  {PROGRAM} demo --pace 0              without pauses
  {PROGRAM} demo --browser             on a page of this machine, where you press the buttons yourself
  {PROGRAM} demo --database demo.db    keep the database in a file of that name
"""

INVITE_HELP = f"""\
examples:
  {PROGRAM} invite
  {PROGRAM} invite --without threads --without events
  {PROGRAM} invite --application 1234567890123456789
"""

DOCTOR_HELP = f"""\
✓ works, ✗ is broken (and how to mend it), – could not be told or can wait. The exit code is 1 where something is
broken.

examples:
  {PROGRAM} doctor
  {PROGRAM} doctor --offline           does not ask Discord whether it knows the token
"""

HEALTH_HELP = f"""\
Reads HEALTH_FILE or, where that is not set, asks /health at WEB_PORT. The exit code is 0 where all is well, and 1 where
it is not or nothing was heard for a minute: made for the probes of Docker and Kubernetes.

example:
  {PROGRAM} health
"""
