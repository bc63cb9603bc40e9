"""How strangers' words and pictures look to whoever wants them softened; like a theme, one for the process.

What is stored or sent stays as it is, and one key shows it all as it is for as long as it is needed.
"""

from typing import ClassVar

import msgspec
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication

from workstation.domain.messages import Message
from workstation.services.settings import Preferences
from workstation.services.wellness import Look, marked_as_gore, muted

COARSE = 14
"""Pixels that a blurred picture is made of, across."""


class _Current:
    """The one state of this process."""

    words: ClassVar[tuple[str, ...]] = ()
    look = Look.PLAIN
    gore = False
    lifted = False


def apply(app: QApplication, now: Preferences) -> None:
    """Soften as the preferences say."""
    wanted = (now.muted_words, Look(now.media_look), now.hide_gore)
    if wanted != (_Current.words, _Current.look, _Current.gore):
        _Current.words, _Current.look, _Current.gore = wanted
        _write_anew(app)


def lift(app: QApplication, lifted: bool) -> None:
    """Show everything as it is, or soften it again."""
    if lifted != _Current.lifted:
        _Current.lifted = lifted
        _write_anew(app)


def lifted() -> bool:
    """Whether everything is shown as it is for now."""
    return _Current.lifted


def on() -> bool:
    """Whether anything is softened at all, lifted or not."""
    return bool(_Current.words) or _Current.gore or _Current.look is not Look.PLAIN


def _write_anew(app: QApplication) -> None:
    # Every view writes its texts anew when the language changes; that is what is wanted here.
    for window in app.topLevelWidgets():
        QApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))


def text(words: str) -> str:
    """What somebody wrote, with muted words covered."""
    return muted(words, _Current.words) if _Current.words and words and not _Current.lifted else words


def message(given: Message) -> Message:
    """A message with its words covered. Only to be shown."""
    if not _Current.words or _Current.lifted or given.own:
        return given
    media = tuple(msgspec.structs.replace(item, alt=text(item.alt)) for item in given.media)
    return msgspec.structs.replace(given, text=text(given.text), spoiler=text(given.spoiler), media=media)


def hides(given: Message, tags: tuple[str, ...] = ()) -> bool:
    """Whether its pictures are not to be shown without being asked for twice."""
    if _Current.lifted or given.own:
        return False
    return _Current.look is Look.HIDDEN or (_Current.gore and marked_as_gore(given, tags))


def softens() -> bool:
    """Whether pictures look other than they are."""
    return not _Current.lifted and _Current.look in (Look.GREY, Look.BLUR, Look.HIDDEN)


def picture(given: QPixmap) -> QPixmap:
    """A picture as it is to look."""
    if not softens() or given.isNull():
        return given
    image = given.toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    if _Current.look is not Look.GREY:
        smooth = Qt.TransformationMode.SmoothTransformation
        coarse = image.scaledToWidth(min(COARSE, image.width()), smooth)
        image = coarse.scaled(image.size(), Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    softened = QPixmap.fromImage(image)
    softened.setDevicePixelRatio(given.devicePixelRatio())
    return softened
