"""Where a mail lies: by what was seen, else by searching the folders for its Message-ID."""

from collections.abc import Callable, Iterable

from workstation.connectors.email.directory import HASHED, Directory, Spot, searchable
from workstation.connectors.email.fetching import Found, mails
from workstation.connectors.email.imap.answers import fetched, number
from workstation.connectors.email.imap.connection import Imap
from workstation.connectors.email.imap.searches import searched
from workstation.connectors.email.imap.words import command, date, string
from workstation.connectors.email.incoming import Letter, Role, Teller
from workstation.connectors.email.mime.addresses import identifiers
from workstation.connectors.email.mime.headers import head
from workstation.connectors.email.mime.mail import Mail
from workstation.connectors.email.session import Folders, Worker, opened
from workstation.connectors.email.threads import matter
from workstation.domain.errors import ChannelError, GoneError, InvalidError
from workstation.domain.messages import IncomingMessage, Micros

SINGLY = 25
"""Mails that are searched for one by one in every folder."""
STANDING, ANY = "UNDELETED", "ALL"
"""What is searched: a mail that was moved on a server without MOVE leaves one behind that is only marked."""
FEW = 4
"""From here on the latest mails of a folder are compared first."""
RECENT = 200
ELSEWHERE = 40
"""Folders besides those that are for something that are searched."""
SEARCHING = 180.0
"""Seconds that a server may search without a word: not all of them have an index."""
RECALLED: Micros = 30 * 86_400_000_000
"""How long ago a talk may have been that somebody goes on with."""
NAMELESS = 50
"""Mails without a Message-ID that are compared."""


