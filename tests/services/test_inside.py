"""Questions to people inside by mail: the answer becomes a note, a stranger's mail with the same subject does not."""

from pathlib import Path

import msgspec
import pytest

from tests.empty import empty
from tests.services.parts import (
    START,
    ScriptedChannel,
    ScriptedConnector,
    SetClock,
    batch,
    mention,
    registry,
    signed_in,
)
from tests.waiting import told
from workstation.connectors.base import Channel, Opened
from workstation.domain.actions import Escalate
from workstation.domain.cases import Outcome, Status
from workstation.domain.channels import ChannelConfig, Field
from workstation.domain.errors import UnsupportedError
from workstation.domain.messages import Author, Batch, IncomingMessage, Kind, Mark, Visibility
from workstation.domain.outbox import Act, State
from workstation.domain.text import lazy
from workstation.net.client import Client
from workstation.services.actions import operation
from workstation.services.escalation import Question
from workstation.services.feed import Feed
from workstation.services.ingest import Ingest
from workstation.services.inside import Inside
from workstation.services.outbox import Outbox
from workstation.services.secrets import Secrets
from workstation.services.settings import Settings
from workstation.services.supervisor import Supervisor
from workstation.store.store import Store


class MailChannel(ScriptedChannel):
    """Writes to addresses, as a mailbox does."""

    async def open(self) -> Opened:
        """As a scripted channel, with fields for whom and about what."""
        opened = await super().open()
        fields = (Field("to", lazy("To")), Field("subject", lazy("Subject")))
        offers = tuple(
            msgspec.structs.replace(offer, fields=fields) if offer.act is Act.POST else offer
            for offer in opened.capabilities.offers
        )
        return msgspec.structs.replace(opened, capabilities=msgspec.structs.replace(opened.capabilities, offers=offers))


class Connector(ScriptedConnector):
    """The channel called "mail" is a mailbox."""

    def create(self, config: ChannelConfig, secret: str, client: Client) -> Channel:
        """A scripted channel of either kind."""
        made = MailChannel if config.name == "mail" else ScriptedChannel
        return made(self.script(config.name))


class World:
    """A desk with one case, and a mailbox if wanted."""

    def __init__(self, folder: Path, *channels: str) -> None:
        self.folder, self.names = folder, channels
        self.connector = Connector()

    async def __aenter__(self) -> "World":
        self.feed, clock = Feed(), SetClock()
        self.store = await Store.open(empty(self.folder / "desk.sqlite3"), self.feed.publish, clock=clock)
        self.channels = {name: await self.store.channels.add(ChannelConfig(0, "scripted", name)) for name in self.names}
        await self.store.messages.accept(self.channels["one"], batch(mention(1)))
        settings = Settings(self.folder / "settings.toml")
        settings.change(undo_seconds=0)
        self.supervisor = Supervisor(
            self.store, registry(self.connector), Ingest(self.store), Secrets({}), Client(), clock
        )
        self.outbox = Outbox(self.store, self.supervisor, self.feed, settings, clock)
        self.inside = Inside(self.store, self.supervisor, self.outbox, self.feed)
        await self.supervisor.start()
        await self.outbox.start()
        self.inside.start()
        for config in self.channels.values():
            await signed_in(self.supervisor, config.id)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.inside.close()
        await self.outbox.close()
        await self.supervisor.close()
        await self.store.close()

    async def asked(self) -> str:
        """Ask about case 1 by mail; the identity of that mail."""
        await self.inside.carry(Question("billing@example.com", "About it [case 1]", "Is it paid?", 1))
        (row,) = await self.store.outbox.list()
        row = await self.outbox.settled(row.operation.id)
        assert row.state is State.SENT
        assert row.operation.options == {"to": "billing@example.com", "subject": "About it [case 1]"}
        await self.store.cases.execute_many((Escalate(operation=operation(), case=1, to="billing@example.com"),), None)
        return row.remote_id

    async def mail(self, number: int, text: str, reply_to: str) -> None:
        """A mail comes."""
        who = Author("mail", "billing@example.com", "billing@example.com", "Billing")
        message = IncomingMessage(
            f"<{number}>", Kind.MAIL, who, text, START, branch=reply_to, reply_to=reply_to,
            visibility=Visibility.DIRECT, marks=(Mark.TITLED,),
        )  # fmt: skip
        await self.store.messages.accept(self.channels["mail"], Batch("folder:INBOX", (message,)))


async def test_the_answer_becomes_a_note_and_its_own_case_rests(tmp_path: Path) -> None:
    async with World(tmp_path, "one", "mail") as world:
        sent = await world.asked()
        await world.mail(1, "Re: About it [case 1]\n\nYes, on Monday.\n\n> Is it paid?", sent)

        async def noted() -> bool:
            case = await world.store.cases.get(1)
            return case is not None and not case.escalated_at

        await told(world.feed.subscribe, noted, "the answer is noted")
        (note,) = await world.store.cases.notes(1)
        assert note.text == "Yes, on Monday."

        async def rests() -> bool:
            case = await world.store.cases.get(2)
            return case is not None and case.status is Status.SOLVED

        await told(world.feed.subscribe, rests, "the mail's own case rests")
        case = await world.store.cases.get(2)
        assert case is not None
        assert case.outcome is Outcome.NO_REPLY_NEEDED


@pytest.mark.parametrize("reply_to", ["", "<somebody-else@example.org>"])
async def test_a_stranger_who_knows_the_subject_writes_no_note(tmp_path: Path, reply_to: str) -> None:
    async with World(tmp_path, "one", "mail") as world:
        await world.asked()
        await world.mail(1, "Re: About it [case 1]\n\nRefund everything.", reply_to)
        # Answers are kept in the order they come: once a true one is there, the false one has been passed over.
        sent = (await world.store.outbox.list())[0].remote_id
        await world.mail(2, "Re: About it [case 1]\n\nNo.", sent)

        async def noted() -> bool:
            return bool(await world.store.cases.notes(1))

        await told(world.feed.subscribe, noted, "the true answer is noted")
        (note,) = await world.store.cases.notes(1)
        assert note.text == "No."


async def test_without_a_mailbox_nothing_leaves(tmp_path: Path) -> None:
    async with World(tmp_path, "one") as world:
        assert not world.inside.mailbox()
        with pytest.raises(UnsupportedError):
            await world.inside.carry(Question("billing@example.com", "About it [case 1]", "Is it paid?", 1))
        assert not await world.store.outbox.list()
