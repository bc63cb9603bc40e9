"""The line above Send: why it is off, or what to mind before one presses it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from workstation.domain.checks import Finding
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, render
from workstation.services.drafting import Block, Obstacle
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.labels import Elided
from workstation.views.widgets.tint import sign

if TYPE_CHECKING:
    from workstation.domain.channels import Length

WIDER = lazy("More people will see this than saw the message it answers.")


class Standing(msgspec.Struct, frozen=True):
    """Everything that decides on Send; what is the same is not written again."""

    busy: bool = False
    two: bool = False
    wider: bool = False
    context: LazyText | None = None
    obstacles: tuple[Obstacle, ...] = ()
    blocking: tuple[Finding, ...] = ()
    length: "Length | None" = None

    @property
    def hindrances(self) -> Sequence[Obstacle | Finding]:
        """What keeps the text from being sent."""
        return (*self.obstacles, *self.blocking)

    @property
    def sendable(self) -> bool:
        """Whether it can be sent now."""
        return not self.busy and not self.hindrances

    @property
    def astray(self) -> bool:
        """Whether an obstacle stands at a place that can be shown; between two editors the checks do so."""
        return not self.two and any(obstacle.start >= 0 for obstacle in self.obstacles)

    def words(self) -> tuple[str, str, str]:
        """What is said of it, in which tone and with which icon; "" for nothing."""
        if self.busy:
            return _("Reading the thread again before sending…"), "accent", "refresh-cw"
        # Between two editors the checks tell of placeholders, each at its side.
        told = (Block.EMPTY, Block.BLANK) if self.two else (Block.EMPTY,)
        telling = [obstacle for obstacle in self.obstacles if obstacle.kind not in told]
        if telling:
            return " ".join(render(obstacle.text) for obstacle in telling[:3]), "danger", "circle-alert"
        warnings = [render(WIDER)] if self.wider else []
        if self.context is not None:
            warnings.append(render(self.context))
        return (" ".join(warnings), "warn", "triangle-alert") if warnings else ("", "secondary", "info")


class StateLine(QFrame):
    """An icon, a sentence, and the way to the place that it is about."""

    go_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._signed = ("", "")
        self._sign, self.words = QLabel(), Elided()
        self._jump = TextButton(lazy("Go there"), role="link")
        self._jump.clicked.connect(self.go_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.addWidget(self._sign)
        row.addWidget(self.words, 1)
        row.addWidget(self._jump)

    def say(self, standing: Standing) -> None:
        """Say how things stand; hidden where there is nothing to say."""
        text, tone, icon = standing.words()
        self.setVisible(bool(text))
        if text != self.words.text():
            self.words.setText(text)
            self.words.setAccessibleName(text)
        if text and self._signed != (icon, tone):
            self._signed = (icon, tone)
            self._sign.setPixmap(sign(icon, tone, 16))
        self._jump.setVisible(standing.astray)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and all(self._signed):
            icon, tone = self._signed
            self._sign.setPixmap(sign(icon, tone, 16))
