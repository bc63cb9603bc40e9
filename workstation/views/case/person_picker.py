"""Which accounts are one human: linking one that was suggested or looked for, taking one apart again."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workstation.domain.messages import Author
from workstation.domain.people import Suggestion
from workstation.domain.text import lazy
from workstation.i18n import _, formats, render
from workstation.views import masking
from workstation.views.case.history import SIGNS
from workstation.views.widgets.picker import Choice, Picker

LINK, SPLIT, DENY = "link", "split", "deny"


class PersonPicker(Picker):
    """Emits what to do ("link", "split", "deny") and the account; typing looks for any account by its handle."""

    decided = Signal(str, object)
    looked_for = Signal(str)

    def __init__(self, account: Author, parent: QWidget) -> None:
        super().__init__(
            lazy("Accounts of {handle}", handle=masking.handle(account)),
            lazy("Choose, or type the handle of an account"),
            parent,
        )
        self._account = account
        self._known: dict[int, Author] = {}
        self._own: tuple[Author, ...] = ()
        self._suggested: tuple[Suggestion, ...] = ()
        self._found: tuple[Author, ...] = ()
        self.resize(680, 400)
        self.field.textChanged.connect(lambda text: self.looked_for.emit(text.strip()))
        self.chosen.connect(self._tell)

    def show_person(self, own: Sequence[Author], suggested: Sequence[Suggestion]) -> None:
        """Show the accounts of the person and what is suggested."""
        self._own, self._suggested = tuple(own), tuple(suggested)
        self._offer()

    def show_found(self, found: Sequence[Author]) -> None:
        """Show accounts that were looked for."""
        self._found = tuple(found)
        self._offer()

    def _offer(self) -> None:
        choices = [self._split(account) for account in self._own if len(self._own) > 1]
        taken = {account.id for account in self._own}
        for suggestion in self._suggested:
            signs = formats().list([render(SIGNS[sign]) for sign in suggestion.signs])
            choices += [self._link(suggestion.author, signs), self._deny(suggestion.author)]
            taken.add(suggestion.author.id)
        choices += [self._link(account, "") for account in self._found if account.id not in taken]
        self.offer(choices)
        self.empty.setText(_("No other account is known to be, or seems to be, this person."))
        self.empty.setVisible(not choices)

    def _known_as(self, act: str, account: Author) -> str:
        self._known[account.id] = account
        return f"{act}:{account.id}"

    def _split(self, account: Author) -> Choice:
        text = _("{handle}: make it a person of its own", handle=masking.handle(account))
        return Choice(self._known_as(SPLIT, account), text, hint=account.network, icon="user-minus", words=account.name)

    def _link(self, account: Author, signs: str) -> Choice:
        text = _("{handle}: the same person", handle=masking.handle(account))
        hint = " · ".join(part for part in (signs, account.network) if part)
        return Choice(self._known_as(LINK, account), text, hint=hint, icon="user-plus", words=account.name)

    def _deny(self, account: Author) -> Choice:
        text = _("{handle}: somebody else", handle=masking.handle(account))
        return Choice(
            self._known_as(DENY, account), text, hint=_("do not suggest it again"), icon="x", words=account.name
        )

    def _tell(self, choice: Choice) -> None:
        act, _colon, number = choice.id.partition(":")
        self.decided.emit(act, self._known[int(number)])
