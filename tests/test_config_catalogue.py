from __future__ import annotations

import re
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.catalogue import Catalogue, CatalogueError, Outlet, Topic, load_catalogue, load_events
from config.events import Event
from config.toml_tables import read_tables

CONFIG = Path(__file__).parent.parent / "config"
TOPIC = '[[topic]]\nid = "norland"\nname = "Norland"\nabout = "Its war"\nwords = ["Norland*"]\n'
OUTLET = """\
[[outlet]]
name = "The Meridian"
feed_url = "https://meridian.example/rss"
language = "en"
time_zone = "Europe/Paris"
full_text = true
"""


def load(tmp_path: Path, topics: str = TOPIC, outlets: str = OUTLET, ending: str = "toml") -> Catalogue:
    (tmp_path / "topics.toml").write_text(topics, encoding="utf-8")
    (tmp_path / f"outlets.{ending}").write_text(outlets, encoding="utf-8", newline="")
    return load_catalogue(tmp_path / "topics.toml", tmp_path / f"outlets.{ending}")


def problems_of(tmp_path: Path, topics: str = TOPIC, outlets: str = OUTLET, ending: str = "toml") -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        load(tmp_path, topics, outlets, ending)
    assert all("\n" not in problem for problem in caught.value.problems)
    return [problem.removeprefix(f"{tmp_path}/") for problem in caught.value.problems]


# --- the lists that come with the program ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load_catalogue(CONFIG / "topics.toml", CONFIG / "outlets.toml")


def test_the_shipped_lists_are_sound_and_large_enough(shipped: Catalogue) -> None:
    assert len(shipped.topics) >= 25
    assert len(shipped.outlets) >= 40


def test_the_shipped_outlets_stand_on_every_continent(shipped: Catalogue) -> None:
    regions = {outlet.time_zone.split("/")[0] for outlet in shipped.outlets}
    assert {"Africa", "America", "Asia", "Australia", "Europe", "Pacific"} <= regions


def test_each_shipped_outlet_says_how_its_address_is_known() -> None:
    text = (CONFIG / "outlets.toml").read_text(encoding="utf-8")
    blocks = text.split("[[outlet]]\n")
    for before in blocks[:-1]:
        evidence = before.rstrip("\n").rpartition("\n\n")[2]
        assert re.match(r"# .*(January 2026|feed check in|feed lists?|RSS page)", evidence, re.DOTALL), before[-200:]


# --- what a sound file means -------------------------------------------------------------------------------------


def test_every_key_is_read(tmp_path: Path) -> None:
    topics = TOPIC + 'actors = ["Prime  Minister Ode"]\nalso = ["peace*"]\nwithout = ["cricket"]\n'
    assert load(tmp_path, topics) == Catalogue(
        (Topic("norland", "Norland", "Its war", ("Norland*",), ("Prime Minister Ode",), ("peace*",), ("cricket",)),),
        (Outlet("The Meridian", "https://meridian.example/rss", "en", "Europe/Paris", full_text=True),),
    )


def test_full_text_may_be_left_out(tmp_path: Path) -> None:
    assert not load(tmp_path, outlets=OUTLET.replace("full_text = true\n", "")).outlets[0].full_text


def test_outlets_may_be_an_opml_list(tmp_path: Path) -> None:
    opml = """\
<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
  <outline text="World"><outline type="rss" text="Meridian &amp; Co" xmlUrl="https://meridian.example/rss"/>
    <outline title="Le Sud" text="s" xmlUrl="http://sud.example/feed" language="fr"/></outline>
  <outline text="again" xmlUrl="https://meridian.example/rss"/>
  <outline text="" xmlUrl="https://nameless.example/feed"/>
</body></opml>
"""
    for ending in ("opml", "XML"):
        assert load(tmp_path, outlets=opml, ending=ending).outlets == (
            Outlet("Meridian & Co", "https://meridian.example/rss", "en", "UTC", full_text=False),
            Outlet("Le Sud", "http://sud.example/feed", "fr", "UTC", full_text=False),
            Outlet("nameless.example", "https://nameless.example/feed", "en", "UTC", full_text=False),
        )


def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    text = "\ufeff" + (OUTLET + OUTLET.replace("meridian.ex", "two.ex").replace("Paris", "Pariss")).replace(
        "\n", "\r\n"
    )
    (problem,) = problems_of(tmp_path, outlets=text)
    assert problem.startswith('outlets.toml, line 11: time_zone "Europe/Pariss"')


