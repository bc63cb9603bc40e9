"""Dialogs that are built once and filled anew: building one takes longer than a frame, filling it a tenth of that."""

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QMetaObject, Qt, QTimer, SignalInstance
from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import isValid

from workstation.views.widgets.handback import in_front


class Refillable(Protocol):
    """A dialog that can forget what it was about."""

    def empty_out(self) -> None:
        """Hold nothing of what was shown; called once it is closed, also with what was picked told."""


D = TypeVar("D", bound=QDialog)


class Kept(Generic[D]):
    """One dialog of a kind over one window, hidden while it is not needed.

    While it is open, and over another window than the first one, `take` builds one that is deleted when it closes.
    """

    def __init__(self, make: Callable[[QWidget], D]) -> None:
        self._make = make
        self._dialog: D | None = None
        self._taken = False
        """Whether it is being filled, or open."""
        self._heard: list[tuple[SignalInstance, QMetaObject.Connection]] = []

    def take(self, over: QWidget) -> D:
        """A dialog to fill and to open over `over`."""
        dialog = self._dialog
        if dialog is not None and isValid(dialog):
            if self._taken or dialog.parentWidget() is not in_front(over):
                return self._make(over)
            self._silence()
            self._taken = True
            return dialog
        made = self._make(over)
        if made.parentWidget() is over:
            made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
            made.finished.connect(self._finished)
            self._dialog, self._taken = made, True
        return made

    def hear(self, dialog: D, signal: SignalInstance, handler: Callable[..., Any]) -> None:
        """Connect for as long as `dialog` is about the same thing."""
        connection = signal.connect(handler)
        if dialog is self._dialog:
            self._heard.append((signal, connection))

    def _finished(self) -> None:
        self._taken = False
        if self._dialog is not None:
            # Not at once: what was picked is told after the dialog has closed.
            QTimer.singleShot(0, self._dialog, self._forget)

    def _forget(self) -> None:
        dialog = self._dialog
        if dialog is not None and isValid(dialog) and not self._taken:
            self._silence()
            dialog.empty_out()  # type: ignore[attr-defined]

    def _silence(self) -> None:
        for signal, connection in self._heard:
            signal.disconnect(connection)
        self._heard.clear()
