"""The strip under the two editors: the back-translation or what the provider is at, the checks, what may be meant."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workstation.domain.checks import Finding
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, facing, formats, plain, render, text_direction
from workstation.i18n.bidi import LRM, RLM
from workstation.views.case.resting import Resting
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Elided, Paragraph, plain_tip
from workstation.views.widgets.marking import mark
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import sign

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 6
"""Findings, and suggestions, that are shown; the rest is told by a number."""
WRITE_MS = 120
"""How long typing rests before the chips are laid out anew; what they say is known, and keeps from sending, at once."""
WRITE_MS_MOST = 2_000
"""How long they wait at most while somebody types on."""
LETTERS = 70
"""Of a suggestion on its button."""


class Line(msgspec.Struct, frozen=True):
    """What the strip says: an icon in a tone, a heading, words of ours or a text of somebody else's."""

    icon: str
    tone: str
    head: LazyText | None = None
    words: LazyText | None = None
    text: str = ""
    busy: bool = False
    """Something is under way that can be ended."""


class Tally(msgspec.Struct, frozen=True):
    """How many parts of a kind are as they must be."""

    name: LazyText
    good: int
    whole: int


class Offer(msgspec.Struct, frozen=True):
    """Something that can be put into the customer's text. `note` tells what it is."""

    text: str
    note: LazyText
    whole: bool = False
    """It stands for the whole text, not for a sentence of it."""
    machine: bool = False


