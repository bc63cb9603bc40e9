"""What of a post tells its language: its words, without addresses, names, figures and pictures; and its scripts."""

import unicodedata
from collections import Counter

import regex

LONGEST = 2_000
"""Characters that are looked at: no language is plainer after more, and strangers may send ten million."""
_RAW = 8_000

_LINK = regex.compile(r"(?:https?://|www\.)\S+", regex.I)
_ADDRESS = regex.compile(r"\b[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{2,64}|\b[a-z0-9-]{1,64}\.[a-z]{2,6}/\S*", regex.I)
_MENTION = regex.compile(r"(?<!\w)[@＠][\w.-]+(?:@[\w.-]+)?|(?<!\w)/?u/\w+|^\s*RT\b:?|(?<!\w)RT(?=\s+[@＠])|:\w{2,40}:")
_HASHTAG = regex.compile(r"[#＃](\w+)")
_HUMP = regex.compile(r"(?<=\p{Ll})(?=\p{Lu})|_")
_WITH_DIGIT = regex.compile(r"(?<!\p{Latin})\p{Latin}{0,20}\d[\d\p{Latin}]*")
_NO_LETTER = regex.compile(r"[^\p{L}\p{M}\p{P}\s]+|[\p{Cf}--[\u200c\u200d]]+", regex.V1)
_PILED = regex.compile(r"(?<=\p{Mn}\p{Mn})\p{Mn}+|(?<=[A-Za-z]\p{Mn})\p{Mn}+")
_DRAWN_OUT = regex.compile(r"(\p{L})\1{3,}")
_BREAK = regex.compile(r"\s*[\n\r\u2028\u2029]\s*")
_BLANK = regex.compile(r"[^\S\n]+")
_WORD = regex.compile(r"[\p{L}\p{M}\u200c\u200d'’]+")

_SPANS: tuple[tuple[int, int, str], ...] = (
    (0x0000, 0x027F, "Latn"), (0x0300, 0x03FF, "Grek"), (0x0400, 0x052F, "Cyrl"), (0x0530, 0x058F, "Armn"),
    (0x0590, 0x05FF, "Hebr"), (0x0600, 0x077F, "Arab"), (0x0780, 0x07BF, "Thaa"), (0x0880, 0x08FF, "Arab"),
    (0x0900, 0x097F, "Deva"), (0x0980, 0x09FF, "Beng"), (0x0A00, 0x0A7F, "Guru"), (0x0A80, 0x0AFF, "Gujr"),
    (0x0B00, 0x0B7F, "Orya"), (0x0B80, 0x0BFF, "Taml"), (0x0C00, 0x0C7F, "Telu"), (0x0C80, 0x0CFF, "Knda"),
    (0x0D00, 0x0D7F, "Mlym"), (0x0D80, 0x0DFF, "Sinh"), (0x0E00, 0x0E7F, "Thai"), (0x0E80, 0x0EFF, "Laoo"),
    (0x0F00, 0x0FFF, "Tibt"), (0x1000, 0x107F, "Mymr"), (0x1080, 0x10FF, "Geor"), (0x1100, 0x11FF, "Hang"),
    (0x1200, 0x13FF, "Ethi"), (0x1780, 0x17FF, "Khmr"), (0x1800, 0x187F, "Mong"), (0x1C80, 0x1CFF, "Geor"),
    (0x1E00, 0x1EFF, "Latn"), (0x1F00, 0x1FFF, "Grek"), (0x2C00, 0x2C7F, "Latn"), (0x3040, 0x30FF, "Kana"),
    (0x3100, 0x317F, "Hang"), (0x3400, 0x4DBF, "Hani"), (0x4E00, 0x9FFF, "Hani"), (0xA980, 0xA9FF, "Java"),
    (0xAC00, 0xD7FF, "Hang"), (0xF900, 0xFAFF, "Hani"), (0xFB00, 0xFDFF, "Arab"), (0xFE00, 0xFEFF, "Arab"),
    (0x20000, 0x3FFFF, "Hani"),
)  # fmt: skip
_SCRIPTS = {block: script for first, last, script in _SPANS for block in range(first >> 6, (last >> 6) + 1)}
"""Scripts by blocks of 64 characters: near enough for letters, and one look-up a character."""
_WEIGHT = {"Hani": 2, "Kana": 2, "Hang": 2}
"""A character of these says as much as several letters."""


def cleaned(text: str) -> str:
    """The words of a post: no addresses, mentions, figures, pictures; the words of hashtags stay."""
    text = unicodedata.normalize("NFKC", text[:_RAW])
    if not text.isascii():
        text = _PILED.sub("", text)
    if "." in text or "://" in text:
        text = _LINK.sub(" ", text)
    text = _MENTION.sub(" ", text)
    if "." in text:
        text = _ADDRESS.sub(" ", text)
    if "#" in text:
        text = _HASHTAG.sub(lambda found: _HUMP.sub(" ", found[1]), text)
    text = _WITH_DIGIT.sub(" ", text)
    text = _NO_LETTER.sub(" ", text)
    return _BLANK.sub(" ", _BREAK.sub("\n", _DRAWN_OUT.sub(r"\1\1", text))).strip()[:LONGEST]


def words(text: str) -> list[str]:
    """The words in small letters, of what `cleaned` left."""
    return _WORD.findall(text.lower())


def scripts(text: str) -> Counter[str]:
    """How many letters are of which script (ISO 15924), Han, Kana and Hangul counted twice."""
    if text.isascii():
        letters = sum(map(str.isalpha, text))
        return Counter({"Latn": letters}) if letters else Counter()
    found: Counter[str] = Counter()
    for letter, count in Counter(text).items():
        if letter.isalpha():
            script = _SCRIPTS.get(ord(letter) >> 6, "Zyyy")
            found[script] += count * _WEIGHT.get(script, 1)
    return found
