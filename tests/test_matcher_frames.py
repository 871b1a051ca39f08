"""The frame of a time is the first that fits, though most are not tried."""

import re

from hypothesis import given
from hypothesis import strategies as st

from watchers.matcher.due import frame_of, setting
from watchers.matcher.english.frames import AFTER, BEFORE, ENDS, PASSED, Frame
from watchers.matcher.timeline import Expression, Shape, Unit

WORDS = sorted(
    PASSED.union(*ENDS.values())
    | {"deadline", "not", "moved", "delayed", "extended", "ahead", "prior", "no", "later", "run-up", "summit", "matter"}
    | {"(by", "“until", "by,", "talks", "earlier", "space", "cut-off", "date", "lasts", "up", "cut-off date", "ever"}
)


def _first_that_fits(before: str) -> tuple[str, Frame]:
    return next(((name, frame) for name, frame, pattern in BEFORE if pattern.search(before)), ("", Frame.NONE))


@given(st.lists(st.sampled_from(WORDS), max_size=8))
def test_no_frame_before_a_time_is_passed_over(words: list[str]) -> None:
    text = " ".join([*words, "Friday"])
    start = len(text) - len("Friday")
    here = setting(
        Expression(Shape.WEEKDAY, weekday=4), text, start, len(text), len(text), counted_from=None, through=None
    )
    assert frame_of(here) == _first_that_fits(here.before)


def test_words_after_a_time_count_before_those_ahead_of_it() -> None:
    text = "by the 50-day deadline"
    here = setting(Expression(Shape.DURATION, Unit.DAY, 50), text, 7, 13, 13, counted_from=None, through=None)
    name, frame = frame_of(here)
    assert (name, frame) == ("deadline", Frame.DEADLINE)
    assert re.match(next(pattern.pattern for each, _, pattern in AFTER if each == name), "deadline")
