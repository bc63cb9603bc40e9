"""The store as services see it: one object for each thing remembered, over one database."""

import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.domain.messages import Micros
from workstation.store.connections import Connect, connect
from workstation.store.database import Database
from workstation.store.reading import ColumnReads

if TYPE_CHECKING:
    from workstation.store.approval import Approvals
    from workstation.store.cases import Cases
    from workstation.store.channels import Channels
    from workstation.store.drafts import Drafts
    from workstation.store.evidence import Evidence
    from workstation.store.ingest import Intake
    from workstation.store.issues import Issues
    from workstation.store.knowledge import Knowledge
    from workstation.store.kpi import Kpi
    from workstation.store.languages import Languages
    from workstation.store.messages import Messages
    from workstation.store.outbox import Outbox
    from workstation.store.past import Past
    from workstation.store.people import People
    from workstation.store.posts import Posts
    from workstation.store.privacy import Privacy
    from workstation.store.retention import Retention
    from workstation.store.rules import RuleStore
    from workstation.store.search import Search
    from workstation.store.spoken import Spoken
    from workstation.store.templates import Templates
    from workstation.store.translations import Translations
    from workstation.store.writer import Committed


def system_clock() -> Micros:
    """Microseconds since 1970, UTC."""
    return time.time_ns() // 1_000


class Store:
    """What a desk remembers. Every mutation publishes a ChangeSet, in commit order, before its caller resumes.

    Each part is imported when it is first asked for: a window shows its columns with `reading` alone.
    """

    def __init__(self, database: Database, clock: Callable[[], Micros] = system_clock) -> None:
        self.database, self._clock = database, clock
        self.reading = ColumnReads(database, clock)

    @classmethod
    async def open(
        cls,
        path: Path,
        committed: "Committed",
        *,
        clock: Callable[[], Micros] = system_clock,
        connect: Connect = connect,
    ) -> "Store":
        """Open or create the store at `path`; its folder must exist. `committed` is called on this loop.

        Raises StoreBusyError, StoreCorruptError, StoreNewerError, StoreFullError.
        """
        return cls(await Database.open(path, committed, connect=connect), clock)

    async def sequence(self) -> int:
        """The latest change's sequence."""
        from workstation.store.changelog import latest

        return await self.database.read(latest)

    async def close(self) -> None:
        """Finish what is queued and let go of the file."""
        await self.database.close()

    @cached_property
    def intake(self) -> "Intake":
        """What all ways in share."""
        from workstation.store.ingest import Intake

        return Intake()

    @cached_property
    def channels(self) -> "Channels":
        """Connected accounts."""
        from workstation.store.channels import Channels

        return Channels(self.database, self._clock)

    @cached_property
    def messages(self) -> "Messages":
        """Everything that was written."""
        from workstation.store.messages import Messages

        return Messages(self.database, self.intake, self._clock)

    @cached_property
    def cases(self) -> "Cases":
        """Units of work."""
        from workstation.store.cases import Cases

        return Cases(self.database, self._clock)

    @cached_property
    def outbox(self) -> "Outbox":
        """What is to be sent."""
        from workstation.store.outbox import Outbox

        return Outbox(self.database, self.intake, self._clock)

    @cached_property
    def drafts(self) -> "Drafts":
        """Replies that are being written."""
        from workstation.store.drafts import Drafts

        return Drafts(self.database)

    @cached_property
    def templates(self) -> "Templates":
        """Prepared answers."""
        from workstation.store.templates import Templates

        return Templates(self.database, self._clock)

    @cached_property
    def search(self) -> "Search":
        """Messages by their words."""
        from workstation.store.search import Search

        return Search(self.database)

    @cached_property
    def kpi(self) -> "Kpi":
        """Figures."""
        from workstation.store.kpi import Kpi

        return Kpi(self.database, self._clock)

    @cached_property
    def knowledge(self) -> "Knowledge":
        """What the team knows."""
        from workstation.store.knowledge import Knowledge

        return Knowledge(self.database, self._clock)

    @cached_property
    def past(self) -> "Past":
        """What came before."""
        from workstation.store.past import Past

        return Past(self.database)

    @cached_property
    def privacy(self) -> "Privacy":
        """Finding, exporting and erasing people."""
        from workstation.store.privacy import Privacy

        return Privacy(self.database, self.intake, self._clock)

    @cached_property
    def retention(self) -> "Retention":
        """How long things are kept."""
        from workstation.store.retention import Retention

        return Retention(self.database, self.intake, self._clock)

    @cached_property
    def evidence(self) -> "Evidence":
        """What must not be erased."""
        from workstation.store.evidence import Evidence

        return Evidence(self.database, self._clock)

    @cached_property
    def posts(self) -> "Posts":
        """Posts of our own."""
        from workstation.store.posts import Posts

        return Posts(self.database, self._clock)

    @cached_property
    def rules(self) -> "RuleStore":
        """What happens by itself."""
        from workstation.store.rules import RuleStore

        return RuleStore(self.database, self.intake.ruling, self._clock)

    @cached_property
    def approvals(self) -> "Approvals":
        """Replies that somebody else looks at first."""
        from workstation.store.approval import Approvals

        return Approvals(self.database, self._clock)

    @cached_property
    def people(self) -> "People":
        """Authors that are one human."""
        from workstation.store.people import People

        return People(self.database, self._clock)

    @cached_property
    def issues(self) -> "Issues":
        """Troubles that many report."""
        from workstation.store.issues import Issues

        return Issues(self.database, self._clock)

    @cached_property
    def languages(self) -> "Languages":
        """Which language a message is in."""
        from workstation.store.languages import Languages

        return Languages(self.database, self._clock)

    @cached_property
    def translations(self) -> "Translations":
        """Translations that were made."""
        from workstation.store.translations import Translations

        return Translations(self.database, self._clock)

    @cached_property
    def spoken(self) -> "Spoken":
        """Which language somebody speaks."""
        from workstation.store.spoken import Spoken

        return Spoken(self.database, self.intake.ruling, self._clock)
