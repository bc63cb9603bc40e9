"""Somebody at the real mail server with the standard library, which shares no line with ours."""

import imaplib
import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message

from tests.connectors.email.letters import raw
from tests.servers.running import Server

FOLDERS = ("INBOX", "Sent", "Junk", "Archive", "Trash")


class Mailboxes:
    """The mailboxes on a server, and a customer who writes."""

    def __init__(self, server: Server) -> None:
        self._server = server

    @contextmanager
    def _open(self, user: str) -> Iterator[imaplib.IMAP4]:
        box = imaplib.IMAP4(self._server["IMAP_HOST"], int(self._server["IMAP_PORT"]), timeout=60)
        box.login(user, self._server["AGENT_PASSWORD"])
        try:
            yield box
        finally:
            box.logout()

    def held(self, folder: str, user: str = "agent") -> list[Message]:
        """The mails in a folder."""
        with self._open(user) as box:
            box.select(folder, readonly=True)
            numbers = box.search(None, "ALL")[1][0].split()
            found = [box.fetch(number.decode(), "(BODY.PEEK[])")[1][0] for number in numbers]
            return [message_from_bytes(item[1]) for item in found if isinstance(item, tuple)]

    def empty(self) -> None:
        """Throw everything away that the agent and Alice have."""
        for user in ("agent", "alice"):
            with self._open(user) as box:
                for folder in FOLDERS:
                    if box.select(folder)[1] != [b"0"]:
                        box.store("1:*", "+FLAGS", "\\Deleted")
                        box.expunge()

    def post(self, text: str, subject: str, **fields: str) -> str:
        """Alice sends the agent a mail, which is there at the end; its Message-ID with angle brackets."""
        identifier = f"<{time.time_ns()}@meridian.test>"
        sender, receiver = self._server["ALICE_ADDRESS"], self._server["AGENT_ADDRESS"]
        given = {"From": f"Alice <{sender}>", "To": receiver, "Date": "", "Subject": subject, "message_id": identifier}
        letter = raw(text, **(given | fields))
        with smtplib.SMTP(self._server["SMTP_HOST"], int(self._server["SMTP_PORT"]), "desk.test", timeout=60) as smtp:
            smtp.sendmail(sender, [receiver], letter)
        for _ in range(300):
            if any(found["Message-ID"] == identifier for found in self.held("INBOX")):
                return identifier
            time.sleep(0.1)
        raise AssertionError("the mail does not arrive")
