"""On a real Dovecot and OpenSMTPD: read, answered, moved, cut off, stopped and started again."""

import asyncio
import base64
import imaplib
import json
import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from tests.conformance.desk import Desk
from tests.conformance.wire import Wire
from tests.connectors.email.letters import parts, raw
from tests.servers.conftest import mail as mail_server
from tests.servers.running import Server
from workstation.connectors.base import HandsOverFiles
from workstation.connectors.registry import built_in
from workstation.domain.channels import ChannelConfig, Condition
from workstation.domain.messages import Mark
from workstation.domain.outbox import Act, Operation, State
from workstation.services.actions import operation as new_operation

pytestmark = [pytest.mark.servers, pytest.mark.timeout(240)]

if TYPE_CHECKING:
    from tests.conformance.kit import Kit

__all__ = ["mail_server"]

ROOT = Path(__file__).resolve().parents[3]
AGENT = "agent@meridian.test"


class RealKit:
    """What a desk needs to know of the server."""

    live = "live"
    secret = "pw"

    def connector(self) -> object:
        """The connector."""
        return built_in().connector("email")


class World:
    """The server behind a wire, with an empty mailbox, and desks on it."""

    def __init__(self, server: Server, wire: Wire, folder: Path) -> None:
        self.server, self.wire, self._folder = server, wire, folder
        self.desks: list[Desk] = []
        self._serial = 0

    async def desk(self, **settings: str) -> Desk:
        """A desk that reads; asked again, the same desk begun anew."""
        host, port = self.wire.address
        given = {"smtp": f"smtp://127.0.0.1:{self.server['SMTP_PORT']}", "address": AGENT} | settings
        config = ChannelConfig(0, "email", "e", f"imap://{host}:{port}", "agent", "env:SECRET", given)
        config = self.desks[-1].config if self.desks else config
        self.desks.append(Desk(cast("Kit", RealKit()), config, self._folder))
        return await self.desks[-1].open()

    @contextmanager
    def mailbox(self, user: str = "agent", folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        """The mailbox through the standard library, which shares no line with ours."""
        box = imaplib.IMAP4("127.0.0.1", int(self.server["IMAP_PORT"]))
        box.login(user, "pw")
        box.select(folder)
        yield box
        box.logout()

    async def ask(self, doing: Callable[[imaplib.IMAP4], object], user: str = "agent", folder: str = "INBOX") -> object:
        """Do something with the mailbox, beside the loop."""

        def run() -> object:
            with self.mailbox(user, folder) as box:
                return doing(box)

        return await asyncio.to_thread(run)

    async def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Lay mails into a folder at once, without a way."""
        await self.ask(
            lambda box: [box.append(folder, "", imaplib.Time2Internaldate(time.time()), item) for item in mails]
        )

    async def post(self, text: str, **fields: str) -> str:
        """A customer sends us a mail; its Message-ID."""
        self._serial += 1
        identifier = f"s{self._serial}.{time.time_ns()}@meridian.test"
        made = raw(text, From="Alice <alice@meridian.test>", To=AGENT, Date="", message_id=f"<{identifier}>", **fields)

        def send() -> None:
            with smtplib.SMTP("127.0.0.1", int(self.server["SMTP_PORT"]), "desk.test") as smtp:
                smtp.sendmail("alice@meridian.test", [AGENT], made)

        await asyncio.to_thread(send)
        return identifier

    async def held(self, folder: str, user: str = "agent") -> list[bytes]:
        """The mails in a folder."""

        def look(box: imaplib.IMAP4) -> list[bytes]:
            box.noop()
            _, found = box.search(None, "ALL")
            numbers = found[0].split()
            return [bytes(box.fetch(number.decode(), "(BODY.PEEK[])")[1][0][1]) for number in numbers]  # type: ignore[index]

        return cast("list[bytes]", await self.ask(look, user, folder))

    async def empty(self) -> None:
        """Throw everything away."""

        def clear(box: imaplib.IMAP4) -> None:
            for folder in ("INBOX", "Sent", "Junk", "Archive", "Trash"):
                box.select(folder)
                box.store("1:*", "+FLAGS", "\\Deleted") if box.search(None, "ALL")[1][0] else None
                box.expunge()

        for user in ("agent", "alice"):
            await self.ask(clear, user)


@pytest.fixture
async def world(mail_server: Server, tmp_path: Path) -> AsyncIterator[World]:
    """See World."""
    wire = Wire("127.0.0.1", int(mail_server["IMAP_PORT"]))
    await wire.up()
    made = World(mail_server, wire, tmp_path)
    await made.empty()
    yield made
    if made.desks:
        await made.desks[-1].close()
    await wire.down()


def ids(mails: list[bytes]) -> list[str]:
    return [str(message_from_bytes(item)["Message-ID"]).strip("<>") for item in mails]


async def eventually(look: Callable[[], Awaitable[bool]], what: str) -> None:
    """Ask a server that cannot tell by itself, until it is so."""
    for _ in range(300):
        if await look():
            return
        await asyncio.sleep(0.1)
    pytest.fail(what)


async def test_a_mail_arrives_is_answered_and_moved(world: World) -> None:
    desk = await world.desk()
    await desk.until_read()
    opened = desk.supervisor.opened(desk.config.id)
    assert opened is not None
    assert opened.capabilities.server == "Dovecot"
    assert opened.capabilities.transport[0] == "idle"
    question = await world.post("Wo ist mein Paket?", Subject="=?utf-8?q?Gr=C3=BC=C3=9Fe?=")
    entry = (await desk.until_stored(question))[question]
    assert entry.message.text == "Grüße\nWo ist mein Paket?"
    assert entry.case is not None
    operation = await desk.send(entry, "Wir schauen nach. – Anna")
    row = await desk.settled(operation)
    assert row.state is State.SENT, row.error
    assert ids(await world.held("Sent")) == [f"{operation.id}@meridian.test"]

    async def delivered() -> bool:
        return bool(await world.held("INBOX", "alice"))

    await eventually(delivered, "the answer did not arrive")
    (answer,) = map(message_from_bytes, await world.held("INBOX", "alice"))
    assert (answer["In-Reply-To"], answer["To"]) == (f"<{question}>", '"Alice" <alice@meridian.test>')
    stored = await desk.entries()
    assert stored[row.remote_id].message.own
    assert stored[row.remote_id].message.case == entry.message.case
    for act, folder in ((Act.JUNK, "Junk"), (Act.UNJUNK, "INBOX"), (Act.ARCHIVE, "Archive"), (Act.UNARCHIVE, "INBOX"),
                        (Act.TRASH, "Trash"), (Act.RESTORE, "INBOX")):  # fmt: skip
        await desk.channel().send(Operation(new_operation(), act, target=question))
        assert question in ids(await world.held(folder)), act
    await desk.nothing_missing()
    assert not (await desk.entries())[question].message.deleted_at


async def test_another_program_moves_flags_and_deletes(world: World) -> None:
    desk = await world.desk()
    await desk.until_read()
    junk, flagged, gone = [await world.post(text) for text in ("junk", "flagged", "gone")]
    await desk.until_stored(junk, flagged, gone)

    def change(box: imaplib.IMAP4) -> None:
        def numbers(identifier: str) -> str:
            return cast("bytes", box.uid("SEARCH", "HEADER", "Message-ID", identifier)[1][0]).decode()

        box.uid("STORE", numbers(flagged), "+FLAGS", "(\\Flagged)")
        box.uid("MOVE", numbers(junk), "Junk")
        box.uid("STORE", numbers(gone), "+FLAGS", "(\\Deleted)")
        box.expunge()

    await world.ask(change)
    await desk.until_entry(flagged, "flagged", lambda entry: Mark.FAVOURITED in entry.message.marks)
    await desk.until_entry(junk, "junk", lambda entry: Mark.JUNK in entry.message.marks)
    await desk.until_entry(gone, "gone", lambda entry: entry.message.deleted_at > 0)
    assert not (await desk.entries())[junk].message.deleted_at
    await desk.nothing_missing()


async def test_a_mail_of_many_megabytes_is_read_without_its_files(world: World) -> None:
    file = os.urandom(3 << 20)
    texts = (
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe",
        "Content-Type: text/html\n\n<p>Gr&uuml;&szlig;e</p>",
    )
    attached = (
        "Content-Type: application/zip\nContent-Transfer-Encoding: base64\n"
        "Content-Disposition: attachment; filename*=utf-8''Gr%C3%BC%C3%9Fe.zip\n\n" + base64.encodebytes(file).decode()
    )
    inner_mail = "Content-Type: message/rfc822\n\nSubject: Inner\nFrom: b@x.test\n\nInner text"
    head, body = parts("mixed", "\n".join(parts("alternative", *texts, boundary="c")), attached, inner_mail)
    await world.put(raw(body, head=head))
    desk = await world.desk()
    entry = (await desk.until_stored("one@customer.test"))["one@customer.test"]
    assert entry.message.text == "Question\nGrüße"
    archive, inner = entry.message.media
    assert (archive.name, inner.name) == ("Grüße.zip", "Inner.eml")
    assert abs(archive.size - len(file)) < 100_000
    channel = desk.channel()
    assert isinstance(channel, HandsOverFiles)
    assert await channel.file(archive.url) == file
    assert b"Inner text" in await channel.file(inner.url)


async def test_resets_in_the_middle_of_pages_lose_and_double_nothing(world: World) -> None:
    before = [raw(f"before {n}", message_id=f"<before{n}@x.test>") for n in range(40)]
    await world.put(*before)
    world.wire.cut_after(9_000)
    desk = await world.desk()
    await desk.until_stored(*ids(before))
    said = ids(before)
    for cut in (200, 3_000, 30_000):
        world.wire.cut_after(cut)
        fresh = [raw(f"{'long ' * 100}{n}", message_id=f"<cut{cut}.{n}@x.test>") for n in range(60)]
        await world.put(*fresh)
        said += ids(fresh)
        await desk.until_stored(*said)
    assert world.wire.cuts == 4
    assert set(await desk.entries()) == set(said)
    await desk.nothing_missing()


async def test_a_server_that_is_stopped_and_started_loses_nothing(world: World) -> None:
    desk = await world.desk()
    await desk.until_read()
    first = await world.post("before")
    await desk.until_stored(first)
    with stopped(world.server):
        await desk.until_health(Condition.WAITING)
        assert desk.supervisor.health[desk.config.id].error is not None
    later = [raw(f"later {n}", message_id=f"<later{n}@x.test>") for n in range(20)]
    await world.put(*later)
    await desk.until_stored(first, *ids(later))
    await desk.until_read()
    await desk.nothing_missing()


@contextmanager
def stopped(server: Server) -> Iterator[None]:
    """Dovecot is ended, and started again as the script started it, at the end of the block."""
    state = Path(server._environment["MERIDIAN_STATE"]) / "mail"
    lines = (state / "pids").read_text().splitlines()
    number = next(int(line.split()[1]) for line in lines if line.startswith("dovecot "))
    os.killpg(number, signal.SIGTERM)
    while Path(f"/proc/{number}").exists():
        time.sleep(0.05)
    yield
    log = (state / "dovecot.log").open("ab")
    with log:
        again = subprocess.Popen(
            ["dovecot", "-F", "-c", str(state / "dovecot.conf")],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    # The script ends what it noted: number and time of start.
    begun = Path(f"/proc/{again.pid}/stat").read_text().rpartition(") ")[2].split()[19]
    changed = [f"dovecot {again.pid} {begun}" if line.startswith("dovecot ") else line for line in lines]
    (state / "pids").write_text("\n".join(changed) + "\n")
    again.returncode = 0  # it is the script's to end
    port = int(server["IMAP_PORT"])
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            imaplib.IMAP4("127.0.0.1", port).logout()
            return
        except OSError:
            time.sleep(0.1)


@pytest.mark.needs_fixtures
async def test_every_recorded_mail_is_stored_or_said_why_not(world: World, fixtures_dir: Path) -> None:
    mails = [path.read_bytes() for path in sorted((fixtures_dir / "email").rglob("*.eml"))]
    desk = await world.desk()
    await desk.until_read()
    await world.put(*mails)

    async def counted() -> bool:
        ledger = await desk.store.messages.ledger(desk.config.id)
        return sum(row.received for row in ledger) >= len(mails)

    await eventually(counted, "not all mails were read")
    await desk.nothing_missing()
    stored = await desk.entries()
    ledger = await desk.store.messages.ledger(desk.config.id)
    assert sum(row.rejected for row in ledger) == 0
    assert len(stored) >= len(mails) * 0.8  # several have the same Message-ID and say the same


def run(profile: Path, *words: str, server: Server) -> str:
    """The command line as people use it."""
    done = subprocess.run(
        [sys.executable, "main.py", "--profile", str(profile), *words],
        cwd=ROOT, env=os.environ | {"AGENT_PASSWORD": server["AGENT_PASSWORD"], "LC_ALL": "C.UTF-8"},
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


async def test_the_commands_that_people_type(world: World, tmp_path: Path) -> None:
    server = world.server
    question = await world.post("Where is it?", Subject="Order")
    values = ("--server", f"imap://{server['IMAP_HOST']}:{server['IMAP_PORT']}", "--user", "agent")
    more = ("--set", f"smtp=smtp://{server['SMTP_HOST']}:{server['SMTP_PORT']}", "--set", f"address={AGENT}")

    async def typed(*words: str) -> str:
        return await asyncio.to_thread(run, tmp_path / "profile", *words, server=server)

    await typed("channels", "add", "email", "--name", "e", *values, "--secret-env", "AGENT_PASSWORD", *more)
    assert AGENT in await typed("channels", "test", "e")
    collecting = asyncio.create_task(typed("collect", "--seconds", "10"))
    later = await world.post("And again?")
    await collecting
    lines = [json.loads(line) for line in (await typed("export", "messages", "--format", "jsonl")).splitlines()]
    assert {line["remote_id"] for line in lines} == {question, later}
    number = next(line["id"] for line in lines if line["remote_id"] == question)
    await typed("reply", str(number), "--text", "It is on its way.", "--wait")
    await typed("act", str(number), "junk")
    assert len(await world.held("Sent")) == 1
    assert ids(await world.held("Junk")) == [question]
