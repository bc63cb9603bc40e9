"""On a real homeserver (Synapse): read, answered, moderated, cut off, stopped and begun again."""

import asyncio
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec
import pytest

from tests.conformance.desk import Desk
from tests.conformance.wire import Wire
from tests.connectors.matrix.people import Person, people
from tests.servers.running import AbsentError, Server, installed, running
from workstation.connectors.base import HandsOverFiles, ReadsBack
from workstation.connectors.registry import built_in
from workstation.domain.channels import ChannelConfig, Condition
from workstation.domain.errors import GoneError, PermissionDeniedError, RateLimitedError
from workstation.domain.messages import Kind, Mark, Visibility
from workstation.domain.outbox import Act, Operation, State
from workstation.domain.reading import worded

pytestmark = [pytest.mark.servers, pytest.mark.timeout(240)]

if TYPE_CHECKING:
    from tests.conformance.kit import Kit

ROOT = Path(__file__).resolve().parents[3]
People = tuple[Person, Person, Person]


class RealKit:
    """What a desk needs to know of the network."""

    live = "live"

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def connector(self) -> object:
        """The connector."""
        return built_in().connector("matrix")


class World:
    """A desk on the real server, behind a wire."""

    def __init__(self, server: Server, wire: Wire, folder: Path) -> None:
        self.server, self.wire, self._folder = server, wire, folder
        self.desks: list[Desk] = []

    async def desk(self, **settings: str) -> Desk:
        """A desk that reads, once it has read everything."""
        host, port = self.wire.address
        kit: Kit = RealKit(self.server["AGENT_TOKEN"])  # type: ignore[assignment]
        config = ChannelConfig(0, "matrix", "m", f"http://{host}:{port}", "agent", "env:SECRET", settings)
        desk = Desk(kit, self.desks[-1].config if self.desks else config, self._folder)
        self.desks.append(desk)
        await desk.open()
        await desk.until_read()
        return desk


@pytest.fixture
async def trio(synapse: Server) -> AsyncIterator[People]:
    """The agent, Alice and Bob."""
    async with people(synapse.values) as found:
        yield found


@pytest.fixture
async def world(synapse: Server, tmp_path: Path) -> AsyncIterator[World]:
    """The server behind a wire."""
    parts = urlsplit(synapse["BASE"])
    wire = Wire(parts.hostname or "", parts.port or 0)
    await wire.up()
    made = World(synapse, wire, tmp_path)
    yield made
    if made.desks:
        await made.desks[-1].close()
    await wire.down()


def _do(act: Act, target: str, account: str = "", text: str = "", **options: str) -> Operation:
    return Operation(str(uuid4()), act, target=target, account=account, text=text, options=options)


