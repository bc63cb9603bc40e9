"""Noting calls, letters and talks joined with the desk's services."""

from typing import TYPE_CHECKING

from workstation.connectors.logged.manifest import KIND
from workstation.domain.errors import MeridianError
from workstation.domain.text import lazy
from workstation.views import masking
from workstation.views.case.surroundings import CaseRoom

if TYPE_CHECKING:
    from workstation.services.contacts import Contact


class ContactDesk:
    """Answers for "contact.note"."""

    def __init__(self, room: CaseRoom) -> None:
        self._room = room
        room.actions.on("contact.note", self.ask)

    def ask(self) -> None:
        """Open the sheet; it offers to go on with the open case, if that is a logged one."""
        from workstation.views.contacts.sheet import ContactSheet

        case, customer = 0, ""
        entry = self._room.panel.entry
        if entry is not None and entry.case is not None:
            config = self._room.desk.supervisor.config(entry.message.channel)
            if config is not None and config.kind == KIND:
                case, customer = entry.case.id, masking.name(entry.message.author)
        sheet = ContactSheet(case, customer, self._room.desk.clock.now(), self._room.window)
        sheet.noted.connect(lambda contact: self._room.tasks.spawn(self._note(contact), "contact"))
        sheet.open()

    async def _note(self, contact: "Contact") -> None:
        try:
            changes = await self._room.desk.contacts.note(contact)
        except MeridianError as error:
            self._room.notices.say(error.text, tone="danger")
            return
        number = changes.entries[0].message.case
        self._room.notices.say(lazy("Noted."), tone="ok")
        self._room.show_case(number)
