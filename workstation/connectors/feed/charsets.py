"""Bytes of a document to text: labels are missing, wrong or unknown as often as they are right; pure, never raises."""

import codecs
import re

from workstation.net import charsets

PLAIN = {"us-ascii", "ascii", "ansi"}
"""Labels of documents that say only that they are nothing special."""
EBCDIC = "ebcdic-cp-us"
REFUSED = {"utf-7", "hz"}
"""Nobody writes feeds in these, but they hide marks from whoever looks for them."""
BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SHAPES = (
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0<\0", "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
"""How a document begins whose characters have two or four bytes, or are EBCDIC."""
DECLARED = re.compile(rb"""<\?xml\b[^<>]{0,200}?\bencoding\s*=\s*["']([^"'<>]{1,40})["']""", re.IGNORECASE)
LABEL = re.compile(r"""charset\s*=\s*["']?([^\s"';,]{1,40})""", re.IGNORECASE)
HEAD = 2_000
SAMPLE = 20_000


def decoded(raw: bytes, content_type: str = "") -> str:
    """The text of a document that came with this content type."""
    for mark, name in BOMS:
        if raw.startswith(mark):
            return raw.decode(name, "replace")
    start = raw.lstrip(b" \t\r\n")[:4]
    for shape, name in SHAPES:
        if start.startswith(shape):
            return raw.decode(name, "replace")
    declared = DECLARED.search(raw[:HEAD])
    labelled = LABEL.search(content_type)
    labels = [labelled[1] if labelled else "", declared[1].decode("ascii", "replace") if declared else ""]
    return _labelled(raw, [found for label in labels if (found := codec(label))])


def _labelled(raw: bytes, named: list[str]) -> str:
    if raw.isascii() and not any(name.startswith(("utf-16", "utf-32", "cp037", "iso2022")) for name in named):
        return raw.decode("ascii")
    escaped = next((name for name in named if name.startswith("iso2022")), "")
    if escaped and b"\x1b" in raw:
        return charsets.lenient(raw, escaped)
    strict = charsets.strict(raw, "utf-8")
    if strict is not None:
        return strict  # bytes that are valid UTF-8 by accident are rarer than wrong labels
    for name in named:
        if name in {"utf-8", "cp1252"} or name.startswith(("utf-16", "utf-32")):
            continue  # what everybody says says nothing; two bytes a character would have shown at the beginning
        found = charsets.strict(raw, name)
        if found is not None:
            return found
    lenient = raw.decode("utf-8", "replace")
    if "utf-8" in named and lenient.count("\ufffd") * 4 < sum(sign > "\x7f" for sign in lenient[:SAMPLE]):
        return lenient  # a few bytes are broken
    if "cp1252" in named:
        return raw.decode("cp1252", "replace")
    return charsets.guessed(raw)


def codec(label: str) -> str:
    """The codec that a label means; empty where it means none that can be used."""
    name = label.strip().strip("\"'").lower()
    if name in PLAIN:
        return "cp1252"
    found = charsets.codec("cp037" if name == EBCDIC else name)
    return "" if found in REFUSED else found