class Whereabouts:
    """Looks for mails of one account over one connection."""

    def __init__(
        self, worker: Worker, folders: Folders, read: tuple[str, ...], teller: Teller, now: Callable[[], Micros]
    ) -> None:
        self._worker, self.folders, self._read, self._teller = worker, folders, read, teller
        self._now = now

    @property
    def _directory(self) -> Directory:
        return self._teller.directory

    def near(self) -> tuple[str, ...]:
        """The folders in which a mail most likely lies."""
        special = (Role.SENT, Role.JUNK, Role.TRASH, Role.ARCHIVE)
        names = (*self._read, *(self.folders.of(role) for role in special))
        return tuple(dict.fromkeys(name for name in names if name))

    def all(self) -> tuple[str, ...]:
        """All folders that are searched, the likely ones first; drafts are nobody's mail."""
        drafts = self.folders.of(Role.DRAFTS)
        others = [name for name in self.folders.names if name not in self.near() and name != drafts]
        return (*self.near(), *others[:ELSEWHERE])

    async def look(self, remote_ids: list[str], *, besides: str) -> dict[str, IncomingMessage]:
        """Those of these mails that lie in another folder, as messages."""
        found: dict[str, IncomingMessage] = {}
        for remote_id in remote_ids:
            if self._directory.spot(remote_id) is not None:  # we moved it ourselves
                letter = await self.letter(remote_id)
                if letter is not None:
                    found[remote_id] = self._teller.message(letter)
        for name in self.all():
            left = [item for item in remote_ids if item not in found and searchable(item)]
            if not left or name == besides:
                continue
            async with self._worker.connection() as imap:
                try:
                    await opened(imap, name)
                except (GoneError, InvalidError):
                    continue
                for letter in await self._recent(imap, name, left):
                    message = self._teller.message(letter)
                    found.setdefault(message.remote_id, message)
                for remote_id in [item for item in left if item not in found][:SINGLY]:
                    single = await self._search(imap, name, remote_id)
                    if single is not None:
                        found[remote_id] = self._teller.message(single)
        return found

    async def _recent(self, imap: Imap, name: str, wanted: list[str]) -> list[Letter]:
        """Those of these mails that came into the open folder lately: what was moved there has the highest numbers."""
        last = imap.exists
        if len(wanted) < FEW or not last:
            return []
        first = max(1, last - max(RECENT, 2 * len(wanted)))
        answer = await imap.run(command("FETCH", f"{first}:{last}", "(UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"))
        ids = {searchable(item) for item in wanted}
        hits: list[int] = []
        for data in answer.named("FETCH"):
            given = fetched(data)
            value = next((value for key, value in given.items() if key.startswith("BODY[")), None)
            if isinstance(value, bytes) and ids & set(identifiers(head(value).raw("message-id"), 1)):
                hits.append(number(given.get("UID")))
        validity = imap.selected.validity if imap.selected else 0
        letters = []
        for item in await mails(imap, hits):
            letter = self._letter((item,), Spot(name, validity, item.uid))
            if letter is not None and self._directory.identify(letter.mail) in wanted:
                letters.append(letter)
        return letters

    async def recall(self, mail: Mail) -> None:
        """Learn of the talk that a mail goes on with, though it names none: the same people on the same subject."""
        subject, writer = matter(mail.subject), mail.sender.address
        charset = () if (subject + writer).isascii() else ("CHARSET UTF-8",)
        people = ("OR FROM", string(writer), "TO", string(writer))
        since = date(self._now() - RECALLED)
        for name in self._read:
            async with self._worker.connection() as imap:
                try:
                    await opened(imap, name)
                    answer = await imap.run(
                        command("UID SEARCH", *charset, "SINCE", since, *people, "SUBJECT", string(subject)), SEARCHING
                    )
                except (GoneError, InvalidError):
                    continue
                validity = imap.selected.validity if imap.selected else 0
                for item in await mails(imap, searched(answer.data)[-FEW:]):
                    letter = self._letter((item,), Spot(name, validity, item.uid))
                    if letter is not None and letter.mail.fingerprint != mail.fingerprint:
                        self._teller.message(letter)

    async def spot(self, remote_id: str, *, everywhere: bool = True) -> Spot | None:
        """Where a mail lies now; None where it is in none of the folders."""
        known = self._directory.spot(remote_id)
        if known is not None:
            async with self._worker.connection() as imap:
                if await self._is_there(imap, known, remote_id):
                    return known
            self._directory.leave(remote_id, known.folder)
        for key in (STANDING, ANY):
            for name in self.all() if everywhere and key is STANDING else self.near():
                async with self._worker.connection() as imap:
                    try:
                        await opened(imap, name)
                        letter = await self._search(imap, name, remote_id, key)
                    except (GoneError, InvalidError):
                        continue
                    if letter is not None:
                        self._directory.place(remote_id, letter.spot)
                        return letter.spot
        return None

    async def letter(self, remote_id: str) -> Letter | None:
        """A mail as it is now, wherever it lies."""
        spot = await self.spot(remote_id)
        if spot is None:
            return None
        async with self._worker.folder(spot.folder) as imap:
            return self._letter(await mails(imap, (spot.uid,)), spot)

    async def _is_there(self, imap: Imap, spot: Spot, remote_id: str) -> bool:
        """Whether a mail still lies where it was seen."""
        try:
            selected = await opened(imap, spot.folder)
        except (GoneError, InvalidError):
            return False
        if selected.validity != spot.validity:
            return False
        identifier = searchable(remote_id)
        wanted = (b"HEADER MESSAGE-ID", string(identifier)) if identifier and identifier.isascii() else ()
        answer = await imap.run(command("UID SEARCH", STANDING, f"UID {spot.uid}", *wanted))
        return spot.uid in searched(answer.data)

    async def _search(self, imap: Imap, name: str, remote_id: str, key: str = STANDING) -> Letter | None:
        """A mail in the open folder, or None."""
        for uid in await numbers(imap, remote_id, key):
            spot = Spot(name, imap.selected.validity if imap.selected else 0, uid)
            letter = self._letter(await mails(imap, (uid,)), spot)
            if letter is not None and self._directory.identify(letter.mail) == remote_id:
                return letter
        return None

    def _letter(self, found: Iterable[Found], spot: Spot) -> Letter | None:
        for item in found:
            if item.mail is not None:
                return Letter(item.mail, spot, self.folders.role(spot.folder), item.flags, item.at, item.size)
        return None


async def numbers(imap: Imap, remote_id: str, key: str = ANY) -> list[int]:
    """The mails of the open folder that may be this one, the latest first."""
    if remote_id.startswith(HASHED):
        # A server can be asked for mails that have no such field at all: those without an id.
        answer = await imap.run(command("UID SEARCH", key, "NOT HEADER MESSAGE-ID", string("")), SEARCHING)
        return searched(answer.data)[::-1][:NAMELESS]
    return await having(imap, "MESSAGE-ID", searchable(remote_id), key)


async def having(imap: Imap, field: str, value: str, key: str = ANY) -> list[int]:
    """Mails of the open folder whose field holds a value, the latest first."""
    charset = () if value.isascii() else ("CHARSET UTF-8",)
    try:
        answer = await imap.run(command("UID SEARCH", *charset, key, f"HEADER {field}", string(value)), SEARCHING)
    except ChannelError as error:
        if isinstance(error, InvalidError):
            return []
        raise
    return searched(answer.data)[::-1]
