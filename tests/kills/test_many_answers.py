"""Whoever answers many and is killed on the way finds no case open whose reply will be sent, and none ended without."""

import asyncio
from pathlib import Path

import pytest

from tests.kills.answerer import CUSTOMERS, FILE, begin
from tests.lives import Life
from workstation.domain.cases import Status
from workstation.store.store import Store


async def killed(folder: Path, commit: int, where: str) -> bool:
    """Let a process answer and die; whether it died before it had ended."""
    life = Life(begin, folder, commit, after=where == "after")
    said = await asyncio.to_thread(lambda: list(life.listen()))
    return await asyncio.to_thread(life.end) and not said


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("commit", [1, 2, 3])
async def test_a_reply_is_queued_with_the_end_of_its_case(tmp_path: Path, commit: int, where: str) -> None:
    assert await killed(tmp_path, commit, where)
    store = await Store.open(tmp_path / FILE, lambda _changes: None)
    try:
        queued = {row.case for row in await store.outbox.list()}
        faces = await store.cases.faces(range(1, CUSTOMERS + 1))
        ended = {face.case.id for face in faces if face.case is not None and face.case.status is Status.SOLVED}
        assert queued == ended
        assert len(faces) == CUSTOMERS
        assert bool(queued) == (commit > 1 or where == "after")
        assert len(queued) < CUSTOMERS or commit == 3
    finally:
        await store.close()


async def test_who_is_not_killed_answers_all(tmp_path: Path) -> None:
    assert not await killed(tmp_path, 0, "before")
