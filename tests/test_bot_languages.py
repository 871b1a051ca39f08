"""The whole bot in each language: commands, lists, cards, forms and alerts, as somebody sees them who reads it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import discord
import pytest
from discord import app_commands
from simcord.results import ResponseMessage

from bot.client import AideMemoire, fingerprint
from bot.days import EXAMPLES
from bot.words import ENGLISH, LANGUAGES, Words
from tests import openapi
from tests.crawling import Crawler, parts_of
from tests.discord_world import A_ROUND, World, buttons_of, discord_world, text_of
from tests.factories import MONDAY_NOON, a_topic, a_wish
from tests.fakes import ScriptedFetcher
from tests.storing import add_article, days, open_one, opened, telling
from tests.wording import CATALOGUES, TRANSLATED, catalogue_of, forms_of, found_messages
from watchers.audience import Alert, AlertForm, Guild, GuildTopicWish, Section
from watchers.model import Kind, Precision
from watchers.own_topics import put_own_topic
from watchers.ports import UnitOfWork
from watchers.rating import Outcome, RatingWish

FORMS = (AlertForm.DIGEST, AlertForm.SAID, AlertForm.REMINDER, AlertForm.OVERDUE, AlertForm.WATCHED)
LONG = "Την Παρασκευή η Νορλανδία θα αποσύρει τα στρατεύματά της από το λιμάνι. " * 10
SCANNED = "Norland will withdraw its troops by Friday. Sudria pledged to pay if the talks succeed."

languages = pytest.mark.parametrize("language", TRANSLATED)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    topics = [replace(a_topic(f"t-{n:02}", "λόγος"), name=f"Θέμα {n}", about="Ό,τι λέγεται.") for n in range(12)]
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), topics=topics) as there:
        yield there


# --- one thing in each language -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Nothing is pending here."),
        ("fr", "Rien n’est en cours ici."),
        ("de", "Hier ist nichts offen."),
        ("es", "Aquí no hay nada pendiente."),
        ("uk", "Тут нічого не очікується."),
    ],
)
async def test_an_answer_to_one_person_is_in_the_language_of_their_discord(
    world: World, language: str, said: str
) -> None:
    world.locale = {"es": "es-ES"}.get(language, language)
    await world.transact(lambda work: work.guilds.put(Guild(world.guild.id, language="de")))
    assert said in text_of((await world.analyst.slash(world.channel, "followups pending")).response)


@pytest.mark.parametrize(
    ("of_order", "of_server", "said"),
    [("fr", "de", "Échéance"), (None, "de", "Frist"), (None, None, "Deadline"), ("uk", None, "Строк")],
)
async def test_an_alert_is_in_the_language_of_its_order_or_else_of_the_server(
    world: World, of_order: str | None, of_server: str | None, said: str
) -> None:
    guild_id, channel_id = world.guild.id, world.channel.id
    await world.transact(lambda work: work.guilds.put(Guild(guild_id, language=of_server)))
    await world.follow(a_wish(guild_id=guild_id, channel_id=channel_id, topic="t-01", language=of_order))
    followup = await opened(world.database, telling(due=days(2, 9)), "t-01")

    def tell(work: UnitOfWork) -> None:
        (order,) = work.subscriptions.of_guild(guild_id)
        alert = Alert(
            "said:1", AlertForm.SAID, (followup.id,), guild_id=guild_id, channel_id=channel_id, subscription_id=order.id
        )
        work.outbox.put(alert, world.clock.now())

    await world.transact(tell)
    await world.pass_time(A_ROUND)
    (text,) = world.texts()
    assert f"### ⏳ {said}\n" in text


async def test_a_reminder_comes_in_the_language_in_which_it_was_asked_for(world: World) -> None:
    world.locale = "uk"
    await world.analyst.slash(world.channel, "remind", when="in 1 hour", note="нота")
    world.locale = "en-GB"
    await world.pass_time(A_ROUND * 3)
    (message,) = world.analyst.user.dm_channel.history()
    assert "### 📌 Ви просили нагадати" in text_of(message)
    assert "Готово" in buttons_of(message)


async def test_failures_and_refusals_are_in_the_language_of_whoever_meets_them(world: World) -> None:
    world.locale = "fr"
    answer = await world.analyst.slash(world.channel, "calendar subscribe")
    assert text_of(answer.response) == "Il te faut pour cela la permission **Gérer le serveur** sur ce serveur."
    world.env._errors.clear()


async def test_what_is_offered_in_a_language_is_understood_in_it_when_it_is_typed(world: World) -> None:
    world.locale = "fr"
    offered = await world.analyst.autocomplete(world.channel, "remind", "when", "demain 9:00")
    assert offered == [{"name": "demain 9:00", "value": "tomorrow 9:00"}]
    answer = await world.analyst.slash(world.channel, "remind", when="Demain 9:00", note="σημείωμα")
    assert "Je t’enverrai un message privé" in text_of(answer.response)
    answer = await world.analyst.slash(world.channel, "remind", every="chaque lundi 9:00", note="σημείωμα")
    assert "Chaque semaine à 09:00, lundi" in text_of(answer.response)
    answer = await world.analyst.slash(world.channel, "scan", text=SCANNED, day="Hier")
    assert "Les jours se comptent à partir du dimanche 1 mars 2026." in text_of(answer.response)


# --- everything in each language ----------------------------------------------------------------------------------


async def filled(world: World, language: str) -> None:
    """A server in which there is one of everything, in letters that are none of the languages'."""
    guild_id = world.guild.id

    def fill(work: UnitOfWork) -> None:
        work.guilds.put(Guild(guild_id, zone="Europe/Paris", language=language))
        many = open_one(
            work, telling(LONG[:600], due=days(2, 9), speaker="Άδα", countries=("UA",), outlet="Ημέρα"), "t-01", "t-02"
        )
        for number in range(39):
            outlet = f"Εφημερίδα {number}"
            work.followups.retell(many.id, add_article(work), telling(LONG[:600], outlet=outlet), (), best=False)
        open_one(work, telling("Συνομιλίες.", due=days(4, 6), kind=Kind.EVENT, speaker=None), "t-01")
        vague = telling("Σύντομα.", due=days(2, 30), kind=Kind.COMMITMENT)
        vague = replace(vague, statement=replace(vague.statement, precision=Precision.VAGUE, conditional=True))
        open_one(work, vague, "t-01")
        open_one(work, telling("Χωρίς μέρα.", kind=Kind.EXPECTATION), "t-02")
        open_one(work, telling("Πέρασε.", due=days(1, 1)), "t-01")
        for outcome, due in zip(Outcome, [None, None, None, days(2, 20), None, None], strict=True):
            rated = open_one(work, telling(f"Κρίθηκε {outcome.name[:0]}.", due=days(2, 3)), "t-01")
            work.cases.rate(RatingWish(rated.id, guild_id, 7, outcome, due), MONDAY_NOON)
        for number in range(12):
            open_one(work, telling(f"Λόγος {number}.", due=days(2, 12)), "t-01")
        put_own_topic(work, GuildTopicWish(guild_id, "Σιτηρά", "σιτηρ*", 7), MONDAY_NOON)

    await world.transact(fill)


COMMANDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("help", {}),
    ("status", {}),
    ("feeds list", {}),
    ("topics list", {}),
    ("topics create", {}),
    ("topics edit", {"topic": "Σιτηρά"}),
    ("topics test", {"query": "σιτηρ* AND ("}),
    ("topics test", {"query": "speaker:"}),
    ("topics test", {"query": "λόγος*"}),
    ("topics delete", {"topic": "Σιτηρά"}),
    ("topics edit", {"topic": "Τίποτα"}),
    ("followups show", {"followup": "1"}),
    ("followups show", {"followup": "2"}),
    ("followups show", {"followup": "3"}),
    ("followups show", {"followup": "9"}),
    ("followups show", {"followup": "999"}),
    *((f"followups {name}", {}) for name in ("pending", "due", "overdue", "recent", "settled")),
    ("followups pending", {"country": "UA", "kind": "deadline", "speaker": "Άδα", "until": "9 May"}),
    ("followups pending", {"topic": "Τίποτα"}),
    ("followups pending", {"until": "γουρούνια"}),
    ("followups search", {"text": "λιμάνι"}),
    ("timezone", {}),
    ("timezone", {"zone": "Paris"}),
    ("timezone", {"zone": "Ατλαντίδα"}),
    ("remind", {"when": "tomorrow 9:00", "note": "σημείωμα"}),
    ("remind", {"every": "every 2 weeks on Friday", "followup": "1"}),
    ("remind", {"when": "γουρούνια", "note": "σημείωμα"}),
    ("remind", {"when": "γουρούνια", "followup": "1"}),
    ("remind", {"every": "γουρούνια", "note": "σημείωμα"}),
    ("remind", {"note": "σημείωμα"}),
    ("remind", {"when": "in 3 days"}),
    ("reminders", {}),
    ("scan", {"text": SCANNED}),
    ("scan", {"text": "Χωρίς τίποτα."}),
    ("scan", {"text": SCANNED, "day": "γουρούνια"}),
    ("scan", {}),
    ("timeline", {}),
    ("timeline", {"topic": "t-11"}),
    ("calendar file", {}),
    ("calendar subscribe", {}),
    ("calendar revoke", {}),
    ("export", {"format": "csv"}),
    ("export", {"format": "json", "topic": "t-11"}),
    ("subscriptions", {}),
    ("subscribe", {"topic": "t-01"}),
    ("subscribe", {"topic": "*", "rhythm": "weekly", "kinds": "Deadlines"}),
    ("subscribe", {"topic": "t-02", "rhythm": "instant", "reminders": "No reminders"}),
    ("subscriptions", {}),
    ("unsubscribe", {"subscription": "t-02"}),
    ("unsubscribe", {"subscription": "t-09"}),
    ("setup", {}),
)


