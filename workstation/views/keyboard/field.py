"""The field that takes a key down: as it will be found again, on whichever keyboard it was pressed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QKeySequenceEdit, QWidget

from workstation.views.keyboard.fallback import read
from workstation.views.keyboard.meaning import Reader

STEPS = 3


class KeyField(QKeySequenceEdit):
    """Takes down up to three keys one after the other. Letters of other scripts are taken down by their place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaximumSequenceLength(STEPS)
        self._reader = Reader()

    def keys(self) -> str:
        """What was pressed, as portable text."""
        return self.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take down what the key means where its layout has no letter of ours."""
        press = read(event)
        if press.gives and press.place and not press.gives.isascii():
            latin = next((each for each in self._reader.meanings(press) if each.key.isascii()), None)
            if latin is not None and len(latin.key) == 1:
                code = Qt.Key(ord(latin.key.upper()))
                event = QKeyEvent(event.type(), code, event.modifiers(), latin.key)
        super().keyPressEvent(event)
