"""DeepL, version 2 of its API (https://developers.deepl.com/api-reference): XML, in which a mask is an empty tag."""

import re
from collections.abc import Mapping
from html import escape, unescape

import msgspec

from workstation.domain.channels import Field, FieldKind
from workstation.domain.messages import Micros
from workstation.domain.providers import ProviderConfig
from workstation.domain.templates import Formality
from workstation.domain.text import N_, lazy
from workstation.net.asking import utc_now
from workstation.net.client import Client, Response
from workstation.net.moments import moment
from workstation.providers.base import (
    KeyRefusedError,
    PairRefusedError,
    SpentError,
    TranslationAnswer,
    TranslationRequest,
    Translator,
    TranslatorError,
    TranslatorManifest,
    UnusableError,
    Usage,
    WrongSettingError,
)
from workstation.providers.wire import (
    COUNT,
    SECONDS,
    Wire,
    batches,
    carried,
    decoded,
    host,
    joined,
    lines,
    restored,
    said,
    server,
)

MANIFEST = TranslatorManifest(
    kind="deepl",
    title="DeepL",
    summary=lazy(N_("A service on the internet. Knows formal and informal address in many languages.")),
    fields=(
        Field(
            "secret",
            lazy(N_("Key")),
            FieldKind.SECRET,
            help=lazy(N_("Keys of the free plan end in “:fx”; that decides which server is asked.")),
            required=True,
        ),
        Field(
            "glossaries",
            lazy(N_("Glossaries at DeepL")),
            FieldKind.LIST,
            help=lazy(N_("One for each pair of languages, such as “en-de=ID”.")),
            placeholder="en-de=def3a26b-3e84-45b3-84ae-0c0aaf3525f7",
            advanced=True,
        ),
        Field(
            "server",
            lazy(N_("Server")),
            FieldKind.URL,
            help=lazy(N_("Empty: the one that the key belongs to.")),
            placeholder="https://api.deepl.com",
            advanced=True,
        ),
    ),
    documentation="https://developers.deepl.com/docs",
    formality=True,
    counts=True,
)

FREE, PAID = "https://api-free.deepl.com", "https://api.deepl.com"
TEXTS = 50
"""Texts of one request."""
CHARACTERS = 24_000
"""Of one request: it may have 128 KiB, and a character takes up to four bytes and more where it is escaped."""
_TAG = re.compile(r"<m\s+id\s*=\s*[\"']\s*([A-Za-z])(\d+)\s*[\"']\s*(?:/>|>\s*</m\s*>)")
_FORMALITY = {Formality.FORMAL: "prefer_more", Formality.INFORMAL: "prefer_less"}
_TARGETS = {"en": "EN-US", "pt": "PT-PT", "zh": "ZH-HANS", "zh-cn": "ZH-HANS", "zh-tw": "ZH-HANT", "zh-hk": "ZH-HANT"}
_REGIONS = {"en-us", "en-gb", "pt-br", "pt-pt", "zh-hans", "zh-hant", "es-419"}
"""Regions and scripts that are targets of their own; of all other languages only the name is known."""


class _Translation(msgspec.Struct):
    text: str
    detected_source_language: str = ""
    billed_characters: int = -1


class _Answer(msgspec.Struct):
    translations: list[_Translation]


class _Usage(msgspec.Struct):
    character_count: int = -1
    character_limit: int = -1
    end_time: str = ""


class _Language(msgspec.Struct):
    language: str


def create(config: ProviderConfig, secret: str, client: Client) -> Translator:
    """The provider with its key. WrongSettingError."""
    return DeepL(config, secret, client)