# --- mistakes: file, line and cure ----------------------------------------------------------------------------------


def test_a_wrong_zone_names_line_and_the_zone_that_is_meant(tmp_path: Path) -> None:
    outlets = "# a comment\n\n" + OUTLET + "\n" + OUTLET.replace("meridian.ex", "two.ex").replace("Paris", "Pariss")
    (problem,) = problems_of(tmp_path, outlets=outlets)
    assert problem == (
        'outlets.toml, line 14: time_zone "Europe/Pariss" is not a known zone; did you mean "Europe/Paris"?'
    )


@pytest.mark.parametrize(
    ("wrong", "line", "cure"),
    [
        ('feed_url = "ftp://meridian.example/rss"', 3, "not an http or https address"),
        ('feed_url = "meridian.example"', 3, "not an http or https address"),
        ('feed_url = "https://meridian example/rss"', 3, "not an http or https address"),
        ('feed_url = "https://[meridian/rss"', 3, "not an http or https address"),
        ("feed_url = 7", 3, "is a number; it must be text in quotes"),
        ('feed_url = ""', 3, "must be one line of text"),
        ('language = "english please"', 4, 'such as "en" or "pt-BR"'),
        ("language = 2026-01-01", 4, "is a date; it must be text"),
        ('time_zone = "Europe"', 5, "is not a known zone"),
        ('full_text = "yes"', 6, "is text; it must be true or false"),
        ("full_txt = true", 6, 'did you mean "full_text"?'),
        ('colour = "red"', 6, "known are name, feed_url"),
        (f'name = "{"n" * 81}"', 2, "has 81 characters; at most 80 fit"),
    ],
)
def test_a_mistake_in_an_outlet_names_its_line_and_the_cure(tmp_path: Path, wrong: str, line: int, cure: str) -> None:
    lines = OUTLET.splitlines()
    lines[line - 1] = wrong
    (problem,) = problems_of(tmp_path, outlets="\n".join(lines))
    assert problem.startswith(f"outlets.toml, line {line}: ")
    assert cure in problem


def test_a_missing_key_is_named_at_the_line_of_its_entry(tmp_path: Path) -> None:
    outlets = "\n\n" + OUTLET.replace('language = "en"\n', "")
    (problem,) = problems_of(tmp_path, outlets=outlets)
    assert problem.startswith("outlets.toml, line 3: language is missing")


def test_the_same_address_twice_names_both_lines(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, outlets=OUTLET + OUTLET)
    assert problem.startswith("outlets.toml, line 9: ")
    assert "stands on line 3 already" in problem


def test_the_same_topic_twice_names_both_lines(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, topics=TOPIC + TOPIC.replace("Norland", "NORLAND"))
    assert [problem.split(":")[0] for problem in problems] == ["topics.toml, line 7", "topics.toml, line 8"]


@pytest.mark.parametrize(
    ("was", "wrong", "cure"),
    [
        ('id = "norland"', 'id = "Nor Land"', "letters a to z"),
        ('id = "norland"', 'id = "*"', "letters a to z"),
        ('name = "Norland"', f'name = "{"n" * 81}"', "at most 80"),
        ('about = "Its war"', 'about = """two\nlines"""', "one line of text"),
        ('words = ["Norland*"]', "words = []", "words or actors must hold"),
        ('words = ["Norland*"]', 'words = "Norland"', "must be a list of texts"),
        ('words = ["Norland*"]', 'words = ["Norland", 7]', "must be a list of texts"),
        ('words = ["Norland*"]', 'words = ["*"]', "with * at its end at most"),
        ('words = ["Norland*"]', 'words = ["Nor*land"]', "with * at its end at most"),
        ('words = ["Norland*"]', 'words = ["Norland", "  "]', "with * at its end at most"),
    ],
)
def test_a_mistake_in_a_topic_names_its_line_and_the_cure(tmp_path: Path, was: str, wrong: str, cure: str) -> None:
    line = TOPIC.splitlines().index(was) + 1
    (problem,) = problems_of(tmp_path, topics=TOPIC.replace(was, wrong))
    assert problem.startswith(f"topics.toml, line {line}: ")
    assert cure in problem


