"""Buttons: an icon with a name, and one that carries text; both take their words as data."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from workstation.domain.text import LazyText
from workstation.i18n import Language, current_language, render
from workstation.views import theme
from workstation.views.widgets.tint import tinted

SMALLEST = 24
"""Pixels of the smallest target (WCAG 2.5.8)."""
FOLLOWED = (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange, QEvent.Type.LayoutDirectionChange)
_INK = {"primary": "on_accent", "danger": "on_danger"}


def _seen() -> tuple[theme.Look, Language]:
    """What a button's look and words follow from: a button that is put into a window hears of many a change."""
    return theme.current(), current_language()


class IconButton(QToolButton):
    """A button of one icon; its name is its tool tip and what a screen reader says."""

    def __init__(self, icon: str, name: LazyText, parent: QWidget | None = None, *, size: int = 32) -> None:
        super().__init__(parent)
        self._icon = icon
        self._name = name
        self._action: QAction | None = None
        self._seen = _seen()
        self._size = size
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.refresh()

    def follow(self, action: QAction) -> None:
        """Do what `action` does, be possible when it is, and tell its key."""
        self._action = action
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        # Only this: a button whose icon is set is laid out and drawn anew, and actions change with every selection.
        if self._action is not None:
            self.setToolTip(self._action.toolTip())
            self.setEnabled(self._action.isEnabled())

    def rename(self, name: LazyText, icon: str | None = None) -> None:
        """Mean something else from now on."""
        meant = name, icon or self._icon
        if meant != (self._name, self._icon):
            self._name, self._icon = meant
            self.refresh()

    @property
    def _side(self) -> int:
        return max(SMALLEST, round(self._size * theme.current().scale))

    def sizeHint(self) -> QSize:
        """At least as large as it was asked for: the style sheet's least size replaces one that was set."""
        return super().sizeHint().expandedTo(QSize(self._side, self._side))

    def refresh(self) -> None:
        """Draw and name it anew: theme, language or keys have changed."""
        self._seen = _seen()
        name = render(self._name)
        look = theme.current()
        side = self._side
        self.setMinimumSize(QSize(side, side))
        self.setIconSize(QSize(look.measures.icon, look.measures.icon))
        self.setAccessibleName(name)
        self.setIcon(tinted(self._icon))
        if self._action is None:
            self.setToolTip(name)
        self._follow()

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        if event.type() in FOLLOWED and self._seen != _seen():
            self.refresh()
        super().changeEvent(event)


class TextButton(QPushButton):
    """A push button. `role` is "primary", "danger" or "" and only changes how it looks."""

    def __init__(self, text: LazyText, parent: QWidget | None = None, *, icon: str = "", role: str = "") -> None:
        super().__init__(parent)
        self._text, self._icon = text, icon
        self._action: QAction | None = None
        self._seen = _seen()
        self.setProperty("role", role)
        self.setAutoDefault(False)
        self.refresh()

    def follow(self, action: QAction) -> None:
        """Do what `action` does, be possible when it is, and tell its key."""
        self._action = action
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        # Only this: a button whose icon is set is laid out and drawn anew, and actions change with every selection.
        if self._action is not None:
            self.setToolTip(self._action.toolTip())
            self.setEnabled(self._action.isEnabled())

    def rename(self, text: LazyText, icon: str | None = None) -> None:
        """Mean something else from now on."""
        meant = text, self._icon if icon is None else icon
        if meant != (self._text, self._icon):
            self._text, self._icon = meant
            self.refresh()

    def refresh(self) -> None:
        """Write and draw it anew."""
        self._seen = _seen()
        # Qt leaves no room between an icon and its text.
        self.setText(f" {render(self._text)}" if self._icon else render(self._text))
        self.setAccessibleName(render(self._text))
        if self._icon:
            side = theme.current().measures.icon
            self.setIconSize(QSize(side, side))
            self.setIcon(tinted(self._icon, _INK.get(str(self.property("role")), "text")))
        self._follow()

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        if event.type() in FOLLOWED and self._seen != _seen():
            self.refresh()
        super().changeEvent(event)
