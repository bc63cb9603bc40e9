"""What is planned for weeks from now is no countdown."""

from pathlib import Path

import pytest

from tests.views.desk_world import World, run
from workstation.domain.changes import ChangeSet
from workstation.domain.outbox import Act, Operation, Outgoing, State
from workstation.services.clock import SECOND
from workstation.views.countdowns import Countdowns

pytestmark = pytest.mark.usefixtures("qapp")


def waiting(number: int, due: int) -> Outgoing:
    return Outgoing(
        id=number, operation=Operation(id=str(number), act=Act.POST, text="x"), channel=1, state=State.QUEUED,
        not_before=due,
    )  # fmt: skip


def test_only_what_leaves_soon_is_counted_down(profile: Path) -> None:
    spoken: list[str] = []

    async def steps(world: World) -> None:
        desk, bench = world.desk, world.bench
        told = Countdowns(desk.outbox, desk.clock, bench.actions, bench.notices, world.window)
        told.said = spoken.append
        now = desk.clock.now()
        told.on_change(ChangeSet(1, outbox=(waiting(1, now + 60 * 86_400 * SECOND),)))
        told.on_change(ChangeSet(2, outbox=(waiting(2, now + 30 * SECOND),)))
        await world.until(lambda: spoken, "told")
        told.on_change(ChangeSet(3, outbox=(waiting(2, now),)))

    run(profile, None, steps)
    assert len(spoken) == 1
    assert spoken[0].startswith("1 reply waits")
