"""Who a mail is from and to: addresses and message ids out of fields that follow no grammar; dates likewise."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_tz

import msgspec

from workstation.connectors.email.mime.headers import words
from workstation.net.plain import one_line

ADDRESS_CAP = 320
MOST = 500
TEXT_CAP = 100_000
SPOT = re.compile(r"[^\s<>\"(),:;@\[\]]{1,256}@(?:\[[0-9A-Fa-f.:]{1,60}\]|[^\s<>\"(),:;@\[\]]{1,256})")
IDENTIFIER = re.compile(r"<\s*([^<>\s]{1,900})\s*>")
COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
BARE = re.compile(r"[^<>\s,;\"]{1,400}@[^<>\s,;\"]{1,400}")
EARLIEST = 631_152_000_000_000
"""1990: earlier dates are wrong ones."""


class Address(msgspec.Struct, frozen=True):
    """A mailbox: its address, domain in lower case, and the name it goes by (may be empty)."""

    address: str
    name: str = ""

    @property
    def key(self) -> str:
        """The address for comparing."""
        return self.address.lower()


def addresses(raw: bytes) -> tuple[Address, ...]:
    """The mailboxes in a field; groups are taken apart, what is no address is left out."""
    if not raw:
        return ()
    found: list[Address] = []
    text = _text(raw)
    for piece in entries(text) if "," in text or ";" in text else (text,):
        made = _mailbox(piece)
        if made is not None:
            found.append(made)
        if len(found) >= MOST:
            break
    return tuple(found)


def sender(raw: bytes) -> Address:
    """Who a mail claims to be from; where no address can be read, the name is what stands there."""
    found = addresses(raw)
    if found:
        return found[0]
    return Address("", one_line(words(raw).strip('<>" ')))


def _text(raw: bytes) -> str:
    # Names are read after the entries are taken apart: an encoded name may hold a comma.
    return raw[:TEXT_CAP].decode("utf-8", "surrogateescape")


def entries(text: str) -> list[str]:
    """What stands between commas and semicolons outside quotes, brackets and comments."""
    pieces: list[str] = []
    start, quoted, angle, depth, escaped = 0, False, False, 0, False
    for index, sign in enumerate(text):
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        elif sign == '"' and not angle:
            quoted = not quoted
        elif quoted:
            continue
        elif sign == "<":
            angle = True
        elif sign == ">":
            angle = False
        elif sign == "(" and not angle:
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
        elif sign in ",;" and not depth and not angle:
            pieces.append(text[start:index])
            start = index + 1
    pieces.append(text[start:])
    if quoted or angle:  # quotes or brackets that never end: better taken apart too far than not at all
        return re.split(r"[,;]", text)
    return pieces


def _mailbox(piece: str) -> Address | None:
    left, angle, right = piece.rpartition("<")
    inside = right.partition(">")[0] if angle else piece
    inside = COMMENT.sub("", inside)
    inside = inside.rpartition(":")[2] if ":" in inside and "[" not in inside else inside
    spot = SPOT.search(inside) or SPOT.search(piece)
    if spot is None:
        return None
    address = spot[0].strip(".").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if len(address) > ADDRESS_CAP or not address.isprintable():
        return None
    local, _, domain = address.rpartition("@")
    if angle:
        name = left.rpartition(":")[2] if left.count(":") == 1 and '"' not in left else left
    else:
        comment = re.search(r"\(([^()]*)\)", piece)
        name = comment[1] if comment else ""
    return Address(f"{local}@{domain.lower()}", _name(name))


def _name(text: str) -> str:
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        text = re.sub(r"\\(.)", r"\1", text[1:-1])
    elif '"' in text:  # quoted in part
        text = re.sub(r'\\(.)|"', r"\1", text)
    return one_line(words(text.encode("utf-8", "surrogateescape")).strip(), 120)


def identifiers(raw: bytes, most: int = 100) -> tuple[str, ...]:
    """The message ids in a field, without brackets; of long chains the first and the latest ones."""
    text = raw[:TEXT_CAP].decode("utf-8", "replace")
    found = [item for item in IDENTIFIER.findall(text) if item.isprintable()]
    if not found:
        found = [item for item in BARE.findall(text) if item.isprintable()]
    found = list(dict.fromkeys(item[:900] for item in found))
    return tuple(found if len(found) <= most else [found[0], *found[-(most - 1) :]])


def when(raw: bytes) -> int:
    """A date field in microseconds UTC; 0 where it cannot be read or cannot be true."""
    text = raw[:200].decode("latin-1")
    try:
        told = parsedate_tz(text)
        if told is None:
            return 0
        year, month, day, hour, minute, second = told[:6]
        offset = told[9] or 0
        at = int(datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC).timestamp()) - offset
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0
    micros = at * 1_000_000
    return micros if micros >= EARLIEST else 0
