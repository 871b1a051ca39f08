from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.settings import (
    MetricsSettings,
    Secret,
    Settings,
    SettingsError,
    WebSettings,
    load_settings,
    without_password,
)

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.not-a-real-token_but-shaped-like-one"


def problems_of(**environ: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ, None)
    return caught.value.problems


def test_texts_are_kept_for_two_weeks_at_least_or_for_ever() -> None:
    assert load_settings({"ARTICLE_DAYS": "0"}, None).article_days == 0
    assert load_settings({"ARTICLE_DAYS": "14"}, None).article_days == 14
    for wrong in ("13", "-1", "90d"):
        [problem] = problems_of(ARTICLE_DAYS=wrong)
        assert problem.endswith("give a whole number from 14 to 36500, or 0 to keep them for ever"), problem
    assert "or 0" not in problems_of(POLL_MINUTES="0")[0]


def test_nothing_set_gives_working_defaults() -> None:
    settings = load_settings({}, None)
    assert settings.discord_token is None
    assert settings.database_url == "sqlite:///aide-memoire.db"
    assert settings.discord_api_url is None
    assert settings.log_level == "INFO"
    assert settings.topics_file.is_file()
    assert settings.outlets_file.is_file()
    assert settings.events_file.is_file()
    assert settings.allowed_hosts == frozenset()
    assert settings.time_zone == ZoneInfo("UTC")
    assert (settings.reminder_hour, settings.contact) == (8, None)
    assert (settings.poll_minutes, settings.poll_minutes_most) == (15, 120)
    assert settings.article_days == 90


def test_every_setting_is_read() -> None:
    settings = load_settings(
        {
            "DISCORD_TOKEN": f" {TOKEN} ",
            "DATABASE_URL": "postgresql://aide:pass@db.example/aide",
            "DISCORD_API_URL": "http://127.0.0.1:8080/api/v10/",
            "LOG_LEVEL": "debug",
            "TOPICS_FILE": "my/topics.toml",
            "OUTLETS_FILE": "my/feeds.opml",
            "EVENTS_FILE": "my/events.toml",
            "ALLOWED_HOSTS": "Feeds.Internal, 10.0.0.5,[::1]",
            "TIME_ZONE": "Asia/Kolkata",
            "REMINDER_HOUR": "0",
            "POLL_MINUTES": "30",
            "POLL_MINUTES_MOST": "1440",
            "ARTICLE_DAYS": "30",
            "CONTACT": "ops@example.org",
            "EDITOR_SERVERS": "81384788765712384, 1122334455667788990,",
            "WEB_PORT": "8080",
            "WEB_HOST": "0.0.0.0",  # noqa: S104 - only read
            "PUBLIC_URL": "https://news.example/",
            "WEBSUB": "On",
            "LOG_FORMAT": "JSON",
            "HEALTH_FILE": "my/health.json",
            "METRICS_PORT": "9100",
            "METRICS_HOST": "[::1]",
        },
        None,
    )
    assert settings == Settings(
        discord_token=Secret(TOKEN),
        database_url="postgresql://aide:pass@db.example/aide",
        discord_api_url="http://127.0.0.1:8080/api/v10",
        log_level="DEBUG",
        topics_file=Path("my/topics.toml"),
        outlets_file=Path("my/feeds.opml"),
        allowed_hosts=frozenset({"feeds.internal", "10.0.0.5", "[::1]"}),
        time_zone=ZoneInfo("Asia/Kolkata"),
        reminder_hour=0,
        article_days=30,
        poll_minutes=30,
        poll_minutes_most=1440,
        contact="ops@example.org",
        events_file=Path("my/events.toml"),
        web=WebSettings("0.0.0.0", 8080, "https://news.example", websub=True),  # noqa: S104 - only read
        editor_servers=frozenset({81384788765712384, 1122334455667788990}),
        log_format="json",
        health_file=Path("my/health.json"),
        metrics=MetricsSettings("::1", 9100),
    )


