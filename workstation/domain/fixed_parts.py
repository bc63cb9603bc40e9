"""The parts of a text that no translation may change: addresses, handles, numbers, codes, placeholders, terms, emoji.

One look finds them for masking and for comparing, so that what is masked is what is compared.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

import msgspec


class PartKind(StrEnum):
    """What a part is; the letter stands in its mask."""

    PLACEHOLDER = "P"
    URL = "U"
    EMAIL = "E"
    MENTION = "M"
    HASHTAG = "H"
    CODE = "C"
    """Of an order, an account, a parcel: letters with digits, or digits after ``#``."""
    NUMBER = "N"
    EMOJI = "J"
    TERM = "T"
    """Not to be translated, because the team says so."""
    NAME = "A"
    """Of a person."""
    SIGN = "S"
    """A sign that masks themselves are made of."""


CUT_SHORT = frozenset({PartKind.URL, PartKind.EMAIL, PartKind.MENTION, PartKind.HASHTAG})
"""Kinds that a neighbouring letter would become part of."""


class Part(msgspec.Struct, frozen=True, gc=False):
    """One part; positions are characters of the text."""

    kind: PartKind
    text: str
    start: int
    end: int


_CONTROLS = "\u200b\u200e\u200f\u061c\u2028-\u202e\u2060\u2066-\u2069\ufeff\x00-\x1f"
_STOPS = f'\\s<>"{{}}|\\\\^`「」『』【】《》〈〉（）、。，！？；：…⟦⟧{_CONTROLS}'
_TRAIL = ".,:;!?'’”“»|،؛؟।"
_PICTURE = (
    "\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2900-\u297f"
)
_TONE = "[\U0001f3fb-\U0001f3ff]"
_ONE = f"[{_PICTURE}]\ufe0f?{_TONE}?(?:[\U000e0020-\U000e007e]+\U000e007f)?"
_EMOJI = (
    f"(?:[0-9#*]\ufe0f?\u20e3|[\U0001f1e6-\U0001f1ff]{{2}}|{_ONE}(?:\u200d{_ONE})*|{_TONE}|[\U0001f1e6-\U0001f1ff])+"
)
_GROUP = "[ \u00a0\u2007\u2009\u202f]"
_SEPARATOR = "[.,:/'’٫٬·\\-\u2010\u2011．，：／]"
UNITS = "%٪‰$£€¥₩₪₫₹₺₴₽₦₱฿₸₼₾﷼￥＄％"
"""Signs that belong to the number beside them."""
_DIGITS = rf"(?:(?<![\w\d])[+\-\u2212])?\d+(?:{_SEPARATOR}\d+|{_GROUP}\d{{3}}(?!\d))*"
_NUMBER = rf"(?:(?<![\w\d])[+\-\u2212])?(?:[{UNITS}][ \u00a0\u202f]?)?{_DIGITS}(?:[ \u00a0\u202f]?[{UNITS}])?"
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?[ \u00a0\u202f]?[AaPp]\.?[Mm]\b\.?"
"""With a.m. or p.m.: half of such a time would be another one."""
_PHONE = r"(?<![\w+])(?:\+|00)\d{1,4}(?:[ \u00a0().\-/]{0,2}\d){4,14}(?!\d)"
_ACCOUNT = r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?(?![A-Za-z0-9])"
_WORD = r"[A-Za-z0-9]"
_CODE = rf"(?<!{_WORD})(?=[A-Za-z0-9/_\-]{{0,80}}\d)(?=[A-Za-z0-9/_\-]{{0,80}}[A-Za-z])"
_CODE += rf"{_WORD}{{1,40}}(?:[-_/]{_WORD}{{1,40}}){{0,6}}(?!{_WORD})"
_UNIT = re.compile(r"\d+(?:[-/]\d+)*-?[A-Za-z]{1,10}|[A-Za-z]{1,20}-?\d{1,2}|\d{1,2}[A-Za-z]+\d?")
_HANDLE = r"[\w](?:[\w.\-]{0,60}\w)?"
_ADDRESS = (
    rf"(?P<U>(?<![A-Za-z0-9])(?:[hH][tT][tT][pP][sS]?://|[wW][wW][wW]\.)[^{_STOPS}]+"
    rf"|(?<![\w@.\-/])(?:[a-z0-9](?:[a-z0-9\-]{{0,61}}[a-z0-9])?\.){{1,4}}[a-z]{{2,12}}/[^{_STOPS}]*)"
)
_SHAPES = re.compile(
    "|".join(
        (
            r"(?P<P>\{[^{}\n]{0,120}\})",
            _ADDRESS,
            r"(?P<E>(?<![\w.+\-])[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){0,5}\.[^\W\d_]{2,24})",
            rf"(?P<M>(?<!@)@{_HANDLE}(?:@{_HANDLE})?)",
            rf"(?P<J>{_EMOJI})",
            r"(?P<H>(?<![A-Za-z0-9_&/])[#＃](?=[\w\u200c]*[^\W\d_])[\w\u200c]{1,100})",
            rf"(?P<C>(?<![A-Za-z0-9_&])#[ ]?\d[\w\-]{{0,40}}|{_ACCOUNT}|{_CODE})",
            rf"(?P<N>{_PHONE}|{_CLOCK}|{_NUMBER})",
        )
    )
)
_KINDS = {kind.value: kind for kind in PartKind}
_MOST_NAME = 80


