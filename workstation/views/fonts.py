"""Fonts: which families text is set in. Inter comes along for Linux; Windows and macOS speak with their own voice.

Qt caches font fallback per first family, so Chinese, Japanese and Korean text names its family first: Han characters
are drawn differently in each, and the interface's own family would pick one for all.
"""

import re
import sys
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QLoggingCategory, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetricsF, QPainter

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "fonts"
INTER = "Inter"

GRAIN = 4
"""Dense characters are set this much larger and drawn as much smaller: Qt thickens OpenType outlines at small sizes, as
text blended with gamma wants, but blends without, so regular Chinese and Japanese would look bold beside Latin."""

_CJK: dict[str, tuple[str, ...]] = {
    "ja": ("Hiragino Sans", "Yu Gothic UI", "Meiryo", "Noto Sans CJK JP", "Noto Sans JP"),
    "ko": ("Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans CJK KR", "Noto Sans KR"),
    "zh-Hans": ("PingFang SC", "Microsoft YaHei UI", "Noto Sans CJK SC", "Noto Sans SC"),
    "zh-Hant": ("PingFang TC", "Microsoft JhengHei UI", "Noto Sans CJK TC", "Noto Sans TC"),
}
_BESIDE_INTER = (
    "Noto Sans Arabic UI",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Sans Bengali",
    "Noto Sans Tamil",
    "Noto Color Emoji",
)
"""What goes with Inter in scripts that it does not write: left to itself, Qt may take a face of quite another kind.

Noto Sans Arabic is not among them: its lines are twice as high as its letters and would not fit a chip.
"""
_FIRST = "\u1100"
"""No character before it has forms of its own in China, Japan or Korea."""
# Compiled when first asked for: each takes milliseconds.
_HAN = "[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]"
_KANA = "[\u3040-\u30ff\uff66-\uff9f]"
_HANGUL = "[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]"
_SYSTEMS = (
    (QFontDatabase.WritingSystem.Japanese, _KANA),
    (QFontDatabase.WritingSystem.Korean, _HANGUL),
    (QFontDatabase.WritingSystem.SimplifiedChinese, _HAN),
    (QFontDatabase.WritingSystem.Arabic, "[\u0600-\u06ff]"),
    (QFontDatabase.WritingSystem.Hebrew, "[\u0590-\u05ff]"),
    (QFontDatabase.WritingSystem.Devanagari, "[\u0900-\u097f]"),
    (QFontDatabase.WritingSystem.Thai, "[\u0e00-\u0e7f]"),
)
_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo", "yue")


def load() -> tuple[str, ...]:
    """Register the fonts that come along; the interface's families, or none where the system's own are to be used."""
    if not sys.platform.startswith("linux") or not _load_inter():
        return ()
    present = set(QFontDatabase.families())
    return (INTER, *(family for family in _BESIDE_INTER if family in present))


def _load_inter() -> bool:
    # Qt tells of every script that Inter has no letters for, before it falls back as it should.
    QLoggingCategory.setFilterRules("qt.text.font.db.info=false")
    if INTER in QFontDatabase.families():
        return True
    for path in sorted(FOLDER.glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            return False
    return INTER in QFontDatabase.families()


def writing(text: str, language: str = "") -> str:
    """Whose CJK forms `text` wants: "ja", "ko", "zh-Hans", "zh-Hant", or "" where it has no such characters.

    `language` (BCP 47, may be empty or wrong) decides what the characters alone cannot.
    """
    if not text or max(text) < _FIRST:
        return ""
    if re.search(_KANA, text):
        return "ja"
    if re.search(_HANGUL, text):
        return "ko"
    if not re.search(_HAN, text):
        return ""
    tag = language.lower()
    if tag.startswith("ja"):
        return "ja"
    if tag.startswith("ko"):
        return "ko"
    return "zh-Hant" if tag.startswith(_TRADITIONAL) else "zh-Hans"


@lru_cache(maxsize=8)
def _installed(script: str) -> tuple[str, ...]:
    present = set(QFontDatabase.families())
    return tuple(family for family in _CJK[script] if family in present)


@lru_cache(maxsize=256)
def font(base: tuple[str, ...], pixels: float, weight: int = 400, script: str = "") -> QFont:
    """A font of `base` families, `pixels` high, with the family for `script` (of `writing`) first. Do not change it."""
    result = QFont()
    result.setFamilies([*(_installed(script) if script else ()), *base])
    # Fractions matter at 11.5 px; point sizes carry them, pixel sizes are integers in Qt.
    result.setPixelSize(max(1, round(pixels)))
    result.setWeight(QFont.Weight(weight))
    # Strokes of dense characters, snapped to whole pixels, grow together and look bold in their regular weight.
    hinting = QFont.HintingPreference
    result.setHintingPreference(hinting.PreferNoHinting if script else hinting.PreferVerticalHinting)
    return result


def written_in(base: QFont, script: str) -> QFont:
    """`base` with the family for `script` (of `writing`) first; a new font."""
    result = QFont(base)
    result.setFamilies([*(_installed(script) if script else ()), *base.families()])
    result.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return result


@lru_cache(maxsize=64)
def grown(base: QFont) -> QFont:
    """`base`, GRAIN times as large. Do not change it."""
    result = QFont(base)
    result.setPixelSize(QFontInfo(base).pixelSize() * GRAIN)
    return result


def draw_dense(painter: QPainter, at: QPointF, text: str, font: QFont) -> None:
    """Draw one line of dense characters on the baseline at `at`, without the thickening (see GRAIN)."""
    painter.save()
    painter.translate(at)
    painter.scale(1 / GRAIN, 1 / GRAIN)
    painter.setFont(grown(font))
    painter.drawText(QPointF(), text)
    painter.restore()


def draw_initial(painter: QPainter, rect: QRectF, letter: str, font: QFont) -> None:
    """Draw one letter in the middle of `rect`, dense ones without the thickening; the pen is set."""
    if not writing(letter):
        painter.setFont(font)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), letter)
        return
    metrics = QFontMetricsF(font)
    top = rect.top() + (rect.height() - metrics.height()) / 2
    left = rect.left() + (rect.width() - metrics.horizontalAdvance(letter)) / 2
    draw_dense(painter, QPointF(left, top + metrics.ascent()), letter, font)


def covers(text: str) -> bool:
    """Whether some installed font can draw the writing systems of `text`; where not, the reader is told once."""
    return all(QFontDatabase.families(system) for system, letters in _SYSTEMS if re.search(letters, text))
