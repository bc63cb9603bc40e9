"""More time before a reply leaves: given to what waits, as often as it is asked for, but not for ever."""

from pathlib import Path

from tests.empty import empty
from tests.services.parts import SetClock
from workstation.domain.channels import ChannelConfig
from workstation.domain.outbox import Act, Operation, State
from workstation.services.clock import MINUTE, SECOND
from workstation.services.feed import Feed
from workstation.store.store import Store


async def test_what_waits_waits_longer_and_what_is_planned_does_not(tmp_path: Path) -> None:
    clock = SetClock()
    store = await Store.open(empty(tmp_path / "desk.sqlite3"), Feed().publish, clock=clock.now)
    try:
        await store.channels.add(ChannelConfig(0, "mastodon", "Care", "https://x.invalid"))
        now = clock.now()
        waiting = Operation("11111111-1111-4111-8111-111111111111", Act.REPLY, text="a")
        gone = Operation("22222222-2222-4222-8222-222222222222", Act.REPLY, text="b")
        await store.outbox.put(1, waiting, not_before=now + 10 * SECOND)
        await store.outbox.put(1, gone, not_before=now)
        for times in range(1, 12):
            changes = await store.outbox.extend(10 * SECOND, 10 * MINUTE)
            assert changes is not None
            assert [row.operation.id for row in changes.outbox] == [waiting.id]
            assert changes.outbox[0].not_before == now + (10 + 10 * times) * SECOND
        assert await store.outbox.extend(10 * MINUTE, 10 * MINUTE) is None
        assert {row.state for row in await store.outbox.list((State.QUEUED,))} == {State.QUEUED}
    finally:
        await store.close()