@lru_cache(maxsize=512)
def scan(text: str, terms: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> tuple[Part, ...]:
    """The parts of a text in order, none inside another; the shapes first, then terms, then names."""
    found = list(_shapes(text))
    if terms:
        found += _words(text, found, terms, PartKind.TERM)
    if names:
        found += _words(text, found, _name_words(names), PartKind.NAME)
    return tuple(sorted(found, key=lambda part: part.start))


def _shapes(text: str) -> Iterator[Part]:
    for at, piece in _pieces(text):
        for kind, start, end in _shapes_in(piece):
            yield Part(kind, piece[start:end], at + start, at + end)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Pieces that hold every shape of a text, and where each begins; a key changes one of them.

    Two words are parted where neither can belong to a shape: letters alone, no block of an account, in no braces.
    """
    begin = at = 0
    plain, before, braced = True, False, False
    for word in text.split(" "):
        alone = not braced and len(word) > 2 and word.isalpha() and not word.isupper()
        if alone and before:
            if not plain:
                yield begin, text[begin : at - 1]
            begin, plain = at, True
        plain, before = plain and alone, alone
        if "{" in word or "}" in word:
            braced = word.rfind("{") > word.rfind("}")
        at += len(word) + 1
    if not plain:
        yield begin, text[begin:]


@lru_cache(maxsize=4_096)
def _shapes_in(text: str) -> tuple[tuple[PartKind, int, int], ...]:
    found = []
    place = 0
    while hit := _SHAPES.search(text, place):
        kind = _KINDS[str(hit.lastgroup)]
        start, end = hit.span()
        if kind is PartKind.URL:
            end = _trimmed(text, start, end)
        elif kind is PartKind.CODE and not _is_code(hit[0]):
            number = re.compile(f"{_CLOCK}|{_NUMBER}").search(text, start, end)
            # Letters with few digits, such as 24h: the digits alone must not change.
            if number is None:
                place = end
                continue
            kind, (start, end) = PartKind.NUMBER, number.span()
        if end > start:
            found.append((kind, start, end))
        place = max(end, start + 1)
    return tuple(found)


def _trimmed(text: str, start: int, end: int) -> int:
    """Where an address ends without the punctuation of the sentence; a bracket stays if it was opened within."""
    while end > start:
        last = text[end - 1]
        unopened = last in ")]" and text.count(last, start, end) > text.count("(" if last == ")" else "[", start, end)
        if last not in _TRAIL and not unopened:
            break
        end -= 1
    return end


def _is_code(text: str) -> bool:
    return text.startswith("#") or (_UNIT.fullmatch(text) is None and sum(sign.isdigit() for sign in text) > 1)


def continues(part: str, sign: str) -> bool:
    """Whether an address, a handle or a hashtag would go on with this sign."""
    whole = next(_shapes(part + sign), None)
    return whole is not None and whole.end > len(part)


def _name_words(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names as a whole and word by word, the longest first."""
    found: list[str] = []
    for name in names:
        whole = " ".join(name.split())[:_MOST_NAME].strip("@#.,:;!?()[]{}\"' ")
        parts = [word.strip(".,:;!?()[]{}\"'@#") for word in whole.split()]
        found += [whole, *(word for word in parts if not _is_particle(word))]
    return tuple(sorted({word for word in found if len(word) > 1}, key=lambda word: (-len(word), word)))


def _is_particle(word: str) -> bool:
    """Initials, and words such as “de” and “van”: alone they tell nobody's name, and are words of some language."""
    return not _unspaced(word) and (len(word) < 3 or (len(word) == 3 and word.islower()))


def _unspaced(word: str) -> bool:
    return bool(word) and _script(word[0]) in _UNSPACED


_UNSPACED = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI"}
_LOOSE_STEMS = {"ARABIC", "HEBREW"}
"""Scripts that write “and”, “to”, “of” onto the word."""


@lru_cache(maxsize=32)
def _beginnings(words: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each word once, after its first part, folded."""
    return tuple((word.split(maxsplit=1)[0].casefold(), word) for word in set(words) if word.strip())


def _words(text: str, found: list[Part], words: tuple[str, ...], kind: PartKind) -> list[Part]:
    taken = bytearray(len(text))
    for part in found:
        taken[part.start : part.end] = b"\x01" * (part.end - part.start)
    more: list[Part] = []
    folded = text.casefold()
    # Of a long list few stand in a text: one quick look before the thorough one.
    near = [word for first, word in _beginnings(words) if first in folded]
    for word in sorted(near, key=lambda each: (-len(each), each)):
        for start, end in _places(text, word, folded=kind is PartKind.NAME):
            if not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                more.append(Part(kind, text[start:end], start, end))
    return more


@lru_cache(maxsize=2_048)
def _pattern(word: str, folded: bool) -> re.Pattern[str]:
    return re.compile(re.escape(word).replace(r"\ ", r"\s+"), re.IGNORECASE if folded else 0)


def _places(text: str, word: str, *, folded: bool) -> Iterator[tuple[int, int]]:
    """Where a word stands, not as a piece of another; `folded`: in whatever case."""
    for hit in _pattern(word, folded).finditer(text):
        start, end = hit.span()
        # A short name in small letters is more often a word: Will, Max, Art.
        if folded and len(word) < 4 and hit[0].islower() and not word.islower():
            continue
        loose = folded and len(word) > 2 and _script(word[0]) in _LOOSE_STEMS
        if (loose or _bounded(text, start, folded)) and _bounded(text, end, folded):
            yield start, end


def _bounded(text: str, place: int, name: bool) -> bool:
    """Whether a word ends here; beside digits a name is still one, as in a handle."""
    if edge(text, place):
        return True
    return name and (text[place - 1].isdecimal() or text[place].isdecimal())


def edge(text: str, place: int) -> bool:
    """Whether no word goes on across a place; letters of two scripts do not make one word."""
    if place <= 0 or place >= len(text):
        return True
    before, after = text[place - 1], text[place]
    if not _inside_word(before) or not _inside_word(after):
        return True
    one, other = _script(before), _script(after)
    return one in _UNSPACED or other in _UNSPACED or (one != other and "" not in (one, other))


def _inside_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LMN"


@lru_cache(maxsize=4096)
def _script(sign: str) -> str:
    """The script of a letter; empty for digits and marks, which belong to any."""
    return unicodedata.name(sign, "").partition(" ")[0] if sign.isalpha() else ""
