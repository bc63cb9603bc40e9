"""Mails as messages of the desk: who wrote, what it says, how it is marked; pure."""

from enum import StrEnum
from urllib.parse import quote, unquote

import msgspec

from workstation.connectors.email.compose import operation_of
from workstation.connectors.email.directory import Directory, Spot
from workstation.connectors.email.mime.addresses import Address
from workstation.connectors.email.mime.body import File
from workstation.connectors.email.mime.mail import Mail
from workstation.connectors.email.settings import Settings
from workstation.connectors.email.threads import threaded
from workstation.domain.messages import Author, IncomingMessage, Kind, Mark, Media, MediaKind, Micros, Visibility

NETWORK = "email"
SCHEME = "mail:"
THUMBNAIL_CAP = 4 << 20
DAY = 86_400_000_000
HOUR = 3_600_000_000
PICTURES = {"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"}
FLAGGED, JUNK_FLAG, DELETED = 1, 2, 4


class Role(StrEnum):
    """What a folder is for."""

    NONE = ""
    SENT = "sent"
    JUNK = "junk"
    TRASH = "trash"
    ARCHIVE = "archive"
    DRAFTS = "drafts"
    ALL = "all"


class Letter(msgspec.Struct, frozen=True):
    """A mail as a server keeps it. `flags` are bits; `at` is when it came there."""

    mail: Mail
    spot: Spot
    role: Role
    flags: int
    at: Micros
    size: int = 0


def flag_bits(names: tuple[str, ...]) -> int:
    """Those flags that say something to the desk."""
    given = {name.lower() for name in names}
    bits = FLAGGED if "\\flagged" in given else 0
    if given & {"$junk", "junk"} and not given & {"$notjunk", "nonjunk"}:
        bits |= JUNK_FLAG
    return bits | (DELETED if "\\deleted" in given else 0)


class Teller:
    """Tells letters of one account."""

    def __init__(self, settings: Settings, directory: Directory) -> None:
        self.settings = settings
        self.directory = directory

    def message(self, letter: Letter) -> IncomingMessage:
        """The message that a letter is; the directory learns of it."""
        mail = letter.mail
        remote_id = self.directory.identify(mail)
        if letter.spot.folder:
            self.directory.place(remote_id, letter.spot)
        branch, parent = threaded(mail, remote_id, self.directory)
        own = letter.role is Role.SENT
        return IncomingMessage(
            remote_id,
            Kind.MAIL,
            self.author(mail, own=own),
            told(mail),
            moment(mail, letter.at),
            branch=branch,
            reply_to=parent,
            language=mail.language,
            visibility=Visibility.DIRECT,
            own=own,
            marks=marks(letter),
            media=tuple(media(remote_id, file) for file in mail.files),
            operation=operation_of(mail.message_id, self.settings.domain) if own else "",
        )

    def author(self, mail: Mail, *, own: bool) -> Author:
        """Who wrote. What our own site sends in a visitor's name is the visitor's."""
        sender = mail.sender
        if own:
            return author(Address(self.settings.address, self.settings.name or sender.name))
        if sender.key in self.settings.own:
            sender = next((item for item in mail.reply_to if item.key not in self.settings.own), sender)
        return author(sender)


def author(address: Address) -> Author:
    """An account on the network of mail."""
    shown = address.address or address.name or "?"
    return Author(NETWORK, (address.key or address.name.casefold() or "?")[:300], shown, address.name or shown)


def told(mail: Mail) -> str:
    """The subject as first line, then the text; of a mail that says nothing, what came with it."""
    if mail.subject:
        return f"{mail.subject}\n{mail.text}".rstrip("\n")
    return mail.text or "\n".join(file.name for file in mail.files)


def moment(mail: Mail, at: Micros) -> Micros:
    """When it was written, unless the writer's clock is plainly wrong: then when it came."""
    if not at:
        return mail.date or mail.received or 1
    if at - 7 * DAY <= mail.date <= at + HOUR:
        return mail.date
    if 0 < mail.received <= at + HOUR:
        # Copied here much later: the last server on the way tells when it came.
        return mail.date if mail.received - 7 * DAY <= mail.date <= mail.received + HOUR else mail.received
    return at


def marks(letter: Letter) -> tuple[Mark, ...]:
    """All that the mail and its folder say of it."""
    found = {
        Mark.TITLED: bool(letter.mail.subject),
        Mark.JUNK: letter.role is Role.JUNK or bool(letter.flags & JUNK_FLAG),
        Mark.TRASHED: letter.role is Role.TRASH or bool(letter.flags & DELETED),
        Mark.AUTOMATIC: letter.mail.automatic,
        Mark.ENCRYPTED: letter.mail.encrypted,
        Mark.EMPTY: not letter.mail.encrypted and not told(letter.mail),
        Mark.FAVOURITED: bool(letter.flags & FLAGGED),
    }
    return tuple(mark for mark, so in found.items() if so)


def media(remote_id: str, file: File) -> Media:
    """An attachment, by an address of our own that is only followed on request."""
    address = f"{SCHEME}{quote(remote_id, safe='@')}/{file.section}"
    kind = MediaKind.OTHER
    if file.kind in PICTURES:
        kind = MediaKind.IMAGE
    elif file.kind.startswith(("video/", "audio/")):
        kind = MediaKind(file.kind.partition("/")[0])
    preview = address if kind is MediaKind.IMAGE and file.size <= THUMBNAIL_CAP else ""
    return Media(kind, address, preview, name=file.name, size=file.size)


def named_file(url: str) -> tuple[str, str] | None:
    """The remote id and the section that an attachment's address means; None where it is none."""
    name, slash, section = url.removeprefix(SCHEME).rpartition("/")
    return (unquote(name), section) if url.startswith(SCHEME) and slash and name and section else None