async def crawled(world: World, language: str) -> Crawler:
    """Press everything that a manager of the server can press."""
    await filled(world, language)
    every = discord.Permissions(manage_guild=True, manage_messages=True, create_events=True, manage_events=True)
    role = world.guild.create_role("Ρόλος", permissions=every, mentionable=True)
    actor = world.guild.add_member(world.env.create_user("everything"), roles=[role])
    crawler = Crawler(actor, channel=world.channel, role=role)
    for command, options in COMMANDS:
        answer = await actor.slash(world.channel, command, **options)
        if answer.modal is not None:
            await crawler.explore_modal(answer)
        for shown in filter(None, [answer.response, *answer.followups]):
            await crawler.explore(shown)
    for form in FORMS:
        sections = tuple(Section) if form is AlertForm.DIGEST else ()
        told = tuple(range(1, len(sections) + 1)) or (1,)
        alert = Alert(f"{form}:1", form, told, guild_id=world.guild.id, channel_id=world.channel.id, sections=sections)
        await world.transact(partial(_put, alert=alert))
        await world.pass_time(A_ROUND)
        await crawler.explore(_as_it_stands(world, world.channel.history()[-1]))
    await world.pass_time(A_ROUND * 12)
    for message in actor.user.dm_channel.history():
        await Crawler(actor.user, channel=None, role=None).explore(_as_it_stands(world, message))
    await _typed_into(world, actor)
    return crawler


def _as_it_stands(world: World, message: discord.Message) -> ResponseMessage:
    """Return a message that follows what it is edited to; a history holds what was there when it was asked for."""
    return ResponseMessage(world.env, world.env.backend.messages[message.channel.id][message.id])


def _put(work: UnitOfWork, *, alert: Alert) -> None:
    work.outbox.put(alert, MONDAY_NOON)


async def _typed_into(world: World, actor: Any) -> None:
    """Ask every option of every command for what it offers."""
    for command in cast("AideMemoire", world.env.bot).tree.walk_commands():
        if isinstance(command, app_commands.Command):
            for parameter in command.parameters:
                if parameter.autocomplete:
                    await actor.autocomplete(world.channel, command.qualified_name, parameter.display_name, "")


