"""`aide-memoire health`: what the running process says of itself, for probes that know only exit codes."""

from __future__ import annotations

import http.client
import json
from datetime import datetime
from pathlib import Path

from bot.health import verdict
from bot.usage import UsageError
from config.settings import Settings, WebSettings

_PATIENCE = 10.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where it listens; here it is only asked


def ask_health(settings: Settings, now: datetime) -> tuple[bool, str]:
    """Read the health file or, where none is set, ask the web server; return whether all is well, and one line.

    Raise `UsageError` where neither is set.
    """
    if settings.health_file is not None:
        return _read(settings.health_file, now)
    if settings.web is not None:
        return _ask(settings.web, now)
    message = "nothing tells of health here: set HEALTH_FILE to a file that the bot may write, or WEB_PORT"
    raise UsageError(message)


def _read(file: Path, now: datetime) -> tuple[bool, str]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return False, f"{file} is not there: the process does not run, or has only begun"
    except (OSError, UnicodeDecodeError) as error:
        return False, f"{file} cannot be read ({error})"
    return _judged(text, now, str(file))


def _ask(web: WebSettings, now: datetime) -> tuple[bool, str]:
    host = _EVERYWHERE.get(web.host, web.host)
    connection = http.client.HTTPConnection(host, web.port, timeout=_PATIENCE)
    try:
        connection.request("GET", "/health")
        text = connection.getresponse().read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return False, f"nothing answers at {host}, port {web.port} ({error})"
    finally:
        connection.close()
    return _judged(text, now, "what answers there")


def _judged(text: str, now: datetime, where: str) -> tuple[bool, str]:
    try:
        told = json.loads(text)
        return verdict(told if isinstance(told, dict) else {}, now)
    except ValueError:
        return False, f"{where} holds no report on health"
