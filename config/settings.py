"""What the operator has set: the only reader of the environment and of the `.env` file.

Every name is explained in `.env.example`. The real environment wins over `.env`; an empty value counts as unset.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from dotenv.parser import parse_stream

from config.problems import find_zone, shown, unknown_zone

T = TypeVar("T")
D = TypeVar("D")

_HERE = Path(__file__).resolve().parent
_LOG_FORMATS = ("text", "json")
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_TOKEN_PART = re.compile(r"[\w-]+", re.ASCII)
_TOKEN_PARTS = 3
_HOST = re.compile(r"[\w.-]+|\[?[0-9a-f:]+\]?", re.ASCII | re.IGNORECASE)
_SERVER_ID = re.compile(r"[1-9]\d{14,18}", re.ASCII)
_PRINTABLE = re.compile(r"[\x20-\x7e]+")
_BARE_URL = re.compile(r"[!-\"$->@-~]{1,200}")  # printable, and neither a query nor a fragment
_SQLITE = ("sqlite", "sqlite+pysqlite")
_DATABASES = (*_SQLITE, "postgres", "postgresql", "postgresql+psycopg")
_LATEST_HOUR = 23
_MINUTES_A_DAY = 1440
_HIGHEST_PORT = 65_535
_LONGEST_CONTACT = 200
_ARTICLE_DAYS = (14, 36_500)  # a server's new topic is tried on the texts of the last seven
_LONGEST_LEASE = 600
_MOST_SHARDS = 10_000
_SHARDS = re.compile(r"(\d{1,5}(?:-\d{1,5})?(?:,\d{1,5}(?:-\d{1,5})?)*)/(\d{1,5})", re.ASCII)


class Secret:
    """A value that never shows itself: not in a log, a traceback or a printed dataclass."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        """Keep the value."""
        self._value = value

    def reveal(self) -> str:
        """Return the value itself, for the one place that needs it."""
        return self._value

    def __repr__(self) -> str:
        """Return a stand-in."""
        return "Secret(hidden)"

    def __eq__(self, other: object) -> bool:
        """Compare by value."""
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        """Hash by value, as `__eq__` compares."""
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where calendars and feeds are served over HTTP."""

    host: str
    """The address to listen at."""
    port: int
    public_url: str
    """How it is reached from outside, without a slash at its end."""
    websub: bool = False
    """Whether the hubs of feeds are asked to call there."""


@dataclass(frozen=True, slots=True)
class ShardSettings:
    """Which of the gateway's shards a process serves."""

    ids: tuple[int, ...]
    """In order, each from 0 to below `count`."""
    count: int
    """How many there are in all."""


@dataclass(frozen=True, slots=True)
class MetricsSettings:
    """Where figures are served for Prometheus."""

    host: str
    """The address to listen at."""
    port: int


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set, checked."""

    discord_token: Secret | None
    """The bot's token; None: not set, so that only the commands without Discord work."""
    database_url: str = field(repr=False)
    """An SQLAlchemy address of an SQLite file or a PostgreSQL database; it may hold a password."""
    discord_api_url: str | None
    """Where Discord's REST interface is reached (`https://host/api/v10`); None: at Discord itself."""
    log_level: str
    topics_file: Path
    outlets_file: Path
    """A TOML or OPML file."""
    allowed_hosts: frozenset[str]
    """Hosts that may be fetched although their addresses are private."""
    time_zone: ZoneInfo
    """The zone of `reminder_hour` and of typed reminders."""
    reminder_hour: int
    """The hour of the day, 0 to 23 in `time_zone`, at which reminders and digests go out."""
    poll_minutes: int
    """How many minutes pass at least between two polls of a feed."""
    contact: str | None
    """An e-mail or web address that the User-Agent names, so that an outlet can complain; None: none."""
    events_file: Path = _HERE / "events.toml"
    """A TOML file of the events whose names stand for a day."""
    web: WebSettings | None = None
    """Where calendars and feeds are served; None: nowhere."""
    poll_minutes_most: int = 120
    """How many minutes pass at most between two polls of a feed that answers; not under `poll_minutes`."""
    article_days: int = 90
    """How many days the texts of articles are kept; 0: for ever."""
    editor_servers: frozenset[int] = frozenset()
    """Ids of the servers whose moderators may split and join follow-ups that other servers know as well."""
    watchers_apart: bool = False
    """Whether the feeds are watched by other processes than the one that serves people."""
    lease_seconds: int = 30
    """After how many seconds others take up what a process had in hand that died."""
    shards: ShardSettings | None = None
    """The gateway's shards that this process serves; None: all, of as many as Discord recommends."""
    log_format: str = "text"
    """`text`: a line a record, for people; `json`: an object a line."""
    health_file: Path | None = None
    """A file that says again and again how the process is; None: none."""
    metrics: MetricsSettings | None = None
    """Where figures are served for Prometheus; None: nowhere."""


