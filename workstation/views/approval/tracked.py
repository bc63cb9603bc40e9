"""Tracked differences: what was taken out and put in, marked by signs and lines as well as by colour."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QWidget

from workstation.domain.differences import Change, Piece, differences
from workstation.i18n import _
from workstation.views import masking, theme
from workstation.views.widgets.marking import mark

SIGNS = {Change.OUT: ("[−", "]"), Change.IN: ("[+", "]"), Change.KEPT: ("", "")}


class Tracked(QTextEdit):
    """A text with its changes, to be read and selected, never markup."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAcceptRichText(False)
        self._texts = ("", "")
        self._pieces: tuple[Piece, ...] = ()

    def show_change(self, before: str, after: str) -> None:
        """Show how `before` became `after`."""
        if (before, after) == self._texts:
            return
        self._texts, self._pieces = (before, after), differences(before, after)
        self._write()

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What is shown."""
        return self._pieces

    def _write(self) -> None:
        self.clear()
        cursor = QTextCursor(self.document())
        for piece in self._pieces:
            opening, closing = SIGNS[piece.change]
            cursor.insertText(f"{opening}{masking.text(piece.text)}{closing}", _format(piece.change))
        self.moveCursor(QTextCursor.MoveOperation.Start)
        out = sum(piece.change is Change.OUT for piece in self._pieces)
        put = sum(piece.change is Change.IN for piece in self._pieces)
        mark(self, "changed", "true" if out or put else "false")
        self.setAccessibleName(_("What was changed: {out} taken out, {put} put in", out=out, put=put))

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and language."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.LanguageChange) and hasattr(self, "_pieces"):
            self._write()


def _format(change: Change) -> QTextCharFormat:
    shape, look = QTextCharFormat(), theme.current()
    if change is Change.KEPT:
        shape.setForeground(look.colour("text"))
    elif change is Change.OUT:
        shape.setForeground(look.colour("danger"))
        shape.setBackground(look.colour("danger_soft"))
        shape.setFontStrikeOut(True)
    else:
        shape.setForeground(look.colour("ok"))
        shape.setBackground(look.colour("ok_soft"))
        shape.setFontUnderline(True)
    return shape
