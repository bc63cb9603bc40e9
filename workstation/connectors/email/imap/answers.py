"""What responses mean: status, data, a request to go on; pure."""

import re
from collections.abc import Iterable

import msgspec

from workstation.connectors.email.imap.framing import Frame
from workstation.connectors.email.imap.tokens import Tokens, Value
from workstation.domain.errors import ProtocolChangedError
from workstation.net.plain import one_line

LINE = re.compile(rb"([^ \t]+)(?:[ \t]+(.*))?\Z", re.DOTALL)
STATUS = re.compile(rb"(OK|NO|BAD|BYE|PREAUTH)(?:[ \t]+(.*))?\Z", re.IGNORECASE | re.DOTALL)
CODE = re.compile(rb"\[([A-Za-z0-9-]+)(?:[ \t]+([^\]]*))?\][ \t]*")
NUMBERED = re.compile(rb"(\d{1,18})[ \t]+([A-Za-z]+)")
MOST_UIDS = 1_000_000
MOST_SPANS = 50_000
LARGEST = (1 << 63) - 1


class Status(msgspec.Struct, frozen=True):
    """OK, NO, BAD, BYE or PREAUTH. `tag` is "*" where nobody asked; `text` is one line for people."""

    tag: str
    word: str
    code: str = ""
    arguments: str = ""
    text: str = ""

    @property
    def good(self) -> bool:
        """Whether it was done."""
        return self.word in {"OK", "PREAUTH"}


class Data(msgspec.Struct, frozen=True):
    """Untagged data: its name in capitals, its number where it has one, and its values."""

    name: str
    number: int
    values: list[Value]


class GoOn(msgspec.Struct, frozen=True):
    """The server waits for the rest of a command; `text` may be a challenge."""

    text: bytes


Response = Status | Data | GoOn


def response(frame: Frame) -> Response:
    """The meaning of a frame; ProtocolChangedError where it has none."""
    found = LINE.match(frame[0])
    if found is None:
        raise ProtocolChangedError(where="imap")
    tag, rest = found[1], found[2] or b""
    if tag == b"+":
        return GoOn(rest)
    status = STATUS.match(rest)
    if status is not None:
        return _status(tag.decode("latin-1"), status[1].decode().upper(), status[2] or b"")
    if tag != b"*":
        raise ProtocolChangedError(where="imap")
    return _data(frame, len(frame[0]) - len(rest), rest)


def _status(tag: str, word: str, text: bytes) -> Status:
    code = CODE.match(text)
    said = one_line((text[code.end() :] if code else text).decode("utf-8", "replace"))
    if code is None:
        return Status(tag, word, text=said)
    return Status(tag, word, code[1].decode().upper(), (code[2] or b"").decode("latin-1"), said)


def _data(frame: Frame, start: int, rest: bytes) -> Data:
    numbered = NUMBERED.match(rest)
    if numbered is not None:
        values = Tokens(frame, start + numbered.end()).values()
        return Data(numbered[2].decode().upper(), int(numbered[1]), values)
    values = Tokens(frame, start).values()
    name = values[0] if values else None
    if not isinstance(name, str):
        raise ProtocolChangedError(where="imap")
    return Data(name.upper(), 0, values[1:])


def fetched(data: Data) -> dict[str, Value]:
    """The items of a FETCH by name in capitals; ProtocolChangedError where they are no pairs."""
    items = data.values[0] if data.values else None
    if not isinstance(items, list) or len(items) % 2:
        raise ProtocolChangedError(where="imap FETCH")
    found: dict[str, Value] = {}
    for name, value in zip(items[::2], items[1::2], strict=True):
        if isinstance(name, str):
            found[name.upper()] = value
    return found


def number(value: Value) -> int:
    """A number, or 0."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return int(text) if isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 19 else 0


def text(value: Value) -> str:
    """An atom or a string as text; anything else is empty."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else ""


def words(value: Value) -> tuple[str, ...]:
    """The atoms of a list, such as flags."""
    return tuple(text(item) for item in value if isinstance(item, str | bytes)) if isinstance(value, list) else ()


def uids(told: str, most: int = MOST_UIDS) -> list[int]:
    """The numbers of a set such as `3:5,9`, at most `most`; unreadable pieces are left out."""
    found: list[int] = []
    for piece in told.split(","):
        first, _, last = piece.strip().partition(":")
        low, high = number(first), number(last or first)
        if not low or not high:
            continue
        low, high = min(low, high), max(low, high)
        found += range(low, min(high, low + most - len(found) - 1) + 1)
        if len(found) >= most:
            break
    return found


def ranges(told: str) -> list[tuple[int, int]]:
    """The spans of a set such as `3:5,9`, both ends included, never spelled out; at most MOST_SPANS."""
    found: list[tuple[int, int]] = []
    for piece in told.split(",", MOST_SPANS)[:MOST_SPANS]:
        first, _, last = piece.strip().partition(":")
        low, high = number(first), number(last or first)
        if low and high:
            found.append((min(low, high), max(low, high)))
    return found


def uid_set(numbers: Iterable[int]) -> str:
    """Numbers as a set with spans, such as `3:5,9`."""
    spans: list[list[int]] = []
    for item in sorted(set(numbers)):
        if spans and item == spans[-1][1] + 1:
            spans[-1][1] = item
        else:
            spans.append([item, item])
    return ",".join(str(low) if low == high else f"{low}:{high}" for low, high in spans)
