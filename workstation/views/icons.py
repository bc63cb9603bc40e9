"""Icons: Lucide drawings and our own mark, recoloured when loaded and kept per name, colour, size and pixel ratio."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from workstation.views import theme

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "icons"
_RATIOS = (1.0, 2.0)
POINTING = frozenset(
    {
        "arrow-left", "arrow-right", "chevron-left", "chevron-right", "external-link", "list", "log-out",
        "message-circle-reply", "panel-right", "redo-2", "reply", "send", "undo-2",
    }
)  # fmt: skip
"""Drawings that point along the line of reading, and so the other way from right to left."""


@lru_cache(maxsize=256)
def _drawing(name: str) -> str:
    path = FOLDER / "lucide" / f"{name}.svg"
    return (path if path.exists() else FOLDER / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=1024)
def pixmap(name: str, colour: str, size: int, ratio: float = 1.0, mirrored: bool = False) -> QPixmap:
    """The drawing `name` in `colour` (#RRGGBB), `size` logical pixels square, sharp at `ratio`. Do not change it.

    FileNotFoundError for a name without a drawing.
    """
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))
    result = QPixmap(round(size * ratio), round(size * ratio))
    result.setDevicePixelRatio(ratio)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if mirrored:
        painter.translate(size, 0)
        painter.scale(-1, 1)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return result


def icon(name: str, colour: str = "", size: int = 0) -> QIcon:
    """An icon in the theme's colours unless one is given; to be fetched anew when the theme changes."""
    look = theme.current()
    normal = colour or look.colours.secondary
    active = colour or look.colours.text
    mirrored = name in POINTING and QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    return _icon(name, normal, look.colours.disabled, active, size or look.measures.icon, mirrored)


@lru_cache(maxsize=512)
def _icon(name: str, normal: str, disabled: str, active: str, size: int, mirrored: bool) -> QIcon:
    result = QIcon()
    modes = {QIcon.Mode.Normal: normal, QIcon.Mode.Disabled: disabled, QIcon.Mode.Active: active}
    modes[QIcon.Mode.Selected] = active
    for ratio in _RATIOS:
        for mode, colour in modes.items():
            result.addPixmap(pixmap(name, colour, size, ratio, mirrored), mode)
    return result


def app_icon() -> QIcon:
    """Our mark at the sizes that task bars, docks and title bars ask for."""
    result = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        result.addPixmap(pixmap("meridian", "#000000", size))
    return result