async def test_the_command_line(synapse: Server, trio: People, tmp_path: Path) -> None:
    agent, alice, _ = trio
    room = await alice.room(agent)
    await alice.write(room, "written before")
    await alice.room(agent, joined=False, name="Only invited")
    environment = os.environ | {"AGENT_TOKEN": synapse["AGENT_TOKEN"], "LC_ALL": "C.UTF-8"}

    async def run(*words: str) -> str:
        started = await asyncio.create_subprocess_exec(
            sys.executable, "main.py", "--profile", str(tmp_path), *words,
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        output, _ = await started.communicate()
        assert started.returncode == 0, output.decode()
        return output.decode()

    user = synapse["AGENT_USER"]
    await run("channels", "add", "matrix", "--name", "m", "--server", synapse["BASE"], "--user", user,
              "--secret-env", "AGENT_TOKEN")  # fmt: skip
    assert "Channel “m” works." in await run("channels", "test", "m")

    async def write_meanwhile() -> None:
        await asyncio.sleep(6)
        await alice.write(room, "written meanwhile")

    said, _ = await asyncio.gather(run("collect", "--seconds", "12"), write_meanwhile())
    assert "lost 0" in said
    rows = [msgspec.json.decode(line) for line in (await run("export", "messages", "--format", "jsonl")).splitlines()]
    texts = [row["text"] for row in rows]
    assert texts.count("written before") == texts.count("written meanwhile") == 1
    assert any("Only invited" in text for text in texts)
    target = next(row["remote_id"] for row in rows if row["text"] == "written meanwhile")
    assert "Sent" in await run("reply", target, "--text", "we have read it", "--wait")
    assert "we have read it" in await alice.texts(room)


async def test_what_people_write(world: World, trio: People) -> None:
    agent, alice, bob = trio
    pair, group = await alice.room(agent), await alice.room(agent, bob, name="Workshop")
    await alice.state(group, "m.room.join_rules", {"join_rule": "public"})
    desk = await world.desk()
    direct = await alice.write(pair, "to you alone")
    loud = await alice.write(group, "hey", **{"m.mentions": {"user_ids": [agent.user]}})
    chat = await bob.write(group, "just talking")
    found = await desk.until_stored(direct, loud, chat)
    assert found[direct].message.kind is Kind.DIRECT
    assert found[direct].message.visibility is Visibility.DIRECT
    assert found[loud].message.kind is Kind.MENTION
    assert found[loud].message.visibility is Visibility.PUBLIC
    assert found[chat].message.kind is Kind.POST
    assert found[chat].case is None
    answer = await desk.settled(await desk.send(found[loud], "we are here"))
    follow = await alice.write(group, "one more thing")
    thanks = await alice.write(group, "thanks", **{"m.relates_to": {"m.in_reply_to": {"event_id": answer.remote_id}}})
    found = await desk.until_stored(follow, thanks, answer.remote_id)
    assert found[thanks].message.kind is Kind.MENTION
    assert {found[each].message.case for each in (loud, follow, thanks, answer.remote_id)} == {found[loud].message.case}
    await alice.edit(pair, direct, "to you and nobody else")
    await desk.until_entry(direct, "edited", lambda entry: entry.message.text == "to you and nobody else")
    await alice.redact(pair, direct)
    await desk.until_entry(direct, "deleted", lambda entry: entry.message.deleted_at > 0)
    assert desk.supervisor.opened(desk.config.id).titles[f"room:{group}"] == "Workshop"  # type: ignore[union-attr]
    await desk.nothing_missing()


async def test_three_hundred_messages_and_cuts_in_the_middle(world: World, trio: People) -> None:
    agent, alice, _ = trio
    room = await alice.room(agent)
    desk = await world.desk()
    first = await alice.write(room, "before")
    await desk.until_stored(first)
    await desk.close()
    said = [await alice.write(room, f"number {number}") for number in range(300)]
    for size in (700, 9_000, 30_000):
        world.wire.cut_after(size)
        desk = await world.desk()
        if size < 30_000:
            await desk.close()
    await desk.until_stored(first, *said)
    world.wire.cut_after(300)
    said += [await alice.write(room, f"after {number}") for number in range(5)]
    found = await desk.until_stored(*said)
    assert sum(entry.message.text.startswith("number") for entry in found.values()) == 300
    await desk.nothing_missing()
    rows = await desk.store.messages.ledger(desk.config.id)
    # What is read again after a cut is at most a page each time: gaps end where they should.
    assert sum(row.received for row in rows if row.source == f"room:{room}") < 306 + 20 + 4 * 100


async def test_a_server_that_is_stopped_and_begun_again(trio: People, tmp_path: Path) -> None:
    with _own_server() as server:
        async with people(server.values) as (agent, alice, _):
            room = await alice.room(agent)
            parts = urlsplit(server["BASE"])
            wire = Wire(parts.hostname or "", parts.port or 0)
            await wire.up()
            world = World(server, wire, tmp_path)
            desk = await world.desk()
            try:
                said = [await alice.write(room, f"before {number}") for number in range(20)]
                server.stop()
                await desk.until_health(Condition.WAITING)
                with _again(server):
                    await _until_up(alice)
                    said += [await alice.write(room, f"after {number}") for number in range(100)]
                    found = await desk.until_stored(*said, patience=60)
                    assert set(said) == {each for each, entry in found.items() if entry.message.kind is Kind.DIRECT}
                    await desk.until_read()
                    await desk.nothing_missing()
            finally:
                await desk.close()
                await wire.down()


@contextmanager
def _own_server() -> Iterator[Server]:
    """A homeserver of this test's own; skipped where none is installed."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running("synapse"))
        except AbsentError as absent:
            pytest.skip(str(absent))
        yield server


class _again:  # noqa: N801 - a block
    """The same server with the state that it had, for as long as the block lasts."""

    def __init__(self, server: Server) -> None:
        self._state = Path(server._environment["MERIDIAN_STATE"]) / "synapse"

    def __enter__(self) -> None:
        python = installed() / "synapse" / "venv" / "bin" / "python"
        self._process = subprocess.Popen(
            [python, "-m", "synapse.app.homeserver", "-c", self._state / "homeserver.yaml"],
            cwd=self._state, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)


async def _until_up(person: Person) -> None:
    for _ in range(300):
        try:
            await person.ask("GET", "/account/whoami")
        except OSError:
            await asyncio.sleep(0.1)
        else:
            return
    raise AssertionError("it does not come up again")


async def test_an_answer_that_is_lost_is_found(world: World, trio: People) -> None:
    agent, alice, _ = trio
    room = await alice.room(agent)
    desk = await world.desk()
    asked = await alice.write(room, "where?")
    entry = (await desk.until_stored(asked))[asked]
    world.wire.lose_answer(b"/send/m.room.message/")
    row = await desk.settled(await desk.send(entry, "only once"))
    assert (row.state, world.wire.lost) == (State.SENT, 1)
    assert (await alice.texts(room)).count("only once") == 1
    channel = desk.channel()
    operation = desk.reply(entry, "the same twice")
    sent = await channel.send(operation)
    assert (await channel.send(operation)).remote_id == sent.remote_id
    found = await channel.find_sent(operation, 0)
    assert found is not None
    assert found.remote_id == sent.remote_id
    assert await channel.find_sent(desk.reply(entry, "never sent"), 0) is None


async def test_moderation_is_seen_on_the_server(world: World, trio: People) -> None:
    agent, alice, bob = trio
    room = await agent.room(alice, bob, name="Moderated")
    desk = await world.desk()
    ours = await agent.write(room, "welcome")
    spam, fine = await bob.write(room, "buy pills"), await alice.write(room, "hello")
    await desk.until_stored(ours, spam, fine)
    channel = desk.channel()
    for act in (Act.FAVOURITE, Act.REPORT):
        await channel.send(_do(act, fine, alice.user, comment="just a try"))
    reactions = [each for each in await alice.events(room) if each["type"] == "m.reaction"]
    assert [each["content"]["m.relates_to"]["key"] for each in reactions] == ["👍"]
    await desk.until_entry(fine, "favoured", lambda entry: Mark.FAVOURITED in entry.message.marks)
    reports = await agent.ask("GET", "/_synapse/admin/v1/event_reports")
    assert any(each["event_id"] == fine for each in reports["event_reports"])
    await channel.send(_do(Act.UNFAVOURITE, fine, alice.user))
    await desk.until_entry(fine, "not favoured", lambda entry: Mark.FAVOURITED not in entry.message.marks)
    await channel.send(_do(Act.EDIT, ours, text="welcome, all"))
    edited = await alice.event(room, ours)
    assert edited["unsigned"]["m.relations"]["m.replace"]["content"]["m.new_content"]["body"] == "welcome, all"
    await channel.send(_do(Act.REMOVE, spam, bob.user, reason="spam"))
    assert (await alice.event(room, spam))["content"] == {}
    await desk.until_entry(spam, "removed", lambda entry: entry.message.deleted_at > 0)
    await channel.send(_do(Act.KICK, spam, bob.user, reason="spam"))
    assert await alice.membership(room, bob.user) == "leave"
    await channel.send(_do(Act.BAN, spam, bob.user))
    assert await alice.membership(room, bob.user) == "ban"
    await channel.send(_do(Act.UNBAN, spam, bob.user))
    assert await alice.membership(room, bob.user) == "leave"
    await channel.send(_do(Act.DELETE, ours))
    assert (await alice.event(room, ours))["content"] == {}
    for act, ignored in ((Act.MUTE, True), (Act.UNMUTE, False)):
        await channel.send(_do(act, spam, bob.user))
        listed = await agent.ask("GET", f"/user/{agent.user}/account_data/m.ignored_user_list")
        assert (bob.user in listed["ignored_users"]) is ignored
    await desk.nothing_missing()


async def test_what_is_not_permitted_is_said(world: World, trio: People) -> None:
    agent, alice, _ = trio
    room = await alice.room(agent, room_version="10")
    asked = await alice.write(room, "hello")
    channel = (await world.desk()).channel()
    with pytest.raises(PermissionDeniedError):
        await channel.send(_do(Act.BAN, asked, alice.user))
    await alice.state(room, "m.room.power_levels", {"users": {alice.user: 100}, "events_default": 50})
    with pytest.raises(PermissionDeniedError) as caught:
        await channel.send(_do(Act.REPLY, asked, text="hello"))
    assert caught.value.params["why"]
    with pytest.raises(GoneError):
        await channel.send(_do(Act.REPLY, "$nowhere", text="hello"))


async def test_an_encrypted_room(world: World, trio: People) -> None:
    agent, alice, _ = trio
    room = await alice.room(agent)
    desk = await world.desk()
    await alice.state(room, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
    sealed = await alice.send(room, {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"}, "m.room.encrypted")
    entry = (await desk.until_stored(sealed))[sealed]
    assert Mark.ENCRYPTED in entry.message.marks
    assert "encrypted" in worded(entry.message, lambda text: text.msgid)
    assert entry.case is not None
    row = await desk.settled(await desk.send(entry, "in the open"))
    assert (row.state, row.error) == (State.FAILED, "reply_not_allowed")
    assert "in the open" not in await alice.texts(room)


async def test_invitations_and_rooms_that_move(world: World, trio: People) -> None:
    agent, alice, _ = trio
    desk = await world.desk()
    room = await alice.room(agent, joined=False, name="The den")
    waiting = f"invite:{room}"
    entry = (await desk.until_stored(waiting))[waiting]
    assert "The den" in entry.message.text
    assert entry.case is not None
    assert Mark.HELD in entry.message.marks
    await desk.channel().send(_do(Act.APPROVE, waiting, alice.user))
    await desk.until_entry(waiting, "accepted", lambda found: Mark.HELD not in found.message.marks)
    hello = await alice.write(room, "you came")
    assert (await desk.until_stored(hello))[hello].message.case == entry.message.case
    onward = str((await alice.ask("POST", f"/rooms/{room}/upgrade", {"new_version": "11"}))["replacement_room"])
    # Clients invite the people of the old room into the new one.
    await alice.ask("POST", f"/rooms/{onward}/invite", {"user_id": agent.user})
    for _ in range(100):
        if onward in (await agent.ask("GET", "/joined_rooms"))["joined_rooms"]:
            break
        await asyncio.sleep(0.1)
    moved = await alice.write(onward, "we moved")
    await desk.until_stored(moved)


async def test_what_was_written_before_we_came_in(world: World, trio: People) -> None:
    agent, alice, _ = trio
    desk = await world.desk()
    room = await alice.room(agent, joined=False)
    await desk.until_stored(f"invite:{room}")
    said = [await alice.write(room, f"are you there? {number}") for number in range(100)]
    await desk.channel().send(_do(Act.APPROVE, f"invite:{room}", alice.user))
    found = await desk.until_stored(*said)
    assert len({found[each].message.case for each in said}) == 1
    phone = await agent.write(room, "yes, from my phone")
    found = await desk.until_stored(phone)
    answered = found[phone].case
    assert answered is not None
    assert answered.id == found[said[0]].message.case
    assert not answered.waiting_since
    await desk.nothing_missing()


async def test_files_threads_and_older_messages(world: World, trio: People) -> None:
    agent, alice, bob = trio
    room = await alice.room(agent, bob)
    url = await alice.upload(_picture(), "image/png")
    image = await alice.send(
        room, {"msgtype": "m.image", "body": "a dot", "url": url, "info": {"mimetype": "image/png"}}
    )
    root = await alice.write(room, "topic")
    below = await bob.write(room, "below", **{"m.relates_to": {"rel_type": "m.thread", "event_id": root}})
    said = [await alice.write(room, f"older {number}") for number in range(120)]
    desk = await world.desk()
    channel = desk.channel()
    assert (await channel.media(url))[:4] == b"\x89PNG"
    assert isinstance(channel, HandsOverFiles)
    assert await channel.file(url) == _picture()
    around = await channel.thread(root)
    assert {root, below} <= {message.remote_id for message in around.messages}
    assert said[-1] in {message.remote_id for message in (await channel.history(alice.user)).messages}
    (again,) = (await channel.refresh((image,))).messages
    assert again.media[0].url == url
    assert isinstance(channel, ReadsBack)
    seen, position, oldest = {said[-1]}, "", said[-1]
    for _ in range(20):
        page = await channel.earlier(f"room:{room}", position, oldest, 0)
        seen |= {message.remote_id for batch in page.batches for message in batch.messages}
        position = page.position
        if not page.more:
            break
    assert {image, root, below, *said} <= seen


async def test_a_password(synapse: Server, tmp_path: Path, world: World) -> None:
    host, port = world.wire.address
    settings = {"auth": "password"}
    config = ChannelConfig(0, "matrix", "p", f"http://{host}:{port}", "agent", "env:SECRET", settings)
    kit: Kit = RealKit(synapse["AGENT_PASSWORD"])  # type: ignore[assignment]
    desk = await Desk(kit, config, tmp_path).open()
    try:
        await desk.until_read()
    finally:
        await desk.close()


async def test_a_server_that_says_later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SYNAPSE_RATE", "1")
    with _own_server() as server:
        async with people(server.values) as (agent, alice, _):
            room = await alice.room(agent)
            asked = await alice.write(room, "where?")
            parts = urlsplit(server["BASE"])
            wire = Wire(parts.hostname or "", parts.port or 0)
            await wire.up()
            desk = await World(server, wire, tmp_path).desk()
            try:
                entry = (await desk.until_stored(asked))[asked]
                waits = 0
                for number in range(6):
                    try:
                        await desk.channel().send(desk.reply(entry, f"hurry {number}"))
                    except RateLimitedError as error:
                        waits += error.retry_at > 0
                assert waits
                sent = [await desk.send(entry, f"patient {number}") for number in range(3)]
                assert [(await desk.settled(each)).state for each in sent] == [State.SENT] * 3
                texts = await alice.texts(room)
                assert [texts.count(f"patient {number}") for number in range(3)] == [1, 1, 1]
            finally:
                await desk.close()
                await wire.down()


def _picture() -> bytes:
    """A PNG of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00\xff\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
