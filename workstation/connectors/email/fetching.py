"""Mails out of an open folder: small ones whole, of large ones only what is read, files never."""

import asyncio
import logging
from collections.abc import Iterable, Iterator

import msgspec

from workstation.connectors.email.imap.answers import Data, fetched, number, text, uid_set, words
from workstation.connectors.email.imap.connection import Imap
from workstation.connectors.email.imap.structure import Part, leaves, parts
from workstation.connectors.email.imap.tokens import Value
from workstation.connectors.email.imap.words import command, moment
from workstation.connectors.email.incoming import flag_bits
from workstation.connectors.email.mime.headers import Head, head, joined
from workstation.connectors.email.mime.mail import Mail, UnreadableError, read, understood
from workstation.connectors.email.mime.tree import Node, file_name
from workstation.domain.errors import ProtocolChangedError
from workstation.domain.messages import Micros

log = logging.getLogger(__name__)

SMALL = 128 << 10
"""Bytes of a mail that is fetched whole."""
QUICK = 16 << 10
"""Bytes that are read within a millisecond or two."""
HEAD = 128 << 10
PART = 256 << 10
"""Bytes of a text in a large mail that are fetched."""
TEXTS = 12
AT_ONCE = 2 << 20
"""Bytes that one request asks for."""
READABLE = {"text/plain", "text/html", "text/enriched", "text/richtext", "message/delivery-status", "text/calendar"}
EVERYTHING = "BODY[]"


class Found(msgspec.Struct, frozen=True):
    """A mail that was asked for: what it says, or why it cannot be read."""

    uid: int
    flags: int
    at: Micros
    size: int
    mail: Mail | None
    why: str = ""


class Overview(msgspec.Struct, frozen=True):
    """What is known of a mail before it is fetched."""

    uid: int
    flags: int
    at: Micros
    size: int


async def mails(imap: Imap, uids: Iterable[int]) -> list[Found]:
    """These mails of the open folder, by number; those that are gone meanwhile are left out."""
    known = await overviews(imap, uids)
    found: list[Found] = []
    for group in _groups([item for item in known if item.size <= SMALL]):
        found += await _whole(imap, group)
    for item in known:
        if item.size > SMALL:
            found += await _large(imap, item)
    return sorted(found, key=lambda item: item.uid)


async def overviews(imap: Imap, uids: Iterable[int]) -> list[Overview]:
    """Flags, time and size of mails, by number."""
    wanted = set(uids)
    answers = await _fetch(imap, wanted, "(UID FLAGS INTERNALDATE RFC822.SIZE)")
    return [
        Overview(
            uid,
            flag_bits(words(items.get("FLAGS"))),
            moment(text(items.get("INTERNALDATE"))),
            number(items.get("RFC822.SIZE")),
        )
        for uid, items in sorted(answers.items())
        if "RFC822.SIZE" in items
    ]


async def _fetch(imap: Imap, uids: set[int], items: str) -> dict[int, dict[str, Value]]:
    """The items asked for by number. An answer in several pieces is put together; others' are left out."""
    if not uids:
        return {}
    answer = await imap.run(command("UID FETCH", uid_set(uids), items))
    found: dict[int, dict[str, Value]] = {}
    for data in answer.named("FETCH"):
        given = fetched(data)
        uid = number(given.get("UID"))
        if uid in uids:
            found.setdefault(uid, {}).update(given)
    return found


def _groups(items: list[Overview]) -> Iterator[list[Overview]]:
    group: list[Overview] = []
    size = 0
    for item in items:
        if group and size + item.size > AT_ONCE:
            yield group
            group, size = [], 0
        group.append(item)
        size += item.size
    if group:
        yield group


async def _whole(imap: Imap, group: list[Overview]) -> list[Found]:
    answers = await _fetch(imap, {item.uid for item in group}, "(UID BODY.PEEK[])")
    found: list[Found] = []
    for item in group:
        items = answers.get(item.uid)
        if items is None:
            continue
        raw = items.get(EVERYTHING)
        found.append(await _read(item, raw if isinstance(raw, bytes) else b""))
    return found


async def _read(item: Overview, raw: bytes) -> Found:
    """Read a mail without keeping the window waiting: large ones beside it, small ones one at a time."""
    try:
        mail = read(raw) if len(raw) < QUICK else await asyncio.to_thread(read, raw)
        await asyncio.sleep(0)
    except Exception as error:  # noqa: BLE001 - see _unread
        return _unread(item, error)
    return Found(item.uid, item.flags, item.at, item.size, mail)


