"""Marks words that the dictionaries do not know, and offers others for them in the editor's menu.

What is painted comes from a cache; the line that one writes in is looked at, the others only when more is known of
their words. The word that is being written is not judged yet, and nothing is while an input method composes.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QTextBlock, QTextCursor
from PySide6.QtWidgets import QMenu
from shiboken6 import isValid

from workstation.domain.fixed_parts import scan
from workstation.domain.templates import PLACEHOLDER
from workstation.i18n import _
from workstation.services.spelling import WORD, Spelling, judged

if TYPE_CHECKING:
    from workstation.views.case.editor import DraftEditor

_PIECE = re.compile(r"\S+")
LONGEST = 5_000
"""Characters of one line that is looked at: nobody writes longer ones, and pasting one must not stall."""


class Squiggles(QObject):
    """The speller of one editor."""

    def __init__(self, editor: "DraftEditor", spelling: Spelling) -> None:
        super().__init__(editor)
        self._editor = editor
        self._spelling = spelling
        self._language = ""
        self._kept: tuple[str, ...] = ()
        self._terms: re.Pattern[str] | None = None
        self._waiting: set[str] = set()
        self._unfinished: tuple[QTextBlock, int] | None = None
        """The line and the character where the word ends that is being written."""
        self._before: dict[str, tuple[tuple[int, int], ...]] = {}
        self._line: tuple[str, list[tuple[int, int, str]]] = ("", [])
        """The line that was looked at last, and its words."""
        self._right: set[str] = set()
        """Words that are known to be right, as a key finds all but one of a line unchanged."""
        editor.cursorPositionChanged.connect(self._moved)
        self.destroyed.connect(spelling.subscribe(self._told))

    def speak(self, language: str) -> None:
        """Judge by the dictionary of another language (BCP 47; "" for none)."""
        if language != self._language:
            self._language = language
            self._look_anew()

    def keep(self, terms: tuple[str, ...]) -> None:
        """Words that are right whatever a dictionary says: not to be translated."""
        if terms != self._kept:
            self._kept = terms
            found = "|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True) if term.strip())
            self._terms = re.compile(rf"(?<!\w)(?:{found})(?!\w)") if found else None
            self._look_anew()

    def _look_anew(self) -> None:
        self._line = ("", [])
        self._right.clear()
        self._waiting.clear()
        self._editor.rehighlight()

    # -- for the highlighter ---------------------------------------------------------------------------------------

    def spans(self, text: str, block: QTextBlock) -> tuple[tuple[int, int], ...]:
        """Where in a line stands a word that nobody knows, in characters."""
        if not self._language or len(text) > LONGEST:
            return ()
        if self._editor.composing:
            return self._before.get(text, ())
        found = []
        writing = self._writing(block)
        if self._unfinished is not None and self._unfinished[0] == block:
            self._unfinished = None
        for start, end, word in self._words(text):
            if end == writing:
                self._unfinished = (QTextBlock(block), end)
                continue
            if word in self._right:
                continue
            known = self._spelling.known(word, self._language)
            if known is None:
                self._waiting.add(word)
            elif known:
                self._right.add(word)
            else:
                found.append((start, end))
        if len(self._before) > 64:
            self._before.clear()
        self._before[text] = tuple(found)
        return tuple(found)

    def _words(self, text: str) -> list[tuple[int, int, str]]:
        """The words of a line that are to be judged: not those of addresses, names, hashtags, placeholders, terms."""
        before, words = self._line
        begin = 0
        if "{" not in text and "{" not in before:
            # What stands before the change, and no term reaches into it, is as it was.
            begin = max(0, _alike(before, text) - max(map(len, self._kept), default=0) - 1)
            while begin and not text[begin - 1].isspace():
                begin -= 1
        kept = [word for word in words if word[1] < begin]
        found = [*kept, *self._words_from(text, begin)]
        self._line = (text, found)
        return found

    def _words_from(self, text: str, begin: int) -> Iterator[tuple[int, int, str]]:
        apart = [hit.span() for hit in PLACEHOLDER.finditer(text)] if "{" in text else []
        if self._terms is not None:
            reach = max(map(len, self._kept))
            apart += [hit.span() for hit in self._terms.finditer(text, max(0, begin - reach))]
        for piece in _PIECE.finditer(text, begin):
            at = piece.start()
            for start, end, word in _judged(piece[0]):
                if not any(at + start < last and first < at + end for first, last in apart):
                    yield at + start, at + end, word

    def _writing(self, block: QTextBlock) -> int | None:
        """The character where one writes in this line; None where nobody does."""
        cursor = self._editor.textCursor()
        if not self._editor.hasFocus() or cursor.hasSelection() or cursor.block() != block:
            return None
        return len(_characters(block.text(), cursor.positionInBlock()))

    # -- what happens ----------------------------------------------------------------------------------------------

    def _moved(self) -> None:
        """A word is judged when one has left it."""
        if self._unfinished is None or self._editor.composing:
            return
        block, end = self._unfinished
        if not block.isValid() or self._writing(block) != end:
            self._unfinished = None
            if block.isValid():
                self._editor.highlight_block(block)

    def _told(self, language: str) -> None:
        if not isValid(self._editor) or language not in ("", self._language):
            return
        if not language:
            self._look_anew()
            return
        answered = {word for word in self._waiting if self._spelling.known(word, language) is not None}
        self._waiting -= answered
        wrong = [word for word in answered if not self._spelling.known(word, language)]
        taught = not answered
        if taught:
            self._right.clear()
        block = self._editor.document().firstBlock()
        while block.isValid():
            text = block.text()
            if taught or any(word in text for word in wrong):
                self._editor.highlight_block(block)
            block = block.next()

    # -- the menu --------------------------------------------------------------------------------------------------

    def word_at(self, place: int) -> tuple[int, int, str] | None:
        """The unknown word around a place of the document: where it starts and ends (in Qt's units), and itself."""
        block = self._editor.document().findBlock(place)
        text = block.text()
        at = len(_characters(text, place - block.position()))
        for start, end, word in self._words(text):
            if start <= at <= end and self._spelling.known(word, self._language) is False:
                first = block.position() + _units(text[:start])
                return first, first + _units(word), word
        return None

    def offer(self, menu: QMenu, place: int) -> bool:
        """Put what may have been meant at the top of a menu; whether there is anything to say of the word."""
        found = self.word_at(place)
        if found is None:
            return False
        start, end, word = found
        top = menu.actions()[0]
        looking = QAction(_("Looking for suggestions…"), menu)
        looking.setEnabled(False)
        teach = QAction(_("Add “{word}” to the dictionary", word=word), menu)
        teach.triggered.connect(lambda: self._spelling.add(word, self._language))
        for action in (looking, teach):
            menu.insertAction(top, action)
        menu.insertSeparator(top)

        def show(words: tuple[str, ...]) -> None:
            if not isValid(menu) or not isValid(looking):
                return
            for each in words:
                menu.insertAction(looking, self._replacement(menu, start, end, word, each))
            looking.setText(_("No suggestions"))
            looking.setVisible(not words)

        self._spelling.suggest_to(word, self._language, show)
        return True

    def _replacement(self, menu: QMenu, start: int, end: int, word: str, by: str) -> QAction:
        action = QAction(by, menu)
        bold = action.font()
        bold.setBold(True)
        action.setFont(bold)

        def replace() -> None:
            cursor = QTextCursor(self._editor.document())
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            if cursor.selectedText() == word:
                cursor.insertText(by)

        action.triggered.connect(replace)
        return action


@lru_cache(maxsize=4_096)
def _judged(piece: str) -> tuple[tuple[int, int, str], ...]:
    """The words of what stands between two blanks; kept, because of a line only one such piece changes at a time."""
    parts = scan(piece)
    found = []
    for hit in WORD.finditer(piece):
        start, end = hit.span()
        inside = any(part.start < end and start < part.end for part in parts)
        before = piece[start - 1 : start]
        if not inside and not before.isdigit() and before != "_" and judged(hit[0]):
            found.append((start, end, hit[0]))
    return tuple(found)


def _alike(one: str, other: str) -> int:
    """How many characters two lines begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _characters(text: str, units: int) -> str:
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
