"""A field for the text of a filter: says at once what cannot be read, and where, and how much a filter would show."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QInputMethodEvent, QTextCharFormat
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from workstation.domain.errors import FilterError, MeridianError
from workstation.domain.filters import parse
from workstation.domain.text import LazyText, lazy_plural
from workstation.i18n import _, render
from workstation.qt.throttle import Throttle
from workstation.views import theme
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating

Count = Callable[[str], Awaitable[int]]
"""How many rows a filter would show."""
Run = Callable[[Coroutine[Any, Any, Any]], object]
REST = 250
"""Milliseconds without a key before a filter is tried out."""


class FilterField(Retranslating):
    """A line to write a filter in, and beneath it what is wrong with it or what it would show."""

    changed = Signal(bool)
    """The text changed; whether it can be read."""
    accepted = Signal()
    """Enter was pressed on a filter that can be read."""

    def __init__(self, count: Count, run: Run, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count, self._run = count, run
        self.error: FilterError | None = None
        self._told: LazyText | None = None
        self.line = QLineEdit()
        self.words = Paragraph()
        self.words.setProperty("role", "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.line)
        column.addWidget(self.words)
        self._rest = Throttle(self, REST, self._try_out)
        self.line.textChanged.connect(self._check)
        self.line.returnPressed.connect(self._enter)
        self.retranslate()

    @property
    def text(self) -> str:
        """The filter as it is written."""
        return self.line.text().strip()

    def put(self, text: str) -> None:
        """Write a text into the field and look at it."""
        self.line.setText(text)
        self._check()

    def stop(self) -> None:
        """Try nothing out any more: the field is put away."""
        self._rest.cancel()

    def _enter(self) -> None:
        if self.error is None:
            self.accepted.emit()

    def _check(self) -> None:
        try:
            parse(self.text)
            self.error = None
        except FilterError as error:
            self.error = error
        self._told = self.error.text if self.error is not None else None
        self._write()
        self._underline()
        self.changed.emit(self.error is None)
        if self.error is None:
            self._rest.later()
        else:
            self._rest.cancel()

    def _try_out(self) -> None:
        self._run(self._preview())

    async def _preview(self) -> None:
        text = self.text
        try:
            number = await self._count(text)
        except MeridianError as error:
            self._told = error.text
        else:
            self._told = lazy_plural("Shows {count} message now", "Shows {count} messages now", number)
        if text == self.text and self.error is None:
            self._write()

    def _write(self) -> None:
        self.words.setText(render(self._told) if self._told is not None else "")
        role = "error" if self.error is not None else "small"
        for widget, name in ((self.words, role), (self.line, role if role == "error" else "")):
            if widget.property("role") != name:
                widget.setProperty("role", name)
                widget.style().unpolish(widget)
                widget.style().polish(widget)
        self.line.setAccessibleDescription(self.words.text())

    def _underline(self) -> None:
        """A wavy line from where the filter cannot be read; a line edit takes formats as an input method gives them."""
        marks: list[QInputMethodEvent.Attribute] = []
        kind = QInputMethodEvent.AttributeType.TextFormat
        if self.error is not None and self.line.text():
            start = min(self.error.position, len(self.line.text()) - 1)
            wavy = QTextCharFormat()
            wavy.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            wavy.setUnderlineColor(theme.current().colour("danger"))
            length = len(self.line.text()) - start
            marks.append(QInputMethodEvent.Attribute(kind, start - self.line.cursorPosition(), length, wavy))
        QCoreApplication.sendEvent(self.line, QInputMethodEvent("", marks))

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self.line.setPlaceholderText(_("For example: lang:de tag:refund -is:spam"))
        self.line.setAccessibleName(_("Filter"))
        self._write()
