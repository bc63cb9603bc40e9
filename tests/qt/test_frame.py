"""The frame: there before the desk, and as the last window was."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QCloseEvent, QColor
from PySide6.QtWidgets import QApplication, QWidget

from workstation.qt.frame import Frame

GROUND, COLUMN = "#101820", "#304050"


class Content(QWidget):
    """Asks to stay open until it may go."""

    may_go = False

    def closeEvent(self, event: QCloseEvent) -> None:
        """See QWidget."""
        event.setAccepted(self.may_go)


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    """A file that is not there yet."""
    return tmp_path / "frame.ini"


def test_a_frame_recalls_place_and_outline(qapp: QApplication, memory: Path) -> None:
    before = Frame(memory)
    before.resize(600, 400)
    before.remember(GROUND, [(QRect(50, 40, 100, 200), COLUMN)])
    frame = Frame(memory)
    frame.appear()
    picture = frame.grab().toImage()
    assert (picture.width(), picture.height()) == (600, 400)
    assert picture.pixelColor(10, 10) == QColor(GROUND)
    assert picture.pixelColor(60, 60) == QColor(COLUMN)
    frame.hide()


@pytest.mark.parametrize(
    "blocks", ["", "1 2 3", "a b c d #ffffff", "1 2 3 4 red-ish", "9" * 40 + " 1 1 1 #ffffff", ";;"]
)
def test_a_memory_that_nobody_can_read_is_no_memory(qapp: QApplication, memory: Path, blocks: str) -> None:
    before = Frame(memory)
    before.remember(GROUND, [])
    memory.write_text(memory.read_text().replace("blocks=", f"blocks={blocks}"))
    frame = Frame(memory)
    frame.appear()
    assert frame.grab().toImage().pixelColor(10, 10) == QColor(GROUND)
    frame.hide()


def test_an_outline_in_other_colours_than_the_systems_is_not_shown(qapp: QApplication, memory: Path) -> None:
    Frame(memory).remember(GROUND, [])
    memory.write_text(memory.read_text().replace("system=", "system=x"))
    frame = Frame(memory)
    frame.appear()
    assert frame.grab().toImage().pixelColor(10, 10) != QColor(GROUND)
    frame.hide()


def test_the_content_is_asked_before_the_frame_goes(qapp: QApplication, memory: Path) -> None:
    frame, content = Frame(memory), Content()
    content.setWindowTitle("Full")
    frame.show()
    frame.fill(content)
    assert frame.windowTitle() == "Full"
    content.setWindowTitle("Fuller")
    assert frame.windowTitle() == "Fuller"
    assert not frame.close()
    assert frame.isVisible()
    content.may_go = True
    assert frame.close()
    assert not frame.isVisible()


def test_closed_before_there_is_a_desk_it_goes_as_soon_as_it_can(qapp: QApplication, memory: Path) -> None:
    frame = Frame(memory)
    frame.appear()
    frame.close()
    assert frame.close_wanted
    assert not frame.isVisible()
