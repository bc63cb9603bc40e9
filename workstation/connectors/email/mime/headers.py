"""Header fields: unfolding, encoded words (RFC 2047), parameters (RFC 2231), whatever stands in them."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

import msgspec

from workstation.connectors.email.mime.charsets import decode

HEAD_CAP = 256 << 10
"""Bytes of a head that are read."""
FIELD_CAP = 64 << 10
FIELDS_CAP = 1_000
END = re.compile(rb"\r\n\r\n|\n\n|\r\r(?!\n)|\n\r\n|\A(?:\r\n|\n|\r)")
BREAK = re.compile(rb"\r\n|\n|\r")
FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:[ \t]*(.*)\Z", re.DOTALL)
WORD = re.compile(
    r"=\?([^?\s]{1,60})\?([bBqQ])\?(.{0,4000}?)\?=(?:[ \t\r\n]*(?==\?[^?\s]{1,60}\?[bBqQ]\?))?", re.DOTALL
)
PIECE = re.compile(r"([^*\s]+?)(?:\*(\d{1,4}))?(\*)?\Z")


class Head(msgspec.Struct, frozen=True):
    """The fields of a head: names in lower case, values as they came, unfolded."""

    fields: tuple[tuple[str, bytes], ...] = ()
    firsts: dict[str, bytes] = {}
    """The first value of each: some thirty of them are asked for of every mail."""

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "firsts", dict(reversed(self.fields)))

    def raw(self, name: str) -> bytes:
        """The first value of a field, or nothing."""
        return self.firsts.get(name, b"")

    def all(self, name: str) -> Iterator[bytes]:
        """Every value of a field."""
        return (value for key, value in self.fields if key == name)

    def has(self, name: str) -> bool:
        """Whether there is such a field."""
        return name in self.firsts

    def text(self, name: str) -> str:
        """The first value of a field as text, encoded words read."""
        return words(self.raw(name))

    def plain(self, name: str) -> str:
        """The first value of a field that is ASCII by its grammar."""
        value = self.firsts.get(name)
        return value.decode("latin-1").strip() if value else ""


def split(raw: bytes, start: int = 0, end: int | None = None) -> tuple[Head, int]:
    """The head that begins at `start`, and where the body does."""
    end = len(raw) if end is None else end
    window = raw[start : min(end, start + HEAD_CAP)]
    found = END.search(window)
    if found is None:  # the rest of a head over its cap is left out
        beyond = END.search(raw, start + HEAD_CAP, end) if len(window) == HEAD_CAP else None
        return head(window), beyond.end() if beyond is not None else end
    return head(window[: found.start()]), start + found.end()


def head(raw: bytes) -> Head:
    """The fields of a block of lines; lines that are none are left out."""
    fields: list[tuple[str, list[bytes]]] = []
    sizes = 0
    for line in BREAK.split(raw):
        if line[:1] in (b" ", b"\t"):
            if fields and sizes < FIELD_CAP:
                fields[-1][1].append(line.strip())
                sizes += len(line)
            continue
        found = FIELD.match(line)
        if found is None:
            continue
        if len(fields) >= FIELDS_CAP:
            break
        fields.append((found[1].decode("latin-1").lower(), [found[2].strip()[:FIELD_CAP]]))
        sizes = len(line)
    return Head(tuple((name, b" ".join(piece for piece in pieces if piece)) for name, pieces in fields))


def words(raw: bytes) -> str:
    """A field's value as text. Encoded words are read even where they must not stand, as in the middle of a word."""
    if b"=?" not in raw:
        return decode(raw)
    text = decode(raw)
    out: list[str] = []
    at = 0
    waiting: tuple[str, bytes] | None = None
    for found in WORD.finditer(text):
        if waiting is not None and found.start() != at:
            out.append(decode(waiting[1], waiting[0]))
            waiting = None
        out.append(text[at : found.start()])
        at = found.end()
        charset = found[1].partition("*")[0].lower()
        payload = _payload(found[2], found[3])
        # Characters are cut in two between words: those of one charset are joined before they are read.
        if waiting is not None and waiting[0] == charset:
            waiting = (charset, waiting[1] + payload)
        else:
            if waiting is not None:
                out.append(decode(waiting[1], waiting[0]))
            waiting = (charset, payload)
    if waiting is not None:
        out.append(decode(waiting[1], waiting[0]))
    return "".join(out) + text[at:]


def _payload(encoding: str, text: str) -> bytes:
    if encoding in "bB":
        return unpacked(text.encode("ascii", "ignore"))
    raw = re.sub(r"[\r\n]+\s*", "", text).replace("_", " ").encode("utf-8", "replace")
    return quopri.decodestring(raw)


def unpacked(raw: bytes) -> bytes:
    """Base64 without minding its errors: foreign signs go, a missing end is made up for."""
    clean = re.sub(rb"[^A-Za-z0-9+/=_-]+", b"", raw).replace(b"-", b"+").replace(b"_", b"/")
    pieces = []
    for piece in re.split(rb"=+", clean):
        whole = piece[: len(piece) - 1] if len(piece) % 4 == 1 else piece
        try:
            pieces.append(base64.b64decode(whole + b"=" * (-len(whole) % 4)))
        except (binascii.Error, ValueError):
            continue
    return b"".join(pieces)


def parameterised(raw: bytes) -> tuple[str, dict[str, str]]:
    """The value of a field such as Content-Type in lower case, and its parameters as text."""
    pieces = list(_pieces(raw[:FIELD_CAP]))
    value = re.sub(r"\([^()]*\)", "", pieces[0].decode("latin-1")).strip().lower() if pieces else ""
    given: dict[str, bytes] = {}
    for piece in pieces[1:200]:
        name, equal, content = piece.partition(b"=")
        if equal:
            given.setdefault(name.strip().decode("latin-1").lower(), _unquoted(content.strip()))
    return value, joined(given)


def _pieces(raw: bytes) -> Iterator[bytes]:
    """What stands between semicolons that are not quoted."""
    start, quoted, escaped = 0, False, False
    for index, sign in enumerate(raw):
        if escaped:
            escaped = False
        elif sign == 0x5C and quoted:
            escaped = True
        elif sign == 0x22:
            quoted = not quoted
        elif sign == 0x3B and not quoted:
            yield raw[start:index]
            start = index + 1
    yield raw[start:]


def _unquoted(raw: bytes) -> bytes:
    if raw[:1] == b'"':
        inner = re.match(rb'"((?:[^"\\]|\\.)*)', raw, re.DOTALL)
        return re.sub(rb"\\(.)", rb"\1", inner[1]) if inner else raw
    return raw


def joined(given: dict[str, bytes]) -> dict[str, str]:
    """Parameters as text: those in numbered pieces put together, percent signs and encoded words read."""
    found: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, bytes]]] = {}
    for key, value in given.items():
        match = PIECE.match(key)
        if match is None or (match[2] is None and match[3] is None):
            found.setdefault(key, words(value))
        else:
            pieces.setdefault(match[1], []).append((int(match[2] or 0), match[3] is not None, value))
    for key, parts in pieces.items():
        charset = ""
        raw = b""
        for index, (_, extended, value) in enumerate(sorted(parts, key=lambda part: part[0])):
            content = value
            if extended:
                if index == 0 and value.count(b"'") >= 2:
                    label, _, content = value.split(b"'", 2)
                    charset = label.decode("latin-1")
                content = unquote_to_bytes(content)
            raw += content
        found[key] = decode(raw, charset)
    return found
