"""The service: what leaves and when that is shown, what is kept and counted, and that failure leaves nothing behind."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.empty import empty
from tests.providers.conftest import Making, config
from tests.providers.doubles.servers import KEY, deepl, libretranslate, openai
from workstation.domain.channels import Field
from workstation.domain.checks import Kind
from workstation.domain.messages import Author, Message
from workstation.domain.messages import Kind as MessageKind
from workstation.domain.providers import ProviderConfig
from workstation.domain.templates import Formality
from workstation.domain.text import N_, lazy
from workstation.domain.translation import Pair, Provenance
from workstation.net.client import Client
from workstation.providers import base
from workstation.providers.base import TranslationAnswer, TranslationRequest, TranslatorManifest, Usage
from workstation.providers.registry import Registry, built_in, enable, installed
from workstation.services.back_translation import similarity
from workstation.services.clock import SystemClock
from workstation.services.secrets import Secrets
from workstation.services.settings import Settings
from workstation.services.translating import Translating
from workstation.services.translation_jobs import Job, KeyUnreadError, Leaving, MaskLostError, Status, names_of
from workstation.store.store import Store

JOB = Job("Hello Maria, pay 1,234.50 at https://acme.example/a 🎉", Pair("en", "de"), names=("Maria Gonzalez",))
LEFT = "Hello ⟦A1⟧, pay ⟦N2⟧ at ⟦U3⟧ ⟦J4⟧"


async def test_only_what_is_masked_leaves_and_it_is_shown_while_it_does(translating: Making) -> None:
    async with openai() as double:
        service = await translating(config("openai", double))
        seen: list[Leaving] = []
        end = service.watch(seen.append)
        assert service.preview(JOB) == LEFT
        found = await service.translate(JOB)
        end()
        assert msgspec.json.decode(double.asked[0]["messages"][1]["content"])["texts"] == [LEFT]
    assert found.translated.text == "Hillu Maria, pey 1,234.50 et https://acme.example/a 🎉"
    assert (found.translated.provenance, found.translated.provider) == (Provenance.MACHINE, "openai")
    assert found.translated.cost == len(LEFT)
    assert [(each.under_way, each.texts, each.local, each.characters) for each in seen] == [
        (True, (LEFT,), True, len(LEFT)), (False, (LEFT,), True, len(LEFT)),
    ]  # fmt: skip
    assert double.address.endswith(seen[0].host)


async def test_what_was_asked_before_is_not_asked_again(translating: Making) -> None:
    async with deepl() as double:
        service = await translating(config("deepl", double))
        first = await service.translate(JOB)
        other = msgspec.structs.replace(JOB, text=JOB.text.replace("1,234.50", "99").replace("Maria", "Gonzalez"))
        second = await service.translate(other)
        assert (first.kept, second.kept, len(double.asked)) == (False, True, 1)
        assert second.translated.text == "Hillu Gonzalez, pey 99 et https://acme.example/a 🎉"
        assert second.translated.cost == 0
        await service.translate(msgspec.structs.replace(JOB, formality=Formality.FORMAL))
        await service.translate(msgspec.structs.replace(JOB, pair=Pair("en", "fr")))
        assert len(double.asked) == 3


async def test_what_is_sent_is_counted_and_may_be_limited(translating: Making) -> None:
    async with deepl() as double:
        service = await translating(config("deepl", double, monthly_limit=str(len(LEFT) + 5)))
        await service.translate(JOB)
        spent = await service.spent(ask=True)
        assert (spent.characters, spent.requests) == (len(LEFT), 1)
        assert spent.provider.limit == 500_000
        with pytest.raises(base.SpentError):
            await service.translate(msgspec.structs.replace(JOB, text="Another text"))
        assert len(double.asked) == 1


async def test_two_questions_at_once_do_not_exceed_the_limit_together(translating: Making) -> None:
    async with deepl() as double:
        service = await translating(config("deepl", double, monthly_limit="30"))
        jobs = [Job(f"Twenty letters are {name}", Pair("en", "de")) for name in ("one", "two", "six")]
        found = await asyncio.gather(*map(service.translate, jobs), return_exceptions=True)
        assert sorted(type(each).__name__ for each in found) == ["SpentError", "SpentError", "Translation"]
        assert len(double.asked) == 1
        assert (await service.spent()).characters == len(jobs[0].text)
        with pytest.raises(base.SpentError):
            await service.translate(Job("Twenty letters are ten", Pair("en", "de")))
        await service.translate(Job("A few", Pair("en", "de")))


@pytest.mark.parametrize("text", ["", "  \n", "https://acme.example/a", "@acme 15 🎉", "{name}", "!?"])
async def test_what_has_no_words_is_not_sent(text: str, translating: Making) -> None:
    async with deepl() as double:
        service = await translating(config("deepl", double))
        found = await service.translate(Job(text, Pair("en", "de")))
        assert (found.translated.text, double.questions) == (text, 0)
        await service.translate(Job("Hello there", Pair("en-GB", "en-US")))
        assert double.questions == 0


async def test_without_a_provider_nothing_is_asked(translating: Making) -> None:
    service = await translating(ProviderConfig())
    assert not service.configured
    assert await service.status() == Status()
    assert (await service.spent(ask=True)).characters == 0
    with pytest.raises(base.NotConfiguredError):
        await service.translate(JOB)
    with pytest.raises(base.NotConfiguredError):
        await service.back("x", JOB)


@pytest.mark.parametrize(
    "mood", ["dropped", "doubled", "inside translated", "with more", "unrelated", "swollen", "empty"]
)
async def test_an_answer_that_lost_something_is_not_used_kept_or_cached(mood: str, translating: Making) -> None:
    async with deepl() as double:
        double.mood = mood
        service = await translating(config("deepl", double))
        with pytest.raises(base.TranslatorError) as raised:
            await service.translate(JOB)
        assert str(raised.value)
        double.mood = "kind"
        assert not (await service.translate(JOB)).kept


async def test_a_lost_part_is_named(translating: Making) -> None:
    async with openai() as double:
        double.mood = "all dropped"
        service = await translating(config("openai", double))
        with pytest.raises(MaskLostError) as raised:
            await service.translate(JOB)
    assert str(raised.value) == "The translation cannot be used: The translation lost “Maria”."


async def test_being_cancelled_ends_what_is_shown(translating: Making) -> None:
    async with deepl() as double:
        double.trouble = "slow"
        service = await translating(config("deepl", double))
        seen: list[Leaving] = []
        leaves = asyncio.Event()

        def watch(leaving: Leaving) -> None:
            seen.append(leaving)
            leaves.set()

        service.watch(watch)
        task = asyncio.create_task(service.translate(JOB))
        await leaves.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert [each.under_way for each in seen] == [True, False]
        assert (await service.spent()).requests == 1


async def test_back_translation_is_compared_with_the_source(translating: Making) -> None:
    async with libretranslate() as double:
        double.mood = "unchanged"
        service = await translating(config("libretranslate", double))
        same = await service.back("Hello Maria 15", Job("Hello Maria 15", Pair("de", "en"), names=("Maria",)))
        other = await service.back("You get nothing at all", Job("Wir danken Ihnen sehr", Pair("de", "en")))
    assert same.similarity == 100
    assert other.similarity < 70


@pytest.mark.parametrize(
    ("source", "back", "low", "high"),
    [
        ("Your parcel is late", "Your package is late", 70, 99),
        ("Your parcel is late", "Late is your parcel", 100, 100),
        ("Your parcel is late", "We give you all the money back", 0, 50),
        ("荷物は遅れています", "お荷物が遅れています", 70, 99),
        ("", "", 100, 100), ("See https://a.example 15", "See @x", 100, 100), ("ok", "", 0, 0),
    ],
)  # fmt: skip
def test_similarity_is_of_words(source: str, back: str, low: float, high: float) -> None:
    assert low <= similarity(source, back) <= high


async def test_numbers_that_a_provider_adds_are_found(translating: Making) -> None:
    async with openai() as double:
        service = await translating(config("openai", double))
        double.chatter = '{"translations": ["Zahle ⟦N1⟧ oder 500"]}'
        found = await service.translate(Job("Pay 1,234.50 now", Pair("en", "de")))
    assert [(each.kind, each.blocks) for each in found.findings] == [(Kind.NUMBER, True)]


# -- setting up ----------------------------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings in a file."""
    return Settings(tmp_path / "settings.toml")


