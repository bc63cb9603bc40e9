"""The language of a message, said by a person: one key, a list, and what the desk went by until then."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workstation.domain.errors import MeridianError
from workstation.domain.messages import Message
from workstation.domain.text import lazy
from workstation.qt.tasks import Tasks
from workstation.services.detecting import Detecting
from workstation.views.case.composer import Composer
from workstation.views.desk_actions import DeskActions
from workstation.views.undoing import Undoing

if TYPE_CHECKING:
    from workstation.views.widgets.picker import Choice

ACTION = "case.spoken"


class SpokenDesk:
    """Answers for "case.spoken"."""

    def __init__(
        self,
        detecting: Detecting,
        actions: DeskActions,
        composer: Composer,
        undoing: Undoing,
        tasks: Tasks,
        window: QWidget,
        message: Callable[[], Message | None],
    ) -> None:
        self._detecting = detecting
        self._actions = actions
        self._composer = composer
        self._undoing = undoing
        self._tasks = tasks
        self._window = window
        self._message = message
        actions.on(ACTION, self.ask)
        self.look_at(None)

    def look_at(self, message: Message | None) -> None:
        """What is possible with the message that keys are about."""
        reason = lazy("Select a message first.") if message is None else None
        if message is not None and message.own:
            reason = lazy("This message is ours: its language is the one it was sent in.")
        self._actions.allow(ACTION, reason)

    def ask(self) -> None:
        """Let the agent choose."""
        message = self._message()
        if message is not None and not message.own:
            self._tasks.latest(self._ask(message), "language")

    async def _ask(self, message: Message) -> None:
        # Imported when first opened: a start pays for every module.
        from workstation.views.case.spoken_picker import SpokenPicker

        told, past = await self._detecting.told(message.id), await self._detecting.past(message)
        picker = SpokenPicker(told, past, self._window)
        picker.chosen.connect(partial(self._chosen, message))
        picker.open()

    def _chosen(self, message: Message, choice: "Choice") -> None:
        self._tasks.spawn(self._correct(message, choice.id), "language")

    async def _correct(self, message: Message, language: str) -> None:
        from workstation.views.case.spoken_picker import TAKE_BACK

        deed = await self._detecting.correct(message, "" if language == TAKE_BACK else language)
        swing = deed.swing()

        async def swing_and_follow() -> None:
            await swing()
            await self._follow(message)

        self._undoing.deed(deed.label, swing_and_follow, tell=True)
        await self._follow(message)

    async def _follow(self, message: Message) -> None:
        """An answer being written follows."""
        try:
            now = await self._detecting.now(message.id)
        except MeridianError:
            return
        if now is not None:
            self._composer.corrected(now)
