"""The pictures of a post, each with its description for those who cannot see it."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from workstation.domain.posts import Picture
from workstation.domain.text import lazy
from workstation.i18n import _
from workstation.views import theme
from workstation.views.desk_actions import DeskActions
from workstation.views.widgets.buttons import IconButton, TextButton
from workstation.views.widgets.labels import Elided
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import sign

SIDE = 48
PATTERNS = "*.png *.jpg *.jpeg *.gif *.webp"


class PictureRow(Retranslating):
    """One picture: small, with its name and the line for its description."""

    edited = Signal()
    removed = Signal(int)

    def __init__(self, picture: Picture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = picture
        self._small = QLabel()
        self._small.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name = Elided(picture.name)
        self._name.setProperty("role", "small")
        self.alt = QLineEdit(picture.alt)
        self.alt.textChanged.connect(self.edited)
        self._remove = IconButton("x", lazy("Take the picture away"))
        self._remove.clicked.connect(lambda: self.removed.emit(self.picture.id))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._name)
        words.addWidget(self.alt)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._small)
        row.addLayout(words, 1)
        row.addWidget(self._remove)
        self.retranslate()

    def value(self) -> Picture:
        """The picture with what its description says now."""
        return msgspec.structs.replace(self.picture, alt=self.alt.text().strip())

    def show_small(self, picture: QPixmap) -> None:
        """Show what it shows."""
        side = round(SIDE * theme.current().scale)
        mode = Qt.AspectRatioMode.KeepAspectRatio
        self._small.setPixmap(picture.scaled(side, side, mode, Qt.TransformationMode.SmoothTransformation))

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        side = round(SIDE * theme.current().scale)
        self._small.setFixedSize(QSize(side, side))
        if self._small.pixmap().isNull():
            self._small.setPixmap(sign("image", "secondary", 24))
        self.alt.setPlaceholderText(_("What can be seen? For those who cannot see it"))
        self.alt.setAccessibleName(_("Description of {name}", name=self.picture.name))


class PictureBox(Retranslating):
    """The list, and the way to more: a button, or files dropped onto it."""

    edited = Signal()
    removed = Signal(int)
    dropped = Signal(object)
    """Paths of files."""

    def __init__(self, actions: DeskActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.rows: list[PictureRow] = []
        self._add = TextButton(lazy("Add a picture"), icon="image")
        self._add.follow(actions["posts.picture"])
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._list)
        column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeading)
        self.retranslate()

    def show_pictures(self, pictures: Sequence[Picture]) -> None:
        """Show these; descriptions that are being written stay."""
        known = {row.picture.id: row for row in self.rows}
        wanted = {picture.id for picture in pictures}
        for number, row in known.items():
            if number not in wanted:
                self.rows.remove(row)
                self._list.removeWidget(row)
                row.hide()
                row.deleteLater()
        for picture in pictures:
            if picture.id not in known:
                row = PictureRow(picture, self)
                row.edited.connect(self.edited)
                row.removed.connect(self.removed)
                self.rows.append(row)
                self._list.addWidget(row)

    def values(self) -> tuple[Picture, ...]:
        """The pictures with their descriptions."""
        return tuple(row.value() for row in self.rows)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Attach what was dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self.setAccessibleName(_("Pictures"))
