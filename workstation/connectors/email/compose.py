"""The mail that an operation means: pure, the same bytes at every attempt."""

import quopri
import re
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime
from uuid import UUID

import msgspec

from workstation.connectors.email.mime.addresses import Address
from workstation.connectors.email.mime.flowed import flowed
from workstation.connectors.email.mime.mail import Mail
from workstation.domain.outbox import HOLDING, Operation
from workstation.net.plain import harmless, one_line

REFERENCES_CAP = 40
ANSWERS = re.compile(
    r"\s*(?:re|aw|antw|sv|vs|odp|res|ynt|vá|ref|回复|答复|回覆|返信)(?:\s*\[\d+\])?\s*[:：]\s*", re.IGNORECASE
)
OWN_ID = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})@", re.IGNORECASE)
EPOCH = 1_577_836_800_000_000
"""2020: from here the dates of operations without a time of their own are derived."""
SPREAD = 31_536_000


class Outgoing(msgspec.Struct, frozen=True):
    """A mail ready to leave."""

    message_id: str
    recipients: tuple[str, ...]
    raw: bytes


def message_id(operation: Operation, domain: str) -> str:
    """The id, without brackets: from the operation and the account's domain alone, never from this machine."""
    return f"{operation.id.lower()}@{ascii_domain(domain)}"


def operation_of(identifier: str, domain: str) -> str:
    """The operation that a mail of ours was sent for, or empty."""
    found = OWN_ID.match(identifier)
    return found[1].lower() if found and identifier[found.end() :].lower() == ascii_domain(domain) else ""


def ascii_domain(domain: str) -> str:
    """A domain as it is written on the wire."""
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return domain.lower()


def wire_address(address: str) -> str:
    """An address with its domain as it is written on the wire."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def answer_subject(subject: str) -> str:
    """`Re: ` and the subject without the marks of other languages."""
    bare = subject
    while (found := ANSWERS.match(bare)) is not None:
        bare = bare[found.end() :]
    return f"Re: {bare.strip()}".strip()


def compose(
    operation: Operation,
    sender: Address,
    to: tuple[Address, ...],
    subject: str,
    answered: Mail | None = None,
    answered_id: str = "",
) -> Outgoing:
    """The whole mail."""
    identifier = message_id(operation, sender.address.rpartition("@")[2])
    fields = [
        ("Date", format_datetime(_date(operation))),
        ("From", _mailbox(sender)),
        ("To", ", ".join(_mailbox(address) for address in to)),
        ("Subject", _encoded(one_line(subject, 900), 9)),
        ("Message-ID", f"<{identifier}>"),
    ]
    if answered_id:
        fields.append(("In-Reply-To", f"<{answered_id}>"))
        fields.append(("References", _chain(answered, answered_id)))
    if operation.options.get(HOLDING):
        fields.append(("Auto-Submitted", "auto-replied"))
    fields.append(("MIME-Version", "1.0"))
    encoding, body = _body(operation.text)
    fields.append(("Content-Type", 'text/plain; charset="utf-8"; format=flowed'))
    fields.append(("Content-Transfer-Encoding", encoding))
    if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", operation.language):
        fields.append(("Content-Language", operation.language))
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    recipients = tuple(dict.fromkeys(wire_address(address.address) for address in to))
    return Outgoing(identifier, recipients, head.encode("utf-8") + b"\r\n" + body)


def _date(operation: Operation) -> datetime:
    at = operation.at or EPOCH + (UUID(operation.id).int % SPREAD) * 1_000_000
    return datetime.fromtimestamp(at // 1_000_000, UTC)


def _chain(answered: Mail | None, answered_id: str) -> str:
    """The ids before and the one that is answered, one to a line; of long chains the first and the latest."""
    chain: list[str] = []
    if answered is not None:
        chain = list(answered.references) or [item for item in (answered.in_reply_to,) if item]
    chain = [item for item in dict.fromkeys(chain) if item != answered_id]
    if len(chain) >= REFERENCES_CAP:
        chain = [chain[0], *chain[-(REFERENCES_CAP - 2) :]]
    return "\r\n ".join(f"<{item}>" for item in (*chain, answered_id))


def _mailbox(address: Address) -> str:
    spot = f"<{wire_address(address.address)}>"
    name = one_line(address.name, 120)
    if not name:
        return spot
    if name.isascii():
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" {spot}'
    return f"{_encoded(name, 10)} {spot}"


def _encoded(text: str, taken: int) -> str:
    if text.isascii() and len(text) + taken < 900:
        folded = Header(text, "us-ascii", header_name="x" * taken, continuation_ws=" ").encode(linesep="\r\n")
        return folded if "\n" not in folded.replace("\r\n ", "") else text
    return Header(text, "utf-8", header_name="x" * taken, continuation_ws=" ").encode(linesep="\r\n")


def _body(text: str) -> tuple[str, bytes]:
    clean = flowed(harmless(text.replace("\r\n", "\n").replace("\r", "\n"))).rstrip("\n") + "\n"
    raw = clean.encode("utf-8", "replace")
    if raw.isascii() and all(len(line) < 900 for line in raw.split(b"\n")):
        return "7bit", raw.replace(b"\n", b"\r\n")
    packed = b"\n".join(quopri.encodestring(line) for line in raw.split(b"\n"))
    return "quoted-printable", packed.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
