"""Sign-offs: none, the team's, the agent's; under the reply, in its counter, and nowhere else."""

from pathlib import Path

import pytest

from workstation.domain.channels import ChannelConfig
from workstation.domain.memory import SignOff, SignOffPolicy
from workstation.domain.messages import Author, Batch, IncomingMessage, Kind, Message
from workstation.domain.outbox import SIGNED, Act, State
from workstation.services.desk import Desk, open_desk
from workstation.services.profile import Profile

ADA = Author("mastodon", "ada@x.example", "ada@x.example", "Ada")
OWN = Author("mastodon", "me", "acme@x.example", "Acme")


async def question(desk: Desk) -> Message:
    channel = await desk.store.channels.add(ChannelConfig(0, "mastodon", "Care"))
    asked = IncomingMessage("1", Kind.MENTION, ADA, "where is it?", 10)
    changes = await desk.store.messages.accept(channel, Batch("mentions", (asked,)))
    return changes.messages[0]


@pytest.fixture
def place(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "desk")


async def test_a_reply_is_signed_as_its_channel_says(place: Profile) -> None:
    async with open_desk(place) as desk:
        to = await question(desk)
        drafting, offs = desk.drafting, desk.drafting.sign_offs
        assert drafting.operation(to, "It is on its way.").text == "It is on its way."
        await offs.change(SignOffPolicy(to.channel, SignOff.TEAM, "Team  Acme"))
        signed = drafting.operation(to, "It is on its way. ")
        assert signed.text == "It is on its way.\n— Team Acme"
        assert drafting.measure(to.channel, signed).used == len(signed.text)
        assert drafting.operation(to, "  ").text == "  "
        assert drafting.operation(to, "Bye, Team Acme").text == "Bye, Team Acme"
        assert drafting.operation(to, "مرحبا", language="ar").text == "مرحبا\n\u200f— Team Acme"
        await offs.change(SignOffPolicy(to.channel, SignOff.AGENT))
        assert drafting.operation(to, "Hello").text == "Hello"
        desk.settings.change(signature="Jo")
        assert drafting.operation(to, "Hello").text == "Hello\n— Jo"
        assert drafting.operation(to, "Hello", act=Act.POST).text == "Hello"
        assert drafting.operation(to, "Hello", automatic=True).text == "Hello"
    async with open_desk(place) as desk:
        await desk.drafting.sign_offs.load()
        assert desk.drafting.sign_offs.policy(to.channel).kind is SignOff.AGENT


async def test_a_sign_off_is_neither_found_nor_exported(place: Profile) -> None:
    async with open_desk(place) as desk:
        to = await question(desk)
        await desk.drafting.sign_offs.change(SignOffPolicy(to.channel, SignOff.TEAM, "Quxelda"))
        operation = desk.drafting.operation(to, "It is on its way.")
        assert operation.options == {SIGNED: "\n— Quxelda"}
        case = to.case or 0
        row = (await desk.store.outbox.put(to.channel, operation, case=case, message=to.id)).outbox[0]
        await desk.store.outbox.claim_next(desk.clock.now(), {to.channel})
        await desk.store.outbox.settle(row.id, State.SENT, remote_id="2", author=OWN)
        channel = (await desk.store.channels.list())[0]
        again = IncomingMessage("2", Kind.POST, OWN, operation.text, 20, own=True, reply_to="1")
        other = IncomingMessage("3", Kind.POST, OWN, "Another one.\n\n— Quxelda", 21, own=True, reply_to="1")
        theirs = IncomingMessage("4", Kind.POST, ADA, "you are\n— Quxelda", 22)
        await desk.store.messages.accept(channel, Batch("home", (again, other, theirs)))
        texts: dict[str, tuple[str, int]] = {}
        async for chunk in desk.store.messages.export():
            texts |= {e.message.remote_id: (e.message.text, e.message.revision) for e in chunk}
        assert texts["2"] == ("It is on its way.", texts["1"][1])
        assert texts["3"][0] == "Another one."
        assert texts["4"][0] == "you are\n— Quxelda"
        found = await desk.search.find("Quxelda")
        assert found is not None
        assert [entry.message.remote_id for entry in found.entries] == ["4"]
        person = await desk.privacy.named(ADA.handle)
        kept = [line async for line in desk.privacy.export(person) if "outgoing" in line]
        assert kept
        assert "Quxelda" not in "".join(kept)
