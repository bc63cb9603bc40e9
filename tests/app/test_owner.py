"""The command line while another Meridian has the profile open."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.practice_network import PracticeNetwork, practice
from workstation.domain.text import LazyText
from workstation.services import ownership
from workstation.services.commands.carry_out import carry_out
from workstation.services.commands.requests import (
    AddChannel,
    AnyRequest,
    Collect,
    Export,
    ListChannels,
    Output,
    Reply,
    ShowWindow,
)
from workstation.services.commands.run import run
from workstation.services.desk import Desk, open_desk
from workstation.services.handover import OwnerSilentError, Service, hand_over
from workstation.services.profile import Lock, Profile

__all__ = ["practice"]


class Memory:
    """Keeps what was answered."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.said: list[LazyText] = []
        self.failed: list[LazyText] = []

    async def data(self, text: str) -> None:
        """Lines of the result."""
        self.lines.append(text)

    async def say(self, text: LazyText) -> None:
        """A line for people."""
        self.said.append(text)

    async def fail(self, text: LazyText) -> None:
        """The reason."""
        self.failed.append(text)


@contextlib.asynccontextmanager
async def owner(profile: Profile) -> AsyncIterator[Desk]:
    """An owner that serves."""
    lock = Lock(profile)
    assert lock.acquire()
    async with open_desk(profile) as desk:

        async def serve(request: AnyRequest, output: Output) -> int:
            return await run(desk, request, output)

        service = Service(profile, serve)
        await service.start()
        try:
            yield desk
        finally:
            await service.close()
    lock.release()


@pytest.fixture
def place(tmp_path: Path) -> Profile:
    """A profile."""
    profile = Profile(tmp_path / "Ä profile")
    profile.prepare()
    return profile


async def test_the_owner_does_the_work(place: Profile, practice: PracticeNetwork) -> None:
    practice.post("is anybody there?")
    async with owner(place) as desk:
        add = AddChannel(
            kind="mastodon", name="m", server=practice.base_url, secret="env:NOT_HERE", lent=practice.tokens["agent"]
        )
        assert await carry_out(place, add, Memory()) == 0
        assert await carry_out(place, Collect(seconds=1.5), Memory()) == 0
        export = Memory()
        assert await carry_out(place, Export(what="messages", format="jsonl"), export) == 0
        assert "is anybody there?" in "".join(export.lines)
        answered = Memory()
        assert await carry_out(place, Reply(message="1", text="yes", wait=True), answered) == 0, answered.failed
        assert desk.started
        refused = Memory()
        assert await carry_out(place, Reply(message="77", text="yes"), refused) == 1
        assert len(refused.failed) == 1
        assert await carry_out(place, ShowWindow(), Memory()) == 1


async def test_nobody_is_served_without_the_token(place: Profile) -> None:
    async with owner(place):
        known = ownership.owner(place)
        assert known is not None
        reader, writer = await asyncio.open_connection("127.0.0.1", known.port)
        writer.write(b'{"token":"guess","request":{"type":"ListChannels"}}\n')
        assert await reader.read() == b""
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", known.port)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await reader.read() == b""
        writer.close()
        assert await carry_out(place, ListChannels(), Memory()) == 0


async def test_an_owner_that_takes_no_commands_is_waited_for(place: Profile) -> None:
    lock = Lock(place)
    assert lock.acquire()
    with pytest.raises(OwnerSilentError):
        await hand_over(place, ListChannels(), Memory())
    told = Memory()
    with pytest.raises(OwnerSilentError):
        await carry_out(place, ListChannels(), told, patience=0.5)
    assert len(told.said) == 1
    waiting = asyncio.ensure_future(carry_out(place, ListChannels(), Memory()))
    await asyncio.wait([waiting], timeout=0.3)
    lock.release()
    assert await waiting == 0
