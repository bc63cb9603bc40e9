"""What can be done to all marked rows, and the short questions it asks: which tag, which priority."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Case
from workstation.domain.outbox import Act
from workstation.domain.text import LazyText, lazy
from workstation.i18n import formats, ngettext, render
from workstation.views.bulk.words import PRIORITIES
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import BY_ID, act_id
from workstation.views.widgets.picker import Choice, Picker

COMMANDS: tuple[tuple[str, LazyText, str, str], ...] = (
    ("bulk.answer", lazy("Answer all"), "reply", "bulk.answer"),
    ("claim", lazy("Assign to me"), "user-plus", "case.claim"),
    ("release", lazy("Give back"), "user-minus", "case.release"),
    ("tag", lazy("Put a tag on"), "tag", "case.tag"),
    ("untag", lazy("Take a tag off"), "tags", ""),
    ("priority", lazy("Set the priority"), "arrow-up", ""),
    ("snooze", lazy("Snooze"), "alarm-clock", "case.snooze"),
    ("wake", lazy("End the snooze"), "alarm-clock-off", "case.wake"),
    ("promise", lazy("Promise a time"), "calendar-clock", "case.promise"),
    ("resolve", lazy("Resolve"), "circle-check", "case.resolve"),
    ("reopen", lazy("Reopen"), "rotate-ccw", "case.reopen"),
)
"""Id, label, icon, and the action whose key does it at once while rows are marked."""


class BulkPicker(Picker):
    """Everything that can be done to the marked rows, found by typing. Emits an id: of COMMANDS, or of an act."""

    picked = Signal(str)

    def __init__(self, count: int, acts: Iterable[Act], actions: DeskActions, parent: QWidget) -> None:
        super().__init__(lazy("Do to all {count} marked", count=count), lazy("Type what to do"), parent)
        rows = [Choice(name, render(label), actions.key_text(key) if key else "", icon)
                for name, label, icon, key in COMMANDS]  # fmt: skip
        for act in acts:
            spec = BY_ID[act_id(act)]
            rows.append(Choice(spec.id, render(spec.label), actions.key_text(spec.id), spec.icon))
        self.offer(rows)
        self.chosen.connect(lambda choice: self.picked.emit(choice.id))


class OneTag(Picker):
    """One tag to put on, known or new."""

    picked = Signal(str)

    def __init__(self, known: Sequence[tuple[str, int]], parent: QWidget) -> None:
        super().__init__(lazy("Put which tag on?"), lazy("Type a tag"), parent, free=True)
        self.resize(440, 380)
        self.offer([_tag(tag, count) for tag, count in known])
        self.chosen.connect(lambda choice: self.picked.emit(" ".join(choice.text.lower().split())))


class TagOff(Picker):
    """One of the tags that the marked cases have."""

    picked = Signal(str)

    def __init__(self, cases: Iterable[Case], parent: QWidget) -> None:
        super().__init__(lazy("Take which tag off?"), lazy("Type a tag"), parent)
        self.resize(440, 380)
        counts: dict[str, int] = {}
        for case in cases:
            for tag in case.tags:
                counts[tag] = counts.get(tag, 0) + 1
        self.offer([_tag(tag, count) for tag, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))])
        self.chosen.connect(lambda choice: self.picked.emit(choice.text))


def _tag(tag: str, count: int) -> Choice:
    return Choice(tag, tag, ngettext("{count} case", "{count} cases", count), "tag")


class PriorityPicker(Picker):
    """How far up in their queue."""

    picked = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(lazy("Which priority?"), lazy("Choose, or type"), parent)
        self.resize(440, 270)
        self.offer(
            [
                Choice(str(value), render(label), formats().number(value), "arrow-up" if value else "minus")
                for value, label in sorted(PRIORITIES.items(), reverse=True)
            ]
        )
        self.chosen.connect(lambda choice: self.picked.emit(int(choice.id)))
