"""Tab bars: the arrows that Qt adds to them are named as everything else is."""

from PySide6.QtWidgets import QTabBar, QToolButton

from workstation.i18n import _


def name_arrows(bar: QTabBar) -> None:
    """Name the arrows of a bar in the language spoken now: Qt names them when it makes them and never again."""
    names = {"ScrollLeftButton": _("Earlier tabs"), "ScrollRightButton": _("Further tabs")}
    for button in bar.findChildren(QToolButton):
        button.setAccessibleName(names.get(button.objectName(), button.accessibleName()))
