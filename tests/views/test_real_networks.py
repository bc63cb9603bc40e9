"""On the networks' real servers, in the real window: connected in the form, answered, moderated, resolved by keyboard.

What was done is then asked of each server by a client that shares no line with ours.
"""

import asyncio
from base64 import encodebytes
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit

from tests.connectors.bluesky.people import people as bluesky_people
from tests.connectors.email.letters import parts
from tests.connectors.email.outsider import Mailboxes
from tests.connectors.matrix.people import people as matrix_people
from tests.connectors.wordpress.visitors import Visitors
from tests.servers.conftest import atproto, mail, synapse, wordpress
from tests.servers.running import Server
from tests.settling import settled
from tests.views.desk_world import World, run
from tests.views.test_flow import resolve, sent
from tests.views.test_moderating import confirm, done
from workstation.domain.cases import Holder
from workstation.domain.channels import Condition
from workstation.domain.outbox import Act
from workstation.views.case.moderation import OfferSheet
from workstation.views.keys import act_id
from workstation.views.settings.channel_sheet import ChannelSheet

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

__all__ = ["atproto", "mail", "synapse", "wordpress"]

pytestmark = [pytest.mark.usefixtures("qapp"), pytest.mark.servers, pytest.mark.timeout(300)]

T = TypeVar("T")
_Modifier = Qt.KeyboardModifier
ANSWER = "It left our house this morning."
SLOW = 60.0
"""Seconds; networks have their own pace."""


@dataclass(frozen=True)
class Account:
    """What somebody enters in the form: the network as the list names it, and the fields by name."""

    title: str
    fields: dict[str, str]


async def in_time(condition: Callable[[], object], what: str) -> None:
    """Wait as long as a network may take."""
    await settled(condition, what, SLOW)


async def on_server(look: Callable[[], Awaitable[T]], what: str) -> T:
    """Ask a server, which cannot tell by itself, until it says yes."""
    for _ in range(300):
        if found := await look():
            return found
        await asyncio.sleep(0.2)
    pytest.fail(f"never on the server: {what}")


async def reach(world: World, editor: "QWidget") -> None:
    """Tab until the focus is there."""
    for _ in range(40):
        if world.focus() is editor:
            return
        world.press(Qt.Key.Key_Tab)
    pytest.fail(f"not reached by Tab: {editor.accessibleName()}")


async def connect(world: World, account: Account) -> None:
    """Connect a channel in the form and go to the deck."""
    world.press(Qt.Key.Key_N, _Modifier.ControlModifier)
    sheet: ChannelSheet = await world.dialog(ChannelSheet)
    await reach(world, sheet.kind)
    world.write(account.title)
    assert sheet.manifest.title == account.title
    for name, value in account.fields.items():
        await reach(world, sheet.form.entries[name].editor)
        world.write(value)
    world.press(Qt.Key.Key_Return)
    reads = (Condition.LIVE, Condition.POLLING)
    desk = world.desk
    await in_time(lambda: any(each.condition in reads for each in desk.supervisor.health.values()), "it reads")
    world.press(Qt.Key.Key_1, _Modifier.ControlModifier)


async def take_up(world: World, question: str) -> None:
    """Go down the first column to the card that says so, and open it. Others may wait there, too."""
    deck = world.bench.deck
    await in_time(lambda: deck.columns and deck.columns[0].view.model.rows, "there are cards")
    rows = deck.columns[0].view.model
    await in_time(lambda: any(question in entry.message.text for entry in rows.rows), "the message")
    world.press(Qt.Key.Key_1)
    for _ in range(len(rows.rows)):
        world.press(Qt.Key.Key_J)
        await world.until(lambda: deck.current_entry is not None, "selected")
        if question in deck.current_entry.message.text:  # type: ignore[union-attr]
            break
    world.press(Qt.Key.Key_Return)
    await world.until(lambda: world.bench.panel.entries, "the thread")
    assert any(question in entry.message.text for entry in world.bench.panel.entries)


async def claim(world: World) -> None:
    panel = world.bench.panel
    world.press(Qt.Key.Key_A)
    await world.until(lambda: panel.entry and panel.entry.case and panel.entry.case.holder is Holder.MINE, "claimed")


async def answer(world: World) -> None:
    composer = world.bench.composer
    world.press(Qt.Key.Key_R)
    await world.until(lambda: world.focus() is composer.view.editor, "the editor")
    world.write(ANSWER)
    world.press(Qt.Key.Key_Return, _Modifier.ControlModifier)
    await world.until(lambda: composer.entry is None, "queued")
    await sent(world)
    await in_time(lambda: any(entry.message.own for entry in world.bench.panel.entries), "in the thread")
    await world.until(lambda: world.focus() is not composer.view.editor, "the focus is back")