async def _service(
    tmp_path: Path, settings: Settings, secrets: Secrets, client: Client, registry: Registry | None = None
) -> tuple[Translating, Store]:
    store = await Store.open(empty(tmp_path / "desk.sqlite3"), lambda _: None)
    return Translating(settings, secrets, client, store.translations, SystemClock(), registry), store


async def test_a_provider_is_checked_put_in_force_and_removed(
    tmp_path: Path, settings: Settings, client: Client
) -> None:
    secrets = Secrets({})
    service, store = await _service(tmp_path, settings, secrets, client)
    changes: list[Status] = []
    service.subscribe(changes.append)
    async with deepl() as double:
        wanted = ProviderConfig("deepl", double.address)
        assert "de" in await service.check(wanted, KEY)
        with pytest.raises(base.KeyRefusedError):
            await service.check(wanted, "wrong")
        with pytest.raises(base.KeyRefusedError):
            await service.configure(wanted)
        assert not service.configured
        assert double.asked == []
        lasting = await service.configure(wanted, f" {KEY}\n")
        assert not lasting  # no keychain here: people are told
        assert KEY not in settings.now.translator.secret
        assert KEY not in (tmp_path / "settings.toml").read_text(encoding="utf-8")
        status = await service.status()
        assert (status.configured, status.title, status.local, status.problem) == (True, "DeepL", True, None)
        await service.translate(JOB)
        # Another desk reads the same file; the secret is not there any more, and that is said.
        again = Settings(tmp_path / "settings.toml")
        assert again.now.translator == settings.now.translator
        reference = settings.now.translator.secret
        await service.remove()
        assert (service.configured, await service.status()) == (False, Status())
        with pytest.raises(Exception, match=reference):
            await secrets.read(reference)
    assert [change.configured for change in changes] == [True, False]
    await service.close()
    await store.close()


