"""What of a widget's text does not fit: measured with the widget's own style and font, in its present geometry."""

import re
from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import QAbstractItemModel, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionGroupBox,
    QTabBar,
    QToolButton,
    QWidget,
)

# Bearings of glyphs and rounding at fractional scales.
SLACK = 2
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def clipped(widget: QWidget) -> Iterator[tuple[str, str]]:
    """Yield (text, why) for each text of the visible `widget` that is cut off or elided."""
    if isinstance(widget, QLabel):
        yield from _label(widget)
    elif isinstance(widget, QAbstractButton):
        yield from _button(widget)
    elif isinstance(widget, QComboBox):
        yield from _combo(widget)
    elif isinstance(widget, QTabBar):
        yield from _tabs(widget)
    elif isinstance(widget, QHeaderView):
        yield from _header(widget)
    elif isinstance(widget, QGroupBox):
        yield from _group(widget)
    elif isinstance(widget, QLineEdit):
        yield from _placeholder(widget)
    elif isinstance(widget, QMenuBar):
        yield from _menu_bar(widget)
    elif isinstance(widget, QMenu):
        yield from _menu(widget)


def is_rich(text: str) -> bool:
    """Return whether Qt's labels take `text` for markup."""
    return _TAG.search(text) is not None


def cut_by_parents(widget: QWidget) -> str:
    """Return why part of `widget` lies outside its ancestors, "" if all of it shows; scroll areas may hide parts."""
    # A window's own edge is for the window's minimum size to keep.
    rect = QRect(widget.rect())
    child, parent = widget, widget.parentWidget()
    while parent is not None and not child.isWindow():
        rect.translate(child.pos())
        if isinstance(parent.parentWidget(), QAbstractScrollArea):
            return ""
        inside = rect.intersected(parent.rect())
        if inside.width() < rect.width() - SLACK or inside.height() < rect.height() - SLACK:
            where = parent.objectName() or type(parent).__name__
            return f"{rect.width()}x{rect.height()} shown as {inside.width()}x{inside.height()} in {where}"
        child, parent = parent, parent.parentWidget()
    return ""


def _wide(text: str, width: int, metrics: QFontMetrics) -> Iterator[tuple[str, str]]:
    needed = metrics.size(Qt.TextFlag.TextShowMnemonic, text).width()
    if text and needed > width + SLACK:
        yield text, f"{needed} px wide, {width} px shown"


def _label(label: QLabel) -> Iterator[tuple[str, str]]:
    text = label.text()
    if not text or not label.pixmap().isNull():
        return
    size, hint = label.size(), label.sizeHint()
    if not label.wordWrap():
        if size.width() < hint.width() - SLACK or size.height() < hint.height() - SLACK:
            yield text, f"needs {_pixels(hint)}, has {_pixels(size)}"
        return
    height = label.heightForWidth(size.width())
    if height > size.height() + SLACK:
        yield text, f"{height} px high when wrapped, {size.height()} px shown"
    elif not is_rich(text):
        width = label.contentsRect().width()
        widest = _widest_line(text, label.font(), width)
        if widest > width + SLACK:
            yield text, f"a line is {widest:.0f} px wide, {width} px shown"


def _widest_line(text: str, font: QFont, width: int) -> float:
    """How wide the widest line is when wrapped between words, or wherever the script allows it."""
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    widest = 0.0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        widest = max(widest, line.naturalTextWidth())
    layout.endLayout()
    return widest


def _pixels(size: QSize) -> str:
    return f"{size.width()}x{size.height()}"


