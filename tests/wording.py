"""What the bot says, found in its code, and the catalogues brought up to date with it (`make words`).

A message is marked by how it is written: `say("…")`, `say.many("…", "…")`, `marked("…")`, `counted("…", "…")`, and what
discord.py makes of a command: its docstring, `describe(option="…")`, the description of a group, the name of a menu's
entry. The floor below knows no languages: there the faults of queries are named, and why feeds fail is `Reason("…")`.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from bot.words import ENGLISH, LANGUAGES
from watchers.matcher.queries import Fault

ROOT = Path(__file__).parents[1]
CATALOGUES = ROOT / "bot" / "locales"
TRANSLATED = [language for language in LANGUAGES if language != ENGLISH]
_OUTSIDE_DISCORD = ("bot/demo/", "bot/cli.py", "bot/usage.py", "bot/reading.py", "bot/doctor.py", "bot/terminal.py")
"""What speaks English alone: the command line and the demonstration."""
_ONE, _COUNTED = {"say", "_say", "marked"}, {"many", "counted"}
_WIDTH = 120
_ONLY_A_PLACE = re.compile(r"\{\w+\}")

Key = str | tuple[str, str]
"""A message, or the English singular and plural of one that counts."""


@dataclass(frozen=True, slots=True)
class Found:
    """A message in the code."""

    key: Key
    place: str
    """The file and the line."""


class UnmarkedError(Exception):
    """Something is said that no catalogue can hold, such as an f-string; `str()` says where."""


def found_messages(root: Path = ROOT) -> list[Found]:
    """Return every message of the bot, in order of files and lines; one that is said twice comes twice."""
    messages = [Found(fault.value, "watchers/matcher/queries.py") for fault in Fault]
    for path in sorted((root / "watchers").rglob("*.py")):
        messages += reasons_in(path.read_text("utf-8"), path.relative_to(root).as_posix())
    for path in sorted((root / "bot").rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if not name.startswith(_OUTSIDE_DISCORD):
            messages += messages_in(path.read_text("utf-8"), name)
    return messages


def messages_in(source: str, name: str = "") -> list[Found]:
    """Return the messages of one file; raise `UnmarkedError` where words are put together before they are said."""
    found = []
    for node in ast.walk(ast.parse(source)):
        for key, line in _messages_of(node, name):
            found.append((line, Found(key, f"{name}:{line}")))
    return [one for _, one in sorted(found, key=lambda each: each[0])]


def reasons_in(source: str, name: str = "") -> list[Found]:
    """Return why feeds fail, as one file of the floor below names it; raise `UnmarkedError` as above."""
    called = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
    reasons = sorted((node for node in called if _name_of(node.func) == "Reason"), key=lambda node: node.lineno)
    told = [(_literal(node.args[0], f"{name}:{node.lineno}"), node.lineno) for node in reasons]
    # Words that are no more than a place for others are said by whoever fills it.
    return [Found(words, f"{name}:{line}") for words, line in told if words and not _ONLY_A_PLACE.fullmatch(words)]


def _messages_of(node: ast.AST, name: str) -> Iterator[tuple[Key, int]]:
    if isinstance(node, ast.AsyncFunctionDef) and any(map(_makes_command, node.decorator_list)):
        yield _first_paragraph(ast.get_docstring(node) or ""), node.lineno
    if not isinstance(node, ast.Call):
        return
    called = _name_of(node.func)
    if called in _ONE and node.args and name != "bot/words.py":
        if text := _literal(node.args[0], f"{name}:{node.lineno}"):
            yield text, node.lineno
    elif called in _COUNTED and len(node.args) > 1 and name != "bot/words.py":
        one, more = (_literal(each, f"{name}:{node.lineno}") for each in node.args[:2])
        if one and more:
            yield (one, more), node.lineno
    shown = {"describe": None, "Group": {"description"}, "ContextMenu": {"name"}, "Choice": {"name"}}
    if called in shown:
        wanted = shown[called]
        for keyword in node.keywords:
            is_shown = keyword.arg is not None and (wanted is None or keyword.arg in wanted)
            if is_shown and isinstance(keyword.value, ast.Constant):
                yield str(keyword.value.value), node.lineno


def _literal(node: ast.expr, place: str) -> str | None:
    """Return a text that stands in the code, None for the name of one that is marked elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr | ast.BinOp):
        message = f"{place}: put together before it is said"
        raise UnmarkedError(message)
    return None


def _makes_command(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and _name_of(decorator.func) == "command"


def _name_of(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""


def _first_paragraph(docstring: str) -> str:
    return " ".join(re.split(r"\n\s*\n", docstring)[0].split())


# --- catalogues ---------------------------------------------------------------------------------------------------


def catalogue_of(text: str, language: str) -> Catalog:
    """Return a catalogue as its file has it."""
    return read_po(io.StringIO(text), locale=language)


def brought_up_to_date(text: str, language: str, messages: Sequence[Found]) -> str:
    """Return a catalogue's file with exactly these messages: what is new is empty, what is gone is gone."""
    known = {each.id: each.string for each in catalogue_of(text, language) if each.id}
    fresh = Catalog(locale=language, charset="utf-8", fuzzy=False)
    for key in dict.fromkeys(one.key for one in messages):
        fresh.add(key, known.get(key, ""))
    return written(fresh, language)


def written(catalogue: Catalog, language: str) -> str:
    """Return a catalogue as a file that is the same for the same words: no dates, no places, no names."""
    file = io.BytesIO()
    write_po(file, catalogue, width=_WIDTH, omit_header=True, no_location=True)
    # As text, because Babel's own header carries the date on which it was written.
    lines = (
        'msgid ""',
        'msgstr ""',
        rf'"Language: {language}\n"',
        r'"Content-Type: text/plain; charset=utf-8\n"',
        r'"Content-Transfer-Encoding: 8bit\n"',
        rf'"Plural-Forms: {catalogue.plural_forms}\n"',
    )
    return "\n".join((*lines, "", file.getvalue().decode()))


def empty_in(catalogue: Catalog) -> list[Message]:
    """Return the messages of a catalogue that it does not say, or not in every form."""
    return [each for each in catalogue if each.id and not all(forms_of(each))]


def forms_of(message: Message) -> tuple[str, ...]:
    """Return what a catalogue says for a message: one text, or one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def main() -> None:
    """Bring every catalogue up to date and say what is missing."""
    messages = found_messages()
    left: Mapping[str, list[Message]] = {language: _update(language, messages) for language in TRANSLATED}
    for language, empty in left.items():
        sys.stdout.write(f"{language}: {len(empty)} to be written\n")
        sys.stdout.writelines(f"  {one.id if isinstance(one.id, str) else one.id[0]}\n" for one in empty)


def _update(language: str, messages: Sequence[Found]) -> list[Message]:
    path = CATALOGUES / f"{language}.po"
    text = brought_up_to_date(path.read_text("utf-8") if path.exists() else "", language, messages)
    path.write_text(text, "utf-8")
    return empty_in(catalogue_of(text, language))


if __name__ == "__main__":
    main()
