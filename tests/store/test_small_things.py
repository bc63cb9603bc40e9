"""Channels, drafts and templates; and that the models are what the migrations create."""

import pytest

from tests.store.factories import batch, mention
from workstation.domain.changes import ChangeSet
from workstation.domain.channels import ChannelConfig
from workstation.domain.drafts import Draft
from workstation.domain.errors import ConfigurationError, NotFoundError
from workstation.domain.filters import parse
from workstation.domain.messages import Cursor, Visibility
from workstation.domain.templates import Family, Formality, Variant
from workstation.store.schema import MODELS
from workstation.store.store import Store

ACME = ChannelConfig(0, "mastodon", "Acme", "https://s.example", "ada", "keyring:acme", {"tags": "a"}, practice=True)


async def test_channels_come_and_go(store: Store, published: list[ChangeSet]) -> None:
    stored = await store.channels.add(ACME)
    assert await store.channels.list() == (stored,)
    assert await store.channels.by_name("ACME") == stored
    assert published[-1].channels == (stored.id,)
    changed = ChannelConfig(stored.id, "mastodon", "Acme 2", enabled=False)
    await store.channels.change(changed)
    assert await store.channels.list() == (changed,)
    with pytest.raises(ConfigurationError):
        await store.channels.add(ChannelConfig(0, "mastodon", "acme 2"))
    other = await store.channels.add(ACME)
    with pytest.raises(ConfigurationError):
        await store.channels.change(ChannelConfig(other.id, "mastodon", "ACME 2"))
    with pytest.raises(NotFoundError):
        await store.channels.change(ChannelConfig(99, "mastodon", "x"))


async def test_a_removed_channel_keeps_its_messages_and_frees_its_name(store: Store) -> None:
    first = await store.channels.add(ACME)
    await store.messages.accept(first, batch(mention("1"), cursor=Cursor(1, "x")))
    await store.channels.remove(first.id)
    assert await store.channels.list() == ()
    assert await store.messages.cursors(first.id) == {}
    assert await store.messages.by_remote(first.id, "1") is not None
    second = await store.channels.add(ACME)
    assert second.id != first.id
    await store.messages.accept(second, batch(mention("1")))
    assert await store.messages.count(parse("channel:acme")) == 1
    with pytest.raises(NotFoundError):
        await store.channels.remove(first.id)


async def test_drafts_are_kept_by_composer(store: Store) -> None:
    draft = Draft("Dear Ada,\ud800", "de", Visibility.DIRECT, 3, 9, 5)
    await store.drafts.save(4, draft)
    await store.drafts.save("post:1", Draft("News", updated_at=7))
    kept = await store.drafts.load(4)
    assert kept == Draft("Dear Ada,?", "de", Visibility.DIRECT, 3, 9, 5)
    assert await store.drafts.keys() == ("post:1", "case:4")
    await store.drafts.discard(4)
    assert await store.drafts.load(4) is None


async def test_templates_are_found_and_counted(store: Store, published: list[ChangeSet]) -> None:
    thanks = Family(
        0,
        "thanks",
        "Thank you",
        (Variant("en", "Thank you, {name}!"), Variant("de", "Vielen Dank für die Grüße!", Formality.FORMAL, 3)),
        tags=("praise",),
    )
    sorry, thanks = await store.templates.save_many((Family(0, "sorry", "Sorry", (Variant("en", "Sorry"),)), thanks))
    assert published[-1].templates
    await store.templates.used(thanks.id)
    assert [family.key for family in await store.templates.list()] == ["thanks", "sorry"]
    assert [family.key for family in await store.templates.search("GRUSSE dank")] == []
    assert [family.key for family in await store.templates.search("GRÜSSE dank")] == ["thanks"]
    again = await store.templates.save(Family(0, "sorry", "We are sorry", ()))
    assert again.id == sorry.id
    await store.templates.remove(thanks.id)
    assert [(family.title, family.variants) for family in await store.templates.list()] == [("We are sorry", ())]


@pytest.mark.parametrize("model", MODELS)
async def test_models_are_what_the_migrations_create(store: Store, model: object) -> None:
    meta = model._meta  # type: ignore[attr-defined]
    rows = await store.database.read(lambda c: c.execute(f"PRAGMA table_info({meta.table_name})").fetchall())
    assert [row[1] for row in rows] == [field.column_name for field in meta.sorted_fields]
    keys = [row[1] for row in sorted(rows, key=lambda row: row[5]) if row[5]]
    assert keys == [field.column_name for field in meta.get_primary_keys()]
