"""The connections of one account: opened when needed, opened again after a failure, closed together."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress

import msgspec

from workstation.connectors.email.imap.answers import text, words
from workstation.connectors.email.imap.connection import Imap, Selected
from workstation.connectors.email.imap.words import command, decoded_name
from workstation.connectors.email.incoming import Role
from workstation.connectors.email.settings import Settings
from workstation.connectors.email.submission import Submission
from workstation.domain.errors import ChannelError
from workstation.domain.messages import Micros

STALE = 2.0
"""Seconds after which a connection is asked whether it still stands before it is used."""
FOLDERS_CAP = 5_000
SPECIAL: dict[str, Role] = {
    "\\sent": Role.SENT,
    "\\junk": Role.JUNK,
    "\\trash": Role.TRASH,
    "\\archive": Role.ARCHIVE,
    "\\all": Role.ALL,
    "\\drafts": Role.DRAFTS,
}
NAMES = {
    Role.SENT: "sent|sent items|sent messages|sent mail|gesendet|gesendete elemente|gesendete objekte|éléments envoyés"
    "|messages envoyés|elementos enviados|enviados|posta inviata|inviati|itens enviados|verzonden items|verzonden"
    "|skickat|sendt|wysłane|elementy wysłane|odeslaná pošta|отправленные|gönderilmiş öğeler|送信済みアイテム|送信済み"
    "|已发送邮件|已发送|寄件備份|보낸 편지함",
    Role.JUNK: "junk|junk e-mail|junk email|junk-e-mail|spam|spamverdacht|bulk mail|courrier indésirable|indésirables"
    "|correo no deseado|posta indesiderata|lixo eletrônico|ongewenste e-mail|skräppost|søppelpost|wiadomości-śmieci"
    "|nevyžádaná pošta|нежелательная почта|спам|önemsiz e-posta|迷惑メール|垃圾邮件|垃圾郵件|정크 메일|스팸",
    Role.TRASH: "trash|deleted|deleted items|deleted messages|bin|papierkorb|gelöscht|gelöschte elemente|corbeille"
    "|éléments supprimés|papelera|elementos eliminados|cestino|posta eliminata|lixeira|itens excluídos|prullenbak"
    "|verwijderde items|papperskorgen|slettede elementer|kosz|elementy usunięte|odstraněná pošta|удаленные|корзина"
    "|silinmiş öğeler|ゴミ箱|削除済みアイテム|已删除邮件|已删除|刪除的郵件|지운 편지함|휴지통",
    Role.ARCHIVE: "archive|archives|archiv|archivo|archivio|arquivo|archief|arkiv|archiwum|архив|arşiv|アーカイブ|存档"
    "|封存|보관",
    Role.DRAFTS: "drafts|draft|entwürfe|brouillons|borradores|bozze|rascunhos|concepten|utkast|kladder|szkice"
    "|koncepty|черновики|taslaklar|下書き|草稿|임시 보관함",
}
USUAL = {name: role for role, names in NAMES.items() for name in names.split("|")}
"""What people's programs call these folders, where the server does not say what they are for."""


class Folders(msgspec.Struct, frozen=True):
    """What folders there are: names that can be opened, and those that are for something."""

    names: tuple[str, ...] = ()
    roles: dict[str, Role] = {}
    """Role by folder's name."""

    def of(self, role: Role) -> str:
        """The folder for something, or empty."""
        return next((name for name, item in self.roles.items() if item is role), "")

    def role(self, name: str) -> Role:
        """What a folder is for."""
        return self.roles.get(name, Role.NONE)


