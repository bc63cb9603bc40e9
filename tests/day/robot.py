"""An agent made of keys: works a real window's queue from the first card to the last, and counts what it pressed.

It sees what an agent sees (what is selected, which part is open) and touches nothing but the keyboard.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from tests.views.desk_world import World
from workstation.domain.cases import Case, Entry, Status
from workstation.domain.changes import ChangeSet
from workstation.views.case.meanwhile import MeanwhileSheet
from workstation.views.case.pickers import OutcomePicker, TagPicker
from workstation.views.case.replying import unanswerable
from workstation.views.case.template_picker import TemplatePicker

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NO_REPLY = Qt.Key.Key_2
"""In the list of outcomes: answered, no reply needed, ..."""


@dataclass
class Worked:
    """What a robot did."""

    answered: Counter[int] = field(default_factory=Counter)
    """Replies by message id."""
    closed: int = 0
    """Cases that needed no reply."""
    keys: list[int] = field(default_factory=list)
    """Keys pressed for each answered case, chords counted once: claim, template, send, resolve."""
    undone: int = 0


class Robot:
    """Works the queue in the first column."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._bench = world.bench
        self._pressed = 0
        self._cases: dict[int, Case] = {}
        self._end = world.desk.feed.subscribe(self._note)
        self.worked = Worked()
        self.last = ""
        """What was done last, for those who measure."""

    def _note(self, changes: ChangeSet) -> None:
        self._cases.update((case.id, case) for case in changes.cases)

    def _case(self, entry: Entry) -> Case:
        assert entry.case is not None
        return self._cases.get(entry.case.id, entry.case)

    async def _solved(self, entry: Entry) -> None:
        await self._world.until(lambda: self._case(entry).status is Status.SOLVED, "solved")

    def leave(self) -> None:
        """Follow the desk no longer."""
        self._end()

    async def press(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """Press a key or chord where the focus is, and count it."""
        self._pressed += 1
        await self._press(key, *modifiers)

    async def _press(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """Press it in a turn of the loop of its own, once the last one's outcome is painted: no hand is faster."""
        await self._rest()
        self._strike(key, *modifiers)

    @staticmethod
    async def _rest() -> None:
        for _turn in range(2):
            await asyncio.sleep(0)

    def _strike(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        self.last = "+".join(each.name.removesuffix("Modifier").removeprefix("Key_") for each in (*modifiers, key))
        self._world.press(key, *modifiers)

    async def write(self, text: str) -> None:
        """Write text where the focus is, a turn of the loop for each letter: a window never gets two keys at once."""
        for letter in text:
            self._world.write(letter)
            await asyncio.sleep(0)

    async def take_next(self) -> Entry | None:
        """Go to the first card of the queue; None if it is empty."""
        view = self._bench.deck.columns[0].view
        if not view.model.rows:
            return None
        await self._press(Qt.Key.Key_1)
        await self._press(Qt.Key.Key_Home)
        await self._world.until(lambda: view.current_entry is not None or not view.model.rows, "a card is selected")
        return view.current_entry

    async def work_off(self, entry: Entry) -> None:
        """Answer the selected card's case, or end it where nobody waits for words."""
        number = len(self.worked.answered) + self.worked.closed
        answered = entry.message.id in self.worked.answered or (entry.case is not None and entry.case.replied_at)
        if answered or unanswerable(entry) is not None:
            await self._end_without_reply(entry)
        else:
            if number % 10 == 3:
                await self._tag(entry)
            await self._answer(entry)

    async def _answer(self, entry: Entry) -> None:
        world, composer = self._world, self._bench.composer
        self._pressed = 0
        await self.press(Qt.Key.Key_A)
        await self.press(Qt.Key.Key_M)
        await world.until(lambda: self._offered() or self._gone(entry), "templates are offered")
        if self._offered() is None:
            return  # withdrawn while the keys were pressed: the queue shows what there is now
        await self.press(Qt.Key.Key_Return)
        await world.until(lambda: composer.view.text and composer.entry is not None, "the template is in the reply")
        await self._fill_blanks()
        editor = composer.view.editor
        await world.until(lambda: world.focus() is editor, "the editor has the focus")
        await self.press(Qt.Key.Key_Return, CONTROL, SHIFT)
        await world.until(lambda: composer.entry is None or self._news(), "the reply is in the outbox")
        while composer.entry is not None:
            # Somebody wrote meanwhile: look at it, then send.
            await self._press(Qt.Key.Key_Return)
            await world.until(lambda: self._news() is None and world.focus() is editor, "back in the editor")
            await self._press(Qt.Key.Key_Return, CONTROL, SHIFT)
            await world.until(lambda: composer.entry is None or self._news(), "the reply is in the outbox")
        await self._solved(entry)
        self.worked.answered[entry.message.id] += 1
        self.worked.keys.append(self._pressed)

    def _offered(self) -> TemplatePicker | None:
        """The list of templates, once it has the focus and something in it."""
        top = self._world.app.activeWindow()
        return top if isinstance(top, TemplatePicker) and top.list.count() else None

    def _gone(self, entry: Entry) -> bool:
        """Whether another card, or none, is selected now."""
        now = self._bench.deck.current_entry
        return now is None or now.message.id != entry.message.id or now.message.deleted_at > 0

    async def _opened(self, kind: type[QDialog], key: Qt.Key, entry: Entry) -> bool:
        """Press a key that opens a dialog about the selected card; False if the card was withdrawn before that."""
        await self._rest()
        if self._gone(entry):
            return False
        self._strike(key)
        front = self._world.app.activeWindow
        await self._world.until(lambda: isinstance(front(), kind) or self._gone(entry), f"dialog {kind.__name__}")
        return isinstance(front(), kind)

    def _news(self) -> MeanwhileSheet | None:
        """The sheet that tells what was written meanwhile, once it has the focus."""
        top = self._world.app.activeWindow()
        return top if isinstance(top, MeanwhileSheet) else None

    async def _fill_blanks(self) -> None:
        """What only a person knows is written, not pressed: it is not counted as keys of the desk."""
        editor = self._bench.composer.view.editor
        for _ in range(8):
            if not editor.next_blank():
                return
            await self.write("48151623")

    async def _end_without_reply(self, entry: Entry) -> None:
        if not await self._opened(OutcomePicker, Qt.Key.Key_E, entry):
            return
        await self._press(NO_REPLY)
        await self._solved(entry)
        self.worked.closed += 1
        if self.worked.closed % 5 == 1:
            await self._change_of_mind(entry)

    async def _tag(self, entry: Entry) -> None:
        if not await self._opened(TagPicker, Qt.Key.Key_T, entry):
            return
        await self.write("delivery")
        await self._press(Qt.Key.Key_Return)
        await self._world.until(lambda: "delivery" in self._case(entry).tags, "tagged")

    async def _change_of_mind(self, entry: Entry) -> None:
        """Take the last step back, and do it again."""
        await self._press(Qt.Key.Key_Z)
        await self._world.until(lambda: self._case(entry).status is not Status.SOLVED, "taken back")
        await self._press(Qt.Key.Key_Z, SHIFT)
        await self._world.until(lambda: self._case(entry).status is Status.SOLVED, "done again")
        self.worked.undone += 1
