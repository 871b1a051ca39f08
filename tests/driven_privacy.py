"""Scenarios: who changed what, what is stored of somebody, and being forgotten."""

from __future__ import annotations

from tests.discord_world import World, text_of
from tests.driven_cards import alerted, card_of, rater_of
from tests.driven_orders import begun, press
from tests.driven_personal import kept
from tests.everything import drives, said_after


@drives("/audit", "PageButton audit")
async def who_changed_what(world: World) -> None:
    assert "Nothing was changed yet." in said_after(await world.moderator.slash(world.channel, "audit"))
    draft = await begun(world, rhythm="daily")
    for _ in range(5):
        await press(world, draft, "pause")
        await press(world, draft, "resume")
    shown = (await world.moderator.slash(world.channel, "audit")).response
    text = text_of(shown)
    assert "📜 11 changes" in text
    assert f"▶️ **Norland** was resumed in {world.channel.mention}.\n-# <@{world.moderator.id}> · <t:" in text
    await world.moderator.click(shown, label="Next ▶")
    assert f"🔔 {world.channel.mention} follows **Norland**." in text_of(shown)
    assert "Page 2 of 2 · kept for 365 days" in text_of(shown)


@drives("/privacy", "/forget-me", "ForgetButton yes", "ForgetButton no")
async def being_forgotten(world: World) -> None:
    assert "Nothing is stored of you." in said_after(await world.analyst.slash(world.channel, "privacy"))
    await kept(world)
    told = await world.analyst.slash(world.channel, "privacy")
    assert told.ephemeral
    assert "Reminders: **1**" in said_after(told)
    assert "Of this server" in said_after(told)
    asked = (await world.analyst.slash(world.channel, "forget-me")).response
    await world.analyst.click(asked, label="Cancel")
    assert text_of(asked) == "Nothing was changed."
    private = await world.analyst.user.slash("forget-me")
    await world.analyst.user.click(private.response, label="Forget me")
    assert text_of(private.response) == "🧽 Done. I store nothing of you any more."
    told = await world.analyst.user.slash("privacy")
    assert "Nothing is stored of you." in said_after(told)
    assert "Of this server" not in said_after(told)


@drives("CardButton unnote on card", "CardButton note on card", "form OneField")
async def deleting_ones_own_note(world: World) -> None:
    await alerted(world)
    rater = rater_of(world)
    card = await card_of(world, rater)
    for words in ("first thought", "second thought"):
        await rater.submit_modal(await rater.click(card, label="Note…"), {"typed": words})
    await rater.click(card, label="Delete my note")
    assert "first thought" in text_of(card)
    assert "second thought" not in text_of(card)
    await rater.click(await card_of(world, rater), label="Delete my note")
    gone = await rater.click(card, label="Delete my note")
    assert "There is no such note of yours here any more." in said_after(gone)