class Session:
    """Opens connections with one account's sign-in."""

    def __init__(self, settings: Settings, secret: str, now: Callable[[], Micros]) -> None:
        self.settings = settings
        self.now = now
        self._secret = secret
        self._open: set[Imap] = set()

    async def imap(self) -> Imap:
        """A signed-in connection."""
        settings = self.settings
        made = await Imap.open(settings.imap, settings.user, self._secret, oauth=settings.oauth)
        self._open.add(made)
        return made

    async def smtp(self) -> Submission:
        """A connection to hand a mail in."""
        settings = self.settings
        return await Submission.open(
            settings.smtp, settings.domain, settings.user, self._secret, oauth=settings.oauth, now=self.now
        )

    async def let_go(self, imap: Imap) -> None:
        """Close one."""
        self._open.discard(imap)
        if imap.broken:
            imap.drop()
        else:
            await imap.close()

    def drop(self, imap: Imap) -> None:
        """Close one without a farewell."""
        self._open.discard(imap)
        imap.drop()

    async def close(self) -> None:
        """Close all."""
        for imap in tuple(self._open):
            await self.let_go(imap)


class Worker:
    """One connection for one thing at a time, opened when it is needed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lock = asyncio.Lock()
        self._imap: Imap | None = None
        self._used = 0.0

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[Imap, None]:
        """The connection, for the block alone. What fails or is cancelled within takes it along."""
        async with self._lock:
            imap = await self._ready()
            try:
                yield imap
            finally:
                self._used = asyncio.get_running_loop().time()
                if imap.broken:
                    self._imap = None
                    self._session.drop(imap)

    @asynccontextmanager
    async def folder(self, name: str, *, write: bool = False) -> AsyncGenerator[Imap, None]:
        """The connection with a folder open."""
        async with self.connection() as imap:
            await opened(imap, name, write=write)
            yield imap

    async def _ready(self) -> Imap:
        imap = self._imap
        if imap is not None and asyncio.get_running_loop().time() - self._used > STALE:
            with suppress(ChannelError):
                await imap.run(command("NOOP"), 5.0)
        if imap is not None and imap.broken:
            self._imap = None
            self._session.drop(imap)
            imap = None
        if imap is None:
            imap = self._imap = await self._session.imap()
        return imap

    async def close(self) -> None:
        """Let go of the connection."""
        imap, self._imap = self._imap, None
        if imap is not None:
            await self._session.let_go(imap)


async def opened(imap: Imap, name: str, *, write: bool = False) -> Selected:
    """Open a folder, unless it is open; what has come meanwhile is there then."""
    selected = imap.selected
    if selected is not None and selected.name == name and (selected.writable or not write):
        await imap.run(command("NOOP"))
        return selected
    return await imap.select(name, write=write)


async def folders(imap: Imap) -> Folders:
    """All folders that can be opened, and what they are for: as the server tells, or as they are usually called."""
    more = ("RETURN (SPECIAL-USE)",) if imap.can("LIST-EXTENDED") and imap.can("SPECIAL-USE") else ()
    answer = await imap.run(command("LIST", '""', '"*"', *more))
    names: list[str] = []
    told: dict[str, Role] = {}
    usual: dict[str, Role] = {}
    for item in answer.named("LIST")[:FOLDERS_CAP]:
        if len(item.values) < 3:
            continue
        name = decoded_name(text(item.values[2]))
        attributes = {word.lower() for word in words(item.values[0])}
        if attributes & {"\\noselect", "\\nonexistent"} or not name:
            continue
        name = "INBOX" if name.upper() == "INBOX" else name
        names.append(name)
        for attribute in sorted(attributes & SPECIAL.keys()):
            told.setdefault(name, SPECIAL[attribute])
        separator = text(item.values[1]) or "/"
        role = USUAL.get(name.rpartition(separator)[2].casefold())
        if role is not None:
            usual[name] = role
    roles = dict(told)
    for name, role in usual.items():
        if name not in roles and role not in roles.values():
            roles[name] = role
    for name, role in told.items():
        # Where everything lies in one folder, leaving the inbox is what archiving means.
        if role is Role.ALL:
            roles[name] = Role.NONE if Role.ARCHIVE in roles.values() else Role.ARCHIVE
    return Folders(tuple(dict.fromkeys(names)), roles)