def _unread(item: Overview, error: Exception) -> Found:
    """A mail that cannot be read. One that our own fault makes unreadable must not keep the others away for ever."""
    if isinstance(error, UnreadableError):
        return Found(item.uid, item.flags, item.at, item.size, None, error.why)
    log.error("a mail could not be read", extra={"error": type(error).__name__}, exc_info=error)
    return Found(item.uid, item.flags, item.at, item.size, None, type(error).__name__)


async def _large(imap: Imap, item: Overview) -> list[Found]:
    answers = await _fetch(imap, {item.uid}, f"(UID BODYSTRUCTURE BODY.PEEK[HEADER]<0.{HEAD}>)")
    items = answers.get(item.uid)
    if items is None:
        return []
    given = next((value for name, value in items.items() if name.startswith("BODY[HEADER]")), None)
    fields = head(given) if isinstance(given, bytes) else Head()
    root = parts(items.get("BODYSTRUCTURE"))
    if root is None:  # the server cannot tell its parts: the beginning has to do
        whole = await _fetch(imap, {item.uid}, f"(UID BODY.PEEK[]<0.{PART}>)")
        raw = next((value for name, value in whole.get(item.uid, {}).items() if name.startswith("BODY[]")), None)
        return [await _read(item, raw if isinstance(raw, bytes) else b"")]
    wanted = [part for part in leaves(root) if readable(part)][:TEXTS]
    bodies = await _texts(imap, item.uid, wanted)
    try:
        mail = await asyncio.to_thread(understood, node(root, bodies, fields))
    except Exception as error:  # noqa: BLE001 - see _unread
        return [_unread(item, error)]
    return [Found(item.uid, item.flags, item.at, item.size, mail)]


async def _texts(imap: Imap, uid: int, wanted: list[Part]) -> dict[str, bytes]:
    if not wanted:
        return {}
    asked = " ".join(f"BODY.PEEK[{section(part)}]<0.{PART}>" for part in wanted)
    items = (await _fetch(imap, {uid}, f"(UID {asked})")).get(uid, {})
    bodies: dict[str, bytes] = {}
    for part in wanted:
        name = f"BODY[{section(part)}]".upper()
        value = next((value for key, value in items.items() if key.partition("<")[0] == name), None)
        if isinstance(value, bytes):
            bodies[part.section] = value
    return bodies


def readable(part: Part) -> bool:
    """Whether a part is text that is shown, or tells of the mail that a report is about."""
    if part.kind in {"message/rfc822", "text/rfc822-headers"}:
        return True
    return part.kind in READABLE and part.disposition != "attachment"


def section(part: Part) -> str:
    """What to ask for: of an attached mail only its head."""
    return f"{part.section}.HEADER" if part.kind == "message/rfc822" else part.section


def node(part: Part, bodies: dict[str, bytes], fields: Head | None = None) -> Node:
    """The parts as the server tells them, with the texts that were fetched."""
    parameters = joined(part.parameters)
    body = bodies.get(part.section)
    attached = part.kind == "message/rfc822"
    return Node(
        part.section,
        fields or Head(),
        part.kind,
        parameters,
        "" if attached else part.encoding,
        part.disposition,
        file_name(joined(part.disposition_parameters), parameters),
        body,
        part.size,
        [] if attached else [node(child, bodies) for child in part.children],
        part.content_id,
        body is not None and not attached and part.size > len(body),
    )


async def piece(imap: Imap, uid: int, wanted: str, most: int) -> bytes:
    """The bytes of a section, or of the whole mail where it is empty; at most `most`."""
    answers = await _fetch(imap, {uid}, f"(UID BODY.PEEK[{wanted}]<0.{most}>)")
    for items in answers.values():
        for name, value in items.items():
            if name.startswith("BODY[") and isinstance(value, bytes):
                return value
    raise ProtocolChangedError(where="imap FETCH")


def flags_of(data: Iterable[Data]) -> Iterator[tuple[int, int, int]]:
    """Number, flags and change sequence of what a server told of flags."""
    for item in data:
        given = fetched(item)
        uid = number(given.get("UID"))
        if uid and "FLAGS" in given:
            told = given.get("MODSEQ")
            modseq = number(told[0]) if isinstance(told, list) and told else 0
            yield uid, flag_bits(words(given["FLAGS"])), modseq
