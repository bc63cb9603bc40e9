"""A placeholder that is filled on one side is filled on the other: its value is the same in every language.

What is typed over a placeholder is its value until one writes somewhere else, goes on to another line, or, where the
placeholder was the last of its line, until a blank: whoever writes on there writes words, and not a value.
"""

from typing import TYPE_CHECKING

import msgspec

from workstation.domain.checks import Side
from workstation.domain.templates import Blank, blanks

if TYPE_CHECKING:
    from workstation.views.case.composer_view import ComposerView

LONGEST = 80
"""Characters of a value."""


class Slot(msgspec.Struct, frozen=True):
    """Where a placeholder stood: what is before it and behind it, its own text, and which of its name it is."""

    before: str
    behind: str
    blank: str
    name: str
    number: int = 0
    """How many of the same name stand before it."""
    alone: bool = True

    def value(self, text: str) -> str | None:
        """What stands there in `text`; None where that is no value any more."""
        if len(text) < len(self.before) + len(self.behind) or not text.startswith(self.before):
            return None
        if not text.endswith(self.behind):
            return None
        value = text[len(self.before) : len(text) - len(self.behind)]
        if value == self.blank:
            return value
        ends_line = not self.behind.partition("\n")[0].strip()
        over = any(sign in value for sign in "{}\n") or len(value) > LONGEST or (ends_line and " " in value)
        return None if over else value


def replaced(before: str, after: str) -> Slot | None:
    """The placeholder that was typed over, between two states of a text."""
    found = blanks(before) if "{" in before else ()
    for at, blank in enumerate(found):
        same = [each for each in found if each.name == blank.name]
        slot = Slot(
            before[: blank.start], before[blank.end :], before[blank.start : blank.end], blank.name,
            sum(each.name == blank.name for each in found[:at]), len(same) == 1,
        )  # fmt: skip
        value = slot.value(after)
        if value is not None and value != slot.blank:
            return slot
    return None


def places(slot: Slot, other: str) -> tuple[Blank, ...]:
    """The placeholders of the other text that are the same one: all of its name where there was but one."""
    same = tuple(blank for blank in blanks(other) if blank.name == slot.name)
    return same if slot.alone else same[slot.number : slot.number + 1]


class Filling:
    """Follows what is typed into both editors of a composer."""

    def __init__(self, view: "ComposerView") -> None:
        self._view = view
        self._texts = {Side.SOURCE: "", Side.TARGET: ""}
        self._slot: Slot | None = None
        self._side = Side.SOURCE
        self._template = self._left = ""
        """The other text with its placeholders, and as it was left."""
        self._value = ""
        self.putting = False
        """Whether the other text is being changed."""

    def begin(self) -> None:
        """Other texts are there, which nobody typed."""
        if self.putting:
            return
        self._texts = {Side.SOURCE: self._view.own_text, Side.TARGET: self._view.text}
        self._slot = None

    def typed(self, side: Side) -> bool:
        """Whether what was typed on a side is the value of a placeholder that stands on the other one as well."""
        text, before = self._text(side), self._texts[side]
        self._texts[side] = text
        value = self._slot.value(text) if self._slot is not None and self._side is side else None
        if value is None:
            self.put()
            self._slot = None
            slot, other = replaced(before, text), self._text(self._other(side))
            if slot is None or not places(slot, other):
                return False
            self._slot, self._side, self._template, self._left = slot, side, other, other
            value = slot.value(text) or ""
        self._value = value
        return True

    def put(self) -> bool:
        """Put the value on the other side as well; whether that changed anything there."""
        slot, other = self._slot, self._other(self._side)
        if slot is None or self._text(other) != self._left:
            self._slot = None
            return False
        filled = self._template
        if self._value not in ("", slot.blank):
            for blank in reversed(places(slot, self._template)):
                filled = filled[: blank.start] + self._value + filled[blank.end :]
        if filled == self._left:
            return False
        self.putting = True
        (self._view.editor if other is Side.SOURCE else self._view.target.text).mend(filled)
        self.putting = False
        self._left = self._texts[other] = filled
        return True

    def _text(self, side: Side) -> str:
        return self._view.own_text if side is Side.SOURCE else self._view.text

    @staticmethod
    def _other(side: Side) -> Side:
        return Side.TARGET if side is Side.SOURCE else Side.SOURCE
