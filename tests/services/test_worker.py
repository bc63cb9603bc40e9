"""A worker process whose callers go: cancelled while it works, closed while it begins."""

import asyncio
import multiprocessing
import time
from pathlib import Path

import pytest

from workstation.services.worker import Worker, WorkerDiedError


def _once_there(path: str, answer: int) -> int:
    while not Path(path).exists():
        time.sleep(0.001)
    return answer


async def test_an_answer_that_nobody_waits_for_is_not_taken_for_the_next_ones(tmp_path: Path) -> None:
    worker = Worker(seconds=60.0)
    for number in range(5):
        gate = tmp_path / str(number)
        assert await worker.call(max, 1, 2) == 2
        first = asyncio.create_task(worker.call(_once_there, str(gate), -1))
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        second = asyncio.create_task(worker.call(max, number, 4))
        await asyncio.sleep(0)
        gate.touch()
        assert await second == max(number, 4)
    await worker.close()


@pytest.mark.parametrize("turns", [0, 1, 2, 10])
@pytest.mark.parametrize("cancelled", [True, False], ids=["cancelled", "waiting"])
async def test_closed_while_it_begins_it_leaves_no_process(turns: int, cancelled: bool, tmp_path: Path) -> None:
    before = set(multiprocessing.active_children())
    worker = Worker(seconds=60.0)
    asked = asyncio.create_task(worker.call(_once_there, str(tmp_path / "never"), 1))
    for _ in range(turns):
        await asyncio.sleep(0)
    if cancelled:
        asked.cancel()
    await worker.close()
    with pytest.raises((asyncio.CancelledError, WorkerDiedError)):
        await asked
    assert set(multiprocessing.active_children()) == before
    with pytest.raises(WorkerDiedError):
        await worker.call(max, 1, 2)


async def test_closing_does_not_wait_for_work_that_never_ends(tmp_path: Path) -> None:
    worker = Worker(seconds=3_600.0)
    asked = asyncio.create_task(worker.call(_once_there, str(tmp_path / "never"), 1))
    await asyncio.sleep(0)
    await worker.close()
    with pytest.raises(WorkerDiedError):
        await asked
