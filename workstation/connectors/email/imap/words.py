"""What a client writes: strings, names of mailboxes, dates; pure."""

import base64
import re
from datetime import UTC, datetime

import msgspec

PLAIN = re.compile(rb"[\x20-\x7e]{0,900}\Z")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DATE_TIME = re.compile(r"\s*(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\Z")


class Literal(msgspec.Struct, frozen=True):
    """Bytes that are announced by their size."""

    content: bytes


Piece = bytes | Literal
Command = tuple[Piece, ...]
"""A command without its tag and its end: bytes as they stand, literals between them."""


def command(*pieces: str | Piece) -> Command:
    """Words joined by spaces; what is str is written as it is."""
    made: list[Piece] = []
    for piece in pieces:
        given = piece.encode("utf-8") if isinstance(piece, str) else piece
        if made:
            given = Literal(given.content) if isinstance(given, Literal) else given
            last = made[-1]
            if isinstance(last, bytes):
                made[-1] = last + b" "
            else:
                made.append(b" ")
        if isinstance(given, bytes) and made and isinstance(made[-1], bytes):
            made[-1] += given
        else:
            made.append(given)
    return tuple(made)


def string(given: str | bytes) -> Piece:
    """A quoted string, or a literal where that cannot be written."""
    raw = given.encode("utf-8", "replace") if isinstance(given, str) else given
    if PLAIN.match(raw) is None:
        return Literal(raw)
    return b'"' + raw.replace(b"\\", rb"\\").replace(b'"', rb"\"") + b'"'


def mailbox(name: str) -> Piece:
    """The name of a mailbox as it is written: modified UTF-7."""
    return string(encoded_name(name))


def encoded_name(name: str) -> str:
    """Modified UTF-7 (RFC 3501, 5.1.3)."""
    out: list[str] = []
    foreign = ""
    for sign in [*name, ""]:
        if sign and not "\x20" <= sign <= "\x7e":
            foreign += sign
            continue
        if foreign:
            packed = base64.b64encode(foreign.encode("utf-16-be", "surrogatepass")).decode().rstrip("=")
            out.append(f"&{packed.replace('/', ',')}-")
            foreign = ""
        out.append("&-" if sign == "&" else sign)
    return "".join(out)


def decoded_name(name: str) -> str:
    """The name of a mailbox as people read it; what is no modified UTF-7 stays as it is."""

    def piece(found: re.Match[str]) -> str:
        packed = found[1]
        if not packed:
            return "&"
        try:
            raw = base64.b64decode(packed.replace(",", "/") + "=" * (-len(packed) % 4))
            return raw.decode("utf-16-be")
        except (ValueError, UnicodeDecodeError):
            return found[0]

    return re.sub(r"&([A-Za-z0-9+,]*)-", piece, name)


def date(micros: int) -> str:
    """A day as SEARCH wants it."""
    day = datetime.fromtimestamp(max(0, micros) / 1_000_000, UTC)
    return f"{day.day}-{MONTHS[day.month - 1]}-{day.year}"


def date_time(micros: int) -> bytes:
    """A moment as APPEND wants it."""
    moment = datetime.fromtimestamp(max(0, micros) / 1_000_000, UTC)
    return f'"{moment.day:2d}-{MONTHS[moment.month - 1]}-{moment:%Y %H:%M:%S} +0000"'.encode()


def moment(told: str) -> int:
    """An INTERNALDATE in microseconds UTC, 0 where it cannot be read."""
    found = DATE_TIME.match(told)
    if found is None or found[2].title() not in MONTHS:
        return 0
    day, month, year, hour, minute, second = (
        int(found[1]),
        MONTHS.index(found[2].title()) + 1,
        int(found[3]),
        int(found[4]),
        int(found[5]),
        min(int(found[6]), 59),
    )
    offset = (int(found[8]) * 60 + int(found[9])) * (-1 if found[7] == "-" else 1)
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return 0
    return max(0, int(at.timestamp()) - offset * 60) * 1_000_000
