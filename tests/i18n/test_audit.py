"""The audit finds what is wrong in small windows made wrong on purpose, and nothing in right ones."""

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.i18n.audit import Fault, at_scale, audit, in_language, is_untranslated, report
from workstation.i18n import _, pgettext
from workstation.i18n.tags import PSEUDO_ACCENTED, PSEUDO_MIRRORED


@pytest.fixture
def accented(qapp: QApplication) -> Iterator[None]:
    """The accented pseudo-locale for one test."""
    with in_language(qapp, PSEUDO_ACCENTED):
        yield


def _shown(qtbot: QtBot, widget: QWidget) -> QWidget:
    qtbot.addWidget(widget)
    widget.show()
    return widget


def _translated() -> str:
    text = pgettext("QPlatformTheme", "Cancel")
    assert text.startswith("[")
    return text


def _kinds(faults: list[Fault]) -> set[tuple[str, str]]:
    return {(fault.kind, fault.detail) for fault in faults}


@pytest.mark.usefixtures("accented")
def test_a_window_made_right_has_no_faults(qtbot: QtBot) -> None:
    window = QWidget()
    window.setWindowTitle(_translated())
    form = QFormLayout(window)
    edit = QLineEdit("what the customer wrote")
    edit.setMinimumWidth(400)
    form.addRow(_translated(), edit)
    form.addRow(QPushButton(_translated()))
    form.addRow(QLabel(f"{_translated()} · 12"))
    form.addRow(QCheckBox(_translated()))
    form.addRow(QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel))
    tabs = QTabWidget()
    tabs.addTab(QWidget(), _translated())
    form.addRow(tabs)
    _shown(qtbot, window)

    assert not (faults := audit(window)), report(faults)


def _bare_window() -> QMainWindow:
    """A window with an untranslated text in each place that can hold one."""
    window = QMainWindow()
    window.setWindowTitle("Bare title")
    middle = QWidget()
    window.setCentralWidget(middle)
    column = QVBoxLayout(middle)
    button = QPushButton("Bare button")
    button.setToolTip("Bare tip")
    column.addWidget(button)
    edit = QLineEdit()
    edit.setPlaceholderText("Bare placeholder")
    edit.setAccessibleName("Bare name")
    column.addWidget(edit)
    combo = QComboBox()
    combo.addItems(["Bare item", _translated()])
    combo.setAccessibleName(_translated())
    column.addWidget(combo)
    column.addWidget(QGroupBox("Bare group"))
    table = QTableWidget(0, 1)
    table.setAccessibleName(_translated())
    table.setHorizontalHeaderLabels(["Bare header"])
    column.addWidget(table)
    tabs = QTabWidget()
    tabs.addTab(QLabel("Bare <b>rich</b> label"), "Bare tab")
    column.addWidget(tabs)
    listing = QListWidget()
    listing.addItem("Bare row")
    listing.setAccessibleName(_translated())
    column.addWidget(listing)
    window.menuBar().addMenu("Bare menu").addAction("Bare action")
    return window


@pytest.mark.usefixtures("accented")
def test_untranslated_texts_are_found_wherever_they_stand(qtbot: QtBot) -> None:
    window = _bare_window()
    _shown(qtbot, window)

    found = {fault.text for fault in audit(window) if fault.kind == "untranslated"}

    assert found >= {
        "Bare title",
        "Bare button",
        "Bare tip",
        "Bare placeholder",
        "Bare name",
        "Bare item",
        "Bare group",
        "Bare header",
        "Bare <b>rich</b> label",
        "Bare tab",
        "Bare row",
        "Bare menu",
        "Bare action",
    }
    assert not any(text.startswith("[") for text in found)


@pytest.mark.usefixtures("accented")
def test_texts_of_hidden_pages_count_too(qtbot: QtBot) -> None:
    tabs = QTabWidget()
    tabs.addTab(QWidget(), _translated())
    tabs.addTab(QLabel("Bare and hidden"), _translated())
    _shown(qtbot, tabs)

    assert [fault.text for fault in audit(tabs)] == ["Bare and hidden"]


@pytest.mark.usefixtures("accented")
def test_data_is_allowed_by_list_or_by_function(qtbot: QtBot) -> None:
    label = _shown(qtbot, QLabel("Acme support"))

    assert audit(label)
    assert not audit(label, data=["Acme support"])
    assert not audit(label, data=lambda text: text.startswith("Acme"))
    label.setObjectName("author")
    assert not audit(label, ignore=["author"])
    assert not audit(label, ignore=[QLabel])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Ĉļöšé öñé]", False),
        ("[Ĥéļð [2 ṁîñ ö] öñé]", False),
        ("[Ĥéļð \u2068Ann] Lee\u2069 öñé]", False),
        ("\u2068Ann Lee\u2069", False),
        ("12 · 14:05", False),
        ("", False),
        ("Ctrl+K", False),
        ("X, Shift+B   F1", False),
        ("J   Down", False),
        ("Home", True),
        ("Close Down", True),
        ("https://example.org/path", False),
        ("@ann@example.org", False),
        ("Meridian", False),
        ("[Ĉļöšé öñé] Meridian", False),
        ("Close", True),
        ("[Ĉļöšé öñé] now", True),
        ("[Ĉļöšé ö…", True),
        ("閉じる", True),
        ("&Close", True),
        ("<b>Close</b>", True),
        ("<b>[Ĉļöšé öñé]</b>", False),
    ],
)
def test_what_counts_as_untranslated(qapp: QApplication, text: str, expected: bool) -> None:
    assert is_untranslated(text) is expected


