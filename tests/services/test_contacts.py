"""Calls, letters and talks: noted by hand, they are cases like any other."""

from pathlib import Path

import pytest

from tests.empty import empty
from tests.services.parts import START, SetClock
from workstation.connectors.registry import built_in
from workstation.domain.cases import Status
from workstation.domain.errors import InvalidError, NotFoundError
from workstation.domain.messages import Kind, Visibility
from workstation.net.client import Client
from workstation.services.contacts import Contact, Contacts
from workstation.services.feed import Feed
from workstation.services.ingest import Ingest
from workstation.services.secrets import Secrets
from workstation.services.supervisor import Supervisor
from workstation.store.store import Store

HOUR = 3_600_000_000


class World:
    """A desk that has no channel yet."""

    def __init__(self, folder: Path) -> None:
        self.clock = SetClock()
        self.folder = folder

    async def __aenter__(self) -> "World":
        self.store = await Store.open(empty(self.folder / "desk.sqlite3"), Feed().publish, clock=self.clock)
        ingest = Ingest(self.store)
        self.supervisor = Supervisor(self.store, built_in(), ingest, Secrets({}), Client(), self.clock)
        self.contacts = Contacts(self.store, self.supervisor, ingest, self.clock)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.supervisor.close()
        await self.store.close()


async def test_a_call_opens_a_case(tmp_path: Path) -> None:
    async with World(tmp_path) as world:
        said = Contact(Kind.CALL, "Frau Özdemir", "The parcel came open.", "+49 30 1234567", START - HOUR)
        (entry,) = (await world.contacts.note(said)).entries
        assert entry.case is not None
        assert entry.case.status is Status.NEW
        assert entry.case.waiting_since == START - HOUR
        assert entry.message.kind is Kind.CALL
        assert entry.message.visibility is Visibility.DIRECT
        assert entry.message.author.name == "Frau Özdemir"


async def test_the_same_number_is_the_same_person_and_a_name_alone_is_not(tmp_path: Path) -> None:
    async with World(tmp_path) as world:

        async def author(name: str, number: str) -> int:
            (entry,) = (await world.contacts.note(Contact(Kind.CALL, name, "again", number))).entries
            return entry.message.author.id

        assert await author("Ada", "030 12 34") == await author("A. Example", "0301234")
        assert await author("Ada", "") != await author("Ada", "")
        assert len(await world.store.channels.list()) == 1


async def test_what_we_said_answers_the_case(tmp_path: Path) -> None:
    async with World(tmp_path) as world:
        (entry,) = (await world.contacts.note(Contact(Kind.LETTER, "Ada", "Where is my money?"))).entries
        world.clock.at += HOUR
        answer = Contact(Kind.CALL, "", "We called back: it was sent on Monday.", case=entry.message.case, ours=True)
        await world.contacts.note(answer)
        thread = await world.store.messages.thread(case=entry.message.case)
        assert [each.message.own for each in thread] == [False, True]
        case = await world.store.cases.get(entry.message.case)
        assert case is not None
        assert case.status is Status.PENDING
        world.clock.at += HOUR
        await world.contacts.note(Contact(Kind.CALL, "", "It did not come.", "unknown", case=case.id))
        case = await world.store.cases.get(case.id)
        assert case is not None
        assert case.status is not Status.PENDING
        assert len(await world.store.messages.thread(case=case.id)) == 3


@pytest.mark.parametrize(
    "contact",
    [
        Contact(Kind.CALL, "Ada", "   "),
        Contact(Kind.TALK, "  ", "Somebody said something."),
        Contact(Kind.CALL, "Ada", "tomorrow", at=START + 2 * HOUR),
    ],
)
async def test_what_is_missing_is_said_and_nothing_is_noted(tmp_path: Path, contact: Contact) -> None:
    async with World(tmp_path) as world:
        with pytest.raises(InvalidError):
            await world.contacts.note(contact)
        assert not await world.store.channels.list()


async def test_a_case_of_another_channel_cannot_be_continued(tmp_path: Path) -> None:
    async with World(tmp_path) as world:
        with pytest.raises(NotFoundError):
            await world.contacts.note(Contact(Kind.CALL, "Ada", "again", case=77))