def shown_in(value: Any, key: str = "") -> Iterator[str]:
    """Every text of a request that people see."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from shown_in(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from shown_in(part, key)
    elif isinstance(value, str) and key in {"content", "label", "description", "placeholder", "title", "name"}:
        yield value


def of_interactions(world: World) -> list[Any]:
    """What the bot answered and posted; not the commands it offers, which are in every language."""
    return [one.json for one in world.env.http_requests if one.json and not one.path.endswith("/commands")]


@openapi.needs_document
@languages
async def test_everything_the_bot_shows_is_valid_to_discord_in_every_language(world: World, language: str) -> None:
    world.locale = {"es": "es-ES"}.get(language, language)
    crawler = await crawled(world, language)
    assert len(crawler.pressed) > 65, sorted(crawler.pressed)
    # Which keys a message has does not depend on its language, and the tests of each view see to them.
    assert [fault for one in world.env.http_requests for fault in openapi.faults(one)] == []
    # Forms are cut to Discord's limits; nothing of a translation may be lost that way.
    asked = list(_words_of_forms(world))
    assert len(asked) > 20
    assert set(asked) <= said_in(language)


def _words_of_forms(world: World) -> Iterator[str]:
    """The titles and labels of the forms that were shown."""
    for body in of_interactions(world):
        if isinstance(body, dict) and body.get("type") == discord.InteractionResponseType.modal.value:
            yield body["data"]["title"]
            yield from (one["label"] for one in parts_of(body["data"]["components"]) if one.get("label"))


def said_in(language: str) -> set[str]:
    """Everything that a catalogue says."""
    catalogue = catalogue_of((CATALOGUES / f"{language}.po").read_text("utf-8"), language)
    return {form for one in catalogue for form in forms_of(one)}


async def test_nobody_who_reads_ukrainian_meets_a_word_of_english(world: World) -> None:
    """Ukrainian has no letter of the English alphabet: what is left of it was never translated."""
    world.locale = "uk"
    await crawled(world, "uk")
    data = "The Meridian meridian Norland deadlines aide-memoire.ics"
    kept = f'{EXAMPLES} {SCANNED} {" ".join(LANGUAGES.values())} Aide-Mémoire JSON Feed grain* AND ("black sea")'
    allowed = f"{data} {kept} {' '.join(said_in('uk'))}"
    known = set(re.findall(r"[A-Za-z]{2,}", allowed))
    left: dict[str, str] = {}
    for body in of_interactions(world):
        for text in shown_in(body):
            bare = re.sub(r"`[^`]*`|<[^<>]*>|https?://\S+|[A-Z]\w+/[\w ]+|\([\w.-]+\)|\]", " ", text)
            left |= {word: text for word in re.findall(r"[A-Za-z]{2,}", bare) if word not in known}
    assert left == {}


# --- the commands themselves --------------------------------------------------------------------------------------


def localized(payload: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """Every English text of a command with its translations."""
    if isinstance(payload, dict):
        for field in ("name", "description"):
            if payload.get(f"{field}_localizations"):
                yield payload[field], payload[f"{field}_localizations"]
    for part in payload.values() if isinstance(payload, dict) else payload if isinstance(payload, list) else ():
        yield from localized(part)


async def payloads_of(world: World) -> list[Any]:
    return await world.as_bot(cast("AideMemoire", world.env.bot).command_payloads())


async def test_what_is_read_of_the_commands_is_translated_and_what_is_typed_is_not(world: World) -> None:
    said = {one.key for one in found_messages()}
    of_commands = dict(pair for payload in await payloads_of(world) for pair in localized(payload))
    assert len(of_commands) > 80
    assert set(of_commands) <= said
    for english, translations in of_commands.items():
        assert set(translations) == {"fr", "de", "es-ES", "es-419", "uk"}
        assert translations == {tag: Words(tag[:2])(english) for tag in translations}
        assert all(len(text) <= 100 for text in translations.values()), translations
    texts = {text for payload in await payloads_of(world) for text in _descriptions(payload)}
    assert texts - set(of_commands) == set()
    names = [payload for payload in await payloads_of(world) if payload["name_localizations"]]
    assert [(one["name"], one["name_localizations"]["fr"]) for one in names] == [
        ("Find deadlines", "Trouver les échéances")
    ]


def _descriptions(payload: Any) -> Iterator[str]:
    if isinstance(payload, dict) and payload.get("description"):
        yield payload["description"]
    for option in payload.get("options", []):
        yield from _descriptions(option)


async def test_a_command_fits_discord_in_its_longest_language(world: World) -> None:
    """Discord counts the longest translation of each name, description and value; 8,000 characters at most."""

    def measured(payload: Any) -> int:
        own = sum(
            max(len(text) for text in (payload[field], *payload.get(f"{field}_localizations", {}).values()))
            for field in ("name", "description")
            if payload.get(field)
        )
        value = len(str(payload.get("value", "")))
        return own + value + sum(map(measured, (*payload.get("options", []), *payload.get("choices", []))))

    sizes = {payload["name"]: measured(payload) for payload in await payloads_of(world)}
    assert max(sizes.values()) <= 8000, sizes


async def test_commands_that_discord_has_in_every_language_are_not_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord leaves the languages out of its answer unless it is asked for them."""
    bot = cast("AideMemoire", world.env.bot)
    passed_on, sent = bot.http.request, []

    async def request(route: Any, **kwargs: Any) -> Any:
        if route.method == "PUT":
            sent.append(route.path)
        answer = await passed_on(route, **kwargs)
        if route.method == "GET" and kwargs.get("params", {}).get("with_localizations") != "true":
            answer = _without_languages(answer)
        return answer

    monkeypatch.setattr(bot.http, "request", request)
    await world.as_bot(bot._offer_commands())
    assert sent == []
    monkeypatch.setattr("bot.words._catalogue", lambda _: {"Show the coming weeks as a picture.": "Neu."})
    await world.as_bot(bot._offer_commands())
    assert sent == ["/applications/{application_id}/commands"]


def _without_languages(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_languages(part) for key, part in value.items() if not key.endswith("_localizations")}
    return [_without_languages(part) for part in value] if isinstance(value, list) else value


def test_a_change_of_a_translation_is_a_change_of_the_command() -> None:
    command = {"name": "timeline", "description": "Show.", "description_localizations": {"fr": "Montre."}}
    assert fingerprint([command]) == fingerprint([{**command, "name_localizations": None}])
    assert fingerprint([command]) != fingerprint([{**command, "description_localizations": {"fr": "Voici."}}])
    assert fingerprint([command]) != fingerprint([{**command, "description_localizations": None}])


def test_english_is_the_language_of_the_code() -> None:
    assert ENGLISH not in TRANSLATED
