"""The actions of the key table as QActions: handlers, why one is not possible now, keys as the user bound them."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from workstation.domain.text import LazyText
from workstation.i18n import Formats, _, formats, render
from workstation.views import icons
from workstation.views.keyboard.fallback import KeyFallback
from workstation.views.keys import ACTIONS, BY_ID, ActionSpec, Bindings, Scope, bound, seen

Handler = Callable[[], object]


class DeskActions(QObject):
    """One QAction for each row of the table; parts of the window say what they do and when they are possible."""

    changed = Signal()
    """Keys or possibilities changed; a list of actions on the screen is to be read again."""
    _spoken: Formats | None = None

    def __init__(self, bindings: Bindings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._handlers: dict[str, Handler] = {}
        self._reasons: dict[str, LazyText] = {}
        self._take(bindings or {})
        self._actions = {spec.id: self._create(spec) for spec in ACTIONS}
        self._fallback = KeyFallback(self._actions, self)
        self._fallback.bind(self._keys)
        self.retranslate()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def _create(self, spec: ActionSpec) -> QAction:
        action = QAction(self)
        action.setObjectName(spec.id)
        action.setEnabled(False)
        action.setMenuRole(_role(spec.id))
        action.setShortcutContext(
            Qt.ShortcutContext.WindowShortcut
            if spec.scope is Scope.WINDOW
            else Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        action.setShortcuts([QKeySequence(keys) for keys in self._keys[spec.id]])
        action.setAutoRepeat(spec.id in ("card.next", "card.previous", "marks.next", "marks.previous"))
        action.triggered.connect(lambda: self.run(spec.id))
        return action

    def on(self, name: str, handler: Handler) -> None:
        """Say what `name` does; until then it is not possible."""
        self._handlers[name] = handler
        self._actions[name].setEnabled(name not in self._reasons)

    def first(self, name: str, handler: Callable[[], bool]) -> None:
        """Let `handler` answer before whoever answers for `name` already; it tells whether it did."""
        after = self._handlers.get(name)

        def both() -> None:
            if not handler() and after is not None:
                after()

        self.on(name, both)

    def allow(self, name: str, reason: LazyText | None = None) -> None:
        """Make `name` possible, or, given a `reason`, not possible; the reason is shown wherever it is listed."""
        if self._reasons.get(name) == reason:
            return
        if reason is None:
            self._reasons.pop(name, None)
        else:
            self._reasons[name] = reason
        self._actions[name].setEnabled(reason is None and name in self._handlers)
        self._describe(BY_ID[name])
        self.changed.emit()

    def reason(self, name: str) -> LazyText | None:
        """Why `name` is not possible now, or None."""
        return self._reasons.get(name)

    def run(self, name: str) -> bool:
        """Do `name` if it is possible; tells whether it was."""
        handler = self._handlers.get(name)
        if handler is None or name in self._reasons:
            return False
        handler()
        return True

    def attach(self, scope: Scope, widget: QWidget) -> None:
        """Let the keys of `scope` work inside `widget`."""
        widget.addActions([self._actions[spec.id] for spec in ACTIONS if spec.scope is scope])

    def known(self) -> list[ActionSpec]:
        """The actions that some part of the window has answered for, in the table's order."""
        return [spec for spec in ACTIONS if spec.id in self._handlers]

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys of `name` in force, as portable text."""
        return self._keys[name]

    def key_text(self, name: str) -> str:
        """The first key of `name` as this platform writes it, or ""."""
        if self._spoken is not formats():  # whoever hears of another language first asks here
            self._spoken = formats()
            self._texts.clear()
        if name not in self._texts:
            keys = self._keys[name]
            native = QKeySequence.SequenceFormat.NativeText
            self._texts[name] = QKeySequence(keys[0]).toString(native) if keys else ""
        return self._texts[name]

    def _take(self, bindings: Bindings) -> None:
        self._bindings = bindings
        self._texts: dict[str, str] = {}
        """What `key_text` said in the language that was `_spoken` then."""
        self._rtl: bool = formats().direction == "rtl"
        self._keys: dict[str, tuple[str, ...]] = {
            name: seen(name, keys, rtl=self._rtl) for name, keys in bound(bindings).items()
        }

    def bind(self, bindings: Bindings) -> None:
        """Put other keys in force; what `bindings` does not name has its defaults."""
        self._take(bindings)
        self._fallback.bind(self._keys)
        for name, keys in self._keys.items():
            self._actions[name].setShortcuts([QKeySequence(text) for text in keys])
            self._describe(BY_ID[name])
        self.changed.emit()

    def menu(self, names: Iterable[str], parent: QWidget) -> QMenu:
        """A menu of `names`; "" makes a separator. It deletes itself after it was shown."""
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for name in names:
            if name:
                menu.addActions(self.listed([name]))
            else:
                menu.addSeparator()
        return menu

    def retranslate(self) -> None:
        """Write the labels in the language spoken now; Left and Right follow its direction."""
        if self._rtl != (formats().direction == "rtl"):
            self.bind(self._bindings)
        for spec in ACTIONS:
            action = self._actions[spec.id]
            told = action.blockSignals(True)
            action.setText(render(spec.label))
            action.blockSignals(told)
            self._describe(spec)
        self.changed.emit()

    def listed(self, names: Sequence[str]) -> list[QAction]:
        """The actions of `names` to be put into a menu, with icons in the colours of the theme in force."""
        for name in names:
            self._actions[name].setIcon(icons.icon(BY_ID[name].icon))
        return [self._actions[name] for name in names]

    def _describe(self, spec: ActionSpec) -> None:
        action = self._actions[spec.id]
        # Whoever follows an action is told once, not after each of its texts.
        told = action.blockSignals(True)
        label, reason, keys = render(spec.label), self._reasons.get(spec.id), self.key_text(spec.id)
        if reason is not None:
            action.setToolTip(_("{action}: {reason}", action=label, reason=reason))
        elif keys:
            action.setToolTip(_("{action} ({key})", action=label, key=keys))
        else:
            action.setToolTip(label)
        action.setStatusTip(action.toolTip())
        action.blockSignals(told)
        action.changed.emit()


def _role(name: str) -> QAction.MenuRole:
    roles = {"desk.quit": QAction.MenuRole.QuitRole, "page.settings": QAction.MenuRole.PreferencesRole}
    return roles.get(name, QAction.MenuRole.NoRole)


def is_language_change(event: QEvent) -> bool:
    """Whether widgets have to write their texts anew."""
    return event.type() == QEvent.Type.LanguageChange
