"""A mail as it is read: who, when, what it says, what it answers, what came with it."""

import re
from collections.abc import Iterator
from hashlib import blake2b

import msgspec

from workstation.connectors.email.mime import addresses, body, content, nature
from workstation.connectors.email.mime.addresses import Address
from workstation.connectors.email.mime.body import File
from workstation.connectors.email.mime.charsets import decode
from workstation.connectors.email.mime.headers import Head, split
from workstation.connectors.email.mime.tree import Node, tree
from workstation.domain.text import N_
from workstation.net.charsets import strict
from workstation.net.plain import TEXT_CAP, capped, harmless, one_line

EMPTY = N_("it is empty")
NO_MAIL = N_("it is no mail and no text")
USUAL = ("from", "to", "subject", "date", "message-id", "received", "return-path", "content-type", "mime-version")
NOISE = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
SUBJECT_CAP = 300
FORWARD = re.compile(r"\s*(?:fwd?|wg|tr|rv|enc|i|vs|vb|doorst|пересл|转发|轉寄)\s*[:：]", re.IGNORECASE)
EMLX = re.compile(rb"\A\s*(\d{1,10})\s*\r?\n")
MBOX = re.compile(rb"\A(?:\s*\n)?>?From [^\r\n]*(?:\r\n|\n|\r)")


class UnreadableError(Exception):
    """Not a mail, because of `why` (a message id for people)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Mail(msgspec.Struct, frozen=True):
    """One mail. Ids are without brackets; times in microseconds UTC, 0 where unknown."""

    message_id: str
    sender: Address
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    text: str
    """What it says, without the subject."""
    date: int
    received: int
    """When the last server on the way took it."""
    references: tuple[str, ...]
    in_reply_to: str
    files: tuple[File, ...]
    encrypted: bool
    automatic: bool
    bounced: str
    """The id of the mail that was not delivered, of a report about it."""
    bounced_references: tuple[str, ...]
    list_address: str
    returned: bool
    """Has no return path: nothing may be sent back."""
    language: str
    fingerprint: str
    """Tells two mails apart that claim the same id."""


def read(raw: bytes) -> Mail:
    """Read a whole mail, as a server keeps it or a file holds it; UnreadableError."""
    if not raw.strip(b"\0\r\n\t "):
        raise UnreadableError(EMPTY)
    raw = unwrapped(raw)
    root = tree(raw)
    if not any(root.head.has(name) for name in USUAL) and len(NOISE.findall(raw[:4_000])) * 50 > len(raw[:4_000]):
        raise UnreadableError(NO_MAIL)
    return understood(root)


def unwrapped(raw: bytes) -> bytes:
    """Without what file formats put around a mail: a byte count, a `From ` line, a mark of the encoding."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raw = raw.decode("utf-16", "replace").encode("utf-8", "replace")
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    counted = EMLX.match(raw)
    if counted is not None:
        raw = raw[counted.end() : counted.end() + int(counted[1])]
    from_line = MBOX.match(raw)
    if from_line is not None:
        raw = raw[from_line.end() :]
    elif raw[:1] in b"\r\n":
        raw = raw.lstrip(b"\r\n")
    return raw


def understood(root: Node) -> Mail:
    """The mail that a tree of parts is."""
    head = labelled(root)
    subject = one_line(harmless(head.text("subject")), SUBJECT_CAP)
    forwarded = FORWARD.match(subject) is not None
    found = body.said(root, forwarded=forwarded)
    text = found.texts[0]
    if not text.strip() and not found.encrypted:
        told = (body.otherwise(node) for node in _nodes(root))
        text = next((words for words in told if words), "")
    author = addresses.sender(head.raw("from") or head.raw("sender") or head.raw("return-path"))
    bounced, chain = _bounced(root, head, author.address)
    identifier = next(iter(addresses.identifiers(head.raw("message-id"), 1)), "")
    text = capped(text, TEXT_CAP - SUBJECT_CAP)
    return Mail(
        identifier[:400],
        author,
        addresses.addresses(head.raw("reply-to")),
        addresses.addresses(b", ".join(head.all("to"))),
        addresses.addresses(b", ".join(head.all("cc"))),
        subject,
        text,
        addresses.when(head.raw("date")),
        _received(head),
        addresses.identifiers(b" ".join(head.all("references"))),
        next(iter(addresses.identifiers(head.raw("in-reply-to"), 1)), ""),
        tuple(found.files),
        found.encrypted,
        nature.automatic(head, root.kind, root.parameters, author.address),
        bounced,
        chain,
        _list_address(head),
        head.plain("return-path") == "<>",
        _language(head),
        _fingerprint(head, text),
    )


def labelled(root: Node) -> Head:
    """The head, bytes that are no UTF-8 read as the text below it is labelled: old programs write both alike."""
    if all(value.isascii() or strict(value, "utf-8") is not None for _, value in root.head.fields):
        return root.head
    labels = (node.parameters.get("charset", "") for node in _nodes(root) if node.kind.startswith("text/"))
    label = next(filter(None, labels), "")
    told = ((name, value if value.isascii() else decode(value, label).encode()) for name, value in root.head.fields)
    return Head(tuple(told))


def _nodes(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.children)


def _received(head: Head) -> int:
    return addresses.when(head.raw("received").rpartition(b";")[2].strip())


def _bounced(root: Node, head: Head, author: str) -> tuple[str, tuple[str, ...]]:
    """Which mail a report is about, by what it carries of it."""
    if not nature.failed(head, root.kind, root.parameters, author):
        return "", ()
    for node in _nodes(root):
        if node.body is not None and node.kind in {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"}:
            return _told_by(split(content.content(node).lstrip(b"\r\n"))[0])
    for node in _nodes(root):
        # Older reports have the mail in their text.
        if node.body is not None and node.kind == "text/plain":
            found = re.search(rb"^Message-ID:\s*(<[^<>\s]{3,400}>)", node.body, re.MULTILINE | re.IGNORECASE)
            if found is not None:
                return found[1].decode("latin-1").strip("<>"), ()
    for node in _nodes(root):
        if node.body is not None and node.kind == "message/disposition-notification":
            told = next(iter(addresses.identifiers(split(content.content(node))[0].raw("original-message-id"), 1)), "")
            if told:
                return told, ()
    return head.plain("original-message-id").strip("<>"), ()


def _told_by(head: Head) -> tuple[str, tuple[str, ...]]:
    identifier = next(iter(addresses.identifiers(head.raw("message-id"), 1)), "")
    return identifier, addresses.identifiers(head.raw("references"))


def _list_address(head: Head) -> str:
    found = re.search(r"mailto:([^>?\s]+)", head.plain("list-post"), re.IGNORECASE)
    return found[1].lower() if found else ""


def _language(head: Head) -> str:
    found = re.match(r"\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\s*\Z", head.plain("content-language").partition(",")[0])
    return found[1] if found else ""


def _fingerprint(head: Head, text: str) -> str:
    mark = blake2b(digest_size=9)
    for name in ("message-id", "from", "date", "subject"):
        mark.update(b" ".join(head.raw(name).split()) + b"\n")
    mark.update(text.encode("utf-8", "replace"))
    return mark.hexdigest()
