"""Everything around the open case joined with the window: the workbench makes one of these and connects it."""

from typing import TYPE_CHECKING

from workstation.domain.changes import ChangeSet
from workstation.domain.messages import Visibility
from workstation.domain.text import lazy
from workstation.domain.ties import private_words
from workstation.views.case.escalating import Escalating
from workstation.views.case.linking import Linking
from workstation.views.case.reminders import Reminders
from workstation.views.case.retracting import Retracting
from workstation.views.case.saving import Saving
from workstation.views.case.surroundings import CaseRoom
from workstation.views.contacts.desk import ContactDesk
from workstation.views.issues.desk import KnownIssues

if TYPE_CHECKING:
    from workstation.views.case.spelled import Speller

MORE = (
    "case.others", "case.link", "case.person", "", "case.issue", "issue.list", "", "case.escalate", "case.answered",
    "", "case.kept", "case.retract",
)  # fmt: skip
"""What the button "more" of the head offers."""
PRIVATE_BEFORE = lazy("Parts of this conversation are private. Everybody will be able to read this reply.")
_OPEN = (Visibility.PUBLIC, Visibility.UNLISTED)


class CaseDesk:
    """Joins people, links, issues, escalation, reminders and retracting with the window."""

    def __init__(self, room: CaseRoom) -> None:
        self._room = room
        self.linking = Linking(room)
        self.escalating = Escalating(room)
        self.issues = KnownIssues(room)
        self.retracting = Retracting(room)
        self.reminders = Reminders(room)
        self.contacts = ContactDesk(room)
        self.saving = Saving(room)
        room.actions.on("case.more", self.more)
        composer, panel = room.composer, room.panel
        self._speller: Speller | None = None
        composer.opened.connect(self.warn)
        composer.opened.connect(self._spell)
        composer.view.visibility.picked.connect(lambda _value: self.warn())
        panel.thread_changed.connect(lambda _entries: self.warn())
        panel.entry_changed.connect(lambda _entry: self.look())
        self.look()

    def _spell(self) -> None:
        """The first reply of a session brings the speller; nobody waits for it at the start."""
        if self._speller is None:
            from workstation.views.case.spelled import Speller

            view = self._room.composer.view
            self._speller = Speller(self._room.desk, self._room.tasks, view)
            self._speller.join(view.editor)

    def look(self) -> None:
        """What is possible without a case depends on what is open."""
        reason = None if self._room.panel.entry is not None else lazy("Open a message first.")
        for name in ("case.person", "case.retract", "case.more"):
            self._room.actions.allow(name, reason)

    def more(self) -> None:
        """Show what else can be done with the case, for the keyboard."""
        menu = self._room.actions.menu(MORE, self._room.window)
        header = self._room.panel.header
        menu.popup(header.mapToGlobal(header.rect().center()))

    def warn(self) -> None:
        """Say it in the composer when private words would be answered in public."""
        composer, panel = self._room.composer, self._room.panel
        entry = composer.entry
        if entry is None:
            return
        same = panel.entry is not None and panel.entry.message.case == entry.message.case
        thread = [each.message for each in panel.entries] if same else []
        public = composer.view.visibility.value in _OPEN
        composer.view.show_context(PRIVATE_BEFORE if public and private_words(thread) else None)

    def on_change(self, changes: ChangeSet) -> None:
        """Follow a commit."""
        self.reminders.on_change(changes)
