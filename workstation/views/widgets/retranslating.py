"""The habit of every widget that shows text: write it anew when the language changes."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QFrame


class Retranslating(QFrame):
    """A widget whose `retranslate` writes all its texts; its constructor calls it once, Qt calls it from then on."""

    def retranslate(self) -> None:
        """Write every text in the language spoken now."""
        raise NotImplementedError

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