def test_every_wrong_value_is_named_with_what_would_be_right() -> None:
    problems = problems_of(
        DISCORD_TOKEN="hello",
        DATABASE_URL="mysql://me:hush@host/db",
        DISCORD_API_URL="discord.com",
        LOG_LEVEL="LOUD",
        ALLOWED_HOSTS="http://10.0.0.5/",
        TIME_ZONE="Europe/Pariss",
        REMINDER_HOUR="24",
        POLL_MINUTES="soon",
        POLL_MINUTES_MOST="1441",
        CONTACT="call me",
        EDITOR_SERVERS="our server",
        TOPICS_FILE="~nobody-here/topics.toml",
    )
    assert len(problems) == 12
    assert all("\n" not in problem for problem in problems)
    by_name = {problem.split()[0]: problem for problem in problems}
    assert "three groups" in by_name["DISCORD_TOKEN"]
    assert "sqlite:///file.db" in by_name["DATABASE_URL"]
    assert "https://discord.com/api/v10" in by_name["DISCORD_API_URL"]
    assert "DEBUG, INFO" in by_name["LOG_LEVEL"]
    assert "bare host names" in by_name["ALLOWED_HOSTS"]
    assert 'did you mean "Europe/Paris"?' in by_name["TIME_ZONE"]
    assert "from 0 to 23" in by_name["REMINDER_HOUR"]
    assert "from 1 to 1440" in by_name["POLL_MINUTES"]
    assert "from 15 to 1440" in by_name["POLL_MINUTES_MOST"]
    assert "ops@example.org" in by_name["CONTACT"]
    assert "Copy Server ID" in by_name["EDITOR_SERVERS"]
    assert "write the whole path" in by_name["TOPICS_FILE"]


@pytest.mark.parametrize("token", ["hello", "a.b", "a.b.c.d", "a..c", "a.b.c!", "secret-" * 30, f"Bot {TOKEN}"])
def test_a_wrong_token_is_never_shown(token: str) -> None:
    (problem,) = problems_of(DISCORD_TOKEN=token)
    assert problem.startswith("DISCORD_TOKEN ")
    assert token.removeprefix("Bot ") not in problem


def test_secrets_do_not_show_themselves() -> None:
    settings = load_settings({"DISCORD_TOKEN": TOKEN, "DATABASE_URL": "postgresql://me:hush@host/db"}, None)
    assert settings.discord_token is not None
    assert settings.discord_token.reveal() == TOKEN
    shown = f"{settings!r} {settings.discord_token} {settings.discord_token!r}"
    assert TOKEN not in shown
    assert "hush" not in shown


@pytest.mark.parametrize(
    "url",
    ["mysql://me:hush@host/db", "postgresql://me:hush@", "postgres://me:hu@sh@host", "me:hush", "postgresql://:hush@["],
)
def test_a_wrong_database_address_is_shown_without_its_password(url: str) -> None:
    (problem,) = problems_of(DATABASE_URL=url)
    assert "hush" not in problem or url == "me:hush"


def test_a_password_may_hold_signs_of_its_own() -> None:
    assert without_password("postgresql://me:h@u:s/h@host/db") == "postgresql://me:***@host/db"
    assert without_password("sqlite:///file.db") == "sqlite:///file.db"


def test_two_slashes_for_a_file_are_mended_by_the_message() -> None:
    (problem,) = problems_of(DATABASE_URL="sqlite://aide.db")
    assert "sqlite:///aide.db" in problem


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "Europe", "../etc/passwd", "/etc/passwd", "é", "Europe/Paris\n\x1b[31m"]
)
def test_what_is_no_zone_is_refused_on_one_printable_line(zone: str) -> None:
    (problem,) = problems_of(TIME_ZONE=zone)
    assert problem.isprintable()


def test_the_longest_interval_is_never_under_the_shortest() -> None:
    assert load_settings({"POLL_MINUTES": "200"}, None).poll_minutes_most == 200
    assert load_settings({"POLL_MINUTES": "60", "POLL_MINUTES_MOST": "60"}, None).poll_minutes_most == 60
    (problem,) = problems_of(POLL_MINUTES="60", POLL_MINUTES_MOST="30")
    assert problem == 'POLL_MINUTES_MOST holds "30"; give a whole number from 60 to 1440'


