"""LibreTranslate (https://docs.libretranslate.com): one's own server or a hosted one; masks are ASCII there.

Its models write unusual signs anew, so a mask is ``[N1]``: every digit of the text itself is inside a mask already,
so that nothing else can look like one.
"""

import contextlib
import re

import msgspec

from workstation.domain.channels import Field, FieldKind
from workstation.domain.providers import ProviderConfig
from workstation.domain.text import N_, lazy
from workstation.net.client import Client, Response
from workstation.providers.base import (
    KeyRefusedError,
    PairRefusedError,
    RefusedError,
    TooMuchError,
    TranslationAnswer,
    TranslationRequest,
    Translator,
    TranslatorError,
    TranslatorManifest,
    UnusableError,
    Usage,
)
from workstation.providers.wire import (
    COUNT,
    INSECURE,
    SECONDS,
    Wire,
    batches,
    carried,
    decoded,
    host,
    insecure,
    joined,
    lines,
    restored,
    said,
    server,
    unescaped,
)

MANIFEST = TranslatorManifest(
    kind="libretranslate",
    title="LibreTranslate",
    summary=lazy(N_("Free software that can run on your own machine; then nothing leaves it.")),
    fields=(
        Field(
            "server",
            lazy(N_("Server")),
            FieldKind.URL,
            required=True,
            placeholder="http://localhost:5000",
        ),
        Field(
            "secret",
            lazy(N_("Key")),
            FieldKind.SECRET,
            help=lazy(N_("Only where the server asks for one.")),
        ),
        INSECURE,
    ),
    documentation="https://docs.libretranslate.com",
)

TEXTS = 25
CHARACTERS = 4_000
"""Of one request; servers permit 5,000 as a rule."""
_MASK = re.compile(r"\[\s*([A-Za-z])\s*(\d+)\s*\]")
_LARGE = re.compile(r"exceeds (?:text|character) limit", re.IGNORECASE)
_PAIR = re.compile(r"is not (?:supported|available as a target)", re.IGNORECASE)
_NAMES = {
    "zh-hans": ("zh-Hans", "zh-CN", "zh"),
    "zh-hant": ("zh-Hant", "zh-TW", "zt"),
    "pt-br": ("pt-BR", "pb", "pt"),
    "nb": ("nb", "no"),
    "tl": ("tl", "fil"),
}


class _Answer(msgspec.Struct, rename="camel"):
    translated_text: str | list[str]


class _Language(msgspec.Struct):
    code: str
    targets: list[str] = []


def create(config: ProviderConfig, secret: str, client: Client) -> Translator:
    """The provider, with its key if it has one. WrongSettingError."""
    return LibreTranslate(config, secret, client)


class LibreTranslate:
    """One server. What it calls its languages is asked once."""

    manifest = MANIFEST

    def __init__(self, config: ProviderConfig, secret: str, client: Client, *, seconds: float = SECONDS) -> None:
        self._address = server(config)
        self._secret = secret
        self.host = host(self._address)
        self._wire = Wire(client, (), seconds=seconds, insecure=insecure(config))
        self._languages: dict[str, frozenset[str]] = {}
        self._batches = True

    async def translate(self, request: TranslationRequest) -> TranslationAnswer:
        """See `Translator.translate`."""
        source, target = await self._codes(request)
        split = [lines(text) for text in request.texts]
        wanted = [line.text for found in split for line in found if line.text]
        answers: list[str] = []
        for portion in batches(wanted, TEXTS, CHARACTERS):
            answers += await self._portion(portion, source, target, request)
        cleaned = iter([_back(unescaped(answer, text)) for answer, text in zip(answers, wanted, strict=True)])
        texts = tuple(joined(found, cleaned) for found in split)
        return TranslationAnswer(texts, sum(map(len, wanted)))

    async def _portion(
        self, texts: tuple[str, ...], source: str, target: str, request: TranslationRequest
    ) -> list[str]:
        if self._batches and len(texts) > 1:
            try:
                return await self._ask(texts, source, target, request)
            except (RefusedError, TooMuchError, UnusableError):
                self._batches = False  # an old server, or one whose owner permits single texts only
        return [answer for text in texts for answer in await self._ask((text,), source, target, request)]

    async def _ask(self, texts: tuple[str, ...], source: str, target: str, request: TranslationRequest) -> list[str]:
        sent = [carried(text, "[{}]") for text in texts]
        body: dict[str, object] = {
            "q": sent if len(sent) > 1 else sent[0],
            "source": source,
            "target": target,
            "format": "text",
        }
        if self._secret:
            body["api_key"] = self._secret
        refusal = _Refusal(request.pair.source, request.pair.target)
        response = await self._wire.post(f"{self._address}/translate", msgspec.json.encode(body), refusal)
        found = decoded(response, _Answer).translated_text
        found = [found] if isinstance(found, str) else found
        if len(found) != len(texts):
            raise UnusableError(why=COUNT)
        return found

    async def _codes(self, request: TranslationRequest) -> tuple[str, str]:
        """What the server calls the two languages; PairRefusedError."""
        pair = request.pair
        if not self._languages:
            # Where the list cannot be had, the usual names are tried.
            with contextlib.suppress(RefusedError, UnusableError):
                await self.check()
        if not self._languages:
            return _usual(pair.source) or "auto", _usual(pair.target)
        source = "auto" if not pair.source else _known(pair.source, self._languages)
        targets = self._languages.get(source) or frozenset(self._languages)
        target = _known(pair.target, targets)
        if not source or not target:
            raise PairRefusedError(source=pair.source, target=pair.target)
        return source, target

    async def usage(self) -> Usage:
        """It does not say."""
        return Usage()

    async def check(self) -> tuple[str, ...]:
        """The languages it translates into."""
        response = await self._wire.get(f"{self._address}/languages", _Refusal("", ""))
        found = decoded(response, list[_Language])[:500]
        self._languages = {language.code: frozenset(language.targets) for language in found}
        return tuple(sorted({code for language in found for code in language.targets} or set(self._languages)))

    async def close(self) -> None:
        """See `Translator.close`."""
        await self._wire.close()


def _back(text: str) -> str:
    return restored(text, _MASK)


def _usual(tag: str) -> str:
    """What most servers call a language."""
    lower = tag.replace("_", "-").lower()
    traditional = lower.startswith("zh") and any(part in {"hant", "tw", "hk", "mo"} for part in lower.split("-"))
    return "zt" if traditional else lower.partition("-")[0]


def _known(tag: str, codes: "frozenset[str] | dict[str, frozenset[str]]") -> str:
    """The server's name of a language; empty if it has none."""
    lower = tag.replace("_", "-").lower()
    primary = lower.partition("-")[0]
    traditional = primary == "zh" and any(part in {"hant", "tw", "hk", "mo"} for part in lower.split("-"))
    key = ("zh-hant" if traditional else "zh-hans") if primary == "zh" else lower
    wanted = _NAMES.get(key, (lower, primary))
    by_lower = {code.lower(): code for code in codes}
    return next((by_lower[name.lower()] for name in wanted if name.lower() in by_lower), "")


class _Refusal(msgspec.Struct, frozen=True):
    """What a status means: a wrong key, a text that is too long and an unknown language are all told in words."""

    source: str
    target: str

    def __call__(self, response: Response) -> TranslatorError | None:
        reason = said(response)
        if response.status in {400, 403} and "api key" in reason.lower():
            return KeyRefusedError()
        if response.status == 400 and _LARGE.search(reason):
            return TooMuchError()
        if response.status == 400 and _PAIR.search(reason):
            return PairRefusedError(source=self.source, target=self.target)
        return None
