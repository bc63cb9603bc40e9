"""Bytes to text whatever they are labelled: labels are missing, wrong or unknown as often as they are right."""

import codecs
import re
from functools import lru_cache

from workstation.net import charsets
from workstation.net.charsets import guessed, lenient, strict

UNKNOWN = {"", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "unknown", "default", "binary", "8bit", "7bit", "none"}
STATEFUL = {"utf-7", "hz", "hz-gb-2312"}
"""Their bytes are all ASCII: only the label tells."""
ISO_2022 = (
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"\x1b(?:\$[@B]|\([JI]|\$\([DOQ])"), "iso2022_jp_ext"),
)
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@lru_cache(maxsize=256)
def codec(label: str) -> str:
    """The codec that a label means; empty where it means none, or says nothing."""
    name = label.strip().strip("\"'").lower()
    found = "" if name in UNKNOWN else charsets.codec(name)
    return "" if found == "ascii" else found


def decode(raw: bytes, label: str = "") -> str:
    """The text, as readable as it can be made; never raises."""
    if b"\0" in raw[:4] or raw[:3] == codecs.BOM_UTF8 or raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        marked = _marked(raw)
        if marked is not None:
            return marked
    named = codec(label)
    if named in STATEFUL or named.startswith(("utf-16", "utf-32")):
        return lenient(raw, named)
    if raw.isascii():
        return _ascii(raw, named)
    found = strict(raw, "utf-8")
    if found is not None:
        return found  # bytes that are valid UTF-8 by accident are rarer than wrong labels
    if named and named != "utf-8":
        found = strict(raw, named)
        if found is not None:
            return found
    if named == "utf-8" or not named:
        return _unlabelled(raw, claims_utf8=named == "utf-8")
    return lenient(raw, named)


def _ascii(raw: bytes, named: str) -> str:
    if b"\x1b" in raw:
        for pattern, name in ISO_2022:
            if pattern.search(raw):
                return lenient(raw, name)
    if named == "hz":
        return lenient(raw, named)
    return raw.decode("ascii")


def _marked(raw: bytes) -> str | None:
    for mark, name in BOMS:
        if raw.startswith(mark):
            return lenient(raw, name)
    return None


def _unlabelled(raw: bytes, *, claims_utf8: bool) -> str:
    text = raw.decode("utf-8", "replace")
    broken, good = text.count("\ufffd"), sum(map(str.isalpha, filter(lambda sign: sign > "\x7f", text)))
    # One that is broken here and there was cut in the middle of a character, mostly.
    return text if claims_utf8 and 0 < good >= broken else guessed(raw)