async def moderate(world: World, act: Act, *keys: Qt.Key) -> None:
    """Do it to the customer's message by its keys, confirming where it asks."""
    actions, thread = world.window.actions_table, world.bench.panel.thread_view
    theirs = [entry.message for entry in world.bench.panel.entries if not entry.message.own]
    thread.pick(theirs[-1].id)
    await in_time(lambda: actions.reason(act_id(act)) is None, f"{act} is possible: {actions.reason(act_id(act))}")
    opened = world.desk.supervisor.opened(theirs[-1].channel)
    assert opened is not None
    offer = opened.capabilities.offer(act)
    assert offer is not None
    for key in keys:
        world.press(key)
    if offer.fields or offer.danger or act is Act.MUTE:
        assert isinstance(await world.dialog(OfferSheet), OfferSheet)
        await confirm(world)
    await done(world, act)


async def shift(world: World, account: Account, question: str, *acts: tuple[Act, Qt.Key]) -> None:
    """From the form to the resolved case."""
    await connect(world, account)
    await take_up(world, question)
    await claim(world)
    await answer(world)
    for act, key in acts:
        await moderate(world, act, Qt.Key.Key_X, key)
    await resolve(world)


@pytest.fixture
def question() -> str:
    """What nobody else asks."""
    return f"Where is my order {uuid4().hex[:8]}?"


def test_bluesky(atproto: Server, profile: Path, question: str) -> None:
    account = Account(
        "Bluesky",
        {"name": "b", "server": atproto["BASE"], "user": atproto["AGENT_USER"], "secret": atproto["AGENT_PASSWORD"]},
    )

    async def steps(world: World) -> None:
        async with bluesky_people(atproto) as (agent, alice, _):
            asked = await alice.write(question, mention=agent)
            await agent.until("app.bsky.feed.getPosts", lambda found: found.get("posts"), uris=asked["uri"])
            await shift(world, account, question, (Act.BLOCK, Qt.Key.Key_B))
            said = [record for record in await agent.listed("app.bsky.feed.post") if record["text"] == ANSWER]
            assert [record["reply"]["parent"]["uri"] for record in said] == [asked["uri"]]
            assert [record["subject"] for record in await agent.listed("app.bsky.graph.block")] == [alice.did]
            # Others find the people of this network as they were.
            actions = world.window.actions_table
            await world.until(lambda: actions.reason(act_id(Act.UNBLOCK)) is None, "can be lifted")
            world.press(Qt.Key.Key_X)
            world.press(Qt.Key.Key_B, _Modifier.ShiftModifier)
            await done(world, Act.UNBLOCK)
            assert await agent.listed("app.bsky.graph.block") == []

    run(profile, None, steps)


def test_bluesky_hides_a_rude_reply_below_our_post(atproto: Server, profile: Path, question: str) -> None:
    account = Account(
        "Bluesky",
        {"name": "b", "server": atproto["BASE"], "user": atproto["AGENT_USER"], "secret": atproto["AGENT_PASSWORD"]},
    )

    async def steps(world: World) -> None:
        async with bluesky_people(atproto) as (agent, alice, bob):
            ours = await agent.write("We are open again.")
            rude = await alice.write(f"You are all crooks! {question}", to=ours)
            await agent.until("app.bsky.feed.getPosts", lambda found: found.get("posts"), uris=rude["uri"])
            gate = ours["uri"].replace("app.bsky.feed.post", "app.bsky.feed.threadgate")

            async def hidden() -> list[str]:
                """What others are told to hide, asked by somebody else."""
                found = await bob.ask("app.bsky.feed.getPostThread", uri=ours["uri"])
                return list(found.get("threadgate", {}).get("record", {}).get("hiddenReplies", []))

            async def is_shown() -> bool:
                return not await hidden()

            await connect(world, account)
            await take_up(world, question)
            await claim(world)
            await moderate(world, Act.HIDE, Qt.Key.Key_X, Qt.Key.Key_H)
            assert (await agent.record(gate))["value"]["hiddenReplies"] == [rude["uri"]]
            assert await on_server(hidden, "hidden for others") == [rude["uri"]]
            chips = [text for text, _tone in world.bench.panel.thread_view.views()[-1]._facts()]
            assert "Hidden" in chips
            actions = world.window.actions_table
            await world.until(lambda: actions.reason(act_id(Act.UNHIDE)) is None, "can be shown again")
            world.press(Qt.Key.Key_X)
            world.press(Qt.Key.Key_H, _Modifier.ShiftModifier)
            await done(world, Act.UNHIDE)
            assert (await agent.record(gate))["value"]["hiddenReplies"] == []
            assert await on_server(is_shown, "shown again")
            await agent.delete(ours["uri"])

    run(profile, None, steps)


