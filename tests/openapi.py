"""Checks what the bot sends against Discord's own OpenAPI document, stricter than the document itself.

Beyond the schemas: no key that the schema does not know, and the limits that stand only in Discord's prose
(2,000 characters of content, 4,000 of Components V2 text, 40 components, 5 buttons a row).
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import jsonschema
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DOCUMENT = Path(__file__).resolve().parents[2] / "shared" / "discord" / "openapi.json"
CONTENT_LIMIT = 2000
V2_TEXT_LIMIT = 4000
COMPONENT_LIMIT = 40
BUTTONS_A_ROW = 5

_BASE = "urn:discord"
_ACTION_ROW, _TEXT_DISPLAY = 1, 10
_FORMATS = jsonschema.FormatChecker(formats=())

needs_document = pytest.mark.skipif(
    not DOCUMENT.exists(), reason="Discord's OpenAPI document is not beside the project"
)


class Request(Protocol):
    """A REST call, as simcord records it."""

    @property
    def method(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def json(self) -> Any: ...


@_FORMATS.checks("snowflake")
def _is_snowflake(value: object) -> bool:
    # 0 is none of Discord's own ids, but the first of the files that are sent along.
    return not isinstance(value, str) or (value.isdigit() and int(value) < 2**63)


@_FORMATS.checks("nonce")
def _is_nonce(value: object) -> bool:
    return not isinstance(value, str) or len(value) <= 25


def faults(request: Request) -> list[str]:
    """Everything that is wrong with a call; empty where Discord would take it."""
    place = f"{request.method} {request.path}"
    found = _operation(request.method.lower(), request.path)
    if found is None:
        return [f"{place}: Discord has no such route"]
    if request.json is None:
        return []
    return [f"{place}: {fault}" for fault in _faults_of_body(*found, json.dumps(request.json))]


@functools.cache
def _faults_of_body(path: str, method: str, body: str) -> tuple[str, ...]:
    """Return what is wrong with a body; the same ones come again and again, the commands first of all."""
    value = json.loads(body)
    if (schema := _body_schema(path, method)) is None:
        return ("a body where Discord takes none",)
    if _strict_validator(path, method).is_valid(value):
        return tuple(over_limits(value))
    errors = [error.message for error in _validator(schema).iter_errors(value)]
    unknown = [] if errors else [f"unknown key {key}" for key in unknown_keys(schema, value)]
    return (*errors, *unknown, *over_limits(value))


def over_limits(value: Any) -> Iterator[str]:
    """Limits that no schema states, wherever in a payload a message stands."""
    if isinstance(value, list):
        for part in value:
            yield from over_limits(part)
    if not isinstance(value, Mapping):
        return
    if isinstance(content := value.get("content"), str) and len(content) > CONTENT_LIMIT and "type" not in value:
        yield f"{len(content)} characters of content"
    if "type" not in value and (components := list(_components(value.get("components") or []))):
        text = sum(len(one["content"]) for one in components if one["type"] == _TEXT_DISPLAY)
        crowded = [one for one in components if one["type"] == _ACTION_ROW and len(one["components"]) > BUTTONS_A_ROW]
        yield from [f"{text} characters of text"] if text > V2_TEXT_LIMIT else []
        yield from [f"{len(components)} components"] if len(components) > COMPONENT_LIMIT else []
        yield from [f"{len(crowded)} rows with more than {BUTTONS_A_ROW} buttons"] if crowded else []
    for part in value.values():
        yield from over_limits(part)


def unknown_keys(schema: Mapping[str, Any], value: Any, at: str = "") -> Iterator[str]:
    """The keys of `value` that no branch of the schema which fits it has heard of."""
    branches = list(_fitting(schema, value))
    if isinstance(value, list):
        for number, part in enumerate(value):
            yield from _unknown_to_all([b["items"] for b in branches if "items" in b], part, f"{at}[{number}]")
    if isinstance(value, Mapping):
        for key, part in value.items():
            known = [b["properties"][key] for b in branches if key in b.get("properties", {})]
            known += [b["additionalProperties"] for b in branches if isinstance(b.get("additionalProperties"), dict)]
            if known:
                yield from _unknown_to_all(known, part, f"{at}.{key}")
            else:
                yield f"{at}.{key}"


def _unknown_to_all(schemas: list[Mapping[str, Any]], value: Any, at: str) -> Iterator[str]:
    """The keys unknown under each of several schemas that may speak of the value."""
    complaints = [set(unknown_keys(schema, value, at)) for schema in schemas if _fits(schema, value)]
    yield from sorted(set.intersection(*complaints)) if complaints else ()


def _fitting(schema: Mapping[str, Any], value: Any) -> Iterator[Mapping[str, Any]]:
    """The simple schemas that speak of `value`: references followed, alternatives narrowed to those that fit."""
    if "$ref" in schema:
        yield from _fitting(_referred(schema["$ref"]), value)
        return
    yield schema
    for part in schema.get("allOf", []):
        yield from _fitting(part, value)
    for part in (*schema.get("oneOf", []), *schema.get("anyOf", [])):
        if _fits(part, value):
            yield from _fitting(part, value)


def _fits(schema: Mapping[str, Any], value: Any) -> bool:
    return not _of_another_type(schema, value) and bool(_validator(schema).is_valid(value))


def _of_another_type(schema: Mapping[str, Any], value: Any) -> bool:
    """Whether a component, or an option of a command, is plainly of another type: seen sooner than by validating."""
    meant = _referred(schema["$ref"]) if "$ref" in schema else schema
    types = meant.get("properties", {}).get("type", {}).get("enum")
    return types is not None and isinstance(value, Mapping) and "type" in value and value["type"] not in types


def _components(components: list[Any]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        yield component
        yield from _components(component.get("components", []))
        if "accessory" in component:
            yield component["accessory"]


@functools.cache
def _document() -> Any:
    return json.loads(DOCUMENT.read_text("utf-8"))


@functools.cache
def _registry() -> Registry[Any]:
    resource: Resource[Any] = Resource.from_contents(_document(), default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource(_BASE, resource)
    return registry


@functools.cache
def _routes() -> list[tuple[re.Pattern[str], str]]:
    """Every path of the document, the most literal first."""
    paths = sorted(_document()["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(path))), path) for path in paths]


@functools.cache
def _operation(method: str, path: str) -> tuple[str, str] | None:
    for pattern, template in _routes():
        if pattern.fullmatch(path) and method in _document()["paths"][template]:
            return template, method
    return None


def _body_schema(path: str, method: str) -> Mapping[str, Any] | None:
    content = _document()["paths"][path][method].get("requestBody", {}).get("content", {})
    schema: Mapping[str, Any] | None = content.get("application/json", {}).get("schema")
    return schema


@functools.cache
def _strict_validator(path: str, method: str) -> Any:
    """Return a validator of bodies that refuses unknown keys in the same pass, and says no more than that.

    It refuses a little more than it should (a key that only one part of an `allOf` knows): what it refuses is read
    again by the slower way, which also finds the words for it.
    """
    absolute = json.loads(json.dumps(_closed(_body_schema(path, method))).replace('"#/', f'"{_BASE}#/'))
    return _SortingValidator(absolute, registry=_strict_registry(), format_checker=_FORMATS)


@functools.cache
def _strict_registry() -> Registry[Any]:
    resource: Resource[Any] = Resource.from_contents(_closed(_document()), default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource(_BASE, resource)
    return registry


def _closed(schema: Any) -> Any:
    """Return a schema with every object in it closed to keys that it does not name."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(part) for key, part in schema.items()}
    if isinstance(schema.get("properties"), dict) and "type" in schema:
        closed.setdefault("additionalProperties", False)
    return closed


