"""Acts on mails that are there: into folders and back, flags."""

from workstation.connectors.base import Sent
from workstation.connectors.email.directory import Spot
from workstation.connectors.email.imap.answers import Status, uids
from workstation.connectors.email.imap.connection import Answer, Imap
from workstation.connectors.email.imap.words import command, mailbox
from workstation.connectors.email.incoming import FLAGGED, Letter, Role, Teller
from workstation.connectors.email.session import Worker
from workstation.connectors.email.whereabouts import Whereabouts
from workstation.domain.errors import (
    AmbiguousError,
    GoneError,
    PermissionDeniedError,
    TransientError,
    UnsupportedError,
)
from workstation.domain.messages import Batch
from workstation.domain.outbox import Act, Operation
from workstation.domain.text import N_, lazy

SENT = "sent"
READ_ONLY = N_("the folder {folder} cannot be changed")
INTO = {Act.JUNK: Role.JUNK, Act.ARCHIVE: Role.ARCHIVE, Act.TRASH: Role.TRASH}
OUT_OF = {Act.UNJUNK: Role.JUNK, Act.UNARCHIVE: Role.ARCHIVE, Act.RESTORE: Role.TRASH}
FLAGS = {Act.FAVOURITE: "+FLAGS", Act.UNFAVOURITE: "-FLAGS"}


class Mover:
    """Moves and flags for one account. `home` is where mails go back to."""

    def __init__(self, worker: Worker, whereabouts: Whereabouts, teller: Teller, home: str) -> None:
        self._worker, self._whereabouts, self._teller, self._home = worker, whereabouts, teller, home

    async def act(self, operation: Operation) -> Sent:
        """Do it. A state that is there already is left as it is."""
        if operation.act in FLAGS:
            return await self._flag(operation)
        target = self._target(operation.act)
        spot = await self._spot(operation.target)
        if spot.folder != target and not self._settled(operation.act, spot):
            await self._move(spot, target, operation)
        elif operation.act is Act.RESTORE:  # it may only be marked as deleted
            await self._store(spot, "-FLAGS", "(\\Deleted)")
        return await self._shown(operation.target)

    def _target(self, act: Act) -> str:
        """The folder that an act moves a mail into; UnsupportedError where there is none."""
        folders = self._whereabouts.folders
        if act in INTO:
            name = folders.of(INTO[act])
        elif act in OUT_OF and folders.of(OUT_OF[act]):
            name = self._home
        else:
            name = ""
        if not name:
            raise UnsupportedError
        return name

    def _settled(self, act: Act, spot: Spot) -> bool:
        """Whether there is nothing to take back: the mail is not in the folder that it would come out of."""
        return act in OUT_OF and spot.folder != self._whereabouts.folders.of(OUT_OF[act])

    async def _spot(self, remote_id: str) -> Spot:
        spot = await self._whereabouts.spot(remote_id)
        if spot is None:
            raise GoneError
        return spot

    async def _move(self, spot: Spot, target: str, operation: Operation) -> None:
        async with self._worker.folder(spot.folder, write=True) as imap:
            if imap.selected is None or not imap.selected.writable:
                raise PermissionDeniedError(why=lazy(READ_ONLY, folder=spot.folder))
            try:
                await self._mark(imap, spot.uid, operation.act)
                answer = await self._moved(imap, spot.uid, target)
            except TransientError:
                raise AmbiguousError from None
        self._teller.directory.leave(operation.target, spot.folder)
        there = copied(answer)
        if there is not None:
            self._teller.directory.place(operation.target, Spot(target, *there))

    async def _mark(self, imap: Imap, uid: int, act: Act) -> None:
        """Tell the server's own filter, where it takes keywords."""
        if act not in {Act.JUNK, Act.UNJUNK} or imap.selected is None or not imap.selected.keywords:
            return
        junk = act is Act.JUNK
        await imap.run(command("UID STORE", str(uid), "+FLAGS.SILENT", "($Junk)" if junk else "($NotJunk)"))
        await imap.run(command("UID STORE", str(uid), "-FLAGS.SILENT", "($NotJunk)" if junk else "($Junk)"))

    async def _moved(self, imap: Imap, uid: int, target: str) -> Answer:
        if imap.can("MOVE"):
            return await imap.run(command("UID MOVE", str(uid), mailbox(target)))
        answer = await imap.run(command("UID COPY", str(uid), mailbox(target)))
        await imap.run(command("UID STORE", str(uid), "+FLAGS.SILENT", "(\\Deleted)"))
        if imap.can("UIDPLUS"):
            await imap.run(command("UID EXPUNGE", str(uid)))
        return answer

    async def _flag(self, operation: Operation) -> Sent:
        await self._store(await self._spot(operation.target), FLAGS[operation.act], "(\\Flagged)")
        return await self._shown(operation.target)

    async def _store(self, spot: Spot, how: str, flags: str) -> None:
        async with self._worker.folder(spot.folder, write=True) as imap:
            try:
                await imap.run(command("UID STORE", str(spot.uid), how, flags))
            except TransientError:
                raise AmbiguousError from None

    async def mark_answered(self, letter: Letter) -> None:
        """Let other programs see that a mail was answered."""
        async with self._worker.folder(letter.spot.folder, write=True) as imap:
            await imap.run(command("UID STORE", str(letter.spot.uid), "+FLAGS.SILENT", "(\\Answered)"))

    async def _shown(self, remote_id: str) -> Sent:
        letter = await self._whereabouts.letter(remote_id)
        if letter is None:
            return Sent(remote_id)
        return Sent(remote_id, batch=Batch(SENT, (self._teller.message(letter),)))

    async def is_done(self, operation: Operation) -> Sent | None:
        """Whether the state that an act wants is there."""
        letter = await self._whereabouts.letter(operation.target)
        if letter is None:
            raise GoneError
        if operation.act in FLAGS:
            done = bool(letter.flags & FLAGGED) is (operation.act is Act.FAVOURITE)
        elif operation.act in INTO:
            done = letter.role is INTO[operation.act]
        elif operation.act in OUT_OF:
            done = letter.role is not OUT_OF[operation.act]
        else:
            raise AmbiguousError
        return Sent(operation.target, batch=Batch(SENT, (self._teller.message(letter),))) if done else None


def copied(answer: Answer) -> tuple[int, int] | None:
    """Validity and number of a mail where it was copied to, where the server tells (COPYUID)."""
    for note in (*answer.notes, answer.status):
        if isinstance(note, Status) and note.code == "COPYUID":
            pieces = note.arguments.split()
            there = uids(pieces[2], 1) if len(pieces) == 3 and pieces[0].isdecimal() else []
            if there:
                return int(pieces[0]), there[0]
    return None
