"""Which keys belong to which place of the window, and all of it as plain text."""

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtGui import QKeySequence

from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, render
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import GROUPS, ActionSpec, Group

GAP = 3
"""Columns between a key and what it does, in text."""


class Place(StrEnum):
    """Where one is."""

    DECK = "deck"
    CASE = "case"
    REPLY = "reply"
    OUTBOX = "outbox"
    OTHER = "other"


NAMES: dict[Place, LazyText] = {
    Place.DECK: lazy("In the columns"),
    Place.CASE: lazy("In a case"),
    Place.REPLY: lazy("In a reply"),
    Place.OUTBOX: lazy("In the outbox"),
    Place.OTHER: lazy("Here"),
}
_GROUPS: dict[Place, tuple[Group, ...]] = {
    Place.DECK: (Group.DECK, Group.CASE),
    Place.CASE: (Group.CASE, Group.MODERATION, Group.COMPOSER),
    Place.REPLY: (Group.COMPOSER,),
    Place.OUTBOX: (Group.OUTBOX,),
    Place.OTHER: (Group.GO, Group.DESK),
}
PAGES = {"page.outbox": Place.OUTBOX, "page.deck": Place.DECK}


def groups(place: Place) -> tuple[Group, ...]:
    """The groups of a place, in the order of use."""
    return _GROUPS[place]


def written(keys: Sequence[str]) -> str:
    """The keys of an action as this platform writes them."""
    native = QKeySequence.SequenceFormat.NativeText
    texts = [QKeySequence(key).toString(native) for key in keys]
    # Return and Enter are two keys to Qt and one to people.
    distinct = [text for text in dict.fromkeys(texts) if not text.endswith("Enter") or len(texts) == 1]
    return "   ".join(distinct) if distinct else "–"


def rows(actions: DeskActions, group: Group) -> list[tuple[ActionSpec, str, str]]:
    """The actions of a group that are answered for: what they are called and their keys."""
    return [
        (spec, render(spec.label), written(actions.keys(spec.id))) for spec in actions.known() if spec.group is group
    ]


def as_text(actions: DeskActions, place: Place | None = None) -> str:
    """All keys, or those of one place, as text to print or to keep."""
    chosen = groups(place) if place is not None else tuple(Group)
    parts = [_("Keys of Meridian") if place is None else render(NAMES[place])]
    for group in chosen:
        found = rows(actions, group)
        wide = max((len(keys) for _spec, _label, keys in found), default=0) + GAP
        lines = [f"  {keys:<{wide}}{label}" for _spec, label, keys in found]
        if lines:
            parts.append("\n".join([render(GROUPS[group]), *lines]))
    return "\n\n".join(parts) + "\n"
