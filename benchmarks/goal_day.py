"""A day at the desk: eight hours of customers in fast motion, worked through the real window by keys alone.

Some 3,000 messages in fourteen languages, of which about 200 concern the desk, and one crisis hour. An hour lasts
`HOUR` seconds here, so the desk sees ninety times the traffic of that day and an agent who never rests.
"""

import asyncio
import gc
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.harness import FRAME, Row, answer, child, percentile

if TYPE_CHECKING:
    from tests.views.desk_world import World

HOURS, HOUR = 8, 20.0
TOLD = 12
"""Lines of the table of what was long."""
MESSAGES, CRISIS_AT, CRISIS = 3_000, 5, 60
ADDRESSED = 0.04
"""Share of what usually names the desk that does so on this day; direct messages always do."""
SHARES = (0.6, 0.9, 1.1, 1.2, 1.3, 1.2, 1.0, 0.7)
"""How busy each hour is, against the mean."""
MOST_KEYS = 6


def arguments() -> list[str]:
    """How the practice network is started."""
    return [
        "--rate", "0", "--backlog", "100", "--paused", "--crisis-every", "0", "--addressed", str(ADDRESSED),
        "--reply-delay", "3",
    ]  # fmt: skip


async def _customers(hello: Any, hours: int) -> None:
    """Let them write through the day, or the first hours of it."""
    from benchmarks.live import control

    await control(hello, "POST", "resume")
    for hour in range(hours):
        await control(hello, "POST", "rate", rate=MESSAGES / HOURS / HOUR * SHARES[hour])
        if hour == CRISIS_AT:
            await control(hello, "POST", "burst", count=CRISIS)
        await asyncio.sleep(HOUR)
    await control(hello, "POST", "pause")


async def _concerning(hello: Any) -> set[str]:
    """Ids of the posts that name the desk or write to it alone, as the network tells them."""
    import aiohttp

    found: set[str] = set()
    headers = {"Authorization": f"Bearer {hello.tokens['agent']}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        last = ""
        while True:
            address = f"{hello.base_url}/api/v1/notifications?types[]=mention&limit=40{last}"
            async with session.get(address) as page:
                items = await page.json()
            if not items:
                return found
            found.update(item["status"]["id"] for item in items)
            last = f"&max_id={items[-1]['id']}"


async def _ended(world: "World", remotes: set[str]) -> bool:
    from workstation.domain.cases import Status

    channel = (await world.desk.store.channels.list())[0].id
    for remote in remotes:
        entry = await world.desk.store.messages.by_remote(channel, remote)
        if entry is None or entry.case is None or entry.case.status is not Status.SOLVED:
            return False
    return True


async def _work(world: "World", hello: Any, hours: int) -> dict[str, Any]:
    from benchmarks.input_wait import InputProbe
    from benchmarks.stalls import Stalls
    from tests.day.robot import Robot

    gc.freeze()  # as once the workstation has started
    robot, probe = Robot(world), InputProbe()
    stalls = Stalls(lambda: robot.last)
    customers = asyncio.ensure_future(_customers(hello, hours))
    try:
        while not customers.done() or not await _ended(world, await _concerning(hello)):
            entry = await robot.take_next()
            if entry is None:
                await asyncio.sleep(0.05)
            else:
                await robot.work_off(entry)
        await customers
        waits = list(probe.waits)
    finally:
        customers.cancel()
        robot.leave()
        probe.close()
        stalls.close()
    own = {"own_p99": stalls.wait(0.01) * 1000, "own_p999": stalls.wait(0.001) * 1000, "busy": stalls.busy}
    return await _figures(world, hello, robot, waits) | own | {"stalls": stalls.table()}


async def _figures(world: "World", hello: Any, robot: Any, waits: list[float]) -> dict[str, Any]:
    from benchmarks.live import control
    from workstation.domain.outbox import State

    await world.outbox(lambda rows: all(row.state is State.SENT for row in rows), "everything is sent")
    told = await control(hello, "GET", "statistics")
    replies = Counter(post["in_reply_to_id"] for post in told["posts"] if post["created"])
    ledgers = await world.desk.store.messages.ledger(None)
    return {
        "wait_p99": percentile(waits, 0.99) * 1000,
        "wait_max": max(waits) * 1000,
        "played": told["played"],
        "received": world.desk.ingest.received,
        "cases": len(robot.worked.answered) + robot.worked.closed,
        "answered": len(robot.worked.answered),
        "keys": max(robot.worked.keys),
        "lost": sum(ledger.missing for ledger in ledgers),
        "twice": sum(count - 1 for count in replies.values()) + abs(sum(replies.values()) - len(robot.worked.answered)),
    }


def day(hours: int = HOURS) -> dict[str, Any]:
    """The child: a window on a practice network of its own."""
    from tests.views.desk_world import run
    from workstation.services.practice import PracticeNetwork

    found: dict[str, Any] = {}
    network = asyncio.run(PracticeNetwork.start(arguments()))

    async def work(world: "World") -> None:
        found.update(await _work(world, network.hello, hours))

    try:
        with tempfile.TemporaryDirectory() as folder:
            run(Path(folder), network.hello, work, "home, mentions, direct, public")
    finally:
        asyncio.run(network.close())
    return found


def measure(rounds: int) -> list[Row]:
    """Four rows, of one day: it takes minutes. The second one is what input waits for the desk alone."""
    del rounds
    found: dict[str, Any] = child("benchmarks.goal_day", timeout=1_200)
    wait, frame = found["wait_p99"], FRAME * 1000
    print(table(found["stalls"]))
    faults = found["lost"] + found["twice"]
    return [
        Row("day", f"input wait p99 in a day of {found['received']:,} messages", wait, "ms", f"< {frame:.1f} ms",
            wait < frame, details=found),
        Row("day", "of it for the main thread's own work, processor time, p99", found["own_p99"], "ms",
            f"< {frame:.1f} ms", found["own_p99"] < frame),
        Row("day", f"lost, doubled or answered twice in {found['cases']} cases", faults, "", "0", faults == 0),
        Row("day", "keys for an answered case (claim, template, send, resolve)", found["keys"], "",
            f"<= {MOST_KEYS}", found["keys"] <= MOST_KEYS),
    ]  # fmt: skip


def table(stalls: list[dict[str, Any]]) -> str:
    """What was long on the main thread: after which key, what ran, how often, how long at most, and within it."""
    lines = [f"{'after':<26} {'handler':<44} {'turns':>5} {'longest':>9} {'together':>9}"]
    for row in stalls[:TOLD]:
        key, handler = row["key"][-26:], row["handler"][-44:]
        lines.append(f"{key:<26} {handler:<44} {row['count']:>5} {row['longest_ms']:>6} ms {row['total_ms']:>6.0f} ms")
        lines.extend(f"{'':<26}   {inside}" for inside in row["inside"][:3])
    return "\n".join(lines)


if __name__ == "__main__":
    played = day(int(sys.argv[1]) if len(sys.argv) > 1 else HOURS)
    print(table(played["stalls"]), file=sys.stderr)
    answer(played)
