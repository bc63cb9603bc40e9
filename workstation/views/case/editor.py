"""The text one writes: placeholders stand out, the direction follows the words, nothing is ever rich text."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from workstation.domain.templates import PLACEHOLDER, blanks
from workstation.i18n import formats, text_direction
from workstation.views import theme


class Placeholders(QSyntaxHighlighter):
    """Paints what is still to be filled in."""

    def highlightBlock(self, text: str) -> None:
        """Mark every placeholder of a line."""
        look = theme.current()
        style = QTextCharFormat()
        style.setForeground(look.colour("warn"))
        style.setBackground(look.colour("warn_soft"))
        style.setFontWeight(600)
        for found in PLACEHOLDER.finditer(text):
            # Qt counts UTF-16 units.
            start = len(text[: found.start()].encode("utf-16-le")) // 2
            length = len(found[0].encode("utf-16-le")) // 2
            self.setFormat(start, length, style)


class DraftEditor(QPlainTextEdit):
    """A plain editor. Tab leaves it: there is no use for a tab in a reply, and the keyboard must get out."""

    focused = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        # Its first letter stands under that of the caption.
        self.document().setDocumentMargin(0)
        # Everything wraps; only the caret may stand beyond the edge.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._highlighter = Placeholders(self.document())
        self.textChanged.connect(self._turn)
        self._turn()

    def _turn(self) -> None:
        rtl = text_direction(self.toPlainText(), formats().direction) == "rtl"
        wanted = Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight
        option = self.document().defaultTextOption()
        if option.textDirection() == wanted:
            return
        option.setTextDirection(wanted)
        option.setAlignment(Qt.AlignmentFlag.AlignLeading)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDefaultTextOption(option)

    def rehighlight(self) -> None:
        """Paint the placeholders in the colours of the theme in force."""
        self._highlighter.rehighlight()

    def caret(self) -> int:
        """Where one writes, in characters (not UTF-16 units)."""
        return len(_units(self.toPlainText(), self.textCursor().position()))

    def put_caret(self, at: int) -> None:
        """Write on at character `at`."""
        cursor = self.textCursor()
        cursor.setPosition(_position(self.toPlainText(), at))
        self.setTextCursor(cursor)

    def select(self, start: int, end: int) -> None:
        """Select characters, so that typing replaces them, and show them."""
        text = self.toPlainText()
        cursor = self.textCursor()
        cursor.setPosition(_position(text, start))
        cursor.setPosition(_position(text, end), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureCursorVisible()

    def insert(self, text: str) -> None:
        """Put `text` at the caret as one step of the editor's own undo; a blank is put around it where needed."""
        cursor = self.textCursor()
        before = self.toPlainText()[: self.caret()]
        glue = " " if before and not before[-1].isspace() and text and not text[0].isspace() else ""
        # A block of its own: otherwise one undo would take what was typed before it too.
        cursor.beginEditBlock()
        cursor.insertText(glue + text)
        cursor.endEditBlock()
        self.setTextCursor(cursor)

    def next_blank(self) -> bool:
        """Select the next placeholder after the caret, from the start again at the end; whether there is one."""
        found = blanks(self.toPlainText())
        if not found:
            return False
        at = self.caret()
        chosen = next((blank for blank in found if blank.start >= at), found[0])
        self.select(chosen.start, chosen.end)
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell the frame."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the frame."""
        super().focusOutEvent(event)
        self.focused.emit(False)


def _units(text: str, position: int) -> str:
    return text.encode("utf-16-le")[: position * 2].decode("utf-16-le", "ignore")


def _position(text: str, at: int) -> int:
    return len(text[: max(0, at)].encode("utf-16-le")) // 2
