"""The command palette: everything the window can do, show or find, by a few letters."""

from workstation.views.palette.items import Extra, Item, Searching, Source

__all__ = ["Extra", "Item", "Searching", "Source"]
