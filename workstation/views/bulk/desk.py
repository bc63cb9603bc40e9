"""Marks, what is done to all of them, and rows that stand for many: joined with the window's keys."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Entry
from workstation.domain.outbox import Act
from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.qt.tasks import Tasks
from workstation.services import bulk
from workstation.services.desk import Desk
from workstation.views.bulk.acts import ONE_BY_ONE, BulkActs
from workstation.views.bulk.answers import Answers
from workstation.views.bulk.bar import MarkBar
from workstation.views.bulk.carrying import Carrying
from workstation.views.case.words import OUTCOME
from workstation.views.deck.deck_page import DeckPage
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import act_id
from workstation.views.main_window import MainWindow
from workstation.views.notices import Notices
from workstation.views.undoing import Undoing

NO_MARKS = lazy("Mark some messages first: Shift with J and K, or with the mouse.")
NO_COLUMN = lazy("Choose a column first.")
NO_QUEUE = lazy("Only columns of cases gather what is alike.")
NOT_ALIKE = lazy("This stands for itself alone.")

FOLLOWED = ("claim", "release", "tag", "snooze", "wake", "promise", "resolve", "reopen")
"""Commands whose keys are about all marked cases while there are any."""


class BulkDesk(QObject):
    """Answers for everything that is about many cases at once. `open_entry` shows one of them beside the deck."""

    def __init__(
        self,
        desk: Desk,
        actions: DeskActions,
        deck: DeckPage,
        undoing: Undoing,
        notices: Notices,
        tasks: Tasks,
        window: MainWindow,
        open_entry: Callable[[Entry], None],
    ) -> None:
        super().__init__(window)
        self._desk, self._actions, self._deck, self._notices = desk, actions, deck, notices
        self._tasks, self._window, self._open_entry = tasks, window, open_entry
        self.marking = deck.marking
        self.carrying = Carrying(desk.bulk, undoing, tasks, window, self.marking.clear)
        self.answers = Answers(desk, undoing, notices, tasks, window, self.marking.clear)
        self.acts = BulkActs(desk.supervisor, desk.outbox, undoing, notices, tasks, window)
        for part in (self.carrying, self.answers, self.acts):
            part.over = self.over
        self._offered: list[Act] = []
        self.marking.changed.connect(self._marked)
        self._bind()
        deck.wanted.connect(lambda _column, what: self.gather() if what == "alike" else None)
        self.bar = MarkBar(deck, self.marking, actions)
        notices.keep_above(self.bar)
        self.look()

    def _bind(self) -> None:
        table: dict[str, Callable[[], object]] = {
            "marks.next": partial(self._extend, 1),
            "marks.previous": partial(self._extend, -1),
            "marks.toggle": self._toggle,
            "marks.all": self._all,
            "marks.none": self.marking.clear,
            "bulk.menu": self.menu,
            "bulk.answer": self.answer,
            "column.alike": self.gather,
            "alike.open": self.show_alike,
        }
        for name, handler in table.items():
            self._actions.on(name, handler)

    def over(self) -> QWidget:
        """The window of the column that is worked on: it may have one of its own, on another screen."""
        column = self._deck.current
        view = self.marking.view or (column.view if column is not None else None)
        return view.window() if view is not None else self._window

    def follow(self) -> None:
        """Let the keys of single cases be about all marked ones; to be called when those have their handlers."""
        for name in FOLLOWED:
            self._actions.first(f"case.{name}", partial(self._instead, name))
        for act in Act:
            if act not in ONE_BY_ONE:
                self._actions.first(act_id(act), partial(self._act_instead, act))
        self._actions.first("card.open", self._open_instead)

    def look(self) -> None:
        """What is possible depends on what is marked and on the column one is in."""
        marked = bool(self.marking)
        for name in ("bulk.menu", "marks.none"):
            self._actions.allow(name, None if marked else NO_MARKS)
        column = self._deck.current
        self._actions.allow("column.alike", NO_COLUMN if column is None else None if column.spec.queue else NO_QUEUE)
        entry = column.view.current_entry if column is not None else None
        many = column is not None and entry is not None and column.view.model.alike(entry) > 1
        self._actions.allow("alike.open", None if many else NOT_ALIKE)
        self._actions.allow("bulk.answer", None if marked or many else NO_MARKS)
        if marked:
            for name in FOLLOWED:
                self._actions.allow(f"case.{name}", None)
            for act in self._offered:
                self._actions.allow(act_id(act), None)

    def _marked(self) -> None:
        """Other rows are marked: networks offer other things."""
        self._offered = self.acts.offered(self.marking.entries)

    # Marks --------------------------------------------------------------------------------------------------------

    def _extend(self, rows: int) -> None:
        column = self._deck.current
        if self._window.page != "page.deck" or column is None:
            return
        if not column.entered:
            column.enter()
        self.marking.extend(column.view, rows)

    def _toggle(self) -> None:
        if self._window.page == "page.deck" and self._deck.current is not None:
            self.marking.toggle(self._deck.current.view)

    def _all(self) -> None:
        """All that are in memory; once they are marked, all that the column's filter lets through."""
        column = self._deck.current
        if column is None:
            return
        view = column.view
        marked = sum(self.marking.holds(view, view.model.row_id(row)) for row in view.model.rows)
        if marked < len(view.model.rows) or view.model.window.complete:
            self.marking.all(view)
            beyond = view.model.total - len(self.marking)
            if beyond > 0:
                self._notices.say(
                    lazy_plural("{count} more below: press again to mark it too.",
                                "{count} more below: press again to mark them too.", beyond),
                    key="marks",
                )  # fmt: skip
            return
        self._tasks.latest(self._everything(), "mark all")

    async def _everything(self) -> None:
        column = self._deck.current
        if column is not None:
            view = column.view
            self.marking.put(view, await view.model.every(bulk.MOST))

    # What is done to all of them ----------------------------------------------------------------------------------

    def menu(self) -> None:
        """Ask what to do to all that is marked."""
        # Imported when first opened: a start pays for every module.
        from workstation.views.bulk.choices import BulkPicker

        entries = self.marking.entries
        picker = BulkPicker(len(entries), self.acts.offered(entries), self._actions, self.over())
        picker.picked.connect(self._chosen)
        picker.open()

    def _chosen(self, name: str) -> None:
        if name == "bulk.answer":
            self.answer()
        elif name.startswith("act."):
            self.acts.preview(Act(name.removeprefix("act.")), self.marking.entries)
        else:
            self._begin(name)

    def _instead(self, name: str) -> bool:
        if not self.marking:
            return False
        self._begin(name)
        return True

    def _act_instead(self, act: Act) -> bool:
        entries = self.marking.entries
        if entries:
            self.acts.preview(act, entries)
        return bool(entries)

    def _begin(self, name: str) -> None:
        plain: dict[str, tuple[LazyText, bulk.Wish]] = {
            "claim": (lazy("Assign to me"), bulk.claiming),
            "release": (lazy("Give back"), bulk.releasing),
            "wake": (lazy("End the snooze"), bulk.waking),
            "reopen": (lazy("Reopen"), bulk.reopening),
        }
        asking: dict[str, Callable[[], object]] = {
            "tag": lambda: self._tasks.spawn(self._tag(), "tags"),
            "untag": self._untag,
            "priority": self._priority,
            "snooze": self._snooze,
            "promise": self._promise,
            "resolve": self._resolve,
        }
        if name in plain:
            self._preview(*plain[name])
        else:
            asking[name]()

    def _preview(self, do: LazyText, wish: bulk.Wish) -> None:
        entries = self.marking.entries
        title = lazy_plural("{what}: {count} case", "{what}: {count} cases", len(entries), what=do)
        self.carrying.start(title, do, wish, entries)

    async def _tag(self) -> None:
        from workstation.views.bulk.choices import OneTag

        picker = OneTag(await self._desk.casebook.tags(), self.over())
        picker.picked.connect(
            lambda tag: self._preview(lazy("Tag “{tag}”", tag=tag), bulk.tagging(add=(tag,))) if tag else None
        )
        picker.open()

    def _untag(self) -> None:
        from workstation.views.bulk.choices import TagOff

        cases = [entry.case for entry in self.marking.entries if entry.case is not None]
        picker = TagOff(cases, self.over())
        picker.picked.connect(
            lambda tag: self._preview(lazy("Take the tag “{tag}” off", tag=tag), bulk.tagging(remove=(tag,)))
        )
        picker.open()

    def _priority(self) -> None:
        from workstation.views.bulk.choices import PriorityPicker
        from workstation.views.bulk.words import PRIORITIES

        picker = PriorityPicker(self.over())
        picker.picked.connect(lambda value: self._preview(PRIORITIES[value], bulk.prioritising(value)))
        picker.open()

    def _snooze(self) -> None:
        from workstation.views.case.pickers import MomentPicker

        picker = MomentPicker(lazy("Snooze until when?"), self._desk.clock.now(), self.over())
        picker.picked.connect(lambda until: self._preview(lazy("Snooze"), bulk.snoozing(until)))
        picker.open()

    def _promise(self) -> None:
        from workstation.views.case.pickers import MomentPicker

        clear = lazy("No promise") if any(e.case is not None and e.case.due_at for e in self.marking.entries) else None
        picker = MomentPicker(lazy("Promised by when?"), self._desk.clock.now(), self.over(), clear=clear)
        picker.picked.connect(lambda due: self._preview(lazy("Promise a time"), bulk.promising(due)))
        picker.open()

    def _resolve(self) -> None:
        from workstation.views.case.pickers import OutcomePicker

        picker = OutcomePicker(self.over())
        picker.picked.connect(
            lambda outcome: self._preview(lazy("Resolve: {outcome}", outcome=OUTCOME[outcome]), bulk.resolving(outcome))
        )
        picker.open()

    def answer(self) -> None:
        """Write one answer to all that is marked, or to all that the selected row stands for."""
        self.answers.start(self.marking.entries or self._alike())

    # Rows that stand for many -------------------------------------------------------------------------------------

    def gather(self) -> None:
        """Show alike cases of the current column as one row, or each by itself again."""
        column = self._deck.current
        if column is None:
            return
        if not column.spec.queue:
            self._notices.say(NO_QUEUE, key="alike")
            return
        self.marking.clear()
        column.gather(not column.spec.alike)
        words = lazy("Alike cases stand as one.") if column.spec.alike else lazy("Every case stands by itself.")
        self._notices.say(words, key="alike")

    def _alike(self) -> tuple[Entry, ...]:
        column = self._deck.current
        entry = column.view.current_entry if column is not None else None
        return column.view.model.members(entry) if column is not None and entry is not None else ()

    def _open_instead(self) -> bool:
        if len(self._alike()) < 2:
            return False
        self.show_alike()
        return True

    def show_alike(self) -> None:
        """List everybody whom the selected row stands for."""
        from workstation.views.bulk.alike_sheet import AlikeSheet

        entries, column = self._alike(), self._deck.current
        if column is None:
            return
        view, current = column.view, column.view.current_entry
        sheet = AlikeSheet(entries, self._desk.clock.now(), self.over())
        sheet.opened.connect(self._open_entry)
        sheet.answer_wanted.connect(lambda: self.answers.start(entries))
        if current is not None:
            sheet.mark_wanted.connect(lambda: self.marking.put(view, (current,)))
        sheet.open()