async def test_a_key_that_cannot_be_read_is_said_to_be_unreadable(translating: Making) -> None:
    service = await translating(ProviderConfig("deepl", secret="env:ABSENT"))
    with pytest.raises(KeyUnreadError):
        await service.translate(JOB)
    assert (await service.status()).problem is not None


async def test_another_kind_of_provider_is_off_until_it_is_enabled(translating: Making) -> None:
    assert [manifest.kind for manifest in built_in().manifests()] == ["deepl", "openai", "libretranslate"]
    assert installed() == ()
    assert enable(built_in(), ("absent",)) == ("absent",)
    service = await translating(ProviderConfig("absent"))
    with pytest.raises(base.WrongSettingError):
        await service.translate(JOB)


class Foreign:
    """A provider of somebody else's package, which breaks its promises."""

    manifest = TranslatorManifest("foreign", "Foreign", lazy(N_("x")), (Field("server", lazy(N_("Server"))),))
    host = "foreign.example:443"

    def __init__(self, answer: object) -> None:
        self._answer = answer

    async def translate(self, request: TranslationRequest) -> TranslationAnswer:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer  # type: ignore[return-value]

    async def usage(self) -> Usage:
        raise ZeroDivisionError

    async def check(self) -> tuple[str, ...]:
        return ()

    async def close(self) -> None:
        """Nothing."""


@pytest.mark.parametrize(
    "answer",
    [
        ValueError("secret text"),
        KeyError(),
        TranslationAnswer(()),
        TranslationAnswer(("a", "b")),
        TranslationAnswer((" ",)),
    ],
)
async def test_a_foreign_provider_cannot_break_the_desk(
    answer: object, tmp_path: Path, settings: Settings, client: Client
) -> None:
    registry = Registry()
    registry.add(Foreign.manifest, lambda *_: Foreign(answer))
    settings.change(translator=ProviderConfig("foreign"))
    service, store = await _service(tmp_path, settings, Secrets({}), client, registry)
    with pytest.raises(base.TranslatorError) as raised:
        await service.translate(JOB)
    assert "secret text" not in str(raised.value)
    with pytest.raises(base.TranslatorError):
        await service.spent(ask=True)
    assert not (await service.status()).local
    await service.close()
    await store.close()


def test_the_people_of_a_conversation_are_known() -> None:
    def message(name: str, handle: str, **more: Any) -> Message:
        return Message(1, 1, "1", MessageKind.POST, Author("m", handle, handle, name), "x", 1, 1, **more)

    thread = (message("Maria Gonzalez", "maria@social.example"), message("Acme", "acme", own=True), message("", "@bo"))
    assert names_of(thread, "Kim", " ") == ("Maria Gonzalez", "maria", "bo", "Kim")
    unnamed = (message("", "olena_k.petrenko85@a.example"), message("", "JoSmithson"))
    assert names_of(unnamed) == ("olena_k.petrenko85", "olena", "petrenko", "JoSmithson", "Smithson")
