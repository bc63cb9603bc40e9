"""Words of the templates' page that several of its parts say."""

from workstation.domain.templates import Family, Formality
from workstation.domain.text import LazyText, lazy

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


def as_text(family: Family | None) -> str:
    """A family as plain text, for comparing by eye."""
    if family is None:
        return ""
    about = [family.title, family.folder, f";{family.shortcut}" if family.shortcut else "", ", ".join(family.tags)]
    lines = [" · ".join(part for part in about if part)]
    lines += [f"[{variant.language}] {variant.text}" for variant in family.variants]
    return "\n\n".join(lines)
