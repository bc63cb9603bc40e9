"""Bytes of a document to text: labels are missing, wrong or unknown as often as they are right; pure, never raises."""

import codecs
import re

ALIASES = {
    # What is labelled with the smaller set is written in the larger one; browsers read it so too.
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949", "euc-kr": "cp949", "korean": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "us-ascii": "cp1252", "ascii": "cp1252", "ansi": "cp1252",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "iso-8859-8-i": "iso8859-8",
    "big5": "big5hkscs", "big-5": "big5hkscs", "x-x-big5": "big5hkscs",
    "utf8": "utf-8", "utf_8": "utf-8", "unicode": "utf-8", "x-mac-roman": "mac_roman", "macintosh": "mac_roman",
    "ebcdic-cp-us": "cp037",
}  # fmt: skip
REFUSED = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "utf-7", "hz"}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,39}\Z")
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
ENOUGH = 0.5


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
    strict = _strict(raw, "utf-8")
    if strict is not None:
        return strict  # bytes that are valid UTF-8 by accident are rarer than wrong labels
    for name in named:
        if name in {"utf-8", "cp1252"} or name.startswith(("utf-16", "utf-32")):
            continue  # what everybody says says nothing; two bytes a character would have shown at the beginning
        found = _strict(raw, name)
        if found is not None:
            return found
    lenient = raw.decode("utf-8", "replace")
    if "utf-8" in named and lenient.count("\ufffd") * 4 < sum(sign > "\x7f" for sign in lenient[:SAMPLE]):
        return lenient  # a few bytes are broken
    if "cp1252" in named:
        return raw.decode("cp1252", "replace")
    return _guessed(raw)


def codec(label: str) -> str:
    """The codec that a label means; empty where it means none that can be used."""
    name = label.strip().strip("\"'").lower()
    name = ALIASES.get(name, name)
    if NAME.match(name) is None:
        return ""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError, ImportError):
        return ""
    # Only codecs of text: `zlib` is one too, by its name.
    return info.name if getattr(info, "_is_text_encoding", True) and info.name not in REFUSED else ""


def _strict(raw: bytes, name: str) -> str | None:
    try:
        return raw.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None


KANA = re.compile("[\u3041-\u30ff]{2,}")
HAN = re.compile("[\u4e00-\u9fff]{2,}")
HANGUL = re.compile("[\uac00-\ud7a3]+")
CYRILLIC_SMALL = re.compile("[\u0430-\u044f]{3,}")
CYRILLIC = re.compile("[\u0410-\u044f]{3,}")
HEBREW = re.compile("[\u05d0-\u05ea]{2,}")
GREEK = re.compile("[\u0386-\u03ce]{3,}")
# In this order: the words that tell, and how much of what is not ASCII they must be.
GUESSES = (
    ("cp932", KANA, 0.25), ("euc_jp", KANA, 0.25), ("cp949", HANGUL, 0.8), ("gb18030", HAN, 0.6),
    ("big5hkscs", HAN, 0.6), ("cp1255", HEBREW, 0.85), ("koi8_r", CYRILLIC_SMALL, ENOUGH),
    ("cp1251", CYRILLIC_SMALL, ENOUGH), ("cp1253", GREEK, 0.7), ("cp1251", CYRILLIC, 0.9),
)  # fmt: skip


def _guessed(raw: bytes) -> str:
    """Without a label that holds: the first writing in which the text makes sense, else Western European."""
    for name, words, share in GUESSES:
        text = _strict(raw, name)
        if text is None:
            continue
        sample = "".join(sign if sign > "\x7f" else " " for sign in text)[: SAMPLE * 10]
        foreign = len(sample) - sample.count(" ")
        if foreign and sum(map(len, words.findall(sample))) >= share * foreign:
            return text
    return raw.decode("cp1252", "replace")
