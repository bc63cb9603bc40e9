"""Answer templates: families of language variants with placeholders, and which variant a customer gets.

A placeholder is ``{name}`` or ``{name|what to say without it}``. Without a value and without an alternative it stays
and keeps the text from being sent; ``{name|}`` says that nothing is to be said then. Nothing else in braces is special,
and values are put in as they are: a template is never a format string, so it cannot reach into objects.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from workstation.domain.messages import Micros

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]{0,39})(?:\|([^{}\n]{0,80}))?\}")
_BRACES = re.compile(r"\{[^{}\n]{0,120}\}?|\}")
SHORTCUT = re.compile(r"[^\s;؛；{}]{1,40}")
"""What may be typed after a semicolon."""
SEMICOLONS = ";؛；"
"""Semicolons as keyboards and input methods write them."""


class Formality(StrEnum):
    """How a variant addresses the customer."""

    NEUTRAL = "neutral"
    FORMAL = "formal"
    INFORMAL = "informal"


class Variant(msgspec.Struct, frozen=True, gc=False):
    """One language's text of a family; `language` is BCP 47."""

    language: str
    text: str
    formality: Formality = Formality.NEUTRAL
    updated_at: Micros = 0


class Family(msgspec.Struct, frozen=True, gc=False):
    """One answer in several languages. `id` is 0 until it is stored; `key` is stable across desks."""

    id: int
    key: str
    title: str
    variants: tuple[Variant, ...]
    source: str = "en"
    """Language the other variants are translated from."""
    tags: tuple[str, ...] = ()
    used: int = 0
    """How often it was sent from this desk; never by whom."""
    folder: str = ""
    """Where it lies in the library, such as "Delivery/Late"; empty for the top."""
    shortcut: str = ""
    """What one types after a semicolon to insert it; empty for none."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages with a variant, in the family's order."""
        return tuple(dict.fromkeys(variant.language for variant in self.variants))


class Fit(StrEnum):
    """Why a variant was chosen; shown beside it."""

    EXACT = "exact"
    LANGUAGE = "language"
    """The same language of another region, or without one."""
    TEAM = "team"
    ENGLISH = "english"
    ANY = "any"


class Chosen(msgspec.Struct, frozen=True):
    """The variant a customer gets; `stale` when the source was changed after it."""

    variant: Variant
    fit: Fit
    stale: bool = False


class Blank(msgspec.Struct, frozen=True):
    """A placeholder that nothing filled; positions are characters in the filled text."""

    name: str
    start: int
    end: int


class Filled(msgspec.Struct, frozen=True):
    """A text with its placeholders filled as far as values were known."""

    text: str
    blanks: tuple[Blank, ...] = ()


def _primary(language: str) -> str:
    return language.replace("_", "-").split("-", 1)[0].lower()


def _same(one: str, other: str) -> bool:
    return one.replace("_", "-").lower() == other.replace("_", "-").lower()


def _candidates(family: Family, wanted: str, team: str) -> list[tuple[Fit, list[Variant]]]:
    variants = family.variants
    return [
        (Fit.EXACT, [v for v in variants if wanted and _same(v.language, wanted)]),
        (Fit.LANGUAGE, [v for v in variants if wanted and _same(v.language, _primary(wanted))]),
        (Fit.LANGUAGE, [v for v in variants if wanted and _primary(v.language) == _primary(wanted)]),
        (Fit.TEAM, [v for v in variants if team and _primary(v.language) == _primary(team)]),
        (Fit.ENGLISH, [v for v in variants if _primary(v.language) == "en"]),
        (Fit.ANY, list(variants)),
    ]


def choose(family: Family, wanted: str, team: str = "en", formality: Formality = Formality.NEUTRAL) -> Chosen | None:
    """The variant for a customer's language: pt-BR, then pt, then the team's default, then English, then any.

    None only for a family without variants. Of several, the asked formality wins, then the first.
    """
    source = next((v for v in family.variants if _same(v.language, family.source)), None)
    for fit, found in _candidates(family, wanted, team):
        if found:
            variant = next((v for v in found if v.formality is formality), found[0])
            stale = source is not None and variant is not source and variant.updated_at < source.updated_at
            return Chosen(variant, fit, stale)
    return None


class Placeholder(msgspec.Struct, frozen=True):
    """One placeholder of a text; `fallback` is what is said without a value, None where there is nothing to say."""

    name: str
    fallback: str | None = None

    def __str__(self) -> str:
        return f"{{{self.name}}}" if self.fallback is None else f"{{{self.name}|{self.fallback}}}"


def parts(text: str) -> tuple[str | Placeholder, ...]:
    """The text between placeholders and the placeholders, in order; joined by `str` they are the text again."""
    found: list[str | Placeholder] = []
    end = 0
    for hit in PLACEHOLDER.finditer(text):
        if hit.start() > end:
            found.append(text[end : hit.start()])
        found.append(Placeholder(hit[1], hit[2]))
        end = hit.end()
    if end < len(text):
        found.append(text[end:])
    return tuple(found)


def blanks(text: str) -> tuple[Blank, ...]:
    """The placeholders in a text, in order."""
    return tuple(Blank(found[1], found.start(), found.end()) for found in PLACEHOLDER.finditer(text))


def suspects(text: str) -> tuple[str, ...]:
    """What looks like a placeholder and is none, such as ``{First Name}``: it would be sent as it stands."""
    rest = PLACEHOLDER.sub(lambda hit: " " * len(hit[0]), text)
    return tuple(text[hit.start() : hit.end()] for hit in _BRACES.finditer(rest))


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Fill placeholders with `values`, else with their own fallback; what neither fills stays and is listed.

    A placeholder that says nothing takes the blank before it with it.
    """
    found: list[str] = []
    unfilled: list[Blank] = []
    length = 0
    for part in parts(text):
        if isinstance(part, str):
            shown = part
        else:
            shown = values.get(part.name, "") or part.fallback or ""
            if not shown and part.fallback is None:
                shown = f"{{{part.name}}}"
                unfilled.append(Blank(part.name, length, length + len(shown)))
            elif not shown and found and found[-1].endswith(" "):
                found[-1] = found[-1][:-1]
                length -= 1
        found.append(shown)
        length += len(shown)
    return Filled("".join(found), tuple(unfilled))


def folder_path(text: str) -> str:
    """A folder as it is kept: names without blanks around them, parted by one slash, at most six deep."""
    names = [" ".join(name.split())[:60] for name in text.replace("\\", "/").split("/")]
    return "/".join([name for name in names if name][:6])


def shortcut_of(text: str) -> str:
    """A shortcut as it is kept: without its semicolon, in small letters; empty if it cannot be one."""
    wanted = text.strip().lstrip(SEMICOLONS).casefold()
    return wanted if SHORTCUT.fullmatch(wanted) else ""
