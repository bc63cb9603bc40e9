"""The audit of a window in a pseudo-locale: texts nobody translated, texts that do not fit, controls without a name.

    with in_language(qapp, "en-XA"), at_scale(qapp, 200):
        window = MainWindow(...)
        window.show()
        assert not (faults := audit(window, data=[channel_name])), report(faults)

Works on what widgets say of themselves; painted views describe their rows to `QAccessible` and are read there.
"""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible, QAction, QTextDocumentFragment
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)

from tests.i18n.clipping import clipped, cut_by_parents, is_rich
from workstation.i18n import Language, load_language, plain
from workstation.i18n.tags import PSEUDO_ACCENTED
from workstation.qt.translator import apply_language

# Names of products and networks, which no language translates.
NAMES = frozenset({"Meridian", "Mastodon", "DeepL", "LibreTranslate"})
_ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")
_ADDRESS = re.compile(r"https?://\S+|[@#]\w[\w.@-]*")
_CLEAR_KEYS = frozenset({"Esc", "Return", "Enter", "Del", "Ins", "PgUp", "PgDown", *(f"F{n}" for n in range(1, 13))})
_KEY = re.compile(
    r"((Ctrl|Shift|Alt|Meta)\+)*"
    r"(\S|Esc|Return|Enter|Del|Ins|Pg(Up|Down)|F\d+|Home|End|Up|Down|Left|Right|Tab|Space|Backspace|Menu)"
)
_INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)
# Their insides are Qt's affair; they carry name and texts.
_COMPOUND = (QComboBox, QAbstractSpinBox)
_MODEL_ROWS = 100


@dataclass(frozen=True)
class Fault:
    """What is wrong ("untranslated", "clipped", "unnamed"), where (path of classes and names), with which text."""

    kind: str
    where: str
    text: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.text!r} in {self.where}" + (f" ({self.detail})" if self.detail else "")


Data = Collection[str] | Callable[[str], bool]


def audit(
    window: QWidget,
    data: Data = (),
    ignore: Collection[str | type[QWidget]] = (),
    translated: bool | None = None,
) -> list[Fault]:
    """Return the faults of `window` and everything in it, shown or not (what is hidden is not measured).

    `data` are texts that are not the interface's (a channel's name), or a function that knows them. Widgets whose
    object name or class is in `ignore` (a label for strangers' texts) are skipped with all they hold. Texts are
    checked for translation in en-XA, or as `translated` says.
    """
    QCoreApplication.sendPostedEvents(None, 0)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    if translated is None:
        from workstation.i18n import current_language

        translated = current_language().tag == PSEUDO_ACCENTED
    faults: dict[Fault, None] = {}
    for widget in _widgets(window, ignore):
        if found := list(_found(widget, data, translated)):
            where = _path(widget, window)
            faults |= dict.fromkeys(Fault(kind, where, text, detail) for kind, text, detail in found)
    return list(faults)


def _found(widget: QWidget, data: Data, translated: bool) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, text, detail) of the faults of one widget."""
    if translated:
        for role, text in _texts(widget):
            if is_untranslated(text, data):
                yield "untranslated", text, role
    if widget.isVisible() and not widget.size().isEmpty():
        for text, why in _unfitting(widget):
            if not _is_data(plain(text), data):
                yield "clipped", text, why
    if _is_nameless(widget):
        yield "unnamed", "", type(widget).__name__
    for row in _nameless_rows(widget):
        yield "unnamed", "", f"row {row}"


def report(faults: list[Fault]) -> str:
    """Return `faults` one to a line, for an assertion's message."""
    return "\n".join([f"{len(faults)} faults", *map(str, faults)])


