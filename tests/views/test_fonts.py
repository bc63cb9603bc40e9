"""Type in every script: regular where it is meant to be, demi-bold or bold for names, shaped, emoji in colour."""

import struct

import pytest
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QKeySequence, QPainter, QRawFont, QTextLayout
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workstation.services.settings import Theme
from workstation.views import fonts, theme
from workstation.views.widgets.labels import StrangerText, dense_lines

TEXTS = [
    ("Bestellung", "de"),
    ("注文が届きません", "ja"),
    ("请问订单", "zh"),
    ("請問訂單", "zh-TW"),
    ("배송이 늦어요", "ko"),
    ("الطلب", "ar"),
    ("ההזמנה", "he"),
    ("मेरा रिफंड", "hi"),
    ("สวัสดี", "th"),
    ("Дякую", "uk"),
]


def faces(text: str, font: QFont) -> list[QRawFont]:
    layout = QTextLayout(text, font)
    layout.beginLayout()
    layout.createLine().setLineWidth(1_000)
    layout.endLayout()
    return [run.rawFont() for run in layout.glyphRuns() if any(run.glyphIndexes())]


def drawn_weight(face: QRawFont) -> int:
    """Weight of the face itself, as its OS/2 table has it: what Qt says of it is only what was asked for."""
    table = bytes(face.fontTable("OS/2").data())
    return int(struct.unpack(">H", table[4:6])[0]) if len(table) > 6 else 0


@pytest.mark.parametrize(("text", "language"), TEXTS)
def test_regular_is_regular_and_names_are_heavier(qapp: QApplication, text: str, language: str) -> None:
    look = theme.apply(qapp, Theme.DARK)
    script = fonts.writing(text, language)
    regular = [drawn_weight(face) for face in faces(text, look.font("body", 400, script))]
    heavy = [drawn_weight(face) for face in faces(text, look.font("name", 600, script))]
    if not regular or not all(regular):
        pytest.skip("no font here for this script")
    assert set(regular) == {400}
    assert min(heavy) >= 600 or set(heavy) == {400}, "400 where the machine has no heavier face"


def test_emoji_are_coloured(qapp: QApplication) -> None:
    look = theme.apply(qapp, Theme.DARK)
    if not any("Emoji" in face.familyName() for face in faces("🦊", look.font())):
        pytest.skip("no emoji font here")
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(QColor("#000000"))
    painter = QPainter(image)
    painter.setPen(QColor("#FFFFFF"))
    painter.setFont(look.font("title"))
    painter.drawText(10, 40, "🦊")
    painter.end()
    assert any(image.pixelColor(x, y).saturation() > 100 for x in range(64) for y in range(64))


def test_arabic_is_joined(qapp: QApplication) -> None:
    look = theme.apply(qapp, Theme.DARK)
    if any(not face.supportsCharacter(ord("ب")) for face in faces("ب", look.font())) or not faces("ب", look.font()):
        pytest.skip("no font here for this script")
    layout = QTextLayout("ببب", look.font())
    layout.beginLayout()
    layout.createLine().setLineWidth(500)
    layout.endLayout()
    # Beginning, middle and end of a word are three glyphs of one letter.
    assert len({glyph for run in layout.glyphRuns() for glyph in run.glyphIndexes()}) >= 2


@pytest.mark.parametrize(("text", "language"), TEXTS[1:5])
def test_dense_characters_in_threads_are_not_thickened(qtbot: QtBot, text: str, language: str) -> None:
    """The same lines as Qt would draw, with less ink than it would use."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, Theme.LIGHT)
    label = StrangerText()
    qtbot.addWidget(label)
    label.show_text(f"{text}\n{text * 9} 🦊 {text}", language)
    label.setFixedWidth(300)
    label.show()
    if drawn_weight(faces(text, label.font())[0]) != 400:
        pytest.skip("no font here for this script")
    lines = dense_lines(label.text(), label.font(), 300, rtl=False)
    assert "".join(words for _at, words in lines) == label.text().replace("\n", "")
    assert abs(label.heightForWidth(300) - len(lines) * label.fontMetrics().lineSpacing()) < 8
    fine = ink(label)
    label.setSelection(0, 0)
    label.setFocus()
    label.activateWindow()
    usual = ink(label) if label.hasFocus() else fine + 1
    assert 0 < fine < usual


def ink(label: StrangerText) -> int:
    """How much darker than its ground a label is."""
    shot = label.grab().toImage()
    return sum(255 - shot.pixelColor(x, y).lightness() for x in range(shot.width()) for y in range(shot.height()))


def test_a_word_without_end_breaks_and_is_copied_as_it_was_written(qtbot: QtBot) -> None:
    label = StrangerText()
    qtbot.addWidget(label)
    word = "https://shop.invalid/" + "a" * 400 + "e\u0301👩‍👩‍👧‍👦" * 40
    label.show_text(f"look at {word}")
    assert label.minimumSizeHint().width() < 300
    label.setFixedWidth(300)
    assert label.heightForWidth(300) > 5 * label.fontMetrics().lineSpacing()
    assert "👩‍👩‍👧‍👦" in label.text(), "what is one sign stays one"
    label.show()
    label.setSelection(0, len(label.text().encode("utf-16-le")) // 2)
    QTest.keySequence(label, QKeySequence(QKeySequence.StandardKey.Copy))
    assert QGuiApplication.clipboard().text() == f"look at {word}"
