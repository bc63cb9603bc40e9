"""The store as services see it: one object for each thing remembered, over one database."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workstation.domain.messages import Micros
from workstation.store.approval import Approvals
from workstation.store.cases import Cases
from workstation.store.changelog import latest
from workstation.store.channels import Channels
from workstation.store.connections import Connect, connect
from workstation.store.database import Database
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
from workstation.store.workers import Committed


def system_clock() -> Micros:
    """Microseconds since 1970, UTC."""
    return time.time_ns() // 1_000


@dataclass(frozen=True)
class Store:
    """What a desk remembers. Every mutation publishes a ChangeSet, in commit order, before its caller resumes."""

    database: Database
    channels: Channels
    messages: Messages
    cases: Cases
    outbox: Outbox
    drafts: Drafts
    templates: Templates
    search: Search
    kpi: Kpi
    knowledge: Knowledge
    past: Past
    privacy: Privacy
    retention: Retention
    evidence: Evidence
    posts: Posts
    rules: RuleStore
    approvals: Approvals
    people: People
    issues: Issues
    languages: Languages
    translations: Translations
    spoken: Spoken

    @classmethod
    async def open(
        cls,
        path: Path,
        committed: Committed,
        *,
        clock: Callable[[], Micros] = system_clock,
        connect: Connect = connect,
    ) -> "Store":
        """Open or create the store at `path`; its folder must exist. `committed` is called on this loop.

        Raises StoreBusyError, StoreCorruptError, StoreNewerError, StoreFullError.
        """
        database = await Database.open(path, committed, connect=connect)
        intake = Intake()
        return cls(
            database,
            Channels(database, clock),
            Messages(database, intake, clock),
            Cases(database, clock),
            Outbox(database, intake, clock),
            Drafts(database),
            Templates(database, clock),
            Search(database),
            Kpi(database, clock),
            Knowledge(database, clock),
            past=Past(database),
            privacy=Privacy(database, intake, clock),
            retention=Retention(database, intake, clock),
            evidence=Evidence(database, clock),
            posts=Posts(database, clock),
            rules=RuleStore(database, intake.ruling, clock),
            approvals=Approvals(database, clock),
            people=People(database, clock),
            issues=Issues(database, clock),
            languages=Languages(database, clock),
            translations=Translations(database, clock),
            spoken=Spoken(database, intake.ruling, clock),
        )

    async def sequence(self) -> int:
        """The latest change's sequence."""
        return await self.database.read(latest)

    async def close(self) -> None:
        """Finish what is queued and let go of the file."""
        await self.database.close()
