"""Rewrites the `known_gap` lines of the corpus from what the matcher reads now, and prints how much is right.

Run from the repository's root, and look at the difference before it is committed: a new mark is a step back.

    python -m tests.corpus.mark_gaps            # rewrite, print the figures
    python -m tests.corpus.mark_gaps --faults   # rewrite nothing; print each passage read wrongly, and what is wrong
"""

from __future__ import annotations

import sys

from tests.matcher_corpus import FOLDER, Passage, faults, files, passages

MARK = "known_gap = true"
HEADING = "[[passage]]"


def marked(toml: str, gaps: list[bool]) -> str:
    """Return the file's text with a mark below each passage that is a gap, in their order, and below no other."""
    lines: list[str] = []
    left = iter(gaps)
    gap = False
    for line in [*toml.splitlines(), ""]:
        if line == HEADING:
            gap = next(left)
        if not line and gap:
            lines.append(MARK)
            gap = False
        if line != MARK:
            lines.append(line)
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Mark every file, or with `--faults` print what is wrong; return the exit code."""
    for file in files():
        found = passages(file)
        wrong: list[tuple[Passage, tuple[str, ...]]] = [(passage, faults(passage)) for passage in found]
        if arguments == ["--faults"]:
            for passage, why in wrong:
                if why:
                    sys.stdout.write(f"{file}: {passage.text}\n    {'; '.join(why)}\n")
        else:
            path = FOLDER / f"{file}.toml"
            path.write_text(marked(path.read_text("utf-8"), [bool(why) for _, why in wrong]), "utf-8")
        right = sum(not why for _, why in wrong)
        sys.stdout.write(f"{file}: {right} of {len(found)} right\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
