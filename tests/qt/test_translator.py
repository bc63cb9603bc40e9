"""The language switches live: every widget hears it once, Qt speaks it, and what people were doing survives."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QKeySequence, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from workstation.i18n import Digits, Language, current_language, load_language, pgettext
from workstation.qt.translator import apply_language, families_for, interface_language


class Words(QLabel):
    """A label that sets its text anew when the language changes, and counts how often."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = 0
        self.retranslate()

    def retranslate(self) -> None:
        """Set the text in the language spoken now."""
        self.setText(pgettext("QPlatformTheme", "Cancel"))

    def changeEvent(self, event: QEvent) -> None:
        """Count and retranslate."""
        if event.type() == QEvent.Type.LanguageChange:
            self.heard += 1
            self.retranslate()
        super().changeEvent(event)


@pytest.fixture(autouse=True)
def _source_language(qapp: QApplication) -> Iterator[None]:
    apply_language(qapp, Language())
    yield
    apply_language(qapp, Language())


def test_widgets_hear_of_a_change_once_and_speak_it(qtbot: QtBot, qapp: QApplication) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    labels = [Words() for _ in range(20)]
    for label in labels:
        column.addWidget(label)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    column.addWidget(buttons)
    window.show()
    qapp.processEvents()
    before = [label.heard for label in labels]

    apply_language(qapp, load_language("de"))
    qapp.processEvents()

    assert [label.heard - earlier for label, earlier in zip(labels, before, strict=True)] == [1] * 20
    assert {label.text() for label in labels} == {"Abbrechen"}
    assert [button.text() for button in buttons.buttons()] == ["Abbrechen"]
    assert current_language().tag == "de"
    assert QLocale().language() == QLocale.Language.German


def test_what_people_were_doing_survives(qtbot: QtBot, qapp: QApplication) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    draft, line = QPlainTextEdit(), QLineEdit()
    column.addWidget(draft)
    column.addWidget(line)
    window.show()
    QTest.keyClicks(draft, "Dear customer")
    QTest.keyClicks(line, "search")
    cursor = draft.textCursor()
    cursor.setPosition(2)
    cursor.setPosition(7, QTextCursor.MoveMode.KeepAnchor)
    draft.setTextCursor(cursor)
    line.setSelection(1, 3)

    apply_language(qapp, load_language("ar-XB"))
    qapp.processEvents()

    assert window.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert draft.toPlainText() == "Dear customer"
    assert (draft.textCursor().anchor(), draft.textCursor().position()) == (2, 7)
    assert (line.selectedText(), line.isUndoAvailable(), draft.document().isUndoAvailable()) == ("ear", True, True)


def test_things_that_are_no_widgets_hear_the_new_tag(qtbot: QtBot, qapp: QApplication) -> None:
    interface = interface_language(qapp)
    assert interface is interface_language(qapp)
    with qtbot.waitSignal(interface.localeChanged) as heard:
        apply_language(qapp, load_language("nl"))
    assert heard.args == ["nl"]


def test_shortcuts_read_the_same_in_every_language(qapp: QApplication) -> None:
    for tag in ("de", "nl", "en-XA", "ar-XB"):
        apply_language(qapp, load_language(tag))
        shortcut = QKeySequence("Ctrl+Shift+K")
        assert shortcut.toString(QKeySequence.SequenceFormat.PortableText) == "Ctrl+Shift+K"
        native = shortcut.toString(QKeySequence.SequenceFormat.NativeText)
        assert QKeySequence(native, QKeySequence.SequenceFormat.NativeText) == shortcut


@pytest.mark.parametrize(
    ("tag", "digits", "expected"),
    [("de", "auto", "1.234,5"), ("en", "auto", "1,234.5"), ("ar", "latin", "1,234.5"), ("ar", "native", "١٬٢٣٤٫٥")],
)
def test_number_fields_write_as_the_formats_do(
    qtbot: QtBot, qapp: QApplication, tag: str, digits: Digits, expected: str
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    field = QDoubleSpinBox(window)
    field.setRange(0, 10_000)
    field.setDecimals(1)
    field.setGroupSeparatorShown(True)
    field.setValue(1234.5)

    language = Language(tag, digits=digits)
    apply_language(qapp, language)

    assert field.text() == expected
    assert language.formats.number(1234.5) == expected


def test_fonts_that_write_the_language_come_first_and_leave_again(qapp: QApplication) -> None:
    before = qapp.font().families()
    apply_language(qapp, Language("ja"))
    assert qapp.font().families()[: len(families_for("ja"))] == list(families_for("ja"))
    apply_language(qapp, Language("zh-Hant"))
    assert qapp.font().families() == [*families_for("zh-Hant"), *before]
    apply_language(qapp, Language("de"))
    assert qapp.font().families() == before
    assert families_for("zh-Hans-SG") == families_for("zh-Hans")