def test_hubs_are_asked_only_where_they_can_call() -> None:
    reached = {"WEB_PORT": "8080", "PUBLIC_URL": "https://news.example"}
    for said, asked in (("on", True), ("OFF", False), ("", False)):
        web = load_settings({**reached, "WEBSUB": said}, None).web
        assert web is not None
        assert web.websub is asked
    for lacking in ({}, {"WEB_PORT": "8080"}, {"PUBLIC_URL": "https://news.example"}):
        (problem,) = problems_of(WEBSUB="on", **lacking)
        assert problem.startswith("WEBSUB is on, but hubs could not call: set WEB_PORT and PUBLIC_URL")
        assert load_settings({**lacking, "WEBSUB": "off"}, None) == load_settings(lacking, None)
    assert problems_of(WEBSUB="yes", **reached) == ('WEBSUB holds "yes"; give on or off',)


@pytest.mark.parametrize("hour", ["-1", "8.5", "eight", "٨", "9" * 400])
def test_an_hour_is_a_plain_number(hour: str) -> None:
    assert "REMINDER_HOUR" in problems_of(REMINDER_HOUR=hour)[0]


def test_the_environment_wins_over_the_file_and_empty_values_do_not_count(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(
        "\ufeff# a comment\nexport LOG_LEVEL='ERROR'\nTIME_ZONE=Asia/Tokyo # there\nREMINDER_HOUR=7\nCONTACT=\n",
        encoding="utf-8",
    )
    settings = load_settings({"REMINDER_HOUR": "9", "TIME_ZONE": " ", "AIDE_SOMETHING": "else"}, dotenv)
    assert settings.log_level == "ERROR"
    assert settings.time_zone == ZoneInfo("Asia/Tokyo")
    assert settings.reminder_hour == 9
    assert settings.contact is None


def test_a_line_of_the_file_that_is_no_setting_is_named(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text('LOG_LEVEL=INFO\nthis is no setting!\nCONTACT="unclosed\n', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings({}, dotenv)
    assert [problem.split(":")[0].rsplit(", ")[-1] for problem in caught.value.problems] == ["line 2", "line 3"]


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(b"LOG_LEVEL=\xff\xfe\n")
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings({}, dotenv)


def test_a_missing_file_is_no_problem(tmp_path: Path) -> None:
    assert load_settings({}, tmp_path / ".env").reminder_hour == 8


def test_the_example_file_explains_every_setting_and_sets_none() -> None:
    example = Path(__file__).parent.parent / ".env.example"
    text = example.read_text(encoding="utf-8")
    assert load_settings({}, example) == load_settings({}, None)
    uncommented = "\n".join(line.removeprefix("#") for line in text.splitlines() if not line.startswith("# "))
    names = {line.split("=")[0] for line in uncommented.splitlines() if "=" in line}
    assert names == {
        "DISCORD_TOKEN",
        "DATABASE_URL",
        "DISCORD_API_URL",
        "LOG_LEVEL",
        "TOPICS_FILE",
        "OUTLETS_FILE",
        "EVENTS_FILE",
        "ALLOWED_HOSTS",
        "TIME_ZONE",
        "REMINDER_HOUR",
        "POLL_MINUTES",
        "POLL_MINUTES_MOST",
        "ARTICLE_DAYS",
        "WATCHERS",
        "LEASE_SECONDS",
        "SHARDS",
        "CONTACT",
        "EDITOR_SERVERS",
        "WEB_PORT",
        "WEB_HOST",
        "PUBLIC_URL",
        "WEBSUB",
        "LOG_FORMAT",
        "HEALTH_FILE",
        "METRICS_PORT",
        "METRICS_HOST",
    }


def test_the_example_values_are_all_valid(tmp_path: Path) -> None:
    text = (Path(__file__).parent.parent / ".env.example").read_text(encoding="utf-8")
    filled = tmp_path / ".env"
    filled.write_text(
        "\n".join(
            line.removeprefix("#") if line.startswith("#") and line[1:2].isupper() else line
            for line in text.splitlines()
        ),
        encoding="utf-8",
    )
    assert load_settings({}, filled).contact == "ops@example.org"
