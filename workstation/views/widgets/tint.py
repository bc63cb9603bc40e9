"""Icons in the colour of a token of the theme in force."""

from PySide6.QtGui import QIcon, QPixmap

from workstation.views import icons, theme


def tinted(name: str, token: str = "", size: int = 0) -> QIcon:
    """The icon `name` in the colour that the theme has for `token`, such as "accent" or "on_danger"."""
    return icons.icon(name, str(getattr(theme.current().colours, token)) if token else "", size)


def in_list(name: str, token: str = "") -> QIcon:
    """The same for a row of a list, drawn in the colour of selected text where the row is selected."""
    look = theme.current()
    result = QIcon(tinted(name, token))
    for ratio in (1.0, 2.0):
        selected = icons.pixmap(name, look.colours.on_selection, look.measures.icon, ratio)
        result.addPixmap(selected, QIcon.Mode.Selected)
    return result


def sign(name: str, token: str, size: int = 18) -> QPixmap:
    """The same for a label that is only looked at, `size` growing with the text."""
    side = round(size * theme.current().scale)
    return tinted(name, token, side).pixmap(side, side)
