"""On the real network (PLC, PDS, AppView, Ozone): read, answered, moderated, cut off, frozen and thawed."""

import asyncio
import os
import signal
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp
import msgspec
import pytest

from tests.conformance.desk import Desk
from tests.conformance.wire import Wire
from tests.connectors.bluesky.people import POST, Person, people
from tests.servers.running import Server
from workstation.connectors.base import TakesPictures
from workstation.connectors.bluesky.sign_in import Signing
from workstation.connectors.registry import built_in
from workstation.domain.channels import ChannelConfig, Condition
from workstation.domain.errors import AmbiguousError, GoneError, PermissionDeniedError, ReplyNotAllowedError
from workstation.domain.messages import Kind, Mark
from workstation.domain.outbox import Act, Operation, State
from workstation.domain.posts import PictureData
from workstation.net.client import Client

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

if TYPE_CHECKING:
    from tests.conformance.kit import Kit

ROOT = Path(__file__).resolve().parents[3]
People = tuple[Person, Person, Person]


class RealKit:
    """What a desk needs to know of the network."""

    live = "polling"

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def connector(self) -> object:
        """The connector."""
        return built_in().connector("bluesky")


class World:
    """A desk on the real network, behind a wire."""

    def __init__(self, server: Server, wire: Wire, folder: Path) -> None:
        self.server, self.wire, self._folder = server, wire, folder
        self.desks: list[Desk] = []

    async def desk(self, **settings: str) -> Desk:
        """A desk that reads, once it has read everything."""
        host, port = self.wire.address
        kit: Kit = RealKit(self.server["AGENT_PASSWORD"])  # type: ignore[assignment]
        settings = {"poll_seconds": "1"} | settings
        user = self.server["AGENT_USER"]
        config = ChannelConfig(0, "bluesky", "b", f"http://{host}:{port}", user, "env:SECRET", settings)
        desk = Desk(kit, self.desks[-1].config if self.desks else config, self._folder)
        self.desks.append(desk)
        await desk.open()
        await desk.until_read()
        return desk


@pytest.fixture
async def trio(atproto: Server) -> AsyncIterator[People]:
    """The agent, Alice and Bob."""
    async with people(atproto) as found:
        yield found


@pytest.fixture
async def world(atproto: Server, tmp_path: Path) -> AsyncIterator[World]:
    """The server behind a wire."""
    parts = urlsplit(atproto["BASE"])
    wire = Wire(parts.hostname or "", parts.port or 0)
    await wire.up()
    made = World(atproto, wire, tmp_path)
    yield made
    if made.desks:
        await made.desks[-1].close()
    await wire.down()


def _do(act: Act, target: str = "", account: str = "", text: str = "", at: int = 0, **options: str) -> Operation:
    return Operation(str(uuid4()), act, target=target, account=account, text=text, options=options, at=at or _now())


def _png() -> bytes:
    """A small red picture."""
    rows = b"".join(b"\0" + b"\xff\0\0" * 32 for _ in range(24))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 32, 24, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def _process(server: Server) -> int:
    """The process that all parts of the network run in."""
    lines = (Path(server._environment["MERIDIAN_STATE"]) / "atproto" / "pids").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("network "))


def _now() -> int:
    return time.time_ns() // 1_000


