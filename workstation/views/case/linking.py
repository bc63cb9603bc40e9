"""Other cases and other accounts of the person: going there, linking, taking apart."""

from typing import TYPE_CHECKING

from workstation.domain import actions as commands
from workstation.domain.cases import Case, Entry
from workstation.domain.errors import MeridianError
from workstation.domain.messages import Author
from workstation.domain.text import lazy
from workstation.domain.ties import TieKind
from workstation.services.actions import operation
from workstation.views.case.surroundings import CaseRoom

if TYPE_CHECKING:
    from workstation.views.case.others import CasePicker
    from workstation.views.case.person_picker import PersonPicker

FOUND = 30
"""Cases that are offered for a word."""


class Linking:
    """Answers for "case.others", "case.link" and "case.person"."""

    def __init__(self, room: CaseRoom) -> None:
        self._room = room
        room.actions.on("case.others", self.others)
        room.actions.on("case.link", self.link)
        room.actions.on("case.person", self.person)

    # -- cases -----------------------------------------------------------------------------------------------------

    def others(self) -> None:
        """Go to another case of the person, or to a linked one."""
        case = self._room.current()
        if case is not None:
            self._room.tasks.latest(self._others(case), "others")

    async def _others(self, case: Case) -> None:
        # Imported when first opened: a start pays for every module.
        from workstation.views.case.others import CasePicker

        picker = CasePicker(lazy("Other cases of this person"), self._room.window)
        await self._fill(picker, case)
        picker.picked.connect(self._room.show_case)
        picker.open()

    def link(self) -> None:
        """Link the case with another one of the person, or with any that a word finds."""
        case = self._room.current()
        if case is not None:
            self._room.tasks.latest(self._link(case), "link")

    async def _link(self, case: Case) -> None:
        from workstation.views.case.others import CasePicker

        picker = CasePicker(lazy("Link with which case?"), self._room.window)
        await self._fill(picker, case)
        picker.field.textChanged.connect(
            lambda words: self._room.tasks.latest(self._find(picker, case, words.strip()), "find case")
        )
        picker.picked.connect(lambda number: self._room.tasks.spawn(self._ask_kind(case, number), "link"))
        picker.open()

    async def _fill(self, picker: "CasePicker", case: Case, more: tuple[Entry, ...] = ()) -> None:
        book = self._room.desk.casebook
        others = await book.faces([other.id for other in await book.others(case.id)])
        ties = await book.ties(case.id)
        faces = await book.faces(dict.fromkeys(tie.beyond(case.id) for tie in ties))
        by_case = {face.case.id: face for face in faces if face.case is not None}
        linked = [(tie, by_case[tie.beyond(case.id)]) for tie in ties if tie.beyond(case.id) in by_case]
        now = self._room.desk.clock.now()
        picker.show_cases(case, (*others, *more), linked, self._room.channels(), now)

    async def _find(self, picker: "CasePicker", case: Case, words: str) -> None:
        if len(words) < 2 and not words.isdecimal():
            return
        book = self._room.desk.casebook
        numbers = [int(words)] if words.isdecimal() and len(words) < 19 else []
        page = await self._room.desk.search.find(words, FOUND)
        numbers += [entry.case.id for entry in (page.entries if page else ()) if entry.case is not None]
        found = await book.faces(dict.fromkeys(numbers))
        if picker.isVisible():
            await self._fill(picker, case, found)

    async def _ask_kind(self, case: Case, other: int) -> None:
        from workstation.views.case.others import KindPicker

        ties = await self._room.desk.casebook.ties(case.id)
        tied = frozenset(tie.kind for tie in ties if tie.beyond(case.id) == other)
        picker = KindPicker(other, tied, self._room.window)
        picker.picked.connect(lambda kind: self._tie(case, other, kind, tied))
        picker.open()

    def _tie(self, case: Case, other: int, kind: TieKind, tied: frozenset[TieKind]) -> None:
        # Without a version: a link says nothing of the case's state, which may have moved on meanwhile.
        made = commands.UnlinkCase if kind in tied else commands.LinkCase
        self._room.undoing.start(made(operation=operation(), case=case.id, other=other, kind=kind), None)

    # -- people ----------------------------------------------------------------------------------------------------

    def person(self) -> None:
        """Show which accounts are this person, what suggests others, and link or split them."""
        account = self._room.panel.customer
        if account is not None:
            self._room.tasks.latest(self._person(account), "person")

    async def _person(self, account: Author) -> None:
        from workstation.views.case.person_picker import PersonPicker

        people = self._room.desk.people
        picker = PersonPicker(account, self._room.window)
        picker.show_person(await people.accounts(account.id), await people.suggestions(account.id))
        picker.looked_for.connect(lambda words: self._room.tasks.latest(self._look_for(picker, words), "find account"))
        picker.decided.connect(lambda act, other: self._room.tasks.spawn(self._decide(act, account, other), "person"))
        picker.open()

    async def _look_for(self, picker: "PersonPicker", words: str) -> None:
        found = await self._room.desk.people.find(words) if len(words) > 1 else ()
        if picker.isVisible():
            picker.show_found(found)

    async def _decide(self, act: str, account: Author, other: Author) -> None:
        from workstation.views.case.person_picker import DENY, LINK

        people = self._room.desk.people
        try:
            if act == LINK:
                deed = await people.link(account, other)
            elif act == DENY:
                deed = await people.deny(account, other)
            else:
                deed = await people.split(other)
        except MeridianError as error:
            self._room.notices.say(error.text, tone="danger", key="command")
            return
        self._room.undoing.deed(deed.label, deed.swing(), tell=True)
        self._room.panel.look_again()
