"""A shift that works by itself, for machines without a screen: cases are opened, claimed, tagged and answered."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workstation.domain.actions import ChangeTags
from workstation.domain.changes import ChangeSet
from workstation.domain.filters import parse
from workstation.domain.outbox import State
from workstation.domain.text import N_, LazyText, lazy
from workstation.services.actions import claim, operation
from workstation.services.desk import Desk

if TYPE_CHECKING:
    from workstation.views.workbench import Workbench

PACE = 0.9
"""Seconds between two cases."""
LOOK = 0.25
"""Seconds between two looks at what the columns show."""
PATIENCE = 5.0
"""Seconds that the last answers get to arrive, and what has arrived to be shown."""
ANSWERS = (("more-details", "question"), ("more-details", "question"), ("please-message", "privacy"))
"""Templates of the first set that fit whatever was asked, with the tag that goes with each."""
WAITING = "is:unanswered -is:snoozed -is:spam kind:mention"


@dataclass
class Summary:
    """What there is to say at the end."""

    lines: list[LazyText] = field(default_factory=list)
    failed: bool = False


class PractisedShift:
    """Works on the desk through the window's own services; the columns follow as they would for a person."""

    def __init__(self, bench: "Workbench", desk: Desk) -> None:
        self._bench = bench
        self._desk = desk
        self._shown: set[int] = set()
        self._sent: list[str] = []
        self._arrived: set[int] = set()
        self._end = desk.feed.subscribe(self._note)

    async def work(self, closed: "asyncio.Future[None]") -> None:
        """Take case after case until cancelled or the window is closed."""
        looking = asyncio.ensure_future(self._look())
        try:
            await asyncio.sleep(PACE * 2)
            while not closed.done():
                await self._take_one()
                await asyncio.sleep(PACE)
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

    def _note(self, changes: ChangeSet) -> None:
        self._arrived |= changes.added

    async def _look(self) -> None:
        while True:
            self._count_shown()
            await asyncio.sleep(LOOK)

    def _count_shown(self) -> None:
        for column in self._bench.deck.columns:
            self._shown.update(entry.message.id for entry in column.view.model.rows)

    async def _all_shown(self) -> None:
        """Columns follow what arrives a moment later, on a slow machine a long one."""
        self._count_shown()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while self._arrived - self._shown:
                    await asyncio.sleep(LOOK)
                    self._count_shown()

    async def _take_one(self) -> None:
        """The case that waits longest: claimed, tagged, and answered from a template in the customer's language."""
        desk = self._desk
        page = await desk.store.messages.page(parse(WAITING), queue=True, limit=40)
        answered = {row.case for row in await desk.store.outbox.list(limit=10_000)}
        entry = next((each for each in page.entries if each.case and each.case.id not in answered), None)
        if entry is None or entry.case is None or desk.supervisor.channel(entry.message.channel) is None:
            return
        case = entry.case
        key, tag = ANSWERS[len(self._sent) % len(ANSWERS)]
        family = next((each for each in await desk.templates.list() if each.key == key), None)
        applied = desk.drafting.apply(family, entry) if family is not None else None
        if family is None or applied is None:
            return
        await desk.actions.execute(claim(case), case)
        await desk.actions.execute(ChangeTags(operation=operation(), case=case.id, add=(tag,)))
        reply = desk.drafting.operation(entry.message, applied.filled.text, language=applied.language)
        row = await desk.outbox.queue(reply, entry.message.channel, case.id, entry.message.id, undo=False)
        await desk.templates.used(family.id, case.id)
        self._sent.append(row.operation.id)

    async def end(self) -> Summary:
        """Let the last answers arrive, then count."""
        try:
            async with asyncio.timeout(PATIENCE):
                for sent in self._sent:
                    await self._desk.outbox.settled(sent)
        except TimeoutError:
            pass
        self._end()
        await self._all_shown()
        rows = [await self._desk.store.outbox.get(sent) for sent in self._sent]
        ledgers = await self._desk.store.messages.ledger(None)
        lost = sum(ledger.missing for ledger in ledgers)
        answered = sum(row is not None and row.state is State.SENT for row in rows)
        received = len(self._arrived)
        lines = [
            lazy(N_("Practice shift over.")),
            lazy(N_("received  {count}"), count=received),
            lazy(N_("shown     {count}"), count=len(self._shown & self._arrived)),
            lazy(N_("answered  {count}"), count=answered),
            lazy(N_("lost      {count}"), count=lost),
        ]
        return Summary(lines, failed=bool(lost) or not received or not answered)

    @staticmethod
    def saved(path: str) -> LazyText:
        """Where the picture is."""
        return lazy(N_("screenshot {path}"), path=path)

    @staticmethod
    def not_saved(path: str) -> LazyText:
        """The picture could not be written."""
        return lazy(N_("The screenshot could not be written to {path}."), path=path)