class DeepL:
    """One account. Texts are split into lines, so that none run together."""

    manifest = MANIFEST

    def __init__(self, config: ProviderConfig, secret: str, client: Client, *, seconds: float = SECONDS) -> None:
        if not secret:
            raise KeyRefusedError
        self._address = server(config, FREE if secret.endswith(":fx") else PAID)
        self._glossaries = _glossaries(config.settings.get("glossaries", ""))
        self.host = host(self._address)
        self._wire = Wire(client, (("Authorization", f"DeepL-Auth-Key {secret}"),), seconds=seconds)

    async def translate(self, request: TranslationRequest) -> TranslationAnswer:
        """See `Translator.translate`."""
        split = [lines(text) for text in request.texts]
        wanted = [line.text for found in split for line in found if line.text]
        answers: list[_Translation] = []
        for portion in batches([_out(text) for text in wanted], TEXTS, CHARACTERS):
            answers += await self._portion(portion, request)
        texts = iter([_back(answer.text) for answer in answers])
        cost = sum(
            answer.billed_characters if answer.billed_characters >= 0 else len(text)
            for answer, text in zip(answers, wanted, strict=True)
        )
        detected = next((answer.detected_source_language for answer in answers if answer.detected_source_language), "")
        return TranslationAnswer(tuple(joined(found, texts) for found in split), cost, detected.lower()[:8])

    async def _portion(self, texts: tuple[str, ...], request: TranslationRequest) -> list[_Translation]:
        pair = request.pair
        body: dict[str, object] = {
            "text": texts,
            "target_lang": target_code(pair.target),
            "tag_handling": "xml",
            "split_sentences": "nonewlines",
            "preserve_formatting": True,
            "show_billed_characters": True,
        }
        if pair.source:
            body["source_lang"] = source_code(pair.source)
        if request.formality in _FORMALITY:
            # “prefer”: where a language has no formality, the request must not fail.
            body["formality"] = _FORMALITY[request.formality]
        glossary = self._glossaries.get((_primary(pair.source), _primary(pair.target)), "")
        if glossary and pair.source:
            body["glossary_id"] = glossary
        refused = _refused(pair.source, pair.target)
        response = await self._wire.post(f"{self._address}/v2/translate", msgspec.json.encode(body), refused)
        found = decoded(response, _Answer).translations
        if len(found) != len(texts):
            raise UnusableError(why=COUNT)
        return found

    async def usage(self) -> Usage:
        """What was used in the current period."""
        found = decoded(await self._wire.get(f"{self._address}/v2/usage", _refused("", "")), _Usage)
        return Usage(found.character_count, found.character_limit, _moment(found.end_time))

    async def check(self) -> tuple[str, ...]:
        """The languages it translates into."""
        response = await self._wire.get(f"{self._address}/v2/languages?type=target", _refused("", ""))
        return tuple(_tag(found.language) for found in decoded(response, list[_Language])[:500])

    async def close(self) -> None:
        """See `Translator.close`."""
        await self._wire.close()


def _out(text: str) -> str:
    return carried(escape(text, quote=False), '<m id="{}"/>')


def _back(text: str) -> str:
    # Masks first: what an escaped text says is text, not a tag.
    return unescape(restored(text, _TAG))


def _refused(source: str, target: str) -> "_Refusal":
    return _Refusal(source, target)


class _Refusal(msgspec.Struct, frozen=True):
    """What a status means: 456 is DeepL's own."""

    source: str
    target: str

    def __call__(self, response: Response) -> TranslatorError | None:
        if response.status == 456:
            return SpentError()
        reason = said(response)
        if response.status == 400 and ("target_lang" in reason or "source_lang" in reason):
            return PairRefusedError(source=self.source, target=self.target)
        if response.status in {400, 404} and "glossary" in reason.lower():
            return WrongSettingError(field="glossaries", why=reason)
        return None


def _primary(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()


def source_code(tag: str) -> str:
    """A language as DeepL names sources: without region or script."""
    primary = _primary(tag)
    return "NB" if primary == "no" else primary.upper()


def target_code(tag: str) -> str:
    """A language as DeepL names targets, such as EN-GB or ZH-HANT."""
    lower = tag.replace("_", "-").lower()
    if lower in _REGIONS:
        return lower.upper()
    if lower in _TARGETS:
        return _TARGETS[lower]
    for known in ("zh-hant", "zh-hans"):
        if lower.startswith(known):
            return known.upper()
    primary = _primary(tag)
    if primary == "es" and lower not in {"es", "es-es"}:
        return "ES-419"
    return _TARGETS.get(primary) or source_code(tag)


def _tag(code: str) -> str:
    primary, _, rest = code.partition("-")
    rest = rest.title() if len(rest) == 4 else rest.upper()
    return f"{primary.lower()}-{rest}" if rest else primary.lower()


def _moment(text: str) -> Micros:
    return moment(text, utc_now()) if text else 0


def _glossaries(text: str) -> Mapping[tuple[str, str], str]:
    """Glossaries by pair from “en-de=ID, en-fr=ID”; WrongSettingError."""
    found: dict[tuple[str, str], str] = {}
    for item in filter(None, (part.strip() for part in text.split(","))):
        pair, _, name = item.partition("=")
        source, _, target = pair.strip().partition("-")
        if not (source and target and re.fullmatch(r"[0-9a-fA-F\-]{8,64}", name.strip())):
            raise WrongSettingError(field="glossaries", why=lazy(N_("“{item}” is not like “en-de=ID”"), item=item[:60]))
        found[source.lower(), _primary(target)] = name.strip()
    return found