def is_untranslated(text: str, data: Data = ()) -> bool:
    """Return whether `text` has letters that no message of the accented pseudo-locale put there.

    Messages stand in brackets, which may be nested; values of strangers inside them are isolated.
    """
    body = text.partition("\t")[0]
    if is_rich(body):
        body = QTextDocumentFragment.fromHtml(body).toPlainText()
    if _is_data(plain(body), data) or _is_keys(body):
        return False
    while _ISOLATED.search(body):
        body = _ISOLATED.sub("", body)
    bare = _ADDRESS.sub("", _outside_brackets(body).replace("&", ""))
    for name in NAMES if callable(data) else {*NAMES, *data}:
        bare = bare.replace(name, "")
    return re.search(r"[^\W\d_]{2,}|[^\W\d_\x00-\x7f]", bare) is not None


def _is_data(text: str, data: Data) -> bool:
    return data(text) if callable(data) else text.strip() in data


def _is_keys(text: str) -> bool:
    """Return whether `text` is a list of keys (``Ctrl+K``, ``X, R``, ``J   Down``), which Qt words by its own rules.

    A single word that names a key and much else ("Home") is taken for the word.
    """
    keys = re.split(r"[,\s]+", text.strip())
    if len(keys) == 1 and "+" not in text and text not in _CLEAR_KEYS:
        return False
    return all(_KEY.fullmatch(key) for key in keys)


def _outside_brackets(text: str) -> str:
    kept: list[str] = []
    depth = 0
    for char in text:
        if char == "[":
            depth += 1
        elif char == "]":
            depth = max(0, depth - 1)
        elif depth == 0:
            kept.append(char)
    # A message without its end was cut by hand: all of it counts.
    return text if depth else "".join(kept)


def _widgets(window: QWidget, ignore: Collection[str | type[QWidget]]) -> Iterator[QWidget]:
    kinds = tuple(kind for kind in ignore if isinstance(kind, type))
    waiting = [window]
    while waiting:
        widget = waiting.pop()
        if isinstance(widget, kinds) or (len(kinds) < len(ignore) and widget.objectName() in ignore):
            continue
        yield widget
        if not isinstance(widget, _COMPOUND):
            waiting.extend(child for child in reversed(widget.children()) if isinstance(child, QWidget))


def _path(widget: QWidget, window: QWidget) -> str:
    steps: list[str] = []
    step: QWidget | None = widget
    while step is not None:
        steps.append(type(step).__name__ + (f"#{step.objectName()}" if step.objectName() else ""))
        step = None if step is window else step.parentWidget()
    return " > ".join(reversed(steps))


def _texts(widget: QWidget) -> Iterator[tuple[str, str]]:
    """Yield (role, text) for every text of the interface that `widget` holds itself; contents typed in are none."""
    yield "tool tip", widget.toolTip()
    yield "status tip", widget.statusTip()
    yield "what is this", widget.whatsThis()
    yield "accessible name", widget.accessibleName()
    yield "accessible description", widget.accessibleDescription()
    if widget.isWindow():
        yield "window title", widget.windowTitle()
    if isinstance(widget, QLabel | QAbstractButton):
        yield "text", widget.text()
    elif isinstance(widget, QGroupBox | QMenu):
        yield "title", widget.title()
    elif isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        yield "placeholder", widget.placeholderText()
    elif isinstance(widget, QAbstractSpinBox):
        yield "special value", widget.specialValueText()
        yield "suffix", str(widget.property("suffix") or "")
        yield "prefix", str(widget.property("prefix") or "")
    elif isinstance(widget, QComboBox):
        yield "placeholder", widget.placeholderText()
        yield from (("item", widget.itemText(index)) for index in range(widget.count()))
    elif isinstance(widget, QTabBar):
        for index in range(widget.count()):
            yield "tab", widget.tabText(index)
            yield "tab's tool tip", widget.tabToolTip(index)
    elif isinstance(widget, QAbstractItemView):
        yield from _model_texts(widget)
    for action in widget.findChildren(QAction, options=Qt.FindChildOption.FindDirectChildrenOnly):
        yield "action", action.text()
        # Without its own, Qt makes a tool tip of the text, without brackets' content changed.
        yield "action's tool tip", action.toolTip()


