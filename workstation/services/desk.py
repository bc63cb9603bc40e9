"""The desk: every service of one profile, put together; no window and no Qt."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from workstation.services.actions import Actions
from workstation.services.alarms import Alarms
from workstation.services.alerts import Alerts
from workstation.services.approval import Approval
from workstation.services.backfill import Backfill
from workstation.services.background import Sink, log_failure
from workstation.services.bulk import Bulk
from workstation.services.casebook import ON_THEIR_WAY, Casebook
from workstation.services.clock import Clock, SystemClock
from workstation.services.columns import Columns
from workstation.services.contacts import Contacts
from workstation.services.conversation import Conversation
from workstation.services.detecting import Detecting
from workstation.services.drafting import Drafting
from workstation.services.feed import Feed
from workstation.services.ingest import Ingest
from workstation.services.inside import Inside
from workstation.services.issues import Issues
from workstation.services.knowledge import Knowledge
from workstation.services.kpi import Kpi
from workstation.services.layout import Layout
from workstation.services.media import Decode, Thumbnails
from workstation.services.outbox import Outbox
from workstation.services.pages import StorePages
from workstation.services.people import People
from workstation.services.posting import Posts
from workstation.services.privacy import Privacy
from workstation.services.profile import Profile
from workstation.services.rules import Rules
from workstation.services.search import Search
from workstation.services.secrets import Secrets
from workstation.services.settings import Settings
from workstation.services.supervisor import Supervisor
from workstation.services.templates import Templates
from workstation.services.training.training import Training

if TYPE_CHECKING:
    from workstation.connectors.registry import Registry
    from workstation.net.client import Client
    from workstation.services.answering import Answering
    from workstation.services.memory import Memory
    from workstation.services.spelling import Spelling
    from workstation.services.terms import Terms
    from workstation.services.translating import Translating
    from workstation.store.connections import Connect
    from workstation.store.store import Store


@dataclass
class _Run:
    started: bool = False


@dataclass(frozen=True)
class Desk:
    """All services of an open profile."""

    profile: Profile
    clock: Clock
    settings: Settings
    layout: Layout
    secrets: Secrets
    feed: Feed
    store: "Store"
    registry: "Registry"
    client: "Client"
    ingest: Ingest
    supervisor: Supervisor
    outbox: Outbox
    actions: Actions
    alarms: Alarms
    casebook: Casebook
    columns: Columns
    conversation: Conversation
    drafting: Drafting
    templates: Templates
    knowledge: Knowledge
    search: Search
    kpi: Kpi
    thumbnails: Thumbnails
    privacy: Privacy
    alerts: Alerts
    backfill: Backfill
    training: Training
    posts: Posts
    rules: Rules
    approval: Approval
    people: People
    contacts: Contacts
    inside: Inside
    issues: Issues
    detecting: Detecting
    practice: bool = False
    _run: _Run = field(default_factory=_Run)

    @cached_property
    def bulk(self) -> Bulk:
        """The same thing done to many cases; put together when it is first asked for."""
        return Bulk(self.store, self.actions, self.clock)

    @cached_property
    def answering(self) -> "Answering":
        """One answer for many customers; put together when it is first asked for."""
        # Imported when first used: a start pays for every module.
        from workstation.services.answering import Answering

        return Answering(
            self.store, self.bulk, self.drafting, self.conversation, self.outbox, self.templates, self.actions
        )

    @cached_property
    def memory(self) -> "Memory":
        """What was sent in two languages; put together when it is first asked for."""
        from workstation.services.memory import Memory

        memory = Memory(self.store, self.feed, self.clock)
        self.privacy.subscribe(lambda _: memory.forget_loaded())
        return memory

    @cached_property
    def terms(self) -> "Terms":
        """The words that the team agreed on; put together when they are first asked for."""
        from workstation.services.terms import Terms

        terms = Terms(self.store)
        self.privacy.subscribe(lambda _: terms.forget_loaded())
        return terms

    @cached_property
    def translating(self) -> "Translating":
        """Translation by the provider that is set up, if one is; put together when it is first asked for."""
        from workstation.services.translating import Translating

        return Translating(self.settings, self.secrets, self.client, self.store.translations, self.clock)

    @cached_property
    def spelling(self) -> "Spelling":
        """The speller; put together when it is first asked for, its process started with the first word."""
        from workstation.services.spelling import Spelling

        spelling = Spelling(self.store, self.settings, self.profile.dictionaries)
        self.privacy.subscribe(lambda _: spelling.forget_loaded())
        return spelling

    @property
    def started(self) -> bool:
        """Whether channels and outbox run."""
        return self._run.started

    async def start(self) -> None:
        """Run channels, outbox and alarms; once."""
        if self._run.started:
            return
        self._run.started = True
        await self.templates.start()
        await self.drafting.sign_offs.load()
        self.columns.restore(await self.store.outbox.list(ON_THEIR_WAY))
        await self.rules.start()
        self.detecting.start()
        await self.supervisor.start()
        await self.outbox.start()
        self.alarms.start()
        self.privacy.start()
        self.inside.start()


async def no_pictures(data: bytes, width: int, height: int) -> bytes:
    """For desks without a window: nothing is decoded."""
    raise ValueError("no decoder")


@contextlib.asynccontextmanager
async def open_desk(
    profile: Profile,
    *,
    settings: Settings | None = None,
    clock: Clock | None = None,
    practice: bool = False,
    decode: Decode = no_pictures,
    sink: Sink = log_failure,
    connect: "Connect | None" = None,
    looks: tuple[int, ...] | None = None,
) -> AsyncIterator[Desk]:
    """Open a profile that is ours (see `Lock`); nothing runs before `start`. Closed in order at the end."""
    # Imported here: a window is on the screen before the database and the network are even loaded.
    from workstation.store.connections import connect as plainly
    from workstation.store.store import Store

    profile.prepare()
    clock, settings, feed = clock or SystemClock(), settings or Settings(profile.settings), Feed()
    store = await Store.open(profile.database, feed.tell, clock=clock.now, connect=connect or plainly)
    desk = _furnish(profile, store, feed, settings, clock, practice=practice, decode=decode, sink=sink, looks=looks)
    try:
        yield desk
    finally:
        await asyncio.shield(_close(desk))


def _furnish(
    profile: Profile,
    store: "Store",
    feed: Feed,
    settings: Settings,
    clock: Clock,
    *,
    practice: bool,
    decode: Decode,
    sink: Sink,
    looks: tuple[int, ...] | None,
) -> Desk:
    """Put the services together around an open store; the only place that knows who works with whom."""
    from workstation.connectors.registry import built_in, enable
    from workstation.net.client import Client

    registry, secrets, client, ingest = built_in(), Secrets(), Client(), Ingest(store)
    enable(registry, settings.now.extensions)
    supervisor = Supervisor(store, registry, ingest, secrets, client, clock)
    columns = Columns(StorePages(store), feed, clock)
    thumbnails = Thumbnails(profile.cache, supervisor, decode)
    drafting = Drafting(store, supervisor, settings, clock)
    conversation, templates = Conversation(store, supervisor, ingest), Templates(store, clock)
    waits = {"looks": looks} if looks is not None else {}
    outbox = Outbox(store, supervisor, feed, settings, clock, sink=sink, **waits)
    return Desk(
        profile=profile,
        clock=clock,
        settings=settings,
        layout=Layout(profile.layout, profile.window),
        secrets=secrets,
        feed=feed,
        store=store,
        registry=registry,
        client=client,
        ingest=ingest,
        supervisor=supervisor,
        outbox=outbox,
        actions=Actions(store, feed, clock),
        alarms=Alarms(store, feed, clock, sink),
        casebook=Casebook(store),
        columns=columns,
        conversation=conversation,
        drafting=drafting,
        templates=templates,
        knowledge=Knowledge(store, clock),
        search=Search(store),
        kpi=Kpi(store, clock),
        thumbnails=thumbnails,
        privacy=Privacy(store, profile, thumbnails, clock, sink),
        alerts=Alerts(columns, feed, settings, clock, sink),
        backfill=Backfill(store, supervisor, ingest, clock, sink),
        training=Training(client, feed, clock),
        posts=Posts(store, supervisor, drafting, settings, clock, decode),
        rules=Rules(store, profile.rules, feed, outbox, drafting, templates, clock, sink),
        approval=Approval(store, drafting, conversation, settings, clock),
        people=People(store),
        inside=Inside(store, supervisor, outbox, feed, sink),
        contacts=Contacts(store, supervisor, ingest, clock, practice=practice),
        issues=Issues(store),
        detecting=Detecting(store, feed, settings, sink),
        practice=practice,
    )


async def _close(desk: Desk) -> None:
    """Outbox first, so that attempts under way can end; the store last, so that their ends are written down."""
    if "translating" in desk.__dict__:  # most desks never asked for it
        await desk.translating.close()
    if "memory" in vars(desk):
        await desk.memory.close()
    if "spelling" in vars(desk):
        await desk.spelling.close()
    for close in (
        desk.rules.close,
        desk.detecting.close,
        desk.inside.close,
        desk.outbox.close,
        desk.alarms.close,
        desk.privacy.close,
        desk.alerts.close,
        desk.backfill.close,
        desk.thumbnails.close,
        desk.supervisor.close,
        desk.client.close,
        desk.store.close,
    ):
        await close()