def test_every_mistake_of_both_files_is_reported_at_once(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, topics=TOPIC.replace('"Norland"', "1"), outlets=OUTLET.replace("https", "gopher"))
    assert [problem.split(",")[0] for problem in problems] == ["topics.toml", "outlets.toml"]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[[outlet]]\nname = "unclosed\n', "line 2: is not TOML"),
        ("[[outlet]]\nname = [1,\n\n", "line 2: is not TOML"),
        ('[[outlet]]\nname = "a"\nname = "b"\n', "line 3: is not TOML"),
        ("a = " + "[" * 5000, "nested too deeply"),
        ("a = " + "9" * 5000, "far too many digits"),
        ("", "holds no [[outlet]]"),
        ("# only a comment", "holds no [[outlet]]"),
        ('\n[outlet]\nname = "a"\n', 'line 2: "outlet" does not belong here; begin each entry with [[outlet]]'),
        ('\n\n[[outlets]]\nname = "a"\n', 'line 3: "outlets" does not belong here'),
        ('\ntitle = "mine"\n' + OUTLET, 'line 2: "title" does not belong here'),
        ("outlet = [1, 2]", 'line 1: "outlet" does not belong here'),
    ],
)
def test_a_file_that_is_no_list_of_outlets_gets_one_clear_line(tmp_path: Path, text: str, where: str) -> None:
    (problem,) = problems_of(tmp_path, outlets=text)
    assert problem.startswith("outlets.toml")
    assert where in problem


def test_a_list_written_on_one_line_is_read_too(tmp_path: Path) -> None:
    outlets = 'outlet = [{name = "A", feed_url = "https://a.example/", language = "en", time_zone = "UTC"}]'
    assert load(tmp_path, outlets=outlets).outlets[0].name == "A"
    (problem,) = problems_of(tmp_path, outlets="\n" + outlets.replace("UTC", "Mars"))
    assert problem.startswith('outlets.toml, line 2: time_zone "Mars" is not a known zone')


def test_missing_large_and_foreign_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "large.toml").write_bytes(b"#" * 4_000_001)
    (tmp_path / "latin.toml").write_bytes(b'# fine\nname = "caf\xe9"\n')
    for name, words in (
        ("none.toml", "cannot be read"),
        ("large.toml", "larger than"),
        ("latin.toml", "line 2: is not UTF-8"),
    ):
        with pytest.raises(CatalogueError) as caught:
            load_catalogue(tmp_path / name, tmp_path / name)
        assert words in caught.value.problems[0]


@pytest.mark.parametrize(
    ("opml", "where"),
    [
        ("<opml><body><outline></body></opml>", "line 1: is not well-formed XML"),
        ("<rss/>", "line 1: is not OPML but <rss>"),
        ("<opml><body><outline text='a'/></body></opml>", "holds no <outline> with an xmlUrl"),
        ("<opml>\n<body>\n<outline text='a' xmlUrl='file:///etc/passwd'/></body></opml>", "line 3: xmlUrl"),
        ("<!DOCTYPE opml [\n<!ENTITY a 'aaaa'>\n<!ENTITY b '&a;&a;'>]>\n<opml/>", "line 2: declares an XML entity"),
        ("<!DOCTYPE opml [\n<!ENTITY a SYSTEM 'file:///etc/passwd'>]>\n<opml/>", "line 2: declares an XML entity"),
        ("<!DOCTYPE opml [\n\n<!ENTITY % a 'b'>]>\n<opml/>", "line 3: declares an XML entity"),
        ("", "is not well-formed XML"),
    ],
)
def test_a_mistake_in_an_opml_list_names_line_and_cure(tmp_path: Path, opml: str, where: str) -> None:
    (problem,) = problems_of(tmp_path, outlets=opml, ending="opml")
    assert problem.startswith("outlets.opml")
    assert where in problem


# --- lines are found whatever the text looks like --------------------------------------------------------------------

FILLERS = st.sampled_from(
    [
        "",
        "# [[outlet]] in a comment",
        'about = """\n[[outlet]]\nname = "no"\n"""',
        "about = '''\n[[outlet]]\n'''''",
        'about = "a # [[b]] \\" = ]"',
        "about = 'it = [['",
        'words = [\n  "a", # ]\n  ["b", "c]"],\n]',
        "at = {x = [1, 2], y = '}'}",
        '"quoted key" = 1',
        "a.b = 2",
        'about = """\nthree\\\nlines"""',
    ]
)