def _model_texts(view: QAbstractItemView) -> Iterator[tuple[str, str]]:
    # Without a model Qt gives None, which its annotations leave out.
    model = cast("QAbstractItemModel | None", view.model())
    if model is None:
        return
    if isinstance(view, QHeaderView):
        for section in range(view.count()):
            text = model.headerData(section, view.orientation(), Qt.ItemDataRole.DisplayRole)
            yield "header", text if isinstance(text, str) else ""
        return
    for row in range(min(model.rowCount(), _MODEL_ROWS)):
        # Qt makes columnCount of list models private.
        columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
        for column in range(columns):
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                text = model.index(row, column).data(role)
                yield "item", text if isinstance(text, str) else ""


def _unfitting(widget: QWidget) -> Iterator[tuple[str, str]]:
    yield from clipped(widget)
    if isinstance(widget, QLabel | QAbstractButton | QComboBox | QLineEdit) and (why := cut_by_parents(widget)):
        texts = [text for role, text in _texts(widget) if role in ("text", "placeholder") and text]
        yield texts[0] if texts else type(widget).__name__, why


def _is_nameless(widget: QWidget) -> bool:
    """Return whether one can operate `widget` but a screen reader has nothing to say of it."""
    takes_focus = widget.focusPolicy() != Qt.FocusPolicy.NoFocus
    if isinstance(widget, QScrollBar | QHeaderView | QTabBar) or not (isinstance(widget, _INTERACTIVE) or takes_focus):
        return False
    if _is_part(widget):
        return False
    interface = QAccessible.queryAccessibleInterface(widget)
    name = interface.text(QAccessible.Text.Name) if interface is not None else widget.accessibleName()
    return not plain(name or "").strip() and not widget.toolTip().strip()


def _nameless_rows(widget: QWidget) -> Iterator[int]:
    """Yield the rows of a list, or of a painted view of our own, of which a screen reader has nothing to say."""
    if type(widget).__module__.startswith("PySide6") and not isinstance(widget, QListView):
        return
    interface = QAccessible.queryAccessibleInterface(widget)
    if interface is None or not widget.isVisible():
        return
    for row in range(min(interface.childCount(), _MODEL_ROWS)):
        child = interface.child(row)
        # Children that are widgets are visited themselves; the corner between a table's heads says nothing.
        if child is None or child.object() is not None or child.role() is QAccessible.Role.Pane:
            continue
        if not plain(child.text(QAccessible.Text.Name)).strip():
            yield row


def _is_part(widget: QWidget) -> bool:
    """Return whether `widget` is the inside of a compound one, which carries the name."""
    parent = widget.parentWidget()
    if isinstance(parent, QTabBar | QLineEdit):
        return True
    if isinstance(widget, QAbstractButton | QLineEdit):
        return isinstance(parent, QAbstractItemView)
    # Containers that take focus only to hand it on.
    return not isinstance(widget, _INTERACTIVE) and widget.focusProxy() is not None


@contextmanager
def in_language(app: QApplication, tag: str) -> Iterator[Language]:
    """Switch `app` to the language `tag` for the time of the block, then back to the source language."""
    language = load_language(tag)
    apply_language(app, language)
    try:
        yield language
    finally:
        apply_language(app, Language())


@contextmanager
def at_scale(app: QApplication, percent: int) -> Iterator[None]:
    """Show all text in `app` at `percent` of its size for the time of the block."""
    before = app.font()
    font = app.font()
    if font.pixelSize() > 0:  # as a theme sets it
        font.setPixelSize(round(font.pixelSize() * percent / 100))
    else:
        font.setPointSizeF(font.pointSizeF() * percent / 100)
    app.setFont(font)
    try:
        yield
    finally:
        app.setFont(before)
