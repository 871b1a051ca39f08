"""Whether reading hostile text takes time in proportion to its length.

    python benchmarks/hostile.py

Seconds are of processor time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import date
from time import process_time

from benchmarks.material import heading
from watchers.matcher.match import read_article

DAY = date(2026, 3, 2)
MB = 1_000_000
NESTED = 100_000
SLOW = 20.0
"""Seconds for one size after which the double is not tried."""


def _repeated(words: str) -> Callable[[int], str]:
    return lambda times: words * (times * MB // len(words))


INPUTS: Mapping[str, Callable[[int], str]] = {
    "a sentence": lambda times: "Ministers said they would, " + _repeated("by Friday if talks resume, ")(times),
    "100,000 nested quotations": lambda times: "“" * NESTED * times + "by Friday" + "”" * NESTED * times,
    "digits": _repeated("7"),
    "quotations never closed": _repeated("“We will sign by Friday,” he said. “"),
    "capitalised words": _repeated("Foreign Minister Ana "),
    "one-line paragraphs": _repeated("He said\n\n"),
    "time words": _repeated("Monday to Friday or next week "),
    "dots and commas": _repeated("a.,"),
    "numbers and hyphens": _repeated("12-12-"),
    "spaces": _repeated(" "),
}


def main() -> int:
    """Print the seconds; return 0."""
    heading("Hostile text, by `read`")
    print("$ python benchmarks/hostile.py")
    read_article("They will sign by Friday.", DAY)
    print(f"{'':<30}{'1 MB':>8}{'2 MB':>9}{'ratio':>8}")
    for name, made in INPUTS.items():
        once, twice = made(1), made(2)
        note = "" if len(once) >= MB // 2 else f"   ({len(once):,} characters)"
        first = _seconds(once)
        if first > SLOW:
            print(f"{name:<30}{first:>6.2f} s   the double was not tried{note}")
            continue
        second = _seconds(twice)
        print(f"{name:<30}{first:>6.2f} s{second:>7.2f} s{second / first:>8.1f}{note}", flush=True)
    return 0


def _seconds(text: str) -> float:
    began = process_time()
    read_article(text, DAY)
    return process_time() - began


if __name__ == "__main__":
    sys.exit(main())
