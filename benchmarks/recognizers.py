"""Let Microsoft Recognizers-Text read documents; run by the Python of .venv-peers, which holds nothing of ours.

    .venv-peers/bin/python benchmarks/recognizers.py < docs.jsonl > found.jsonl

In: `{"doc", "dct", "text"}`. Out, one for each expression: `{"doc", "dct", "start", "end", "candidates"}`, with its
own resolutions as candidates. The seconds of processor time spent reading, loading aside, go to standard error.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from time import process_time

from recognizers_date_time import Culture, recognize_datetime


def main() -> int:
    """Read from standard input, write to standard output; return 0."""
    recognize_datetime("on Monday", Culture.English)  # compiles its patterns
    seconds = 0.0
    for line in sys.stdin:
        row = json.loads(line)
        day = datetime.fromisoformat(row["dct"][:10])
        began = process_time()
        found = recognize_datetime(row["text"], Culture.English, reference=day)
        seconds += process_time() - began
        for expression in found:
            where = {"doc": row["doc"], "dct": row["dct"], "start": expression.start, "end": expression.end + 1}
            candidates = (expression.resolution or {}).get("values", [])
            print(json.dumps({**where, "candidates": candidates}, default=str))
    print(seconds, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
