"""Choosing by typing: a field and the list of what fits, for the palette, templates, tags and every short choice."""

from collections.abc import Callable, Sequence
from typing import cast

import msgspec
from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.text import LazyText
from workstation.i18n import render
from workstation.views import theme
from workstation.views.widgets.fuzzy import score
from workstation.views.widgets.handback import hand_back, in_front
from workstation.views.widgets.labels import plain_tip
from workstation.views.widgets.tint import in_list

SHOWN = 200
ROLE = Qt.ItemDataRole.UserRole


class Choice(msgspec.Struct, frozen=True):
    """One line: what it is, a second column (a key, a language), more words to find it by, why it is not possible."""

    id: str
    text: str
    hint: str = ""
    icon: str = ""
    words: str = ""
    reason: str = ""


class _Lines(QStyledItemDelegate):
    """Paints the text at the leading side and the hint at the trailing one."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex) -> None:  # type: ignore[override]
        """Leave the hint its room: the text elides before it."""
        super().initStyleOption(option, index)
        choice = index.data(ROLE)
        hint = choice.reason or choice.hint
        if hint and option.rect.isValid():
            taken = (
                min(option.fontMetrics.horizontalAdvance(hint), option.rect.width() // 2)
                + option.fontMetrics.height() * 3
            )
            room = max(40, option.rect.width() - taken)
            option.text = option.fontMetrics.elidedText(choice.text, Qt.TextElideMode.ElideRight, room)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:  # type: ignore[override]
        """Paint one line."""
        super().paint(painter, option, index)
        choice = index.data(ROLE)
        hint = choice.reason or choice.hint
        if not hint:
            return
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(theme.current().colour("on_selection" if selected else "secondary"))
        area = option.rect.adjusted(10, 0, -10, 0)
        area.setWidth(area.width() // 2)
        if option.direction is Qt.LayoutDirection.LeftToRight:
            area.moveRight(option.rect.right() - 10)
        text = option.fontMetrics.elidedText(hint, Qt.TextElideMode.ElideRight, area.width())
        align = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(area, int(align), text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # type: ignore[override]
        """High enough to hit."""
        size = super().sizeHint(option, index)
        return QSize(size.width(), max(32, option.fontMetrics.height() + 14))


class Picker(QDialog):
    """A list narrowed by typing. Enter chooses, Escape leaves, the arrows move while one types."""

    chosen = Signal(object)
    """The `Choice`; for a new one its id is "" and its text what was typed."""

    def __init__(self, title: LazyText, placeholder: LazyText, parent: QWidget, *, free: bool = False) -> None:
        parent = in_front(parent)
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("picker")
        self.setModal(True)
        self._title, self._placeholder, self._free = title, placeholder, free
        self._choices: Sequence[Choice] = ()
        self._provider: Callable[[str], Sequence[Choice]] | None = None
        self.field = QLineEdit()
        self.field.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setItemDelegate(_Lines(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.empty = QLabel()
        self.empty.setWordWrap(True)
        self.empty.setVisible(False)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(12, 12, 12, 12)
        self.body.setSpacing(8)
        for widget in (self.field, self.list, self.empty):
            self.body.addWidget(widget)
        self.field.textChanged.connect(self.narrow)
        self.field.installEventFilter(self)
        self.list.itemActivated.connect(lambda _item: self._choose())
        self.list.itemClicked.connect(lambda _item: self._choose())
        hand_back(self, parent)
        self.resize(560, 420)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self.setWindowTitle(render(self._title))
        self.setAccessibleName(render(self._title))
        self.field.setPlaceholderText(render(self._placeholder))
        self.field.setAccessibleName(render(self._placeholder))
        self.list.setAccessibleName(render(self._title))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def begin(self) -> None:
        """Nothing is typed: a picker that was open before is about something else now."""
        # Not cleared: what was typed must not come back with Undo.
        blocked = self.field.blockSignals(True)
        self.field.setText("")
        self.field.blockSignals(blocked)

    def empty_out(self) -> None:
        """Hold nothing of what was offered."""
        self._choices, self._provider = (), None
        self.list.clear()
        self.begin()

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer these, in this order while nothing is typed."""
        self._choices, self._provider = choices, None
        self.narrow(self.field.text())

    def offer_from(self, provider: Callable[[str], Sequence[Choice]]) -> None:
        """Offer what `provider` says for the typed text, in its order."""
        self._provider = provider
        self.narrow(self.field.text())

    def narrow(self, query: str) -> None:
        """Show what fits `query`, best first."""
        self.list.clear()
        for choice in self._fitting(query.strip()):
            item = QListWidgetItem(choice.text)
            item.setData(ROLE, choice)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{choice.text} {choice.hint} {choice.reason}")
            item.setToolTip(plain_tip(choice.reason))
            if choice.icon:
                item.setIcon(in_list(choice.icon))
            if choice.reason:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.list.addItem(item)
        self._select_first()

    def _fitting(self, query: str) -> list[Choice]:
        if self._provider is not None:
            found = list(self._provider(query))[:SHOWN]
        else:
            ranked = [(score(query, f"{choice.text} {choice.words}"), choice) for choice in self._choices]
            hits = [(points, choice) for points, choice in ranked if points]
            if query:
                hits.sort(key=lambda hit: -hit[0])
            found = [choice for _points, choice in hits[:SHOWN]]
        if self._free and query and not any(choice.text == query for choice in found):
            found.append(Choice("", query, icon="plus"))
        return found

    def _select_first(self) -> None:
        for row in range(self.list.count()):
            if self.list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled:
                self.list.setCurrentRow(row)
                return

    def current(self) -> Choice | None:
        """What Enter would choose."""
        item = self.list.currentItem()
        return cast("Choice", item.data(ROLE)) if item is not None else None

    def _choose(self) -> None:
        choice = self.current()
        if choice is not None and not choice.reason:
            self.take(choice)

    def take(self, choice: Choice) -> None:
        """Close with `choice`; a picker of several overrides this."""
        self.accept()
        self.chosen.emit(choice)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list and choose while the focus stays in the field."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose()
                return True
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            if key in steps:
                self._move(steps[Qt.Key(key)])
                return True
        return super().eventFilter(watched, event)

    def _move(self, step: int) -> None:
        count = self.list.count()
        row = self.list.currentRow()
        direction = 1 if step > 0 else -1
        target = max(0, min(count - 1, row + step))
        while 0 <= target < count and not self.list.item(target).flags() & Qt.ItemFlag.ItemIsEnabled:
            target += direction
        if 0 <= target < count:
            self.list.setCurrentRow(target)
