"""What is taken back is what one sees done last, also while the store still writes it."""

import asyncio
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.test_flow import take_up
from workstation.domain import actions as commands
from workstation.domain.cases import Holder
from workstation.services.actions import operation

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_key_that_is_quicker_than_the_store_takes_the_latest_back(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        panel, gate = world.bench.panel, threading.Event()
        practice.post("Where is my parcel?")
        practice.post("Where is mine?", acct="jonas")
        await world.until(lambda: len(world.bench.deck.columns[0].view.model.rows) == 2, "two cases")
        await take_up(world)
        case = panel.case
        assert case is not None
        tag = commands.ChangeTags(operation=operation(), case=case.id, add=("refund",))
        assert (await world.desk.actions.execute(tag)).done
        await world.until(lambda: panel.case and panel.case.tags == ("refund",), "tagged")

        def wait(_done: int) -> None:
            gate.wait()

        other = commands.ChangeTags(operation=operation(), case=3 - case.id, add=("late",))
        held = asyncio.create_task(world.desk.store.cases.execute_many((other,), wait))
        try:
            world.press(Qt.Key.Key_A)
            await world.until(lambda: panel.case and panel.case.holder is Holder.MINE, "claimed, as one sees it")
            world.press(Qt.Key.Key_Z)
            await world.desk.store.cases.faces((case.id,))
        finally:
            gate.set()
        await held
        await world.until(lambda: panel.case and panel.case.holder is not Holder.MINE, "given back")
        assert panel.case is not None
        assert panel.case.tags == ("refund",), "what was done before stays"

    run(profile, practice, steps)
