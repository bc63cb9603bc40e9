"""A case's conversation: as we know it, and read again from the network before an answer goes out."""

from typing import TYPE_CHECKING

import msgspec

from workstation.domain.cases import Case, Entry
from workstation.domain.errors import AuthExpiredError, GoneError
from workstation.domain.messages import Batch, Message
from workstation.services.ingest import Ingest
from workstation.services.supervisor import Supervisor

if TYPE_CHECKING:
    from workstation.connectors.base import Channel
    from workstation.store.store import Store


class Fresh(msgspec.Struct, frozen=True):
    """What happened in the conversation since the agent saw it."""

    entries: tuple[Entry, ...] = ()
    """The conversation as it is now, oldest first."""
    answered: tuple[Message, ...] = ()
    """Answers from our own account that the agent had not seen: somebody was quicker."""
    others: tuple[Message, ...] = ()
    """New messages of other people, the customer included."""
    edited: tuple[Message, ...] = ()
    deleted: tuple[Message, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the agent should look again before sending."""
        return bool(self.answered or self.others or self.edited or self.deleted)


class Conversation:
    """Reads threads and histories."""

    def __init__(self, store: "Store", supervisor: Supervisor, ingest: Ingest) -> None:
        self._store = store
        self._supervisor = supervisor
        self._ingest = ingest

    async def thread(self, case: int) -> tuple[Entry, ...]:
        """The conversation as we know it, oldest first."""
        return tuple(await self._store.messages.thread(case=case))

    async def fresh(self, case: Case, face: Message, seen: tuple[Entry, ...] | None = None) -> Fresh:
        """Read the conversation around `face` again and say what is new against `seen` (default: what we stored).

        Raises the ChannelError of a network that cannot be reached: sending blindly is then the agent's decision.
        """
        before = seen if seen is not None else await self.thread(case.id)
        batch = None
        try:
            batch = await self._opened(case.channel).thread(face.remote_id)
        except GoneError:
            gone = await self._opened(case.channel).refresh((face.remote_id,))
            await self._accept(case.channel, gone)
        if batch is not None:
            await self._accept(case.channel, batch)
        return _compare(before, await self.thread(case.id))

    async def history(self, author: int, limit: int = 50) -> tuple[Entry, ...]:
        """What the author wrote to us before, newest first."""
        return tuple(await self._store.messages.history(author, limit))

    async def fetch_history(self, message: Message) -> None:
        """Ask the network for more of what the author wrote; it arrives through the feed."""
        batch = await self._opened(message.channel).history(message.author.remote_id)
        await self._accept(message.channel, batch)

    def _opened(self, channel: int) -> "Channel":
        found = self._supervisor.channel(channel)
        if found is None:
            raise AuthExpiredError
        return found

    async def _accept(self, channel: int, batch: Batch) -> None:
        config = self._supervisor.config(channel)
        if config is not None:
            await self._ingest.accept(config, batch)


def _compare(before: tuple[Entry, ...], now: tuple[Entry, ...]) -> Fresh:
    known = {entry.message.id: entry.message for entry in before}
    new = [entry.message for entry in now if entry.message.id not in known]
    both = [(known[entry.message.id], entry.message) for entry in now if entry.message.id in known]
    return Fresh(
        entries=now,
        answered=tuple(message for message in new if message.own),
        others=tuple(message for message in new if not message.own),
        edited=tuple(message for old, message in both if message.revision > old.revision),
        deleted=tuple(message for old, message in both if message.deleted_at and not old.deleted_at),
    )
