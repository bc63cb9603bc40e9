"""Asking a provider over HTTP: one limiter for each account, time-outs, caps, typed errors, masks in another form."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from workstation.domain.channels import Field, FieldKind, RateHint
from workstation.domain.errors import ChannelError, ConfigurationError, RateLimitedError, TransientError
from workstation.domain.messages import Micros
from workstation.domain.providers import ProviderConfig
from workstation.domain.text import N_, TextValue, lazy
from workstation.domain.translation import CLOSE, OPEN
from workstation.net.answers import retry_at
from workstation.net.asking import Asker, Clock, Dialect, utc_now
from workstation.net.client import Client, Request, Response
from workstation.net.errors import TooLargeError
from workstation.net.limits import Lane
from workstation.net.plain import one_line
from workstation.providers.base import (
    KeyRefusedError,
    LimitedError,
    RefusedError,
    TooMuchError,
    TranslatorError,
    UnreachableError,
    UnusableError,
    WrongSettingError,
)

CAP = 1 << 20
"""Bytes of an answer."""
SECONDS = 20.0
"""For a whole exchange: an agent waits for it."""
PATIENCE: Micros = 5_000_000
"""How long to wait for one's turn before people are told to wait."""
NOT_JSON = lazy(N_("it is not of the documented form"))
COUNT = lazy(N_("there are not as many translations as texts"))
TOO_LARGE = lazy(N_("it is too large"))
FAULT = N_("the server reports a fault (status {status})")
NOT_A_SERVER = lazy(N_("it is no address of a server"))

T = TypeVar("T")
_MASK = re.compile(rf"{OPEN}([A-Z])(\d+){CLOSE}")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#[xX][0-9a-fA-F]{1,5});")


class _Plain(Dialect):
    """One bucket for each account: providers count characters and questions together."""

    def bucket(self, request: Request) -> str:
        """Every question counts."""
        return "all"

    def rate(self, response: Response, now: Micros) -> RateHint | None:
        """What the headers of some tell is of tokens or of minutes, not of our questions."""
        return None


class Wire:
    """One account of a provider. `refused` tells what an answer that is not good means, in that provider's terms."""

    def __init__(
        self,
        client: Client,
        headers: Iterable[tuple[str, str]],
        *,
        seconds: float = SECONDS,
        insecure: bool = False,
        now: Clock = utc_now,
    ) -> None:
        self._asker = Asker(client, _Plain(), now)
        self._asker.patience = PATIENCE
        self._headers = (("Accept", "application/json"), *headers)
        self._seconds = seconds
        self._insecure = insecure

    async def get(self, url: str, refused: "Refused") -> Response:
        """The good answer to a question that sends no text."""
        return await self._ask(Request(url=url, headers=self._headers, **self._limits()), refused)

    async def post(self, url: str, body: bytes, refused: "Refused") -> Response:
        """The good answer to texts. Never redirected: nobody else is to get them."""
        headers = (*self._headers, ("Content-Type", "application/json"))
        request = Request(method="POST", url=url, headers=headers, body=body, **self._limits())
        return await self._ask(request, refused)

    def _limits(self) -> dict[str, Any]:
        return {
            "total": self._seconds,
            "read": self._seconds,
            "connect": min(8.0, self._seconds),
            "cap": CAP,
            "redirects": 0,
            "insecure": self._insecure,
        }

    async def _ask(self, request: Request, refused: "Refused") -> Response:
        try:
            response = await self._asker.raw(request, Lane.WRITE)
        except (ChannelError, ConfigurationError) as error:
            raise translated(error) from None
        if response.good:
            return response
        raise refused(response) or self._usual(response)

    def _usual(self, response: Response) -> TranslatorError:
        status = response.status
        if status == 429:
            return LimitedError(retry_at=retry_at(response, self._asker.now()))
        if status in {401, 403}:
            return KeyRefusedError()
        if status in {413, 414}:
            return TooMuchError()
        if status == 408 or status >= 500:
            return UnreachableError(why=lazy(FAULT, status=str(status)))
        return RefusedError(why=said(response) or str(status))

    async def close(self) -> None:
        """Stop the limiter's clock."""
        self._asker.close()


Refused = Callable[[Response], TranslatorError | None]
"""What an answer that is not good means with this provider; None: what it means everywhere."""


def translated(error: ChannelError | ConfigurationError) -> TranslatorError:
    """What an error of the wire means for a translation."""
    if isinstance(error, RateLimitedError):
        return LimitedError(retry_at=error.retry_at)
    if isinstance(error, ConfigurationError):
        return WrongSettingError(field="server", why=_reason(error))
    if isinstance(error, TooLargeError):
        return UnusableError(why=TOO_LARGE)
    if isinstance(error, TransientError):
        return UnreachableError(why=_reason(error))
    return UnusableError(why=_reason(error))


