"""How much of a channel's length is used, as the channel counts it."""

from PySide6.QtWidgets import QLabel, QWidget

from workstation.domain.channels import Length
from workstation.i18n import _, formats, render
from workstation.views.case.words import UNIT
from workstation.views.widgets.marking import mark

NEARLY = 0.9
"""Share of the limit from which the counter warns."""


class Counter(QLabel):
    """A figure that warns before the limit and tells its unit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._length: Length | None = None

    def show_length(self, length: Length | None) -> None:
        """Show how long it is now; nothing for None."""
        if length != self._length:
            self._length = length
            self.refresh()

    def refresh(self) -> None:
        """Write it anew."""
        length = self._length
        if length is None:
            self.setText("")
            return
        used, limit = formats().number(length.used), formats().number(length.limit)
        unit = render(UNIT[length.unit])
        # Isolated: two numbers with a slash are one figure in either direction of writing.
        self.setText(f"\u2066{used} / {limit}\u2069" if length.limit else used)
        near = bool(length.limit) and length.used >= length.limit * NEARLY
        mark(self, "tone", "danger" if not length.fits else "warn" if near else "quiet")
        said = (
            _("{used} of {limit} {unit}", used=length.used, limit=length.limit, unit=unit)
            if length.limit
            else _("{used} {unit}", used=length.used, unit=unit)
        )
        self.setAccessibleName(said)
        self.setToolTip(said)
