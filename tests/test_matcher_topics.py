"""Topics are queries over words and actors, asked of a statement where it stands."""

from __future__ import annotations

from datetime import date

from config.catalogue import Topic
from watchers.matcher.match import read_article
from watchers.matcher.topics import TopicIndex
from watchers.model import Statement

MONDAY = date(2026, 3, 2)


def a_topic(
    topic_id: str, words: tuple[str, ...], *, also: tuple[str, ...] = (), without: tuple[str, ...] = ()
) -> Topic:
    return Topic(topic_id, topic_id.title(), "about it", words, (), also, without)


def only(text: str) -> Statement:
    (statement,) = read_article(text, MONDAY)
    return statement


def topics(text: str, *asked: Topic, title: str = "") -> tuple[str, ...]:
    return TopicIndex(asked).topics_of(only(text), title, text)


VISIT = "The Ukrainian prime minister will visit Washington on Friday."


def test_a_word_fits_in_any_case_and_only_as_a_whole() -> None:
    assert topics(VISIT, a_topic("us", ("washington",))) == ("us",)
    assert topics(VISIT, a_topic("us", ("Washing",))) == ()


def test_a_star_stands_for_any_ending() -> None:
    assert topics(VISIT, a_topic("ukraine", ("ukrain*",))) == ("ukraine",)


def test_a_phrase_fits_over_any_white_space() -> None:
    assert topics(VISIT, a_topic("pm", ("prime  minister",))) == ("pm",)
    assert topics(VISIT, a_topic("pm", ("minister prime",))) == ()


def test_actors_count_as_words_do() -> None:
    assert topics(VISIT, Topic("ukraine", "Ukraine", "", (), ("Ukrainian",))) == ("ukraine",)


def test_also_must_be_there_and_without_must_not() -> None:
    assert topics(VISIT, a_topic("both", ("washington",), also=("ukrain*",))) == ("both",)
    assert topics(VISIT, a_topic("both", ("washington",), also=("gaza",))) == ()
    assert topics(VISIT, a_topic("both", ("washington",), without=("ukrain*",))) == ()


def test_the_title_counts() -> None:
    assert topics(VISIT, a_topic("minerals", ("minerals deal",)), title="Minerals deal near") == ("minerals",)


def test_topics_come_sorted_and_once() -> None:
    assert topics(VISIT, a_topic("z", ("washington",)), a_topic("a", ("ukrain*", "visit"))) == ("a", "z")


def test_an_article_about_one_war_that_mentions_another_is_filed_under_the_one_a_statement_is_about() -> None:
    ukraine, gaza = a_topic("ukraine", ("ukraine", "kyiv")), a_topic("gaza", ("gaza",))
    text = (
        "Ukraine and its allies prepared for a hard winter of war.\n\n"
        "The ceasefire in Gaza between Israel and Hamas expires on Sunday.\n\n"
        "Kyiv has seen no truce."
    )

    assert topics(text, ukraine, gaza) == ("gaza",)


def test_the_opening_speaks_for_a_statement_that_names_nothing() -> None:
    text = "Israel and Hamas agreed on a truce in Gaza in January.\n\nThe ceasefire expires on Sunday."

    assert topics(text, a_topic("gaza", ("gaza",))) == ("gaza",)


def test_a_topic_without_words_never_fits() -> None:
    assert topics(VISIT, a_topic("nothing", ()), a_topic("star", ("*",))) == ()


def test_signs_in_words_are_taken_letter_for_letter() -> None:
    assert topics(VISIT, a_topic("odd", (".*", "(", "visit+"))) == ()
