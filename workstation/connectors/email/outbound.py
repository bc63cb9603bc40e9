"""What leaves: mails handed in once and kept in the folder of sent mail, and acts on mails that are there."""

from collections.abc import Mapping
from contextlib import suppress

from workstation.connectors.base import Sent
from workstation.connectors.email.addressing import answered, named
from workstation.connectors.email.compose import Outgoing, answer_subject, compose, message_id
from workstation.connectors.email.directory import Spot
from workstation.connectors.email.imap.words import Literal, command, date_time, mailbox
from workstation.connectors.email.incoming import Letter, Role, Teller
from workstation.connectors.email.mime.addresses import Address
from workstation.connectors.email.mime.mail import read
from workstation.connectors.email.moving import Mover
from workstation.connectors.email.session import Session, Worker
from workstation.connectors.email.unkept import Unkept
from workstation.connectors.email.whereabouts import Whereabouts, numbers
from workstation.domain.errors import (
    ChannelError,
    ConfigurationError,
    GoneError,
    InvalidError,
    ReplyNotAllowedError,
    TooLongError,
)
from workstation.domain.messages import Batch, Cursor, IncomingMessage, Micros
from workstation.domain.outbox import HOLDING, Act, Operation
from workstation.domain.text import N_, lazy

SENT = "sent"
AUTOMATIC = N_("it was written by a machine, and rules do not answer machines")


class Outbound:
    """Sends for one account."""

    def __init__(
        self,
        session: Session,
        worker: Worker,
        whereabouts: Whereabouts,
        teller: Teller,
        mover: Mover,
        unkept: Unkept,
        size: int,
    ) -> None:
        self._session, self._worker, self._whereabouts = session, worker, whereabouts
        self._teller, self._mover, self._size = teller, mover, size
        self._unkept = unkept

    async def send(self, operation: Operation) -> Sent:
        """See Channel.send."""
        if operation.act is Act.REPLY:
            return await self._reply(operation)
        if operation.act is Act.POST:
            return await self._post(operation)
        return await self._mover.act(operation)

    async def _reply(self, operation: Operation) -> Sent:
        letter = await self._letter(operation.target)
        mail = letter.mail
        self._teller.message(letter)  # so that the answer is known to belong to its thread
        if operation.options.get(HOLDING) and mail.automatic:
            raise ReplyNotAllowedError(why=lazy(AUTOMATIC))
        to = operation.options.get("to", "")
        recipients = named(to) if to else answered(mail, self._session.settings.own)
        subject = operation.options.get("subject", "") or answer_subject(mail.subject)
        made = compose(operation, self._sender(), recipients, subject, mail, mail.message_id)
        sent = await self._hand_in(operation, made)
        with suppress(ChannelError):
            await self._mover.mark_answered(letter)
        return sent

    async def _post(self, operation: Operation) -> Sent:
        recipients = named(operation.options.get("to", ""))
        subject = operation.options.get("subject", "").strip() or operation.text.strip().partition("\n")[0][:120]
        return await self._hand_in(operation, compose(operation, self._sender(), recipients, subject))

    async def _letter(self, remote_id: str) -> Letter:
        letter = await self._whereabouts.letter(remote_id)
        if letter is None:
            raise GoneError
        return letter

    def _sender(self) -> Address:
        settings = self._session.settings
        return Address(settings.address, settings.name)

    async def _hand_in(self, operation: Operation, made: Outgoing) -> Sent:
        if self._size and len(made.raw) > self._size:
            raise TooLongError(used=len(made.raw), limit=self._size, unit="bytes")
        if await self._is_kept(made.message_id):  # an attempt before this one got through
            return self._shown(operation, made)
        sender = self._session.settings.address
        smtp = await self._session.smtp()
        try:
            await smtp.send(sender, made.recipients, made.raw)
        except BaseException:
            smtp.drop()
            raise
        await smtp.close()
        kept = await self._keep(made, operation.at or self._session.now())
        return self._shown(operation, made, None if kept else self._unkept.cursor())

    async def _is_kept(self, identifier: str) -> bool:
        """Whether a mail of ours lies in the folder of sent mail."""
        name = self._whereabouts.folders.of(Role.SENT)
        if not name:
            return False
        try:
            async with self._worker.folder(name) as imap:
                return bool(await numbers(imap, identifier))
        except (GoneError, InvalidError):
            return False

    def _shown(self, operation: Operation, made: Outgoing, unkept: Cursor | None = None) -> Sent:
        return Sent(made.message_id, batch=Batch(SENT, (self._message(operation, made),), cursor=unkept))

    def _message(self, operation: Operation, made: Outgoing) -> IncomingMessage:
        at = operation.at or self._session.now()
        letter = Letter(read(made.raw), Spot("", 0, 0), Role.SENT, 0, at)
        return self._teller.message(letter)

    async def _keep(self, made: Outgoing, at: Micros) -> bool:
        """Put a mail that was taken into the folder of sent mail, unless the server has done so. It is sent in any
        case: a failure here is tried again later and is none of the sending.
        """
        try:
            await self._append(made.message_id, at, made.raw)
        except (ChannelError, ConfigurationError):
            self._unkept.add(made, at, self._session.now())
            return False
        return True

    def recall(self, cursors: Mapping[str, Cursor]) -> None:
        """What could not be put away before the program ended last."""
        self._unkept.recall(cursors.get(SENT), self._session.now())

    async def keep_later(self) -> Batch | None:
        """Put away what could not be put away before, and what there is to be stored of that.

        A folder that is full must not end the reading of all others.
        """
        if not self._whereabouts.folders.of(Role.SENT):
            return None
        for copy in self._unkept.all():
            try:
                await self._append(copy.message_id, copy.at, copy.raw)
            except ChannelError:
                self._unkept.put_off(copy)
                break
            self._unkept.remove(copy)
        news = self._unkept.news()
        return None if news is None else Batch(SENT, cursor=news)

    async def _append(self, identifier: str, at: Micros, raw: bytes) -> None:
        name = self._whereabouts.folders.of(Role.SENT)
        if not name:
            return
        async with self._worker.folder(name) as imap:
            if await numbers(imap, identifier):
                return
            await imap.run(command("APPEND", mailbox(name), "(\\Seen)", date_time(at), Literal(raw)))

    async def find_sent(self, operation: Operation, since: Micros) -> Sent | None:
        """See Channel.find_sent. A mail is looked for by the id it had before it left."""
        if operation.act not in {Act.POST, Act.REPLY}:
            return await self._mover.is_done(operation)
        identifier = message_id(operation, self._session.settings.domain)
        for name in self._whereabouts.near():
            async with self._worker.folder(name) as imap:
                if await numbers(imap, identifier):
                    break
        else:
            return None
        letter = await self._whereabouts.letter(identifier)
        if letter is None:
            return Sent(identifier)
        own = Letter(letter.mail, letter.spot, Role.SENT, letter.flags, letter.at)
        return Sent(identifier, batch=Batch(SENT, (self._teller.message(own),)))
