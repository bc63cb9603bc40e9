"""On a real WordPress: read, answered, moderated, cut off in the middle of a page, away and back."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.conformance.desk import Desk
from tests.conformance.wire import Wire
from tests.connectors.wordpress.visitors import Visitors
from tests.servers.conftest import wordpress
from tests.servers.running import Server
from workstation.connectors.registry import built_in
from workstation.domain.channels import ChannelConfig, Condition
from workstation.domain.errors import AmbiguousError, AuthExpiredError, PermissionDeniedError, ReplyNotAllowedError
from workstation.domain.messages import Mark
from workstation.domain.outbox import Act, Operation, State
from workstation.services.actions import operation as new_operation

pytestmark = [pytest.mark.servers, pytest.mark.timeout(240)]

if TYPE_CHECKING:
    from tests.conformance.kit import Kit

__all__ = ["wordpress"]

ROOT = Path(__file__).resolve().parents[3]


class RealKit:
    """What a desk needs to know of the network."""

    live = "polling"

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def connector(self) -> object:
        """The connector."""
        return built_in().connector("wordpress")


class World:
    """A desk on the real server, behind a wire."""

    def __init__(self, server: Server, wire: Wire, folder: Path) -> None:
        self.server, self.wire, self._folder = server, wire, folder
        self.visitors = Visitors(server)
        self.desks: list[Desk] = []

    async def desk(self, user: str = "agent", secret: str = "", **settings: str) -> Desk:
        """A desk that reads; asked again, the same desk begun anew."""
        host, port = self.wire.address
        kit: Kit = RealKit(secret or self.server[f"{user.upper()}_APP_PASSWORD"])  # type: ignore[assignment]
        given = {"poll_seconds": "1"} | settings
        config = ChannelConfig(0, "wordpress", "w", f"http://{host}:{port}", user, "env:SECRET", given)
        self.desks.append(Desk(kit, self.desks[-1].config if self.desks else config, self._folder))
        return await self.desks[-1].open()

    async def write(self, text: str, **values: Any) -> str:
        """A visitor comments."""
        return await asyncio.to_thread(self.visitors.write, text, **values)

    async def comment(self, number: str) -> dict[str, object]:
        """A comment as it is on the site."""
        return await asyncio.to_thread(self.visitors.comment, number)


@pytest.fixture
async def world(wordpress: Server, tmp_path: Path) -> AsyncIterator[World]:
    """See World."""
    parts = urlsplit(wordpress["SITE"])
    wire = Wire(str(parts.hostname), int(parts.port or 80))
    await wire.up()
    made = World(wordpress, wire, tmp_path)
    await asyncio.to_thread(made.visitors.empty)
    yield made
    if made.desks:
        await made.desks[-1].close()
    await wire.down()


async def test_a_comment_arrives_is_answered_and_moderated_visibly(world: World) -> None:
    desk = await world.desk()
    await desk.until_read()
    number = await world.write('Where is my "order"? 1 < 2 & so on\n\nVera')
    entry = (await desk.until_stored(number))[number]
    assert entry.message.text == 'Hello world!\nWhere is my "order"? 1 < 2 & so on\n\nVera'
    assert set(entry.message.marks) == {Mark.TITLED, Mark.HELD}
    assert entry.case is not None
    assert (await world.comment(number))["status"] == "hold"
    operation = await desk.send(entry, 'We "look" <into> it.\n\n– Anna')
    row = await desk.settled(operation)
    assert row.state is State.SENT, row.error
    answer = await world.comment(row.remote_id)
    assert (answer["parent"], answer["status"]) == (int(number), "approved")
    assert answer["content"]["raw"] == 'We "look" &lt;into&gt; it.\n\n– Anna'  # type: ignore[index]
    own = (await desk.entries())[row.remote_id].message
    assert (own.own, own.case, own.text) == (True, entry.message.case, 'We "look" <into> it.\n\n– Anna')
    for act, status in (
        (Act.APPROVE, "approved"), (Act.HOLD, "hold"), (Act.JUNK, "spam"), (Act.UNJUNK, "hold"), (Act.TRASH, "trash"),
        (Act.RESTORE, "hold"), (Act.APPROVE, "approved"),
    ):  # fmt: skip
        await desk.channel().send(Operation(new_operation(), act, target=number))
        now = await world.comment(number)
        assert (now["status"], now["author_user_agent"]) == (status, "Somebody"), act
    await desk.channel().send(Operation(new_operation(), Act.EDIT, target=row.remote_id, text="Done & <sent>"))
    assert (await world.comment(row.remote_id))["content"]["raw"] == "Done &amp; &lt;sent&gt;"  # type: ignore[index]
    await desk.channel().send(Operation(new_operation(), Act.DELETE, target=row.remote_id))
    await desk.channel().send(Operation(new_operation(), Act.REMOVE, target=number))
    assert not await world.comment(number)
    assert not await world.comment(row.remote_id)
    await desk.until_entry(number, "deleted", lambda found: found.message.deleted_at > 0)
    await desk.nothing_missing()


async def test_what_others_change_is_seen(world: World) -> None:
    desk = await world.desk()
    await desk.until_read()
    edited, spam, gone = [await world.write(text) for text in ("edited", "spam", "gone")]
    await desk.until_stored(edited, spam, gone)
    await asyncio.to_thread(world.visitors.change, edited, content="edited <b>again</b>", status="approved")
    await asyncio.to_thread(world.visitors.change, spam, status="spam")
    await asyncio.to_thread(world.visitors.remove, gone)
    entry = await desk.until_entry(edited, "edited", lambda found: found.message.revision == 1)
    assert entry.message.text == "Hello world!\nedited again"
    await desk.until_entry(edited, "approved", lambda found: Mark.HELD not in found.message.marks)
    await desk.until_entry(spam, "spam", lambda found: Mark.JUNK in found.message.marks)
    await desk.until_entry(gone, "gone", lambda found: found.message.deleted_at > 0)
    await asyncio.to_thread(world.visitors.change, edited, content="edited twice", status="hold")
    entry = await desk.until_entry(edited, "edited twice", lambda found: found.message.revision == 2)
    await desk.until_entry(edited, "held", lambda found: Mark.HELD in found.message.marks)
    await desk.nothing_missing()


async def test_nothing_is_lost_or_doubled_by_cuts_in_the_middle_of_pages(world: World) -> None:
    said = [await world.write(f"before {number}") for number in range(25)]
    for size in (900, 4_000, 9_000):
        world.wire.cut_after(size)
        desk = await world.desk() if not world.desks else world.desks[-1]
        said += [await world.write(f"cut at {size}, {number}") for number in range(5)]
        await desk.until_stored(*said, patience=60)
    assert world.wire.cuts == 3
    assert len(await desk.entries()) == len(said)
    await desk.nothing_missing()


async def test_a_site_that_was_away_is_caught_up_and_health_shows_it(world: World) -> None:
    desk = await world.desk()
    await desk.until_read()
    first = await world.write("before")
    await desk.until_stored(first)
    await world.wire.down()
    said = [await world.write(f"while it was away {number}") for number in range(30)]
    await asyncio.to_thread(world.visitors.change, first, content="changed while it was away")
    health = await desk.until_health(Condition.WAITING)
    assert health.error is not None
    await world.wire.up()
    await desk.until_stored(first, *said, patience=60)
    await desk.until_read()
    await desk.until_entry(first, "the change", lambda found: "changed while" in found.message.text)
    assert len(await desk.entries()) == 31
    await desk.nothing_missing()


async def test_a_desk_that_was_away_is_caught_up(world: World) -> None:
    desk = await world.desk()
    await desk.until_read()
    first, gone = await world.write("before"), await world.write("short-lived")
    await desk.until_stored(first, gone)
    await desk.close()
    said = [await world.write(f"at night {number}") for number in range(120)]
    await asyncio.to_thread(world.visitors.remove, gone)
    desk = await world.desk()
    await desk.until_stored(*said, patience=60)
    await desk.until_entry(gone, "gone", lambda found: found.message.deleted_at > 0)
    assert len(await desk.entries()) == 122
    await desk.nothing_missing()


async def test_an_answer_that_was_lost_is_found_and_not_sent_twice(world: World) -> None:
    """This site permits the same comment twice: only looking for the operation protects."""
    desk = await world.desk(idempotency="none")
    await desk.until_read()
    number = await world.write("Question?")
    entry = (await desk.until_stored(number))[number]
    world.wire.lose_answer(b"POST /wp-json/wp/v2/comments ")
    row = await desk.settled(await desk.send(entry, "Once, please."))
    assert row.state is State.SENT, row.error
    world.wire.lose_answer(b"POST /wp-json/wp/v2/comments ")
    operation = desk.reply(entry, "Is it there?")
    with pytest.raises(AmbiguousError):
        await desk.channel().send(operation)
    found = await desk.channel().find_sent(operation, 0)
    assert found is not None
    listed = await asyncio.to_thread(world.visitors.call, "GET", "/comments?context=edit&per_page=100&status=any")
    assert sorted(item["content"]["raw"] for item in listed) == ["Is it there?", "Once, please.", "Question?"]


async def test_roles_and_refusals_are_told_as_they_are(world: World) -> None:
    number = await world.write("Question?")
    await asyncio.to_thread(world.visitors.change, number, status="approved")
    desk = await world.desk("alice")
    await desk.until_read()
    opened = desk.supervisor.opened(desk.config.id)
    assert opened is not None
    assert {offer.act for offer in opened.capabilities.offers if offer.available} == {Act.REPLY}
    entry = (await desk.until_stored(number))[number]
    with pytest.raises(PermissionDeniedError) as denied:
        await desk.channel().send(Operation(new_operation(), Act.JUNK, target=number))
    assert "Sorry, you are not allowed to edit this comment." in str(denied.value)
    sent = await desk.channel().send(desk.reply(entry, "I wait for approval."))
    assert sent.batch is not None
    assert Mark.HELD in sent.batch.messages[0].marks
    await asyncio.to_thread(world.visitors.call, "POST", "/posts/1", {"comment_status": "closed"})
    try:
        with pytest.raises(ReplyNotAllowedError) as closed:
            await desk.channel().send(desk.reply(entry, "Too late."))
        assert "Sorry, comments are closed for this item." in str(closed.value)
    finally:
        await asyncio.to_thread(world.visitors.call, "POST", "/posts/1", {"comment_status": "open"})


async def test_a_wrong_password_asks_for_the_agent(world: World) -> None:
    desk = await world.desk(secret="wrong wrong wrong")
    health = await desk.until_health(Condition.SIGN_IN)
    assert health.error is not None
    with pytest.raises(AuthExpiredError):
        await desk.supervisor.test(desk.config, "wrong")


async def test_threads_histories_and_refreshes(world: World) -> None:
    desk = await world.desk()
    await desk.until_read()
    one = await world.write("one", name="Vera")
    two = await world.write("two", name="Xaver", parent=int(one))
    await desk.until_stored(one, two)
    stored = await desk.entries()
    assert stored[two].message.branch == one
    thread = await desk.channel().thread(two)
    assert [message.remote_id for message in thread.messages] == [one, two]
    history = await desk.channel().history(stored[two].message.author.remote_id)
    assert [message.remote_id for message in history.messages] == [two]
    await asyncio.to_thread(world.visitors.remove, two)
    fresh = await desk.channel().refresh((one, two))
    assert ([each.remote_id for each in fresh.messages], [each.remote_id for each in fresh.deletions]) == ([one], [two])


def test_the_command_line_adds_tests_collects_and_exports(wordpress: Server, tmp_path: Path) -> None:
    visitors = Visitors(wordpress)
    number = visitors.write("From the command line & more")
    environment = os.environ | {"AGENT_APP_PASSWORD": wordpress["AGENT_APP_PASSWORD"]}

    def run(*arguments: str) -> str:
        command = [sys.executable, "main.py", "--profile", str(tmp_path), *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("channels", "add", "wordpress", "--name", "w", "--server", wordpress["SITE"], "--user", "agent",
        "--secret-env", "AGENT_APP_PASSWORD")  # fmt: skip
    assert "Channel “w” works." in run("channels", "test", "w")
    assert "lost 0" in run("collect", "--seconds", "5")
    lines = [json.loads(line) for line in run("export", "messages", "--format", "jsonl").splitlines()]
    (found,) = [line for line in lines if line["remote_id"] == number]
    assert found["text"] == "Hello world!\nFrom the command line & more"
