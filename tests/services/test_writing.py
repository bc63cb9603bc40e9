"""Templates, placeholders, drafts, and what blocks sending."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from tests.empty import empty
from tests.services.parts import START, ScriptedConnector, SetClock, batch, mention, registry, signed_in
from workstation.domain.cases import Entry
from workstation.domain.channels import ChannelConfig
from workstation.domain.drafts import Draft
from workstation.domain.messages import Kind
from workstation.domain.templates import Family, Fit, Formality, Variant, blanks, choose, fill, suspects
from workstation.i18n import available
from workstation.net.client import Client
from workstation.services.drafting import Block, Drafting, values_for
from workstation.services.feed import Feed
from workstation.services.ingest import Ingest
from workstation.services.secrets import Secrets
from workstation.services.settings import Settings
from workstation.services.supervisor import Supervisor
from workstation.services.template_files import TemplateFileError, parse, table
from workstation.services.templates import STARTERS, Templates
from workstation.store.store import Store


class Desk:
    """What drafting needs, over a scripted channel."""

    def __init__(self, store: Store, folder: Path) -> None:
        clock = SetClock()
        self.store = store
        self.connector = ScriptedConnector()
        self.supervisor = Supervisor(
            store, registry(self.connector), Ingest(store), Secrets({}), Client(), clock, first_delay=1_000
        )
        self.settings = Settings(folder / "settings.toml")
        self.drafting = Drafting(store, self.supervisor, self.settings, clock)
        self.templates = Templates(store, clock)


@pytest.fixture
async def desk(folder: Path) -> AsyncIterator[Desk]:
    store = await Store.open(empty(folder / "desk.sqlite3"), Feed().publish, clock=SetClock())
    made = Desk(store, folder)
    yield made
    await made.supervisor.close()
    await store.close()


FAMILY = Family(
    0,
    "late",
    "Late",
    (
        Variant("en", "Hello {name}", updated_at=5),
        Variant("pt", "Olá {name}", updated_at=4),
        Variant("de", "Hallo {name}", Formality.INFORMAL, 5),
        Variant("de", "Guten Tag {name}", Formality.FORMAL, 5),
    ),
)


@pytest.mark.parametrize(
    ("wanted", "team", "language", "fit"),
    [
        ("pt", "en", "pt", Fit.EXACT),
        ("pt-BR", "en", "pt", Fit.LANGUAGE),
        ("PT_br", "en", "pt", Fit.LANGUAGE),
        ("ja", "de", "de", Fit.TEAM),
        ("ja", "fr", "en", Fit.ENGLISH),
        ("", "", "en", Fit.ENGLISH),
    ],
)
def test_the_variant_falls_back(wanted: str, team: str, language: str, fit: Fit) -> None:
    chosen = choose(FAMILY, wanted, team)
    assert chosen is not None
    assert (chosen.variant.language, chosen.fit) == (language, fit)
    assert chosen.stale == (language == "pt")


def test_formality_and_families_without_english() -> None:
    formal = choose(FAMILY, "de", formality=Formality.FORMAL)
    assert formal is not None
    assert formal.variant.text.startswith("Guten")
    only = choose(Family(0, "x", "X", (Variant("fr", "Bonjour"),)), "ja", "nl")
    assert only is not None
    assert only.fit is Fit.ANY
    assert choose(Family(0, "x", "X", ()), "en") is None


def test_placeholders_are_filled_or_listed() -> None:
    filled = fill("Hi {name|there}, {order_no} of {shop|us}", {"name": "Zoë", "shop": ""})
    assert filled.text == "Hi Zoë, {order_no} of us"
    (blank,) = filled.blanks
    assert filled.text[blank.start : blank.end] == "{order_no}"
    assert blanks(filled.text) == filled.blanks


@given(st.text(), st.dictionaries(st.sampled_from(["a", "b", "name"]), st.text()))
def test_filling_is_no_format_string_and_never_fails(text: str, values: dict[str, str]) -> None:
    filled = fill(text + "{a} {name.__class__} {0} {} {b|x}", values)
    assert "{name.__class__} {0} {} " in filled.text
    for blank in filled.blanks:
        assert filled.text[blank.start : blank.end] == f"{{{blank.name}}}"


def test_the_first_set_is_whole() -> None:
    families = parse((STARTERS / "service.toml").read_bytes(), "service.toml", 1)
    assert len(families) >= 12
    for family in families:
        assert set(family.languages) == set(available())
        assert not any(suspects(variant.text) for variant in family.variants)
        (source,) = (variant.text for variant in family.variants if variant.language == family.source)
        named = {blank.name for blank in blanks(source)}
        for variant in family.variants:
            assert {blank.name for blank in blanks(variant.text)} == named, (family.key, variant.language)
    again = parse(tomli_w.dumps(table(families)).encode(), "again", 1)
    assert sorted(again, key=lambda each: each.key) == sorted(families, key=lambda each: each.key)


@pytest.mark.parametrize("data", [b"\xff", b"[a", b'[a]\ntitle = "x"', b'[a]\ntitle = 5\n[a.variants]\nen = "x"'])
def test_a_broken_file_is_named(data: bytes) -> None:
    with pytest.raises(TemplateFileError):
        parse(data, "mine.toml", 1)


async def test_templates_start_once_and_count_what_is_sent(desk: Desk) -> None:
    await desk.templates.start()
    families = await desk.templates.list()
    await desk.templates.used(families[-1].id)
    assert (await desk.templates.list())[0].id == families[-1].id
    for family in await desk.templates.list():
        await desk.templates.remove(family.id)
    mine = await desk.templates.save(FAMILY)
    await desk.templates.start()
    assert [family.id for family in await desk.templates.list()] == [mine.id]
    assert await desk.templates.search("guten late")
    assert not await desk.templates.search("nonsense")


async def test_drafts_survive(desk: Desk) -> None:
    await desk.drafting.save(7, Draft("Half a sen", language="en", caret=4))
    loaded = await desk.drafting.load(7)
    assert loaded is not None
    assert (loaded.text, loaded.caret, loaded.updated_at) == ("Half a sen", 4, START)
    await desk.drafting.save(7, Draft(""))
    assert await desk.drafting.load(7) is None


async def test_what_blocks_sending(desk: Desk) -> None:
    config = await desk.store.channels.add(ChannelConfig(0, "scripted", "one"))
    await desk.store.messages.accept(config, batch(mention(1)))
    entry = await desk.store.messages.by_remote(config.id, "m1")
    assert isinstance(entry, Entry)

    def kinds(text: str) -> list[Block]:
        operation = desk.drafting.operation(entry.message, text)
        check = desk.drafting.check(config.id, operation, entry.message)
        assert check.sendable == (not check.obstacles)
        return [obstacle.kind for obstacle in check.obstacles]

    assert kinds("Hello") == [Block.SIGNED_OUT]
    await desk.supervisor.start()
    await signed_in(desk.supervisor, config.id)
    assert kinds("Hello") == []
    assert kinds(" ") == [Block.EMPTY]
    assert kinds("Hello {order_no}") == [Block.BLANK]
    assert kinds("x" * 21) == [Block.TOO_LONG]
    applied = desk.drafting.apply(FAMILY, entry)
    assert applied is not None
    assert applied.filled.text == "Hello Ana"
    assert values_for(entry)["handle"] == "@ana@there"
    author = msgspec.structs.replace(entry.message.author, handle="ana@mail.example")
    mail = msgspec.structs.replace(entry.message, kind=Kind.MAIL, author=author)
    assert values_for(msgspec.structs.replace(entry, message=mail))["handle"] == "ana@mail.example"
