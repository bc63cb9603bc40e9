"""Where dialogs stand, and giving the keyboard back: not every window system does it by itself when a dialog goes."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

BESIDE = "column-window"
"""Object name of windows in which one works as in the main one."""


def in_front(parent: QWidget) -> QWidget:
    """What a dialog is opened over: `parent`, or the window beside it that somebody works in, on another screen."""
    active = QApplication.activeWindow()
    return active if active is not None and active.objectName() == BESIDE else parent


def hand_back(dialog: QDialog, parent: QWidget) -> None:
    """When `dialog` is finished, the window it stood over is active again, with the focus where it was."""
    window = parent.window()
    # Once the dialog has gone: until then it blocks the window.
    dialog.finished.connect(lambda _result: QTimer.singleShot(0, window, window.activateWindow))
