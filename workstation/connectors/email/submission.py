"""Handing a mail in by SMTP, so that the end of it is always known for what it is.

Until the last dot leaves, nothing has been sent for certain; once it has left and no answer comes, it is ambiguous.
Libraries do not tell these two apart, which is why this one does it itself.
"""

import base64
import re
from collections.abc import Callable

import msgspec

from workstation.connectors.email.settings import STARTED, Place
from workstation.connectors.email.wire import SILENCE, Wire
from workstation.domain.errors import (
    AmbiguousError,
    AuthExpiredError,
    ChannelError,
    ConfigurationError,
    InvalidError,
    ProtocolChangedError,
    RateLimitedError,
    TooLongError,
    TransientError,
)
from workstation.domain.messages import Micros
from workstation.domain.text import N_
from workstation.net.plain import one_line

LINE_CAP = 4_096
ANSWER_CAP = 64 << 10
AFTER_DOT = 300.0
"""Seconds that RFC 5321 wants a client to wait for the answer to a whole mail."""
SECOND = 1_000_000
UNSAID = 60
LATER = re.compile(r"\b(?:in|after|for)\s+(\d{1,5})\s*(s|sec|m|min|h|hour)", re.IGNORECASE)
TOO_MUCH = re.compile(r"rate|too many|limit|throttl|slow down|try again|later|quota|grey", re.IGNORECASE)
NO_STARTTLS = N_("the server offers no encryption (STARTTLS)")
NO_OAUTH = N_("the server does not accept tokens (XOAUTH2)")
NO_FOREIGN = N_("the server takes no addresses with letters other than A to Z")
UNITS = {"s": 1, "m": 60, "h": 3_600}