def _reason(error: ChannelError | ConfigurationError) -> TextValue:
    """Why, as the wire says it: a message id, translated where it is shown."""
    why = error.params.get("why") or error.params.get("where") or NOT_JSON
    return lazy(why) if isinstance(why, str) else why


class _Said(msgspec.Struct):
    message: Any = None
    error: Any = None
    detail: Any = None


def said(response: Response) -> str:
    """The provider's own reason, one harmless line; empty if it gives none."""
    try:
        found = msgspec.json.decode(response.body[:65_536], type=_Said)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return ""
    for value in (found.message, found.error, found.detail):
        text = value.get("message") if isinstance(value, dict) else value
        if isinstance(text, str) and text.strip():
            return one_line(text)
    return ""


def decoded(response: Response, kind: type[T]) -> T:
    """The entity in an answer; UnusableError."""
    try:
        return msgspec.json.decode(response.body, type=kind)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        raise UnusableError(why=NOT_JSON) from None


def carried(text: str, form: str) -> str:
    """The text with its masks in another form: `form` has ``{}`` for letter and number."""
    return _MASK.sub(lambda found: form.format(found[1] + found[2]), text)


def restored(text: str, form: re.Pattern[str]) -> str:
    """The text with masks as they were; the pattern's groups are letter and number."""
    return form.sub(lambda found: f"{OPEN}{found[1].upper()}{found[2]}{CLOSE}", text)


def unescaped(text: str, source: str) -> str:
    """The text without entities of HTML, which some servers leave behind; not where the source has some itself."""
    if "&" not in text or _ENTITY.search(source):
        return text
    # Imported when first used: most answers have none.
    from html import unescape

    return _ENTITY.sub(lambda found: unescape(found[0]), text)


def server(config: ProviderConfig, otherwise: str = "") -> str:
    """The address without a slash at its end; WrongSettingError."""
    address = (config.server or otherwise).strip().rstrip("/")
    try:
        parts = urlsplit(address)
        good = parts.scheme in {"http", "https"} and parts.hostname and not parts.query and not parts.fragment
        good = good and not parts.username and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good:
        raise WrongSettingError(field="server", why=NOT_A_SERVER)
    return address


INSECURE = Field(
    "insecure",
    lazy(N_("Permit a connection without encryption")),
    FieldKind.FLAG,
    help=lazy(N_("Everyone on the way can read the key and all texts. Never needed on the internet.")),
    advanced=True,
)
"""For servers in one's own network."""


def insecure(config: ProviderConfig) -> bool:
    """Whether plain http to another machine is permitted."""
    return config.settings.get("insecure", "").strip().lower() in {"1", "true", "yes"}


def host(address: str) -> str:
    """The machine of an address, as people are told."""
    parts = urlsplit(address)
    return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""


class Line(msgspec.Struct, frozen=True):
    """A line to be translated and what stands around it; an empty `text` has nothing to translate."""

    before: str
    text: str
    after: str


_WORDLESS = re.compile(rf"(?:{OPEN}[A-Z]\d+{CLOSE}|[\W_])*")


def lines(text: str) -> tuple[Line, ...]:
    """The lines of a text: translated one by one, no provider can run paragraphs together. Masks alone stay."""
    found = []
    for line in text.split("\n"):
        inner = line.strip()
        start = line.find(inner)
        whole = _WORDLESS.fullmatch(inner) is not None
        found.append(Line(line, "", "") if whole else Line(line[:start], inner, line[start + len(inner) :]))
    return tuple(found)


def joined(found: tuple[Line, ...], translations: Iterator[str]) -> str:
    """The text again, with the translations in place of its lines."""
    return "\n".join(
        line.before + (" ".join(next(translations).split("\n")).strip() if line.text else "") + line.after
        for line in found
    )


def batches(texts: Iterable[str], most: int, characters: int) -> Iterator[tuple[str, ...]]:
    """The texts in portions of at most `most` texts and `characters`; TooMuchError for one that is larger alone."""
    portion: list[str] = []
    size = 0
    for text in texts:
        if len(text) > characters:
            raise TooMuchError
        if portion and (len(portion) >= most or size + len(text) > characters):
            yield tuple(portion)
            portion, size = [], 0
        portion.append(text)
        size += len(text)
    if portion:
        yield tuple(portion)
