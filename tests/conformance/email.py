"""E-mail: a mailbox with IMAP and SMTP on loopback."""

from collections.abc import Mapping

from tests.conformance.doubles.email import ADDRESS, PASSWORD, USER, MailServer
from tests.conformance.kit import Address, Kit, Refusal
from workstation.connectors.email.capabilities import text_limit
from workstation.domain.channels import ChannelConfig
from workstation.domain.outbox import Operation

SIZE = 1_000_000


class EmailKit(Kit):
    """See Kit."""

    kind = "email"
    edits = False
    refusals = (Refusal("minutes", 60.0), Refusal("seconds", 1.0), Refusal("unsaid"))
    write_marker = b"\r\n.\r\n"
    secret = PASSWORD

    def __init__(self) -> None:
        self._server = MailServer(size=SIZE)

    async def start(self) -> Mapping[str, Address]:
        """See Kit."""
        imap, smtp = await self._server.start()
        return {"imap": ("127.0.0.1", imap), "smtp": ("127.0.0.1", smtp)}

    def config(self, reached: Mapping[str, Address]) -> ChannelConfig:
        """See Kit."""
        host, port = reached["imap"]
        there, at = reached["smtp"]
        settings = {"smtp": f"smtp://{there}:{at}", "address": ADDRESS}
        return ChannelConfig(0, "email", "double", f"imap://{host}:{port}", USER, "env:SECRET", settings)

    async def close(self) -> None:
        """See Kit."""
        await self._server.close()

    async def say(self, text: str) -> str:
        """See Kit."""
        return await self._server.say(text)

    async def delete(self, remote_id: str) -> None:
        """See Kit."""
        await self._server.drop(remote_id)

    def written(self) -> list[str]:
        """See Kit."""
        return self._server.texts()

    def refuse(self, refusal: Refusal, times: int = 1) -> None:
        """See Kit."""
        said = {
            "minutes": "451 4.7.1 Too many mails, try again in 1 minute",
            "seconds": "450 4.2.0 Greylisted, please come back in 1 seconds",
            "unsaid": "452 4.3.1 Rate limit exceeded",
        }
        self._server.later += [said[refusal.name]] * times

    def expire(self) -> None:
        """See Kit."""
        self._server.accepts = False

    async def spoil(self) -> None:
        """See Kit."""
        await self._server.put(b"")

    async def babble(self) -> None:
        """See Kit."""
        self._server.babble = True

    def limit(self, operation: Operation) -> int:
        """See Kit."""
        return text_limit(SIZE)


KIT = EmailKit
