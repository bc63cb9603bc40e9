"""Reads GET /notes?after=N (a list of notes, oldest first) and answers with PUT /answers/KEY."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import msgspec

from noticeboard.manifest import LIMIT, MANIFEST, typical
from workstation.connectors.base import Channel, Opened, Report, Sent, SignIn
from workstation.domain.channels import Account, ChannelConfig, Condition, Health, Length, LengthUnit, Manifest
from workstation.domain.errors import UnsupportedError
from workstation.domain.messages import Author, Batch, Cursor, Deletion, IncomingMessage, Kind, Micros, Reject
from workstation.domain.outbox import Operation
from workstation.net.answers import decoded
from workstation.net.asking import Asker, Dialect
from workstation.net.client import Client, Request
from workstation.net.limits import Lane
from workstation.net.oauth import Pages
from workstation.net.plain import capped, harmless, one_line


class Note(msgspec.Struct):
    """A note as the board writes it."""

    number: int
    who: str
    text: str
    at: float
    changed: float = 0


class Board:
    """See `workstation.connectors.base.Channel`."""

    def __init__(self, config: ChannelConfig, secret: str, client: Client) -> None:
        self._config = config
        self._secret = secret
        self._asker = Asker(client, Dialect())

    def _request(self, path: str, **more: object) -> Request:
        base = Request(url=self._config.server.rstrip("/") + path, token=self._secret)
        return msgspec.structs.replace(base, **more)

    async def open(self) -> Opened:
        """See Channel."""
        name = decoded(await self._asker.ask(self._request("/name"), Lane.CATCH_UP), str, "name")
        return Opened(Account("board", one_line(name), one_line(name)), typical(), ("notes",))

    async def events(self, cursors: Mapping[str, Cursor], report: Report) -> AsyncIterator[Batch]:
        """See Channel."""
        after = cursors["notes"].value if "notes" in cursors else ""
        while True:
            batch = await self._page(f"/notes?after={after}")
            if batch.received:
                yield batch
                after = batch.cursor.value if batch.cursor else after
                continue
            report(Health(channel=self._config.id, condition=Condition.POLLING, transport="poll"))
            await asyncio.sleep(float(self._config.settings.get("poll_seconds", "30")))

    async def _page(self, path: str) -> Batch:
        found = decoded(await self._asker.ask(self._request(path), Lane.POLL), list[msgspec.Raw], "notes")
        messages: list[IncomingMessage] = []
        rejects: list[Reject] = []
        last = ""
        for raw in found:
            try:
                note = msgspec.json.decode(raw, type=Note)
            except (msgspec.MsgspecError, RecursionError, ValueError):
                rejects.append(Reject("protocol_changed", "notes", len(bytes(raw))))
                continue
            messages.append(_message(note))
            last = str(note.changed or note.at)
        cursor = Cursor(1, last) if last else None
        return Batch("notes", tuple(messages), rejects=tuple(rejects), cursor=cursor)

    async def send(self, operation: Operation) -> Sent:
        """See Channel; the answer's key is the operation's, so that the board holds it once."""
        body = msgspec.json.encode({"to": operation.target, "text": operation.text})
        request = self._request(f"/answers/{operation.id}", method="PUT", body=body, repeatable=False)
        await self._asker.ask(request, Lane.WRITE)
        return Sent(f"answer:{operation.id}")

    async def find_sent(self, operation: Operation, since: Micros) -> Sent | None:
        """See Channel."""
        response = await self._asker.raw(self._request(f"/answers/{operation.id}"), Lane.WRITE)
        return Sent(f"answer:{operation.id}") if response.good else None

    async def thread(self, remote_id: str) -> Batch:
        """See Channel; a note and its answers are all there is."""
        return await self.refresh((remote_id,))

    async def history(self, account: str) -> Batch:
        """See Channel; the board does not tell notes by author."""
        return Batch("notes", history=True)

    async def refresh(self, remote_ids: tuple[str, ...]) -> Batch:
        """See Channel."""
        wanted = set(remote_ids)
        page = await self._page("/notes?after=")
        here = tuple(message for message in page.messages if message.remote_id in wanted)
        gone = wanted - {message.remote_id for message in here}
        return Batch("notes", here, tuple(Deletion(remote_id) for remote_id in sorted(gone)), history=True)

    async def media(self, url: str) -> bytes:
        """See Channel; notes have no pictures."""
        raise UnsupportedError

    def measure(self, operation: Operation) -> Length:
        """See Channel."""
        return Length(len(operation.text), LIMIT, LengthUnit.CHARACTERS)

    async def close(self) -> None:
        """See Channel."""
        self._asker.close()


def _message(note: Note) -> IncomingMessage:
    name = one_line(note.who) or "?"
    return IncomingMessage(
        remote_id=f"note:{note.number}",
        kind=Kind.COMMENT,
        author=Author(MANIFEST.network, name, name, name),
        text=harmless(capped(note.text)),
        created_at=int(note.at * 1_000_000),
        edited_at=int(note.changed * 1_000_000),
    )


class Noticeboard:
    """See `workstation.connectors.base.Connector`."""

    manifest: Manifest = MANIFEST

    def create(self, config: ChannelConfig, secret: str, client: Client) -> Channel:
        """See Connector."""
        return Board(config, secret, client)

    def sign_in(self, client: Client, pages: Pages | None = None) -> SignIn | None:
        """See Connector."""
        return None
