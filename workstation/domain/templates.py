"""Answer templates: families of language variants with placeholders, and which variant a customer gets.

A placeholder is ``{name}`` or ``{name|what to say without it}``. Without a value and without an alternative it stays
and keeps the text from being sent; ``{name|}`` says that nothing is to be said then. Nothing else in braces is special,
and values are put in as they are: a template is never a format string, so it cannot reach into objects.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from hashlib import blake2b

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
    made_for: str = ""
    """`fingerprint` of the source text it says the same as; OTHER for one that is not known, empty: by its date."""
    machine: bool = False
    """Drafted by a machine, and no person has read it yet."""


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
    reopened: int = 0
    """How often a customer wrote again within a week after it had been sent and the case solved; never whose case."""

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


class Drift(StrEnum):
    """How a variant may say something else than its source."""

    OLDER = "older"
    """The source was changed after it."""
    OTHER = "other"
    """It was written for another text than the source has now."""


class Chosen(msgspec.Struct, frozen=True):
    """The variant a customer gets, and the languages that were looked for in this order until there was one."""

    variant: Variant
    fit: Fit
    drift: Drift | None = None
    asked: tuple[str, ...] = ()

    @property
    def stale(self) -> bool:
        """Whether somebody should see if it still says what its source says."""
        return self.drift is not None


class Blank(msgspec.Struct, frozen=True):
    """A placeholder that nothing filled; positions are characters in the filled text."""

    name: str
    start: int
    end: int


class Filled(msgspec.Struct, frozen=True):
    """A text with its placeholders filled as far as values were known."""

    text: str
    blanks: tuple[Blank, ...] = ()


def primary(language: str) -> str:
    """The language of a tag without script and region, such as pt."""
    return language.replace("_", "-").split("-", 1)[0].lower()


def _same(one: str, other: str) -> bool:
    return one.replace("_", "-").lower() == other.replace("_", "-").lower()


def fingerprint(text: str) -> str:
    """What tells one source text from another; 16 hexadecimal digits."""
    return blake2b(text.strip().encode("utf-8", "replace"), digest_size=8).hexdigest()


OTHER = "?"
"""Instead of a fingerprint: the source text was another one, which nobody knows any more."""


def source_of(family: Family, variant: Variant) -> Variant | None:
    """The text that a variant has to say: in the family's source language, of its form of address if there is one.

    None for the source itself, and where the family has none.
    """
    sources = [each for each in family.variants if _same(each.language, family.source)]
    if not sources:
        return None
    main = next((each for each in sources if each.formality is Formality.NEUTRAL), sources[0])
    if _same(variant.language, family.source):
        return None if variant.formality is main.formality else main
    return next((each for each in sources if each.formality is variant.formality), main)


def drift(family: Family, variant: Variant) -> Drift | None:
    """Whether a variant may say something else than its source; None where it fits, or is the source."""
    source = source_of(family, variant)
    if source is None or not variant.text.strip():
        return None
    if variant.made_for:
        return None if variant.made_for == fingerprint(source.text) else Drift.OTHER
    return Drift.OLDER if variant.updated_at < source.updated_at else None


def fitting(family: Family, variant: Variant) -> Variant:
    """The variant as one of which a person has said that it fits its source as that is now."""
    source = source_of(family, variant)
    made_for = fingerprint(source.text) if source is not None else ""
    return msgspec.structs.replace(variant, made_for=made_for, machine=False)


_WIDER = {
    "zh-tw": "zh-Hant", "zh-hk": "zh-Hant", "zh-mo": "zh-Hant", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh": "zh-Hans",
    **dict.fromkeys(("es-ar", "es-bo", "es-cl", "es-co", "es-cr", "es-cu", "es-do", "es-ec", "es-gt", "es-hn", "es-mx",
                     "es-ni", "es-pa", "es-pe", "es-pr", "es-py", "es-sv", "es-us", "es-uy", "es-ve"), "es-419"),
}  # fmt: skip
"""What stands between a region and its language, where people read it better (CLDR's parent locales)."""


def chain(wanted: str, team: str = "en") -> tuple[str, ...]:
    """The languages that a customer's variant is looked for in, in order: pt-BR, pt, the team's default, English."""
    wanted = wanted.replace("_", "-")
    parent = _WIDER.get(wanted.lower(), "")
    found: dict[str, str] = {}
    for each in (wanted, parent, primary(wanted), team, "en"):
        if each:
            found.setdefault(each.lower(), each)
    return tuple(found.values())


def _candidates(family: Family, wanted: str, team: str) -> list[tuple[Fit, str, list[Variant]]]:
    written = [v for v in family.variants if v.text.strip()] or list(family.variants)
    parent = _WIDER.get(wanted.replace("_", "-").lower(), "")
    near = primary(wanted)
    return [
        (Fit.EXACT, wanted, [v for v in written if wanted and _same(v.language, wanted)]),
        (Fit.LANGUAGE, parent, [v for v in written if parent and _same(v.language, parent)]),
        (Fit.LANGUAGE, near, [v for v in written if wanted and _same(v.language, near)]),
        (Fit.LANGUAGE, near, [v for v in written if wanted and primary(v.language) == near]),
        (Fit.TEAM, team, [v for v in written if team and _same(v.language, team)]),
        (Fit.TEAM, team, [v for v in written if team and primary(v.language) == primary(team)]),
        (Fit.ENGLISH, "en", [v for v in written if _same(v.language, "en")]),
        (Fit.ENGLISH, "en", [v for v in written if primary(v.language) == "en"]),
        (Fit.ANY, "", [v for v in written if v.language == written[0].language]),
    ]


def choose(family: Family, wanted: str, team: str = "en", formality: Formality = Formality.NEUTRAL) -> Chosen | None:
    """The variant for a customer's language: pt-BR, then pt, then the team's default, then English, then any.

    None only for a family without variants. Of those of one language the asked formality wins, then the neutral one,
    then the first; a variant without a text is only taken where there is no other.
    """
    asked: dict[str, None] = {}
    for fit, language, found in _candidates(family, wanted, team):
        if language:
            asked[language.replace("_", "-")] = None
        if found:
            variant = _addressing(found, formality)
            return Chosen(variant, fit, drift(family, variant), tuple(asked))
    return None


def _addressing(variants: list[Variant], formality: Formality) -> Variant:
    for wanted in (formality, Formality.NEUTRAL):
        fitting_ones = [each for each in variants if each.formality is wanted]
        if fitting_ones:
            return fitting_ones[0]
    return variants[0]


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