async def test_the_command_line(atproto: Server, trio: People, tmp_path: Path) -> None:
    agent, alice, _ = trio
    await alice.write("written before", mention=agent)
    environment = os.environ | {"AGENT_PASSWORD": atproto["AGENT_PASSWORD"], "LC_ALL": "C.UTF-8"}

    async def run(*words: str) -> str:
        started = await asyncio.create_subprocess_exec(
            sys.executable, "main.py", "--profile", str(tmp_path), *words,
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        output, _ = await started.communicate()
        assert started.returncode == 0, output.decode()
        return output.decode()

    user = atproto["AGENT_USER"]
    await run("channels", "add", "bluesky", "--name", "b", "--server", atproto["BASE"], "--user", user,
              "--secret-env", "AGENT_PASSWORD")  # fmt: skip
    assert "Channel “b” works." in await run("channels", "test", "b")

    async def write_meanwhile() -> None:
        await asyncio.sleep(6)
        await alice.write("written meanwhile", mention=agent)

    said, _ = await asyncio.gather(run("collect", "--seconds", "20"), write_meanwhile())
    assert "lost 0" in said
    rows = [msgspec.json.decode(line) for line in (await run("export", "messages", "--format", "jsonl")).splitlines()]
    texts = [row["text"].partition(" ")[2] for row in rows]
    assert texts.count("written before") == texts.count("written meanwhile") == 1
    target = next(row["remote_id"] for row in rows if "written meanwhile" in row["text"])
    assert "https://bsky.app/profile/did:plc:" in await run("reply", target, "--text", "we have read it", "--wait")
    assert "we have read it" in [record["text"] for record in await agent.listed(POST)]


async def test_what_people_write(world: World, trio: People) -> None:
    agent, alice, bob = trio
    desk = await world.desk(sources="mentions, own, home, search:Zanzibar")
    mention = await alice.write("is it https://example.com/a?", mention=agent)
    found = (await desk.until_stored(mention["uri"]))[mention["uri"]]
    assert (found.message.kind, found.message.author.handle) == (Kind.MENTION, "alice.test")
    answer = await desk.channel().send(_do(Act.REPLY, mention["uri"], alice.did, "yes, @bob.test, #sure"))
    record = (await agent.record(answer.remote_id))["value"]
    assert record["reply"]["root"] == record["reply"]["parent"] == mention
    kinds = [feature["$type"].partition("#")[2] for facet in record["facets"] for feature in facet["features"]]
    assert kinds == ["mention", "tag"]
    await agent.until("app.bsky.feed.getPosts", lambda found: found.get("posts"), uris=answer.remote_id)
    again = await alice.write(
        "thanks", to={"uri": answer.remote_id, "cid": (await agent.record(answer.remote_id))["cid"]}
    )
    topic = await bob.write("to Zanzibar!")
    stored = await desk.until_stored(mention["uri"], answer.remote_id, again["uri"], topic["uri"])
    assert stored[again["uri"]].message.kind is Kind.MENTION
    assert stored[again["uri"]].message.branch == stored[mention["uri"]].message.branch
    assert stored[topic["uri"]].message.kind is Kind.POST
    assert stored[answer.remote_id].message.own
    thread = await desk.channel().thread(again["uri"])
    assert [message.remote_id for message in thread.messages] == [mention["uri"], answer.remote_id, again["uri"]]
    history = await desk.channel().history(alice.did)
    assert mention["uri"] in {message.remote_id for message in history.messages}
    await alice.delete(mention["uri"])
    await desk.until_entry(mention["uri"], "deleted", lambda entry: entry.message.deleted_at > 0)
    refreshed = await desk.channel().refresh((mention["uri"], again["uri"]))
    assert [deletion.remote_id for deletion in refreshed.deletions] == [mention["uri"]]
    await desk.nothing_missing()


async def test_two_hundred_mentions_and_cuts_in_the_middle(world: World, trio: People) -> None:
    agent, alice, bob = trio
    desk = await world.desk(sources="mentions")
    said: list[str] = []
    for turn in range(4):
        writers = [who.write(f"number {turn}.{number}", mention=agent) for number in range(25) for who in (alice, bob)]
        world.wire.cut_after(400 + 900 * turn)  # answers are compressed
        said += [post["uri"] for post in await asyncio.gather(*writers)]
        await desk.until_stored(*said, patience=60)
    assert world.wire.cuts == 4
    await desk.nothing_missing()


@pytest.mark.slow  # as the minutes away of the other networks: asked for by itself
async def test_a_server_that_freezes_for_a_minute(world: World, trio: People) -> None:
    agent, alice, _ = trio
    desk = await world.desk(sources="mentions")
    before = await alice.write("before the frost", mention=agent)
    await desk.until_stored(before["uri"])
    process = _process(world.server)
    os.kill(process, signal.SIGSTOP)
    try:
        await world.wire.down()
        await desk.until_health(Condition.WAITING, Condition.CATCHING_UP)
        await asyncio.sleep(60)
    finally:
        os.kill(process, signal.SIGCONT)
    said = [(await alice.write(f"in the dark {number}", mention=agent))["uri"] for number in range(70)]
    await world.wire.up()
    await desk.until_stored(before["uri"], *said, patience=150)  # the AppView takes its time to follow again
    await desk.until_read()
    await desk.nothing_missing()


async def test_an_answer_that_is_lost_is_found(world: World, trio: People) -> None:
    agent, alice, _ = trio
    desk = await world.desk(sources="mentions")
    post = await alice.write("is anybody there?", mention=agent)
    entry = (await desk.until_stored(post["uri"]))[post["uri"]]
    world.wire.lose_answer(b"POST /xrpc/com.atproto.repo.putRecord")
    row = await desk.settled(await desk.send(entry, "Exactly once."))
    assert row.state is State.SENT
    assert world.wire.lost == 1
    operation = _do(Act.REPLY, post["uri"], alice.did, "Exactly twice tried.")
    world.wire.lose_answer(b"POST /xrpc/com.atproto.repo.putRecord")
    with pytest.raises(AmbiguousError):
        await desk.channel().send(operation)
    sent = await desk.channel().send(operation)
    found = await desk.channel().find_sent(operation, 0)
    assert found is not None
    assert found.remote_id == sent.remote_id
    texts = [record["text"] for record in await agent.listed(POST)]
    assert texts.count("Exactly once.") == texts.count("Exactly twice tried.") == 1


async def test_moderation_is_seen_on_the_server(world: World, trio: People) -> None:
    agent, alice, bob = trio
    desk = await world.desk(sources="mentions, reports")
    channel = desk.channel()
    own = await channel.send(_do(Act.POST, text="We are open."))
    root = {"uri": own.remote_id, "cid": (await agent.record(own.remote_id))["cid"]}
    rude = await alice.write("you are all crooks", to=root)
    await desk.until_stored(rude["uri"])
    hidden = await channel.send(_do(Act.HIDE, rude["uri"], alice.did))
    assert hidden.batch is not None
    assert Mark.HIDDEN in hidden.batch.messages[0].marks
    gate = own.remote_id.replace(POST, "app.bsky.feed.threadgate")
    assert (await agent.record(gate))["value"]["hiddenReplies"] == [rude["uri"]]
    await channel.send(_do(Act.UNHIDE, rude["uri"], alice.did))
    assert (await agent.record(gate))["value"]["hiddenReplies"] == []
    stranger = await bob.write("not below ours")
    answer = await alice.write("indeed", to=stranger)
    await agent.until("app.bsky.feed.getPosts", lambda found: found.get("posts"), uris=answer["uri"])
    with pytest.raises(PermissionDeniedError):
        await channel.send(_do(Act.HIDE, answer["uri"], alice.did))
    for act, undo, collection in (
        (Act.FAVOURITE, Act.UNFAVOURITE, "app.bsky.feed.like"),
        (Act.BOOST, Act.UNBOOST, "app.bsky.feed.repost"),
        (Act.BLOCK, Act.UNBLOCK, "app.bsky.graph.block"),
    ):
        await channel.send(_do(act, rude["uri"], alice.did))
        assert len(await agent.listed(collection)) == 1
        await channel.send(_do(undo, rude["uri"], alice.did))
        assert await agent.listed(collection) == []
    await channel.send(_do(Act.MUTE, rude["uri"], bob.did))
    assert (await agent.ask("app.bsky.actor.getProfile", actor=bob.did))["viewer"]["muted"]
    await channel.send(_do(Act.UNMUTE, rude["uri"], bob.did))
    assert not (await agent.ask("app.bsky.actor.getProfile", actor=bob.did))["viewer"]["muted"]


async def test_reports_are_read_and_closed(world: World, trio: People) -> None:
    agent, alice, bob = trio
    desk = await world.desk(sources="reports")
    channel = desk.channel()
    post = await alice.write("buy my pills")
    await agent.until("app.bsky.feed.getPosts", lambda found: found.get("posts"), uris=post["uri"])
    subject = {"$type": "com.atproto.repo.strongRef", **post}
    body = {"reasonType": "com.atproto.moderation.defs#reasonSpam", "reason": "it is spam", "subject": subject}
    number = (await bob.ask("com.atproto.moderation.createReport", body))["id"]
    remote_id = f"report:{number}"
    entry = (await desk.until_stored(remote_id))[remote_id]
    assert entry.message.kind is Kind.REPORT
    assert entry.message.author.handle == "alice.test"
    assert entry.message.text.splitlines() == ["⚑ @bob.test → @alice.test · Spam", "", "it is spam", "",
                                               "> @alice.test:", "> buy my pills"]  # fmt: skip

    async def status() -> Any:
        found = await agent.ask("tools.ozone.moderation.queryStatuses", ozone=True, subject=post["uri"])
        return found["subjectStatuses"][0]

    for act, state, down in (
        (Act.ESCALATE_REPORT, "reviewEscalated", False),
        (Act.TAKE_DOWN, "reviewClosed", True),
        (Act.REVERSE_TAKE_DOWN, "reviewClosed", False),
        (Act.RESOLVE_REPORT, "reviewClosed", False),
    ):
        operation = _do(act, remote_id, alice.did, comment="seen")
        assert await channel.find_sent(operation, 0) is None
        await channel.send(operation)
        await channel.send(operation)  # the same one again changes nothing
        assert await channel.find_sent(operation, 0) is not None
        now = await status()
        assert (now["reviewState"].partition("#")[2], now["takendown"]) == (state, down)
    events = await agent.ask("tools.ozone.moderation.queryEvents", ozone=True, subject=post["uri"], limit=100)
    assert len([event for event in events["events"] if event["event"]["$type"].endswith("modEventTakedown")]) == 1
    await channel.send(_do(Act.LABEL, remote_id, alice.did, label="spam"))
    await desk.until_entry(remote_id, "closed", lambda found: Mark.RESOLVED in found.message.marks)


async def test_pictures_gone_posts_and_closed_threads(world: World, trio: People) -> None:
    agent, alice, _ = trio
    desk = await world.desk(sources="mentions")
    channel = desk.channel()
    assert isinstance(channel, TakesPictures)
    picture = PictureData("image/png", _png(), "a red square")
    operation = _do(Act.POST, text="look", media=await channel.attach(picture))
    sent = await channel.send(operation)
    embed = (await agent.record(sent.remote_id))["value"]["embed"]
    assert embed["images"][0]["alt"] == "a red square"
    await agent.until("app.bsky.feed.getPosts", lambda found: found.get("posts"), uris=sent.remote_id)
    (message,) = (await channel.refresh((sent.remote_id,))).messages
    assert message.media[0].alt == "a red square"
    assert await channel.media(message.media[0].preview_url)
    gone = await alice.write("soon gone", mention=agent)
    await desk.until_stored(gone["uri"])
    await alice.delete(gone["uri"])
    await agent.until("app.bsky.feed.getPosts", lambda found: found.get("posts") == [], uris=gone["uri"])
    with pytest.raises(GoneError):
        await channel.send(_do(Act.REPLY, gone["uri"], alice.did, "too late"))
    closed = await alice.write("nobody may answer", mention=agent)
    gate = {
        "$type": "app.bsky.feed.threadgate",
        "post": closed["uri"],
        "allow": [],
        "createdAt": "2026-01-01T00:00:00Z",
    }
    rkey = closed["uri"].rpartition("/")[2]
    body = {"repo": alice.did, "collection": "app.bsky.feed.threadgate", "rkey": rkey, "record": gate}
    await alice.ask("com.atproto.repo.putRecord", body)
    await agent.until(
        "app.bsky.feed.getPosts",
        lambda found: found.get("posts") and found["posts"][0]["viewer"].get("replyDisabled"),
        uris=closed["uri"],
    )
    with pytest.raises(ReplyNotAllowedError):
        await channel.send(_do(Act.REPLY, closed["uri"], alice.did, "may we?"))


async def test_the_real_authorization_server_takes_our_request(atproto: Server, client: Client) -> None:
    """As far as the page on which a person agrees: the pushed request with its proof, its nonce and our client."""
    seen: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    parts = urlsplit(atproto["BASE"])
    config = ChannelConfig(0, "bluesky", "b", f"http://localhost:{parts.port}", atproto["AGENT_USER"])
    signing = asyncio.create_task(Signing(client)(config, seen.set_result, None))
    await asyncio.wait({signing, seen}, return_when=asyncio.FIRST_COMPLETED)
    if signing.done():
        signing.result()
    headers = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "none"}
    try:
        async with aiohttp.ClientSession(headers=headers) as session, session.get(seen.result()) as page:
            shown = await page.text()
        assert page.status == 200, shown[:500]
        assert "agent.test" in shown
    finally:
        signing.cancel()
        await asyncio.gather(signing, return_exceptions=True)