class SettingsError(Exception):
    """One or more settings are wrong; each problem is one line that names the variable and the cure."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        """Keep the problems."""
        super().__init__("\n".join(problems))
        self.problems = problems


def settings_from_environment() -> Settings:
    """Read the process's environment and `.env` in the working directory; raise `SettingsError`."""
    return load_settings(os.environ, Path(".env"))


def load_settings(environ: Mapping[str, str], dotenv: Path | None) -> Settings:
    """Read settings from `environ`, and from the file `dotenv` what `environ` lacks.

    A `dotenv` that does not exist is ignored. Raise `SettingsError` with every problem found, not only the first.
    """
    problems: list[str] = []
    reader = _Reader(_values(environ, dotenv, problems), problems)
    poll_minutes = reader.read("POLL_MINUTES", _whole_number(1, _MINUTES_A_DAY), 15)
    settings = Settings(
        discord_token=reader.read("DISCORD_TOKEN", _token, None),
        database_url=reader.read("DATABASE_URL", _database_url, "sqlite:///aide-memoire.db"),
        discord_api_url=reader.read("DISCORD_API_URL", _api_url, None),
        log_level=reader.read("LOG_LEVEL", _log_level, "INFO"),
        topics_file=reader.read("TOPICS_FILE", _file, _HERE / "topics.toml"),
        outlets_file=reader.read("OUTLETS_FILE", _file, _HERE / "outlets.toml"),
        allowed_hosts=reader.read("ALLOWED_HOSTS", _hosts, frozenset()),
        time_zone=reader.read("TIME_ZONE", _zone, ZoneInfo("UTC")),
        reminder_hour=reader.read("REMINDER_HOUR", _whole_number(0, _LATEST_HOUR), 8),
        poll_minutes=poll_minutes,
        poll_minutes_most=_poll_minutes_most(reader, poll_minutes),
        article_days=reader.read("ARTICLE_DAYS", _whole_number(*_ARTICLE_DAYS, zero="to keep them for ever"), 90),
        contact=reader.read("CONTACT", _contact, None),
        events_file=reader.read("EVENTS_FILE", _file, _HERE / "events.toml"),
        web=_web(reader),
        editor_servers=reader.read("EDITOR_SERVERS", _servers, frozenset()),
        watchers_apart=reader.read("WATCHERS", _is_apart, False),
        lease_seconds=reader.read("LEASE_SECONDS", _whole_number(1, _LONGEST_LEASE), 30),
        shards=reader.read("SHARDS", _shards, None),
        log_format=reader.read("LOG_FORMAT", _log_format, "text"),
        health_file=reader.read("HEALTH_FILE", _file, None),
        metrics=_metrics(reader),
    )
    if problems:
        raise SettingsError(tuple(problems))
    return settings


def events_file_from_environment() -> Path:
    """Return the file of events alone: what reads a text and nothing else needs no other setting to be right."""
    problems: list[str] = []
    values = _values(os.environ, Path(".env"), problems)
    return _Reader(values, problems).read("EVENTS_FILE", _file, _HERE / "events.toml")


def _values(environ: Mapping[str, str], dotenv: Path | None, problems: list[str]) -> dict[str, str]:
    return {**_read_dotenv(dotenv, problems), **{name: value for name, value in environ.items() if value.strip()}}


