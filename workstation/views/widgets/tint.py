"""Icons in the colour of a token of the theme in force."""

from PySide6.QtGui import QIcon, QPixmap

from workstation.views import icons, theme


def tinted(name: str, token: str = "", size: int = 0) -> QIcon:
    """The icon `name` in the colour that the theme has for `token`, such as "accent" or "on_danger"."""
    return icons.icon(name, str(getattr(theme.current().colours, token)) if token else "", size)


def sign(name: str, token: str, size: int = 18) -> QPixmap:
    """The same for a label that is only looked at, `size` growing with the text."""
    side = round(size * theme.current().scale)
    return tinted(name, token, side).pixmap(side, side)
