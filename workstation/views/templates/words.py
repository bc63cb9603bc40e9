"""Words of the templates' page that several of its parts say."""

from workstation.domain.templates import Family, Formality, Variant
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, render

FORMALITY: tuple[tuple[str, LazyText], ...] = (
    (Formality.NEUTRAL.value, lazy("Neutral")),
    (Formality.FORMAL.value, lazy("Formal")),
    (Formality.INFORMAL.value, lazy("Informal")),
)
FIELDS: dict[str, LazyText] = {
    "title": lazy("title"),
    "folder": lazy("folder"),
    "shortcut": lazy("shortcut"),
    "tags": lazy("tags"),
    "source": lazy("source language"),
}


def named(variant: Variant) -> str:
    """A variant's language, with its form of address if it has one."""
    language = formats().language(variant.language)
    if variant.formality is Formality.NEUTRAL:
        return language
    return _("{language} · {formality}", language=language, formality=render(dict(FORMALITY)[variant.formality.value]))


def as_text(family: Family | None) -> str:
    """A family as plain text, for comparing by eye."""
    if family is None:
        return ""
    about = [
        family.title,
        family.folder,
        f"\u2068;{family.shortcut}\u2069" if family.shortcut else "",
        ", ".join(family.tags),
    ]
    lines = [" · ".join(part for part in about if part)]
    lines += [f"[{named(variant)}] {variant.text}" for variant in family.variants]
    return "\n\n".join(lines)
