"""The outbox page with its services: rows in step with the store, decisions carried out, the hold with its strip."""

from PySide6.QtWidgets import QWidget

from workstation.domain.outbox import State
from workstation.domain.text import lazy
from workstation.qt.tasks import Tasks
from workstation.services.casebook import ON_THEIR_WAY, Casebook
from workstation.services.clock import Clock
from workstation.services.outbox import Outbox
from workstation.services.supervisor import Supervisor
from workstation.views.case.sending import decisions
from workstation.views.notices import Notices
from workstation.views.outbox import OutboxPage
from workstation.views.rail import Rail
from workstation.views.undoing import Undoing
from workstation.views.widgets.banner import Banners, BannerText

ALL_STATES = tuple(State)
HELD = BannerText(
    "held",
    lazy("THE OUTBOX IS HELD. Nothing is sent, not even after a restart, until it is released."),
    tone="danger",
    icon="hand",
    action=lazy("Release the outbox"),
)


class OutboxDesk:
    """Keeps the page, the rail's count and the strip in step."""

    def __init__(
        self,
        page: OutboxPage,
        rail: Rail,
        banners: Banners,
        outbox: Outbox,
        casebook: Casebook,
        supervisor: Supervisor,
        clock: Clock,
        undoing: Undoing,
        notices: Notices,
        tasks: Tasks,
        window: QWidget,
    ) -> None:
        self._page, self._rail, self._banners = page, rail, banners
        self._outbox, self._casebook, self._supervisor, self._clock = outbox, casebook, supervisor, clock
        self._undoing, self._notices, self._tasks, self._window = undoing, notices, tasks, window
        notices.keep_above(page.buttons)

    def refresh(self) -> None:
        """Show the outbox as it is now."""
        self._tasks.latest(self.show(), "outbox")

    async def show(self) -> None:
        """Show the outbox as it is now."""
        rows = await self._casebook.outgoing(ALL_STATES)
        channels = {config.id: config.name for config in self._supervisor.configs()}
        held = await self._outbox.held()
        self._page.show_rows(rows, channels, self._clock.now(), held=held)
        now = self._clock.now()
        planned = sum(bool(row.latest) and row.not_before > now and row.state is State.QUEUED for row in rows)
        self._rail.show_waiting(sum(row.state in ON_THEIR_WAY for row in rows) - planned)
        if held:
            self._banners.put(HELD)
        else:
            self._banners.drop(HELD.id)

    def decide(self, decision: str, operation: str) -> None:
        """Carry out a decision about a row."""
        if decision == "cancel":
            self._undoing.take_back(operation)
        else:
            self._tasks.spawn(self._decide(decision, operation), decision)

    async def _decide(self, decision: str, operation: str) -> None:
        # Imported when first opened: a start pays for every module.
        from workstation.views.leaving import confirm_again

        if decision != "again" or await confirm_again(self._window):
            await decisions(self._outbox)[decision](operation)

    def hold(self) -> None:
        """Hold the outbox, or release it."""
        self._tasks.spawn(self._hold(), "hold")

    async def _hold(self) -> None:
        if await self._outbox.held():
            await self._outbox.release()
            self._notices.say(lazy("The outbox is released."), tone="ok", key="held")
        else:
            await self._outbox.hold()
            self._notices.say(lazy("The outbox is held."), tone="warn", key="held")
        await self.show()