class Reply(msgspec.Struct, frozen=True):
    """An answer: its code and its lines, as text for people."""

    code: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it on one line."""
        return one_line(" ".join(self.lines), 300)


class Offers(msgspec.Struct, frozen=True):
    """What a server says that it can do: the largest mail in bytes (0: not said), and the rest by name."""

    size: int = 0
    names: dict[str, str] = {}


class Submission:
    """One connection for one mail. `now` is asked for moments to try again."""

    def __init__(self, wire: Wire, now: Callable[[], Micros]) -> None:
        self._wire = wire
        self._now = now
        self._buffer = bytearray()
        self.offers = Offers()

    @classmethod
    async def open(
        cls, place: Place, domain: str, user: str, secret: str, *, oauth: bool, now: Callable[[], Micros]
    ) -> "Submission":
        """Connect, make safe, sign in where the server has a sign-in. Every error means: nothing was sent."""
        made = cls(await Wire.open(place), now)
        try:
            await made._begin(place, domain)
            await made._sign_in(user, secret, oauth=oauth)
        except BaseException:
            made.drop()
            raise
        return made

    async def _begin(self, place: Place, domain: str) -> None:
        self._good(await self._answer())
        await self._greet(domain)
        if place.safety == STARTED:
            if "STARTTLS" not in self.offers.names:
                raise ConfigurationError(field="smtp", why=NO_STARTTLS)
            self._good(await self._ask("STARTTLS"))
            if self._buffer:
                raise ProtocolChangedError(where="smtp STARTTLS")
            await self._wire.start_tls()
            await self._greet(domain)

    async def _greet(self, domain: str) -> None:
        # Not this machine's name: it is nobody's business, and often not even one.
        answer = await self._ask(f"EHLO {domain if domain.isascii() else 'localhost'}")
        if answer.code >= 500:
            self._good(await self._ask(f"HELO {domain if domain.isascii() else 'localhost'}"))
            return
        self._good(answer)
        names = {}
        for line in answer.lines[1:]:
            name, _, rest = line.strip().partition(" ")
            names[name.upper()] = rest.strip()
        size = names.get("SIZE", "")
        self.offers = Offers(int(size) if size.isdecimal() and len(size) < 13 else 0, names)

    async def _sign_in(self, user: str, secret: str, *, oauth: bool) -> None:
        told = self.offers.names.get("AUTH", self.offers.names.get("AUTH=LOGIN"))
        if told is None:
            return  # handed in without: the server knows whom it may trust
        ways = told.upper().split()
        if oauth:
            if "XOAUTH2" not in ways:
                raise ConfigurationError(field="auth", why=NO_OAUTH)
            await self._authenticate("XOAUTH2", f"user={user}\x01auth=Bearer {secret}\x01\x01")
        elif "PLAIN" in ways or "LOGIN" not in ways:
            await self._authenticate("PLAIN", f"\0{user}\0{secret}")
        else:
            await self._log_in(user, secret)

    async def _authenticate(self, mechanism: str, initial: str) -> None:
        answer = await self._ask(f"AUTH {mechanism} {_packed(initial)}")
        for _ in range(3):
            if answer.code != 334:
                break
            answer = await self._ask("")
        self._signed_in(answer)

    async def _log_in(self, user: str, secret: str) -> None:
        answer = await self._ask("AUTH LOGIN")
        for given in (user, secret):
            if answer.code != 334:
                break
            answer = await self._ask(_packed(given))
        self._signed_in(answer)

    def _signed_in(self, answer: Reply) -> None:
        if answer.code == 235:
            return
        if answer.code in {530, 534, 535, 538, 550, 554}:
            raise AuthExpiredError
        self._good(answer)
        raise ProtocolChangedError(where="smtp AUTH")

    async def send(self, sender: str, recipients: tuple[str, ...], raw: bytes) -> Reply:
        """Hand a mail in. AmbiguousError if no answer came after its end; every other error: it was not taken."""
        if self.offers.size and len(raw) > self.offers.size:
            raise TooLongError(used=len(raw), limit=self.offers.size, unit="bytes")
        options = f" SIZE={len(raw)}" if "SIZE" in self.offers.names else ""
        if not all(address.isascii() for address in (sender, *recipients)):
            if "SMTPUTF8" not in self.offers.names:
                raise InvalidError(why=NO_FOREIGN)
            options += " SMTPUTF8"
        self._good(await self._ask(f"MAIL FROM:<{sender}>{options}"))
        for recipient in recipients:
            self._good(await self._ask(f"RCPT TO:<{recipient}>"))
        answer = await self._ask("DATA")
        if answer.code != 354:
            self._good(answer)
            raise ProtocolChangedError(where="smtp DATA")
        await self._wire.write(stuffed(raw))
        return await self._ended()

    async def _ended(self) -> Reply:
        """Send the last dot: from here on a missing answer may mean anything."""
        try:
            await self._wire.write(b".\r\n")
            answer = await self._answer(AFTER_DOT)
        except ChannelError:
            raise AmbiguousError from None
        self._good(answer)
        return answer

    async def _ask(self, line: str) -> Reply:
        if "\r" in line or "\n" in line:
            raise InvalidError(why=one_line(line))
        await self._wire.write(line.encode("utf-8") + b"\r\n")
        return await self._answer()

    async def _answer(self, seconds: float = SILENCE) -> Reply:
        lines: list[str] = []
        while True:
            line = await self._line(seconds)
            if len(line) < 3 or not line[:3].isdigit() or line[3:4] not in (b"", b" ", b"-"):
                raise ProtocolChangedError(where="smtp")
            lines.append(line[4:].decode("utf-8", "replace"))
            if line[3:4] != b"-":
                return Reply(int(line[:3]), tuple(lines))
            if sum(map(len, lines)) > ANSWER_CAP or len(lines) > 500:
                raise ProtocolChangedError(where="smtp")

    async def _line(self, seconds: float) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > LINE_CAP:
                raise ProtocolChangedError(where="smtp")
            self._buffer += await self._wire.read(seconds)
        line = bytes(self._buffer[:end]).removesuffix(b"\r")
        del self._buffer[: end + 1]
        return line

    def _good(self, answer: Reply) -> None:
        if 200 <= answer.code < 400:
            return
        raise refused(answer, self._now())

    async def close(self) -> None:
        """Say goodbye and let go; never raises."""
        try:
            await self._wire.write(b"QUIT\r\n")
        except ChannelError:
            self._wire.drop()
            return
        await self._wire.close()

    def drop(self) -> None:
        """Let go at once."""
        self._wire.drop()


def refused(answer: Reply, now: Micros) -> ChannelError:
    """The error that a refusal means: none of them leaves anything sent."""
    text = answer.text
    if answer.code in {530, 535}:
        return AuthExpiredError()
    if 400 <= answer.code < 500:
        named = LATER.search(text)
        if named is not None:
            return RateLimitedError(retry_at=now + int(named[1]) * UNITS[named[2][0].lower()] * SECOND)
        if TOO_MUCH.search(text) or answer.code == 450:
            return RateLimitedError(retry_at=now + UNSAID * SECOND)
        return TransientError(why=text)
    return InvalidError(why=text or str(answer.code))


def stuffed(raw: bytes) -> bytes:
    """A mail as DATA wants it: whole lines, no line that is a dot alone."""
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines)


def _packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
