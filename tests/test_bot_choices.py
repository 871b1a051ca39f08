"""What is offered while somebody types: Discord reads no markup there, but neither may it read as it is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.cogs.base import choices
from bot.render import CHOICE_LIMIT, measured

MOST = 25
"""Discord takes no more: https://docs.discord.com/developers/interactions/receiving-and-responding"""


def test_marks_that_turn_the_reading_direction_go_and_markup_stays_as_it_was_written() -> None:
    (choice,) = choices([("Harbour \u202etsop\u202c *talks* @everyone", "4")])
    assert (choice.name, choice.value) == ("Harbour tsop *talks* @everyone", "4")


def test_what_cannot_be_shown_or_chosen_is_not_offered() -> None:
    assert choices([("\x00\ud800", "1"), ("a name", ""), ("another", "x" * (CHOICE_LIMIT + 1))]) == []


@given(st.lists(st.tuples(st.text(max_size=150), st.text(max_size=150)), max_size=40))
def test_discord_takes_all_that_is_offered(pairs: list[tuple[str, str]]) -> None:
    offered = choices(pairs)
    assert len(offered) <= MOST
    for choice in offered:
        assert 1 <= measured(choice.name) <= CHOICE_LIMIT
        assert 1 <= len(choice.value) <= CHOICE_LIMIT
