"""Rows that break: what stands at the end stays whole and together, words break rather than be cut."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from workstation.views.widgets.chips import BrokenChip, Chip
from workstation.views.widgets.flow import FlowLayout

pytestmark = pytest.mark.usefixtures("qapp")
WORDS = "PRACTICE – nobody outside sees it"


class Box(QWidget):
    """A button as far as a layout is concerned."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self._width = width

    def sizeHint(self) -> QSize:
        return QSize(self._width, 20)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def row(width: int, *, hidden: bool = False) -> list[tuple[int, int, int]]:
    """Left edge, top and width of three tools and two buttons at the end, in a row of `width`."""
    holder = QWidget()
    boxes = [Box(30), Box(30), Box(30), Box(100), Box(60)]
    flow = FlowLayout(holder, gap=10, end=(boxes[3], boxes[4]))
    for box in boxes:
        flow.addWidget(box)
    if hidden:
        boxes[3].hide()
    holder.resize(width, flow.heightForWidth(width))
    flow.setGeometry(holder.rect())
    return [(box.x(), box.y(), box.width()) for box in boxes if not box.isHidden()]


def test_the_end_stands_at_the_far_edge() -> None:
    assert row(400) == [(0, 0, 30), (40, 0, 30), (80, 0, 30), (230, 0, 100), (340, 0, 60)]
    assert row(400, hidden=True)[-1] == (340, 0, 60)


def test_the_end_breaks_together_and_only_then_apart() -> None:
    assert row(200)[3:] == [(30, 30, 100), (140, 30, 60)]
    assert row(120)[3:] == [(20, 30, 100), (60, 60, 60)]
    assert row(60)[:3] == [(0, 0, 30), (0, 30, 30), (0, 60, 30)]


def test_a_chip_of_several_words_breaks_where_it_has_no_room() -> None:
    chip, plain = BrokenChip(WORDS), Chip(WORDS)
    for label in (chip, plain):
        label.ensurePolished()
    assert abs(chip.sizeHint().width() - plain.sizeHint().width()) <= 4
    assert chip.sizeHint().height() == plain.sizeHint().height()
    holder = QWidget()
    flow = FlowLayout(holder)
    flow.addWidget(chip)
    width = chip.sizeHint().width() * 2 // 3
    flow.setGeometry(holder.rect().adjusted(0, 0, width - holder.width(), 0))
    assert chip.width() == width
    assert chip.height() == chip.heightForWidth(width) > plain.sizeHint().height()
