"""Dialogs that are awaited: opened, never executed, so that no second event loop runs inside a task."""

import asyncio
from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtWidgets import QDialog, QFileDialog, QInputDialog, QLineEdit, QMessageBox, QWidget
from shiboken6 import isValid

D = TypeVar("D", bound=QDialog)


async def opened(dialog: D) -> bool:
    """Open the dialog over its window and wait until it is closed; whether it was accepted.

    Cancelling the task closes the dialog. The dialog is left to its caller to read and to delete; one that deletes
    itself when it closes may have done so by then.
    """
    done: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def finish(result: int) -> None:
        if not done.done():
            done.set_result(result)

    dialog.finished.connect(finish)
    dialog.open()
    try:
        return await done == int(QDialog.DialogCode.Accepted)
    finally:
        if isValid(dialog):
            dialog.finished.disconnect(finish)
            if dialog.isVisible():
                dialog.close()


async def choose(
    parent: QWidget, title: str, text: str, buttons: Sequence[str], *, default: int = 0, danger: bool = False
) -> int:
    """Ask a question with these buttons, the last of which means "no" and answers Escape; the index pressed."""
    box = QMessageBox(parent)
    box.setWindowTitle(title)
    box.setText(title)
    box.setInformativeText(text)
    box.setIcon(QMessageBox.Icon.Warning if danger else QMessageBox.Icon.Question)
    last = len(buttons) - 1
    roles = QMessageBox.ButtonRole
    made = [
        box.addButton(label, roles.RejectRole if index == last else roles.AcceptRole)
        for index, label in enumerate(buttons)
    ]
    box.setDefaultButton(made[default])
    box.setEscapeButton(made[last])
    try:
        await opened(box)
        pressed = box.clickedButton()
        return next((index for index, button in enumerate(made) if button is pressed), last)
    finally:
        box.deleteLater()


async def ask(parent: QWidget, title: str, text: str, yes: str, no: str, *, danger: bool = False) -> bool:
    """Ask a yes-or-no question; a dangerous one has "no" as its default."""
    return await choose(parent, title, text, (yes, no), default=1 if danger else 0, danger=danger) == 0


async def ask_text(parent: QWidget, title: str, label: str, value: str = "", *, secret: bool = False) -> str | None:
    """Ask for a line of text; None if it was called off."""
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setLabelText(label)
    dialog.setTextValue(value)
    if secret:
        dialog.setTextEchoMode(QLineEdit.EchoMode.Password)
    try:
        return dialog.textValue() if await opened(dialog) else None
    finally:
        dialog.deleteLater()


async def ask_file(parent: QWidget, title: str, patterns: str, *, save: str = "") -> str | None:
    """Ask for a file to open, or to save as `save`; its path, or None."""
    dialog = QFileDialog(parent, title)
    dialog.setNameFilter(patterns)
    if save:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(save)
    else:
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    try:
        return dialog.selectedFiles()[0] if await opened(dialog) and dialog.selectedFiles() else None
    finally:
        dialog.deleteLater()
