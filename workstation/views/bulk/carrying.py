"""A command on all marked cases from its preview to its end: refused, stopped, or done and to be undone in one step."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Entry
from workstation.domain.text import LazyText
from workstation.qt.tasks import Tasks
from workstation.services.bulk import FEW, Bulk, Effect, Plan, Progress, Wish
from workstation.views.undoing import Undoing

if TYPE_CHECKING:
    from workstation.views.bulk.preview import Line, Preview


class Carrying:
    """Opens a preview of `wish` on `entries`; `after` is called when it was done."""

    def __init__(
        self,
        bulk: Bulk,
        undoing: Undoing,
        tasks: Tasks,
        window: QWidget,
        after: Callable[[], object],
    ) -> None:
        self._bulk, self._undoing, self._tasks, self._after = bulk, undoing, tasks, after
        self.over: Callable[[], QWidget] = lambda: window
        """Over which window sheets are opened."""

    def start(self, title: LazyText, do: LazyText, wish: Wish, entries: Sequence[Entry]) -> None:
        """Show what `wish` would do to the cases of `entries`, then do it if the agent wants."""
        self._tasks.spawn(self._start(title, do, wish, tuple(entries)), "bulk preview")

    async def _start(self, title: LazyText, do: LazyText, wish: Wish, entries: tuple[Entry, ...]) -> None:
        # Imported when first opened: a start pays for every module.
        from workstation.views.bulk.preview import Preview

        plan = await self._bulk.plan(wish, entries)
        sheet = Preview(title, do, self.over())
        plans = [plan]
        sheet.show_lines(_lines(plan))
        sheet.wanted.connect(lambda keys: self._tasks.spawn(self._carry_out(sheet, plans, keys, wish, entries), "bulk"))
        sheet.open()

    async def _carry_out(
        self, sheet: "Preview", plans: list[Plan], keys: frozenset[int], wish: Wish, entries: tuple[Entry, ...]
    ) -> None:
        chosen = Plan(tuple(effect for key, effect in enumerate(plans[-1].effects) if key in keys))
        progress = Progress(len(chosen.commands))
        if len(chosen.commands) > FEW:
            sheet.work(progress)
        done = await self._bulk.carry_out(chosen, progress)
        if done.error is None:
            sheet.accept()
            self._undoing.did(done)
            self._after()
            return
        # Something changed between the preview and the wish: what is asked now is asked of what is there now.
        plans.append(await self._bulk.plan(wish, entries))
        sheet.show_lines(_lines(plans[-1]), done.error.text)


def _lines(plan: Plan) -> "list[Line]":
    from workstation.views.bulk.preview import Line

    return [Line(key, effect.verdict, partial(_words, effect)) for key, effect in enumerate(plan.effects)]


def _words(effect: Effect) -> tuple[str, str, str]:
    from workstation.views.bulk.words import excerpt, told, whom

    return whom(effect.entry), excerpt(effect.entry), told(effect)
