"""The floors of the house: who may import whom, and which room a library lives in."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("config", "watchers", "storage", "bot")
"""From the ground up; a floor may import itself and those below it."""

HOMES = {
    "discord": (
        "bot/app.py",
        "bot/client.py",
        "bot/doctor.py",
        "bot/history.py",
        "bot/messenger.py",
        "bot/rest.py",
        "bot/translating.py",
        "bot/errors.py",
        "bot/cogs/",
        "bot/views/",
    ),
    "apscheduler": ("bot/scheduler.py",),
    "structlog": ("bot/log.py",),
    "prometheus_client": ("bot/metrics.py",),
    "rich": ("bot/terminal.py", "bot/demo/"),
    # One asks the web, the other answers it: two sides of one library.
    "aiohttp": ("watchers/feeds/fetch.py", "watchers/feeds/connections.py", "bot/web.py", "bot/scraping.py"),
    "brotli": ("watchers/feeds/unpack.py",),
    "backports": ("watchers/feeds/unpack.py",),
    "compression": ("watchers/feeds/unpack.py",),
    "protego": ("watchers/feeds/robots.py",),
    "feedparser": ("watchers/feeds/lenient.py",),
    "lxml": ("watchers/feeds/plain_xml.py",),
    "trafilatura": ("watchers/feeds/fulltext.py",),
    "holidays": ("watchers/matcher/",),
    "sqlalchemy": ("storage/",),
    "alembic": ("storage/",),
    "dotenv": ("config/settings.py",),
    "babel": ("bot/words.py",),
    "icalendar": ("bot/calendars.py",),
    "matplotlib": ("bot/pictures/",),
    "simcord": ("bot/demo/simulated.py",),
}
PURE = (
    "watchers/matcher/",
    "watchers/marks.py",
    "watchers/evidence.py",
    "watchers/evidence_times.py",
    "watchers/evidence_weights.py",
    "watchers/duplicates.py",
    "watchers/followup_index.py",
    "watchers/moves.py",
    "watchers/expectations.py",
    "watchers/history.py",
    "watchers/open_index.py",
    "watchers/outcome_signs.py",
    "watchers/outcome_words.py",
    "watchers/tones.py",
    "watchers/resolutions.py",
    "watchers/alerts.py",
    "watchers/digests.py",
    "watchers/record.py",
    "watchers/recurring.py",
    "watchers/audience.py",
    "watchers/rating.py",
    "watchers/model.py",
    "watchers/feeds/identity.py",
)
IMPURE_MODULES = {"asyncio", "io", "os", "pathlib", "random", "socket", "subprocess", "threading", "time", "urllib"}
LONGEST_FILE = 450


def sources() -> list[Path]:
    return sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports_of(path: Path) -> Iterator[str]:
    """Every module imported anywhere in a file, inside functions too, with `from a import b` as `a.b`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor_of(module: str) -> int | None:
    top = module.split(".", maxsplit=1)[0]
    return FLOORS.index(top) if top in FLOORS else None


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_imports_point_only_downward(path: Path) -> None:
    own = FLOORS.index(path.relative_to(ROOT).parts[0])
    upward = [module for module in imports_of(path) if (floor := floor_of(module)) is not None and floor > own]
    assert not upward, f"{name_of(path)} imports from a floor above: {upward}"


@pytest.mark.parametrize(("library", "homes"), HOMES.items(), ids=HOMES.keys())
def test_a_library_has_one_home(library: str, homes: tuple[str, ...]) -> None:
    strays = [
        name_of(path)
        for path in sources()
        if any(module.split(".")[0] == library for module in imports_of(path)) and not name_of(path).startswith(homes)
    ]
    assert not strays, f"{library} lives in {homes}, but is imported in {strays}"


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        name_of(path)
        for path in sources()
        if any(module in {"os.environ", "os.getenv"} for module in imports_of(path))
        or any(
            isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
        )
    ]
    assert readers in ([], ["config/settings.py"])


@pytest.mark.parametrize("path", [p for p in sources() if name_of(p).startswith(PURE)], ids=name_of)
def test_the_core_is_pure(path: Path) -> None:
    impure = sorted({module.split(".")[0] for module in imports_of(path)} & IMPURE_MODULES)
    assert not impure, f"{name_of(path)} decides; it must not import {impure}"
    clocks = [
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (node.func.attr in {"utcnow", "today"} or (node.func.attr == "now" and _is_datetime(node.func.value)))
    ]
    assert not clocks, f"{name_of(path)} reads a clock"


def _is_datetime(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in {"datetime", "date"}


def test_there_is_no_circle_of_imports() -> None:
    modules = {module_of(path): path for path in sources()}
    graph = {
        module: {target for name in imports_of(path) if (target := _owner(name, modules)) and target != module}
        for module, path in modules.items()
    }
    done: set[str] = set()

    def walk(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " → ".join((*trail[trail.index(module) :], module))
        if module not in done:
            for target in sorted(graph[module]):
                walk(target, (*trail, module))
            done.add(module)

    for module in graph:
        walk(module, ())


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _owner(name: str, modules: dict[str, Path]) -> str | None:
    """The module that holds `name`, which may be a module itself or something in one."""
    return name if name in modules else parent if (parent := name.rpartition(".")[0]) in modules else None


@pytest.mark.parametrize(
    ("module", "unloaded"),
    [
        (
            "bot.cli, bot.reading, watchers.matcher.match",
            {"matplotlib", "icalendar", "aiohttp", "discord", "sqlalchemy"},
        ),
        ("bot.client", {"matplotlib"}),
    ],
)
def test_what_is_heavy_is_loaded_where_it_is_needed(module: str, unloaded: set[str]) -> None:
    loaded = f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not unloaded & set(done.stdout.split())


def test_no_room_is_called_utils() -> None:
    assert not [name_of(p) for p in sources() if p.stem in {"utils", "util", "helpers", "common", "misc"}]


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_a_file_is_one_room(path: Path) -> None:
    is_rule_table = name_of(path).startswith("watchers/matcher/english/")
    lines = len(path.read_text("utf-8").splitlines())
    assert is_rule_table or lines <= LONGEST_FILE, f"{name_of(path)} has {lines} lines"


def test_every_import_is_the_house_the_standard_library_or_declared() -> None:
    declared = set(HOMES) | {"psycopg"}
    strangers = {
        (name_of(path), module)
        for path in sources()
        for module in imports_of(path)
        if floor_of(module) is None
        and module.split(".")[0] not in sys.stdlib_module_names
        and module.split(".")[0] not in declared
    }
    assert not strangers
