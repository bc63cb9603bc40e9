"""Translating by the provider that the team set up: masked, counted, kept, verified, and shown while it leaves.

Nothing is sent anywhere while no provider is set up. Whatever goes wrong is a TranslatorError with a sentence for
people; nothing here ever touches a draft.
"""

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar

import msgspec

from workstation.domain.checks import compare
from workstation.domain.errors import SecretError
from workstation.domain.providers import ProviderConfig
from workstation.domain.tags import same_language
from workstation.domain.text import N_, lazy
from workstation.domain.translation import Masked, MaskFault, Provenance, Translated, unmask
from workstation.net.plain import harmless
from workstation.providers.base import (
    NotConfiguredError,
    SpentError,
    TranslationRequest,
    TranslatorError,
    UnreachableError,
    UnusableError,
    Usage,
)
from workstation.services.clock import Clock
from workstation.services.observers import Observers
from workstation.services.settings import Preferences, Settings
from workstation.services.translation_jobs import (
    Back,
    Job,
    KeyUnreadError,
    Leaving,
    MaskLostError,
    Spent,
    Status,
    Translation,
    has_words,
    is_local,
    masked_of,
)

if TYPE_CHECKING:
    from workstation.net.client import Client
    from workstation.providers.base import TranslationAnswer, Translator, TranslatorManifest
    from workstation.providers.registry import Registry
    from workstation.services.secrets import Secrets
    from workstation.store.translations import Translations

T = TypeVar("T")

SECONDS = 310.0
"""For any provider whatever: those of installed packages need not have a time-out of their own."""
GROWTH, GRACE = 4, 200
"""A translation has at most so many times the characters of its source, and so many more."""


class _Open(msgspec.Struct, frozen=True):
    """The provider in force, opened."""

    config: ProviderConfig
    translator: "Translator"

    @property
    def name(self) -> str:
        """Under which usage is counted."""
        return f"{self.config.kind}@{self.translator.host}"


