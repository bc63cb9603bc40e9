"""What reaches people by no network: a call, a letter or a talk is noted by hand and becomes a case like any other."""

import uuid
from typing import TYPE_CHECKING

import msgspec

from workstation.connectors.logged.channel import SOURCE
from workstation.connectors.logged.manifest import KIND, MANIFEST
from workstation.domain.changes import ChangeSet
from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import InvalidError, NotFoundError
from workstation.domain.messages import LOGGED, Author, Batch, IncomingMessage, Kind, Micros, Visibility
from workstation.domain.text import N_, lazy
from workstation.services.clock import Clock

if TYPE_CHECKING:
    from workstation.services.ingest import Ingest
    from workstation.services.supervisor import Supervisor
    from workstation.store.store import Store

LONGEST_NAME = 120
LONGEST_TEXT = 20_000
NO_TEXT = lazy(N_("write down what it was about"))
NO_NAME = lazy(N_("a name or a number is needed, so that the person is found again"))
FUTURE = lazy(N_("that time has not come yet"))


class Contact(msgspec.Struct, frozen=True):
    """What is noted. `at` 0 means now; `case` continues that case; `ours`: what we said, not what we were told."""

    kind: Kind
    name: str
    text: str
    number: str = ""
    """How to reach them: a phone number, an address; what they are found again by."""
    at: Micros = 0
    case: int = 0
    ours: bool = False
    language: str = ""


class Contacts:
    """Notes calls, letters and talks."""

    def __init__(
        self, store: "Store", supervisor: "Supervisor", ingest: "Ingest", clock: Clock, *, practice: bool = False
    ) -> None:
        self._store = store
        self._supervisor = supervisor
        self._ingest = ingest
        self._clock = clock
        self._practice = practice

    async def line(self) -> ChannelConfig:
        """The channel that contacts are noted in; made when it is first needed."""
        for config in await self._store.channels.list():
            if config.kind == KIND:
                return config
        made = await self._store.channels.add(ChannelConfig(0, KIND, MANIFEST.title, practice=self._practice))
        self._supervisor.run(made)
        return made

    async def note(self, contact: Contact) -> ChangeSet:
        """Note a contact; InvalidError says what is missing, NotFoundError that the case is not there."""
        now = self._clock.now()
        self._check(contact, now)
        line = await self.line()
        branch, customer = await self._continued(contact, line)
        message = IncomingMessage(
            remote_id=f"{contact.kind.value}:{uuid.uuid4()}",
            kind=contact.kind,
            author=self._ours() if contact.ours else customer or self._author(contact),
            text=contact.text.strip()[:LONGEST_TEXT],
            created_at=contact.at or now,
            branch=branch,
            reply_to=branch if contact.case else "",
            language=contact.language,
            visibility=Visibility.DIRECT,
            own=contact.ours,
        )
        changes = await self._ingest.accept(line, Batch(SOURCE, (message,)))
        return changes if changes is not None else ChangeSet(0)

    def _check(self, contact: Contact, now: Micros) -> None:
        if contact.kind not in LOGGED:
            raise ValueError(contact.kind)
        if not contact.text.strip():
            raise InvalidError(why=NO_TEXT)
        if not (contact.name.strip() or contact.number.strip() or contact.ours):
            raise InvalidError(why=NO_NAME)
        if contact.at > now + 60_000_000:
            raise InvalidError(why=FUTURE)

    async def _continued(self, contact: Contact, line: ChannelConfig) -> tuple[str, Author | None]:
        """The conversation that the contact continues, and with whom; empty for a new one."""
        if not contact.case:
            return "", None
        found = await self._store.cases.get(contact.case)
        if found is None or found.channel != line.id:
            raise NotFoundError(what=str(contact.case))
        thread = await self._store.messages.thread(case=contact.case)
        theirs = (entry.message.author for entry in thread if not entry.message.own)
        return found.branch, next(theirs, None)

    def _ours(self) -> Author:
        return Author(MANIFEST.network, "ours", MANIFEST.title, MANIFEST.title)

    def _author(self, contact: Contact) -> Author:
        name = " ".join(contact.name.split())[:LONGEST_NAME]
        reached = " ".join(contact.number.split())[:LONGEST_NAME]
        # The same number is the same person, however it is written; a name alone is not proof enough.
        key = "".join(reached.casefold().split()) if reached else f"once:{uuid.uuid4()}"
        return Author(MANIFEST.network, key, reached or name, name or reached)
