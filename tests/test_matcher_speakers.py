"""Who speaks: titles left off, names carried over, pronouns and quotes resolved."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from watchers.matcher.attribution import Attribution
from watchers.matcher.match import read_article
from watchers.matcher.quotes import Quotes
from watchers.matcher.sentences import read_sentences

MONDAY = date(2026, 3, 2)
CORPUS = tomllib.loads((Path(__file__).parent / "corpus" / "speakers.toml").read_text(encoding="utf-8"))
PLAN = "the Ukrainian peace talks would resume in Geneva on Friday"


def speakers(text: str) -> list[str | None]:
    return [statement.speaker for statement in read_article(text, MONDAY)]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        # X said
        (f"US Secretary of State Helen Marsh said {PLAN}.", "Helen Marsh"),
        (f"Chancellor Ulla Brandt told reporters on Monday that {PLAN}.", "Ulla Brandt"),
        (f"Helen Marsh, the American secretary of state, said that {PLAN}.", "Helen Marsh"),
        (f"Ukraine's foreign minister Taras Melnyk said {PLAN}.", "Taras Melnyk"),
        (f"Kremlin spokesman Oleg Danilov said {PLAN}.", "Oleg Danilov"),
        (f"The Kremlin said {PLAN}.", "Kremlin"),
        (f"US officials said {PLAN}.", "US officials"),
        (f"A top Ukrainian official said {PLAN}.", "a top Ukrainian official"),
        (f"South Korea and the United States said {PLAN}.", "South Korea and the United States"),
        (f"The Swiss foreign ministry announced on Monday that {PLAN}.", "Swiss foreign ministry"),
        # said X
        ('"The Ukrainian peace talks will resume on Friday," said Swiss envoy Marie Roche.', "Marie Roche"),
        ('"The Ukrainian peace talks will resume on Friday," Swiss envoy Marie Roche told a crowd.', "Marie Roche"),
        ('"The peace talks," Swiss envoy Marie Roche said, "will resume in Kyiv on Friday."', "Marie Roche"),
        ("The Ukrainian peace talks will resume on Friday, Swiss envoy Marie Roche said.", "Marie Roche"),
        ("The Ukrainian peace talks, the Swiss envoy Marie Roche said, will resume on Friday.", "Marie Roche"),
        ("According to Swiss envoy Marie Roche, the Ukrainian peace talks will resume on Friday.", "Marie Roche"),
        ("The Ukrainian peace talks will resume on Friday, according to Swiss officials.", "Swiss officials"),
        # the one who binds himself
        ("Danilov said Putin had promised to answer the American peace plan by Friday.", "Putin"),
        ("Poland plans to send Ukraine more tanks in May.", "Poland"),
        ("The White House said that Moon “committed to” lifting the tariffs by May.", "Moon"),
        ("Kosovo's envoy will travel to Belgrade before a 10 March deadline set by Turkey.", "Turkey"),
        (
            "Early on Monday, the Finnish president warned that the NATO talks would resume in Oslo on Friday.",
            "Finnish president",
        ),
        # nobody
        ("The Ukrainian peace talks resume in Geneva on Friday.", None),
        ("Reuters reported that the Ukrainian peace talks would resume in Geneva on Friday.", None),
        ("Ukraine and Russia will hold peace talks in Geneva on Friday.", None),
    ],
)
def test_the_speaker_of_a_sentence(text: str, speaker: str | None) -> None:
    assert speakers(text) == [speaker]


OPENING = "Polish Prime Minister Piotr Zalewski met the NATO ambassadors in Warsaw.\n\n"


@pytest.mark.parametrize(
    "later",
    [
        "Zalewski said Poland would send troops to Ukraine in May.",
        "Mr Zalewski said Poland would send troops to Ukraine in May.",
        "He said Poland would send troops to Ukraine in May.",
        '"Poland will send troops to Ukraine in May," he told reporters.',
        "The prime minister said Poland would send troops to Ukraine in May.",
        '"The war must end," he said. "Poland will send troops to Ukraine in May."',
        '"We are ready," he said.\n\n"Poland will send troops to Ukraine in May."',
    ],
)
def test_a_name_is_carried_over_from_earlier_in_the_article(later: str) -> None:
    assert speakers(OPENING + later)[-1] == "Piotr Zalewski"


def test_a_name_is_carried_over_from_later_in_the_article() -> None:
    text = "Zalewski said Poland would send troops to Ukraine in May.\n\nPiotr Zalewski took office last year."

    assert speakers(text) == ["Piotr Zalewski"]


def test_a_quote_over_paragraphs_is_one_mouth_s() -> None:
    text = (
        "“The war must end.\n\n“The truce with Russia will start on Friday.\n\n"
        "“There is no other way,” Ukrainian envoy Taras Melnyk said."
    )

    assert speakers(text) == ["Taras Melnyk"]


def test_another_speaker_s_words_are_not_the_first_one_s() -> None:
    text = (
        "French President Louise Garnier said the summit on Ukraine would open on Tuesday.\n\n"
        "German Chancellor Ulla Brandt said the summit would end on Thursday."
    )

    assert speakers(text) == ["Louise Garnier", "Ulla Brandt"]


def test_states_keep_their_names() -> None:
    text = "Eastern Ukraine is at war.\n\nUkraine said its foreign minister would visit Washington on Friday."

    assert speakers(text) == ["Ukraine"]


def test_a_namesake_with_another_title_is_not_taken_for_the_speaker() -> None:
    opening = "First lady Greta Brandt opened a school in Kyiv."
    text = f"{opening}\n\nPresident Brandt said the NATO summit would open on Friday."

    assert speakers(text) == ["Brandt"]


def test_a_noun_that_looks_like_speech_names_nobody() -> None:
    assert speakers("The Israeli minister is expected to travel with a stern warning to Iran on Friday.") == [None]


def test_words_of_many_mouths_do_not_slow_reading() -> None:
    text = '"Russia will leave Ukraine by May," he said. ' * 300

    assert len(read_article(text, MONDAY)) == 300


@pytest.mark.parametrize("article", CORPUS["speaker"], ids=lambda article: article["text"][-60:])
def test_the_speaker_of_the_last_statement_of_an_article(article: dict[str, str]) -> None:
    assert speakers(article["text"])[-1] == article.get("who")


@pytest.mark.parametrize(
    "sentence",
    [
        "The president said Russia would leave Ukraine by May. ",
        "The group said Russia would leave Ukraine by May. ",
        "His spokesman said the ministry would leave Ukraine by May. ",
        "Both sides said Russia would leave Ukraine by May. ",
    ],
)
def test_names_that_hang_on_one_another_end(sentence: str) -> None:
    assert len(read_article(sentence * 300, MONDAY)) == 300


def whose(text: str, words: str) -> str | None:
    """Who is named as the speaker of those words of a text's last sentence, whether or not they make a statement."""
    reading = read_sentences(text)
    attribution = Attribution(text, reading, Quotes(text, reading.paragraphs))
    return attribution.speaker_at(len(reading.sentences) - 1, text.rindex(words)).name


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The International Criminal Court ruled that Libya must hand over the general by May.", "the court"),
        ("Turkey, through which Iraq's oil flows, has brought forward the talks to May.", "Turkey"),
        ("Swiss officials postponed until the end of May any ruling on the boy's visa.", "Swiss officials"),
        ("The rival Koreas, which have agreed to hold reunions by May, met.", "North Korea and South Korea"),
        ("Russia and Norway, whose presidents met in Oslo, urged all parties to declare a truce by May.", "both"),
        ("Danish state television has given residents until May to leave.", None),
        ("The talks postponed until the end of May may be held in Oslo.", None),
        ("The deadline was extended to the end of May.", None),
        ("The treaty named after Oslo lapses in May.", None),
        ("The summit moved to May is to be held in Oslo.", None),
        ("Oslo Sticks to May Deadline", "Oslo"),
        ("Norway's Plans for May", None),
    ],
)
def test_whose_a_plan_is_that_nobody_tells(text: str, speaker: str | None) -> None:
    full = {"the court": "International Criminal Court", "both": "Russia and Norway"}

    assert whose(text, "May") == (full.get(speaker, speaker) if speaker else None)