def test_matrix(synapse: Server, profile: Path, question: str) -> None:
    account = Account(
        "Matrix",
        {"name": "m", "server": synapse["BASE"], "user": synapse["AGENT_USER"], "secret": synapse["AGENT_TOKEN"]},
    )

    async def steps(world: World) -> None:
        async with matrix_people(synapse.values) as (agent, alice, bob):
            room = await agent.room(alice, bob, name="Workshop")
            event = await alice.write(room, question, **{"m.mentions": {"user_ids": [agent.user]}})
            await shift(world, account, question, (Act.KICK, Qt.Key.Key_K), (Act.REMOVE, Qt.Key.Key_Delete))
            assert (await bob.texts(room)).count(ANSWER) == 1
            assert await bob.membership(room, alice.user) == "leave"
            assert (await bob.event(room, event))["content"] == {}

    run(profile, None, steps)


def mailbox(mail: Server) -> Account:
    """The agent's mailbox, as it is entered."""
    return Account(
        "E-mail",
        {
            "name": "e", "server": f"imap://{mail['IMAP_HOST']}:{mail['IMAP_PORT']}",
            "smtp": f"smtp://{mail['SMTP_HOST']}:{mail['SMTP_PORT']}",
            "user": "agent", "secret": mail["AGENT_PASSWORD"], "address": mail["AGENT_ADDRESS"],
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    ("act", "key", "folder"),
    [(Act.JUNK, Qt.Key.Key_J, "Junk"), (Act.ARCHIVE, Qt.Key.Key_V, "Archive")],
    ids=["junk", "archive"],
)
def test_email(mail: Server, profile: Path, question: str, act: Act, key: Qt.Key, folder: str) -> None:
    boxes = Mailboxes(mail)

    async def steps(world: World) -> None:
        await asyncio.to_thread(boxes.empty)
        asked = await asyncio.to_thread(boxes.post, question, "Order")
        await shift(world, mailbox(mail), question, (act, key))
        (there,) = await asyncio.to_thread(boxes.held, folder)
        assert there["Message-ID"] == asked
        for user, place in (("agent", "Sent"), ("alice", "INBOX")):
            found = await on_server(lambda u=user, p=place: asyncio.to_thread(boxes.held, p, u), place)  # type: ignore[misc]
            (reply,) = found
            assert (reply["In-Reply-To"], ANSWER in str(reply.get_payload())) == (asked, True)

    run(profile, None, steps)


def test_a_file_of_a_mail_is_fetched_when_it_is_asked_for(mail: Server, profile: Path, question: str) -> None:
    boxes = Mailboxes(mail)
    content = bytes(range(256)) * 40
    head, body = parts(
        "mixed",
        f"Content-Type: text/plain\n\n{question}",
        'Content-Type: application/pdf; name="in/voice.pdf"\nContent-Transfer-Encoding: base64\n'
        f'Content-Disposition: attachment; filename="in/voice.pdf"\n\n{encodebytes(content).decode()}',
    )

    async def steps(world: World) -> None:
        await asyncio.to_thread(boxes.empty)
        await asyncio.to_thread(boxes.post, body, "Invoice", head=head)
        await connect(world, mailbox(mail))
        await take_up(world, question)
        thread = world.bench.panel.thread_view
        await world.until(lambda: thread.views() and thread.views()[-1].tiles, "the file in the thread")
        (tile,) = thread.views()[-1].tiles
        await reach(world, tile)
        world.press(Qt.Key.Key_Space)
        dialog: QFileDialog = await world.dialog(QFileDialog)
        assert [Path(name).name for name in dialog.selectedFiles()] == ["voice.pdf"]
        saved = profile / "kept.pdf"
        name = dialog.findChild(QLineEdit)
        assert name is not None
        name.setText(str(saved))
        dialog.accept()
        await in_time(lambda: any("kept.pdf" in text for text in world.window.notices.texts), "saved")
        assert await asyncio.to_thread(saved.read_bytes) == content

    run(profile, None, steps)


@pytest.mark.parametrize(
    ("act", "key", "status"),
    [(Act.APPROVE, Qt.Key.Key_Y, "approved"), (Act.JUNK, Qt.Key.Key_J, "spam")],
    ids=["approve", "spam"],
)
def test_wordpress(wordpress: Server, profile: Path, question: str, act: Act, key: Qt.Key, status: str) -> None:
    visitors = Visitors(wordpress)
    account = Account(
        "WordPress",
        {"name": "w", "server": wordpress["SITE"], "user": "agent", "secret": wordpress["AGENT_APP_PASSWORD"]},
    )

    async def steps(world: World) -> None:
        await asyncio.to_thread(visitors.empty)
        number = await asyncio.to_thread(visitors.write, question)
        assert (await asyncio.to_thread(visitors.comment, number))["status"] == "hold"
        await shift(world, account, question, (act, key))
        assert (await asyncio.to_thread(visitors.comment, number))["status"] == status
        listed = await asyncio.to_thread(visitors.call, "GET", f"/comments?parent={number}&context=edit&status=any")
        assert [item["content"]["raw"] for item in listed] == [ANSWER]

    run(profile, None, steps)
