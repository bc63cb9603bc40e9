"""What one does to a case from the keyboard: each asks what it must know, then makes one command."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workstation.domain import actions as commands
from workstation.domain.calendars import WorkingHours
from workstation.domain.cases import Case, Holder, Outcome, Status
from workstation.domain.text import LazyText, lazy
from workstation.domain.ties import NotEscalatedError
from workstation.i18n import formats
from workstation.qt.tasks import Tasks
from workstation.services.actions import claim, operation
from workstation.services.casebook import Casebook
from workstation.services.clock import Clock
from workstation.services.settings import Settings
from workstation.views.desk_actions import DeskActions
from workstation.views.undoing import Undoing
from workstation.views.widgets.kept import Kept

if TYPE_CHECKING:
    from workstation.views.case.pickers import OutcomePicker, TagPicker

NO_CASE = lazy("Select a message that has a case first.")
NO_PROMISE = lazy("Nothing was promised.")
NAMES = (
    "claim", "release", "tag", "note", "snooze", "wake", "promise", "kept", "resolve", "reopen", "others", "link",
    "escalate", "answered", "issue",
)  # fmt: skip


class CaseCommands:
    """Claim, tag, snooze, promise, resolve ... of the case that `current` tells."""

    def __init__(
        self,
        undoing: Undoing,
        casebook: Casebook,
        clock: Clock,
        tasks: Tasks,
        window: QWidget,
        current: Callable[[], Case | None],
        settings: Settings,
    ) -> None:
        self._undoing = undoing
        self._casebook = casebook
        self._clock = clock
        self._tasks = tasks
        self._window = window
        self._current = current
        self._settings = settings
        self._tag_pickers, self._outcome_pickers = Kept(_tag_picker), Kept(_outcome_picker)

    def bind(self, actions: DeskActions) -> None:
        """Answer for the actions of the key table; notes are the case panel's."""
        handlers: dict[str, Callable[[Case], object]] = {
            "case.claim": self.claim,
            "case.release": self.release,
            "case.tag": self.tag,
            "case.snooze": self.snooze,
            "case.wake": self.wake,
            "case.promise": self.promise,
            "case.kept": self.kept,
            "case.resolve": self.resolve,
            "case.reopen": self.reopen,
        }
        for name, handler in handlers.items():
            actions.on(name, partial(self._with_case, handler))

    def _with_case(self, handler: Callable[[Case], object]) -> None:
        case = self._current()
        if case is not None:
            handler(case)

    def _do(self, command: commands.AnyCommand, case: Case) -> None:
        self._undoing.start(command, case)

    def claim(self, case: Case) -> None:
        """Take the case; taking what one holds gives nothing new."""
        if case.holder is not Holder.MINE:
            self._do(claim(case), case)

    def release(self, case: Case) -> None:
        """Give the case back."""
        self._do(commands.Release(operation=operation(), case=case.id, version=case.version), case)

    def wake(self, case: Case) -> None:
        """End the snooze."""
        self._do(commands.Wake(operation=operation(), case=case.id, version=case.version), case)

    def reopen(self, case: Case) -> None:
        """Take a solved case up again."""
        self._do(commands.Reopen(operation=operation(), case=case.id, version=case.version), case)

    def untag(self, case: Case, tag: str) -> None:
        """Take one tag off."""
        self._do(commands.ChangeTags(operation=operation(), case=case.id, remove=(tag,)), case)

    def note(self, case: Case, text: str) -> None:
        """Write a note down."""
        self._do(commands.AddNote(operation=operation(), case=case.id, text=text), case)

    def tag(self, case: Case) -> None:
        """Ask which tags to put on and take off."""
        self._tasks.spawn(self._tag(case), "tags")

    async def _tag(self, case: Case) -> None:
        known = await self._casebook.tags()
        picker = self._tag_pickers.take(self._window)
        picker.offer_tags(case.tags, known)
        self._tag_pickers.hear(
            picker,
            picker.picked,
            lambda add, remove: self._do(
                commands.ChangeTags(operation=operation(), case=case.id, add=add, remove=remove), case
            ),
        )
        picker.open()

    def snooze(self, case: Case) -> None:
        """Ask until when."""
        from workstation.views.case.pickers import MomentPicker

        picker = MomentPicker(lazy("Snooze until when?"), self._clock.now(), self._window, hours=self._hours())
        picker.picked.connect(
            lambda until: self._do(
                commands.Snooze(operation=operation(), case=case.id, version=case.version, until=until), case
            )
        )
        picker.open()

    def promise(self, case: Case) -> None:
        """Ask by when the customer was promised something."""
        from workstation.views.case.pickers import MomentPicker

        clear = lazy("No promise") if case.due_at else None
        picker = MomentPicker(
            lazy("Promised by when?"), self._clock.now(), self._window, hours=self._hours(), clear=clear
        )
        picker.picked.connect(
            lambda due: self._do(
                commands.Promise(operation=operation(), case=case.id, version=case.version, due_at=due), case
            )
        )
        picker.open()

    def kept(self, case: Case) -> None:
        """The promise was kept: it stands no longer."""
        if case.due_at:
            self._do(keep_promise(case), case)

    def _hours(self) -> WorkingHours:
        from workstation.services.shifts import working_hours

        return working_hours(self._settings.now, formats().working_days)

    def resolve(self, case: Case) -> None:
        """Ask with which outcome."""
        picker = self._outcome_pickers.take(self._window)
        picker.offer_outcomes()
        self._outcome_pickers.hear(picker, picker.picked, lambda outcome: self._do(resolve(case, outcome), case))
        picker.open()


def _tag_picker(window: QWidget) -> "TagPicker":
    # Imported when first opened: a start pays for every module.
    from workstation.views.case.pickers import TagPicker

    return TagPicker((), (), window)


def _outcome_picker(window: QWidget) -> "OutcomePicker":
    from workstation.views.case.pickers import OutcomePicker

    return OutcomePicker(window)


def resolve(case: Case, outcome: Outcome) -> commands.Resolve:
    """The command that ends a case, whatever happened to it since."""
    return commands.Resolve(operation=operation(), case=case.id, outcome=outcome)


def keep_promise(case: Case) -> commands.Promise:
    """The command that says that what was promised was done."""
    return commands.Promise(operation=operation(), case=case.id, version=case.version, due_at=0, kept=True)


def refusals(case: Case | None) -> dict[str, LazyText | None]:
    """Why each command is not possible on `case`, by action id; None where it is."""
    if case is None:
        return {f"case.{name}": NO_CASE for name in NAMES}
    solved = case.status is Status.SOLVED
    held = case.holder is Holder.HELD
    is_solved = lazy("The case is solved; reopen it first.") if solved else None
    by_other = lazy("Somebody else is working on this case.") if held else None
    return {
        "case.claim": is_solved or by_other or (lazy("You have it.") if case.holder is Holder.MINE else None),
        "case.release": None if case.holder is Holder.MINE else lazy("You do not hold this case."),
        "case.tag": None,
        "case.note": None,
        "case.snooze": is_solved,
        "case.wake": None if case.status is Status.SNOOZED else lazy("The case is not snoozed."),
        "case.promise": is_solved,
        "case.kept": None if case.due_at else NO_PROMISE,
        "case.others": None,
        "case.link": None,
        "case.issue": None,
        "case.escalate": None,
        "case.answered": None if case.escalated_at else NotEscalatedError().text,
        "case.resolve": lazy("The case is solved already.") if solved else None,
        "case.reopen": None if solved else lazy("The case is not solved."),
    }