class _Reader:
    """Reads one variable after another and gathers what is wrong."""

    def __init__(self, values: Mapping[str, str], problems: list[str]) -> None:
        self._values = values
        self._problems = problems

    def read(self, name: str, check: Callable[[str], T], default: D) -> T | D:
        value = self._values.get(name, "").strip()
        if not value:
            return default
        try:
            return check(value)
        except ValueError as problem:
            self._problems.append(f"{name} {problem}")
            return default


def _read_dotenv(dotenv: Path | None, problems: list[str]) -> dict[str, str]:
    if dotenv is None or not dotenv.is_file():
        return {}
    values: dict[str, str] = {}
    try:
        with dotenv.open(encoding="utf-8-sig") as stream:
            for binding in parse_stream(stream):
                if binding.error:
                    line = binding.original.line
                    problems.append(f"{dotenv}, line {line}: is not NAME=value; put # before a comment")
                elif binding.key and binding.value and binding.value.strip():
                    values[binding.key] = binding.value
    except (OSError, UnicodeDecodeError) as error:
        why = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error.strerror or "it is unreadable"
        problems.append(f"{dotenv} cannot be read ({why}); save it as plain text that this user may read")
    return values


def _poll_minutes_most(reader: _Reader, least: int) -> int:
    return reader.read("POLL_MINUTES_MOST", _whole_number(least, _MINUTES_A_DAY), max(least, 120))


def _web(reader: _Reader) -> WebSettings | None:
    port = reader.read("WEB_PORT", _whole_number(1, _HIGHEST_PORT), None)
    host = reader.read("WEB_HOST", _listening_host, "127.0.0.1")
    public_url = reader.read("PUBLIC_URL", _public_url, None)
    websub = reader.read("WEBSUB", partial(_switch, reachable=bool(port and public_url)), False)
    return None if port is None else WebSettings(host, port, public_url or f"http://localhost:{port}", websub)


def _metrics(reader: _Reader) -> MetricsSettings | None:
    port = reader.read("METRICS_PORT", _whole_number(1, _HIGHEST_PORT), None)
    host = reader.read("METRICS_HOST", _listening_host, "127.0.0.1")
    return None if port is None else MetricsSettings(host, port)


# --- one check for each kind of value; a ValueError finishes the sentence that the variable's name begins --------


def _token(value: str) -> Secret:
    if value.lower().startswith("bot "):
        message = 'begins with "Bot "; give the bare token'
        raise ValueError(message)
    parts = value.split(".")
    if len(parts) != _TOKEN_PARTS or not all(_TOKEN_PART.fullmatch(part) for part in parts):
        message = (
            f"does not look like a bot token: it has {len(value)} characters and {len(parts) - 1} dots, where a token "
            'is three groups of letters and digits with two dots between them; copy it again with "Reset Token" on '
            "the Bot page of https://discord.com/developers/applications"
        )
        raise ValueError(message)
    return Secret(value)


def _database_url(value: str) -> str:
    scheme, colon, rest = value.partition("://")
    if not colon or scheme.lower() not in _DATABASES:
        message = (
            f"holds {shown(without_password(value))}, which is no address of a database this bot can use; give "
            "sqlite:///file.db or postgresql://user:password@host/name"
        )
        raise ValueError(message)
    if scheme.lower() in _SQLITE:
        if rest and not rest.startswith("/"):
            message = f"holds {shown(value)}; an SQLite file needs three slashes: sqlite:///{rest}"
            raise ValueError(message)
        return value
    try:
        parts = urlsplit(value)
        # A server on this machine is reached through a folder too: ?host=/run/postgresql
        complete = bool((parts.hostname or parse_qs(parts.query).get("host")) and parts.path.strip("/"))
    except ValueError:
        complete = False
    if not complete:
        message = (
            f"holds {shown(without_password(value))}, which lacks a host or a database name; give "
            "postgresql://user:password@host/name"
        )
        raise ValueError(message)
    return value


def without_password(url: str) -> str:
    """Return the address of a database with the password, if it holds one, replaced by ***."""
    return re.sub(r"(?<=://)([^/@:]*):.*@", r"\1:***@", url)


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _api_url(value: str) -> str:
    if not _is_web_address(value):
        message = f"holds {shown(value)}; give an http or https address such as https://discord.com/api/v10"
        raise ValueError(message)
    return value.rstrip("/")


