"""One mailbox as the desk sees it: joins the parts."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing

import msgspec

from workstation.connectors.base import Earlier, Opened, Report, Sent
from workstation.connectors.email.capabilities import capabilities
from workstation.connectors.email.directory import Directory
from workstation.connectors.email.folder import Folder
from workstation.connectors.email.imap.connection import Imap
from workstation.connectors.email.incoming import Role, Teller
from workstation.connectors.email.looking import Looking
from workstation.connectors.email.moving import Mover
from workstation.connectors.email.outbound import Outbound
from workstation.connectors.email.reading import RENEWED, Reading
from workstation.connectors.email.session import Folders, Session, Worker, folders
from workstation.connectors.email.settings import Settings, settings
from workstation.connectors.email.unkept import Unkept
from workstation.connectors.email.whereabouts import Whereabouts
from workstation.domain.channels import Account, ChannelConfig, Length, LengthUnit
from workstation.domain.errors import AuthExpiredError, ChannelError, ConfigurationError
from workstation.domain.messages import Batch, Cursor, Micros
from workstation.domain.outbox import Operation
from workstation.domain.text import N_, lazy
from workstation.net.asking import Clock, utc_now

NO_SUCH_FOLDER = N_("the mailbox has no folder “{folder}”")
GUESSED = N_("{server} was guessed and cannot be reached; enter the outgoing server")


class State(msgspec.Struct, frozen=True):
    """What opening found out."""

    folders: Folders
    read: tuple[str, ...]
    whereabouts: Whereabouts
    outbound: Outbound
    looking: Looking
    limit: int


class EmailChannel:
    """See `connectors.base.Channel`."""

    def __init__(self, config: ChannelConfig, secret: str, now: Clock = utc_now, renewed: float = RENEWED) -> None:
        self._config = config
        self._settings: Settings = settings(config, secret)
        self._session = Session(self._settings, secret, now)
        self._worker = Worker(self._session)
        self._teller = Teller(self._settings, Directory())
        self._nudge = asyncio.Event()
        self._renewed = renewed
        self._submitted = False
        self._unkept = Unkept()
        self._state: State | None = None

    async def open(self) -> Opened:
        """See Channel."""
        async with self._worker.connection() as imap:
            await imap.identify()
            found = await folders(imap)
            idle, resync = imap.can("IDLE"), imap.can("QRESYNC")
            server = _software(imap)
        read = self._read(found)
        size = await self._submission()
        can = capabilities(found, idle=idle, resync=resync, size=size, server=server)
        whereabouts = Whereabouts(self._worker, found, read, self._teller, self._session.now)
        mover = Mover(self._worker, whereabouts, self._teller, read[0])
        outbound = Outbound(self._session, self._worker, whereabouts, self._teller, mover, self._unkept, size)
        looking = Looking(self._worker, whereabouts, self._teller, read)
        self._state = State(found, read, whereabouts, outbound, looking, can.length_limit)
        address = self._settings.address
        return Opened(
            Account(address, address, self._settings.name or address),
            can,
            tuple(f"folder:{name}" for name in read),
            {f"folder:{name}": name for name in read},
        )

    def _read(self, found: Folders) -> tuple[str, ...]:
        """The folders that are read: those wanted, and the one of sent mail for what is sent elsewhere."""
        for name in self._settings.folders:
            if name not in found.names and name != "INBOX":
                raise ConfigurationError(field="folders", why=lazy(NO_SUCH_FOLDER, folder=name))
        sent = found.of(Role.SENT)
        return tuple(dict.fromkeys((*self._settings.folders, *((sent,) if sent else ()))))

    async def _submission(self) -> int:
        """The largest mail that can be handed in; 0 where that is not said, or not to be learnt for now."""
        try:
            smtp = await self._session.smtp()
        except AuthExpiredError:
            raise
        except ChannelError:  # mail can be read all the same; what is to be sent waits
            if self._settings.smtp_guessed and not self._submitted:
                why = lazy(GUESSED, server=self._settings.smtp.shown)
                raise ConfigurationError(field="smtp", why=why) from None
            return 0
        self._submitted = True
        await smtp.close()
        return smtp.offers.size

    def _opened(self) -> State:
        if self._state is None:
            raise RuntimeError("open the channel first")
        return self._state

    async def events(self, cursors: Mapping[str, Cursor], report: Report) -> AsyncIterator[Batch]:
        """See Channel."""
        state = self._opened()
        state.outbound.recall(cursors)
        read = [
            Folder(name, state.folders.role(name), self._teller, state.whereabouts, cursors.get(f"folder:{name}"))
            for name in state.read
        ]
        reading = Reading(
            self._session,
            read,
            report,
            self._config.id,
            self._nudge,
            self._settings.poll,
            self._renewed,
            state.outbound.keep_later,
        )
        async with aclosing(reading.run()) as batches:
            async for batch in batches:
                yield batch

    async def send(self, operation: Operation) -> Sent:
        """See Channel."""
        sent = await self._opened().outbound.send(operation)
        self._nudge.set()
        return sent

    async def find_sent(self, operation: Operation, since: Micros) -> Sent | None:
        """See Channel."""
        return await self._opened().outbound.find_sent(operation, since)

    async def thread(self, remote_id: str) -> Batch:
        """See Channel."""
        return await self._opened().looking.thread(remote_id)

    async def history(self, account: str) -> Batch:
        """See Channel."""
        return await self._opened().looking.history(account)

    async def refresh(self, remote_ids: tuple[str, ...]) -> Batch:
        """See Channel."""
        return await self._opened().looking.refresh(remote_ids)

    async def earlier(self, source: str, position: str, oldest: str, until: Micros) -> Earlier:
        """See ReadsBack."""
        return await self._opened().looking.earlier(source, position, oldest, until)

    async def media(self, url: str) -> bytes:
        """See Channel."""
        return await self._opened().looking.media(url)

    async def file(self, url: str) -> bytes:
        """See HandsOverFiles."""
        return await self._opened().looking.file(url)

    def measure(self, operation: Operation) -> Length:
        """See Channel."""
        return Length(len(operation.text.encode("utf-8", "replace")), self._opened().limit, LengthUnit.BYTES)

    async def close(self) -> None:
        """See Channel."""
        await self._worker.close()
        await self._session.close()

    def __repr__(self) -> str:
        return f"EmailChannel({self._config.id})"


def _software(imap: Imap) -> str:
    """What the server calls itself, as far as it tells."""
    if imap.software:
        return imap.software
    said = imap.greeting.replace(" ready.", "").replace(" ready", "").strip()
    return said[:60] or "IMAP"