@pytest.mark.parametrize(
    ("passage", "words", "speaker"),
    [
        ("Envoy Jo Stern will announce the sale, the White House said.", "sale", "White House"),
        ("Its defence ministry, which Norway set up, said the ships would sail.", "sail", "Norway's defence ministry"),
        ("Several lawyers believe the ruling will stand.", "stand", "Several lawyers"),
        ("Norway has made 13 demands that it will repeat.", "repeat", None),
        ('Officials said "no" and the ministry said "the ships will sail."', "sail", "ministry"),
        ("After talks in which, according to a banker, Norway gave way, ships will sail.", "talks", None),
        ("After talks in which, according to a banker, Norway gave way, ships will sail.", "gave", "a banker"),
    ],
)
def test_who_speaks_of_a_place(passage: str, words: str, speaker: str | None) -> None:
    assert whose("Norway closed its border.\n\n" + passage, words) == speaker


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        (
            "The Norwegian crown prince and Sweden's premier met in Oslo.\n\nThey agreed to send 20 tanks to Ukraine.",
            "20 tanks",
            "Norwegian crown prince and Sweden's premier",
        ),
        (
            'Polish premier Piotr Zalewski spoke of the war. Zalewski said that "I\'ve agreed to send 20 more tanks."',
            "20 more",
            "Piotr Zalewski",
        ),
        ("Norway has closed its border. It also plans to send Ukraine more tanks in May.", "in May", "Norway"),
        (
            "The Organisation of Baltic Ports met in Riga.\n\nThe OBP said it would bar Russian ships from May.",
            "from May",
            "Organisation of Baltic Ports",
        ),
        (
            "Envoy Ilse Brandvold said that Iran had replied, as Norway prepares to host talks on Friday.",
            "Friday",
            None,
        ),
        ("Envoy Ilse Brandvold said that NATO was ready for the summit, which opens on Friday.", "Friday", None),
        ("Envoy Ilse Brandvold said that the summit, as planned, would open on Friday.", "Friday", "Ilse Brandvold"),
    ],
)
def test_who_speaks_after_what_was_told_before(text: str, words: str, speaker: str | None) -> None:
    assert whose(text, words) == speaker
