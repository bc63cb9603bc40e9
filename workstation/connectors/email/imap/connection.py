"""One signed-in IMAP connection: commands with their answers, and what the server tells without being asked."""

import asyncio
import base64
from collections import deque

import msgspec

from workstation.connectors.email.imap.answers import (
    Data,
    GoOn,
    Response,
    Status,
    number,
    ranges,
    response,
    text,
    words,
)
from workstation.connectors.email.imap.framing import Framer
from workstation.connectors.email.imap.refusals import refused, sign_in_refused
from workstation.connectors.email.imap.words import Command, Literal, command, mailbox, string
from workstation.connectors.email.settings import STARTED, Place
from workstation.connectors.email.wire import SILENCE, Wire
from workstation.domain.errors import ChannelError, ConfigurationError, ProtocolChangedError, TransientError
from workstation.domain.text import N_
from workstation.net.errors import BROKEN_OFF

DATA_CAP = 200_000
"""Pieces of data in one answer."""
BYTES_CAP = 96 << 20
"""Bytes of one answer: the largest file, and what may come between."""
NO_STARTTLS = N_("the server offers no encryption (STARTTLS)")
NO_PLAIN = N_("the server does not accept a password; is a token (XOAUTH2) needed?")
NO_OAUTH = N_("the server does not accept tokens (XOAUTH2)")
SMALL_LITERAL = 4_096


class Answer(msgspec.Struct, frozen=True):
    """What a command brought."""

    status: Status
    data: list[Data]
    notes: list[Status]
    """Untagged OK and the like, whose codes tell something."""

    def code(self, name: str) -> str:
        """The arguments of a code that came, or empty."""
        return next((note.arguments for note in (*self.notes, self.status) if note.code == name), "")

    def named(self, name: str) -> list[Data]:
        """The data of a name."""
        return [item for item in self.data if item.name == name]


class Selected(msgspec.Struct, frozen=True):
    """A mailbox as it was when it was opened."""

    name: str
    writable: bool
    validity: int
    next: int
    modseq: int
    exists: int
    keywords: bool
    """Whether flags of our own making can be set."""
    vanished: tuple[tuple[int, int], ...] = ()
    changed: tuple[Data, ...] = ()