@given(st.lists(st.lists(FILLERS, max_size=3), min_size=1, max_size=5))
def test_each_entry_is_found_on_its_own_line(
    tmp_path_factory: pytest.TempPathFactory, entries: list[list[str]]
) -> None:
    lines: list[str] = []
    expected: list[tuple[int, int]] = []
    for fillers in entries:
        header = len(lines) + 1
        lines.append("[[outlet]]")
        for filler in {filler.split("=")[0]: filler for filler in fillers}.values():
            lines.extend(filler.split("\n"))
        expected.append((header, len(lines) + 1))
        lines.append("marked = true")
    path = tmp_path_factory.mktemp("toml") / "outlets.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert len(tomllib.loads(path.read_text(encoding="utf-8"))["outlet"]) == len(entries)
    assert [(table.line, table.line_of("marked")) for table in read_tables(path, "outlet")] == expected


EVENT = """# days
[[event]]
names = ["Vadehavn summit", "Vadehavn  meeting"]
first_day = 2026-03-24
last_day = 2026-03-25
"""


def events_of(tmp_path: Path, text: str) -> tuple[Event, ...]:
    (tmp_path / "events.toml").write_text(text, encoding="utf-8")
    return load_events(tmp_path / "events.toml")


def event_problems(tmp_path: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(CatalogueError) as caught:
        events_of(tmp_path, text)
    return tuple(problem.removeprefix(f"{tmp_path}/") for problem in caught.value.problems)


def test_events_are_read_with_their_days(tmp_path: Path) -> None:
    names = ("Vadehavn summit", "Vadehavn meeting")
    assert events_of(tmp_path, EVENT) == (Event(names, date(2026, 3, 24), date(2026, 3, 25)),)
    (one_day,) = events_of(tmp_path, EVENT.replace("last_day = 2026-03-25\n", ""))
    assert one_day.last_day == one_day.first_day


def test_the_events_that_come_along_hold_no_mistake() -> None:
    events = load_catalogue(CONFIG / "topics.toml", CONFIG / "outlets.toml", CONFIG / "events.toml").events
    assert len(events) >= 30
    assert all(event.last_day - event.first_day <= timedelta(days=14) for event in events)


@pytest.mark.parametrize(
    ("was", "wrong", "line", "cure"),
    [
        (
            "first_day = 2026-03-24",
            'first_day = "24 March"',
            4,
            "must be a day without quotes, such as first_day = 2026",
        ),
        ("first_day = 2026-03-24", "first_day = 2026-03-24T09:00:00", 4, "must be a day without quotes"),
        ("first_day = 2026-03-24\n", "", 2, "first_day is missing; add it"),
        ("last_day = 2026-03-25", "last_day = 2026-03-23", 5, "last_day 2026-03-23 lies before first_day 2026-03-24"),
        ('["Vadehavn summit", "Vadehavn  meeting"]', '"Vadehavn summit"', 3, "must be a list of texts"),
        ('["Vadehavn summit", "Vadehavn  meeting"]', "[]", 3, "names must hold at least one entry"),
        ('"Vadehavn summit"', '"Vadehavn*"', 3, "write every form out"),
        ("last_day", "lastday", 5, 'did you mean "last_day"?'),
    ],
)
def test_a_mistake_in_an_event_names_its_line_and_the_cure(
    tmp_path: Path, was: str, wrong: str, line: int, cure: str
) -> None:
    (problem,) = event_problems(tmp_path, EVENT.replace(was, wrong))
    assert problem.startswith(f"events.toml, line {line}: ")
    assert cure in problem


def test_the_same_event_twice_names_both_lines(tmp_path: Path) -> None:
    problems = event_problems(tmp_path, EVENT + EVENT.replace("Vadehavn summit", "VADEHAVN SUMMIT"))
    assert [problem.split(":")[0] for problem in problems] == ["events.toml, line 8"] * 2
    assert "stands on line 3 already" in problems[0]


def test_mistakes_in_events_stand_beside_those_of_the_other_lists(tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text(EVENT.replace("2026-03-24", "1"), encoding="utf-8")
    (tmp_path / "topics.toml").write_text("", encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path / "topics.toml", CONFIG / "outlets.toml", tmp_path / "events.toml")
    assert ["topics.toml" in caught.value.problems[0], "events.toml" in caught.value.problems[1]] == [True, True]
