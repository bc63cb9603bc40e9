"""The window's frame: on the screen within a moment of the start, and filled with the desk as soon as that is there.

It needs Qt's widgets and nothing else of ours, and shows the last window's place and outline until then: grounds of
columns, never anything that somebody wrote.
"""

import time
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QRect, QSettings
from PySide6.QtGui import QCloseEvent, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

SIZE = (1600, 900)
PATIENCE = 0.25
"""Seconds; a window that is covered or minimised is never painted, and the start goes on all the same."""
MOST = 64
"""Blocks of an outline; a file with more was not written by us."""

FURTHEST = 32_767
"""Pixels from the frame's corner."""

Block = tuple[QRect, str]
"""Where a ground is, in the frame's own pixels, and its colour as `#RRGGBB`."""


class Frame(QMainWindow):
    """A top-level window that outlives what it shows. `memory` is a file that may be deleted at any time."""

    def __init__(self, memory: Path) -> None:
        super().__init__()
        self.setObjectName("frame")
        self.setWindowTitle("Meridian")
        self._memory = memory
        self._ground = ""
        self._blocks: list[Block] = []
        self._painted = False
        self._close_wanted = False
        self._system = _window_colour()
        self.resize(*SIZE)
        self._recall()

    # -- before there is a desk ------------------------------------------------------------------------------------

    def appear(self) -> None:
        """Show the frame, and return when it has been painted or will not be."""
        self.show()
        app, until = QApplication.instance(), time.monotonic() + PATIENCE
        while app is not None and not self._painted and time.monotonic() < until:
            app.processEvents()

    def _recall(self) -> None:
        kept = QSettings(str(self._memory), QSettings.Format.IniFormat)
        geometry = kept.value("geometry")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        if kept.value("system", "") != self._system:
            return
        self._ground = str(kept.value("ground", ""))
        listed = str(kept.value("blocks", "")).split(";")
        self._blocks = [block for words in listed[:MOST] if (block := _block(words)) is not None]

    def paintEvent(self, event: QPaintEvent) -> None:
        """The outline of the last window, until there is a new one."""
        self._painted = True
        if self.centralWidget() is not None or not self._ground:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._ground))
        for rect, colour in self._blocks:
            painter.fillRect(rect, QColor(colour))

    # -- with a desk -----------------------------------------------------------------------------------------------

    def fill(self, content: QWidget) -> None:
        """Show `content`, and bear its title and icon; it is asked before the frame is closed."""
        content.windowTitleChanged.connect(self.setWindowTitle)
        content.windowIconChanged.connect(self.setWindowIcon)
        self.setWindowTitle(content.windowTitle())
        self.setWindowIcon(content.windowIcon())
        self.setCentralWidget(content)

    def remember(self, ground: str, blocks: Iterable[Block]) -> None:
        """Write down how the window looks, for the next start."""
        kept = QSettings(str(self._memory), QSettings.Format.IniFormat)
        kept.setValue("geometry", self.saveGeometry())
        kept.setValue("system", self._system)
        kept.setValue("ground", ground)
        listed = [f"{rect.x()} {rect.y()} {rect.width()} {rect.height()} {colour}" for rect, colour in blocks]
        kept.setValue("blocks", ";".join(listed[:MOST]))

    @property
    def close_wanted(self) -> bool:
        """Whether somebody closed the frame before there was a desk."""
        return self._close_wanted

    def closeEvent(self, event: QCloseEvent) -> None:
        """The content decides; before there is one, the start has to end first."""
        content = self.centralWidget()
        if content is not None:
            content.closeEvent(event)
            return
        self._close_wanted = True
        event.ignore()
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        """A title bar that changes with the language is the content's affair; repaint for another palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()


def _window_colour() -> str:
    """The system's own colour of windows before our theme is put on: an outline made for another would flash.

    Asking for the colour scheme by name would make PySide6 create every enumeration of Qt's namespace.
    """
    return QApplication.palette().window().color().name()


def _block(words: str) -> Block | None:
    try:
        *numbers, colour = words.split()
        x, y, width, height = map(int, numbers)
    except ValueError:
        return None
    if max(map(abs, (x, y, width, height))) > FURTHEST or not QColor.isValidColorName(colour):
        return None
    return QRect(x, y, width, height), colour
