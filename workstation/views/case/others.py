"""Going to the person's other cases, and linking cases: both by typing."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Case, Entry
from workstation.domain.messages import Micros
from workstation.domain.text import LazyText, lazy
from workstation.domain.ties import Tie, TieKind
from workstation.i18n import _, formats, render
from workstation.views import masking, wording
from workstation.views.case.words import STATUS, TIE
from workstation.views.widgets.picker import Choice, Picker

PREVIEW = 90
_ICONS = {TieKind.RELATED: "link", TieKind.DUPLICATE: "copy", TieKind.CONTINUES: "lock"}


def case_line(entry: Entry, channel: str, now: Micros, about: str = "", icon: str = "message-square") -> Choice:
    """A case as a line to choose: what the customer wrote, where, how it stands, and `about` it."""
    message, case = entry.message, entry.case
    text = " ".join(masking.text(message.spoiler or wording.text(message)).split())[:PREVIEW] or masking.handle(
        message.author
    )
    status = render(STATUS[case.status]) if case is not None else ""
    hint = " · ".join(part for part in (about, channel, status, formats().age(message.created_at, now)) if part)
    number = str(case.id) if case is not None else ""
    return Choice(number, text, hint=hint, icon=icon, words=f"{number} {message.author.handle} {message.author.name}")


class CasePicker(Picker):
    """Other cases of the person and linked ones; emits the id of the chosen case."""

    picked = Signal(int)

    def __init__(self, title: LazyText, parent: QWidget) -> None:
        super().__init__(title, lazy("Type a word of the case, or its number"), parent)
        self.resize(760, 380)
        self.chosen.connect(lambda choice: self.picked.emit(int(choice.id)))

    def show_entries(self, entries: Sequence[Entry], channels: Mapping[int, str], now: Micros) -> None:
        """Offer these."""
        self.offer([case_line(entry, channels.get(entry.message.channel, ""), now) for entry in entries])

    def show_cases(
        self,
        case: Case,
        others: Sequence[Entry],
        linked: Sequence[tuple[Tie, Entry]],
        channels: Mapping[int, str],
        now: Micros,
    ) -> None:
        """Offer the linked ones first, then the other open ones."""
        found: dict[str, Choice] = {}
        for tie, entry in linked:
            about = _("linked: {kind}", kind=render(TIE[tie.kind]))
            line = case_line(entry, channels.get(entry.message.channel, ""), now, about, _ICONS[tie.kind])
            found.setdefault(line.id, line)
        for entry in others:
            line = case_line(entry, channels.get(entry.message.channel, ""), now)
            found.setdefault(line.id, line)
        found.pop(str(case.id), None)
        self.offer(list(found.values()))
        self.empty.setText(_("This person has no other open case, and no case is linked with this one."))
        self.empty.setVisible(not found)


class KindPicker(Picker):
    """How two cases belong together; emits the kind, or None to take the link away."""

    picked = Signal(object)

    def __init__(self, number: int, tied: frozenset[TieKind], parent: QWidget) -> None:
        super().__init__(lazy("How does case {number} belong to this one?", number=str(number)), lazy("Choose"), parent)
        self.resize(620, 260)
        words = {
            TieKind.CONTINUES: _("One conversation that went on in private, or in public"),
            TieKind.DUPLICATE: _("The same request, written twice"),
            TieKind.RELATED: _("Related"),
        }
        self.offer(
            [
                Choice(
                    kind,
                    text,
                    hint=_("take this link away") if kind in tied else "",
                    icon="x" if kind in tied else _ICONS[kind],
                )
                for kind, text in words.items()
            ]
        )
        self.chosen.connect(lambda choice: self.picked.emit(TieKind(choice.id)))
