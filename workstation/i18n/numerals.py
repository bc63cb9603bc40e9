"""Digits: which a reader sees, by preference and locale. Babel swaps a locale's signs but not its digits."""

from functools import lru_cache
from typing import Literal

from workstation.i18n.tags import babel_locale

Digits = Literal["auto", "latin", "native"]

_ZEROS = {
    "arab": 0x660,
    "arabext": 0x6F0,
    "beng": 0x9E6,
    "deva": 0x966,
    "khmr": 0x17E0,
    "mymr": 0x1040,
    "thai": 0xE50,
}


@lru_cache(maxsize=64)
def numbering_system(tag: str, digits: Digits) -> str:
    """Return the CLDR name of the numbering system for `tag`; ``latn`` where its digits are not a simple
    row.
    """
    locale = babel_locale(tag)
    if digits == "latin":
        return "latn"
    name = locale.default_numbering_system
    if digits == "native":
        name = locale.other_numbering_systems.get("native", name)
    return name if name in _ZEROS and name in locale.number_symbols else "latn"


@lru_cache(maxsize=64)
def _table(system: str) -> dict[int, int]:
    zero = _ZEROS[system]
    return {ord("0") + value: zero + value for value in range(10)}


def write_digits(text: str, system: str) -> str:
    """Return `text` with its ASCII digits written in the numbering system `system`."""
    return text if system == "latn" else text.translate(_table(system))
