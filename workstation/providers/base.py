"""What every provider of translations offers, how it is configured, and what can go wrong with it.

Texts come here masked (`domain.translation`) and leave here masked; a provider may carry the masks in whatever form
survives best with it. Nothing that a provider answers is trusted: whoever asked verifies it.
"""

from typing import Protocol

import msgspec

from workstation.domain.channels import Field
from workstation.domain.checks import Wording
from workstation.domain.errors import MeridianError
from workstation.domain.messages import Micros
from workstation.domain.templates import Formality
from workstation.domain.text import N_, LazyText
from workstation.domain.translation import Pair

LONGEST = 20_000
"""Characters of one text."""
MOST = 200
"""Texts of one request."""


class TranslatorManifest(msgspec.Struct, frozen=True):
    """What a kind of provider is, before it is configured; `fields` are those of its form."""

    kind: str
    title: str
    summary: LazyText
    fields: tuple[Field, ...]
    documentation: str = ""
    formality: bool = False
    """Whether it can be told how to address the reader."""
    counts: bool = False
    """Whether it tells how much of its quota is used."""


class TranslationRequest(msgspec.Struct, frozen=True):
    """Masked texts to be translated. `glossary`: words with their translation, for providers that can be told."""

    texts: tuple[str, ...]
    pair: Pair
    formality: Formality = Formality.NEUTRAL
    glossary: tuple[Wording, ...] = ()


class TranslationAnswer(msgspec.Struct, frozen=True):
    """The translations in order, masked. `cost` in characters; `detected`: the source language it found, BCP 47."""

    texts: tuple[str, ...]
    cost: int = 0
    detected: str = ""


class Usage(msgspec.Struct, frozen=True):
    """What the provider says was used, in characters; -1 where it does not say. `resets_at` is 0 if unknown."""

    used: int = -1
    limit: int = -1
    resets_at: Micros = 0

    @property
    def known(self) -> bool:
        """Whether it says anything."""
        return self.used >= 0


class Translator(Protocol):
    """A configured provider. All methods raise TranslatorError types only."""

    manifest: TranslatorManifest
    host: str
    """The machine that texts are sent to, as people are told."""

    async def translate(self, request: TranslationRequest) -> TranslationAnswer:
        """Translations of all texts, as many as were asked for and in their order."""

    async def usage(self) -> Usage:
        """How much was used; nothing is translated and no text is sent."""

    async def check(self) -> tuple[str, ...]:
        """Whether it answers and the key is good; the languages it says it can translate into (BCP 47), or none."""

    async def close(self) -> None:
        """Let go of what it holds."""


class TranslatorError(MeridianError):
    """Base of what can go wrong between us and a provider; the draft stays as it was."""

    code = "translator"
    sentence = N_("The translation failed.")


class NotConfiguredError(TranslatorError):
    """There is no provider."""

    code = "translator_none"
    sentence = N_("No translation provider is set up.")


class WrongSettingError(TranslatorError):
    """A field of the provider's form is wrong."""

    code = "translator_setting"
    sentence = N_("The translation provider’s setting “{field}” is wrong: {why}")


class UnreachableError(TranslatorError):
    """No answer, or not in time; nothing is known of the text."""

    code = "translator_unreachable"
    sentence = N_("The translation provider cannot be reached: {why}")


class KeyRefusedError(TranslatorError):
    """The key is missing, wrong or expired."""

    code = "translator_key"
    sentence = N_("The translation provider refuses the key.")


class LimitedError(TranslatorError):
    """Too many requests for now; `retry_at` in microseconds UTC, 0 if not said."""

    code = "translator_limited"
    sentence = N_("The translation provider asks us to wait.")

    def __init__(self, *, retry_at: Micros = 0) -> None:
        super().__init__()
        self.retry_at = retry_at


class SpentError(TranslatorError):
    """The quota of the month or the limit of the account is used up."""

    code = "translator_spent"
    sentence = N_("The translation provider’s quota is used up.")


class PairRefusedError(TranslatorError):
    """It cannot translate from this language into that one."""

    code = "translator_pair"
    sentence = N_("The translation provider does not translate from {source} into {target}.")


class RefusedError(TranslatorError):
    """It refuses the request for another reason, in its own words."""

    code = "translator_refused"
    sentence = N_("The translation provider refused this: {why}")


class TooMuchError(TranslatorError):
    """The text is longer than the provider takes."""

    code = "translator_long"
    sentence = N_("The text is too long for the translation provider.")


class UnusableError(TranslatorError):
    """An answer in no form that we know, or not as many translations as texts."""

    code = "translator_answer"
    sentence = N_("The translation provider’s answer cannot be used: {why}")