def _listening_host(value: str) -> str:
    if not _HOST.fullmatch(value):
        message = f"holds {shown(value)}; give an address to listen at, such as 127.0.0.1 or 0.0.0.0"
        raise ValueError(message)
    return value.strip("[]")


def _public_url(value: str) -> str:
    if not _is_web_address(value) or not _BARE_URL.fullmatch(value):
        message = f"holds {shown(value)}; give the address that people reach, such as https://news.example.org"
        raise ValueError(message)
    return value.rstrip("/")


def _switch(value: str, *, reachable: bool) -> bool:
    if value.lower() not in {"on", "off"}:
        message = f"holds {shown(value)}; give on or off"
        raise ValueError(message)
    if value.lower() == "on" and not reachable:
        message = "is on, but hubs could not call: set WEB_PORT and PUBLIC_URL too, or set it off"
        raise ValueError(message)
    return value.lower() == "on"


def _is_apart(value: str) -> bool:
    if value.lower() not in {"inside", "apart"}:
        message = f"holds {shown(value)}; give inside, or apart where `aide-memoire watch` runs beside the bot"
        raise ValueError(message)
    return value.lower() == "apart"


def _shards(value: str) -> ShardSettings:
    found = _SHARDS.fullmatch(value.replace(" ", ""))
    spans = [[int(end) for end in span.split("-")] for span in found[1].split(",")] if found else []
    count = int(found[2]) if found else 0
    ids = sorted({one for span in spans for one in range(span[0], span[-1] + 1)})
    if not 1 <= count <= _MOST_SHARDS or any(span[0] > span[-1] for span in spans) or ids[-1] >= count:
        message = (
            f"holds {shown(value)}; give which shards of how many, counted from 0, such as 0-3/16 or 0,1/4 "
            "(unset: all of them, as many as Discord recommends)"
        )
        raise ValueError(message)
    return ShardSettings(tuple(ids), count)


def _log_level(value: str) -> str:
    if value.upper() not in _LOG_LEVELS:
        message = f"holds {shown(value)}; give one of {', '.join(_LOG_LEVELS)}"
        raise ValueError(message)
    return value.upper()


def _log_format(value: str) -> str:
    if value.lower() not in _LOG_FORMATS:
        message = f"holds {shown(value)}; give text or json"
        raise ValueError(message)
    return value.lower()


def _file(value: str) -> Path:
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        message = f"holds {shown(value)}, which is below the home folder of nobody known; write the whole path"
        raise ValueError(message) from error


def _hosts(value: str) -> frozenset[str]:
    hosts = [host.strip().lower() for host in value.split(",") if host.strip()]
    for host in hosts:
        if not _HOST.fullmatch(host):
            message = (
                f"holds {shown(host)}; give bare host names with commas between them, such as news.example,10.0.0.5"
            )
            raise ValueError(message)
    return frozenset(hosts)


def _servers(value: str) -> frozenset[int]:
    servers = [server.strip() for server in value.split(",") if server.strip()]
    for server in servers:
        if not _SERVER_ID.fullmatch(server):
            message = (
                f"holds {shown(server)}; give ids of servers with commas between them, such as 1122334455667788990 "
                "(in Discord, with developer mode on: right-click a server, Copy Server ID)"
            )
            raise ValueError(message)
    return frozenset(map(int, servers))


def _zone(value: str) -> ZoneInfo:
    zone = find_zone(value)
    if zone is None:
        message = f"holds {unknown_zone(value)}"
        raise ValueError(message)
    return zone


def _whole_number(least: int, most: int, zero: str = "") -> Callable[[str], int]:
    """`zero` says what 0 is good for, where it may be given too."""

    def check(value: str) -> int:
        if zero and value == "0":
            return 0
        if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or not least <= int(value) <= most:
            message = f"holds {shown(value)}; give a whole number from {least} to {most}{zero and f', or 0 {zero}'}"
            raise ValueError(message)
        return int(value)

    return check


def _contact(value: str) -> str:
    if not _PRINTABLE.fullmatch(value) or len(value) > _LONGEST_CONTACT or not re.search(r"@|://", value):
        message = f"holds {shown(value)}; give one e-mail or web address, such as ops@example.org"
        raise ValueError(message)
    return value
