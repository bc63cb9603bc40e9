"""Where a column's window may stand: on the screen it stood on, or on one that is not the main window's."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication, QScreen

from workstation.services.columns import Placement

GRIP = 48
"""Pixels of a window that must be on its screen, so that it can be taken hold of."""
STEP = TITLE_BAR = 36


def screen_name(screen: QScreen) -> str:
    """What a screen is known by; one that the system does not name, by where it is."""
    rect = screen.geometry()
    return screen.name() or f"{rect.width()}x{rect.height()}{rect.x():+d}{rect.y():+d}"


def screen_named(name: str) -> QScreen | None:
    """The screen of that name, if it is there."""
    return next((screen for screen in QGuiApplication.screens() if screen_name(screen) == name), None)


def other_screen(main: QScreen | None) -> QScreen | None:
    """A screen that the main window is not on; the main one where there is no other."""
    screens = QGuiApplication.screens()
    return next((screen for screen in screens if screen is not main), main or (screens[0] if screens else None))


def settled(placement: Placement, room: QRect, wanted: QSize) -> QRect:
    """The rectangle of a placement, moved and cut so that it can be used within `room` (the free part of a screen)."""
    width = min(placement.width or wanted.width(), room.width())
    height = min(placement.height or wanted.height(), room.height())
    x = min(max(placement.x, room.left() - width + GRIP), room.right() - GRIP)
    y = min(max(placement.y, room.top()), room.bottom() - GRIP)
    return QRect(x, y, width, height)


def beside(taken: Sequence[QRect], room: QRect, wanted: QSize) -> QRect:
    """The first free place from the left, as high as there is room; lower and further on where none is free."""
    height = room.height() - TITLE_BAR
    x = room.left()
    while x + wanted.width() <= room.right() + 1:
        rect = QRect(x, room.top(), wanted.width(), height)
        hit = next((other for other in taken if other.intersects(rect)), None)
        if hit is None:
            return rect
        x = hit.right() + 1
    shift = STEP * (len(taken) % 8 + 1)
    return QRect(room.topLeft() + QPoint(shift, shift), wanted.boundedTo(room.size()))
