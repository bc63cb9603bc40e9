"""Keys that Qt's own matching leaves over, found by what the keyboard means; and peace while an input method composes.

Qt asks its shortcuts first and compares code points. What it does not know reaches the focus, and only there this
looks at it: no other event of the window passes through here.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from workstation.views.keyboard.chords import Sequences
from workstation.views.keyboard.meaning import Press, Reader, place_of

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

_NAMED = 0x01000000
"""Qt's keys from here on have names and no character: Return, F1, dead keys."""
_HELD = {
    Qt.KeyboardModifier.ControlModifier: "ctrl",
    Qt.KeyboardModifier.AltModifier: "alt",
    Qt.KeyboardModifier.ShiftModifier: "shift",
    Qt.KeyboardModifier.MetaModifier: "meta",
}
_EDITORS_OWN = frozenset("acvxzy")
"""With Ctrl: select all, copy, paste, cut, undo, redo."""


class KeyFallback(QObject):
    """Follows the focus. `actions` are asked anew for each key whether they can be reached from there."""

    def __init__(self, actions: "Mapping[str, QAction]", parent: QObject) -> None:
        super().__init__(parent)
        self._actions = actions
        self._sequences = Sequences({})
        self._reader = Reader()
        self._watched: QWidget | None = None
        self.composing = False
        """Whether an input method has begun a word that is not written yet."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def bind(self, keys: "Mapping[str, tuple[str, ...]]") -> None:
        """Put keys in force."""
        self._sequences = Sequences(keys)

    def _follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        self.composing = False
        self._sequences.forget()
        # Qt also tells of a focus that is lost because its widget is being destroyed.
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = now
        if now is not None:
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at keys and at input methods; everything else goes on at once."""
        kind = event.type()
        if kind is QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            self.composing = bool(event.preeditString())
        elif kind is QEvent.Type.ShortcutOverride and self.composing:
            # Accepted: the key belongs to the word that is being written, not to a shortcut.
            event.accept()
            return True
        elif kind is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, QWidget):
            return not self.composing and self._key(watched, event)
        return False

    def _key(self, focus: QWidget, event: QKeyEvent) -> bool:
        press = read(event)
        if not press.gives and not press.place:
            return False
        if focus.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled) and not _for_the_window(press):
            return False
        found = self._sequences.strike(self._reader.meanings(press), self._reaches(focus))
        if found.action:
            self._actions[found.action].trigger()
        return bool(found.action) or found.begun

    def _reaches(self, focus: QWidget) -> Callable[[str], bool]:
        def reachable(name: str) -> bool:
            action = self._actions[name]
            if not action.isEnabled():
                return False
            inside = action.shortcutContext() is Qt.ShortcutContext.WidgetWithChildrenShortcut
            for place in action.associatedObjects():
                if not isinstance(place, QWidget):
                    continue
                if place.isAncestorOf(focus) or place is focus or (not inside and place.window() is focus.window()):
                    return True
            return False

        return reachable


def read(event: QKeyEvent) -> Press:
    """The press that Qt's event tells of."""
    held = frozenset(name for flag, name in _HELD.items() if event.modifiers() & flag)
    text = event.text()
    gives = text if text and text.isprintable() else chr(event.key()) if 0x20 < event.key() < _NAMED else ""
    altgr = bool(event.modifiers() & Qt.KeyboardModifier.GroupSwitchModifier)
    place = place_of(event.nativeScanCode(), event.nativeVirtualKey())
    return Press(gives, place, held, altgr)


def _for_the_window(press: Press) -> bool:
    """Whether an editor leaves this key to the window: with Ctrl, and not one of those that edit."""
    return "ctrl" in press.mods and "alt" not in press.mods and press.place not in _EDITORS_OWN