class _Row(QWidget):
    """Buttons that are kept: what is typed changes them often."""

    pressed = Signal(int)

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self._buttons: list[QPushButton] = []
        self._texts: list[tuple[str, str, str]] = []
        self._flow = FlowLayout(self)
        self.setVisible(False)

    @property
    def buttons(self) -> list[QPushButton]:
        """Those that are shown."""
        return [button for button in self._buttons if not button.isHidden()]

    def show_texts(self, texts: Sequence[tuple[str, str, str]]) -> None:
        """Show a button for each text with its tone and what it says in full; those that stay so are let be."""
        before, self._texts = self._texts, list(texts)
        while len(self._buttons) < len(texts):
            self._buttons.append(self._button(len(self._buttons)))
        if len(texts) > len(before) and not self._focused():
            # Each button that appears in a visible row would have the whole window laid out.
            self.setVisible(False)
        for at, button in enumerate(self._buttons):
            if at < len(texts) and before[at : at + 1] != [texts[at]]:
                text, tone, whole = texts[at]
                mark(button, "tone", tone)
                button.setText(text)
                button.setAccessibleName(whole)
                button.setToolTip(plain_tip(whole) if whole != text else "")
            if button.isHidden() is (at < len(texts)):
                button.setVisible(at < len(texts))
        self.setVisible(bool(texts))
        self._claim()

    def _button(self, number: int) -> QPushButton:
        button = QPushButton()
        button.setProperty("role", self._role)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self.pressed.emit(number))
        self._flow.addWidget(button)
        button.setVisible(False)
        return button

    def _focused(self) -> bool:
        return any(button.hasFocus() for button in self._buttons)

    def _claim(self) -> None:
        """Ask for all its lines: a layout of lines says how low one may be, and would be squeezed to that."""
        self.setMinimumHeight(self._flow.heightForWidth(max(1, self.width())) if self.buttons else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other lines, another height."""
        super().resizeEvent(event)
        self._claim()


class TranslationStrip(Retranslating):
    """Data in, wishes out."""

    finding_wanted = Signal(object)
    """A finding is to be shown where it stands."""
    offer_wanted = Signal(object)
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._writing = Resting(self, WRITE_MS, WRITE_MS_MOST, self._write_checks)
        self._line: Line | None = None
        self._tallies: tuple[Tally, ...] = ()
        self.known: tuple[Finding, ...] = ()
        """What was wrong when it was last looked at."""
        self.settle: Callable[[], object] = lambda: None
        """Looks at once at what was typed since."""
        self.offers: tuple[Offer, ...] = ()
        self._sign, self._head, self.words, self._good = QLabel(), QLabel(), Paragraph(), QLabel()
        self._quote = Elided()
        self._head.setProperty("role", "small")
        self._good.setProperty("role", "small")
        mark(self._good, "tone", "ok")
        self._cancel = TextButton(lazy("Cancel"), role="link")
        self._cancel.clicked.connect(self.cancel_wanted)
        self.found, self.offered = _Row("finding"), _Row("offer")
        self.found.pressed.connect(self._go)
        self.offered.pressed.connect(lambda at: self.offer_wanted.emit(self.offers[at]))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self._head)
        row.addWidget(self.words, 1)
        row.addWidget(self._quote, 1)
        row.addWidget(self._cancel)
        row.addWidget(self._good)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 5, 12, 5)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.found)
        column.addWidget(self.offered)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.retranslate()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong now."""
        self.settle()
        return self.known

    # -- data in ---------------------------------------------------------------------------------------------------

    def say(self, line: Line | None) -> None:
        """Say what there is to be said of the whole."""
        if line != self._line:
            self._line = line
            self._write_line()

    def show_findings(self, findings: Sequence[Finding], tallies: Sequence[Tally]) -> None:
        """Show what is wrong, and count what is not."""
        if tuple(findings) != self.known:
            self.known = tuple(findings)
            self._writing.later()
        if tuple(tallies) != self._tallies:
            self._tallies = tuple(tallies)
            self._writing.later()

    def hold(self) -> None:
        """Somebody types: the chips wait."""
        if self._writing.waiting:
            self._writing.later()

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Show what may be meant."""
        if tuple(offers) != self.offers:
            self.offers = tuple(offers)
            self._write_offers()

    # -- words -----------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write everything in the language spoken now."""
        self.setAccessibleName(_("Translation"))
        self._write_line()
        self._write_findings()
        self._write_tallies()
        self._write_offers()

    def _write_line(self) -> None:
        line = self._line
        self._sign.setVisible(line is not None)
        self.words.setVisible(line is not None and line.words is not None)
        self._quote.setVisible(line is not None and line.words is None)
        self._head.setVisible(line is not None and line.head is not None)
        self._cancel.setVisible(line is not None and line.busy)
        if line is None:
            return
        self._sign.setPixmap(sign(line.icon, line.tone, 16))
        head = render(line.head) if line.head is not None else ""
        self._head.setText(head)
        self.words.setText(render(line.words) if line.words is not None else "")
        rtl = text_direction(plain(line.text), formats().direction) == "rtl"  # what is quoted, not the quotes
        self._quote.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
        self._quote.setText(f"{RLM if rtl else LRM}{line.text}")
        self._quote.setAccessibleName(f"{head} {line.text}".strip())

    def _go(self, at: int) -> None:
        if at < len(self.findings):  # a chip may be older than what was typed last
            self.finding_wanted.emit(self.findings[at])

    def _write_checks(self) -> None:
        self._write_findings()
        self._write_tallies()

    def _write_findings(self) -> None:
        words = [(said(each), "danger" if each.blocks else "warn") for each in self.known[:MOST]]
        self.found.show_texts([(text, tone, text) for text, tone in words])

    def _write_tallies(self) -> None:
        parts = [
            _("{name} {good}/{whole}", name=render(each.name), good=each.good, whole=each.whole)
            for each in self._tallies
        ]
        # A tick only where all of a kind is there: two of three numbers is no good news.
        signs = ("✓" if tally.good == tally.whole else "✗" for tally in self._tallies)
        shown = "  ".join(f"{sign} {part}" for sign, part in zip(signs, parts, strict=True))
        self._good.setText(facing(shown, formats().direction))
        mark(self._good, "tone", "ok" if all(tally.good == tally.whole for tally in self._tallies) else "danger")
        self._good.setAccessibleName(formats().list(parts) if parts else "")
        self._good.setVisible(bool(parts))

    def _write_offers(self) -> None:
        texts = []
        for each in self.offers[:MOST]:
            words = " ".join(each.text.split())
            short = words if len(words) <= LETTERS else f"{words[: LETTERS - 1]}…"
            note = render(each.note)
            texts.append((_("{note}: {text}", note=note, text=short), "", _("{note}: {text}", note=note, text=words)))
        self.offered.show_texts(texts)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._write_line()


def said(finding: Finding) -> str:
    """The sentence of a finding, languages by their names."""
    values = dict(finding.text.params)
    for name in ("detected", "wanted"):
        tag = values.get(name)
        if finding.kind.value == "language" and isinstance(tag, str):
            values[name] = formats().language(tag)
    return render(msgspec.structs.replace(finding.text, params=tuple(values.items())))
