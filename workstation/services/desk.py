"""The desk: every service of one profile, put together; no window and no Qt."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import cached_property
from typing import TYPE_CHECKING

from workstation.services.background import Sink, log_failure
from workstation.services.clock import Clock, SystemClock
from workstation.services.columns import Columns
from workstation.services.feed import Feed
from workstation.services.layout import Layout
from workstation.services.pages import StorePages
from workstation.services.profile import Profile
from workstation.services.settings import Settings

if TYPE_CHECKING:
    from workstation.connectors.registry import Registry
    from workstation.net.client import Client
    from workstation.services.actions import Actions
    from workstation.services.alarms import Alarms
    from workstation.services.alerts import Alerts
    from workstation.services.answering import Answering
    from workstation.services.approval import Approval
    from workstation.services.backfill import Backfill
    from workstation.services.bulk import Bulk
    from workstation.services.casebook import Casebook
    from workstation.services.contacts import Contacts
    from workstation.services.conversation import Conversation
    from workstation.services.detecting import Detecting
    from workstation.services.drafting import Drafting
    from workstation.services.ingest import Ingest
    from workstation.services.inside import Inside
    from workstation.services.issues import Issues
    from workstation.services.knowledge import Knowledge
    from workstation.services.kpi import Kpi
    from workstation.services.media import Decode, Thumbnails
    from workstation.services.memory import Memory
    from workstation.services.outbox import Outbox
    from workstation.services.people import People
    from workstation.services.posting import Posts
    from workstation.services.privacy import Privacy
    from workstation.services.rules import Rules
    from workstation.services.search import Search
    from workstation.services.secrets import Secrets
    from workstation.services.spelling import Spelling
    from workstation.services.supervisor import Supervisor
    from workstation.services.templates import Templates
    from workstation.services.terms import Terms
    from workstation.services.training.training import Training
    from workstation.services.translating import Translating
    from workstation.store.connections import Connect
    from workstation.store.store import Store


class Desk:
    """All services of an open profile. A service is imported and put together when it is first asked for.

    A window shows its columns with the few that are made at once; most of the others follow in `start`.
    """

    def __init__(
        self,
        profile: Profile,
        store: "Store",
        feed: Feed,
        settings: Settings,
        clock: Clock,
        *,
        practice: bool,
        decode: "Decode",
        sink: Sink,
        looks: tuple[int, ...] | None,
    ) -> None:
        self.profile, self.store, self.feed = profile, store, feed
        self.settings, self.clock, self.practice = settings, clock, practice
        self.layout = Layout(profile.layout, profile.window)
        self.columns = Columns(StorePages(store), feed, clock)
        self._decode, self._sink, self._looks = decode, sink, looks
        self.started = False
        """Whether channels and outbox run."""

    @cached_property
    def registry(self) -> "Registry":
        """The kinds of channels there are."""
        from workstation.connectors.registry import built_in, enable

        registry = built_in()
        enable(registry, self.settings.now.extensions)
        return registry

    @cached_property
    def secrets(self) -> "Secrets":
        """Where secrets are kept."""
        from workstation.services.secrets import Secrets

        return Secrets()

    @cached_property
    def client(self) -> "Client":
        """The one HTTP client."""
        from workstation.net.client import Client

        return Client()

    @cached_property
    def ingest(self) -> "Ingest":
        """The way in for what channels read."""
        from workstation.services.ingest import Ingest

        return Ingest(self.store)

    @cached_property
    def supervisor(self) -> "Supervisor":
        """Runs the channels."""
        from workstation.services.supervisor import Supervisor

        return Supervisor(self.store, self.registry, self.ingest, self.secrets, self.client, self.clock)

    @cached_property
    def thumbnails(self) -> "Thumbnails":
        """Small pictures, made and kept."""
        from workstation.services.media import Thumbnails

        return Thumbnails(self.profile.cache, self.supervisor, self._decode)

    @cached_property
    def drafting(self) -> "Drafting":
        """Turns what is written into replies."""
        from workstation.services.drafting import Drafting

        return Drafting(self.store, self.supervisor, self.settings, self.clock)

    @cached_property
    def conversation(self) -> "Conversation":
        """What was said around a case."""
        from workstation.services.conversation import Conversation

        return Conversation(self.store, self.supervisor, self.ingest)

    @cached_property
    def templates(self) -> "Templates":
        """Prepared answers."""
        from workstation.services.templates import Templates

        return Templates(self.store, self.clock)

    @cached_property
    def outbox(self) -> "Outbox":
        """The way out for replies."""
        from workstation.services.outbox import Outbox

        waits = {"looks": self._looks} if self._looks is not None else {}
        return Outbox(self.store, self.supervisor, self.feed, self.settings, self.clock, sink=self._sink, **waits)

    @cached_property
    def actions(self) -> "Actions":
        """Carries out commands."""
        from workstation.services.actions import Actions

        return Actions(self.store, self.feed, self.clock)

    @cached_property
    def alarms(self) -> "Alarms":
        """Wakes what was put off."""
        from workstation.services.alarms import Alarms

        return Alarms(self.store, self.feed, self.clock, self._sink)

    @cached_property
    def casebook(self) -> "Casebook":
        """Cases as views read them."""
        from workstation.services.casebook import Casebook

        return Casebook(self.store)

    @cached_property
    def knowledge(self) -> "Knowledge":
        """What the team knows."""
        from workstation.services.knowledge import Knowledge

        return Knowledge(self.store, self.clock)

    @cached_property
    def search(self) -> "Search":
        """Finds messages by their words."""
        from workstation.services.search import Search

        return Search(self.store)

    @cached_property
    def kpi(self) -> "Kpi":
        """Figures."""
        from workstation.services.kpi import Kpi

        return Kpi(self.store, self.clock)

    @cached_property
    def privacy(self) -> "Privacy":
        """Finds, exports and erases people."""
        from workstation.services.privacy import Privacy

        return Privacy(self.store, self.profile, self.thumbnails, self.clock, self._sink)

    @cached_property
    def alerts(self) -> "Alerts":
        """Tells of arrivals."""
        from workstation.services.alerts import Alerts

        return Alerts(self.columns, self.feed, self.settings, self.clock, self._sink)

    @cached_property
    def backfill(self) -> "Backfill":
        """Loads what is older."""
        from workstation.services.backfill import Backfill

        return Backfill(self.store, self.supervisor, self.ingest, self.clock, self._sink)

    @cached_property
    def training(self) -> "Training":
        """Courses on the practice network."""
        from workstation.services.training.training import Training

        return Training(self.client, self.feed, self.clock)

    @cached_property
    def posts(self) -> "Posts":
        """Posts of our own."""
        from workstation.services.posting import Posts

        return Posts(self.store, self.supervisor, self.drafting, self.settings, self.clock, self._decode)

    @cached_property
    def rules(self) -> "Rules":
        """What happens by itself."""
        from workstation.services.rules import Rules

        return Rules(
            self.store,
            self.profile.rules,
            self.feed,
            self.outbox,
            self.drafting,
            self.templates,
            self.clock,
            self._sink,
        )

    @cached_property
    def approval(self) -> "Approval":
        """Replies that somebody else looks at first."""
        from workstation.services.approval import Approval

        return Approval(self.store, self.drafting, self.conversation, self.settings, self.clock)

    @cached_property
    def people(self) -> "People":
        """Authors that are one human."""
        from workstation.services.people import People

        return People(self.store)

    @cached_property
    def inside(self) -> "Inside":
        """What is said among colleagues."""
        from workstation.services.inside import Inside

        return Inside(self.store, self.supervisor, self.outbox, self.feed, self._sink)

    @cached_property
    def contacts(self) -> "Contacts":
        """Writing to somebody first."""
        from workstation.services.contacts import Contacts

        return Contacts(self.store, self.supervisor, self.ingest, self.clock, practice=self.practice)

    @cached_property
    def issues(self) -> "Issues":
        """Troubles that many report."""
        from workstation.services.issues import Issues

        return Issues(self.store)

    @cached_property
    def detecting(self) -> "Detecting":
        """Which language a message is in."""
        from workstation.services.detecting import Detecting

        return Detecting(self.store, self.feed, self.settings, self._sink)

    @cached_property
    def bulk(self) -> "Bulk":
        """The same thing done to many cases."""
        from workstation.services.bulk import Bulk

        return Bulk(self.store, self.actions, self.clock)

    @cached_property
    def answering(self) -> "Answering":
        """One answer for many customers."""
        from workstation.services.answering import Answering

        outbox, templates, actions = self.outbox, self.templates, self.actions
        return Answering(self.store, self.bulk, self.drafting, self.conversation, outbox, templates, actions)

    @cached_property
    def memory(self) -> "Memory":
        """What was sent in two languages."""
        from workstation.services.memory import Memory

        memory = Memory(self.store, self.feed, self.clock, self.settings)
        self.privacy.subscribe(lambda _: memory.forget_loaded())
        return memory

    @cached_property
    def terms(self) -> "Terms":
        """The words that the team agreed on."""
        from workstation.services.terms import Terms

        terms = Terms(self.store)
        self.privacy.subscribe(lambda _: terms.forget_loaded())
        return terms

    @cached_property
    def translating(self) -> "Translating":
        """Translation by the provider that is set up, if one is."""
        from workstation.services.translating import Translating

        return Translating(self.settings, self.secrets, self.client, self.store.translations, self.clock)

    @cached_property
    def spelling(self) -> "Spelling":
        """The speller; its process is started with the first word."""
        from workstation.services.spelling import Spelling

        spelling = Spelling(self.store, self.settings, self.profile.dictionaries)
        self.privacy.subscribe(lambda _: spelling.forget_loaded())
        return spelling

    async def start(self) -> None:
        """Run channels, outbox and alarms; once."""
        if self.started:
            return
        self.started = True
        from workstation.services.casebook import ON_THEIR_WAY

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
    decode: "Decode" = no_pictures,
    sink: Sink = log_failure,
    connect: "Connect | None" = None,
    looks: tuple[int, ...] | None = None,
) -> AsyncIterator[Desk]:
    """Open a profile that is ours (see `Lock`); nothing runs before `start`. Closed in order at the end."""
    from workstation.store.connections import connect as plainly
    from workstation.store.store import Store

    profile.prepare()
    clock, settings, feed = clock or SystemClock(), settings or Settings(profile.settings), Feed()
    store = await Store.open(profile.database, feed.tell, clock=clock.now, connect=connect or plainly)
    desk = Desk(profile, store, feed, settings, clock, practice=practice, decode=decode, sink=sink, looks=looks)
    try:
        yield desk
    finally:
        await asyncio.shield(_close(desk))


async def _close(desk: Desk) -> None:
    """Outbox first, so that attempts under way can end; the store last, so that their ends are written down."""
    for name in (
        "translating", "memory", "spelling", "rules", "detecting", "inside", "outbox", "alarms", "privacy", "alerts",
        "backfill", "thumbnails", "supervisor", "client", "store",
    ):  # fmt: skip
        if name in vars(desk):  # what nobody asked for needs no end
            await getattr(desk, name).close()
