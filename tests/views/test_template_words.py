"""Lines about a template: what has its own direction keeps it in either direction of writing."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextLayout, QTextLine, QTextOption

from workstation.domain.templates import Family, Variant
from workstation.views.templates.library import _item
from workstation.views.templates.words import as_text

pytestmark = pytest.mark.usefixtures("qapp")
LATE = Family(0, "late", "متأخر", (Variant("ar", "نعتذر"),), "ar", shortcut="late")


def before(text: str, one: str, other: str) -> bool:
    """Whether a sign is left of another in a line from right to left."""
    layout, option = QTextLayout(text), QTextOption()
    option.setTextDirection(Qt.LayoutDirection.RightToLeft)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(2_000)
    layout.endLayout()
    return _left(line, text.index(one) + 1) < _left(line, text.index(other) + 1)


def _left(line: QTextLine, at: int) -> float:
    found: Any = line.cursorToX(at)
    return float(found[0] if isinstance(found, tuple) else found)


def test_a_shortcut_is_read_with_its_semicolon_before_it() -> None:
    assert before("\u2068;late\u2069", ";", "l")
    assert not before("نص ;late", ";", "l"), "without isolation it is read behind"
    for line in (_item(LATE).text().split("\n")[1], as_text(LATE).split("\n")[0]):
        assert "\u2068;late\u2069" in line
        assert before(line, ";", "l")
