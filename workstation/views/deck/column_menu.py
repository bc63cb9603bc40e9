"""The menu of a column: what it offers, in its order."""

from collections.abc import Callable

from PySide6.QtWidgets import QMenu

from workstation.domain.text import LazyText, lazy
from workstation.i18n import render
from workstation.views.widgets.tint import tinted

MENU: tuple[tuple[str, LazyText, str], ...] = (
    ("edit", lazy("Change the filter"), "sliders-horizontal"),
    ("rename", lazy("Rename"), "pencil"),
    ("duplicate", lazy("Duplicate"), "copy"),
    ("", lazy(""), ""),
    ("left", lazy("Move the column back"), "arrow-left"),
    ("right", lazy("Move the column on"), "arrow-right"),
    ("wider", lazy("Wider column"), "maximize-2"),
    ("narrower", lazy("Narrower column"), "minimize-2"),
    ("window", lazy("Into a window of its own"), "external-link"),
    ("", lazy(""), ""),
    ("notify", lazy("Notifications"), "bell"),
    ("highlights", lazy("Highlights"), "star"),
    ("health", lazy("How its channels fare"), "plug"),
    ("alike", lazy("Gather what is alike, or list each"), "layers"),
    ("older", lazy("Load older messages"), "history"),
    ("copy", lazy("Copy as text"), "copy"),
    ("", lazy(""), ""),
    ("close", lazy("Close the column"), "x"),
)
NEIGHBOURLY = {"left", "right", "wider", "narrower"}
"""What a column with a window of its own is not offered: it has no neighbours."""
BACK = lazy("Back into the deck")


def fill(menu: QMenu, chosen: Callable[[str], object], *, torn: bool) -> None:
    """Put the rows into a menu; `torn`: the column has a window of its own."""
    for name, text, icon in MENU:
        if not name:
            menu.addSeparator()
        elif not (torn and name in NEIGHBOURLY):
            action = menu.addAction(tinted(icon), render(BACK if torn and name == "window" else text))
            action.setObjectName(name)
            action.triggered.connect(lambda _=False, name=name: chosen(name))
