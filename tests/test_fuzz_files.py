"""Whatever the operator's files hold, reading them gives a valid result, or an error that names the place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from config.catalogue import Catalogue, CatalogueError, load_catalogue, load_events
from config.opml import OpmlError, feeds_in
from config.settings import Settings, SettingsError, load_settings
from tests.fuzzing import LINKS, NUMBERS, hostile, hunt
from tests.fuzzing_feeds import CHARSETS, torn
from watchers.matcher.topics import TopicIndex

CONFIG = Path(__file__).parents[1] / "config"
TOPIC = "[[topic]]\nid = 'norland'\nname = 'Norland'\nabout = 'Invented.'\nwords = ['Norland']\n"
OUTLET = (
    "[[outlet]]\nname = 'A'\nfeed_url = 'https://a.example/'\nlanguage = 'en'\ntime_zone = 'UTC'\nfull_text = true\n"
)
KEYS: tuple[str, ...] = (
    "id",
    "name",
    "about",
    "words",
    "actors",
    "also",
    "without",
    "feed_url",
    "language",
    "time_zone",
    "full_text",
)
KEYS += ("first", "last", "day", "year", "names", "topic", "a.b", "", '"\\u0000"', "[x]", "é")


def _toml_values() -> st.SearchStrategy[str]:
    """Values as TOML writes them, or nearly."""
    quoted = hostile(80).map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"')
    bare = st.sampled_from(
        ("true", "1", "1e999", "nan", "-inf", "2026-03-02", "0001-01-01T00:00:00Z", "10:00", "[", "{")
    )
    inner = quoted | bare | hostile(30) | st.sampled_from(NUMBERS)
    return st.one_of(
        inner,
        st.lists(inner, max_size=4).map(lambda some: f"[{', '.join(some)}]"),
        inner.map(lambda one: f"{{ x = {one} }}"),
        st.integers(1, 3000).map(lambda deep: "[" * deep + "]" * deep),
    )


def _tables(name: str, whole: str) -> st.SearchStrategy[bytes]:
    """Files of `[[name]]`: the shipped one and a small one, with lines put in and bytes torn out."""
    line = st.builds("{} = {}\n".format, st.sampled_from(KEYS), _toml_values())
    headers = st.sampled_from((f"[[{name}]]\n", f"[{name}]\n", "[[other]]\n", f"[[{name}.x]]\n", f"{name} = [{{ }}]\n"))
    lines = st.lists(line | headers | st.just(whole), max_size=6).map("".join)
    made = lines | lines.map(lambda more: whole + more)
    shipped = st.sampled_from(((CONFIG / f"{name}s.toml").read_bytes()[:4000],))
    return torn(made.map(lambda text: text.encode("utf-8", "surrogatepass")) | shipped)


def _names(problem: str, file: Path) -> bool:
    return str(file) in problem and "\n" not in problem


def test_topics_and_outlets(tmp_path: Path) -> None:
    topics, outlets = tmp_path / "topics.toml", tmp_path / "outlets.toml"

    def prove(some: bytes, others: bytes) -> None:
        topics.write_bytes(some)
        outlets.write_bytes(others)
        try:
            catalogue = load_catalogue(topics, outlets)
        except CatalogueError as error:
            assert error.problems
            assert all(_names(one, topics) or _names(one, outlets) for one in error.problems), error.problems
        else:
            _sound(catalogue)

    hunt("topics.toml", prove, tries=120, some=_tables("topic", TOPIC), others=st.just(OUTLET.encode()))
    hunt("outlets.toml", prove, tries=120, some=st.just(TOPIC.encode()), others=_tables("outlet", OUTLET))


def _sound(catalogue: Catalogue) -> None:
    TopicIndex(catalogue.topics)
    for outlet in catalogue.outlets:
        ZoneInfo(outlet.time_zone)
        assert urlsplit(outlet.feed_url).scheme in {"http", "https"}
        assert outlet.name


def test_events(tmp_path: Path) -> None:
    file = tmp_path / "events.toml"

    def prove(body: bytes) -> None:
        file.write_bytes(body)
        try:
            load_events(file)
        except CatalogueError as error:
            assert all(_names(one, file) for one in error.problems), error.problems

    hunt("events.toml", prove, tries=120, body=_tables("event", (CONFIG / "events.toml").read_text()[:600]))


@st.composite
def opml(draw: st.DrawFn) -> bytes:
    """Lists of feeds, whole or torn, in any encoding they say or do not say."""
    charset = draw(st.sampled_from(("utf-8", *CHARSETS)))
    attribute = st.builds(
        "{}='{}'".format,
        st.sampled_from(("xmlUrl", "xmlurl", "title", "text", "language", "type", "htmlUrl", "a:b")),
        hostile(120).map(lambda text: text.replace("<", "&lt;").replace("'", "&#39;")),
    )
    outlines = draw(st.lists(st.lists(attribute, max_size=4).map(" ".join), max_size=6))
    body = "".join(f"<outline {one}/>" for one in outlines)
    nested = "<outline>" * draw(st.sampled_from((0, 0, 1, 500)))
    head = draw(
        st.sampled_from(("", f"<?xml version='1.0' encoding='{charset}'?>", "<!DOCTYPE opml [<!ENTITY a 'b'>]>"))
    )
    text = f"{head}<opml version='2.0'><body>{nested}{body}{nested.replace('<', '</')}</body></opml>"
    try:
        whole = text.encode(charset, "replace")
    except (LookupError, ValueError):
        whole = text.encode("utf-8", "replace")
    return draw(torn(st.just(whole)))


def test_lists_of_feeds(tmp_path: Path) -> None:
    topics, outlets = tmp_path / "topics.toml", tmp_path / "outlets.opml"
    topics.write_text(TOPIC)

    def prove(body: bytes) -> None:
        try:
            feeds = feeds_in(body)
        except OpmlError as error:
            assert str(error)
        else:
            assert feeds
            assert len({one.feed_url for one in feeds}) == len(feeds)
        outlets.write_bytes(body)
        try:
            _sound(load_catalogue(topics, outlets))
        except CatalogueError as error:
            assert all(_names(one, outlets) for one in error.problems), error.problems

    hunt("OPML", prove, tries=120, body=opml())


SETTINGS: tuple[str, ...] = (
    "DISCORD_TOKEN",
    "DATABASE_URL",
    "DISCORD_API_URL",
    "LOG_LEVEL",
    "TOPICS_FILE",
    "OUTLETS_FILE",
    "EVENTS_FILE",
)
SETTINGS += ("ALLOWED_HOSTS", "TIME_ZONE", "REMINDER_HOUR", "POLL_MINUTES", "POLL_MINUTES_MOST", "CONTACT", "WEB_PORT")
SETTINGS += ("WEB_HOST", "PUBLIC_URL", "WEBSUB", "EDITOR_SERVERS")
VALUES: tuple[str, ...] = (
    "sqlite:///x.db",
    "postgresql://u:secret@h/n",
    "postgresql://[::1",
    "https://[",
    "Europe",
    "../../etc",
    "on",
)
VALUES += ("1,2,3", "MTIz.abc.def-ghi", "http://a:99999", "~nobody/x", "~\x00", "a" * 5000, *LINKS, *NUMBERS)


def _load(environ: dict[str, str], dotenv: Path) -> Settings | SettingsError:
    try:
        return load_settings(environ, dotenv)
    except SettingsError as error:
        return error


def test_settings(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    value = st.sampled_from(VALUES) | hostile(200)

    def prove(environ: dict[str, str], body: bytes) -> None:
        dotenv.write_bytes(body)
        outcome = _load(environ, dotenv)
        if isinstance(outcome, SettingsError):
            assert outcome.problems
            assert all(one.startswith((*SETTINGS, str(dotenv))) for one in outcome.problems), outcome.problems
            assert "secret" not in str(outcome)
            assert all("\n" not in one for one in outcome.problems), outcome.problems

    lines: Callable[[list[str]], bytes] = lambda some: "\n".join(some).encode("utf-8", "surrogatepass")  # noqa: E731
    line = st.builds("{}={}".format, st.sampled_from(SETTINGS), value | value.map(lambda one: f'"{one}"'))
    files = torn(st.lists(line | hostile(60), max_size=8).map(lines))
    hunt(
        "settings", prove, tries=120, environ=st.dictionaries(st.sampled_from(SETTINGS), value, max_size=6), body=files
    )