def test_clipped_texts_are_found(qtbot: QtBot) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    label = QLabel("A label with far too much text")
    label.setMaximumWidth(40)
    wrapped = QLabel("A wrapped label with far too much text for its height")
    wrapped.setWordWrap(True)
    wrapped.setFixedSize(80, 20)
    button = QPushButton("A button with far too much text")
    button.setMaximumWidth(60)
    check = QCheckBox("A box with far too much text")
    check.setMaximumWidth(60)
    combo = QComboBox()
    combo.addItems(["ok", "An item with far too much text"])
    combo.setFixedWidth(80)
    tool = QToolButton()
    tool.setText("A tool with far too much text")
    tool.setFixedWidth(40)
    edit = QLineEdit()
    edit.setPlaceholderText("A placeholder with far too much text")
    edit.setFixedWidth(60)
    group = QGroupBox("A group with far too much text")
    group.setFixedWidth(60)
    tabs = QTabWidget()
    tabs.addTab(QWidget(), "A tab with far too much text")
    tabs.setUsesScrollButtons(False)
    tabs.setElideMode(Qt.TextElideMode.ElideRight)
    tabs.setFixedWidth(70)
    table = QTableWidget(0, 1)
    table.setHorizontalHeaderLabels(["A header with far too much text"])
    table.setColumnWidth(0, 40)
    for widget in (label, wrapped, button, check, combo, tool, edit, group, tabs, table):
        column.addWidget(widget)
    _shown(qtbot, window)

    found = {fault.text.split()[1] for fault in audit(window) if fault.kind == "clipped"}

    assert found == {
        "label", "wrapped", "button", "box", "item", "tool", "placeholder", "group", "tab", "header",
    }  # fmt: skip


def test_a_text_that_lies_outside_its_parent_is_clipped_unless_it_can_be_scrolled_to(qtbot: QtBot) -> None:
    window = QWidget()
    window.resize(200, 100)
    inner = QLabel("Half outside", window)
    inner.adjustSize()
    inner.move(180, 10)
    _shown(qtbot, window)
    assert [fault.kind for fault in audit(window)] == ["clipped"]

    area = QScrollArea()
    area.setWidget(QLabel("A long line " * 40))
    area.resize(100, 100)
    area.setAccessibleName("Text")
    _shown(qtbot, area)
    assert not (faults := audit(area)), report(faults)


def test_a_larger_font_clips_what_fitted_before(
    qtbot: QtBot, qapp: QApplication, request: pytest.FixtureRequest
) -> None:
    # A style sheet that names sizes, as a theme's does, would have the last word on them.
    request.addfinalizer(partial(qapp.setStyleSheet, qapp.styleSheet()))
    qapp.setStyleSheet("")
    window = QWidget()
    label = QLabel("Fits just", window)
    _shown(qtbot, window)
    window.resize(600, 200)
    label.setFixedSize(label.sizeHint())
    assert not audit(window)

    with at_scale(qapp, 200):
        assert [fault.kind for fault in audit(window)] == ["clipped"]
    assert not audit(window)


def test_controls_without_a_name_are_found(qtbot: QtBot) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    bare = [QToolButton(), QLineEdit(), QComboBox(), QListWidget(), QPlainTextEdit(), QPushButton()]
    for widget in bare:
        column.addWidget(widget)
    named = QToolButton()
    named.setToolTip("Named by its tip")
    column.addWidget(named)
    label = QLabel("&Name")
    edit = QLineEdit()
    label.setBuddy(edit)
    column.addWidget(label)
    column.addWidget(edit)
    _shown(qtbot, window)

    faults = [fault for fault in audit(window) if fault.kind == "unnamed"]

    assert _kinds(faults) == {("unnamed", type(widget).__name__) for widget in bare}
    assert len(faults) == len(bare)


def test_rows_without_a_name_are_found(qtbot: QtBot) -> None:
    listing = QListWidget()
    listing.setAccessibleName("Columns")
    listing.addItems(["First", "", "Third"])
    _shown(qtbot, listing)
    assert [(fault.kind, fault.detail) for fault in audit(listing)] == [("unnamed", "row 1")]


def test_a_painted_control_that_takes_focus_needs_a_name(qtbot: QtBot) -> None:
    painted = QWidget()
    painted.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    _shown(qtbot, painted)
    assert [fault.kind for fault in audit(painted)] == ["unnamed"]
    painted.setAccessibleName("Column")
    assert not audit(painted)


def test_the_pseudo_locales_reach_the_interface_and_leave_it(qapp: QApplication) -> None:
    with in_language(qapp, PSEUDO_MIRRORED):
        assert qapp.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert qapp.layoutDirection() == Qt.LayoutDirection.LeftToRight
    assert _("Close") == "Close"
