"""Giving the keyboard back: not every window system does it by itself when a dialog goes."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QWidget


def hand_back(dialog: QDialog, parent: QWidget) -> None:
    """When `dialog` is finished, the window it stood over is active again, with the focus where it was."""
    window = parent.window()
    # Once the dialog has gone: until then it blocks the window.
    dialog.finished.connect(lambda _result: QTimer.singleShot(0, window, window.activateWindow))