class Imap:
    """A connection. After any error, cancellation included, it is `broken` and only good for closing."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._framer = Framer()
        self._waiting: deque[Response] = deque()
        self._serial = 0
        self._taken = 0
        self.capabilities: frozenset[str] = frozenset()
        self.selected: Selected | None = None
        self.greeting = ""
        self.software = ""
        self.broken = False
        self.exists = 0
        self.news = False
        """The open mailbox has changed in some way since this was last set to False."""
        self.vanished: list[tuple[int, int]] = []
        self.shrunk = False
        """Something has gone from it, told by its place."""
        self.touched = False
        """Flags in it have changed."""

    @classmethod
    async def open(cls, place: Place, user: str, secret: str, *, oauth: bool) -> "Imap":
        """Connect, make safe, sign in."""
        made = cls(await Wire.open(place))
        try:
            await made._begin(place)
            await made._sign_in(user, secret, oauth=oauth)
        except BaseException:
            made.drop()
            raise
        return made

    async def _begin(self, place: Place) -> None:
        hello = await self._next(SILENCE)
        if not isinstance(hello, Status) or hello.tag != "*":
            raise ProtocolChangedError(where="imap greeting")
        if not hello.good:
            raise TransientError(why=hello.text or BROKEN_OFF)
        self.greeting = hello.text
        self._learn(hello)
        if not self.capabilities or place.safety == STARTED:
            await self.learn_capabilities()
        if place.safety == STARTED:
            if hello.word == "PREAUTH" or "STARTTLS" not in self.capabilities:
                raise ConfigurationError(field="server", why=NO_STARTTLS)
            await self.run(command("STARTTLS"))
            if self._waiting:
                raise ProtocolChangedError(where="imap STARTTLS")
            await self._wire.start_tls()
            self._framer = Framer()
            await self.learn_capabilities()

    async def _sign_in(self, user: str, secret: str, *, oauth: bool) -> None:
        self.capabilities, before = frozenset(), self.capabilities
        try:
            if oauth:
                if "AUTH=XOAUTH2" not in before:
                    raise ConfigurationError(field="auth", why=NO_OAUTH)
                await self._authenticate("XOAUTH2", f"user={user}\x01auth=Bearer {secret}\x01\x01", before)
            elif "AUTH=PLAIN" in before:
                await self._authenticate("PLAIN", f"\0{user}\0{secret}", before)
            elif "LOGINDISABLED" in before:
                raise ConfigurationError(field="auth", why=NO_PLAIN)
            else:
                await self.run(command("LOGIN", string(user), string(secret)))
        except _RefusedError as error:
            raise sign_in_refused(error.status) from None
        if not self.capabilities:
            await self.learn_capabilities()

    async def _authenticate(self, mechanism: str, initial: str, known: frozenset[str]) -> None:
        packed = base64.b64encode(initial.encode())
        if "SASL-IR" in known and len(packed) < SMALL_LITERAL:
            await self.run(command("AUTHENTICATE", mechanism, packed), replies=())
        else:
            await self.run(command("AUTHENTICATE", mechanism), replies=(packed,))

    async def learn_capabilities(self) -> None:
        """Ask what the server can do."""
        answer = await self.run(command("CAPABILITY"))
        for item in answer.named("CAPABILITY"):
            self.capabilities = frozenset(text(value).upper() for value in item.values)

    def can(self, name: str) -> bool:
        """Whether the server said that it can do this."""
        return name in self.capabilities

    async def run(self, given: Command, seconds: float = SILENCE, replies: tuple[bytes, ...] | None = None) -> Answer:
        """The good answer to a command; the error that any other one means.

        `seconds` bounds the silence between two pieces of it. `replies` go out one at each request to go on, then
        empty lines.
        """
        whole = True
        try:
            answer = await self._run(given, seconds, replies)
            whole = False
        finally:
            self.broken = self.broken or whole
        if answer.status.good:
            return answer
        first = given[0]
        name = first.split(b" ")[0].decode() if isinstance(first, bytes) else "imap"
        if name in {"LOGIN", "AUTHENTICATE"}:
            raise _RefusedError(answer.status)
        raise refused(answer.status, name)

    async def _run(self, given: Command, seconds: float, replies: tuple[bytes, ...] | None) -> Answer:
        if self.broken:
            raise TransientError(why=BROKEN_OFF)
        self._serial += 1
        self._taken = 0
        tag = f"m{self._serial}"
        data: list[Data] = []
        notes: list[Status] = []
        ended = await self._write(tag, given, data, notes, seconds)
        answers = list(replies or ())
        while ended is None:
            found = await self._next(seconds)
            if isinstance(found, GoOn):
                if replies is None:
                    raise ProtocolChangedError(where="imap")
                await self._wire.write((answers.pop(0) if answers else b"") + b"\r\n")
                continue
            ended = self._heard(found, tag, data, notes)
        return Answer(ended, data, notes)

    async def _write(
        self, tag: str, given: Command, data: list[Data], notes: list[Status], seconds: float
    ) -> Status | None:
        """Send a command; the status if the server ends it before it is whole."""
        pending = bytearray(f"{tag} ".encode())
        for piece in given:
            if not isinstance(piece, Literal):
                pending += piece
                continue
            size = len(piece.content)
            at_once = self.can("LITERAL+") or (self.can("LITERAL-") and size <= SMALL_LITERAL)
            pending += f"{{{size}{'+' if at_once else ''}}}\r\n".encode()
            if not at_once:
                await self._wire.write(bytes(pending))
                pending.clear()
                while not isinstance(found := await self._next(seconds), GoOn):
                    ended = self._heard(found, tag, data, notes)
                    if ended is not None:
                        return ended
            pending += piece.content
        await self._wire.write(bytes(pending) + b"\r\n")
        return None

    async def _next(self, seconds: float) -> Response:
        while not self._waiting:
            piece = await self._wire.read(seconds)
            self._taken += len(piece)
            if self._taken > BYTES_CAP:
                raise ProtocolChangedError(where="imap")
            self._waiting.extend(response(frame) for frame in self._framer.feed(piece))
        return self._waiting.popleft()

    def _heard(self, found: Response, tag: str, data: list[Data], notes: list[Status]) -> Status | None:
        """Take note of a response; the status if it ends the command."""
        if isinstance(found, Status):
            self._learn(found)
            if found.tag == tag:
                return found
            if found.tag != "*":
                raise ProtocolChangedError(where="imap")
            if found.word == "BYE" and not any(note.word == "BYE" for note in notes):
                self.broken = True
                raise TransientError(why=found.text or BROKEN_OFF)
            notes.append(found)
        elif isinstance(found, Data):
            self._noticed(found)
            data.append(found)
            if len(data) > DATA_CAP:
                raise ProtocolChangedError(where="imap")
        return None

    def _learn(self, status: Status) -> None:
        if status.code == "CAPABILITY" and (status.tag == "*" or status.good):
            self.capabilities = frozenset(status.arguments.upper().split())

    def _noticed(self, data: Data) -> None:
        """What may come at any time and tells of the open mailbox."""
        if data.name == "EXISTS":
            self.news = self.news or data.number > self.exists
            self.exists = data.number
        elif data.name == "EXPUNGE":
            self.exists = max(0, self.exists - 1)
            self.news = self.shrunk = True
        elif data.name == "VANISHED":
            self.news = True
            if data.values and not isinstance(data.values[0], list):
                self.vanished += ranges(text(data.values[0]))
        elif data.name == "CAPABILITY":
            self.capabilities = frozenset(text(value).upper() for value in data.values)

    async def enable(self, name: str) -> bool:
        """Switch an extension on; whether it is."""
        if not self.can("ENABLE") or not self.can(name):
            return False
        answer = await self.run(command("ENABLE", name))
        told = {text(value).upper() for item in answer.named("ENABLED") for value in item.values}
        return name in told

    async def identify(self) -> None:
        """Learn what the server is called, where it tells."""
        if not self.can("ID"):
            return
        answer = await self.run(command("ID", '("name" "Meridian")'))
        for item in answer.named("ID"):
            values = item.values[0] if item.values else None
            if isinstance(values, list):
                told = {text(k).lower(): text(v) for k, v in zip(values[::2], values[1::2], strict=False)}
                self.software = " ".join(part for part in (told.get("name", ""), told.get("version", "")) if part)

    async def select(self, name: str, *, write: bool = False, known: tuple[int, int, str] | None = None) -> Selected:
        """Open a mailbox. `known` (validity, modseq, numbers) asks what changed since, once QRESYNC is enabled."""
        words_ = [mailbox(name)]
        if known is not None:
            validity, modseq, numbers = known
            words_.append(f"(QRESYNC ({validity} {modseq} {numbers}))".encode())
        elif self.can("CONDSTORE"):
            words_.append(b"(CONDSTORE)")
        self.selected, self.exists, self.news, self.vanished = None, 0, False, []
        answer = await self.run(command("SELECT" if write else "EXAMINE", *words_))
        permanent = next((note.arguments for note in answer.notes if note.code == "PERMANENTFLAGS"), "")
        vanished: list[tuple[int, int]] = []
        for item in answer.named("VANISHED"):
            vanished += ranges(text(item.values[-1]) if item.values else "")
        self.selected = Selected(
            name,
            write and answer.status.code != "READ-ONLY",
            number(answer.code("UIDVALIDITY")),
            number(answer.code("UIDNEXT")),
            number(answer.code("HIGHESTMODSEQ")),
            self.exists,
            "\\*" in permanent,
            tuple(vanished),
            tuple(answer.named("FETCH")),
        )
        self.news = self.shrunk = self.touched = False
        self.vanished = []
        return self.selected

    async def idle(self, seconds: float) -> None:
        """Wait until the open mailbox has news, at most `seconds`."""
        whole = True
        try:
            await self._idle(seconds)
            whole = False
        finally:
            self.broken = self.broken or whole

    async def _idle(self, seconds: float) -> None:
        self._serial += 1
        self._taken = 0
        tag = f"m{self._serial}"
        data: list[Data] = []
        notes: list[Status] = []
        await self._wire.write(f"{tag} IDLE\r\n".encode())
        while not isinstance(found := await self._next(SILENCE), GoOn):
            if self._heard(found, tag, data, notes) is not None:
                raise ProtocolChangedError(where="imap IDLE")
        clock = asyncio.get_running_loop()
        until = clock.time() + seconds
        data.clear()
        while not self.news and not self.touched:
            left = until - clock.time()
            if left <= 0:
                break
            found_later = await self._within(left)
            if found_later is None:
                break
            if self._heard(found_later, tag, data, notes) is not None:
                raise ProtocolChangedError(where="imap IDLE")
            self.touched = self.touched or any(item.name == "FETCH" for item in data)
        await self._wire.write(b"DONE\r\n")
        while self._heard(await self._next(SILENCE), tag, data, notes) is None:
            continue
        self.touched = self.touched or any(item.name == "FETCH" for item in data)
        self.news = self.news or self.touched

    async def ask_for_news(self) -> None:
        """Let the server tell what has changed in the open mailbox."""
        answer = await self.run(command("NOOP"))
        self.touched = self.touched or bool(answer.named("FETCH"))
        self.news = self.news or self.touched

    async def _within(self, seconds: float) -> Response | None:
        """The next response, or None if nothing comes in that time."""
        try:
            async with asyncio.timeout(seconds):
                return await self._next(SILENCE + seconds)
        except TimeoutError:
            return None

    async def close(self) -> None:
        """Say goodbye and let go; never raises."""
        if not self.broken:
            try:
                async with asyncio.timeout(1.0):
                    await self._wire.write(b"bye LOGOUT\r\n")
            except (ChannelError, TimeoutError):
                pass
        self.broken = True
        await self._wire.close()

    def drop(self) -> None:
        """Let go at once."""
        self.broken = True
        self._wire.drop()


class _RefusedError(Exception):
    """The sign-in was refused."""

    def __init__(self, status: Status) -> None:
        super().__init__(status.code)
        self.status = status


__all__ = ["Answer", "Imap", "Selected", "words"]
