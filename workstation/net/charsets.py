"""Which codec a label means, and what bytes say that none fits: labels are missing or wrong as often as right."""

import codecs
import re

ALIASES = {
    # What is labelled with the smaller set is written in the larger one; browsers read it so too.
    "gb2312": "gb18030", "gb-2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030",
    "cp936": "gb18030", "x-mac-chinesesimp": "gb18030",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949", "euc-kr": "cp949", "korean": "cp949",
    "x-mac-korean": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "x-mac-japanese": "cp932",
    "iso-2022-jp": "iso2022_jp_ext", "iso-2022-jp-1": "iso2022_jp_ext", "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext", "cp50222": "iso2022_jp_ext",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874",
    "iso-8859-8-i": "iso8859-8", "iso-8859-6-i": "iso8859-6",
    "big5": "big5hkscs", "big-5": "big5hkscs", "x-x-big5": "big5hkscs", "x-mac-chinesetrad": "big5hkscs",
    "unicode-1-1-utf-7": "utf-7", "unicode-1-1-utf-8": "utf-8", "utf8mb4": "utf-8", "utf8": "utf-8", "utf_8": "utf-8",
    "unicode": "utf-8",
    "koi8": "koi8_r", "koi": "koi8_r", "koi8-ru": "koi8_u", "dos-866": "cp866", "x-cp866": "cp866",
    "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-ukrainian": "mac_cyrillic", "x-mac-greek": "mac_greek", "x-mac-turkish": "mac_turkish",
    "x-mac-ce": "mac_latin2", "x-mac-centraleurroman": "mac_latin2", "x-mac-icelandic": "mac_iceland",
    "ansi_x3.4-1968": "us-ascii", "ansi_x3.110-1983": "us-ascii",
}  # fmt: skip
REFUSED = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "unicode-escape"}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,39}\Z")
SAMPLE = 200_000
"""Characters by which an unlabelled text is judged."""
ENOUGH = 0.5
KANA = re.compile("[\u3041-\u30ff]{2,}")
HAN = re.compile("[\u4e00-\u9fff]{2,}")
HANGUL = re.compile("[\uac00-\ud7a3]+")
CYRILLIC_SMALL = re.compile("[\u0430-\u045f]{3,}")
CYRILLIC = re.compile("[\u0410-\u044f]{3,}")
HEBREW = re.compile("[\u05d0-\u05ea]{2,}")
HEBREW_OFTEN = bytes.fromhex("e1e4e9ecf8f9fa").decode("cp1255")
RUSSIAN_OFTEN = bytes.fromhex("e2e8eaebedeef0f1f2").decode("cp1255")
GREEK = re.compile("[\u0386-\u03ce]{3,}")
# In this order: the words that tell, and how much of what is not ASCII they must be.
GUESSES = (
    ("cp932", KANA, 0.25), ("euc_jp", KANA, 0.25), ("cp949", HANGUL, 0.8), ("gb18030", HAN, 0.6),
    ("big5hkscs", HAN, 0.6), ("cp1255", HEBREW, 0.85), ("koi8_r", CYRILLIC_SMALL, ENOUGH),
    ("cp1251", CYRILLIC_SMALL, ENOUGH), ("cp1253", GREEK, 0.7), ("cp1251", CYRILLIC, 0.9),
)  # fmt: skip
SHIFT = re.compile(rb"\x1b(\$\([A-Z]|\$[@AB]|\([A-Z])")
"""What changes the set of characters in ISO-2022-JP."""


def codec(label: str) -> str:
    """The codec of text that a label means; empty where it means none that can be used."""
    name = label.strip().strip("\"'").lower()
    name = ALIASES.get(name, name)
    if NAME.match(name) is None:
        return ""
    if name.startswith(("cp-", "x-cp", "win")) and name[-4:].isdecimal():
        name = f"cp{name[-4:]}"
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError, ImportError):
        return ""
    # Only codecs of text: `zlib` is one too, by its name.
    return info.name if getattr(info, "_is_text_encoding", True) and info.name not in REFUSED else ""


def strict(raw: bytes, name: str) -> str | None:
    """The text, if every byte has a meaning."""
    try:
        return raw.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None


def lenient(raw: bytes, name: str) -> str:
    """The text, whatever has no meaning replaced."""
    if name == "iso2022_jp_ext":
        return strict(raw, name) or shifted(raw)
    try:
        return raw.decode(name, "replace")
    except (UnicodeError, LookupError, ValueError):
        return raw.decode("latin-1")


def shifted(raw: bytes) -> str:
    """ISO-2022-JP as it is written: with the signs of Windows that the standard does not know, and single katakana."""
    pieces = SHIFT.split(raw)
    out = [pieces[0].decode("cp1252", "replace")]
    for escape, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if escape in (b"$B", b"$@"):
            out.append(_pairs(piece))
        elif escape == b"(I":
            out.append(bytes(sign | 0x80 for sign in piece).decode("cp932", "replace"))
        elif escape.startswith(b"$"):
            out.append((b"\x1b" + escape + piece).decode("iso2022_jp_ext", "replace"))
        else:
            out.append(piece.decode("cp1252", "replace"))
    return "".join(out)


def _pairs(raw: bytes) -> str:
    """Two bytes a character, as code page 932 orders them."""
    out = bytearray()
    at = 0
    while at < len(raw):
        high, low = raw[at], raw[at + 1] if at + 1 < len(raw) else 0
        if not (0x21 <= high <= 0x7E and 0x21 <= low <= 0x7E):  # the end of a line, or what is broken
            out.append(high & 0x7F)
            at += 1
            continue
        first = ((high - 0x21) >> 1) + 0x81
        second = low + (0x1F if high & 1 else 0x7E)
        out += bytes((first + (0x40 if first > 0x9F else 0), second + (1 if high & 1 and second >= 0x7F else 0)))
        at += 2
    return out.decode("cp932", "replace")


def _is_hebrew(text: str) -> bool:
    """Whether it is not Russian read as Hebrew: by the letters that are frequent in one and rare in the other."""
    return sum(map(text.count, HEBREW_OFTEN)) > sum(map(text.count, RUSSIAN_OFTEN))


def guessed(raw: bytes) -> str:
    """Without a label that holds: the first writing in which the text makes sense, else Western European."""
    for name, words, share in GUESSES:
        text = strict(raw, name)
        if text is None:
            continue
        sample = "".join(sign if sign > "\x7f" else " " for sign in text[:SAMPLE])
        foreign = len(sample) - sample.count(" ")
        fits = foreign and sum(map(len, words.findall(sample))) >= share * foreign
        if fits and (words is not HEBREW or _is_hebrew(sample)):
            return text
    return raw.decode("cp1252", "replace")