def _button(button: QAbstractButton) -> Iterator[tuple[str, str]]:
    if isinstance(button, QToolButton):
        if button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly and not button.icon().isNull():
            return
        hint = button.sizeHint()
        if button.text() and (button.width() < hint.width() - SLACK or button.height() < hint.height() - SLACK):
            yield button.text(), f"needs {_pixels(hint)}, has {_pixels(button.size())}"
        return
    option = QStyleOptionButton()
    option.initFrom(button)
    option.text, option.icon, option.iconSize = button.text(), button.icon(), button.iconSize()
    element = QStyle.SubElement.SE_PushButtonContents
    if isinstance(button, QCheckBox):
        element = QStyle.SubElement.SE_CheckBoxContents
    elif isinstance(button, QRadioButton):
        element = QStyle.SubElement.SE_RadioButtonContents
    inside = button.style().subElementRect(element, option, button)
    icon = 0 if button.icon().isNull() else button.iconSize().width() + 4
    if isinstance(button, QPushButton) and button.menu() is not None:
        icon += button.style().pixelMetric(QStyle.PixelMetric.PM_MenuButtonIndicator, option, button)
    yield from _wide(button.text(), inside.width() - icon, button.fontMetrics())
    if button.text() and button.fontMetrics().height() > button.height() + SLACK:
        yield button.text(), f"{button.fontMetrics().height()} px high, {button.height()} px shown"


def _combo(combo: QComboBox) -> Iterator[tuple[str, str]]:
    option = QStyleOptionComboBox()
    option.initFrom(combo)
    option.editable, option.frame = combo.isEditable(), combo.hasFrame()
    part = QStyle.SubControl.SC_ComboBoxEditField
    field = combo.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, combo)
    for index in range(combo.count()):
        icon = 0 if combo.itemIcon(index).isNull() else combo.iconSize().width() + 4
        yield from _wide(combo.itemText(index), field.width() - icon, combo.fontMetrics())


def _tabs(bar: QTabBar) -> Iterator[tuple[str, str]]:
    for index in range(bar.count()):
        icon = 0 if bar.tabIcon(index).isNull() else bar.iconSize().width() + 4
        yield from _wide(bar.tabText(index), bar.tabRect(index).width() - icon - 8, bar.fontMetrics())


def _header(header: QHeaderView) -> Iterator[tuple[str, str]]:
    # Without a model Qt gives None, which its annotations leave out.
    model = cast("QAbstractItemModel | None", header.model())
    if model is None:
        return
    for section in range(header.count()):
        if header.isSectionHidden(section):
            continue
        text = model.headerData(section, header.orientation(), Qt.ItemDataRole.DisplayRole)
        needed, has = header.sectionSizeHint(section), header.sectionSize(section)
        if text and header.orientation() == Qt.Orientation.Horizontal and needed > has + SLACK:
            yield str(text), f"{needed} px wide, {has} px shown"


def _group(group: QGroupBox) -> Iterator[tuple[str, str]]:
    option = QStyleOptionGroupBox()
    option.initFrom(group)
    option.text = group.title()
    part = QStyle.SubControl.SC_GroupBoxLabel
    option.subControls = QStyle.SubControl.SC_GroupBoxFrame | part
    label = group.style().subControlRect(QStyle.ComplexControl.CC_GroupBox, option, part, group)
    yield from _wide(group.title(), min(label.width(), group.width()), group.fontMetrics())


def _placeholder(edit: QLineEdit) -> Iterator[tuple[str, str]]:
    margins = edit.textMargins()
    width = edit.contentsRect().width() - margins.left() - margins.right() - 4
    if not edit.text():
        yield from _wide(edit.placeholderText(), width, edit.fontMetrics())


def _menu_bar(bar: QMenuBar) -> Iterator[tuple[str, str]]:
    for action in bar.actions():
        place = bar.actionGeometry(action)
        if action.isVisible() and action.text() and not bar.rect().contains(place):
            yield action.text(), "does not fit into the menu bar"


def _menu(menu: QMenu) -> Iterator[tuple[str, str]]:
    width = menu.screen().availableSize().width()
    if menu.sizeHint().width() > width:
        yield menu.title(), f"menu {menu.sizeHint().width()} px wide on a screen of {width} px"
