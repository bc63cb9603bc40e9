"""The settings page: sections at the side, one of them beside it, made when it is first looked at."""

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, available, own_name, render
from workstation.qt.tasks import Tasks
from workstation.services.desk import Desk
from workstation.views import theme
from workstation.views.desk_actions import DeskActions
from workstation.views.notices import Notices
from workstation.views.settings import languages
from workstation.views.settings.appearance import AppearanceSection, LanguageSection, ReplySection
from workstation.views.settings.approval import ApprovalSection
from workstation.views.settings.channels import ChannelsSection
from workstation.views.settings.hours import HoursSection
from workstation.views.settings.keys import KeysSection
from workstation.views.settings.sign_offs import SignOffsTile
from workstation.views.settings.terms import TermsSection
from workstation.views.settings.wellness import WellnessSection
from workstation.views.undoing import Undoing
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import margins
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import tinted

if TYPE_CHECKING:
    from collections.abc import Callable

SECTIONS: tuple[tuple[str, LazyText], ...] = (
    ("plug", lazy("Channels")),
    ("palette", lazy("Appearance")),
    ("languages", lazy("Languages")),
    ("reply", lazy("Replies and media")),
    ("clock", lazy("Hours and promises")),
    ("shield-check", lazy("Approval")),
    ("hand", lazy("Wellbeing")),
    ("book-a", lazy("Words and memory")),
    ("keyboard", lazy("Keys")),
)
WIDEST = 820


class SettingsPage(Retranslating):
    """Composes the sections."""

    channels_changed = Signal()

    def __init__(
        self,
        desk: Desk,
        actions: DeskActions,
        notices: Notices,
        tasks: Tasks,
        window: QWidget,
        undoing: Undoing,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._title = Paragraph()
        self._title.setProperty("role", "title")
        self.sections = QListWidget()
        self.sections.setObjectName("sections")
        self.sections.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.channels = ChannelsSection(desk, notices, tasks, window)
        self.channels.changed.connect(self.channels_changed)
        self._stack = QStackedWidget()
        self._makers: tuple[Callable[[], QWidget], ...] = (
            lambda: self.channels,
            lambda: AppearanceSection(desk.settings),
            lambda: _together(LanguageSection(desk.settings), *languages.sections(desk, notices, tasks, window)),
            lambda: _together(ReplySection(desk.settings), SignOffsTile(desk, tasks)),
            lambda: HoursSection(desk.settings),
            lambda: ApprovalSection(desk.approval, desk.settings, tasks, window),
            lambda: WellnessSection(desk.settings),
            lambda: TermsSection(desk, undoing, notices, tasks, window),
            lambda: KeysSection(actions, desk.settings, window),
        )
        self._parts: dict[int, QWidget] = {}
        """The sections that were looked at."""
        for _maker in self._makers:
            self._stack.addWidget(_scroll())
        self.sections.currentRowChanged.connect(self._turn)
        side = QVBoxLayout()
        side.addWidget(self._title)
        side.addWidget(self.sections, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 16)
        row.setSpacing(20)
        row.addLayout(side)
        row.addWidget(self._stack, 1)
        self.retranslate()
        # The first row is the current one since the list was written, so nothing tells of it.
        self._turn(0)
        # The lists of languages want the name of each in itself: a lot to read in.
        tasks.spawn(asyncio.to_thread(_name_languages), "names of languages")

    def _turn(self, row: int) -> None:
        holder = self._stack.widget(row)
        if isinstance(holder, QScrollArea) and row not in self._parts:
            self._parts[row] = part = self._makers[row]()
            part.setMaximumWidth(self._widest)
            holder.setWidget(_aligned(part))
        self._stack.setCurrentIndex(row)

    @property
    def _widest(self) -> int:
        return round(WIDEST * max(1.0, theme.current().scale))

    def add_channel(self) -> None:
        """Begin to connect a channel."""
        self.sections.setCurrentRow(0)
        self.channels.add()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._title.setText(_("Settings"))
        self.sections.setAccessibleName(_("Settings"))
        self.setAccessibleName(_("Settings"))
        row = self.sections.currentRow()
        self.sections.blockSignals(True)
        self.sections.clear()
        for icon, name in SECTIONS:
            self.sections.addItem(QListWidgetItem(tinted(icon), render(name)))
        self.sections.setCurrentRow(max(0, row))
        self.sections.blockSignals(False)
        self._widen()
        for index, (_icon, name) in enumerate(SECTIONS):
            part = self._stack.widget(index)
            if part is not None:
                part.setAccessibleName(render(name))

    def _widen(self) -> None:
        """As wide as the sections' names, whatever their language and size."""
        widest = self.sections.sizeHintForColumn(0) + 2 * self.sections.frameWidth() + 24
        self.sections.setFixedWidth(max(widest, theme.current().letter * 24))
        for part in self._parts.values():
            part.setMaximumWidth(self._widest)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of type too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._widen()


def _together(*parts: QWidget) -> QWidget:
    page = QWidget()
    page.setProperty("role", "bare")
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(10)
    for part in parts:
        column.addWidget(part)
    return page


def _name_languages() -> None:
    for tag in available():
        own_name(tag)


def _aligned(part: QWidget) -> QWidget:
    page = QWidget()
    page.setProperty("role", "bare")
    column = QVBoxLayout(page)
    margins(column, 0, 0, 12, 0)
    column.addWidget(part)
    column.addStretch(1)
    return page


def _scroll() -> QScrollArea:
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return scroll
