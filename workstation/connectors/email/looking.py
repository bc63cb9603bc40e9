"""Mails that are asked for again: a thread, a writer's mails, single mails as they are now, files, older pages."""

from collections.abc import Iterable

from workstation.connectors.base import FILE_CAP, Earlier
from workstation.connectors.email.directory import Spot
from workstation.connectors.email.fetching import SMALL, Found, mails, overviews, piece
from workstation.connectors.email.files import part_of, unpacked
from workstation.connectors.email.imap.answers import number
from workstation.connectors.email.imap.connection import Imap
from workstation.connectors.email.imap.searches import searched
from workstation.connectors.email.imap.words import command, string
from workstation.connectors.email.incoming import PICTURES, THUMBNAIL_CAP, Letter, Teller, named_file
from workstation.connectors.email.session import Worker, opened
from workstation.connectors.email.whereabouts import Whereabouts, having
from workstation.domain.errors import GoneError, InvalidError, PermissionDeniedError
from workstation.domain.messages import Batch, Deletion, IncomingMessage, Micros, Reject
from workstation.domain.text import N_
from workstation.net.errors import TooLargeError

THREAD, HISTORY, REFRESH = "thread", "history", "refresh"
MOST = 100
OF_WRITER = 40
PAGE = 50
NOT_NAMED = N_("no message of this channel names this address")
NO_PICTURE = N_("it is no picture")
UNREADABLE = "protocol_changed"


class Looking:
    """Reads of one account that do not come by themselves."""

    def __init__(self, worker: Worker, whereabouts: Whereabouts, teller: Teller, read: tuple[str, ...]) -> None:
        self._worker, self._whereabouts, self._teller, self._read = worker, whereabouts, teller, read

    async def thread(self, remote_id: str) -> Batch:
        """See Channel.thread."""
        letter = await self._whereabouts.letter(remote_id)
        if letter is None:
            return Batch(THREAD, deletions=(Deletion(remote_id),))
        chain = [*letter.mail.references[:1], *letter.mail.references[-3:], letter.mail.in_reply_to]
        wanted = [item for item in dict.fromkeys((*chain, letter.mail.message_id)) if item][:6]
        found = {remote_id: self._teller.message(letter)}
        for name in self._whereabouts.near():
            async with self._worker.connection() as imap:
                if not await self._open(imap, name):
                    continue
                hits: set[int] = set()
                for item in wanted:
                    for field in ("REFERENCES", "IN-REPLY-TO", "MESSAGE-ID"):
                        hits.update((await having(imap, field, item))[:MOST])
                for message in self._messages(imap, await mails(imap, sorted(hits)[-MOST:])):
                    found.setdefault(message.remote_id, message)
        return Batch(THREAD, tuple(found.values()))

    async def history(self, account: str) -> Batch:
        """See Channel.history."""
        found: dict[str, IncomingMessage] = {}
        for name in self._whereabouts.near():
            async with self._worker.connection() as imap:
                if not await self._open(imap, name):
                    continue
                charset = () if account.isascii() else ("CHARSET UTF-8",)
                answer = await imap.run(command("UID SEARCH", *charset, "FROM", string(account)))
                hits = searched(answer.data)[-OF_WRITER:]
                for message in self._messages(imap, await mails(imap, hits)):
                    if message.author.remote_id == account:
                        found.setdefault(message.remote_id, message)
        latest = sorted(found.values(), key=lambda message: message.created_at)[-OF_WRITER:]
        return Batch(HISTORY, tuple(latest))

    async def refresh(self, remote_ids: tuple[str, ...]) -> Batch:
        """See Channel.refresh."""
        messages: list[IncomingMessage] = []
        deletions: list[Deletion] = []
        for remote_id in remote_ids:
            letter = await self._whereabouts.letter(remote_id)
            if letter is None:
                deletions.append(Deletion(remote_id))
            else:
                messages.append(self._teller.message(letter))
        return Batch(REFRESH, tuple(messages), tuple(deletions))

    async def earlier(self, source: str, position: str, oldest: str, until: Micros) -> Earlier:
        """See ReadsBack: `position` is the validity and the number below which to go on."""
        name = source.removeprefix("folder:")
        if name not in self._read:
            return Earlier((), "", 0, more=False)
        start = await self._start(name, position, oldest)
        async with self._worker.folder(name) as imap:
            validity = imap.selected.validity if imap.selected else 0
            below = start.uid if start is not None and start.validity == validity else 0
            answer = await imap.run(command("UID SEARCH", f"UID 1:{below - 1}" if below > 1 else "ALL"))
            numbers = searched(answer.data) if below != 1 else []
            page = numbers[-PAGE:]
            letters = await mails(imap, page)
            batch = self._batch(imap, source, letters)
        reached = min((message.created_at for message in batch.messages), default=0)
        more = len(numbers) > len(page) and not 0 < reached <= until
        return Earlier((batch,), f"{validity}:{page[0] if page else 1}", reached, more=more)

    async def _start(self, name: str, position: str, oldest: str) -> Spot | None:
        validity, _, uid = position.partition(":")
        if number(validity) and number(uid):
            return Spot(name, number(validity), number(uid))
        spot = await self._whereabouts.spot(oldest, everywhere=False) if oldest else None
        return spot if spot is not None and spot.folder == name else None

    def _batch(self, imap: Imap, source: str, found: Iterable[Found]) -> Batch:
        known = list(found)
        rejects = tuple(Reject(UNREADABLE, f"{source}: {item.why}", item.size) for item in known if item.mail is None)
        return Batch(source, tuple(self._messages(imap, known)), (), rejects, history=True)

    def _messages(self, imap: Imap, found: Iterable[Found]) -> list[IncomingMessage]:
        if imap.selected is None:
            return []
        name, validity = imap.selected.name, imap.selected.validity
        role = self._whereabouts.folders.role(name)
        return [
            self._teller.message(Letter(item.mail, Spot(name, validity, item.uid), role, item.flags, item.at))
            for item in found
            if item.mail is not None
        ]

    async def _open(self, imap: Imap, name: str) -> bool:
        try:
            await opened(imap, name)
        except (GoneError, InvalidError):
            return False
        return True

    async def media(self, url: str) -> bytes:
        """See Channel.media: pictures only."""
        kind, content = await self._fetched(url, THUMBNAIL_CAP)
        if kind not in PICTURES:
            raise InvalidError(why=NO_PICTURE)
        return content

    async def file(self, url: str) -> bytes:
        """See HandsOverFiles."""
        return (await self._fetched(url, FILE_CAP))[1]

    async def _fetched(self, url: str, cap: int) -> tuple[str, bytes]:
        """The type and the bytes of an attachment: out of the whole mail where it is small, else the part alone."""
        meant = named_file(url)
        if meant is None:
            raise PermissionDeniedError(why=NOT_NAMED)
        remote_id, section = meant
        spot = await self._whereabouts.spot(remote_id)
        if spot is None:
            raise GoneError
        async with self._worker.folder(spot.folder) as imap:
            known = await overviews(imap, (spot.uid,))
            if not known:
                raise GoneError
            if known[0].size <= SMALL:
                kind, content = part_of(await piece(imap, spot.uid, "", SMALL), section)
            else:
                fields = await piece(imap, spot.uid, f"{section}.MIME", 64 << 10)
                raw = await piece(imap, spot.uid, section, cap * 3 // 2)
                kind, content = unpacked(fields, raw)
        if len(content) > cap:
            raise TooLargeError(cap)
        return kind, content
