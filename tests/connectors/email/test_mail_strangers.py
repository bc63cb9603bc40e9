"""Servers that say anything at all: only typed errors come out, and nothing is left running."""

import asyncio
import random
import re
from contextlib import suppress

import pytest

from workstation.connectors.email.channel import EmailChannel
from workstation.connectors.email.settings import PLAIN, Place
from workstation.connectors.email.submission import Submission
from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import ChannelError, ConfigurationError

LINES = [
    b"* 5 EXISTS", b"* 99999999999 EXISTS", b"* 2 EXPUNGE", b"* VANISHED 1:4000000000", b"* VANISHED (EARLIER) 1:3",
    b"* SEARCH 1 2 3", b"* SEARCH", b"* ESEARCH (TAG \"x\") UID ALL 1:5", b"* ESEARCH UID ALL",
    b"* 1 FETCH (UID 1 FLAGS (\\Seen) RFC822.SIZE 40 INTERNALDATE \"99-Foo-0000 00:00:00 +0000\")",
    b"* 1 FETCH (UID 1 RFC822.SIZE 999999999999 FLAGS () INTERNALDATE \" 1-Jan-2025 00:00:00 +0000\")",
    b"* 1 FETCH (UID 2 RFC822.SIZE 10)", b"* 1 FETCH (UID 1 BODY[] {5}\r\nhello)", b"* 1 FETCH (UID 1 BODY[] NIL)",
    b"* 1 FETCH (UID 1 BODYSTRUCTURE ((((NIL)))) BODY[HEADER]<0> {4}\r\na: b)", b"* 1 FETCH (UID)", b"* 1 FETCH NIL",
    b"* LIST (\\Sent) \"/\" Sent", b"* LIST () NIL INBOX", b"* LIST (\\Noselect) \"/\" {3}\r\nfoo", b"* LIST",
    b"* OK [UIDVALIDITY 1] x", b"* OK [UIDNEXT 4] x", b"* OK [HIGHESTMODSEQ 1] x", b"* OK [UIDVALIDITY x] y",
    b"* CAPABILITY IMAP4rev1 IDLE QRESYNC CONDSTORE ENABLE ESEARCH ID MOVE AUTH=PLAIN", b"* ENABLED QRESYNC",
    b"* ID (\"name\" NIL)", b"* BYE so long", b"+ go on", b"* NO what", b"*", b"", b"* (", b"garbage", b"\xff\xfe\0",
    b"* 1 FETCH (FLAGS (a) {3}\r\nabc \"", b"m99 OK wrong tag",
]  # fmt: skip
ENDS = [b"OK done", b"OK done", b"OK done", b"OK [READ-ONLY] done", b"NO [NONEXISTENT] no", b"NO no", b"BAD what"]


class Stranger:
    """Says what comes to its mind."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._left = 60

    async def imap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR LITERAL+ IDLE QRESYNC ENABLE ESEARCH] hi\r\n")
        with suppress(OSError):
            while line := await reader.readline():
                self._left -= 1
                if self._left < 0 or self._random.random() < 0.02:
                    break
                for said in self._random.choices(LINES, k=self._random.randrange(5)):
                    writer.write(said + b"\r\n")
                found = re.match(rb"(m\d+) (\w+)", line)
                if found is not None and found[2] == b"IDLE":
                    writer.write(b"+ idling\r\n* 9 EXISTS\r\n")
                    await reader.readline()
                if found is not None:
                    writer.write(found[1] + b" " + self._random.choice(ENDS) + b"\r\n")
                await writer.drain()
        writer.close()

    async def smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = [b"220 hi", b"250-x", b"250 SIZE 99999999999999999999", b"250 AUTH", b"354 go", b"421 no", b"5", b"abc",
                 b"250", b"250-", b"334 ", b"235 ok", b"999 what", b"\xff" * 5_000]  # fmt: skip
        with suppress(OSError):
            for _ in range(40):
                writer.write(self._random.choice(lines) + b"\r\n")
            await writer.drain()
            await reader.readline()
        writer.close()


async def read(channel: EmailChannel) -> None:
    """Read for ever."""
    await channel.open()
    async for _ in channel.events({}, lambda _: None):
        pass


async def submit(place: Place) -> None:
    """Hand a mail in; that it was taken is an error too, so that every end is one."""
    smtp = await Submission.open(place, "x.test", "a", "pw", oauth=False, now=lambda: 0)
    try:
        await smtp.send("a@x.test", ("b@x.test",), b"Subject: x\r\n\r\nx")
    finally:
        smtp.drop()
    raise ConfigurationError(field="", why="it took the mail")


@pytest.mark.parametrize("seed", range(60))
async def test_a_mail_server_that_babbles_ends_in_a_typed_error(seed: int) -> None:
    stranger = Stranger(seed)
    imap = await asyncio.start_server(stranger.imap, "127.0.0.1", 0)
    smtp = await asyncio.start_server(stranger.smtp, "127.0.0.1", 0)
    ports = [server.sockets[0].getsockname()[1] for server in (imap, smtp)]
    settings = {"smtp": f"smtp://127.0.0.1:{ports[1]}", "address": "a@x.test", "poll_seconds": "5"}
    config = ChannelConfig(1, "email", "e", f"imap://127.0.0.1:{ports[0]}", "a", "env:X", settings)
    channel = EmailChannel(config, "pw", renewed=0.05)
    try:
        with pytest.raises((ChannelError, ConfigurationError)):
            await asyncio.wait_for(read(channel), 60)
    finally:
        await channel.close()
        imap.close()
        smtp.close()


@pytest.mark.parametrize("seed", range(40))
async def test_a_submission_server_that_babbles_ends_in_a_typed_error(seed: int) -> None:
    server = await asyncio.start_server(Stranger(seed).smtp, "127.0.0.1", 0)
    place = Place("127.0.0.1", server.sockets[0].getsockname()[1], PLAIN)
    try:
        with pytest.raises((ChannelError, ConfigurationError)):
            await asyncio.wait_for(submit(place), 60)
    finally:
        server.close()
