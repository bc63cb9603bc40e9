"""One folder as a source: what is new, what has gone, what was flagged, since its cursor.

A batch's cursor covers exactly what the batch holds, so that a connection that is lost at any byte costs nothing.
"""

from collections.abc import AsyncGenerator, Iterable

import msgspec

from workstation.connectors.email.directory import Spot
from workstation.connectors.email.fetching import Found, flags_of, mails
from workstation.connectors.email.imap.answers import Data, number, uid_set
from workstation.connectors.email.imap.connection import Imap, Selected
from workstation.connectors.email.imap.searches import compact, searched
from workstation.connectors.email.imap.words import command
from workstation.connectors.email.incoming import Letter, Role, Teller
from workstation.connectors.email.positions import Known, Position, position
from workstation.connectors.email.threads import forgotten
from workstation.connectors.email.whereabouts import Whereabouts
from workstation.domain.messages import Batch, Cursor, Deletion, IncomingMessage, Mark, Reject

PAGE = 50
UNREADABLE = "protocol_changed"
RECALLS = 3
AGAIN = 20
"""Pages that are read again at most where a folder's numbers have become void."""


class Folder:
    """Reads one folder over a connection that may be another one each time."""

    def __init__(self, name: str, role: Role, teller: Teller, whereabouts: Whereabouts, cursor: Cursor | None) -> None:
        self.name, self.role = name, role
        self.source = f"folder:{name}"
        self._teller, self._whereabouts = teller, whereabouts
        self._position = position(cursor)
        for known in self._position.known if self._position else ():
            validity = self._position.validity if self._position else 0
            teller.directory.learn(known.fingerprint, known.remote_id)
            teller.directory.place(known.remote_id, Spot(name, validity, known.uid))
            teller.directory.file(known.remote_id, known.branch or known.remote_id)
        self.lag = 0

    async def catch_up(self, imap: Imap, *, resync: bool) -> AsyncGenerator[Batch, None]:
        """Open the folder and tell everything since the cursor; without one, the latest page."""
        before = self._position
        known = None
        if resync and before is not None and before.validity and before.modseq and before.known:
            known = (before.validity, before.modseq, uid_set(item.uid for item in before.known))
        selected = await imap.select(self.name, known=known)
        if before is None:
            steps = self._begin(imap, selected)
        elif before.validity != selected.validity:
            steps = self._again(imap, selected)
        else:
            steps = self._since(imap, selected, resynced=known is not None)
        async for batch in steps:
            yield batch

    async def news(self, imap: Imap) -> AsyncGenerator[Batch, None]:
        """Tell what has changed in the open folder."""
        where = self._position
        if where is None or imap.selected is None:
            return
        imap.news = False
        vanished, imap.vanished = imap.vanished, []
        shrunk, imap.shrunk = imap.shrunk, False
        touched, imap.touched = imap.touched, False
        async for batch in self._new(imap, live=True):
            yield batch
        gone = {item.uid for item in where.known if _within(item.uid, vanished)}
        if shrunk:  # told by its place in the folder, not by its number
            gone |= await self._missing(imap)
        flags = await self._flags(imap) if touched else []
        async for batch in self._changed(imap, gone, flags):
            yield batch

    async def _begin(self, imap: Imap, selected: Selected) -> AsyncGenerator[Batch, None]:
        """The latest page of a folder that was never read."""
        found = await self._page(imap, selected.exists, PAGE)
        where = Position(selected.validity, max(selected.next, max(found, default=0) + 1), selected.modseq)
        self._position = where
        batch = self._told(await mails(imap, found), live=False)
        yield msgspec.structs.replace(batch, cursor=where.cursor())

    async def _page(self, imap: Imap, last: int, count: int) -> list[int]:
        """The numbers of mails by their places in the folder, the last of them at `last`."""
        if last < 1:
            return []
        answer = await imap.run(command("FETCH", f"{max(1, last - count + 1)}:{last}", "(UID)"))
        return sorted({uid for item in answer.named("FETCH") if (uid := _uid(item))})

    async def _again(self, imap: Imap, selected: Selected) -> AsyncGenerator[Batch, None]:
        """The folder's numbers are void: read backwards until nothing is new; ids tell what was here before."""
        before = self._position or Position()
        seen = {item.remote_id for item in before.known}
        where = Position(selected.validity, selected.next, selected.modseq)
        last = selected.exists
        pages: list[Batch] = []
        self._position = where
        for _ in range(AGAIN):
            numbers = await self._page(imap, last, PAGE)
            where.next = max(where.next, max(numbers, default=0) + 1)
            batch = self._told(await mails(imap, numbers), live=False)
            pages.append(batch)
            last -= PAGE
            if last < 1 or (seen and {item.remote_id for item in batch.messages} & seen):
                break
        for batch in reversed(pages[1:]):
            yield batch
        yield msgspec.structs.replace(pages[0], cursor=where.cursor())

    async def _since(self, imap: Imap, selected: Selected, *, resynced: bool) -> AsyncGenerator[Batch, None]:
        """What has come, gone and changed since the cursor."""
        where = self._position or Position()
        before = where.cursor()
        async for batch in self._new(imap, live=False):
            yield batch
        if resynced:
            gone = {item.uid for item in where.known if _within(item.uid, selected.vanished)}
            flags = list(selected.changed)
        else:
            gone = await self._missing(imap)
            flags = await self._flags(imap, since=where.modseq if selected.modseq else 0)
        where.modseq = selected.modseq or where.modseq
        async for batch in self._changed(imap, gone, flags):
            yield batch
        cursor = where.cursor()
        if cursor != before:
            yield Batch(self.source, cursor=cursor)

    async def _new(self, imap: Imap, *, live: bool) -> AsyncGenerator[Batch, None]:
        """Everything from the next number on, page by page."""
        where = self._position or Position()
        answer = await imap.run(command("UID SEARCH", *compact(imap.capabilities), f"UID {where.next}:*"))
        found = [uid for uid in searched(answer.data) if uid >= where.next]
        for start in range(0, len(found), PAGE):
            page = found[start : start + PAGE]
            letters = await mails(imap, page)
            await self._recall(letters)
            batch = self._told(letters, live=live)
            where.next = page[-1] + 1
            yield msgspec.structs.replace(batch, cursor=where.cursor())

    async def _recall(self, letters: Iterable[Found]) -> None:
        """Answers that name no mail: what they may go on with is looked up, a few of a page at most."""
        lost = [item.mail for item in letters if item.mail and forgotten(item.mail, self._teller.directory)]
        for mail in lost[:RECALLS]:
            await self._whereabouts.recall(mail)

    async def _missing(self, imap: Imap) -> set[int]:
        """Known numbers that are no longer there."""
        where = self._position
        if where is None or not where.known:
            return set()
        span = f"{where.known[0].uid}:{where.known[-1].uid}"
        answer = await imap.run(command("UID SEARCH", *compact(imap.capabilities), f"UID {span}"))
        return {item.uid for item in where.known} - set(searched(answer.data))

    async def _flags(self, imap: Imap, since: int = -1) -> list[Data]:
        """What the server tells of the known mails' flags, since a change sequence where it has one."""
        where = self._position
        if where is None or not where.known:
            return []
        since = where.modseq if since < 0 else since
        changed = (f"(CHANGEDSINCE {since})",) if since and imap.can("CONDSTORE") else ()
        span = f"{where.known[0].uid}:{where.known[-1].uid}"
        answer = await imap.run(command("UID FETCH", span, "(UID FLAGS)", *changed))
        return answer.named("FETCH")

    async def _changed(self, imap: Imap, gone: set[int], flags: Iterable[Data]) -> AsyncGenerator[Batch, None]:
        """Mails that have gone, with where they are now, and mails that were flagged."""
        where = self._position or Position()
        touched: set[int] = set()
        for uid, bits, modseq in flags_of(flags):
            where.modseq = max(where.modseq, modseq)
            if uid not in gone and where.flagged(uid, bits):
                touched.add(uid)
        if touched:
            batch = self._told(await mails(imap, touched), live=False)
            yield msgspec.structs.replace(await self._superseded(batch), cursor=where.cursor())
        left = where.forget(gone)
        for start in range(0, len(left), PAGE):
            batch = await self._gone(left[start : start + PAGE])
            yield msgspec.structs.replace(batch, cursor=where.cursor())

    async def _superseded(self, batch: Batch) -> Batch:
        """Mails that were marked as deleted may only have been moved, by a program or server without MOVE."""
        marked = [message.remote_id for message in batch.messages if Mark.TRASHED in message.marks]
        if not marked or self.role is Role.TRASH:
            return batch
        for remote_id in marked:
            self._teller.directory.leave(remote_id, self.name)
        found = await self._whereabouts.look(marked, besides=self.name)
        messages = tuple(found.get(message.remote_id, message) for message in batch.messages)
        return msgspec.structs.replace(batch, messages=messages)

    async def _gone(self, left: list[Known]) -> Batch:
        """What became of mails that are no longer here: moved, or deleted."""
        here = {item.remote_id for item in self._position.known} if self._position else set()
        left = [item for item in left if item.remote_id not in here]  # moved away and back: it has another number
        for item in left:
            self._teller.directory.leave(item.remote_id, self.name)
        found = await self._whereabouts.look([item.remote_id for item in left], besides=self.name)
        messages = tuple(found[item.remote_id] for item in left if item.remote_id in found)
        deletions = tuple(Deletion(item.remote_id) for item in left if item.remote_id not in found)
        return Batch(self.source, messages, deletions)

    def _told(self, found: list[Found], *, live: bool) -> Batch:
        """Mails that were fetched as a batch; they are known from now on."""
        where = self._position or Position()
        messages: list[IncomingMessage] = []
        rejects: list[Reject] = []
        for item in found:
            if item.mail is None:
                rejects.append(Reject(UNREADABLE, f"{self.source}: {item.why}", item.size))
                continue
            spot = Spot(self.name, where.validity, item.uid)
            message = self._teller.message(Letter(item.mail, spot, self.role, item.flags, item.at, item.size))
            messages.append(message)
            branch = self._teller.directory.branch(message.remote_id)
            branch = "" if branch == message.remote_id else branch
            where.read(Known(item.uid, message.remote_id, item.mail.fingerprint, item.flags, branch))
            self.lag = item.at
        return Batch(self.source, tuple(messages), (), tuple(rejects), live=live)


def _uid(item: Data) -> int:
    values = item.values[0] if item.values else None
    if not isinstance(values, list) or "UID" not in values:
        return 0
    index = values.index("UID") + 1
    return number(values[index]) if index < len(values) else 0


def _within(uid: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(low <= uid <= high for low, high in spans)
