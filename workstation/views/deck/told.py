"""What the rest of the desk tells a deck, passed on to its columns."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Case
from workstation.domain.channels import Health
from workstation.views.deck.column import Column
from workstation.views.widgets.retranslating import Retranslating


class ToldDeck(Retranslating):
    """Has columns and lets them know."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice = False
        self._healths: tuple[Health, ...] = ()

    @property
    def columns(self) -> list[Column]:
        """The columns in their order."""
        raise NotImplementedError

    def tell(self, column: Column) -> None:
        """Let a new column know what the others were told."""
        column.header.show_practice(self._practice)
        column.show_health(self._healths)

    def show_health(self, healths: Sequence[Health]) -> None:
        """Show how the channels fare."""
        self._healths = tuple(healths)
        for column in self.columns:
            column.show_health(self._healths)

    def show_practice(self, practice: bool) -> None:
        """Show that nothing here is real."""
        self._practice = practice
        for column in self.columns:
            column.header.show_practice(practice)

    def show_overlay(self, case: int, look: Case | None) -> None:
        """Show a case as it will be once a command is done; None: as it is."""
        for column in self.columns:
            column.view.model.overlay(case, look)

    def pictures_arrived(self, message: int) -> None:
        """The thumbnails of a message can be drawn now."""
        for column in self.columns:
            column.view.pictures_arrived(message)

    def in_sight(self, message: int) -> bool:
        """Whether some column shows the card of a message."""
        return any(column.view.shows(message) for column in self.columns)

    def remake(self) -> None:
        """Make every card anew."""
        for column in self.columns:
            column.view.retranslate()

    def channels_changed(self) -> None:
        """Channels came, went or were renamed: filters may mean something else now."""
        for column in self.columns:
            column.reload()
