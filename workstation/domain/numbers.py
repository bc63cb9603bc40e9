"""Numbers in a text as their readers read them: separators differ by language, digits by script.

1,234.50 in English is 1.234,50 in German and ١٬٢٣٤٫٥٠ in Arabic; 1.234 is not the same number in both.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal

import msgspec

from workstation.domain.fixed_parts import UNITS, Part

_COMMA_TAGS = (
    "af az be bg bs ca cs da de el et eu fi fo fr gl hr hu hy id is it ka kk lt lv mk nb nl nn no pl pt ro ru sk sl sq"
    " sr sv tr uk uz vi"
)
_COMMA = frozenset(_COMMA_TAGS.split(" "))
"""Languages whose decimal sign is a comma (CLDR)."""
_BOTH = frozenset({"es", "fa", "ar", ""})
"""Languages whose regions differ, and texts of no known language."""
_DECIMAL_MARKS = str.maketrans({"٫": ".", "．": ".", "·": ".", "，": ",", "：": ":", "／": "/", "٬": "’"})
_BLANKS = re.compile("[ \u00a0\u2007\u2009\u202f'’]")
_GROUPED = re.compile(r"\d{1,3}(?P<sign>[.,])(?:\d{3}(?P=sign))*\d{3}|\d{1,2}(?:,\d{2})+,\d{3}")
_PLAIN = re.compile(r"[+\-]?\d+")
_MIXED = re.compile(r"([+\-]?(?:\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{2,3})+|\d+))([.,])(\d+)")
_SPACED = re.compile(r"[+\-]?\d{1,3}(?:[ \u00a0\u2007\u2009\u202f'’]\d{3})+(?:[.,]\d+)?")


class Number(msgspec.Struct, frozen=True, gc=False):
    """A number where it stands: its values (a date has three), and its digits as they would be written in ASCII."""

    values: tuple[str, ...]
    raw: str
    part: Part
    unit: str = ""
    """The sign of a currency or of percent beside it."""

    @property
    def dated(self) -> bool:
        """Whether it can be a date or a time."""
        return len(self.values) > 1


class Difference(msgspec.Struct, frozen=True):
    """What does not agree: pairs of numbers that changed or read differently, and numbers of one side only."""

    changed: tuple[tuple[Number, Number], ...] = ()
    misread: tuple[tuple[Number, Number], ...] = ()
    missing: tuple[Number, ...] = ()
    added: tuple[Number, ...] = ()

    @property
    def weight(self) -> int:
        """How much does not agree."""
        return 4 * len(self.changed) + 4 * len(self.missing) + 2 * len(self.added) + len(self.misread)


def ascii_digits(text: str) -> str:
    """The text with the digits of every script as 0 to 9 and its marks as in ASCII."""
    if text.isascii():
        return text
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
    return plain.translate(_DECIMAL_MARKS).replace("\u2212", "-").replace("\u2010", "-").replace("\u2011", "-")


def decimal_signs(language: str) -> str:
    """The decimal signs a language may use, the likelier first."""
    primary, _, region = language.replace("_", "-").partition("-")
    primary = primary.lower()
    if primary == "es" and region in {"419", "MX", "US", "PR", "GT", "HN", "NI", "PA", "PE", "SV", "DO"}:
        return ".,"
    if primary in _BOTH:
        return ",." if primary == "es" else ".,"
    return "," if primary in _COMMA and region != "CH" else "."


def read(part: Part, decimal: str, *, joined: bool = True) -> Number:
    """What a number means where `decimal` is the decimal sign; `joined`: blanks part thousands, not numbers."""
    raw, unit = _without_unit(ascii_digits(part.text))
    clock = _CLOCK.fullmatch(raw)
    if clock is not None and (clock[4] or ":" in raw):
        return Number(_hours(clock), raw, part)
    if raw.startswith(("00", "+")) and len(raw) > 8:
        return Number((re.sub(r"\D", "", raw),), raw, part, unit)
    if joined and _SPACED.fullmatch(raw):
        whole = _BLANKS.sub("", raw)
        return Number((_value(whole, decimal) or whole,), raw, part, unit)
    one = _value(raw, decimal)
    if one is not None:
        return Number((one,), raw, part, unit)
    return Number(tuple(_whole(piece) for piece in re.findall(r"\d+", raw)), raw, part, unit)


_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2})|\.(\d{2})(?=.*[MmPp]))?(?:\s?([AaPp])\.?[Mm]\.?)?")


def _hours(clock: re.Match[str]) -> tuple[str, ...]:
    """A time by 24 hours; full hours without their minutes, as they may be written or not."""
    hour, minutes, half = int(clock[1]), clock[2] or clock[3] or "00", (clock[4] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return (str(hour),) if minutes == "00" else (str(hour), _whole(minutes))


_UNIT = re.compile(f"[{UNITS}]")
_WIDE_UNITS = str.maketrans("％＄￥٪", "%$¥%")


def _without_unit(text: str) -> tuple[str, str]:
    """The number alone, its sign before it, and its unit."""
    found = _UNIT.search(text)
    if found is None:
        return text, ""
    return _UNIT.sub("", text).replace("- ", "-").strip(), found[0].translate(_WIDE_UNITS)


def _whole(digits: str) -> str:
    """Leading zeros matter in a long number: that is a code. In a date they do not."""
    return digits.lstrip("0") or "0" if len(digits) <= 2 else digits


def _value(raw: str, decimal: str) -> str | None:
    """The value of one number, in one spelling; None for what is several numbers, such as a date."""
    if _PLAIN.fullmatch(raw):
        sign, digits = ("-", raw[1:]) if raw.startswith("-") else ("", raw.lstrip("+"))
        return sign + _whole(digits)
    bare = raw.lstrip("+-")
    grouped = _GROUPED.fullmatch(bare)
    if grouped and (grouped["sign"] != decimal or bare.count(decimal) > 1):
        return _spelled(re.sub(r"[.,]", "", raw), "")
    mixed = _MIXED.fullmatch(raw)
    if mixed and mixed[2] not in mixed[1]:
        return _spelled(re.sub(r"[.,]", "", mixed[1]), mixed[3])
    return None


def _spelled(whole: str, fraction: str) -> str:
    value = Decimal(f"{whole}.{fraction or 0}")
    # 12.50 and 12.5 are one number; 12.0 and 12 too.
    return format(value.normalize(), "f")


def differences(source: Iterable[Part], target: Iterable[Part], languages: tuple[str, str]) -> Difference:
    """What does not agree between the numbers of two texts, by the reading that agrees best."""
    source, target = tuple(source), tuple(target)
    best: Difference | None = None
    for one in decimal_signs(languages[0]):
        for other in decimal_signs(languages[1]):
            for joined in (True, False):
                found = _compare(
                    [read(part, one, joined=joined) for part in source],
                    [read(part, other, joined=joined) for part in target],
                )
                if best is None or found.weight < best.weight:
                    best = found
                if not best.weight:
                    return best
    return best or Difference()


def _compare(source: list[Number], target: list[Number]) -> Difference:
    missing, added = _left(source, target), _left(target, source)
    misread, missing, added = _paired(missing, added, lambda one, other: one.raw == other.raw)
    _, missing, added = _paired(missing, added, _same_date)
    changed = tuple(zip(missing, added, strict=False))
    lost, more = tuple(missing[len(changed) :]), tuple(added[len(changed) :])
    return Difference((*changed, *_other_units(source, target)), tuple(misread), lost, more)


def _other_units(source: list[Number], target: list[Number]) -> list[tuple[Number, Number]]:
    """Numbers that became another currency, or percent; a unit may be written as a word instead."""
    units: dict[tuple[str, ...], dict[str, Number]] = {}
    for other in target:
        if other.unit:
            units.setdefault(other.values, {}).setdefault(other.unit, other)
    found = []
    for one in source:
        there = units.get(one.values, {}) if one.unit else {}
        if there and one.unit not in there:
            found.append((one, next(iter(there.values()))))
    return found


def _left(ours: list[Number], theirs: list[Number]) -> list[Number]:
    """Our numbers of which a value is not among theirs, as often as it occurs."""
    stock = Counter(value for number in theirs for value in number.values)
    left = []
    for number in ours:
        wanted = Counter(number.values)
        if wanted <= stock:
            stock -= wanted
        else:
            left.append(number)
    return left


def _paired(
    ones: list[Number], others: list[Number], alike: Callable[[Number, Number], bool]
) -> tuple[list[tuple[Number, Number]], list[Number], list[Number]]:
    pairs, alone, rest = [], [], list(others)
    for one in ones:
        other = next((each for each in rest if alike(one, each)), None)
        if other is None:
            alone.append(one)
        else:
            rest.remove(other)
            pairs.append((one, other))
    return pairs, alone, rest


def _same_date(one: Number, other: Number) -> bool:
    """12/05 and 12.05.: the same small numbers, and one of the two is written as a date is."""
    if not (one.dated or other.dated) or any(sign.isalpha() for sign in one.raw + other.raw):
        return False
    mine, theirs = (sorted(_whole(piece) for piece in re.findall(r"\d+", each.raw)) for each in (one, other))
    return mine == theirs and all(len(piece) in (1, 2, 4) for piece in mine)