class Translating:
    """Translates by the provider in the settings."""

    def __init__(
        self,
        settings: Settings,
        secrets: "Secrets",
        client: "Client",
        store: "Translations",
        clock: Clock,
        registry: "Registry | None" = None,
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._client = client
        self._store = store
        self._clock = clock
        self._registry = registry
        self._open: _Open | None = None
        self._opening = asyncio.Lock()
        self._affording = asyncio.Lock()
        self._asked: dict[str, int] = {}
        """Characters that are with a provider now and not yet counted."""
        self._leaving: Observers[Leaving] = Observers()
        self._changed: Observers[Status] = Observers()
        self._config = settings.now.translator
        self._end = settings.subscribe(self._settings_changed)

    # -- what is set up --------------------------------------------------------------------------------------------

    @property
    def configured(self) -> bool:
        """Whether there is a provider. While there is none, nothing here opens a connection."""
        return self._config.configured

    @property
    def registry(self) -> "Registry":
        """The kinds of provider there are; loaded when first asked for."""
        if self._registry is None:
            from workstation.providers.registry import built_in, enable

            self._registry = built_in()
            enable(self._registry, self._settings.now.translators)
        return self._registry

    def manifests(self) -> "tuple[TranslatorManifest, ...]":
        """The kinds of provider, for the settings page."""
        return self.registry.manifests()

    async def status(self) -> Status:
        """The provider in force, opened but not asked."""
        if not self.configured:
            return Status()
        try:
            found = await self._opened()
        except TranslatorError as error:
            return Status(configured=True, kind=self._config.kind, title=self._config.kind, problem=error.text)
        translator = found.translator
        return Status(True, self._config.kind, translator.manifest.title, translator.host, is_local(translator.host))

    async def check(self, config: ProviderConfig, secret: str = "") -> tuple[str, ...]:
        """Ask a provider that is not yet in force whether it answers; the languages it names. No text is sent.

        `secret` is what was typed; without one the reference is read. TranslatorError.
        """
        translator = self.registry.create(config, secret or await self._secret(config), self._client)
        try:
            return await _bounded(translator.check())
        finally:
            await translator.close()

    async def configure(self, config: ProviderConfig, secret: str = "") -> bool:
        """Put a provider in force; `secret` is kept in the keychain. False: it is kept for this run only.

        TranslatorError where the configuration cannot be used; what was in force then stays.
        """
        given = secret.strip()
        probe = self.registry.create(config, given or await self._secret(config), self._client)
        await probe.close()
        before = self._settings.now.translator
        if given:
            reference = await self._secrets.keep(f"translator-{config.kind}", given)
            config = msgspec.structs.replace(config, secret=reference)
        self._settings.change(translator=config)
        if before.secret and before.secret != config.secret:
            await self._secrets.forget(before.secret)
        return not config.secret or self._secrets.is_lasting(config.secret)

    async def remove(self) -> None:
        """Have no provider any more; its key is forgotten, and what it answered."""
        before = self._settings.now.translator
        self._settings.change(translator=ProviderConfig())
        if before.secret:
            await self._secrets.forget(before.secret)
        await self._store.forget()

    def subscribe(self, callback: Callable[[Status], None]) -> Callable[[], None]:
        """Call `callback` when another provider, or none, is in force; its host is not known then."""
        return self._changed.subscribe(callback)

    def watch(self, callback: Callable[[Leaving], None]) -> Callable[[], None]:
        """Call `callback` before something is sent to a provider and when the answer is there; returns what ends it."""
        return self._leaving.subscribe(callback)

    # -- translating -----------------------------------------------------------------------------------------------

    def preview(self, job: Job) -> str:
        """What would be sent, exactly."""
        return masked_of(job).text

    async def translate(self, job: Job) -> Translation:
        """The translation of a text, verified; TranslatorError says why there is none.

        MaskLostError: the provider answered, but lost or changed what must not change.
        """
        if not self.configured:
            raise NotConfiguredError
        masked = masked_of(job)
        if same_language(job.pair.source, job.pair.target) or not has_words(masked):
            return Translation(Translated(job.text, Provenance.HUMAN), kept=True)
        found = await self._opened()
        key = _key(found, masked.text, job)
        before = (await self._store.known((key,))).get(key)
        if before is not None:
            text = unmask(before, masked.kept)
            if isinstance(text, str):
                return self._done(job, found, text, 0, kept=True)
        answer = await self._ask(found, masked, job)
        returned = harmless(answer.texts[0])
        text = unmask(returned, masked.kept)
        if isinstance(text, MaskFault):
            raise MaskLostError(fault=text.text)
        await self._store.keep(found.name, {key: returned})
        return self._done(job, found, text, answer.cost, detected=answer.detected)

    async def back(self, source: str, job: Job) -> Back:
        """Translate a target (the job's text, its pair turned round) back, and say how like the source that is."""
        from workstation.services.back_translation import similarity

        found = await self.translate(job)
        return Back(found.translated.text, similarity(source, found.translated.text))

    def _done(
        self, job: Job, found: _Open, text: str, cost: int, *, kept: bool = False, detected: str = ""
    ) -> Translation:
        findings = compare(
            job.text, text, job.terms, job.glossary, pair=job.pair, formality=job.formality, template=True
        )
        translated = Translated(text, Provenance.MACHINE, found.config.kind, cost)
        return Translation(translated, findings, detected, kept)

    async def _ask(self, found: _Open, masked: Masked, job: Job) -> "TranslationAnswer":
        await self._reserve(found, len(masked.text))
        request = TranslationRequest((masked.text,), job.pair, job.formality, job.glossary)
        host = found.translator.host
        leaving = Leaving(host, found.translator.manifest.title, is_local(host), request.texts, True)
        self._leaving.tell(leaving)
        try:
            answer = await _bounded(found.translator.translate(request))
        finally:
            self._leaving.tell(msgspec.structs.replace(leaving, under_way=False))
            # Counted whether or not an answer came: it may have been charged.
            await asyncio.shield(self._count(found, len(masked.text)))
        if len(answer.texts) != 1 or not answer.texts[0].strip():
            raise UnusableError(why=lazy(N_("it is empty")))
        if len(answer.texts[0]) > GROWTH * len(masked.text) + GRACE:
            raise UnusableError(why=lazy(N_("it is far longer than the text")))
        return answer

    async def _reserve(self, found: _Open, characters: int) -> None:
        """Take the characters from what may be sent this month; what others are asking at the moment is taken too."""
        limit = found.config.settings.get("monthly_limit", "").strip()
        async with self._affording:
            under_way = self._asked.get(found.name, 0)
            if limit.isdecimal() and int(limit) > 0:
                spent, _requests = await self._month(found)
                if spent + under_way + characters > int(limit):
                    raise SpentError
            self._asked[found.name] = under_way + characters

    async def _count(self, found: _Open, characters: int) -> None:
        async with self._affording:
            try:
                await self._store.spent(found.name, characters)
            finally:
                self._asked[found.name] -= characters

    async def spent(self, *, ask: bool = False) -> Spent:
        """What was sent this month; `ask`: and what the provider says of its quota, which sends no text."""
        if not self.configured:
            return Spent(0, 0)
        found = await self._opened()
        characters, requests = await self._month(found)
        usage = await _bounded(found.translator.usage()) if ask else Usage()
        return Spent(characters, requests, usage)

    async def _month(self, found: _Open) -> tuple[int, int]:
        return await self._store.since(found.name, _first_of_month(self._clock.now()))

    # -- the provider ----------------------------------------------------------------------------------------------

    async def _opened(self) -> _Open:
        async with self._opening:
            config = self._config
            if not config.configured:
                raise NotConfiguredError
            if self._open is not None and self._open.config == config:
                return self._open
            await self._let_go()
            translator = self.registry.create(config, await self._secret(config), self._client)
            self._open = _Open(config, translator)
            return self._open

    async def _secret(self, config: ProviderConfig) -> str:
        if not config.secret:
            return ""
        try:
            return await self._secrets.read(config.secret)
        except SecretError as error:
            raise KeyUnreadError(why=error.text) from None

    async def _let_go(self) -> None:
        found, self._open = self._open, None
        if found is not None:
            await found.translator.close()

    def _settings_changed(self, preferences: Preferences) -> None:
        if preferences.translator != self._config:
            self._config = preferences.translator
            config = self._config
            self._changed.tell(Status(config.configured, config.kind, config.kind))

    async def close(self) -> None:
        """Let go of the provider."""
        self._end()
        async with self._opening:
            await self._let_go()


def _key(found: _Open, text: str, job: Job) -> bytes:
    """What tells one question from another: everything that the answer depends on, and nothing personal."""
    settings = sorted(found.config.settings.items())
    asked = (found.name, settings, job.pair, job.formality, job.glossary, text)
    return blake2b(msgspec.json.encode(asked), digest_size=16).digest()


def _first_of_month(now: int) -> int:
    from datetime import UTC, datetime

    moment = datetime.fromtimestamp(now / 1_000_000, UTC)
    return now // 86_400_000_000 - (moment.day - 1)


async def _bounded(work: Awaitable[T]) -> T:
    """The provider's answer within a time; whatever it raises becomes a TranslatorError."""
    try:
        async with asyncio.timeout(SECONDS):
            return await work
    except TranslatorError:
        raise
    except TimeoutError:
        raise UnreachableError(why=lazy(N_("the server did not answer in time"))) from None
    except Exception as error:
        raise UnusableError(why=type(error).__name__) from error
