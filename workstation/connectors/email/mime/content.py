"""The bytes of a part as they were before they were packed for the way, and its text."""

import binascii
import quopri
import re

from workstation.connectors.email.mime.charsets import decode
from workstation.connectors.email.mime.headers import unpacked
from workstation.connectors.email.mime.tree import Node

BASE64_ONLY = re.compile(rb"[A-Za-z0-9+/=\s]*\Z")
BELOW = re.compile(rb"\r?\n(?:[ \t]*\r?\n)+")
BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,200})\r?$", re.MULTILINE)
UU_END = re.compile(rb"^(?:end|====)[ \t]*\r?$", re.MULTILINE)
META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)


def content(node: Node) -> bytes:
    """What the part holds, unpacked as far as it can be; never raises."""
    return unpack(node.body or b"", node.encoding)


def unpack(raw: bytes, encoding: str) -> bytes:
    """Undo a transfer encoding; what is mislabelled stays as it is."""
    match encoding.strip("\"' ").replace("_", "-"):
        case "base64" | "b":
            packed, below = _parted(raw)
            pieces = packed[:2_000].split()
            if not BASE64_ONLY.match(packed[:2_000]) and len(pieces) > 4 and len(b"".join(pieces)) < 20 * len(pieces):
                return raw  # prose, whatever the label says
            return unpacked(packed) + below
        case "quoted-printable" | "quoted" | "q" | "quoted-printeable":
            return quopri.decodestring(raw)
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return uudecoded(raw)
    return raw


def _parted(raw: bytes) -> tuple[bytes, bytes]:
    """What is packed, and what a server or a list wrote below it as it is, after an empty line."""
    found = BELOW.search(raw)
    if found is None or BASE64_ONLY.match(raw[found.end() :]) or not BASE64_ONLY.match(raw[: found.start()]):
        return raw, b""
    return raw[: found.start()], b"\n\n" + raw[found.end() :]


def uudecoded(raw: bytes) -> bytes:
    """What stands between `begin` and `end`, or the whole where there is no such thing."""
    begun = BEGIN.search(raw)
    if begun is None:
        return raw
    ended = UU_END.search(raw, begun.end())
    lines = raw[begun.end() : ended.start() if ended else len(raw)].splitlines()
    if begun[0].startswith(b"begin-base64"):
        return unpacked(b"".join(lines))
    out: list[bytes] = []
    for line in lines:
        if not line.strip():
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            # Lines are often longer than they say.
            size = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out.append(binascii.a2b_uu(line[:size]))
            except binascii.Error:
                continue
    return b"".join(out)


def text(node: Node) -> str:
    """The text of a part, lines ended by a line feed."""
    raw = content(node)
    label = node.parameters.get("charset", "")
    if node.kind == "text/html" and not label:
        found = META_CHARSET.search(raw[:4_000])
        label = found[1].decode() if found else ""
    return decode(raw, label).replace("\r\n", "\n").replace("\r", "\n")