def _alternatives(keyword: str) -> Any:
    """Return how `oneOf` or `anyOf` is validated, without the alternatives that are plainly of another type."""
    usual = jsonschema.Draft202012Validator.VALIDATORS[keyword]

    def narrowed(validator: Any, schemas: list[Any], value: Any, schema: Any) -> Any:
        return usual(validator, [one for one in schemas if not _of_another_type(one, value)], value, schema)

    return narrowed


_SortingValidator = jsonschema.validators.extend(  # type: ignore[no-untyped-call]  # it has no types
    jsonschema.Draft202012Validator, {keyword: _alternatives(keyword) for keyword in ("oneOf", "anyOf")}
)


def _referred(reference: str) -> Mapping[str, Any]:
    found: Any = _document()
    for step in reference.removeprefix(_BASE).removeprefix("#/").split("/"):
        found = found[step]
    schema: Mapping[str, Any] = found
    return schema


def _validator(schema: Mapping[str, Any]) -> jsonschema.Draft202012Validator:
    return _validator_of(json.dumps(schema, sort_keys=True))


@functools.cache
def _validator_of(schema: str) -> jsonschema.Draft202012Validator:
    absolute = json.loads(schema.replace('"#/', f'"{_BASE}#/'))
    return jsonschema.Draft202012Validator(absolute, registry=_registry(), format_checker=_FORMATS)
