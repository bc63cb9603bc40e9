"""Streets in a text: a word for a street in one of many languages, its name, and a number of a house near it.

Rather too little than too much: without a number nearby it may be a street that everybody means, such as Wall Street.
"""

import re
from functools import lru_cache

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀ-ŽΑ-ΩА-ЯЁЄІЇҐ]"
_NAME = rf"{_CAPITAL}[\w'’.\-]{{0,30}}"
_SMALL = r"(?:(?:de|del|da|do|dos|das|des|du|di|della|dei|la|las|los|le|les|van|von|of|the|y|e)\s+|[dl]['’])"
_BEFORE = (
    r"[Rr]ue|[Bb]oulevard|[Bb]d\.|[Aa]venue|[Cc]hemin|[Qq]uai|[Cc]alle|[Aa]venida|[Aa]v\.|[Aa]vda\.|[Pp]aseo|[Cc]arrera"
    r"|[Rr]ua|[Tt]ravessa|[Pp]raça|Via|in via|[Vv]iale|[Pp]iazza|[Cc]orso"
    r"|[Uu]l\.|[Uu]lica|[Aa]l\.|[Вв]ул\.|[Вв]улиця|[Пп]росп\."
    r"|[Уу]л\.|[Уу]лица|Jl\.|Jalan|[Đđ]ường"
)
_AFTER = (
    r"Street|St\.?|Road|Rd\.?|Avenue|Ave\.?|Lane|Ln\.?|Drive|Boulevard|Blvd\.?|Court|Square|Terrace|Crescent|Close"
    r"|Caddesi|Cad\.|Sokak|Sokağı|Sok\.|Mahallesi|Mah\.|Bulvarı"
)
_JOINED = r"(?:stra(?:ß|ss)e|str\.|gasse|weg|platz|allee|ufer|damm|ring|straat|laan|plein|gracht|kade)"
_OTHER = r"(?:شارع|خیابان|[בלמהו]?רחוב|ถนน|सड़क|मार्ग)\s?"
_SHAPES = (
    rf"(?<!\w)(?:{_BEFORE})\s+{_SMALL}{{0,3}}{_NAME}(?:\s+{_SMALL}{{0,2}}{_NAME}){{0,3}}",
    rf"(?<!\w){_NAME}(?:\s+{_NAME}){{0,2}}\s+(?:{_AFTER})(?!\w)",
    rf"(?<!\w){_CAPITAL}[\w\-]{{0,40}}{_JOINED}(?!\w)",
    rf"(?<![\w\-]){_CAPITAL}\w{{0,30}}(?:-{_CAPITAL}\w{{0,30}}){{0,4}}[ -]Stra(?:ß|ss)e(?!\w)",
    rf"(?<!\w){_OTHER}[^\W\d_]{{2,30}}",
)
_NEAR = r"(?:\s*,?\s{0,2}(?:no\.?|nr\.?|n°|№|#)?\s{0,2})"
_AFTER_NUMBER = re.compile(rf"\d[\dA-Za-z/\-]{{0,6}}{_NEAR}$")
_BEFORE_NUMBER = re.compile(rf"{_NEAR}\d", re.IGNORECASE)
_REACH = 16
"""Characters in which the number of the house is looked for."""


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(shape) for shape in _SHAPES)


def streets(text: str) -> tuple[tuple[int, int], ...]:
    """Where streets are named, without their numbers, as (start, end) in characters."""
    if not any(sign.isdigit() for sign in text):
        return ()
    return tuple(
        hit.span()
        for pattern in _patterns()
        for hit in pattern.finditer(text)
        if _BEFORE_NUMBER.match(text, hit.end(), hit.end() + _REACH)
        or _AFTER_NUMBER.search(text[max(0, hit.start() - _REACH) : hit.start()])
    )
