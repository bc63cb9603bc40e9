"""The text one writes: placeholders stand out, the direction follows the words, nothing is ever rich text.

Tab goes from one unfilled placeholder to the next, and after the last one out of the editor. A shortcut such as
``;thanks`` before the caret becomes its template.
"""

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QInputMethodEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from workstation.domain.stacking import stacked
from workstation.domain.templates import PLACEHOLDER, SEMICOLONS, SHORTCUT, Blank, blanks
from workstation.i18n import direction, formats, text_direction
from workstation.views import fonts, masking, theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.services.spelling import Spelling
    from workstation.views.case.squiggles import Squiggles

_SHORTCUT = re.compile(rf"(?<![A-Za-z0-9])[{SEMICOLONS}]({SHORTCUT.pattern})$")


class Placeholders(QSyntaxHighlighter):
    """Paints what is still to be filled in, and words that no dictionary knows."""

    squiggles: "Squiggles | None" = None

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._dress()

    def _dress(self) -> None:
        look = theme.current()
        self._blank, self._blot, self._wavy = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
        self._blank.setForeground(look.colour("warn"))
        self._blank.setBackground(look.colour("warn_soft"))
        self._blank.setFontWeight(600)
        self._blot.setForeground(look.colour("outline"))
        self._blot.setBackground(look.colour("outline"))
        self._wavy.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SpellCheckUnderline)
        self._wavy.setUnderlineColor(look.colour("danger"))

    def highlight_all(self) -> None:
        """Paint every line anew, in the colours of the theme in force."""
        self._dress()
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Mark every placeholder of a line; while the screen is shared, cover what tells who somebody is."""
        for found in PLACEHOLDER.finditer(text) if "{" in text else ():
            self._paint(text, *found.span(), self._blank)
        for start, end in masking.spans(text):
            self._paint(text, start, end, self._blot)
        if self.squiggles is not None:
            for start, end in self.squiggles.spans(text, self.currentBlock()):
                self._paint(text, start, end, self._wavy)

    def _paint(self, text: str, start: int, end: int, style: QTextCharFormat) -> None:
        if text.isascii():
            self.setFormat(start, end - start, style)
            return
        # Qt counts UTF-16 units.
        at = len(text[:start].encode("utf-16-le")) // 2
        self.setFormat(at, len(text[start:end].encode("utf-16-le")) // 2, style)


class DraftEditor(QPlainTextEdit):
    """A plain editor. There is no use for a tab in a reply, and the keyboard must get out."""

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
        self.expand: Callable[[int, str], bool] = lambda _start, _word: False
        """Asked on Tab to put a template in place of a shortcut that starts at a character; whether it did."""
        self.walks = True
        """Whether Tab goes from placeholder to placeholder; not where they are written."""
        self._first, self._last = QTextCursor(), QTextCursor()
        self.language = ""
        """What is expected here (BCP 47); it decides on direction and letters where the text does not."""
        self.composing = False
        """Whether an input method is composing: what it shows is not in the text yet."""
        self.horizontalScrollBar().rangeChanged.connect(self._stay)
        self.textChanged.connect(self.turn)
        self.turn()

    def _stay(self) -> None:
        """A blank at a line's end lies beyond the edge: mirrored, Qt would show it in place of the line's beginning."""
        bar = self.horizontalScrollBar()
        bar.setValue(bar.maximum() if self.isRightToLeft() else bar.minimum())

    def expect(self, language: str) -> None:
        """Be written in another language: an empty line begins at its side, Chinese characters take its forms."""
        if language != self.language:
            self.language = language
            self.turn()
            self._dress()

    def _dress(self) -> None:
        """Set Chinese, Japanese and Korean in the family that is theirs, also before a letter of it is there."""
        script = fonts.writing("漢", self.language) if self.language.startswith(("ja", "ko", "zh", "yue")) else ""
        wanted = fonts.written_in(self.font(), script) if script else self.font()
        if wanted.families() != self.document().defaultFont().families():
            self.document().setDefaultFont(wanted)

    def turn(self) -> None:
        """Follow the direction of what is written."""
        expected = direction(self.language) if self.language else formats().direction
        rtl = text_direction(self.toPlainText(), expected) == "rtl"
        wanted = Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight
        option = self.document().defaultTextOption()
        if option.textDirection() == wanted:
            return
        option.setTextDirection(wanted)
        # A plain document aligns by no direction, so the side is named.
        option.setAlignment(Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDefaultTextOption(option)

    def changeEvent(self, event: QEvent) -> None:
        """What is hidden on a shared screen is covered here too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._stay()
        elif event.type() == QEvent.Type.LanguageChange:
            self.turn()
            self.rehighlight()
        elif event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._dress()

    def rehighlight(self) -> None:
        """Paint the placeholders in the colours of the theme in force."""
        self._highlighter.highlight_all()

    def highlight_block(self, block: QTextBlock) -> None:
        """Paint one line anew."""
        self._highlighter.rehighlightBlock(block)

    def spell_with(self, spelling: "Spelling") -> "Squiggles":
        """Mark words that no dictionary knows; `speak` of what is returned says in which language.

        It is the same one whoever asks.
        """
        # Imported when first used: a start pays for every module.
        from workstation.views.case.squiggles import Squiggles

        if self._highlighter.squiggles is None:
            self._highlighter.squiggles = Squiggles(self, spelling)
        return self._highlighter.squiggles

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Know while an input method composes."""
        before, self.composing = self.composing, bool(event.preeditString())
        super().inputMethodEvent(event)
        if before and not self.composing and self._highlighter.squiggles is not None:
            self.highlight_block(self.textCursor().block())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The usual menu, and above it what may have been meant by a word that is unknown."""
        menu = self.createStandardContextMenu(event.pos())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._highlighter.squiggles is not None:
            by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
            cursor = self.textCursor() if by_key else self.cursorForPosition(event.pos())
            self._highlighter.squiggles.offer(menu, cursor.position())
        menu.popup(event.globalPos())

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

    def setPlainText(self, text: str) -> None:
        """Write on another text: what was inserted into the one before is forgotten."""
        self._first, self._last = QTextCursor(), QTextCursor()
        super().setPlainText(text)

    def insert(self, text: str) -> int:
        """Put `text` at the caret as one step of the editor's own undo, parted from what stands around it.

        Nothing is overwritten: with a placeholder selected, the text follows what was inserted before it. Returns the
        character where it starts.
        """
        at = self._place(self.textCursor())
        return self._put(at, at, text)

    def replace_all(self, text: str) -> None:
        """Put `text` in place of everything, as one step of the editor's own undo."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.endEditBlock()

    def mend(self, text: str) -> None:
        """Make `text` of what stands here, as one step of its undo; what is the same in both, and the caret, stays."""
        old = self.toPlainText()
        start, most = 0, min(len(old), len(text))
        while start < most and old[start] == text[start]:
            start += 1
        end = 0
        while end < most - start and old[-1 - end] == text[-1 - end]:
            end += 1
        cursor = QTextCursor(self.document())
        cursor.setPosition(_position(old, start))
        cursor.setPosition(_position(old, len(old) - end), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text[start : len(text) - end])

    def replace_shortcut(self, start: int, text: str) -> int:
        """Put `text` in place of the shortcut that starts at character `start` and ends at the caret."""
        return self._put(_position(self.toPlainText(), start), self.textCursor().position(), text)

    def _put(self, start: int, end: int, text: str) -> int:
        whole = self.toPlainText()
        before, after = _units(whole, start), whole[len(_units(whole, end)) :]
        lead, trail = stacked(before, text, after)
        cursor = self.textCursor()
        # A block of its own: otherwise one undo would take what was typed before it too.
        cursor.beginEditBlock()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(lead + text + trail)
        cursor.endEditBlock()
        cursor.setPosition(cursor.position() - len(trail))
        self.setTextCursor(cursor)
        self._last = QTextCursor(cursor)
        self._first = QTextCursor(cursor)
        self._first.setKeepPositionOnInsert(True)
        self._first.setPosition(start)
        return len(before) + len(lead)

    def _place(self, cursor: QTextCursor) -> int:
        """Where an insertion goes, in units: the caret, or behind a placeholder's text that must not be torn."""
        whole = self.toPlainText()
        start, end = (len(_units(whole, at)) for at in (cursor.selectionStart(), cursor.selectionEnd()))
        torn = any(blank.start < end and start < blank.end for blank in blanks(whole))
        if not torn:
            return cursor.selectionEnd()
        inserted = not self._last.isNull() and self._first.position() <= cursor.selectionStart()
        if inserted and cursor.selectionEnd() <= self._last.position():
            return self._last.position()
        block = self.document().findBlock(cursor.selectionEnd())
        return block.position() + block.length() - 1

    def typed_shortcut(self) -> tuple[int, str] | None:
        """The shortcut right before the caret: the character where its semicolon stands, and its word."""
        cursor = self.textCursor()
        if cursor.hasSelection():
            return None
        before = _units(self.toPlainText(), cursor.position())
        found = _SHORTCUT.search(before[-60:])
        return (len(before) - len(found[0]), found[1].casefold()) if found else None

    def next_blank(self) -> bool:
        """Select the next placeholder after the caret, from the start again at the end; whether there is one."""
        found = blanks(self.toPlainText())
        chosen = self._following(found) or (found[0] if found else None)
        if chosen is not None:
            self.select(chosen.start, chosen.end)
        return chosen is not None

    def _following(self, found: tuple[Blank, ...]) -> Blank | None:
        at = self.caret()
        return next((blank for blank in found if blank.start >= at), None)

    def _preceding(self, found: tuple[Blank, ...]) -> Blank | None:
        at = len(_units(self.toPlainText(), self.textCursor().selectionStart()))
        return next((blank for blank in reversed(found) if blank.end <= at), None)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab: a shortcut becomes its template, else the next placeholder is selected, else the focus goes on."""
        shortcut = self.typed_shortcut() if forward else None
        if shortcut is not None and self.expand(*shortcut):
            return True
        found = blanks(self.toPlainText()) if self.walks else ()
        chosen = self._following(found) if forward else self._preceding(found)
        if chosen is None:
            return super().focusNextPrevChild(forward)
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
