"""TLS at once and asked for, against a certificate made for the test; tokens instead of passwords."""

import asyncio
import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from tests.conformance.doubles.email import ADDRESS, PASSWORD, USER, MailServer
from tests.connectors.email.conftest import Beginning
from workstation.connectors.email.imap.connection import Imap
from workstation.connectors.email.settings import DIRECT, STARTED, Place
from workstation.connectors.email.submission import Submission
from workstation.connectors.email.wire import Wire
from workstation.domain.errors import AuthExpiredError, ChannelError
from workstation.domain.outbox import Act, Operation
from workstation.net.errors import CertificateError

ID = "341a8c03-0320-484f-9d48-59dfeef0ff22"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine and its key, in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key", "-out", "cert", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    both = folder / "both"
    both.write_bytes((folder / "cert").read_bytes() + (folder / "key").read_bytes())
    return both


def secured(certificate: Path, *, direct: bool) -> MailServer:
    """A server that takes no password in the clear."""
    server = MailServer()
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.tls.load_cert_chain(certificate)
    server.direct = direct
    return server


@pytest.mark.parametrize("direct", [True, False])
async def test_mail_is_read_and_sent_safely(certificate: Path, monkeypatch: pytest.MonkeyPatch, direct: bool) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = secured(certificate, direct=direct)
    safety = DIRECT if direct else STARTED
    imap_port, smtp_port = await server.start()
    try:
        await server.say("x" * 300_000)
        imap = await Imap.open(Place("127.0.0.1", imap_port, safety), USER, PASSWORD, oauth=False)
        await imap.select("INBOX")
        assert imap.exists == 1
        await imap.close()
        smtp = await Submission.open(
            Place("127.0.0.1", smtp_port, safety), "desk.test", USER, PASSWORD, oauth=False, now=lambda: 0
        )
        await smtp.send(ADDRESS, ("a@x.test",), b"Subject: x\r\n\r\nhello\r\n")
        await smtp.close()
        assert len(server.handed_in) == 1
    finally:
        await server.close()


@pytest.mark.parametrize("direct", [True, False])
async def test_a_certificate_that_nobody_vouches_for_ends_it(certificate: Path, direct: bool) -> None:
    server = secured(certificate, direct=direct)
    imap_port, smtp_port = await server.start()
    safety = DIRECT if direct else STARTED
    try:
        with pytest.raises(CertificateError):
            await Imap.open(Place("127.0.0.1", imap_port, safety), USER, PASSWORD, oauth=False)
        with pytest.raises(CertificateError):
            await Submission.open(
                Place("127.0.0.1", smtp_port, safety), "desk.test", USER, PASSWORD, oauth=False, now=lambda: 0
            )
        assert not {"LOGIN", "AUTHENTICATE"} & set(server.commands)
    finally:
        await server.close()


async def test_what_is_said_before_tls_is_not_believed() -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hello\r\n")
        await reader.readline()
        writer.write(b"* CAPABILITY IMAP4rev1 STARTTLS\r\nm1 OK\r\n")
        await reader.readline()
        writer.write(b"m2 OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n")
        await reader.read()
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        with pytest.raises(ChannelError):
            await Imap.open(Place("127.0.0.1", port, STARTED), USER, PASSWORD, oauth=False)
    finally:
        server.close()


async def test_a_token_signs_in_to_both_servers(begin: Beginning) -> None:
    server = MailServer()
    server.token = "the-token"
    question = await server.say("x")
    desk = await begin(server, auth="xoauth2")
    await desk.channel.send(Operation(ID, Act.REPLY, target=question, text="y"))
    assert len(server.handed_in) == 1
    with pytest.raises(AuthExpiredError):
        await Imap.open(Place("127.0.0.1", server.ports[0], "plain"), USER, "old", oauth=True)


async def test_a_server_that_is_not_there_is_typed() -> None:
    with pytest.raises(ChannelError):
        await Wire.open(Place("127.0.0.1", 1, "plain"))
