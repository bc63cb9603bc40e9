"""Bytes to text whatever they are labelled: labels are missing, wrong or unknown as often as they are right."""

import codecs
import re

ALIASES = {
    # What is labelled with the smaller set is written in the larger one; browsers read it so too.
    "gb2312": "gb18030",
    "gb-2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "korean": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-1": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "big5": "big5hkscs",
    "big-5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "utf8": "utf-8",
    "unicode": "utf-8",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "ansi_x3.4-1968": "us-ascii",
    "ansi_x3.110-1983": "us-ascii",
}
UNKNOWN = {"", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "unknown", "default", "binary", "8bit", "7bit", "none"}
STATEFUL = {"utf-7", "hz", "hz-gb-2312"}
"""Their bytes are all ASCII: only the label tells."""
REFUSED = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "unicode-escape"}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,39}\Z")
ISO_2022 = (
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"\x1b(?:\$[@B]|\([JI]|\$\([DOQ])"), "iso2022_jp_ext"),
)
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
C1 = re.compile("[\x80-\x9f]")
CYRILLIC = re.compile(rb"[\xc0-\xff]{3,}")


def codec(label: str) -> str:
    """The codec that a label means; empty where it means none that can be used."""
    name = label.strip().strip("\"'").lower()
    name = ALIASES.get(name, name)
    if name in UNKNOWN or NAME.match(name) is None:
        return ""
    if name.startswith(("cp-", "x-cp", "windows")) and name[-4:].isdecimal():
        name = f"cp{name[-4:]}"
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError, ImportError):
        return ""
    # Only codecs of text: `zlib` is one too, by its name.
    return info.name if getattr(info, "_is_text_encoding", True) and info.name not in REFUSED else ""


def decode(raw: bytes, label: str = "") -> str:
    """The text, as readable as it can be made; never raises."""
    if b"\0" in raw[:4] or raw[:3] == codecs.BOM_UTF8 or raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        marked = _marked(raw)
        if marked is not None:
            return marked
    named = codec(label)
    if named in STATEFUL or named.startswith(("utf-16", "utf-32")):
        return _lenient(raw, named)
    if raw.isascii():
        return _ascii(raw, named)
    strict = _strict(raw, "utf-8")
    if strict is not None:
        return strict  # bytes that are valid UTF-8 by accident are rarer than wrong labels
    if named and named != "utf-8":
        found = _strict(raw, named)
        if found is not None:
            return found
    if named == "utf-8" or not named:
        return _unlabelled(raw, claims_utf8=named == "utf-8")
    return _lenient(raw, named)


def _ascii(raw: bytes, named: str) -> str:
    if b"\x1b" in raw:
        for pattern, name in ISO_2022:
            if pattern.search(raw):
                return _lenient(raw, name)
    if named == "hz":
        return _lenient(raw, named)
    return raw.decode("ascii")


def _marked(raw: bytes) -> str | None:
    for mark, name in BOMS:
        if raw.startswith(mark):
            return _lenient(raw, name)
    return None


def _strict(raw: bytes, name: str) -> str | None:
    try:
        return raw.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None


def _lenient(raw: bytes, name: str) -> str:
    try:
        return raw.decode(name, "replace")
    except (UnicodeError, LookupError, ValueError):
        return raw.decode("latin-1")


def _unlabelled(raw: bytes, *, claims_utf8: bool) -> str:
    lenient = raw.decode("utf-8", "replace")
    broken, good = lenient.count("\ufffd"), sum(map(str.isalpha, filter(lambda sign: sign > "\x7f", lenient)))
    if claims_utf8 and good > broken:
        return lenient  # cut in the middle of a character, mostly
    if len(CYRILLIC.findall(raw)) >= 2:
        russian = _strict(raw, "cp1251")
        foreign = sum(sign > "\x7f" for sign in russian or "")
        if russian is not None and sum("а" <= sign <= "я" for sign in russian) * 2 > foreign:
            return russian
    found = _strict(raw, "cp1252")
    if found is not None:
        return found
    for name in ("gb18030", "cp932"):
        found = _strict(raw, name)
        if found is not None and C1.search(found) is None:
            return found
    return raw.decode("latin-1")
