"""Who will see a reply: always shown, changed by a menu, with a warning where more see it than saw the question."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from workstation.domain.messages import Visibility
from workstation.i18n import _, render
from workstation.views import theme
from workstation.views.case.words import VISIBILITY, VISIBILITY_ICON, WIDTH
from workstation.views.widgets.tint import tinted


def wider(chosen: Visibility, original: Visibility) -> bool:
    """Whether more people see `chosen` than saw `original`."""
    return WIDTH[chosen] > WIDTH[original]


class VisibilityButton(QToolButton):
    """A button that names who can see it, with the channel's choices in its menu."""

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value = Visibility.PUBLIC
        self._original = Visibility.PUBLIC
        self._choices: tuple[Visibility, ...] = (Visibility.PUBLIC,)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self.refresh()

    def offer(self, choices: Sequence[Visibility], original: Visibility, value: Visibility) -> None:
        """Offer the channel's choices for an answer to something as public as `original`."""
        self._choices = tuple(choice for choice in choices if choice is not Visibility.INTERNAL)
        self._original, self.value = original, value
        self.refresh()

    @property
    def is_wider(self) -> bool:
        """Whether more people will see it than saw what it answers."""
        return wider(self.value, self._original)

    def _fill(self) -> None:
        self._menu.clear()
        group = QActionGroup(self._menu)
        for choice in self._choices:
            label = render(VISIBILITY[choice])
            if wider(choice, self._original):
                label = _("{visibility} – more people than saw the question", visibility=label)
            action = self._menu.addAction(tinted(VISIBILITY_ICON[choice]), label)
            action.setCheckable(True)
            action.setChecked(choice is self.value)
            group.addAction(action)
            action.triggered.connect(lambda _=False, chosen=choice: self._pick(chosen))

    def _pick(self, chosen: Visibility) -> None:
        self.value = chosen
        self.refresh()
        self.picked.emit(chosen)

    def refresh(self) -> None:
        """Write and draw it anew."""
        label = render(VISIBILITY[self.value])
        side = theme.current().measures.icon
        self.setIconSize(QSize(side, side))
        # The style sets icon and text side by side without a gap.
        self.setText(f" {label}")
        self.setIcon(tinted(VISIBILITY_ICON[self.value], "warn" if self.is_wider else ""))
        # Who can see it must never be cut, however large the text.
        self.setMinimumWidth(self.sizeHint().width())
        said = _("Who can see it: {visibility}", visibility=label)
        self.setAccessibleName(said)
        self.setToolTip(said)

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.refresh()
        super().changeEvent(event)
